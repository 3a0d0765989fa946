/* SPDX-License-Identifier: MIT */
/* A drill's log told again: what is told when, and in which words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/replay.h"

static cJSON *
event(const char *kind, const char *body)
{
	char text[2048];

	snprintf(text, sizeof(text), "{\"kind\":\"drill.%s\",\"body\":%s}",
	    kind, body);
	cJSON *e = cJSON_Parse(text);
	assert_non_null(e);
	return e;
}

static void
test_pace(void **state)
{
	static const struct {
		double speed;
		int64_t from, to;
		int64_t due[6]; /* -1: not told */
	} rows[] = {
		{ 1, -1, 1000, { 0, 0, 100000, 100000, 480000, 500000 } },
		{ 10, -1, 1000, { 0, 0, 10000, 10000, 48000, 50000 } },
		{ 0.5, -1, 480, { 0, 0, 200000, 200000, 960000, -1 } },
		{ 0, -1, 1000, { 0, 0, 0, 0, 0, 0 } },
		{ 2, 90, 490, { -1, -1, 5000, 5000, 195000, -1 } },
		{ 1, 600, 700, { -1, -1, -1, -1, -1, -1 } },
	};
	/* one is told with a second that lies before the last */
	static const int64_t second[6] = { 0, 0, 100, 95, 480, 500 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct replay r = { .speed = rows[i].speed,
			.from = rows[i].from,
			.to = rows[i].to };
		for (int k = 0; k < 6; k++) {
			char body[64];
			int64_t due = -1;
			snprintf(body, sizeof(body), "{\"at_s\":%d}",
			    (int)second[k]);
			cJSON *e = event("started", body);
			bool told = replay_next(&r, e, &due);
			cJSON_Delete(e);
			if (!told)
				due = -1;
			if (due != rows[i].due[k])
				fail_msg("row %zu event %d: %lld", i, k,
				    (long long)due);
		}
	}
}

static void
test_sums(void **state)
{
	struct replay r = { .speed = 0, .from = 50, .to = 1000 };
	cJSON *early = event("arrival",
	    "{\"at_s\":10,\"arrivals\":[{\"people\":3},{\"people\":4}]}");
	cJSON *late =
	    event("arrival", "{\"at_s\":60,\"arrivals\":[{\"people\":5}]}");
	int64_t due;

	(void)state;
	assert_false(replay_next(&r, early, &due));
	assert_true(replay_next(&r, late, &due));
	assert_int_equal(r.people, 12);
	cJSON_Delete(early);
	cJSON_Delete(late);
}

static void
test_words(void **state)
{
	static const struct {
		const char *kind, *body, *words;
	} rows[] = {
		{ "made", "{\"title\":\"秋季\",\"plan\":2,\"planned\":430}",
		    "made 建立: 秋季, plan 方案 2, expected 应到 430" },
		{ "started", "{}", "started 开始" },
		{ "paused", "{}", "paused 暂停" },
		{ "resumed", "{}", "resumed 继续" },
		{ "ended", "{}", "ended 结束" },
		{ "postponed", "{\"seconds\":600}", "postponed 推迟: 600 s" },
		{ "signal",
		    "{\"signal\":\"air-raid\",\"zh\":\"空袭警报\",\"on_s\":6,"
		    "\"off_s\":6,\"cycles\":15,\"planned_s\":480,"
		    "\"fired_at_s\":483,\"text\":null,\"late\":true}",
		    "signal 警报: 空袭警报 air-raid, 6/6 s x15 (due 应于 480) "
		    "(late 迟)" },
		{ "inject",
		    "{\"kind\":\"order\",\"text\":\"出动\",\"who\":\"消防\","
		    "\"planned_s\":60,\"fired_at_s\":60}",
		    "order 命令 -> 消防: 出动" },
		{ "inject",
		    "{\"kind\":\"info\",\"text\":\"x\",\"planned_s\":60,"
		    "\"fired_at_s\":null}",
		    "info 情况: x (for second 定于 60)" },
		{ "imported",
		    "{\"file\":\"a.csv\",\"added\":[1,2],\"changed\":[],"
		    "\"removed\":[7]}",
		    "timeline 导入时间线: a.csv +2 ~0 -1" },
		{ "arrival",
		    "{\"arrivals\":[{\"name\":\"甲\",\"entrance_name\":"
		    "\"东门\","
		    "\"people\":40,\"shelter_people\":40,\"overfull\":false},"
		    "{\"name\":\"丙\",\"entrance_name\":\"\",\"people\":9,"
		    "\"shelter_people\":64,\"overfull\":true}]}",
		    "arrived 到达: 甲 东门 +40 = 40; 丙 +9 = 64 (full 超员); "
		    "in all 共 49" },
		{ "observed", "{\"shelter\":3,\"text\":\"拥挤\"}",
		    "observed 观察 (shelter 工程 3): 拥挤" },
		{ "observed", "{\"shelter\":null,\"text\":\"好\"}",
		    "observed 观察: 好" },
		{ "later", "{}", "drill.later" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct replay r = { .from = -1, .to = 1 };
		struct text t = { 0 };
		int64_t due;
		cJSON *e = event(rows[i].kind, rows[i].body);

		assert_true(replay_next(&r, e, &due));
		replay_words(&r, e, &t);
		assert_string_equal(t.p, rows[i].words);
		text_free(&t);
		cJSON_Delete(e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pace),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

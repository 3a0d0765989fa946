/* SPDX-License-Identifier: MIT */
/* Rule tables: ours load; broken ones are refused by file, line, column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/rules.h"
#include "shelterd/rules_csv.h"
#include "tests/unit/shelterd/temp.h"

static void
ours(void **state)
{
	char err[300] = "";
	struct rules *r = rules_load("etc/rules", err, sizeof(err));
	(void)state;
	if (!r)
		fail_msg("%s", err);
	assert_float_equal(r->capacity.area_per_person, 1.0, 0);
	assert_float_equal(r->capacity.door_width_per_hundred, 0.30, 0);
	assert_int_equal(r->capacity.door_max_persons, 700);
	assert_float_equal(r->cover_radius, 200, 0);
	assert_float_equal(r->walking_speed, 1.22, 0);
	assert_float_equal(r->alarm_gap, 480, 0);
	assert_int_equal(r->nsignals, 3);
	assert_true(r->nitems > 10);
	for (size_t i = 0; i < r->nsignals; i++)
		assert_int_equal(r->signals[i].total_s, 180);
	/* Clause 5.1.1(4), 5.2.1: doors monthly, yearly, seals in ten years. */
	const struct cycle_item *doors =
	    cycle_find(r->cycles, r->ncycles, "doors");
	assert_non_null(doors);
	assert_int_equal(doors->cycle[WORK_ROUTINE], CYCLE_MONTH);
	assert_int_equal(doors->cycle[WORK_SPECIAL], CYCLE_YEAR);
	assert_int_equal(doors->cycle[WORK_REPLACE], CYCLE_10Y);
	assert_string_equal(r->items[doors->check[0]].id, "door-closes");
	assert_string_equal(rules_value(r, "notice_days")->trust, "U");
	assert_null(rules_value(r, "no such rule"));
	rules_free(r);
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
csv(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: it loads */
	} rows[] = {
		{ "a,b\n1,2\n", NULL },
		{ "\xef\xbb\xbf"
		  "a,b\r\n\"x \"\"y\"\"\nz\",\r\n",
		    NULL },
		{ "a,b\n1\n", ":2: 1 columns" },
		{ "a,b\n\"1,2\n\n", ":2: a quote is never closed" },
		{ "a,b\n\"1\"x,2\n", ":2: text after" },
		{ "a,b\n1\"2,3\n", ":2: a quote inside" },
		{ "", ":1: no header" },
		{ "a,b\n1,2\n\"3\n4\",5\n6\n", ":5: 1 columns" },
	};
	const char *path = temp_path();
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char err[300] = "";
		struct csv c;
		put(path, rows[i].text);
		int got = csv_load(&c, path, err, sizeof(err));
		if ((got == 0) != (rows[i].want == NULL) ||
		    (rows[i].want && !strstr(err, rows[i].want)))
			fail_msg("%zu: %s", i, err);
		if (i == 1) {
			assert_string_equal(csv_cell(&c, 0, 0), "x \"y\"\nz");
			assert_string_equal(csv_cell(&c, 0, 1), "");
			assert_int_equal(csv_column(&c, "b"), 1);
			assert_int_equal(csv_column(&c, "c"), -1);
		}
		csv_release(&c);
	}
	assert_int_equal(remove(path), 0);
}

/* Our tables with one word replaced. */
static void
copy_with(const char *dir, const char *file, const char *from, const char *to)
{
	static const char *const files[] = { "capacity.csv", "walking.csv",
		"coverage.csv", "times.csv", "alarms.csv", "checklists.csv",
		"cycles.csv" };
	static char text[65536];
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char path[300];
		snprintf(path, sizeof(path), "etc/rules/%s", files[i]);
		FILE *f = fopen(path, "r");
		assert_non_null(f);
		size_t n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
		text[n] = '\0';
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		f = fopen(path, "w");
		assert_non_null(f);
		char *at =
		    strcmp(files[i], file) == 0 ? strstr(text, from) : NULL;
		if (at)
			fprintf(f, "%.*s%s%s", (int)(at - text), text, to,
			    at + strlen(from));
		else
			fputs(text, f);
		fclose(f);
	}
}

static void
broken(void **state)
{
	static const struct {
		const char *file, *from, *to, *want;
	} rows[] = {
		{ "capacity.csv", "person,1.0,", "person,one,",
		    "capacity.csv:2: column value: 'one' is no number" },
		{ "capacity.csv", "person,1.0,", "person,0,",
		    "capacity.csv:2: column value: 0 is not between" },
		{ "capacity.csv", "door_max_persons,700", "x,700",
		    "no row with key door_max_persons" },
		{ "capacity.csv", "door_max_persons,700", "area_per_person,700",
		    "capacity.csv:4: column key: key 'area_per_person'" },
		{ "capacity.csv", ",trust,", ",trusted,",
		    "capacity.csv:1: no column trust" },
		{ "walking.csv", ",B,", ",E,",
		    "walking.csv:2: column trust: trust 'E'" },
		{ "alarms.csv", ",36,24,", ",36.5,24,",
		    "alarms.csv:2: column on_s" },
		{ "alarms.csv", ",36,24,", ",36,25,",
		    "the cycles of pre-alarm do not fill" },
		{ "checklists.csv", ",critical,close,", ",critical,shut,",
		    "column effect: 'shut' is no effect" },
		{ "cycles.csv", ",month,year,10y,", ",weekly,year,10y,",
		    "column routine: 'weekly' is no cycle" },
		{ "cycles.csv", ",door-closes ", ",door-opens ",
		    "cycles.csv: doors: the checklist has no 'door-opens'" },
		{ "cycles.csv", ",canopy-sound,", ",,",
		    "canopy has no checks" },
		{ "cycles.csv", ",checks,", ",check,",
		    "cycles.csv:1: no column checks" },
		{ "times.csv", "480", "480", NULL },
	};
	const char *dir = temp_path();
	char err[300], path[300];
	(void)state;
	snprintf(path, sizeof(path), "mkdir -p %s", dir);
	assert_int_equal(system(path), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		copy_with(dir, rows[i].file, rows[i].from, rows[i].to);
		struct rules *r = rules_load(dir, err, sizeof(err));
		if ((r != NULL) != (rows[i].want == NULL) ||
		    (!r && !strstr(err, rows[i].want)))
			fail_msg("%zu: %s", i, r ? "it loads" : err);
		rules_free(r);
	}
	assert_null(rules_load("/nonexistent", err, sizeof(err)));
}

/* The same bytes are the same rules; one word less is another table. */
static void
hashes(void **state)
{
	const char *dir = temp_path();
	char err[300], path[300];
	struct rules *ours = rules_load("etc/rules", err, sizeof(err)), *r;

	(void)state;
	assert_non_null(ours);
	snprintf(path, sizeof(path), "mkdir -p %s", dir);
	assert_int_equal(system(path), 0);
	copy_with(dir, "times.csv", "480", "480");
	r = rules_load(dir, err, sizeof(err));
	assert_string_equal(r->hash, ours->hash);
	rules_free(r);
	copy_with(dir, "alarms.csv", "36,24", "36,24");
	copy_with(dir, "cycles.csv", ",month,", ",quarter,");
	r = rules_load(dir, err, sizeof(err));
	assert_string_not_equal(r->hash, ours->hash);
	for (size_t i = 0; i < RULES_FILES; i++)
		assert_int_equal(
		    strcmp(r->file[i].hash, ours->file[i].hash) == 0,
		    strcmp(r->file[i].name, "cycles.csv") != 0);
	rules_free(r);
	rules_free(ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours),
		cmocka_unit_test(csv),
		cmocka_unit_test(broken),
		cmocka_unit_test(hashes),
	};
	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

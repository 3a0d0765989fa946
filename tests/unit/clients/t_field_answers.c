/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "clients/field/answers.h"

static const char items_text[] =
    "[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"c\"}]";
static const char task_text[] = "{\"id\":4,\"shelter\":9,\"unit\":3}";
static const char shelter_text[] = "{\"entrances\":[{\"id\":31},{\"id\":32}]}";

static const struct {
	struct answer answers[3];
	int n;
	const char *findings; /* NULL: refused … */
	const char *why;      /* … with this */
} rows[] = {
	{ { { 0 } }, 0,
	    "[{\"item\":\"a\",\"result\":\"pass\"},"
	    "{\"item\":\"b\",\"result\":\"pass\"},"
	    "{\"item\":\"c\",\"result\":\"pass\"}]",
	    NULL },
	{ { { "b", "fail", "rust", 32, -1 }, { "c", "na", NULL, 0, -1 } }, 2,
	    "[{\"item\":\"a\",\"result\":\"pass\"},"
	    "{\"item\":\"b\",\"result\":\"fail\",\"note\":\"rust\","
	    "\"entrance\":32},{\"item\":\"c\",\"result\":\"na\"}]",
	    NULL },
	{ { { "a", "pass", NULL, 0, -1 }, { "a", "fail", "", 0, 0.5 } }, 2,
	    "[{\"item\":\"a\",\"result\":\"fail\",\"factor\":0.5},"
	    "{\"item\":\"b\",\"result\":\"pass\"},"
	    "{\"item\":\"c\",\"result\":\"pass\"}]",
	    NULL },
	{ { { "x", "fail", NULL, 0, -1 } }, 1, NULL, "no item 'x'" },
	{ { { "a", "fail", NULL, 33, -1 } }, 1, NULL, "no entrance 33" },
};

static void
bodies(void **state)
{
	cJSON *items = cJSON_Parse(items_text);
	cJSON *task = cJSON_Parse(task_text);
	cJSON *shelter = cJSON_Parse(shelter_text);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cJSON *answers = cJSON_CreateObject(), *want = NULL;
		cJSON *body = NULL;
		char why[ANSWERS_WHY] = "";

		for (int k = 0; k < rows[i].n; k++)
			assert_true(answers_put(answers, &rows[i].answers[k]));
		body = answers_body(answers, items, task, shelter, "op-1",
		    "2026-01-01T00:00:00Z", why);
		if (rows[i].findings) {
			want = cJSON_Parse(rows[i].findings);
			assert_true(cJSON_Compare(
			    cJSON_GetObjectItem(body, "findings"), want, true));
			assert_int_equal(cJSON_GetNumberValue(
					     cJSON_GetObjectItem(body, "unit")),
			    3);
		} else {
			assert_null(body);
			assert_non_null(strstr(why, rows[i].why));
		}
		cJSON_Delete(want);
		cJSON_Delete(body);
		cJSON_Delete(answers);
	}
	cJSON_Delete(items);
	cJSON_Delete(task);
	cJSON_Delete(shelter);
}

static void
without_checklist(void **state)
{
	cJSON *none = cJSON_CreateArray(), *answers = cJSON_CreateObject();
	char why[ANSWERS_WHY] = "";

	(void)state;
	assert_null(answers_body(answers, none, NULL, NULL, "", "", why));
	assert_non_null(strstr(why, "sync"));
	cJSON_Delete(none);
	cJSON_Delete(answers);
}

static void
failed(void **state)
{
	cJSON *body = cJSON_Parse(
	    "{\"findings\":[{\"result\":\"fail\"},{\"result\":\"na\"},"
	    "{\"result\":\"fail\"},{}]}");

	(void)state;
	assert_int_equal(answers_failed(body), 2);
	assert_int_equal(answers_failed(NULL), 0);
	cJSON_Delete(body);
}

static void
due(void **state)
{
	cJSON *task =
	    cJSON_Parse("{\"items\":[{\"item\":\"doors\",\"work\":\"routine\"},"
			"{\"item\":\"fans\",\"work\":\"special\"},"
			"{\"item\":\"pipes\",\"work\":\"routine\"},"
			"{\"item\":\"doors\",\"work\":\"special\"},{}]}");
	static const struct {
		const char *item, *due;
	} wanted[] = {
		{ "{\"cycles\":[\"doors\"]}", "routine special" },
		{ "{\"cycles\":[\"fans\"]}", "special" },
		{ "{\"cycles\":[\"valves\",\"pipes\"]}", "routine" },
		{ "{\"cycles\":[\"pipes\",\"doors\"]}", "routine special" },
		{ "{\"cycles\":[]}", "" },
		{ "{}", "" },
	};
	char text[ANSWERS_DUE];

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		cJSON *item = cJSON_Parse(wanted[i].item);

		assert_string_equal(
		    answers_due(task, item, text), wanted[i].due);
		assert_string_equal(answers_due(NULL, item, text), "");
		cJSON_Delete(item);
	}
	cJSON_Delete(task);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(without_checklist),
		cmocka_unit_test(failed),
		cmocka_unit_test(due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

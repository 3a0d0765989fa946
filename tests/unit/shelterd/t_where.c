/* SPDX-License-Identifier: MIT */
/* Where-expressions: what they pick, and at which byte they are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/where.h"

static const struct snap_shelter house = {
	.id = 7,
	.register_id = "WNA1",
	.name = "it's",
	.address = "",
	.kind = " 一般住宅",
	.precinct = "大安分局",
	.org = "",
	.floors = "B01",
	.note = "",
	.area = -1,
	.places = 131,
	.usable = 120,
	.closed = false,
};

static void
picks(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{ "", true },
		{ "  ", true },
		{ "id = 7", true },
		{ "id != 7", false },
		{ "ID=7 AND Places>=131", true },
		{ "places < 131", false },
		{ "places <= 131", true },
		{ "places > 130.5", true },
		{ "kind != '一般住宅'", true },
		{ "kind = ' 一般住宅'", true },
		{ "name = 'it''s'", true },
		{ "address = ''", true },
		{ "area > 0", false },
		{ "area <= 0", false },
		{ "area != 5", false },
		{ "not area > 0", true },
		{ "closed = false", true },
		{ "closed = true or usable = 120", true },
		{ "id = 1 and id = 2 or id = 7", true },
		{ "id = 7 or id = 1 and id = 2", true },
		{ "(id = 7 or id = 1) and id = 2", false },
		{ "not id = 1 and not (id = 2 or id = 3)", true },
		{ "floors >= 'B01' and floors < 'B02'", true },
		{ "places = -1", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct where_wrong wrong;
		struct where *w = where_parse(rows[i].text, &wrong);
		if (!w)
			fail_msg("%s: byte %zu: %s", rows[i].text, wrong.byte,
			    wrong.why);
		if (where_picks(w, &house) != rows[i].want)
			fail_msg("%s", rows[i].text);
		where_free(w);
	}
	assert_true(where_picks(NULL, &house));
}

static void
refuses(void **state)
{
	static const struct {
		const char *text;
		size_t byte;
		const char *why;
	} rows[] = {
		{ "colour = 'red'", 0, "colour" },
		{ "id", 2, "=" },
		{ "id ~ 7", 3, "=" },
		{ "id = ", 5, "number" },
		{ "id = 7x", 6, "and or or" },
		{ "id = 'x'", 5, "number" },
		{ "kind = 7", 7, "text" },
		{ "kind = 'x", 7, "never closed" },
		{ "(id = 7", 0, "never closed" },
		{ "(id = 7 id = 8)", 8, ")" },
		{ "id = 7 and", 10, "field" },
		{ "id = 7 or or", 10, "or" },
		{ "id = 1e999", 5, "number" },
		{ "not", 3, "field" },
		{ "id = 7)", 6, "and or or" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct where_wrong wrong;
		struct where *w = where_parse(rows[i].text, &wrong);
		if (w || wrong.byte != rows[i].byte ||
		    !strstr(wrong.why, rows[i].why))
			fail_msg("%s: byte %zu: %s", rows[i].text, wrong.byte,
			    wrong.why);
	}
}

static void
bounds(void **state)
{
	struct where_wrong wrong;
	char text[WHERE_MAX + 10];
	(void)state;
	memset(text, '(', 200);
	strcpy(text + 200, "id = 7");
	assert_null(where_parse(text, &wrong));
	assert_non_null(strstr(wrong.why, "deeper"));
	strcpy(text, "id=7");
	while (strlen(text) + 8 < 4000)
		strcat(text, " or id=7");
	struct where *w = where_parse(text, &wrong);
	assert_null(w);
	assert_non_null(strstr(wrong.why, "more than"));
	memset(text, ' ', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_null(where_parse(text, &wrong));
	assert_int_equal(wrong.byte, WHERE_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks),
		cmocka_unit_test(refuses),
		cmocka_unit_test(bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

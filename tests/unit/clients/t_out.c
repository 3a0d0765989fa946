/* SPDX-License-Identifier: MIT */
/* Tables with Chinese text, JSON beside them, and text that would steer a
   terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/out.h"

static void
test_width(void **state)
{
	static const struct {
		const char *text;
		int width;
	} cases[] = {
		{ "", 0 }, { "abc", 3 }, { "臺北市", 6 }, { "a臺b", 4 },
		{ "（全形）", 8 }, { "ｱ", 1 }, /* half-width kana */
		{ "e\xcc\x81", 1 },	       /* a combining accent */
		{ "한국", 4 },
		{ "𠀋", 2 },	   /* an ideograph beyond the first plane */
		{ "\xff\xfe", 2 }, /* broken bytes take a column each */
		{ "\xe8\x87", 2 }, /* a cut character */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(out_width(cases[i].text), cases[i].width);
}

static char *
cell(const char *text, int least, int most)
{
	static char buffer[256];
	FILE *f = fmemopen(buffer, sizeof(buffer), "w");

	out_cell(f, text, least, most);
	fclose(f);
	return buffer;
}

static void
test_cells(void **state)
{
	(void)state;
	assert_string_equal(cell("臺北", 6, 0), "臺北  ");
	assert_string_equal(cell("12", -5, 0), "   12");
	assert_string_equal(cell("臺北市大安區", 0, 7), "臺北市…");
	assert_string_equal(cell("臺北市大安區", 8, 8), "臺北市… ");
	assert_string_equal(cell("abcdef", 0, 6), "abcdef");
	assert_string_equal(cell("a\nb\tc", 0, 0), "a b c");
	assert_string_equal(cell("\033[2J", 0, 0), "\xef\xbf\xbd[2J");
	assert_string_equal(cell("\xc2\x9b", 0, 0), "\xef\xbf\xbd");
}

static const struct column columns[] = {
	{ "id", "id", true },
	{ "name", "name", false },
	{ "left.full", "full", true },
	{ "at", "at", false },
	{ 0 },
};
static const char items[] =
    "[{\"id\":7,\"name\":\"大安\",\"left\":{\"full\":12},\"at\":[121.5,25]},"
    "{\"id\":1234567,\"name\":null,\"ok\":true}]";

static char *
show(bool json, const char *text, bool list)
{
	static char buffer[1024];
	FILE *f = fmemopen(buffer, sizeof(buffer), "w");
	cJSON *v = cJSON_Parse(text);
	struct out o;

	if (json)
		out_json(&o, f);
	else
		out_text(&o, f);
	o.note(&o, "for %s", "people");
	if (list)
		o.list(&o, v, columns);
	else
		o.object(&o, v, columns);
	fclose(f);
	cJSON_Delete(v);
	return buffer;
}

static void
test_text_list(void **state)
{
	(void)state;
	assert_string_equal(show(false, items, true),
	    "for people\n"
	    "     id  name  full  at\n"
	    "      7  大安    12  121.5,25\n"
	    "1234567  -        -  -\n");
}

static void
test_text_object(void **state)
{
	(void)state;
	assert_string_equal(
	    show(false, "{\"id\":7,\"name\":\"x\",\"left\":{\"full\":null}}",
		false),
	    "for people\nid    7\nname  x\nfull  -\n");
}

static void
test_json_is_one_value(void **state)
{
	char want[sizeof(items) + 1];

	(void)state;
	snprintf(want, sizeof(want), "%s\n", items);
	assert_string_equal(show(true, items, true), want);
	assert_string_equal(show(true, "{\"a\":1}", false), "{\"a\":1}\n");
}

static void
test_numbers_keep_their_digits(void **state)
{
	static const char *const texts[] = { "0", "-5", "9007199254740991",
		"1.5", "121.528668", "897075" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		cJSON *v = cJSON_Parse(texts[i]);
		char *text = out_value(v);
		assert_string_equal(text, texts[i]);
		free(text);
		cJSON_Delete(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_text_list),
		cmocka_unit_test(test_text_object),
		cmocka_unit_test(test_json_is_one_value),
		cmocka_unit_test(test_numbers_keep_their_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

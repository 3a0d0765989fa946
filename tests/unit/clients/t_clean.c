/* SPDX-License-Identifier: MIT */
/* Values as offices write them, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include "clients/shelterctl/clean.h"

static void
test_counts(void **state)
{
	static const struct {
		const char *text;
		long long want; /* -1: refused */
	} cases[] = {
		{ "131", 131 },
		{ "131.0", 131 },
		{ "0", 0 },
		{ "  1,041 ", 1041 },
		{ "1,331 ", 1331 },
		{ "12,345,678", 12345678 },
		{ "88人", 88 },
		{ "88 人 ", 88 },
		{ "9667人", 9667 },
		{ "１２３", 123 },
		{ "　５６　", 56 },
		{ "1000000000", 1000000000 },
		{ "1,041.00", 1041 },
		{ "", -1 },
		{ " ", -1 },
		{ "-5", -1 },
		{ "12.5", -1 },
		{ "1000000001", -1 },
		{ "1e5", -1 },
		{ "1,04", -1 },
		{ "1,0411", -1 },
		{ ",041", -1 },
		{ "1,,041", -1 },
		{ "1,041,", -1 },
		{ "12人左右", -1 },
		{ "約100", -1 },
		{ "nan", -1 },
		{ "0x10", -1 },
		{ "1.2.3", -1 },
		{ "999999999999999999999999999999999999999999999999999999999999"
		  "99999999",
		    -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char why[CLEAN_WHY] = "";
		int64_t got = -2;
		bool ok = clean_count(cases[i].text, &got, why);
		assert_int_equal(ok, cases[i].want >= 0);
		if (ok)
			assert_int_equal(got, cases[i].want);
		else
			assert_true(strlen(why) > 5);
	}
}

static void
test_refusal_names_the_value(void **state)
{
	char why[CLEAN_WHY], text[400];
	int64_t n;

	(void)state;
	assert_false(clean_count("約100", &n, why));
	assert_string_equal(why, "'約100' is not a number");
	assert_false(clean_count("12.5", &n, why));
	assert_string_equal(why, "'12.5' is not a whole number");
	/* a long value is cut between characters */
	text[0] = '\0';
	for (int i = 0; i < 100; i++)
		strcat(text, "路");
	assert_false(clean_count(text, &n, why));
	assert_true(strlen(why) < CLEAN_WHY - 1);
	assert_non_null(strstr(why, "路' is not a number"));
}

static void
test_pairs(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		double a, b;
	} cases[] = {
		{ "25.034645,121.528668", true, 25.034645, 121.528668 },
		{ "23.46458, 120.55421", true, 23.46458, 120.55421 },
		{ " 25.1424868, 121.7728136", true, 25.1424868, 121.7728136 },
		{ "25.1，121.7", true, 25.1, 121.7 },
		{ "25.1;121.7", true, 25.1, 121.7 },
		{ "25.1 121.7", true, 25.1, 121.7 },
		{ "-33.9,-151.2", true, -33.9, -151.2 },
		{ "25.1", false, 0, 0 },
		{ "25.1,", false, 0, 0 },
		{ "", false, 0, 0 },
		{ "25.1,121.7,3", false, 0, 0 },
		{ "a,b", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char why[CLEAN_WHY];
		double a = 0, b = 0;
		assert_int_equal(
		    clean_pair(cases[i].text, &a, &b, why), cases[i].ok);
		if (cases[i].ok)
			assert_true(a == cases[i].a && b == cases[i].b);
	}
}

static void
test_coordinates(void **state)
{
	char why[CLEAN_WHY];
	double v;

	(void)state;
	assert_true(clean_coordinate("23.959051 ", &v, why));
	assert_true(v == 23.959051);
	assert_true(clean_coordinate("23.8572650006021,", &v, why));
	assert_true(v == 23.8572650006021);
	assert_true(clean_coordinate("２３．５", &v, why));
	assert_true(v == 23.5);
	assert_false(clean_coordinate("", &v, why));
	assert_string_equal(why, "'' is empty");
	assert_false(clean_coordinate("北緯23", &v, why));
	assert_false(clean_coordinate("23.1.2", &v, why));
}

static void
test_areas(void **state)
{
	char why[CLEAN_WHY];
	double v;

	(void)state;
	assert_true(clean_area("1,041.5 ㎡", &v, why));
	assert_true(v == 1041.5);
	assert_true(clean_area("88平方公尺", &v, why));
	assert_true(v == 88);
	assert_false(clean_area("30坪", &v, why));
	assert_false(clean_area("-1", &v, why));
}

static void
test_blanks(void **state)
{
	(void)state;
	assert_true(clean_blank(""));
	assert_true(clean_blank(" \t\n\xe3\x80\x80\xc2\xa0"));
	assert_false(clean_blank(" x "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_refusal_names_the_value),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_coordinates),
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

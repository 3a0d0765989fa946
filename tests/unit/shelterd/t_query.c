/* SPDX-License-Identifier: MIT */
/* Query strings: what is split, decoded, refused, and with which name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/query.h"

static const char *const words[] = { "one", "two", NULL };
static const struct field fields[] = {
	{ .name = "k", .type = F_INTEGER, .min = 1, .max = 50 },
	{ .name = "lon", .type = F_NUMBER, .min = -180, .max = 180 },
	{ .name = "all", .type = F_BOOL },
	{ .name = "at", .type = F_TIME },
	{ .name = "word", .type = F_STRING, .oneof = words },
	{ .name = "text", .type = F_STRING, .maxlen = 5 },
	{ .name = NULL },
};
static const struct field strict[] = {
	{ .name = "need", .type = F_STRING, .required = true },
	{ .name = NULL },
};

static void
checked(void **state)
{
	static const struct {
		const char *query;
		const char *wrong; /* NULL: good */
	} rows[] = {
		{ "", NULL },
		{ "k=5&lon=121.5&all=true&word=two", NULL },
		{ "k=5&&all=0", NULL },
		{ "at=2026-11-22T10:00:00Z", NULL },
		{ "at=2026-11-22T10:00:00%2B08:00", NULL },
		{ "text=%E4%BA%BA", NULL },
		{ "k=0", "k" },
		{ "k=51", "k" },
		{ "k=5.0", "k" },
		{ "k=", "k" },
		{ "k", "k" },
		{ "k=99999999999999999999", "k" },
		{ "lon=nan", "lon" },
		{ "lon=0x10", "lon" },
		{ "lon=inf", "lon" },
		{ "lon=1e999", "lon" },
		{ "lon=180.1", "lon" },
		{ "lon=1,2", "lon" },
		{ "all=yes", "all" },
		{ "at=yesterday", "at" },
		{ "at=2026-02-29T10:00:00Z", "at" },
		{ "word=three", "word" },
		{ "text=123456", "text" },
		{ "k=1&k=2", "k" },
		{ "other=1", "other" },
		{ "text=%", "text" },
		{ "text=%4", "text" },
		{ "text=%zz", "text" },
		{ "text=%00", "text" },
		{ "text=%ff", "text" },
		{ "=1", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct query q;
		struct query_wrong wrong = { .name = "none" };
		const char *s = rows[i].query;
		bool good = query_parse(&q, s, strlen(s), &wrong) &&
			    query_check(&q, fields, &wrong);

		if (good != (rows[i].wrong == NULL))
			fail_msg("\"%s\": %s", s, good ? "good" : wrong.why);
		if (!good)
			assert_string_equal(wrong.name, rows[i].wrong);
		query_release(&q);
	}
}

static void
decoded(void **state)
{
	static const char s[] = "text=a%20+b&word=%3D%26";
	struct query q;
	struct query_wrong wrong;

	(void)state;
	assert_true(query_parse(&q, s, strlen(s), &wrong));
	assert_string_equal(query_get(&q, "text"), "a  b");
	assert_string_equal(query_get(&q, "word"), "=&");
	assert_null(query_get(&q, "tex"));
	query_release(&q);
}

static void
required(void **state)
{
	struct query q = { .n = 0 };
	struct query_wrong wrong;

	(void)state;
	assert_false(query_check(&q, strict, &wrong));
	assert_string_equal(wrong.name, "need");
	assert_true(query_check(&q, NULL, &wrong));
}

static void
bounded(void **state)
{
	char s[QUERY_MAX * 8 + 16] = "";
	struct query q;
	struct query_wrong wrong;

	(void)state;
	for (int i = 0; i <= QUERY_MAX; i++)
		snprintf(s + strlen(s), sizeof(s) - strlen(s), "&p%d=1", i);
	assert_false(query_parse(&q, s, strlen(s), &wrong));
	assert_string_equal(wrong.name, "p32");
}

/* To the last bit, and no text more or less than strtod() takes of these. */
static void
numbers_are_those_of_strtod(void **state)
{
	static const char *const odd[] = { "1.", ".5", "-", "", ".", "1.2.3",
		"-.5", "1e3", "1e999", "0x1", "inf", "nan", " 1", "1 ", "+1",
		"--1", "-0", "9007199254740993", "0.1234567890123456",
		"123456789012345", "1234567890123456" };
	char text[64], *end;
	double got = 0, wanted;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		bool good = odd[i][0] != '\0' &&
			    strchr(" in", odd[i][0]) == NULL &&
			    strpbrk(odd[i], "x ") == NULL;

		wanted = strtod(odd[i], &end);
		good = good && *end == '\0' && wanted < 1e300;
		assert_int_equal(text_number(odd[i], &got), good);
		if (good)
			assert_memory_equal(&got, &wanted, sizeof(got));
	}
	for (int i = 0; i < 200000; i++) {
		snprintf(text, sizeof(text), "%.*f", rand() % 14,
		    (rand() - RAND_MAX / 2) / (double)(1 + rand() % 1000000));
		assert_true(text_number(text, &got));
		wanted = strtod(text, NULL);
		assert_memory_equal(&got, &wanted, sizeof(got));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checked),
		cmocka_unit_test(decoded),
		cmocka_unit_test(required),
		cmocka_unit_test(bounded),
		cmocka_unit_test(numbers_are_those_of_strtod),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

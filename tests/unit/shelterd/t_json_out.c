/* SPDX-License-Identifier: MIT */
/* JSON tokens against printf(), on many numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/json_out.h"

enum { ROUNDS = 200000 };

static void
taken_is(struct json_out *o, const char *wanted)
{
	size_t len;
	char *text = json_out_take(o, &len);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	assert_int_equal(len, strlen(wanted));
	free(text);
}

static double
any_number(void)
{
	switch (rand() % 4) {
	case 0:
		return rand() % 2000 - 1000;
	case 1:
		return (rand() - RAND_MAX / 2) / 1e3;
	case 2:
		return ((double)rand() / RAND_MAX - 0.5) * 360;
	default:
		return rand() % 100 / 1000.0;
	}
}

/* Rounded half away from zero, then without the zeros at its end. */
static void
print_number(char *to, double v, int decimals)
{
	int64_t scale = 1, s;
	char *end;

	for (int i = 0; i < decimals; i++)
		scale *= 10;
	s = llround(v * (double)scale);
	end = to + sprintf(to, "%s%lld", s < 0 ? "-" : "",
		       llabs((long long)(s / scale)));
	if (decimals == 0)
		return;
	end += sprintf(end, ".%0*lld", decimals, llabs((long long)(s % scale)));
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
}

static void
numbers_are_those_of_printf(void **state)
{
	char wanted[64];

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct json_out o = { 0 };
		double v = any_number();
		int decimals = rand() % 10;

		json_out_num(&o, v, decimals);
		print_number(wanted, v, decimals);
		taken_is(&o, wanted);
	}
}

static void
integers_are_those_of_printf(void **state)
{
	static const int64_t edges[] = { 0, 1, -1, 9, 10, 99, 100, -100,
		INT64_MAX, INT64_MIN };
	char wanted[64];

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct json_out o = { 0 };
		uint64_t bits = (uint64_t)rand() << 33 ^ (uint64_t)rand() << 2;
		int64_t v = (int64_t)bits >> rand() % 63;

		if (i < (int)(sizeof(edges) / sizeof(*edges)))
			v = edges[i];
		json_out_int(&o, v);
		sprintf(wanted, "%lld", (long long)v);
		taken_is(&o, wanted);
	}
}

static void
tokens_follow_each_other(void **state)
{
	struct json_out o = { 0 };
	char *longer = malloc(10001);

	(void)state;
	memset(longer, 'x', 10000);
	longer[10000] = '\0';
	json_out_raw(&o, "[");
	json_out_text(&o, "a\"\\\n\x01");
	json_out_raw(&o, ",");
	json_out_num(&o, NAN, 2);
	json_out_raw(&o, "]");
	taken_is(&o, "[\"a\\\"\\\\\\u000a\\u0001\",null]");
	json_out_raw(&o, longer);
	json_out_raw(&o, "");
	taken_is(&o, longer);
	free(longer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_those_of_printf),
		cmocka_unit_test(integers_are_those_of_printf),
		cmocka_unit_test(tokens_follow_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

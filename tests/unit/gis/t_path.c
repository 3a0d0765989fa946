/* SPDX-License-Identifier: MIT */
/* Paths written here and read back; texts that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gis/path.h"

static char *
put(char *p, int64_t v)
{
	uint64_t u = (uint64_t)v << 1 ^ (uint64_t)(v >> 63);

	for (; u > 31; u >>= 5)
		*p++ = (char)((u & 31) + 32 + 63);
	*p++ = (char)(u + 63);
	*p = '\0';
	return p;
}

/* The example of the interface's description, there with five decimals and
 * latitude first: 38.5, -120.2; 40.7, -120.95; 43.252, -126.453. */
static void
test_known(void **state)
{
	struct gis_point p[20];
	size_t n;

	(void)state;
	assert_int_equal(gis_path_points("_p~iF~ps|U_ulLnnqC_mqNvxq`@"), 3);
	assert_true(gis_path_read("_p~iF~ps|U_ulLnnqC_mqNvxq`@", p, &n));
	assert_int_equal(n, 3);
	assert_true(p[0].x == 0.385 && p[0].y == -1.202);
	assert_true(p[1].x == 0.407 && p[1].y == -1.2095);
	assert_true(p[2].x == 0.43252 && p[2].y == -1.26453);
	assert_true(gis_path_read("", p, &n));
	assert_int_equal(n, 0);
}

static void
test_there_and_back(void **state)
{
	char text[2000], decimals[40], *end;
	struct gis_point p[1000];
	int64_t v[200];
	size_t n;

	(void)state;
	srand(4);
	for (int round = 0; round < 2000; round++) {
		int points = rand() % 100;

		end = text;
		*end = '\0';
		for (int i = 0; i < 2 * points; i++) {
			v[i] = (int64_t)rand() * 2 - 1800000000;
			end = put(end, v[i] - (i > 1 ? v[i - 2] : 0));
		}
		assert_int_equal(gis_path_points(text), points);
		assert_true(gis_path_read(text, p, &n));
		assert_int_equal(n, points);
		for (int i = 0; i < points; i++) {
			int64_t x = v[2 * i];

			snprintf(decimals, sizeof(decimals), "%s%lld.%07lld",
			    x < 0 ? "-" : "", llabs(x / 10000000),
			    llabs(x % 10000000));
			assert_true(p[i].x == strtod(decimals, NULL));
			assert_true(p[i].y == (double)v[2 * i + 1] / 1e7);
		}
	}
}

static void
test_none(void **state)
{
	static const char *const bad[] = { "?", "_", "_p~iF", "??\x7f?", " ?",
		"\xc3\xa4?", "~~~~~~~~~~~~~~~~~~~~?", "~~~~~~~~~~~E?" };
	struct gis_point p[20];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(gis_path_read(bad[i], p, &n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

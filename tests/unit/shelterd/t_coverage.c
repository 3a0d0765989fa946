/* SPDX-License-Identifier: MIT */
/* Rounding shares to people: the sum is the rounded sum, and nobody is moved
 * by a whole person. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "shelterd/map/coverage.h"

static void
test_rows(void **state)
{
	static const struct {
		double exact[4];
		int64_t people[4];
	} rows[] = {
		{ { 0, 0, 0, 0 }, { 0, 0, 0, 0 } },
		{ { 1, 2, 3, 4 }, { 1, 2, 3, 4 } },
		{ { 0.5, 0.5, 0.5, 0.5 }, { 1, 1, 0, 0 } },
		{ { 0.2, 0.9, 0.9, 0 }, { 0, 1, 1, 0 } },
		{ { 9.9, 0.05, 0.03, 0.02 }, { 10, 0, 0, 0 } },
		{ { 2.6, 2.6, 2.6, 2.6 }, { 3, 3, 2, 2 } },
		{ { 6.9999999999, 1, 0, 0 }, { 7, 1, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t out[4];

		assert_int_equal(coverage_round(rows[i].exact, 4, out), 0);
		for (size_t k = 0; k < 4; k++)
			assert_int_equal(out[k], rows[i].people[k]);
	}
	assert_int_equal(coverage_round(NULL, 0, NULL), 0);
}

static void
test_sums(void **state)
{
	enum { N = 1000 };
	double exact[N], sum = 0;
	int64_t out[N], people = 0;
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < N; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		exact[i] = (double)(seed >> 40) / 100000;
		sum += exact[i];
	}
	assert_int_equal(coverage_round(exact, N, out), 0);
	for (int i = 0; i < N; i++) {
		assert_true(fabs((double)out[i] - exact[i]) < 1);
		people += out[i];
	}
	assert_int_equal(people, llround(sum));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

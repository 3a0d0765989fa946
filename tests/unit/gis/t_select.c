/* SPDX-License-Identifier: MIT */
/* Quickselect against sorting: every place of short arrays, some of long ones,
 * with many equal keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "gis/select.h"

enum { MOST = 3000 };

struct pair {
	int key, number;
};

static inline bool
before(int sign, const struct pair *a, const struct pair *b)
{
	int d = (a->key - b->key) * sign;

	return d < 0 || (d == 0 && a->number < b->number);
}

GIS_SELECT(select_pair, struct pair, int, before)

static int
up(const void *a, const void *b)
{
	return before(1, a, b) ? -1 : before(1, b, a);
}

static int
down(const void *a, const void *b)
{
	return before(-1, a, b) ? -1 : before(-1, b, a);
}

static void
check(const struct pair *from, ptrdiff_t n, ptrdiff_t k, int sign)
{
	static struct pair sorted[MOST], e[MOST];

	memcpy(sorted, from, (size_t)n * sizeof(*e));
	memcpy(e, from, (size_t)n * sizeof(*e));
	qsort(sorted, (size_t)n, sizeof(*sorted), sign > 0 ? up : down);
	select_pair(e, n, k, sign);
	assert_int_equal(e[k].number, sorted[k].number);
	for (ptrdiff_t i = 0; i < n; i++)
		assert_true(i == k || before(sign, &e[i], &e[k]) == (i < k));
	qsort(e, (size_t)n, sizeof(*e), sign > 0 ? up : down);
	assert_memory_equal(e, sorted, (size_t)n * sizeof(*e));
}

static void
as_sorted(void **state)
{
	static struct pair e[MOST];
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 400; round++) {
		ptrdiff_t n = round < 300 ? 1 + round % 30 : MOST - round;
		int keys = round % 3 == 0 ? 3 : 1 << 14;

		for (ptrdiff_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			e[i] =
			    (struct pair){ (int)(seed >> 16) % keys, (int)i };
			if (round % 5 == 0)
				e[i].key = (int)i; /* sorted already */
		}
		for (ptrdiff_t k = 0; k<n; k += n> 30 ? n / 3 : 1) {
			check(e, n, k, 1);
			check(e, n, k, -1);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

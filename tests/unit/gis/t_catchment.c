/* SPDX-License-Identifier: MIT */
/*
 * Two-step floating catchment against a table of everybody by every site, and
 * that it hands out exactly the places of those who reach anybody.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gis/catchment.h"

enum { ROWS = 60, SITES = 12, ARCS = 2 * ROWS * SITES };

static uint64_t seed = 21;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static struct {
	int64_t people[ROWS], places[SITES];
	size_t first[ROWS + 1];
	uint32_t site[ARCS];
	bool in[ROWS][SITES];
} x;

static struct gis_catchment
draw(void)
{
	struct gis_catchment c = { 1 + (size_t)(chance() * (ROWS - 1)),
		1 + (size_t)(chance() * (SITES - 1)), x.people, x.places,
		x.first, x.site };
	double dense = chance();
	size_t n = 0;

	memset(&x, 0, sizeof(x));
	for (size_t j = 0; j < c.sites; j++)
		x.places[j] = (int64_t)(chance() * 500);
	for (size_t i = 0; i < c.rows; i++) {
		x.people[i] = (int64_t)(chance() * chance() * 90);
		x.first[i] = n;
		for (uint32_t j = 0; j < c.sites; j++) {
			x.in[i][j] = chance() < dense;
			if (x.in[i][j])
				x.site[n++] = j;
		}
		if (n > x.first[i] && chance() < 0.3) /* a second door */
			x.site[n++] = x.site[x.first[i]];
	}
	x.first[c.rows] = n;
	return c;
}

static double
plain_access(const struct gis_catchment *c, size_t row)
{
	double sum = 0;

	for (size_t j = 0; j < c->sites; j++) {
		double people = 0;

		for (size_t i = 0; i < c->rows; i++)
			people += x.in[i][j] ? (double)x.people[i] : 0;
		if (x.in[row][j] && people > 0)
			sum += (double)x.places[j] / people;
	}
	return sum;
}

static void
test_random(void **state)
{
	double access[ROWS];

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct gis_catchment c = draw();
		double given = 0, places = 0;

		assert_int_equal(gis_catchment(&c, access), 0);
		for (size_t i = 0; i < c.rows; i++) {
			double plain = plain_access(&c, i);

			assert_true(
			    fabs(access[i] - plain) <= 1e-12 * (1 + plain));
			given += (double)x.people[i] * access[i];
		}
		for (size_t j = 0; j < c.sites; j++) {
			bool anybody = false;

			for (size_t i = 0; i < c.rows; i++)
				anybody |= x.in[i][j] && x.people[i] > 0;
			places += anybody ? (double)x.places[j] : 0;
		}
		assert_true(fabs(given - places) <= 1e-9 * (1 + places));
	}
}

/* Figures anyone can check: 100 places for 50 and 150 people, 30 for the
 * latter alone. */
static void
test_known(void **state)
{
	const int64_t people[] = { 50, 150, 10 }, places[] = { 100, 30 };
	const size_t first[] = { 0, 1, 3, 3 };
	const uint32_t site[] = { 0, 0, 1 };
	struct gis_catchment c = { 3, 2, people, places, first, site };
	double access[3];

	(void)state;
	assert_int_equal(gis_catchment(&c, access), 0);
	assert_true(access[0] == 0.5);
	assert_true(fabs(access[1] - 0.7) < 1e-15);
	assert_true(access[2] == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * GCJ-02 and BD-09: published examples of the forward shift, and the inverse
 * within a centimetre over China, its rim and the meridian where the formula
 * has no derivative.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gis/crs.h"

/* Metres between two lon/lat points that are close. */
static double
apart(struct gis_point a, struct gis_point b)
{
	double lat = (a.y + b.y) / 2 * M_PI / 180;

	return 6378137.0 * M_PI / 180 *
	       gis_distance((struct gis_point){ a.x * cos(lat), a.y },
		   (struct gis_point){ b.x * cos(lat), b.y });
}

static void
test_examples(void **state)
{
	static const struct {
		struct gis_point wgs, gcj;
	} row[] = {
		{ { 121.5272106, 31.1774276 },
		    { 121.531541859215, 31.17530398364597 } },
		{ { 113.912316, 22.543847 },
		    { 113.9171764808363, 22.540796131694766 } },
		{ { 116.377817, 39.911954 },
		    { 116.38404722455657, 39.91334545536069 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		assert_true(
		    apart(gis_gcj02_from_wgs84(row[i].wgs), row[i].gcj) < 1e-4);
}

/* BD-09 is GCJ-02 moved by 0.0065, 0.006 degrees and a wobble around that. */
static void
test_bd09_offset(void **state)
{
	struct gis_point p, g, b;

	(void)state;
	for (p.x = 75; p.x < 135; p.x += 1.7)
		for (p.y = 18; p.y < 53; p.y += 1.3) {
			g = gis_gcj02_from_wgs84(p);
			b = gis_bd09_from_wgs84(p);
			assert_true(fabs(b.x - g.x - 0.0065) < 5e-4);
			assert_true(fabs(b.y - g.y - 0.006) < 5e-4);
			assert_true(apart(b, g) > 500);
		}
}

static void
check_back(struct gis_point p)
{
	struct gis_point g = gis_wgs84_from_gcj02(gis_gcj02_from_wgs84(p));
	struct gis_point b = gis_wgs84_from_bd09(gis_bd09_from_wgs84(p));

	if (apart(g, p) < 0.01 && apart(b, p) < 0.01)
		return;
	print_message("%.9f %.9f: gcj02 %g m, bd09 %g m\n", p.x, p.y,
	    apart(g, p), apart(b, p));
	fail();
}

static void
test_grid(void **state)
{
	(void)state;
	for (double x = 72.004; x <= 137.8347; x += 0.37)
		for (double y = 0.8293; y <= 55.8271; y += 0.37)
			check_back((struct gis_point){ x, y });
}

static void
test_rim_and_kink(void **state)
{
	(void)state;
	for (double y = 0.8293; y <= 55.8271; y += 0.0917) {
		check_back((struct gis_point){ 72.004, y });
		check_back((struct gis_point){ 137.8347, y });
		for (double d = 1e-13; d < 1e-2; d *= 3) {
			check_back((struct gis_point){ 105 + d, y });
			check_back((struct gis_point){ 105 - d, y });
		}
	}
	for (double x = 72.004; x <= 137.8347; x += 0.0917) {
		check_back((struct gis_point){ x, 0.8293 });
		check_back((struct gis_point){ x, 55.8271 });
	}
}

static void
test_outside(void **state)
{
	static const struct gis_point row[] = { { 2.35, 48.85 },
		{ -70.6, -33.4 }, { 71.9, 30 }, { 138.2, 36 }, { 100, 56.1 },
		{ 100, 0.5 } };

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_true(apart(gis_gcj02_from_wgs84(row[i]), row[i]) == 0);
		assert_true(apart(gis_wgs84_from_gcj02(row[i]), row[i]) == 0);
		assert_true(apart(gis_bd09_from_wgs84(row[i]), row[i]) == 0);
		assert_true(apart(gis_wgs84_from_bd09(row[i]), row[i]) == 0);
	}
}

static void
test_not_a_place(void **state)
{
	struct gis_point bad = { NAN, 30 };

	(void)state;
	assert_true(isnan(gis_wgs84_from_gcj02(bad).x));
	assert_true(isnan(gis_gcj02_from_wgs84(bad).x));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_bd09_offset),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_rim_and_kink),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_not_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

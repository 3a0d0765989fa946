/* SPDX-License-Identifier: MIT */
/*
 * Coverage against the plain way in GEOS (unite all discs, intersect each
 * home), on random districts; and the promises about areas, samples and gaps.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <geos_c.h>
#include <cmocka.h>

#include "gis/coverage.h"

enum { HOMES = 40, ENTRANCES = 60 };

static struct gis *gis;
static uint64_t seed = 7;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* A house with or without a yard, an L, or two houses. */
static struct gis_shape *
draw_home(double x, double y, double size, int how, char *text, size_t room)
{
	struct gis_fail why;
	struct gis_shape *s;
	double h = size / 4;

	if (how == 0)
		snprintf(text, room,
		    "{\"type\":\"Polygon\",\"coordinates\":[[[%f,%f],[%f,%f],"
		    "[%f,%f],[%f,%f],[%f,%f]]]}",
		    x, y, x + size, y, x + size, y + size, x, y + size, x, y);
	else if (how == 1)
		snprintf(text, room,
		    "{\"type\":\"Polygon\",\"coordinates\":[[[%f,%f],[%f,%f],"
		    "[%f,%f],[%f,%f],[%f,%f]],[[%f,%f],[%f,%f],[%f,%f],[%f,"
		    "%f]]]}",
		    x, y, x + size, y, x + size, y + size, x, y + size, x, y,
		    x + h, y + h, x + h, y + 3 * h, x + 3 * h, y + 3 * h, x + h,
		    y + h);
	else
		snprintf(text, room,
		    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[%f,%f],["
		    "%f,%f],[%f,%f],[%f,%f]]],[[[%f,%f],[%f,%f],[%f,%f],[%f,"
		    "%f]]]]}",
		    x, y, x + h, y, x, y + h, x, y, x + 3 * h, y, x + size, y,
		    x + size, y + size, x + 3 * h, y);
	s = gis_shape_from_geojson(gis, text, strlen(text), NULL, &why);
	assert_non_null(s);
	return s;
}

struct district {
	struct gis_point entrance[ENTRANCES];
	size_t n;
	struct gis_home home[HOMES];
	struct gis_shape *shape[HOMES];
	size_t nhomes;
};

/* Doubled entrances, entrances far away, houses wall to wall or large. */
static void
draw(struct district *d, int round)
{
	double size = round % 3 == 0 ? 60 : round % 3 == 1 ? 150 : 900;
	char text[1024];

	d->n = (size_t)(chance() * (round % 5 == 0 ? 3 : ENTRANCES));
	for (size_t i = 0; i < d->n; i++) {
		d->entrance[i].x = chance() * 3000 - 500;
		d->entrance[i].y = chance() * 2000 - 500;
		if (i > 0 && chance() < 0.2)
			d->entrance[i] = d->entrance[i - 1];
		if (chance() < 0.05)
			d->entrance[i].x += 1e6;
	}
	d->nhomes = HOMES;
	for (size_t i = 0; i < d->nhomes; i++) {
		double x = (double)(i % 8) * size, y = (double)(i / 8) * size;
		int how = round % 4 == 3 ? 3 : (int)(chance() * 4);

		d->shape[i] =
		    how == 3 ? NULL
			     : draw_home(x, y, size, how, text, sizeof(text));
		d->home[i] = (struct gis_home){ d->shape[i], { x, y },
			(int64_t)(chance() * 5) * 100 };
	}
}

static void
clear(struct district *d)
{
	for (size_t i = 0; i < d->nhomes; i++)
		gis_shape_free(gis, d->shape[i]);
}

/* The union of GEOS's own buffers, grown to the disc's area. */
static GEOSGeometry *
plain_union(GEOSContextHandle_t h, const struct district *d, double radius)
{
	const int n = 4 * 64;
	double r = radius * sqrt(2 * M_PI / (n * sin(2 * M_PI / n)));
	GEOSGeometry *all = GEOSGeom_createEmptyPolygon_r(h), *p, *b, *u;

	for (size_t i = 0; i < d->n; i++) {
		p = GEOSGeom_createPointFromXY_r(
		    h, d->entrance[i].x, d->entrance[i].y);
		b = GEOSBuffer_r(h, p, r, 64);
		u = GEOSUnion_r(h, all, b);
		GEOSGeom_destroy_r(h, p);
		GEOSGeom_destroy_r(h, b);
		GEOSGeom_destroy_r(h, all);
		all = u;
	}
	return all;
}

static double
plain_share(GEOSContextHandle_t h, const GEOSGeometry *all,
    const struct gis_shape *shape)
{
	double part = 0, whole = 0;
	unsigned char *wkb;
	GEOSGeometry *g, *in;
	size_t len;

	wkb = gis_shape_to_wkb(gis, shape, &len);
	g = GEOSGeomFromWKB_buf_r(h, wkb, len);
	in = GEOSIntersection_r(h, g, all);
	GEOSArea_r(h, in, &part);
	GEOSArea_r(h, g, &whole);
	GEOSGeom_destroy_r(h, g);
	GEOSGeom_destroy_r(h, in);
	free(wkb);
	return part / whole;
}

static double
nearest(const struct district *d, struct gis_point p)
{
	double best = INFINITY;

	for (size_t i = 0; i < d->n; i++)
		best = fmin(best, gis_distance(p, d->entrance[i]));
	return best;
}

/* The entrances that may matter to a home, from the last to the first. */
static size_t
near_last_first(
    const struct district *d, size_t home, double radius, struct gis_point *out)
{
	struct gis_point p = d->home[home].plane;
	struct gis_box b = { p.x, p.y, p.x, p.y };
	size_t n = 0;

	if (d->shape[home] != NULL)
		b = gis_shape_box(d->shape[home]);
	for (size_t i = d->n; i-- > 0;) {
		double x = fmax(
		    fmax(b.w - d->entrance[i].x, d->entrance[i].x - b.e), 0);
		double y = fmax(
		    fmax(b.s - d->entrance[i].y, d->entrance[i].y - b.n), 0);

		if (hypot(x, y) <= radius * GIS_COVER_REACH)
			out[n++] = d->entrance[i];
	}
	return n;
}

static void
check_samples(const struct district *d, const struct gis_coverage *c, size_t i,
    double radius)
{
	struct gis_point p[32], again[32], *near;
	double share = gis_coverage_share(c, i);
	size_t n = gis_covered_samples(
	    gis, &d->home[i], share, d->entrance, d->n, radius, 32, p);
	struct gis_box b;

	near = malloc((d->n + 1) * sizeof(*near));
	assert_int_equal(
	    gis_covered_samples(gis, &d->home[i], share, near,
		near_last_first(d, i, radius, near), radius, 32, again),
	    n);
	free(near);
	assert_memory_equal(p, again, n * sizeof(*p));

	assert_int_equal(n > 0, gis_coverage_share(c, i) > 0);
	assert_true(n <= 32);
	for (size_t k = 0; k < n; k++)
		assert_true(nearest(d, p[k]) <= radius);
	if (d->shape[i] == NULL)
		return;
	b = gis_shape_box(d->shape[i]);
	for (size_t k = 0; k < n; k++)
		assert_true(p[k].x >= b.w - 0.1 && p[k].x <= b.e + 0.1 &&
			    p[k].y >= b.s - 0.1 && p[k].y <= b.n + 0.1);
}

static void
check_gaps(const struct district *d, const struct gis_coverage *c)
{
	struct gis_gap *gap;
	size_t n = gis_coverage_gaps(gis, c, &gap);
	double want = 0, got = 0;

	for (size_t i = 0; i < d->nhomes; i++)
		want +=
		    (double)d->home[i].people * (1 - gis_coverage_share(c, i));
	for (size_t i = 0; i < n; i++) {
		got += gap[i].people;
		assert_true(gap[i].area > 0);
		assert_int_equal(gis_shape_kind(gap[i].plane_shape), GIS_AREA);
	}
	if (fabs(got - want) > 1e-3)
		print_message("gaps %f, homes %f\n", got, want);
	assert_true(fabs(got - want) < 1e-3);
	gis_gaps_free(gis, gap, n);
}

/* The same area, made of all homes at once. */
static void
check_uncovered(const struct district *d, const struct gis_coverage *c)
{
	const struct gis_shape **area = malloc((d->nhomes + 1) * sizeof(*area));
	struct gis_point *dot = malloc((d->nhomes + 1) * sizeof(*dot));
	struct gis_shape *covered = gis_coverage_area(gis, c), *left;
	struct gis_fail fail = { -1, "" };
	struct gis_gap *gap;
	size_t n = gis_coverage_gaps(gis, c, &gap), areas = 0, dots = 0;
	double want = 0, got = 0;

	for (size_t i = 0; i < n; i++)
		want += gap[i].area;
	for (size_t i = 0; i < d->nhomes; i++) {
		if (d->home[i].people <= 0 || gis_coverage_share(c, i) >= 1)
			continue;
		if (d->shape[i] != NULL)
			area[areas++] = d->shape[i];
		else
			dot[dots++] = d->home[i].plane;
	}
	left = gis_uncovered(gis, area, areas, dot, dots, covered, &fail);
	assert_string_equal(fail.what, "");
	if (left != NULL)
		got = gis_shape_area(gis, left);
	assert_true(fabs(got - want) <= 1 + want * 1e-3);
	gis_shape_free(gis, left);
	gis_shape_free(gis, covered);
	gis_gaps_free(gis, gap, n);
	free(area);
	free(dot);
}

static void
check_area(GEOSContextHandle_t h, const struct gis_coverage *c,
    const GEOSGeometry *all)
{
	struct gis_shape *s = gis_coverage_area(gis, c);
	double want = 0;

	GEOSArea_r(h, all, &want);
	assert_int_equal(s == NULL, want == 0);
	if (s != NULL)
		assert_true(fabs(gis_shape_area(gis, s) / want - 1) < 1e-4);
	gis_shape_free(gis, s);
}

static void
test_random(void **state)
{
	static struct district d;
	GEOSContextHandle_t h = GEOS_init_r();
	struct gis_fail why;

	(void)state;
	for (int round = 0; round < 24; round++) {
		double radius = round % 2 == 0 ? 200 : 77.7;
		struct gis_coverage *c;
		GEOSGeometry *all;

		draw(&d, round);
		all = plain_union(h, &d, radius);
		c = gis_coverage_radius(gis, d.entrance, d.n, radius, d.home,
		    d.nhomes, NULL, NULL, &why);
		assert_non_null(c);
		for (size_t i = 0; i < d.nhomes; i++) {
			double share = gis_coverage_share(c, i);

			/* 128 and 256 corners differ by centimetres. */
			if (d.shape[i] != NULL)
				assert_true(
				    fabs(share - plain_share(h, all,
						     d.shape[i])) < 2e-3);
			else
				assert_true(
				    share ==
				    (nearest(&d, d.home[i].plane) <= radius));
			check_samples(&d, c, i, radius);
		}
		check_area(h, c, all);
		check_gaps(&d, c);
		check_uncovered(&d, c);
		gis_coverage_free(gis, c);
		GEOSGeom_destroy_r(h, all);
		clear(&d);
	}
	GEOS_finish_r(h);
}

static struct gis_coverage *
one_home(
    struct gis_shape *s, double radius, const struct gis_point *p, size_t n)
{
	struct gis_home home = { s, { 0, 0 }, 1000 };
	struct gis_fail why;
	struct gis_coverage *c;

	c = gis_coverage_radius(gis, p, n, radius, &home, 1, NULL, NULL, &why);
	assert_non_null(c);
	return c;
}

/* A disc amid a large home covers pi R^2 of it, to one in 1e9. */
static void
test_disc_area(void **state)
{
	char text[512];
	struct gis_shape *s = draw_home(-500, -500, 1000, 0, text, 512);
	struct gis_point p = { 0, 0 };
	struct gis_coverage *c = one_home(s, 200, &p, 1);

	(void)state;
	assert_true(fabs(gis_coverage_share(c, 0) / (M_PI * 200 * 200 / 1e6) -
			 1) < 1e-9);
	gis_coverage_free(gis, c);
	gis_shape_free(gis, s);
}

/* Houses wall to wall are one gap, a house apart is another. */
static void
test_gaps_join(void **state)
{
	static const double x[] = { 0, 50, 100, 300 };
	struct gis_home home[4];
	struct gis_coverage *c;
	struct gis_gap *gap;
	struct gis_fail why;
	char text[512];

	(void)state;
	for (int i = 0; i < 4; i++) {
		home[i].plane_shape = draw_home(x[i], 0, 50, 0, text, 512);
		home[i].people = 10 + i;
	}
	c = gis_coverage_radius(gis, NULL, 0, 200, home, 4, NULL, NULL, &why);
	assert_int_equal(gis_coverage_gaps(gis, c, &gap), 2);
	assert_true(gap[0].people == 33 && fabs(gap[0].area - 7500) < 1e-6);
	assert_true(gap[1].people == 13 && fabs(gap[1].area - 2500) < 1e-6);
	assert_null(gis_coverage_area(gis, c));
	gis_gaps_free(gis, gap, 2);
	gis_coverage_free(gis, c);
	for (int i = 0; i < 4; i++)
		gis_shape_free(
		    gis, (struct gis_shape *)(uintptr_t)home[i].plane_shape);
}

static void
test_refusals(void **state)
{
	struct gis_point p = { 0, 0 };
	struct gis_fail why;

	(void)state;
	assert_null(
	    gis_coverage_radius(gis, &p, 1, NAN, NULL, 0, NULL, NULL, &why));
	assert_null(
	    gis_coverage_radius(gis, &p, 1, -1, NULL, 0, NULL, NULL, &why));
	assert_non_null(strstr(why.what, "radius"));
}

/* A radius of nothing holds the entrance's own place. */
static void
test_zero_radius(void **state)
{
	struct gis_home home[] = { { NULL, { 5, 5 }, 1 },
		{ NULL, { 5, 6 }, 1 } };
	struct gis_point p[] = { { 5, 5 }, { NAN, 1 } };
	struct gis_fail why;
	struct gis_coverage *c =
	    gis_coverage_radius(gis, p, 2, 0, home, 2, NULL, NULL, &why);

	(void)state;
	assert_true(gis_coverage_share(c, 0) == 1);
	assert_true(gis_coverage_share(c, 1) == 0);
	assert_true(gis_coverage_share(c, 2) == 0);
	gis_coverage_free(gis, c);
}

static int
stop_at_five(void *arg, size_t done, size_t total)
{
	assert_int_equal(total, 10);
	*(size_t *)arg = done;
	return done == 5;
}

static void
test_cancel(void **state)
{
	struct gis_home home[10] = { 0 };
	struct gis_point p = { 0, 0 };
	struct gis_fail why;
	size_t seen = 0;

	(void)state;
	assert_null(gis_coverage_radius(
	    gis, &p, 1, 10, home, 10, stop_at_five, &seen, &why));
	assert_int_equal(seen, 5);
	assert_string_equal(why.what, "cancelled");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_disc_area),
		cmocka_unit_test(test_gaps_join),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_zero_radius),
		cmocka_unit_test(test_cancel),
	};
	int rc;

	gis = gis_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	gis_free(gis);
	return rc;
}

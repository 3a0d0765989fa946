/* SPDX-License-Identifier: MIT */
/*
 * The union of discs against two others: every circle against every other with
 * true angles (the textbook's way), and GEOS uniting polygons.  Discs lie as
 * registers have them: by chance, on a grid of round metres, doubled, touching
 * exactly, one in another, in clusters and far apart.  And changes against
 * making it anew.
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

#include "gis/union.h"

enum { MOST = 160, KINDS = 9, ROUNDS = 504, CHORDS = 256 };

static struct gis *gis;
static uint64_t seed = 11;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

struct discs {
	struct gis_point at[MOST];
	double r[MOST];
	size_t n;
};

/* What a new disc is like, given those before. */
static void
draw_one(struct discs *d, size_t i, int kind)
{
	struct gis_point *p = &d->at[i];
	size_t k = i == 0 ? 0 : (size_t)(chance() * (double)i);

	d->r[i] = 200;
	*p = (struct gis_point){ chance() * 3000, chance() * 3000 };
	if (kind == 1) { /* 3-4-5: many circles through one point */
		*p = (struct gis_point){ floor(p->x / 100) * 100,
			floor(p->y / 100) * 100 };
		d->r[i] = 500;
	} else if (kind == 2) { /* a grid whose neighbours just touch */
		*p = (struct gis_point){ floor(p->x / 400) * 400,
			floor(p->y / 400) * 400 };
	} else if (kind == 3 && i > 0) { /* touching and doubled */
		p->x = d->at[k].x + (chance() < 0.3 ? 0 : 400);
		p->y = d->at[k].y;
	} else if (kind == 4) { /* one in another, some touching inside */
		d->r[i] = 50 * floor(1 + chance() * 8);
		*p = (struct gis_point){ floor(p->x / 50) * 50,
			floor(p->y / 50) * 50 };
	} else if (kind == 5) { /* all radii, some tiny */
		d->r[i] = 400 * chance() * chance() + 1e-3;
	} else if (kind == 6) { /* clusters far apart */
		p->x = p->x / 10 + floor(chance() * 3) * 1e5;
		p->y = p->y / 10 + 2.7e6;
	} else if (kind == 7 && i > 0) { /* nearly the same, nearly touching */
		p->x = d->at[k].x + (chance() < 0.5 ? 400 : 0) +
		       (chance() - 0.5) * 1e-7;
		p->y = d->at[k].y + (chance() - 0.5) * 1e-7;
	} else if (kind == 8) { /* a ring of discs around a hole, turned */
		double t = (double)i * 0.17;

		*p = (struct gis_point){ 1000 * cos(t), 1000 * sin(t) };
		d->r[i] = i % 7 == 0 ? 900 : 150;
	}
}

static void
draw(struct discs *d, int round)
{
	d->n = 1 + (size_t)(chance() * (round % 4 == 0 ? 6 : MOST - 1));
	for (size_t i = 0; i < d->n; i++)
		draw_one(d, i, round % KINDS);
}

struct span {
	long double a, b;
};

static int
by_start(const void *a, const void *b)
{
	const struct span *p = a, *q = b;

	return p->a < q->a ? -1 : p->a > q->a;
}

/* Angles of circle i inside circle j; returns -1 when all of it is. */
static int
hidden(const struct discs *d, size_t i, size_t j, struct span *s, size_t *n)
{
	long double dx = (long double)d->at[j].x - d->at[i].x;
	long double dy = (long double)d->at[j].y - d->at[i].y;
	long double l = sqrtl(dx * dx + dy * dy), r = d->r[i], q = d->r[j];
	long double pi = acosl(-1), mid, half, a;

	if (l == 0 && r == q)
		return j < i ? -1 : 0;
	if (l + r <= q)
		return -1;
	if (l >= r + q || l + q <= r)
		return 0;
	mid = atan2l(dy, dx);
	half = acosl((l * l + r * r - q * q) / (2 * l * r));
	a = fmodl(mid - half + 4 * pi, 2 * pi);
	s[(*n)++] = (struct span){ a, fminl(a + 2 * half, 2 * pi) };
	if (a + 2 * half > 2 * pi)
		s[(*n)++] = (struct span){ 0, a + 2 * half - 2 * pi };
	return 0;
}

/* Twice the area swept by circle i between two angles, around its own place in
 * the middle of things. */
static long double
swept(const struct discs *d, size_t i, long double a, long double b)
{
	long double x = (long double)d->at[i].x - d->at[0].x;
	long double y = (long double)d->at[i].y - d->at[0].y, r = d->r[i];

	return r * (r * (b - a) + x * (sinl(b) - sinl(a)) -
		       y * (cosl(b) - cosl(a)));
}

static long double
textbook(const struct discs *d)
{
	static struct span s[2 * MOST];
	long double sum = 0, at;
	size_t n, j;

	for (size_t i = 0; i < d->n; i++) {
		n = 0;
		for (j = 0; j < d->n; j++)
			if (j != i && hidden(d, i, j, s, &n) == -1)
				break;
		if (j < d->n)
			continue;
		qsort(s, n, sizeof(*s), by_start);
		at = 0;
		for (j = 0; j < n; j++) {
			if (s[j].a > at)
				sum += swept(d, i, at, s[j].a);
			at = fmaxl(at, s[j].b);
		}
		if (at < 2 * acosl(-1))
			sum += swept(d, i, at, 2 * acosl(-1));
	}
	return sum / 2;
}

static double
geos_area(GEOSContextHandle_t h, const struct discs *d)
{
	GEOSGeometry *g[MOST], *p, *all, *u;
	double area = 0;

	for (size_t i = 0; i < d->n; i++) {
		p = GEOSGeom_createPointFromXY_r(h, d->at[i].x, d->at[i].y);
		g[i] = GEOSBuffer_r(h, p, d->r[i], CHORDS / 4);
		GEOSGeom_destroy_r(h, p);
	}
	all = GEOSGeom_createCollection_r(
	    h, GEOS_MULTIPOLYGON, g, (unsigned)d->n);
	u = GEOSUnaryUnion_r(h, all);
	assert_non_null(u);
	GEOSArea_r(h, u, &area);
	GEOSGeom_destroy_r(h, all);
	GEOSGeom_destroy_r(h, u);
	return area;
}

static void
check_points(const struct gis_union *u, const struct discs *d)
{
	for (int k = 0; k < 100; k++) {
		size_t i = (size_t)(chance() * (double)d->n);
		struct gis_point p = { d->at[i].x + (chance() - 0.5) * 800,
			d->at[i].y + (chance() - 0.5) * 800 };
		bool in = false;

		if (k % 10 == 0) /* on a rim, where coordinates are round */
			p = (struct gis_point){ d->at[i].x + d->r[i],
				d->at[i].y };
		for (size_t j = 0; j < d->n; j++)
			in |=
			    d->r[j] > 0 && gis_distance(p, d->at[j]) <= d->r[j];
		assert_int_equal(gis_union_has(u, p), in);
	}
}

/* Valid, and short of the true area by what its chords cut off. */
static void
check_shape(GEOSContextHandle_t h, const struct gis_union *u, double area)
{
	struct gis_fail why = { 0 };
	struct gis_shape *s = gis_union_shape(gis, u, CHORDS, &why);
	unsigned char *wkb;
	double off = 0;
	GEOSGeometry *g;
	size_t len;

	if (s == NULL)
		fail_msg("no shape: %s", why.what);
	off = 1 - gis_shape_area(gis, s) / area;
	if (off < -1e-9 || off > 1.1e-4)
		fail_msg("the shape's area is off by %g", off);
	wkb = gis_shape_to_wkb(gis, s, &len);
	g = GEOSGeomFromWKB_buf_r(h, wkb, len);
	if (GEOSisValid_r(h, g) != 1)
		fail_msg("invalid: %s", GEOSisValidReason_r(h, g));
	GEOSGeom_destroy_r(h, g);
	free(wkb);
	gis_shape_free(gis, s);
}

static void
test_random(void **state)
{
	static struct discs d;
	GEOSContextHandle_t h = GEOS_init_r();

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct gis_union *u;
		double area, want, geos;

		draw(&d, round);
		u = gis_union_new(d.at, d.r, 0, d.n);
		assert_non_null(u);
		area = gis_union_area(u);
		want = (double)textbook(&d);
		if (!(fabs(area - want) <= 1e-9 * want))
			fail_msg("round %d: %.12g, textbook %.12g", round, area,
			    want);
		geos = geos_area(h, &d);
		if (geos > area * (1 + 1e-9) || geos < area * (1 - 3e-4))
			fail_msg(
			    "round %d: %.12g, GEOS %.12g", round, area, geos);
		check_points(u, &d);
		check_shape(h, u, area);
		gis_union_free(u);
	}
	GEOS_finish_r(h);
}

/* One disc comes, goes or moves; sometimes to where another lies. */
static void
change(struct gis_union *u, struct discs *d, int kind)
{
	size_t i = (size_t)(chance() * (double)d->n);

	if (chance() < 0.3 && d->n < MOST) {
		i = d->n++;
		draw_one(d, i, kind);
	} else if (chance() < 0.4) {
		assert_int_equal(gis_union_take(u, (uint32_t)i), 0);
		d->r[i] = 0;
		return;
	} else {
		draw_one(d, i, kind);
	}
	assert_int_equal(gis_union_put(u, (uint32_t)i, d->at[i], d->r[i]), 0);
}

/* Radians of the rim, all discs together. */
static double
open_rim(const struct gis_union *u)
{
	double some, all = 0;

	for (uint32_t i = 0; i < gis_union_size(u); i++) {
		gis_union_arcs(u, i, &some);
		all += some;
	}
	return all;
}

static void
test_changes(void **state)
{
	static struct discs d;
	GEOSContextHandle_t h = GEOS_init_r();

	(void)state;
	for (int round = 0; round < 90; round++) {
		struct gis_union *u, *anew;
		double a, b;

		draw(&d, round);
		d.n = d.n / 2 + 1;
		u = gis_union_new(d.at, d.r, 0, d.n);
		for (int k = 0; k < 60; k++) {
			change(u, &d, round % KINDS);
			if (k % 6 != 5)
				continue;
			anew = gis_union_new(d.at, d.r, 0, d.n);
			a = gis_union_area(u);
			b = gis_union_area(anew);
			if (!(fabs(a - b) <= 1e-9 * b))
				fail_msg(
				    "round %d: %.12g, anew %.12g", round, a, b);
			if (round % KINDS == 0 || round % KINDS == 5)
				assert_true(
				    fabs(open_rim(u) - open_rim(anew)) < 1e-9);
			gis_union_free(anew);
		}
		a = gis_union_area(u);
		check_points(u, &d);
		if (a > 0)
			check_shape(h, u, a);
		gis_union_free(u);
	}
	GEOS_finish_r(h);
}

/* Many points at once, some exactly at the radius, against each by itself. */
static void
test_reach(void **state)
{
	static struct discs d;
	static struct gis_point p[2000];
	static bool in[2000];

	(void)state;
	for (int round = 0; round < 45; round++) {
		draw(&d, round);
		if (round % 5 == 4) /* so many beside that the tree is asked */
			for (size_t i = 0; i < d.n; i++)
				d.at[i].x = 100 + chance();
		for (int i = 0; i < 2000; i++) {
			struct gis_point c =
			    d.at[(size_t)(chance() * (double)d.n)];
			double way = i % 5 == 0 ? 200 : chance() * 500;

			p[i] = (struct gis_point){ c.x + way, c.y };
			if (i % 5 > 1)
				p[i].y += chance() * 500 - 250;
		}
		p[0].x = NAN;
		assert_int_equal(
		    gis_union_reach(d.at, d.n, 200, p, 2000, in), 0);
		for (int i = 0; i < 2000; i++) {
			bool want = false;

			for (size_t j = 0; j < d.n; j++)
				want |= gis_distance(p[i], d.at[j]) <= 200;
			assert_int_equal(in[i], want);
		}
	}
}

static struct gis_shape *
box_shape(double x, double y, double side)
{
	char text[512];
	struct gis_fail why;
	int n = snprintf(text, sizeof(text),
	    "{\"type\":\"Polygon\",\"coordinates\":[[[%f,%f],[%f,%f],"
	    "[%f,%f],[%f,%f],[%f,%f]]]}",
	    x, y, x + side, y, x + side, y + side, x, y + side, x, y);

	return gis_shape_from_geojson(gis, text, (size_t)n, NULL, &why);
}

/* Cells that fill the plane where the discs are share the area out, whether
 * their edges pass between the corners of the rim or exactly through them. */
static double
sum_cells(const struct gis_rim *rim, double from, double side, int n)
{
	double sum = 0, in;

	for (int i = 0; i < n * n; i++) {
		struct gis_shape *s =
		    box_shape(from + i % n * side, from + i / n * side, side);

		assert_int_equal(
		    gis_rim_area(gis, rim, s, side * side, &in), 0);
		assert_true(in >= 0 && in <= side * side);
		sum += in;
		gis_shape_free(gis, s);
	}
	return sum;
}

static void
test_shares(void **state)
{
	static const double sides[] = { 4200, 700, 100, 87.5 };
	static const int kinds[] = { 0, 1, 2, 4, 5 };
	static struct discs d;

	(void)state;
	for (int round = 0; round < 120; round++) {
		double side = sides[round % 4], want, got;
		struct gis_union *u;
		struct gis_rim *rim;

		d.n = 1 + (size_t)(chance() * (MOST - 1));
		for (size_t i = 0; i < d.n; i++)
			draw_one(&d, i, kinds[round % 5]);
		u = gis_union_new(d.at, d.r, 0, d.n);
		rim = gis_rim_new(u);
		want = gis_union_area(u);
		got = sum_cells(rim, -600, side, (int)ceil(4200 / side));
		if (!(fabs(got / want - 1) < 1e-9))
			fail_msg("round %d: cells %.12g, union %.12g", round,
			    got, want);
		gis_rim_free(rim);
		gis_union_free(u);
	}
}

/* Figures anyone can check: alone, doubled, a lens, a hole. */
static void
test_known(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 0, 0 }, { 300, 0 }, { 2e6, 7 } };
	double lens =
	    2 * (200 * 200 * acos(0.75) - 150 * sqrt(200 * 200 - 150 * 150));
	double disc = M_PI * 200 * 200;
	struct gis_union *u = gis_union_new(p, NULL, 200, 4);
	double open, other;
	size_t n;

	(void)state;
	assert_true(fabs(gis_union_area(u) / (3 * disc - lens) - 1) < 1e-12);
	n = gis_union_arcs(u, 0, &open) + gis_union_arcs(u, 1, &other);
	assert_int_equal(n, 1); /* of the doubled ones */
	assert_true(fabs(open + other + 2 * acos(0.75) - 2 * M_PI) < 1e-12);
	assert_int_equal(gis_union_arcs(u, 9, &open), 0);
	assert_int_equal(gis_union_take(u, 0), 0);
	assert_int_equal(gis_union_arcs(u, 1, &open), 1);
	assert_true(fabs(gis_union_area(u) / (3 * disc - lens) - 1) < 1e-12);
	assert_int_equal(gis_union_take(u, 2), 0);
	assert_true(fabs(gis_union_area(u) / (2 * disc) - 1) < 1e-12);
	gis_union_free(u);
}

static void
test_nothing(void **state)
{
	struct gis_point p[] = { { NAN, 0 }, { 0, INFINITY }, { 1, 1 } };
	double r[] = { 5, 5, 0 };
	struct gis_union *u = gis_union_new(p, r, 0, 3);
	struct gis_fail why;

	(void)state;
	assert_true(gis_union_area(u) == 0);
	assert_false(gis_union_has(u, (struct gis_point){ 1, 1 }));
	assert_null(gis_union_shape(gis, u, 64, &why));
	assert_non_null(strstr(why.what, "empty"));
	assert_int_equal(gis_union_take(u, 2), 0);
	assert_int_equal(gis_union_take(u, 77), 0);
	assert_int_equal(gis_union_put(u, 4, p[2], 5), -1);
	assert_int_equal(gis_union_put(u, 3, p[2], 5), 0);
	assert_true(gis_union_has(u, (struct gis_point){ 6, 1 }));
	gis_union_free(u);
	u = gis_union_new(NULL, NULL, 5, 0);
	assert_int_equal(gis_union_put(u, 0, p[2], 5), 0);
	assert_int_equal(gis_union_size(u), 1);
	gis_union_free(u);
	gis_union_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_nothing),
	};
	int rc;

	gis = gis_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	gis_free(gis);
	return rc;
}

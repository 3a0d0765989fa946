/* SPDX-License-Identifier: MIT */
/*
 * The coverage engine against plain GEOS: 500 configurations, each with discs
 * that touch, discs that are there twice and discs far apart, of mixed radii,
 * made at once and then changed one by one.  GEOS unites polygons inside the
 * discs and polygons around them: what the engine says of the union's area and
 * of its part in a home must lie between the two, with nothing allowed but
 * rounding.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <geos_c.h>
#include <cmocka.h>

#include "gis/union.h"

enum { ROUNDS = 500, MOST = 26, CHANGES = 6, QUADRANT = 16, HOMES = 2 };

static struct gis *gis;
static GEOSContextHandle_t h;
static uint64_t seed = 2024;

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
	size_t n, touching, doubled, apart;
};

/* By turns somewhere, touching one before from outside or from inside, the
 * same as one before, and a town away. */
static void
draw_one(struct discs *d, size_t i)
{
	size_t k = i == 0 ? 0 : (size_t)(chance() * (double)i);
	double turn = chance() < 0.5 ? 0 : chance() * 6.283185307;
	double r = 50 * floor(1 + chance() * 10), away;
	struct gis_point p = { chance() * 3000, chance() * 3000 };
	int kind = i == 0 || d->r[k] <= 0 ? 0 : (int)(i % 5);

	if (kind == 1 || kind == 2) {
		away = kind == 1 ? d->r[k] + r : fabs(d->r[k] - r);
		p = (struct gis_point){ d->at[k].x + away * cos(turn),
			d->at[k].y + away * sin(turn) };
		d->touching++;
	} else if (kind == 3) {
		p = d->at[k];
		r = chance() < 0.7 ? d->r[k] : r;
		d->doubled++;
	} else if (kind == 4) {
		p.x += 1e5 * (1 + floor(chance() * 4));
		d->apart++;
	}
	d->at[i] = p;
	d->r[i] = r;
}

static void
draw(struct discs *d)
{
	*d = (struct discs){ .n = 6 +
				  (size_t)(chance() * (MOST - CHANGES - 6)) };
	for (size_t i = 0; i < d->n; i++)
		draw_one(d, i);
	assert_true(d->touching > 0 && d->doubled > 0 && d->apart > 0);
}

/* GEOS's buffer of a point has its corners on the circle; wider by `grow` its
 * chords touch it. */
static GEOSGeometry *
unite(const struct discs *d, double grow)
{
	GEOSGeometry *g[MOST], *p, *all, *u;
	unsigned n = 0;

	for (size_t i = 0; i < d->n; i++) {
		if (d->r[i] <= 0)
			continue;
		p = GEOSGeom_createPointFromXY_r(h, d->at[i].x, d->at[i].y);
		g[n++] = GEOSBuffer_r(h, p, d->r[i] * grow, QUADRANT);
		GEOSGeom_destroy_r(h, p);
	}
	all = GEOSGeom_createCollection_r(h, GEOS_MULTIPOLYGON, g, n);
	u = GEOSUnaryUnion_r(h, all);
	assert_non_null(u);
	GEOSGeom_destroy_r(h, all);
	return u;
}

static double
area_of(const GEOSGeometry *g)
{
	double area = 0;

	GEOSArea_r(h, g, &area);
	return area;
}

static double
area_within(const GEOSGeometry *g, const char *wkt)
{
	GEOSGeometry *home = GEOSGeomFromWKT_r(h, wkt);
	GEOSGeometry *both = GEOSIntersection_r(h, g, home);
	double area = area_of(both);

	GEOSGeom_destroy_r(h, both);
	GEOSGeom_destroy_r(h, home);
	return area;
}

static void
between(int round, const char *what, double inner, double ours, double outer)
{
	double grain = 1e-9 * outer + 1e-6;

	if (!(ours >= inner - grain && ours <= outer + grain))
		fail_msg("round %d, %s: %.12g not between %.12g and %.12g",
		    round, what, ours, inner, outer);
}

static void
check_home(int round, const struct gis_rim *rim, const struct discs *d,
    const GEOSGeometry *inner, const GEOSGeometry *outer)
{
	size_t k = (size_t)(chance() * (double)d->n);
	double x = d->at[k].x + (chance() - 0.5) * 900;
	double y = d->at[k].y + (chance() - 0.5) * 900;
	double w = 20 + chance() * 600, l = 20 + chance() * 600, m2 = -1;
	char json[400], wkt[400];
	struct gis_fail why;
	struct gis_shape *home;
	int n = snprintf(json, sizeof(json),
	    "{\"type\":\"Polygon\",\"coordinates\":[[[%.9f,%.9f],[%.9f,%.9f],"
	    "[%.9f,%.9f],[%.9f,%.9f]]]}",
	    x, y, x + w, y, x + w / 3, y + l, x, y);

	snprintf(wkt, sizeof(wkt),
	    "POLYGON((%.9f %.9f,%.9f %.9f,%.9f %.9f,%.9f %.9f))", x, y, x + w,
	    y, x + w / 3, y + l, x, y);
	home = gis_shape_from_geojson(gis, json, (size_t)n, NULL, &why);
	assert_non_null(home);
	assert_int_equal(
	    gis_rim_area(gis, rim, home, gis_shape_area(gis, home), &m2), 0);
	between(round, "home", area_within(inner, wkt), m2,
	    area_within(outer, wkt));
	gis_shape_free(gis, home);
}

static void
check(int round, const struct gis_union *u, const struct discs *d)
{
	GEOSGeometry *inner = unite(d, 1);
	GEOSGeometry *outer = unite(d, 1 / cos(M_PI / (4 * QUADRANT)));
	struct gis_rim *rim = gis_rim_new(u);

	between(
	    round, "union", area_of(inner), gis_union_area(u), area_of(outer));
	for (int i = 0; i < HOMES; i++)
		check_home(round, rim, d, inner, outer);
	gis_rim_free(rim);
	GEOSGeom_destroy_r(h, inner);
	GEOSGeom_destroy_r(h, outer);
}

/* Discs move, come and go; which keeps all three kinds among them. */
static void
change(struct gis_union *u, struct discs *d)
{
	for (int i = 0; i < CHANGES; i++) {
		size_t k =
		    i % 3 == 0 ? d->n++ : (size_t)(chance() * (double)d->n);

		if (i % 3 == 1) {
			assert_int_equal(gis_union_take(u, (uint32_t)k), 0);
			d->r[k] = 0;
			continue;
		}
		draw_one(d, k);
		assert_int_equal(
		    gis_union_put(u, (uint32_t)k, d->at[k], d->r[k]), 0);
	}
}

static void
test_against_geos(void **state)
{
	static struct discs d;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct gis_union *u;

		draw(&d);
		u = gis_union_new(d.at, d.r, 0, d.n);
		assert_non_null(u);
		check(round, u, &d);
		change(u, &d);
		check(round, u, &d);
		gis_union_free(u);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_geos),
	};
	int rc;

	gis = gis_new();
	h = GEOS_init_r();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	GEOS_finish_r(h);
	gis_free(gis);
	return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Seconds to find the covered share of every home (squares of 60 m) within
 * 200 m of clustered entrances, beside GEOS asked plainly: buffer every point,
 * one unary union, prepared, one intersection for each home on its rim.  Both
 * answers must agree to 0.1 %.
 */
#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gis/coverage.h"

enum { RADIUS = 200, HALF = 30, QUADRANT = 32, RUNS = 3 };

struct city {
	size_t nhomes, nentrances;
	struct gis_point *at, *entrance;
};

static uint64_t seed;

static double
below(double n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return n * (double)(seed >> 11) / 9007199254740992.0;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A home for every 100 m x 100 m, entrances in clusters of about ten. */
static struct city
city_make(size_t homes, size_t entrances)
{
	struct city c = { homes, entrances, malloc(homes * sizeof(*c.at)),
		malloc(entrances * sizeof(*c.entrance)) };
	double side = 100 * sqrt((double)homes);
	struct gis_point centre = { 0, 0 };

	seed = homes;
	for (size_t i = 0; i < homes; i++)
		c.at[i] = (struct gis_point){ below(side), below(side) };
	for (size_t i = 0; i < entrances; i++) {
		if (i % 10 == 0)
			centre = (struct gis_point){ below(side), below(side) };
		c.entrance[i] = (struct gis_point){ centre.x + below(400),
			centre.y + below(400) };
	}
	return c;
}

static GEOSGeometry *
square(GEOSContextHandle_t g, struct gis_point p)
{
	return GEOSGeom_createRectangle_r(
	    g, p.x - HALF, p.y - HALF, p.x + HALF, p.y + HALF);
}

/* Inside and outside are told by the prepared union; of a home on its rim the
 * union is first cut to the home's box. */
static double
geos_share(GEOSContextHandle_t g, const GEOSGeometry *area,
    const GEOSPreparedGeometry *ready, struct gis_point p)
{
	GEOSGeometry *home = square(g, p), *near, *in;
	double m2 = 4.0 * HALF * HALF;

	if (!GEOSPreparedIntersects_r(g, ready, home)) {
		m2 = 0;
	} else if (!GEOSPreparedContains_r(g, ready, home)) {
		near = GEOSClipByRect_r(
		    g, area, p.x - HALF, p.y - HALF, p.x + HALF, p.y + HALF);
		in = GEOSIntersection_r(g, home, near);
		GEOSArea_r(g, in, &m2);
		GEOSGeom_destroy_r(g, in);
		GEOSGeom_destroy_r(g, near);
	}
	GEOSGeom_destroy_r(g, home);
	return m2 / (4.0 * HALF * HALF);
}

static double
ask_geos(const struct city *c)
{
	GEOSContextHandle_t g = GEOS_init_r();
	GEOSGeometry **discs = malloc(c->nentrances * sizeof(GEOSGeometry *));
	const GEOSPreparedGeometry *ready;
	GEOSGeometry *all, *area;
	double shares = 0;

	for (size_t i = 0; i < c->nentrances; i++) {
		GEOSGeometry *p = GEOSGeom_createPointFromXY_r(
		    g, c->entrance[i].x, c->entrance[i].y);

		discs[i] = GEOSBuffer_r(g, p, RADIUS, QUADRANT);
		GEOSGeom_destroy_r(g, p);
	}
	all = GEOSGeom_createCollection_r(
	    g, GEOS_MULTIPOLYGON, discs, (unsigned)c->nentrances);
	area = GEOSUnaryUnion_r(g, all);
	ready = GEOSPrepare_r(g, area);
	for (size_t i = 0; i < c->nhomes; i++)
		shares += geos_share(g, area, ready, c->at[i]);
	GEOSPreparedGeom_destroy_r(g, ready);
	GEOSGeom_destroy_r(g, area);
	GEOSGeom_destroy_r(g, all);
	free(discs);
	GEOS_finish_r(g);
	return shares;
}

static struct gis_shape *
shape_of(struct gis *gis, struct gis_point p)
{
	struct gis_fail fail;
	char text[256];
	int n = snprintf(text, sizeof(text),
	    "{\"type\":\"Polygon\",\"coordinates\":[[[%.9g,%.9g],[%.9g,%.9g],"
	    "[%.9g,%.9g],[%.9g,%.9g],[%.9g,%.9g]]]}",
	    p.x - HALF, p.y - HALF, p.x + HALF, p.y - HALF, p.x + HALF,
	    p.y + HALF, p.x - HALF, p.y + HALF, p.x - HALF, p.y - HALF);

	return gis_shape_from_geojson(gis, text, (size_t)n, NULL, &fail);
}

static double
ask_gis(struct gis *gis, const struct city *c, const struct gis_home *homes)
{
	struct gis_fail fail;
	struct gis_coverage *cover = gis_coverage_radius(gis, c->entrance,
	    c->nentrances, RADIUS, homes, c->nhomes, NULL, NULL, &fail);
	double shares = 0;

	if (cover == NULL) {
		fprintf(stderr, "b_coverage: %s\n", fail.what);
		exit(1);
	}
	for (size_t i = 0; i < c->nhomes; i++)
		shares += gis_coverage_share(cover, i);
	gis_coverage_free(gis, cover);
	return shares;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int
bench(size_t nhomes, size_t nentrances)
{
	struct city c = city_make(nhomes, nentrances);
	struct gis *gis = gis_new();
	struct gis_home *homes = malloc(nhomes * sizeof(*homes));
	double ours[RUNS], theirs[RUNS], a = 0, b = 0;

	for (size_t i = 0; i < nhomes; i++)
		homes[i] =
		    (struct gis_home){ shape_of(gis, c.at[i]), c.at[i], 1 };
	for (int i = 0; i < RUNS; i++) {
		double start = now();

		a = ask_gis(gis, &c, homes);
		ours[i] = now() - start;
		start = now();
		b = ask_geos(&c);
		theirs[i] = now() - start;
	}
	qsort(ours, RUNS, sizeof(*ours), ascending);
	qsort(theirs, RUNS, sizeof(*theirs), ascending);
	for (size_t i = 0; i < nhomes; i++)
		gis_shape_free(gis, (struct gis_shape *)homes[i].plane_shape);
	free(homes);
	free(c.at);
	free(c.entrance);
	gis_free(gis);
	if (fabs(a - b) > b / 1000) {
		fprintf(stderr, "b_coverage: %.3f, GEOS %.3f\n", a, b);
		return 1;
	}
	printf("{\"name\":\"coverage\",\"size\":%zu,\"value\":%.6f,"
	       "\"unit\":\"s\",\"peer\":\"GEOS union + intersections\","
	       "\"peer_value\":%.6f,\"ratio\":%.2f}\n",
	    nhomes, ours[RUNS / 2], theirs[RUNS / 2],
	    theirs[RUNS / 2] / ours[RUNS / 2]);
	fflush(stdout);
	return 0;
}

int
main(void)
{
	return bench(1000, 250) || bench(4000, 1000) || bench(10000, 2500);
}

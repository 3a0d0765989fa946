/* SPDX-License-Identifier: MIT */
/*
 * Shapes to GeoJSON with a fixed number of decimals.  Numbers are written by
 * hand: the locale cannot reach them and trailing zeros go.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geos.h"

struct text {
	char *s;
	size_t n, cap;
	int decimals, areas, multi, runs, part, failed;
};

static void
put(struct text *t, const char *s, size_t n)
{
	size_t cap = t->cap == 0 ? 256 : t->cap;
	char *grown;

	while (cap < t->n + n + 1)
		cap *= 2;
	if (cap != t->cap && !t->failed) {
		grown = realloc(t->s, cap);
		if (grown == NULL)
			t->failed = 1;
		else {
			t->s = grown;
			t->cap = cap;
		}
	}
	if (t->failed)
		return;
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = '\0';
}

static void
puts_to(struct text *t, const char *s)
{
	put(t, s, strlen(s));
}

/* |v| <= 1e9 and at most nine decimals, so the scaled number fits. */
static void
put_number(struct text *t, double v)
{
	char digits[32], *p = digits + sizeof(digits);
	uint64_t n;
	int left = t->decimals, seen = 0;
	double scale = 1;

	for (int i = 0; i < t->decimals; i++)
		scale *= 10;
	n = (uint64_t)llround(fabs(v) * scale);
	if (v < 0 && n > 0)
		puts_to(t, "-");
	for (; left > 0; left--, n /= 10) {
		if (n % 10 != 0 || seen) {
			*--p = (char)('0' + n % 10);
			seen = 1;
		}
	}
	if (seen)
		*--p = '.';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	put(t, p, (size_t)(digits + sizeof(digits) - p));
}

static void
put_points(struct text *t, const struct gis_run *run)
{
	for (size_t i = 0; i < run->n; i++) {
		puts_to(t, i > 0 ? ",[" : "[");
		put_number(t, run->pts[i].x);
		puts_to(t, ",");
		put_number(t, run->pts[i].y);
		puts_to(t, "]");
	}
}

/* A run closes what the last one left open. */
static int
put_run(void *arg, const struct gis_run *run)
{
	struct text *t = arg;

	if (t->runs > 0)
		puts_to(t, t->areas && t->part != run->part ? "],[" : ",");
	else if (t->areas && t->multi)
		puts_to(t, "[");
	t->part = run->part;
	t->runs++;
	if (t->areas || t->multi)
		puts_to(t, "[");
	put_points(t, run);
	if (t->areas || t->multi)
		puts_to(t, "]");
	return t->failed ? -1 : 0;
}

static const char *
name_of(int type)
{
	switch (type) {
	case GEOS_POINT:
		return "Point";
	case GEOS_POLYGON:
		return "Polygon";
	case GEOS_MULTIPOLYGON:
		return "MultiPolygon";
	case GEOS_MULTILINESTRING:
		return "MultiLineString";
	default:
		return "LineString";
	}
}

char *
gis_shape_to_geojson(
    struct gis *gis, const struct gis_shape *shape, int decimals)
{
	int type = GEOSGeomTypeId_r(gis->h, shape->g);
	struct text t = {
		.decimals = decimals < 0   ? 0
			    : decimals > 9 ? 9
					   : decimals,
		.areas = shape->kind == GIS_AREA,
		.multi = type >= GEOS_MULTIPOINT,
	};

	puts_to(&t, "{\"type\":\"");
	puts_to(&t, name_of(type));
	puts_to(&t, "\",\"coordinates\":");
	if (type != GEOS_POINT)
		puts_to(&t, "[");
	if (gis_each_run(gis, shape->g, put_run, &t) == -1)
		t.failed = 1;
	if (t.areas && t.multi)
		puts_to(&t, "]");
	puts_to(&t, type != GEOS_POINT ? "]}" : "}");
	if (!t.failed)
		return t.s;
	free(t.s);
	return NULL;
}

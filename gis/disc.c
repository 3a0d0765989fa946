/* SPDX-License-Identifier: MIT */
/*
 * Discs as polygons of equal area (cover.h has the formula), whole, cut to a
 * box, or united; and three small questions to GEOS.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/cover.h"

static const double two_pi = 6.28318530717958647692;

void
gis_disc_init(struct gis_disc *d, double radius)
{
	double step = two_pi / GIS_CORNERS;

	d->outer = radius * sqrt(two_pi / (GIS_CORNERS * sin(step)));
	d->inner = d->outer * cos(step / 2);
	for (int i = 0; i < GIS_CORNERS; i++)
		d->corner[i] = (struct gis_point){ d->outer * cos(i * step),
			d->outer * sin(i * step) };
	d->corner[GIS_CORNERS] = d->corner[0];
}

static GEOSGeometry *
area_of_ring(struct gis *gis, const struct gis_point *p, size_t n)
{
	GEOSGeometry *ring = gis_geos_ring(gis, p, n);

	return ring == NULL ? NULL
			    : GEOSGeom_createPolygon_r(gis->h, ring, NULL, 0);
}

static void
place(const struct gis_disc *d, struct gis_point c, struct gis_point *out)
{
	for (int i = 0; i <= GIS_CORNERS; i++) {
		out[i].x = c.x + d->corner[i].x;
		out[i].y = c.y + d->corner[i].y;
	}
}

GEOSGeometry *
gis_disc_at(struct gis *gis, const struct gis_disc *d, struct gis_point c)
{
	struct gis_point p[GIS_CORNERS + 1];

	place(d, c, p);
	return area_of_ring(gis, p, GIS_CORNERS + 1);
}

/* One side of the box: keeps what has a * x + b * y <= c. */
struct side {
	double a, b, c;
};

static double
beyond(struct side s, struct gis_point p)
{
	return s.a * p.x + s.b * p.y - s.c;
}

/* Cuts a convex ring (not closed) by one side; at most one corner more. */
static size_t
cut(const struct gis_point *in, size_t n, struct side s, struct gis_point *out)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		struct gis_point p = in[i], q = in[(i + 1) % n];
		double u = beyond(s, p), v = beyond(s, q);

		if (u <= 0)
			out[m++] = p;
		if ((u < 0 && v > 0) || (u > 0 && v < 0))
			out[m++] = (struct gis_point){
				p.x + (q.x - p.x) * (u / (u - v)),
				p.y + (q.y - p.y) * (u / (u - v)),
			};
	}
	return m;
}

GEOSGeometry *
gis_disc_in_box(struct gis *gis, const struct gis_disc *d, struct gis_point c,
    struct gis_box b, int *empty)
{
	struct side side[4] = { { -1, 0, -b.w }, { 1, 0, b.e }, { 0, -1, -b.s },
		{ 0, 1, b.n } };
	struct gis_point p[GIS_CORNERS + 8], q[GIS_CORNERS + 8];
	size_t n = GIS_CORNERS;

	place(d, c, p);
	for (int i = 0; i < 4; i++) {
		n = cut(p, n, side[i], q);
		memcpy(p, q, n * sizeof(*p));
	}
	*empty = n < 3;
	if (*empty)
		return NULL;
	p[n] = p[0];
	return area_of_ring(gis, p, n + 1);
}

GEOSGeometry *
gis_disc_union(struct gis *gis, const struct gis_disc *d,
    const struct gis_point *at, size_t n)
{
	GEOSGeometry **disc = calloc(n + 1, sizeof(*disc));
	GEOSGeometry *all = NULL, *united = NULL;
	size_t made = 0;

	if (disc == NULL)
		return NULL;
	for (; made < n; made++)
		if ((disc[made] = gis_disc_at(gis, d, at[made])) == NULL)
			break;
	if (made == n)
		all = GEOSGeom_createCollection_r(
		    gis->h, GEOS_MULTIPOLYGON, disc, (unsigned)n);
	else
		while (made > 0)
			GEOSGeom_destroy_r(gis->h, disc[--made]);
	free(disc);
	if (all == NULL)
		return NULL;
	united = GEOSUnaryUnion_r(gis->h, all);
	GEOSGeom_destroy_r(gis->h, all);
	return united;
}

struct gis_box
gis_geos_box(struct gis *gis, const GEOSGeometry *g)
{
	struct gis_box b = gis_box_empty();

	GEOSGeom_getXMin_r(gis->h, g, &b.w);
	GEOSGeom_getYMin_r(gis->h, g, &b.s);
	GEOSGeom_getXMax_r(gis->h, g, &b.e);
	GEOSGeom_getYMax_r(gis->h, g, &b.n);
	return b;
}

double
gis_geos_area(struct gis *gis, const GEOSGeometry *g)
{
	double area = 0;

	GEOSArea_r(gis->h, g, &area);
	return area;
}

/* Copies the polygons of a collection into part[]; -1 on failure. */
static int
copy_areas(
    struct gis *gis, const GEOSGeometry *g, GEOSGeometry **part, unsigned *n)
{
	int total = GEOSGetNumGeometries_r(gis->h, g);
	const GEOSGeometry *p;

	for (int i = 0; i < total; i++) {
		p = GEOSGetGeometryN_r(gis->h, g, i);
		if (GEOSGeomTypeId_r(gis->h, p) != GEOS_POLYGON)
			continue;
		part[*n] = GEOSGeom_clone_r(gis->h, p);
		if (part[*n] == NULL)
			return -1;
		++*n;
	}
	return 0;
}

GEOSGeometry *
gis_geos_areas(struct gis *gis, GEOSGeometry *g)
{
	int total = GEOSGetNumGeometries_r(gis->h, g);
	GEOSGeometry **part, *areas = NULL;
	unsigned n = 0;

	if (GEOSGeomTypeId_r(gis->h, g) != GEOS_GEOMETRYCOLLECTION)
		return g;
	part = calloc((size_t)total + 1, sizeof(*part));
	if (part != NULL && copy_areas(gis, g, part, &n) == 0)
		areas = GEOSGeom_createCollection_r(
		    gis->h, GEOS_MULTIPOLYGON, part, n);
	else
		while (n > 0)
			GEOSGeom_destroy_r(gis->h, part[--n]);
	free(part);
	GEOSGeom_destroy_r(gis->h, g);
	return areas;
}

/* SPDX-License-Identifier: MIT */
/*
 * Sample points of the covered part of a home: the hits of a square grid laid
 * over it, so that each stands for the same area.  Depends on nothing but the
 * home, its share and the entrances near it.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/cover.h"

enum { MAX_GRID = 1 << 16, TRIES = 3 };

struct points {
	struct gis_point *p;
	size_t n, cap;
};

/* The nearest entrance decides; gives its place and the way to it. */
static double
to_entrance(const struct gis_coverage *c, struct gis_point p,
    struct gis_point *entrance)
{
	struct gis_hit hit;

	if (gis_index_nearest(c->index, p, 1, &hit) == 0)
		return INFINITY;
	*entrance = c->entrance[hit.item];
	return hit.metres;
}

static bool
holds(struct gis *gis, const GEOSPreparedGeometry *home, struct gis_point p)
{
	GEOSGeometry *at = GEOSGeom_createPointFromXY_r(gis->h, p.x, p.y);
	bool in;

	if (at == NULL)
		return false;
	in = GEOSPreparedContains_r(gis->h, home, at) == 1;
	GEOSGeom_destroy_r(gis->h, at);
	return in;
}

/* Grid points of `step` metres inside both the home and, if there is a
 * coverage, a disc. */
static void
grid(struct gis *gis, const struct gis_coverage *c,
    const GEOSPreparedGeometry *home, struct gis_box b, double step,
    struct points *out)
{
	size_t nx = (size_t)ceil((b.e - b.w) / step);
	size_t ny = (size_t)ceil((b.n - b.s) / step);
	struct gis_point p, entrance;

	out->n = 0;
	if (nx * ny > out->cap)
		return;
	for (size_t i = 0; i < nx * ny; i++) {
		p.x = (b.w + b.e) / 2 +
		      ((double)(i % nx) - (double)(nx - 1) / 2) * step;
		p.y = (b.s + b.n) / 2 +
		      ((double)(i / nx) - (double)(ny - 1) / 2) * step;
		if ((c == NULL || to_entrance(c, p, &entrance) <= c->radius) &&
		    holds(gis, home, p))
			out->p[out->n++] = p;
	}
}

static GEOSGeometry *
rest_of(
    struct gis *gis, const struct gis_coverage *c, const struct gis_covered *h)
{
	struct gis_coverage with = *c;

	gis_disc_init(&with.disc, c->radius);
	return gis_covered_rest(gis, &with, h);
}

/* A point of the covered part for parts thinner than the grid.  It may lie
 * on the few centimetres the polygon stands out beyond the disc: then it is
 * drawn back onto the circle. */
static int
any_point(struct gis *gis, const struct gis_coverage *c,
    const struct gis_covered *h, struct gis_point *out)
{
	GEOSGeometry *part = NULL, *on = NULL, *rest = NULL;
	struct gis_point e;
	double d;

	if (h->share >= 1)
		part = GEOSGeom_clone_r(gis->h, h->area);
	else if ((rest = rest_of(gis, c, h)) != NULL)
		part = GEOSDifference_r(gis->h, h->area, rest);
	if (rest != NULL)
		GEOSGeom_destroy_r(gis->h, rest);
	if (part != NULL) {
		on = GEOSPointOnSurface_r(gis->h, part);
		GEOSGeom_destroy_r(gis->h, part);
	}
	*out = h->at;
	if (on != NULL && !GEOSisEmpty_r(gis->h, on)) {
		GEOSGeomGetX_r(gis->h, on, &out->x);
		GEOSGeomGetY_r(gis->h, on, &out->y);
	}
	if (on != NULL)
		GEOSGeom_destroy_r(gis->h, on);
	if (c == NULL)
		return 1;
	d = to_entrance(c, *out, &e);
	if (d > c->radius && d < INFINITY) {
		out->x = e.x + (out->x - e.x) * (c->radius / d) * (1 - 1e-12);
		out->y = e.y + (out->y - e.y) * (c->radius / d) * (1 - 1e-12);
	}
	return 1;
}

static size_t
thin_out(const struct points *from, size_t max, struct gis_point *out)
{
	size_t n = from->n < max ? from->n : max;

	for (size_t i = 0; i < n; i++)
		out[i] = from->p[i * from->n / n];
	return n;
}

/* Ever finer grids until the covered part holds a point. */
static size_t
sample_area(struct gis *gis, const struct gis_coverage *c,
    const struct gis_covered *h, size_t max, struct gis_point *out)
{
	struct gis_box b = gis_geos_box(gis, h->area);
	const GEOSPreparedGeometry *home = GEOSPrepare_r(gis->h, h->area);
	struct points hits = { .cap = MAX_GRID };
	double step = sqrt(h->m2 * h->share / (double)max);
	size_t n = 0;

	hits.p = malloc(MAX_GRID * sizeof(*hits.p));
	for (int i = 0; hits.p != NULL && home != NULL && i < TRIES; i++) {
		grid(gis, c, home, b, step, &hits);
		n = thin_out(&hits, max, out);
		if (n > 0)
			break;
		step /= 2;
	}
	if (n == 0)
		n = (size_t)any_point(gis, c, h, out);
	GEOSPreparedGeom_destroy_r(gis->h, home);
	free(hits.p);
	return n;
}

size_t
gis_shape_samples(struct gis *gis, const struct gis_shape *area,
    struct gis_point inside, size_t max, struct gis_point *out)
{
	struct gis_covered all = { .area = area->g, .at = inside, .share = 1 };

	all.m2 = gis_geos_area(gis, area->g);
	return max > 0 ? sample_area(gis, NULL, &all, max, out) : 0;
}

size_t
gis_covered_samples(struct gis *gis, const struct gis_home *home, double share,
    const struct gis_point *entrances, size_t n, double radius, size_t max,
    struct gis_point *out)
{
	struct gis_coverage c = { .radius = radius };
	struct gis_covered h = { .at = home->plane, .share = share };

	if (max == 0 || share <= 0)
		return 0;
	*out = home->plane;
	if (home->plane_shape == NULL ||
	    gis_shape_kind(home->plane_shape) != GIS_AREA)
		return 1;
	h.area = home->plane_shape->g;
	h.m2 = gis_geos_area(gis, h.area);
	c.entrance = gis_places(entrances, n, &c.nentrances);
	if (c.entrance != NULL)
		c.index = gis_index_new(c.entrance, c.nentrances);
	n = c.index != NULL ? sample_area(gis, &c, &h, max, out) : 1;
	gis_index_free(c.index);
	free(c.entrance);
	return n;
}

/* SPDX-License-Identifier: MIT */
/*
 * The part of a home that no disc reaches, as a shape: one disc after the
 * other, the nearest first and cut to what is left of the home, is taken away.
 * Homes wider than a disc have their discs united first.  Made for those who
 * ask; shares do not need it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/cover.h"

/* Discs that may touch one home, the nearest first. */
struct near {
	struct gis_point *at;
	size_t n;
};

static bool
box_inside(struct gis_point c, double r, struct gis_box b)
{
	double dx = fmax(c.x - b.w, b.e - c.x);
	double dy = fmax(c.y - b.s, b.n - c.y);

	return sqrt(dx * dx + dy * dy) <= r;
}

static bool
box_missed(struct gis_point c, double r, struct gis_box b)
{
	double dx = fmax(fmax(b.w - c.x, c.x - b.e), 0);
	double dy = fmax(fmax(b.s - c.y, c.y - b.n), 0);

	return sqrt(dx * dx + dy * dy) >= r;
}

static struct gis_box
wider(struct gis_box b, double by)
{
	return (struct gis_box){ b.w - by, b.s - by, b.e + by, b.n + by };
}

/* Takes rest, gives what is left of it, NULL on failure. */
static GEOSGeometry *
subtract(struct gis *gis, GEOSGeometry *rest, GEOSGeometry *from_it)
{
	GEOSGeometry *left = GEOSDifference_r(gis->h, rest, from_it);

	GEOSGeom_destroy_r(gis->h, from_it);
	GEOSGeom_destroy_r(gis->h, rest);
	return left == NULL ? NULL : gis_geos_areas(gis, left);
}

/* An empty area for an all-covered home. */
static GEOSGeometry *
nothing(struct gis *gis, GEOSGeometry *rest)
{
	GEOSGeom_destroy_r(gis->h, rest);
	return GEOSGeom_createEmptyPolygon_r(gis->h);
}

static GEOSGeometry *
subtract_each(struct gis *gis, const struct gis_disc *d,
    const struct near *near, GEOSGeometry *rest)
{
	GEOSGeometry *disc;
	struct gis_box box;
	int empty;

	for (size_t i = 0; rest != NULL && i < near->n; i++) {
		if (GEOSisEmpty_r(gis->h, rest))
			break;
		box = gis_geos_box(gis, rest);
		if (box_missed(near->at[i], d->outer, box))
			continue;
		if (box_inside(near->at[i], d->inner, box))
			return nothing(gis, rest);
		/* A margin, so that the cut never lies on the home's rim. */
		box = wider(box, 1);
		disc = gis_disc_in_box(gis, d, near->at[i], box, &empty);
		if (empty)
			continue;
		if (disc == NULL) {
			GEOSGeom_destroy_r(gis->h, rest);
			return NULL;
		}
		rest = subtract(gis, rest, disc);
	}
	return rest;
}

static GEOSGeometry *
subtract_union(struct gis *gis, const struct gis_disc *d,
    const struct near *near, GEOSGeometry *rest)
{
	GEOSGeometry *all = gis_disc_union(gis, d, near->at, near->n);

	if (all != NULL)
		return subtract(gis, rest, all);
	GEOSGeom_destroy_r(gis->h, rest);
	return NULL;
}

static int
find_near(const struct gis_coverage *c, const struct gis_disc *d,
    struct gis_box box, struct near *near)
{
	struct gis_point mid = { (box.w + box.e) / 2, (box.s + box.n) / 2 };
	double reach =
	    d->outer + gis_distance(mid, (struct gis_point){ box.e, box.n });
	struct gis_hit *hit;
	size_t n;

	hit = gis_index_within(c->index, mid, reach, &n);
	if (hit == NULL)
		return -1;
	near->at = malloc((n + 1) * sizeof(*near->at));
	for (size_t i = 0; near->at != NULL && i < n; i++) {
		struct gis_point p = c->entrance[hit[i].item];

		if (!box_missed(p, d->outer, box))
			near->at[near->n++] = p;
	}
	free(hit);
	return near->at == NULL ? -1 : 0;
}

static GEOSGeometry *
rest_beside(struct gis *gis, const struct gis_coverage *c,
    const struct gis_disc *d, const struct gis_covered *h)
{
	struct gis_box box = gis_geos_box(gis, h->area);
	bool wide = fmax(box.e - box.w, box.n - box.s) > c->radius;
	GEOSGeometry *rest = GEOSGeom_clone_r(gis->h, h->area);
	struct near near = { 0 };

	if (rest == NULL || c->nentrances == 0 || c->radius == 0)
		return rest;
	if (find_near(c, d, box, &near) == -1) {
		GEOSGeom_destroy_r(gis->h, rest);
		return NULL;
	}
	if (near.n > 0)
		rest = (wide ? subtract_union : subtract_each)(
		    gis, d, &near, rest);
	free(near.at);
	return rest;
}

/* Polygons of the discs' own area may hide a part that is thinner than they
 * stand out; then polygons inside the discs do not. */
GEOSGeometry *
gis_covered_rest(
    struct gis *gis, const struct gis_coverage *c, const struct gis_covered *h)
{
	struct gis_disc within;
	GEOSGeometry *rest = rest_beside(gis, c, &c->disc, h);

	if (rest == NULL || gis_geos_area(gis, rest) > 0)
		return rest;
	GEOSGeom_destroy_r(gis->h, rest);
	gis_disc_init(
	    &within, c->radius * (c->radius / c->disc.outer) * (1 - 1e-9));
	return rest_beside(gis, c, &within, h);
}

/* SPDX-License-Identifier: MIT */
/*
 * The share of every home that lies within the radius of an entrance.  Only
 * discs that touch a home are looked at; most homes lie inside one disc or are
 * missed by all, which vertices and boxes tell without GEOS; of the others
 * one disc after the other, the nearest first and cut to what is left of the
 * home, is taken away.  Homes wider than a disc have their discs united first.
 */
#include "gis/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/cover.h"

enum { MAX_RADIUS = 1000000, DEPTH = 4 };

/* Discs that may touch one home, the nearest first, and its outline. */
struct near {
	struct gis_point *at;
	size_t n;
	struct gis_point *outline;
	size_t npts;
};

static bool
inside(struct gis_point c, double r, struct gis_point p)
{
	return gis_distance(c, p) <= r;
}

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

/* Whether the discs together surely hold the box: it or each quarter of it
 * lies in one of them. */
static bool
box_covered(const struct near *near, double r, struct gis_box b, int depth)
{
	double x = (b.w + b.e) / 2, y = (b.s + b.n) / 2;

	for (size_t i = 0; i < near->n; i++)
		if (box_inside(near->at[i], r, b))
			return true;
	return depth > 0 &&
	       box_covered(
		   near, r, (struct gis_box){ b.w, b.s, x, y }, depth - 1) &&
	       box_covered(
		   near, r, (struct gis_box){ x, b.s, b.e, y }, depth - 1) &&
	       box_covered(
		   near, r, (struct gis_box){ b.w, y, x, b.n }, depth - 1) &&
	       box_covered(
		   near, r, (struct gis_box){ x, y, b.e, b.n }, depth - 1);
}

static bool
all_inside(const struct near *near, struct gis_point c, double r)
{
	for (size_t i = 0; i < near->npts; i++)
		if (!inside(c, r, near->outline[i]))
			return false;
	return true;
}

/* Some corner that no disc can reach: the home is not wholly covered. */
static bool
corner_left(const struct near *near, double r)
{
	size_t k;

	for (size_t i = 0; i < near->npts; i++) {
		for (k = 0; k < near->n; k++)
			if (inside(near->at[k], r, near->outline[i]))
				break;
		if (k == near->n)
			return true;
	}
	return false;
}

static bool
surely_covered(
    const struct gis_coverage *c, const struct near *near, struct gis_box box)
{
	for (size_t i = 0; i < near->n; i++)
		if (all_inside(near, near->at[i], c->disc.inner))
			return true;
	return !corner_left(near, c->disc.outer) &&
	       box_covered(near, c->disc.inner, box, DEPTH);
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
find_near(const struct gis_coverage *c, struct gis_box box, struct near *near)
{
	struct gis_point mid = { (box.w + box.e) / 2, (box.s + box.n) / 2 };
	double reach = c->disc.outer +
		       gis_distance(mid, (struct gis_point){ box.e, box.n });
	struct gis_hit *hit;
	size_t n;

	hit = gis_index_within(c->index, mid, reach, &n);
	if (hit == NULL)
		return -1;
	near->at = malloc((n + 1) * sizeof(*near->at));
	for (size_t i = 0; near->at != NULL && i < n; i++) {
		struct gis_point p = c->entrance[hit[i].item];

		if (!box_missed(p, c->disc.outer, box))
			near->at[near->n++] = p;
	}
	free(hit);
	return near->at == NULL ? -1 : 0;
}

/* Share and rest of one home with an area, once its neighbours are known. */
static int
measure(struct gis *gis, const struct gis_coverage *c, struct gis_covered *h,
    const struct near *near, struct gis_box box)
{
	GEOSGeometry *rest;
	double left;
	bool wide = fmax(box.e - box.w, box.n - box.s) > c->radius;

	if (near->n == 0)
		return 0;
	if (surely_covered(c, near, box)) {
		h->share = 1;
		return 0;
	}
	rest = GEOSGeom_clone_r(gis->h, h->area);
	if (rest == NULL)
		return -1;
	rest =
	    (wide ? subtract_union : subtract_each)(gis, &c->disc, near, rest);
	if (rest == NULL)
		return -1;
	left = gis_geos_area(gis, rest) / h->m2;
	if (left > 1e-12 && left < 1 - 1e-12) {
		h->share = 1 - left;
		h->rest = rest;
		return 0;
	}
	h->share = left < 0.5;
	GEOSGeom_destroy_r(gis->h, rest);
	return 0;
}

static int
cover_area(struct gis *gis, struct gis_coverage *c, struct gis_covered *h,
    const struct gis_shape *shape)
{
	struct near near = { 0 };
	size_t *first = NULL, runs;
	int rc = -1;

	h->area = GEOSGeom_clone_r(gis->h, shape->g);
	if (h->area == NULL)
		return -1;
	h->m2 = gis_geos_area(gis, h->area);
	if (c->nentrances == 0 || c->radius == 0 || h->m2 <= 0)
		return 0;
	if (gis_shape_lines(gis, shape, &near.outline, &first, &runs) == -1)
		return -1;
	near.npts = first[runs];
	if (find_near(c, shape->box, &near) == 0)
		rc = measure(gis, c, h, &near, shape->box);
	free(first);
	free(near.outline);
	free(near.at);
	return rc;
}

static int
cover_home(struct gis *gis, struct gis_coverage *c, size_t i,
    const struct gis_home *home)
{
	struct gis_covered *h = &c->home[i];
	struct gis_hit hit;

	h->at = home->plane;
	h->people = home->people;
	if (home->plane_shape != NULL &&
	    gis_shape_kind(home->plane_shape) == GIS_AREA)
		return cover_area(gis, c, h, home->plane_shape);
	if (gis_index_nearest(c->index, h->at, 1, &hit) == 1)
		h->share = hit.metres <= c->radius;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct gis_point *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return p->y < q->y ? -1 : p->y > q->y;
}

/* Many records share one point: each place counts once. */
static int
take_entrances(struct gis_coverage *c, const struct gis_point *p, size_t n)
{
	size_t kept = 0;

	c->entrance = malloc((n + 1) * sizeof(*p));
	if (c->entrance == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fabs(p[i].x) <= GIS_MAX_COORD &&
		    fabs(p[i].y) <= GIS_MAX_COORD)
			c->entrance[c->nentrances++] = p[i];
	qsort(c->entrance, c->nentrances, sizeof(*p), by_place);
	for (size_t i = 0; i < c->nentrances; i++)
		if (kept == 0 ||
		    by_place(&c->entrance[i], &c->entrance[kept - 1]) != 0)
			c->entrance[kept++] = c->entrance[i];
	c->nentrances = kept;
	c->index = gis_index_new(c->entrance, kept);
	return c->index == NULL ? -1 : 0;
}

static struct gis_coverage *
coverage_new(const struct gis_point *p, size_t n, double radius, size_t nhomes)
{
	struct gis_coverage *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->radius = radius;
	gis_disc_init(&c->disc, radius);
	c->home = calloc(nhomes + 1, sizeof(*c->home));
	if (c->home != NULL && take_entrances(c, p, n) == 0) {
		c->nhomes = nhomes;
		return c;
	}
	gis_coverage_free(NULL, c);
	return NULL;
}

/* The result keeps copies of what it needs of the homes. */
struct gis_coverage *
gis_coverage_radius(struct gis *gis, const struct gis_point *plane_entrances,
    size_t n, double radius, const struct gis_home *homes, size_t nhomes,
    int (*cancel)(void *, size_t done, size_t total), void *arg,
    struct gis_fail *fail)
{
	struct gis_coverage *c;
	const char *why = NULL;

	if (!(radius >= 0 && radius <= MAX_RADIUS))
		return gis_refuse(gis, fail, -1,
		    "the radius is not a length between 0 and 1000 km");
	c = coverage_new(plane_entrances, n, radius, nhomes);
	if (c == NULL)
		return gis_refuse(gis, fail, -1, "out of memory");
	for (size_t i = 0; i < nhomes; i++) {
		if (cancel != NULL && cancel(arg, i, nhomes) != 0)
			why = "cancelled";
		else if (cover_home(gis, c, i, &homes[i]) == 0)
			continue;
		gis_coverage_free(gis, c);
		return gis_refuse(gis, fail, (long)i, why);
	}
	return c;
}

void
gis_coverage_free(struct gis *gis, struct gis_coverage *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->nhomes; i++) {
		if (c->home[i].area != NULL)
			GEOSGeom_destroy_r(gis->h, c->home[i].area);
		if (c->home[i].rest != NULL)
			GEOSGeom_destroy_r(gis->h, c->home[i].rest);
	}
	gis_index_free(c->index);
	free(c->home);
	free(c->entrance);
	free(c);
}

double
gis_coverage_share(const struct gis_coverage *c, size_t home)
{
	return home < c->nhomes ? c->home[home].share : 0;
}

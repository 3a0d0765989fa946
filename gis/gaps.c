/* SPDX-License-Identifier: MIT */
/*
 * What is covered as one area, and what is not as gaps with the people in
 * them.  Uncovered parts of homes are united; each part then gives its people
 * (by its share of the home's area) to the gap it lies in.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/cover.h"

/* The rim of discs as large as the polygons' corners reach, in chords as long
 * as theirs: a disc alone is the very polygon of cover.h. */
struct gis_shape *
gis_coverage_area(struct gis *gis, const struct gis_coverage *c)
{
	struct gis_union *wide;
	struct gis_shape *area;
	struct gis_fail fail;

	if (c->nentrances == 0 || c->radius == 0)
		return NULL;
	wide = gis_union_new(c->entrance, NULL, c->disc.outer, c->nentrances);
	if (wide == NULL)
		return NULL;
	area = gis_union_shape(gis, wide, GIS_CORNERS, &fail);
	gis_union_free(wide);
	return area;
}

/* A polygon that nobody reaches, its people, and later its gap. */
struct part {
	GEOSGeometry *area;
	double people;
};

struct parts {
	struct part *part;
	size_t n, cap;
};

static int
add_part(struct gis *gis, struct parts *p, GEOSGeometry *area, double people)
{
	size_t cap = p->cap == 0 ? 64 : p->cap * 2;
	struct part *grown;

	if (area == NULL)
		return -1;
	if (p->n == p->cap) {
		grown = realloc(p->part, cap * sizeof(*grown));
		if (grown == NULL) {
			GEOSGeom_destroy_r(gis->h, area);
			return -1;
		}
		p->part = grown;
		p->cap = cap;
	}
	p->part[p->n++] = (struct part){ area, people };
	return 0;
}

static void
parts_release(struct gis *gis, struct parts *p)
{
	for (size_t i = 0; i < p->n; i++)
		GEOSGeom_destroy_r(gis->h, p->part[i].area);
	free(p->part);
}

/* The people outside, spread evenly over the parts of what is left. */
static int
parts_of_area(struct gis *gis, struct parts *p, const struct gis_covered *h,
    const GEOSGeometry *left)
{
	double outside = (double)h->people * (1 - h->share);
	double all = gis_geos_area(gis, left);
	int n = GEOSGetNumGeometries_r(gis->h, left);
	const GEOSGeometry *g;

	for (int i = 0; all > 0 && i < n; i++) {
		g = GEOSGetGeometryN_r(gis->h, left, i);
		if (add_part(gis, p, GEOSGeom_clone_r(gis->h, g),
			outside * gis_geos_area(gis, g) / all) == -1)
			return -1;
	}
	return 0;
}

static int
parts_of_home(struct gis *gis, struct parts *p, const struct gis_coverage *c,
    const struct gis_covered *h, const struct gis_disc *dot)
{
	GEOSGeometry *left;
	int rc;

	if (h->people <= 0 || h->share >= 1)
		return 0;
	if (h->area == NULL)
		return add_part(
		    gis, p, gis_disc_at(gis, dot, h->at), (double)h->people);
	if (h->share == 0)
		return parts_of_area(gis, p, h, h->area);
	left = gis_covered_rest(gis, c, h);
	if (left == NULL)
		return -1;
	rc = parts_of_area(gis, p, h, left);
	GEOSGeom_destroy_r(gis->h, left);
	return rc;
}

/* The union of all parts; the parts stay the caller's. */
static GEOSGeometry *
unite(struct gis *gis, const struct parts *p)
{
	GEOSGeometry **copy = calloc(p->n + 1, sizeof(*copy));
	GEOSGeometry *all = NULL, *united = NULL;
	size_t n = 0;

	if (copy == NULL)
		return NULL;
	for (; n < p->n; n++)
		if ((copy[n] = GEOSGeom_clone_r(gis->h, p->part[n].area)) ==
		    NULL)
			break;
	if (n == p->n)
		all = GEOSGeom_createCollection_r(
		    gis->h, GEOS_MULTIPOLYGON, copy, (unsigned)n);
	else
		while (n > 0)
			GEOSGeom_destroy_r(gis->h, copy[--n]);
	free(copy);
	if (all != NULL) {
		united = GEOSUnaryUnion_r(gis->h, all);
		GEOSGeom_destroy_r(gis->h, all);
	}
	return united == NULL ? NULL : gis_geos_areas(gis, united);
}

struct ask {
	struct gis *gis;
	const GEOSGeometry *at;
	struct gis_gap *gap;
	double best; /* metres from the part's inner point */
};

static void
ask_gap(void *item, void *arg)
{
	struct gis_gap *gap = item;
	struct ask *ask = arg;
	double d;

	if (ask->best > 0 &&
	    GEOSDistance_r(ask->gis->h, gap->plane_shape->g, ask->at, &d) ==
		1 &&
	    d < ask->best) {
		ask->best = d;
		ask->gap = gap;
	}
}

/* Gives the people of each part to the gap around its inner point. */
static int
settle(struct gis *gis, const struct parts *p, GEOSSTRtree *tree)
{
	GEOSGeometry *at;

	for (size_t i = 0; i < p->n; i++) {
		struct ask ask = { .gis = gis, .best = INFINITY };

		ask.at = at = GEOSPointOnSurface_r(gis->h, p->part[i].area);
		if (at == NULL)
			return -1;
		GEOSSTRtree_query_r(gis->h, tree, at, ask_gap, &ask);
		GEOSGeom_destroy_r(gis->h, at);
		if (ask.gap != NULL)
			ask.gap->people += p->part[i].people;
	}
	return 0;
}

static int
count_people(
    struct gis *gis, const struct parts *p, struct gis_gap *gap, size_t n)
{
	GEOSSTRtree *tree = GEOSSTRtree_create_r(gis->h, 10);
	int rc;

	if (tree == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		GEOSSTRtree_insert_r(
		    gis->h, tree, gap[i].plane_shape->g, &gap[i]);
	rc = settle(gis, p, tree);
	GEOSSTRtree_destroy_r(gis->h, tree);
	return rc;
}

/* The members of the union as gaps without people yet. */
static struct gis_gap *
split(struct gis *gis, const GEOSGeometry *all, size_t *n)
{
	int total = GEOSGetNumGeometries_r(gis->h, all);
	struct gis_gap *gap = calloc((size_t)total + 1, sizeof(*gap));
	struct gis_fail fail;

	*n = 0;
	for (int i = 0; gap != NULL && i < total; i++) {
		struct gis_gap *g = &gap[*n];

		g->plane_shape = gis_shape_adopt(gis,
		    GEOSGeom_clone_r(
			gis->h, GEOSGetGeometryN_r(gis->h, all, i)),
		    &fail);
		if (g->plane_shape == NULL) {
			gis_gaps_free(gis, gap, *n);
			return NULL;
		}
		g->area = gis_shape_area(gis, g->plane_shape);
		++*n;
	}
	return gap;
}

static int
by_people(const void *a, const void *b)
{
	const struct gis_gap *p = a, *q = b;

	if (p->people != q->people)
		return p->people > q->people ? -1 : 1;
	return p->area > q->area ? -1 : p->area < q->area;
}

static int
collect(struct gis *gis, const struct gis_coverage *c, struct parts *parts)
{
	struct gis_disc dot;

	gis_disc_init(&dot, GIS_POINT_HOME);
	for (size_t i = 0; i < c->nhomes; i++)
		if (parts_of_home(gis, parts, c, &c->home[i], &dot) == -1)
			return -1;
	return 0;
}

/* Most people first. *out is NULL when there are none, or memory ended. */
size_t
gis_coverage_gaps(
    struct gis *gis, const struct gis_coverage *c, struct gis_gap **out)
{
	struct parts parts = { 0 };
	struct gis_gap *gap = NULL;
	GEOSGeometry *all = NULL;
	size_t n = 0;

	*out = NULL;
	if (collect(gis, c, &parts) == 0 && parts.n > 0)
		all = unite(gis, &parts);
	if (all != NULL)
		gap = split(gis, all, &n);
	if (gap != NULL && count_people(gis, &parts, gap, n) == -1) {
		gis_gaps_free(gis, gap, n);
		gap = NULL;
	}
	if (all != NULL)
		GEOSGeom_destroy_r(gis->h, all);
	parts_release(gis, &parts);
	if (gap == NULL)
		return 0;
	qsort(gap, n, sizeof(*gap), by_people);
	*out = gap;
	return n;
}

void
gis_gaps_free(struct gis *gis, struct gis_gap *gap, size_t n)
{
	for (size_t i = 0; i < n; i++)
		gis_shape_free(gis, gap[i].plane_shape);
	free(gap);
}

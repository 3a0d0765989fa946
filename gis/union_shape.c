/* SPDX-License-Identifier: MIT */
/*
 * The union as a (multi)polygon.  Corners lie on the rim, so each chord stays
 * within the part of the plane where its disc is the one that reaches farthest
 * (its power cell, which is convex): chords of different discs cannot cross,
 * and what comes out is valid however thin the places between discs are.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/geos.h"
#include "gis/union_rings.h"

enum { FEWEST = 8, MOST = 4096 };

struct drawing {
	struct gis *gis;
	const struct gis_union *u;
	struct gis_rings rings;
	double step; /* radians a chord spans at most */
	struct gis_point *p;
	size_t n, cap;
	GEOSGeometry **area; /* finished polygons */
	unsigned nareas;
};

static int
points_room(struct drawing *d, size_t more)
{
	size_t cap = d->cap;
	struct gis_point *grown;

	if (d->n + more <= cap)
		return 0;
	while (cap < d->n + more)
		cap = cap * 2 + 256;
	grown = realloc(d->p, cap * sizeof(*grown));
	if (grown == NULL)
		return -1;
	d->p = grown;
	d->cap = cap;
	return 0;
}

static void
add_point(struct drawing *d, struct gis_point p)
{
	if (d->n == 0 || p.x != d->p[d->n - 1].x || p.y != d->p[d->n - 1].y)
		d->p[d->n++] = p;
}

/* The radius of corners that no other arc shares: so much less that rounding
 * (of turning some hundred times, and of coordinates) moves none across the
 * rim of a disc that just touches; some nanometres. */
static double
inset(const struct gis_circle *c)
{
	return c->r * (1 - 1e-13) - 4e-15 * (fabs(c->at.x) + fabs(c->at.y));
}

/* The start and what lies between, not the end. */
static int
draw_arc(struct drawing *d, uint32_t at)
{
	const struct gis_arc *arc = &d->u->arc[at];
	const struct gis_circle *c = &d->u->circle[d->rings.owner[at]];
	bool whole = arc->from == GIS_NO_DISC;
	int parts = (int)fmax(ceil(arc->span / d->step - 1e-9), 1);
	double co = cos(arc->span / parts), si = sin(arc->span / parts);
	double r = inset(c);
	struct gis_point v = arc->start;

	if (points_room(d, (size_t)parts + 1) == -1)
		return -1;
	if (!whole)
		add_point(d, gis_arc_start(c, arc));
	for (int i = whole ? 0 : 1; i < parts; i++) {
		v = (struct gis_point){ v.x * co - v.y * si,
			v.x * si + v.y * co };
		add_point(d,
		    (struct gis_point){ c->at.x + r * v.x, c->at.y + r * v.y });
	}
	return 0;
}

/* NULL and *tiny when it has no area to speak of. */
static GEOSGeometry *
draw_ring(struct drawing *d, const struct gis_arc_ring *ring, bool *tiny)
{
	uint32_t at = ring->first;

	d->n = 0;
	*tiny = false;
	do {
		if (draw_arc(d, at) == -1)
			return NULL;
		at = d->rings.next[at];
	} while (at != ring->first);
	while (d->n > 1 && d->p[d->n - 1].x == d->p[0].x &&
	       d->p[d->n - 1].y == d->p[0].y)
		d->n--;
	*tiny = d->n < 3;
	if (*tiny || points_room(d, 1) == -1)
		return NULL;
	d->p[d->n] = d->p[0];
	return gis_geos_ring(d->gis, d->p, d->n + 1);
}

/* What is smaller than a square millimetre is rounding, no ring. */
static bool
is_hole(const struct gis_arc_ring *ring)
{
	return ring->swept < -2e-6 && ring->around != GIS_NO_RING;
}

static bool
is_outer(const struct gis_arc_ring *ring)
{
	return ring->swept > 2e-6;
}

/* Numbers of the rings, those of one polygon together, its outer ring first:
 * first[i] … first[i + 1] - 1 of list belong to ring i. */
static int
group(const struct gis_rings *r, uint32_t **first, uint32_t **list)
{
	uint32_t *f = calloc(r->n + 2, sizeof(*f));
	uint32_t *l = malloc((r->n + 1) * sizeof(*l));

	*first = f;
	*list = l;
	if (f == NULL || l == NULL)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		if (is_hole(&r->ring[i]))
			f[r->ring[i].around + 2]++;
	for (size_t i = 2; i < r->n + 2; i++)
		f[i] += f[i - 1];
	for (size_t i = 0; i < r->n; i++)
		if (is_hole(&r->ring[i]))
			l[f[r->ring[i].around + 1]++] = (uint32_t)i;
	return 0;
}

/* One polygon into d->area; -1 when out of memory. */
static int
draw_area(struct drawing *d, uint32_t outer, const uint32_t *hole, size_t n)
{
	GEOSGeometry **in = malloc((n + 1) * sizeof(*in)), *rim, *area = NULL;
	unsigned made = 0;
	bool tiny = false;

	rim = draw_ring(d, &d->rings.ring[outer], &tiny);
	for (size_t i = 0; in != NULL && rim != NULL && i < n; i++) {
		in[made] = draw_ring(d, &d->rings.ring[hole[i]], &tiny);
		if (in[made] == NULL && !tiny)
			goto fail;
		made += in[made] != NULL;
	}
	if (rim != NULL && in == NULL)
		goto fail;
	if (rim == NULL) {
		free(in);
		return tiny ? 0 : -1;
	}
	area = GEOSGeom_createPolygon_r(d->gis->h, rim, in, made);
	free(in);
	if (area != NULL)
		d->area[d->nareas++] = area;
	return area == NULL ? -1 : 0;
fail:
	while (made > 0)
		GEOSGeom_destroy_r(d->gis->h, in[--made]);
	GEOSGeom_destroy_r(d->gis->h, rim);
	free(in);
	return -1;
}

static int
draw_all(struct drawing *d)
{
	const struct gis_rings *r = &d->rings;
	uint32_t *first, *list;
	int rc = group(r, &first, &list);

	d->area = malloc((r->n + 1) * sizeof(*d->area));
	if (d->area == NULL)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < r->n; i++)
		if (is_outer(&r->ring[i]))
			rc = draw_area(d, (uint32_t)i, list + first[i],
			    first[i + 1] - first[i]);
	free(first);
	free(list);
	return rc;
}

static GEOSGeometry *
finish(struct drawing *d)
{
	GEOSGeometry *one;

	if (d->nareas == 1) {
		one = d->area[0];
		d->nareas = 0;
		return one;
	}
	one = GEOSGeom_createCollection_r(
	    d->gis->h, GEOS_MULTIPOLYGON, d->area, d->nareas);
	if (one != NULL)
		d->nareas = 0;
	return one;
}

static void
drawing_release(struct drawing *d)
{
	while (d->nareas > 0)
		GEOSGeom_destroy_r(d->gis->h, d->area[--d->nareas]);
	gis_rings_release(&d->rings);
	free(d->area);
	free(d->p);
}

struct gis_shape *
gis_union_shape(struct gis *gis, const struct gis_union *u, int chords,
    struct gis_fail *fail)
{
	struct drawing d = { .gis = gis, .u = u };
	GEOSGeometry *g = NULL;
	const char *why = "out of memory";
	bool doubtful;

	chords = chords < FEWEST ? FEWEST : chords > MOST ? MOST : chords;
	d.step = 2 * 3.14159265358979323846 / chords;
	if (gis_rings_init(&d.rings, u) == 0) {
		if (d.rings.n == 0)
			why = "the union is empty";
		else if (draw_all(&d) == 0 && d.nareas > 0)
			g = finish(&d);
	}
	doubtful = d.rings.doubtful;
	drawing_release(&d);
	if (g == NULL)
		return gis_refuse(gis, fail, -1, why);
	return doubtful ? gis_shape_adopt_repaired(gis, g, NULL, fail)
			: gis_shape_adopt(gis, g, fail);
}

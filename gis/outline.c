/* SPDX-License-Identifier: MIT */
/*
 * Clipping and rounding are one overlay of GEOS on a grid of one unit
 * (OverlayNG's snap rounding), so that what comes out is valid, however small
 * the corners' distances were.  That costs some 80 us, so small polygons are
 * tried without first (tile_ring.h).
 */
#include "gis/outline.h"

#include <math.h>
#include <stdlib.h>

#include "gis/boxes.h"
#include "gis/cover.h"
#include "gis/tile_ring.h"

struct ring {
	size_t first;
	bool hole;
};

struct gis_outline {
	struct gis_box box; /* on the square */
	struct gis_world *pt;
	struct ring *ring; /* and one more, at the end of the last */
	size_t n, nrings, cap, caprings;
};

static bool
make_room(struct gis_outline *o, size_t points)
{
	size_t cap = (o->cap + points) * 2, caprings = o->caprings * 2 + 2;
	void *p;

	if (o->n + points > o->cap) {
		if ((p = realloc(o->pt, cap * sizeof(*o->pt))) == NULL)
			return false;
		o->pt = p;
		o->cap = cap;
	}
	if (o->nrings + 1 < o->caprings)
		return true;
	if ((p = realloc(o->ring, caprings * sizeof(*o->ring))) == NULL)
		return false;
	o->ring = p;
	o->caprings = caprings;
	return true;
}

/* The last point of a run is its first again. */
static int
add_run(void *arg, const struct gis_run *run)
{
	struct gis_outline *o = arg;
	size_t n = run->n > 0 ? run->n - 1 : 0;

	if (!make_room(o, n))
		return -1;
	o->ring[o->nrings++] = (struct ring){ o->n, run->ring > 0 };
	for (size_t i = 0; i < n; i++) {
		struct gis_world w = gis_world_from_lonlat(run->pts[i]);

		o->pt[o->n++] = w;
		o->box = gis_box_with(o->box, (struct gis_point){ w.x, w.y });
	}
	o->ring[o->nrings].first = o->n;
	return 0;
}

struct gis_outline *
gis_outline_new(struct gis *gis, const struct gis_shape *lonlat_area)
{
	struct gis_outline *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	o->box = gis_box_empty();
	if (gis_shape_kind(lonlat_area) == GIS_AREA &&
	    gis_each_run(gis, lonlat_area->g, add_run, o) == 0 && o->n > 0)
		return o;
	gis_outline_free(o);
	return NULL;
}

void
gis_outline_free(struct gis_outline *o)
{
	if (o == NULL)
		return;
	free(o->pt);
	free(o->ring);
	free(o);
}

static double
unit(uint32_t z)
{
	return ldexp(1, GIS_WORLD_BITS - GIS_TILE_BITS - (int)z);
}

double
gis_outline_size(const struct gis_outline *o, uint32_t z)
{
	return fmax(o->box.e - o->box.w, o->box.n - o->box.s) / unit(z);
}

/* The tile with its buffer, on the square. */
static struct gis_box
reach(struct gis_tile_at at)
{
	double u = unit(at.z), side = u * GIS_TILE_EXTENT;
	double buffer = u * GIS_TILE_BUFFER;

	return (struct gis_box){ at.x * side - buffer, at.y * side - buffer,
		(at.x + 1) * side + buffer, (at.y + 1) * side + buffer };
}

static bool
meet(struct gis_box a, struct gis_box b)
{
	return a.w <= b.e && b.w <= a.e && a.s <= b.n && b.s <= a.n;
}

static void
ring_points(const struct gis_outline *o, size_t i, struct gis_tile_at at,
    struct gis_point *p)
{
	size_t first = o->ring[i].first, n = o->ring[i + 1].first - first;
	double scale = 1 / unit(at.z);

	for (size_t k = 0; k < n; k++) {
		struct gis_world w = o->pt[first + k];

		p[k].x = w.x * scale - (double)at.x * GIS_TILE_EXTENT;
		p[k].y = w.y * scale - (double)at.y * GIS_TILE_EXTENT;
	}
}

/* Ring i in units of the tile; NULL on failure. */
static GEOSGeometry *
tile_ring(struct gis *gis, const struct gis_outline *o, size_t i,
    struct gis_tile_at at)
{
	size_t first = o->ring[i].first, n = o->ring[i + 1].first - first;
	struct gis_point *p = malloc((n + 1) * sizeof(*p));
	GEOSGeometry *ring;

	if (p == NULL)
		return NULL;
	ring_points(o, i, at, p);
	p[n] = p[0];
	ring = gis_geos_ring(gis, p, n + 1);
	free(p);
	return ring;
}

/* The polygon whose outer ring is number *i, with its holes; moves *i past
 * them. */
static GEOSGeometry *
tile_polygon(struct gis *gis, const struct gis_outline *o, size_t *i,
    struct gis_tile_at at)
{
	GEOSGeometry *outer = tile_ring(gis, o, (*i)++, at), *g = NULL;
	GEOSGeometry **hole;
	size_t first = *i;
	unsigned n = 0;

	while (*i < o->nrings && o->ring[*i].hole)
		++*i;
	hole = malloc((*i - first + 1) * sizeof(*hole));
	for (size_t k = first; hole != NULL && k < *i; k++)
		if ((hole[n] = tile_ring(gis, o, k, at)) != NULL)
			n++;
	if (outer != NULL && hole != NULL)
		g = GEOSGeom_createPolygon_r(gis->h, outer, hole, n);
	else if (outer != NULL)
		GEOSGeom_destroy_r(gis->h, outer);
	free(hole);
	return g;
}

static GEOSGeometry *
tile_areas(struct gis *gis, const struct gis_outline *o, struct gis_tile_at at)
{
	GEOSGeometry **part = malloc((o->nrings + 1) * sizeof(*part)), *g;
	unsigned n = 0;

	for (size_t i = 0; part != NULL && i < o->nrings;)
		if ((part[n] = tile_polygon(gis, o, &i, at)) != NULL)
			n++;
	if (part == NULL)
		return NULL;
	if (n == 1)
		g = part[0];
	else
		g = GEOSGeom_createCollection_r(
		    gis->h, GEOS_MULTIPOLYGON, part, n);
	free(part);
	return g;
}

/* Clipped, and on the grid; takes g. */
static GEOSGeometry *
fit(struct gis *gis, GEOSGeometry *g)
{
	const double low = -GIS_TILE_BUFFER;
	const double high = GIS_TILE_EXTENT + GIS_TILE_BUFFER;
	const struct gis_point corner[] = { { low, low }, { high, low },
		{ high, high }, { low, high }, { low, low } };
	GEOSGeometry *rim = gis_geos_ring(gis, corner, 5), *tile = NULL;
	GEOSGeometry *in = NULL;

	if (rim != NULL)
		tile = GEOSGeom_createPolygon_r(gis->h, rim, NULL, 0);
	if (tile != NULL)
		in = GEOSIntersectionPrec_r(gis->h, g, tile, 1);
	if (tile != NULL)
		GEOSGeom_destroy_r(gis->h, tile);
	GEOSGeom_destroy_r(gis->h, g);
	return in == NULL ? NULL : gis_geos_areas(gis, in);
}

struct drawing {
	struct gis_tile *tile;
	uint64_t id;
	int drawn;
};

static int
draw_run(void *arg, const struct gis_run *run)
{
	struct drawing *d = arg;
	size_t n = run->n > 0 ? run->n - 1 : 0;
	struct gis_tile_xy *p = malloc((n + 1) * sizeof(*p));

	if (p == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		p[i] = (struct gis_tile_xy){ (int32_t)lround(run->pts[i].x),
			(int32_t)lround(run->pts[i].y) };
	if (d->drawn == 0)
		gis_tile_area(d->tile, d->id);
	d->drawn = 1;
	gis_tile_ring(d->tile, p, n, run->ring > 0);
	free(p);
	return 0;
}

/* 1 or 0 as gis_outline_draw(), or -1: it is not that simple. */
static int
draw_small(const struct gis_outline *o, struct gis_tile_at at, uint64_t id,
    struct gis_tile *tile)
{
	struct gis_small s;
	struct gis_point p[GIS_SMALL_POINTS * 2];

	gis_small_init(&s);
	for (size_t i = 0; i < o->nrings; i++) {
		size_t n = o->ring[i + 1].first - o->ring[i].first;

		if (n > GIS_SMALL_POINTS || (i > 0 && !o->ring[i].hole))
			return -1;
		ring_points(o, i, at, p);
		if (!gis_small_add(&s, p, n, -GIS_TILE_BUFFER,
			GIS_TILE_EXTENT + GIS_TILE_BUFFER))
			return -1;
		if (s.n == 0)
			return 0;
	}
	if (!gis_small_valid(&s))
		return -1;
	gis_tile_area(tile, id);
	for (size_t i = 0; i < s.n; i++)
		gis_tile_ring(tile, s.at + s.first[i],
		    s.first[i + 1] - s.first[i], i > 0);
	return 1;
}

int
gis_outline_draw(struct gis *gis, const struct gis_outline *o,
    struct gis_tile_at at, uint64_t id, struct gis_tile *tile)
{
	struct drawing d = { .tile = tile, .id = id };
	GEOSGeometry *g;
	int rc;

	if (!meet(o->box, reach(at)))
		return 0;
	if ((rc = draw_small(o, at, id, tile)) >= 0)
		return rc;
	g = tile_areas(gis, o, at);
	if (g != NULL)
		g = fit(gis, g);
	if (g != NULL) {
		rc = GEOSisEmpty_r(gis->h, g)
			 ? 0
			 : gis_each_run(gis, g, draw_run, &d);
		GEOSGeom_destroy_r(gis->h, g);
	}
	return rc == -1 ? -1 : d.drawn;
}

struct gis_outlines {
	struct gis_boxes *boxes;
	uint32_t *item; /* of each box */
};

struct gis_outlines *
gis_outlines_new(const struct gis_outline *const *outline, size_t n)
{
	struct gis_outlines *s = calloc(1, sizeof(*s));
	struct gis_box *box = malloc((n + 1) * sizeof(*box));
	size_t kept = 0;

	if (s != NULL)
		s->item = malloc((n + 1) * sizeof(*s->item));
	for (size_t i = 0; s != NULL && s->item != NULL && box != NULL && i < n;
	     i++)
		if (outline[i] != NULL) {
			box[kept] = outline[i]->box;
			s->item[kept++] = (uint32_t)i;
		}
	if (s != NULL && s->item != NULL && box != NULL)
		s->boxes = gis_boxes_new(box, kept);
	free(box);
	if (s != NULL && s->boxes != NULL)
		return s;
	gis_outlines_free(s);
	return NULL;
}

void
gis_outlines_free(struct gis_outlines *s)
{
	if (s == NULL)
		return;
	gis_boxes_free(s->boxes);
	free(s->item);
	free(s);
}

struct passing {
	const struct gis_outlines *outlines;
	int (*each)(void *, uint32_t);
	void *arg;
};

static int
pass(void *arg, uint32_t i)
{
	const struct passing *p = arg;

	return p->each(p->arg, p->outlines->item[i]);
}

int
gis_outlines_in(const struct gis_outlines *s, struct gis_tile_at at,
    int (*each)(void *, uint32_t), void *arg)
{
	struct passing p = { s, each, arg };

	return gis_boxes_meeting(s->boxes, reach(at), pass, &p);
}

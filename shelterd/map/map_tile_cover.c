/* SPDX-License-Identifier: MIT */
/*
 * A coverage's areas in a tile: what is covered, from the doors around it
 * alone, and what is not.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/coverage.h"
#include "shelterd/map/map_tile_part.h"

/* So many that no chord is half a unit of the tile from its circle; a unit is
 * taken as half of what it is at the equator, as at 60 degrees. */
static int
chords_of(const struct drawing *d, double radius)
{
	double unit =
	    40075016.686 / 2 / GIS_TILE_EXTENT / ldexp(1, (int)d->at.z);
	double turn = acos(fmax(1 - unit / 2 / radius, 0));

	return (int)fmin(ceil(3.14159265 / turn), 128);
}

static bool
need_plane(struct drawing *d)
{
	if (d->plane == NULL)
		d->plane = snapshot_plane_new(d->snap);
	d->failed |= d->plane == NULL;
	return map_tile_need_gis(d) && d->plane != NULL;
}

/* Takes the shape, which is on the plane; 1: it is a feature of the tile. */
static int
draw_shape(struct drawing *d, struct gis_shape *area)
{
	int drawn = -1;
	struct gis_fail fail;
	struct gis_shape *lonlat =
	    gis_shape_to_lonlat(d->gis, area, d->plane, &fail);
	struct gis_outline *o =
	    lonlat != NULL ? gis_outline_new(d->gis, lonlat) : NULL;

	if (o != NULL)
		drawn = gis_outline_draw(d->gis, o, d->at, 0, d->tile);
	d->failed |= drawn < 0;
	gis_outline_free(o);
	gis_shape_free(d->gis, lonlat);
	gis_shape_free(d->gis, area);
	return drawn;
}

/* The open doors whose discs reach the box; malloc'd, NULL: no memory. */
static struct gis_point *
doors_near(const struct drawing *d, struct gis_box b, size_t *n)
{
	const struct plan_admit admit = { d->ask->where, d->ask->hidden };
	struct gis_point mid = { (b.w + b.e) / 2, (b.s + b.n) / 2 };
	double reach = gis_distance(mid, (struct gis_point){ b.e, b.n }) +
		       d->ask->limit.metres;
	struct gis_hit *hit =
	    gis_index_within(snapshot_entrance_index(d->snap), mid, reach, n);
	struct gis_point *at = malloc((*n + 1) * sizeof(*at));
	size_t kept = 0;

	for (size_t i = 0; hit != NULL && at != NULL && i < *n; i++) {
		const struct snap_shelter *s;
		const struct snap_entrance *e;

		snapshot_entrance(d->snap, hit[i].item, &s, &e);
		if (plan_takes_people(s) && plan_door_open(s, e) &&
		    plan_admits(&admit, s))
			at[kept++] = e->plane;
	}
	if (hit == NULL) {
		free(at);
		at = NULL;
	}
	free(hit);
	*n = kept;
	return at;
}

/* In the box the union of these discs is that of all. */
static struct gis_shape *
covered_in(struct drawing *d, struct gis_box box)
{
	struct gis_fail fail;
	double radius = d->ask->limit.metres;
	size_t n = 0;
	struct gis_point *at = doors_near(d, box, &n);
	struct gis_union *u =
	    at != NULL ? gis_union_new(at, NULL, radius, n) : NULL;
	struct gis_shape *area = NULL;

	if (u != NULL && n > 0)
		area = gis_union_shape(d->gis, u, chords_of(d, radius), &fail);
	d->failed |= u == NULL || (n > 0 && area == NULL);
	gis_union_free(u);
	free(at);
	return area;
}

/* By minutes there is no geometry but the homes: those within the limit. */
static int
draw_reached(void *arg, uint32_t item)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, item);
	const struct coverage_home *c = coverage_home(d->coverage, h->id);

	if (c == NULL || c->covered == 0 || !map_tile_has_area(d, h))
		return 0;
	return gis_outline_draw(
		   d->gis, h->outline, d->at, (uint64_t)h->id, d->tile) < 0
		   ? -1
		   : 0;
}

void
map_tile_covered(struct drawing *d)
{
	struct gis_shape *area;

	gis_tile_layer(d->tile, "coverage");
	if (!need_plane(d))
		return;
	if (d->ask->limit.by_minutes) {
		if (gis_outlines_in(
			snapshot_outlines(d->snap), d->at, draw_reached, d) < 0)
			d->failed = true;
		return;
	}
	area = covered_in(d, map_tile_box(d));
	if (area != NULL)
		draw_shape(d, area);
}

/* Homes of the tile that are not covered, or not wholly. */
struct lost {
	struct drawing *d;
	const struct gis_shape **area;
	struct gis_point *dot;
	size_t n, cap, ndots, capdots;
};

static void *
grown(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap * 2 + 64;
	return realloc(p, *cap * size);
}

static const struct coverage_home *
not_covered(const struct drawing *d, const struct snap_home *h)
{
	const struct coverage_home *c = coverage_home(d->coverage, h->id);

	return c != NULL && c->share < 1 ? c : NULL;
}

static int
note_area(void *arg, uint32_t item)
{
	struct lost *l = arg;
	const struct snap_home *h = snapshot_home_at(l->d->snap, item);
	void *more;

	if (!map_tile_has_area(l->d, h) || not_covered(l->d, h) == NULL)
		return 0;
	more = grown(l->area, l->n, &l->cap, sizeof(*l->area));
	if (more == NULL)
		return -1;
	l->area = more;
	l->area[l->n++] = h->plane_shape;
	return 0;
}

static int
note_dot(void *arg, const struct snap_place *p)
{
	struct lost *l = arg;
	const struct snap_home *h = snapshot_home_at(l->d->snap, p->at);
	void *more;

	if (h->plane_shape != NULL || not_covered(l->d, h) == NULL)
		return 0;
	more = grown(l->dot, l->ndots, &l->capdots, sizeof(*l->dot));
	if (more == NULL)
		return -1;
	l->dot = more;
	l->dot[l->ndots++] = h->plane;
	return 0;
}

/* Points only where they are not joined. */
static bool
find_lost(struct lost *l)
{
	struct drawing *d = l->d;

	return gis_outlines_in(
		   snapshot_outlines(d->snap), d->at, note_area, l) == 0 &&
	       (d->at.z < MAP_TILE_SINGLE ||
		   snapshot_homes_in(d->snap, d->at, note_dot, l) == 0);
}

static void
draw_lost(struct drawing *d, const struct lost *l, struct gis_shape *covered)
{
	struct gis_fail fail = { -1, "" };
	struct gis_shape *left = gis_uncovered(
	    d->gis, l->area, l->n, l->dot, l->ndots, covered, &fail);

	if (left == NULL)
		d->failed |= fail.what[0] != '\0';
	else if (draw_shape(d, left) == 1)
		gis_tile_text(d->tile, "reason", "too_far");
}

static void
draw_too_far(struct drawing *d)
{
	struct lost l = { .d = d };
	struct gis_shape *covered = NULL;

	if (!find_lost(&l))
		d->failed = true;
	else if (l.n + l.ndots > 0) {
		if (l.n > 0)
			covered = covered_in(d, map_tile_box(d));
		draw_lost(d, &l, covered);
	}
	gis_shape_free(d->gis, covered);
	free(l.area);
	free(l.dot);
}

/* A home by itself: by minutes those too far, with capacity those without a
 * place for all that are covered. */
static int
draw_home_left(void *arg, uint32_t item)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, item);
	const struct coverage_home *c = coverage_home(d->coverage, h->id);
	bool far =
	    d->ask->limit.by_minutes && c != NULL && h->people > c->covered;
	bool full = d->ask->capacity && c != NULL && c->covered > c->placed;
	int drawn;

	if ((!far && !full) || !map_tile_has_area(d, h))
		return 0;
	drawn = gis_outline_draw(
	    d->gis, h->outline, d->at, (uint64_t)h->id, d->tile);
	if (drawn != 1)
		return drawn;
	gis_tile_text(d->tile, "reason", far ? "too_far" : "full");
	gis_tile_int(d->tile, "home", h->id);
	gis_tile_int(d->tile, "people",
	    far ? h->people - c->covered : c->covered - c->placed);
	return 0;
}

void
map_tile_gaps(struct drawing *d)
{
	gis_tile_layer(d->tile, "gaps");
	if (d->at.z < MAP_TILE_GAPS || !need_plane(d))
		return;
	if (!d->ask->limit.by_minutes)
		draw_too_far(d);
	if (gis_outlines_in(
		snapshot_outlines(d->snap), d->at, draw_home_left, d) < 0)
		d->failed = true;
}

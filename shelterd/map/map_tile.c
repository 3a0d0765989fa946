/* SPDX-License-Identifier: MIT */
/*
 * Tiles out of the snapshot: its points come in the order of their keys, so
 * what lies in one cell comes one after the other, and joining needs no table.
 */
#include "shelterd/map/map_tile.h"

#include <math.h>
#include <stdlib.h>

#include "gis/union.h"
#include "shelterd/site.h"

enum { CELL_BITS = 7 }; /* cells of a tile's side: the extent by the cell */

/* What one point of the tile stands for. */
struct heap {
	uint64_t cell;
	int64_t n, sum, covered, x, y;
	const void *one; /* when n is 1 */
};

struct drawing {
	const struct snapshot *snap;
	const struct coverage *coverage; /* or NULL */
	const struct coverage_ask *ask;	 /* that it answers */
	struct gis_tile *tile;
	struct gis_tile_at at;
	bool hidden, failed;
	struct gis *gis; /* made for the first area */
	struct heap heap;
	void (*put)(struct drawing *, struct gis_tile_xy);
};

static bool
joins(const struct drawing *d)
{
	return d->at.z < MAP_TILE_SINGLE;
}

static struct gis_tile_xy
unit_of(const struct drawing *d, uint64_t key)
{
	const uint32_t shift = GIS_WORLD_BITS - GIS_TILE_BITS - d->at.z;
	struct gis_world w = gis_world_of_key(key);

	return (struct gis_tile_xy){ w.x >> shift & (GIS_TILE_EXTENT - 1),
		w.y >> shift & (GIS_TILE_EXTENT - 1) };
}

static void
put_heap(struct drawing *d)
{
	struct heap *h = &d->heap;

	if (h->n > 0)
		d->put(d,
		    (struct gis_tile_xy){ (int32_t)((h->x + h->n / 2) / h->n),
			(int32_t)((h->y + h->n / 2) / h->n) });
	*h = (struct heap){ .n = 0 };
}

/* One thing more, behind or in the cell of the last. */
static void
add(struct drawing *d, uint64_t key, const void *one, int64_t amount)
{
	uint64_t cell = key >> 2 * (GIS_WORLD_BITS - CELL_BITS - d->at.z);
	struct gis_tile_xy at = unit_of(d, key);

	if (!joins(d) || d->heap.cell != cell)
		put_heap(d);
	d->heap.cell = cell;
	d->heap.one = one;
	d->heap.n++;
	d->heap.sum += amount;
	d->heap.x += at.x;
	d->heap.y += at.y;
}

static const char *
state_of(const struct snap_shelter *s)
{
	if (s->usable > 0)
		return "open";
	return !s->closed && s->without_defects > 0 ? "defect" : "closed";
}

static void
put_shelters(struct drawing *d, struct gis_tile_xy at)
{
	const struct snap_shelter *s = d->heap.one;

	gis_tile_point(d->tile, d->heap.n == 1 ? (uint64_t)s->id : 0, at);
	if (d->heap.n == 1) {
		gis_tile_int(d->tile, "id", s->id);
		gis_tile_text(d->tile, "name", site_label(s));
		gis_tile_text(d->tile, "state", state_of(s));
	}
	gis_tile_int(d->tile, "usable", d->heap.sum);
	gis_tile_int(d->tile, "shelters", d->heap.n);
}

static int
add_shelter(void *arg, const struct snap_place *p)
{
	struct drawing *d = arg;
	const struct snap_shelter *s = snapshot_shelter_at(d->snap, p->at);

	if (!s->hidden || d->hidden)
		add(d, p->key, s, s->usable);
	return 0;
}

static void
describe_home(struct drawing *d, const struct snap_home *h, int64_t covered)
{
	gis_tile_int(d->tile, "id", h->id);
	if (h->name[0] != '\0')
		gis_tile_text(d->tile, "name", h->name);
	gis_tile_int(d->tile, "people", h->people);
	gis_tile_int(d->tile, "homes", 1);
	if (d->coverage != NULL)
		gis_tile_int(d->tile, "covered", covered);
}

static void
put_homes(struct drawing *d, struct gis_tile_xy at)
{
	const struct snap_home *h = d->heap.one;

	gis_tile_point(d->tile, d->heap.n == 1 ? (uint64_t)h->id : 0, at);
	if (d->heap.n == 1) {
		describe_home(d, h, d->heap.covered);
		return;
	}
	gis_tile_int(d->tile, "people", d->heap.sum);
	gis_tile_int(d->tile, "homes", d->heap.n);
	if (d->coverage != NULL)
		gis_tile_int(d->tile, "covered", d->heap.covered);
}

/* Areas that would be no more than a point are one. */
static bool
has_area(const struct drawing *d, const struct snap_home *h)
{
	return h->outline != NULL && gis_outline_size(h->outline, d->at.z) >=
					 (joins(d) ? MAP_TILE_CELL : 4);
}

/* Whether the home is on this tile; its covered people, if asked for. */
static bool
takes_part(const struct drawing *d, const struct snap_home *h, int64_t *covered)
{
	const struct coverage_home *c;

	*covered = 0;
	if (d->coverage == NULL)
		return true;
	c = coverage_home(d->coverage, h->id);
	*covered = c != NULL ? c->covered : 0;
	return c != NULL;
}

static int
add_home(void *arg, const struct snap_place *p)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, p->at);
	int64_t covered;

	if (has_area(d, h) || !takes_part(d, h, &covered))
		return 0;
	add(d, p->key, h, h->people);
	d->heap.covered += covered;
	return 0;
}

static int
add_area(void *arg, uint32_t item)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, item);
	int64_t covered;

	if (!has_area(d, h) || !takes_part(d, h, &covered))
		return 0;
	if (d->gis == NULL && (d->gis = gis_new()) == NULL)
		return -1;
	switch (gis_outline_draw(
	    d->gis, h->outline, d->at, (uint64_t)h->id, d->tile)) {
	case 0:
		return 0;
	case 1:
		describe_home(d, h, covered);
		return 0;
	}
	return -1;
}

static void
draw_shelters(struct drawing *d)
{
	gis_tile_layer(d->tile, "shelters");
	d->put = put_shelters;
	snapshot_shelters_in(d->snap, d->at, add_shelter, d);
	put_heap(d);
}

static void
draw_homes(struct drawing *d)
{
	gis_tile_layer(d->tile, "homes");
	d->put = put_homes;
	snapshot_homes_in(d->snap, d->at, add_home, d);
	put_heap(d);
	if (gis_outlines_in(snapshot_outlines(d->snap), d->at, add_area, d) < 0)
		d->failed = true;
}

/* The tile with its buffer on the plane; its sides are curves there, so some
 * places of each and a hundredth more.  false: it goes too far. */
static bool
plane_box(const struct drawing *d, struct gis_crs *plane, struct gis_box *box)
{
	enum { STEPS = 8 };
	const double side = ldexp(1, GIS_WORLD_BITS - (int)d->at.z);
	const double edge = UINT32_MAX;
	struct gis_point p;
	double more;

	*box = gis_box_empty();
	for (int i = 0; i <= STEPS; i++)
		for (int k = 0; k <= STEPS; k++) {
			double x = d->at.x + i * 1.04 / STEPS - 0.02;
			double y = d->at.y + k * 1.04 / STEPS - 0.02;

			p = gis_world_to_lonlat((struct gis_world){
			    (uint32_t)fmin(fmax(x * side, 0), edge),
			    (uint32_t)fmin(fmax(y * side, 0), edge) });
			gis_crs_from_lonlat(plane, &p, 1);
			if (!isfinite(p.x) || !isfinite(p.y))
				return false;
			*box = gis_box_with(*box, p);
		}
	more = fmax(box->e - box->w, box->n - box->s) / 100;
	*box = (struct gis_box){ box->w - more, box->s - more, box->e + more,
		box->n + more };
	return true;
}

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

static void
draw_shape(struct drawing *d, struct gis_crs *plane, struct gis_shape *area)
{
	struct gis_fail fail;
	struct gis_shape *lonlat =
	    gis_shape_to_lonlat(d->gis, area, plane, &fail);
	struct gis_outline *o =
	    lonlat != NULL ? gis_outline_new(d->gis, lonlat) : NULL;

	d->failed =
	    o == NULL || gis_outline_draw(d->gis, o, d->at, 0, d->tile) < 0;
	gis_outline_free(o);
	gis_shape_free(d->gis, lonlat);
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
	d->failed = u == NULL || (n > 0 && area == NULL);
	gis_union_free(u);
	free(at);
	return area;
}

static void
draw_covered(struct drawing *d)
{
	struct gis_box box;
	struct gis_crs *plane = snapshot_plane_new(d->snap);
	struct gis_shape *area = NULL;

	gis_tile_layer(d->tile, "coverage");
	if (plane != NULL && !plane_box(d, plane, &box))
		box = (struct gis_box){ -1e9, -1e9, 1e9, 1e9 };
	if (plane != NULL)
		area = covered_in(d, box);
	else
		d->failed = true;
	if (area != NULL)
		draw_shape(d, plane, area);
	gis_shape_free(d->gis, area);
	gis_crs_free(plane);
}

static unsigned char *
finish(struct drawing *d, size_t *len)
{
	unsigned char *bytes = NULL;

	if (!d->failed)
		bytes = gis_tile_bytes(d->tile, len);
	gis_tile_free(d->tile);
	gis_free(d->gis);
	return bytes;
}

unsigned char *
map_tile(const struct snapshot *snap, struct gis_tile_at at, bool hidden,
    size_t *len)
{
	struct drawing d = { .snap = snap, .at = at, .hidden = hidden };

	if ((d.tile = gis_tile_new()) != NULL) {
		draw_shelters(&d);
		draw_homes(&d);
	}
	return finish(&d, len);
}

unsigned char *
map_tile_coverage(const struct coverage *c, const struct coverage_ask *ask,
    struct gis_tile_at at, size_t *len)
{
	struct drawing d = { .snap = coverage_snapshot(c),
		.coverage = c,
		.ask = ask,
		.at = at,
		.gis = gis_new() };

	d.tile = gis_tile_new();
	d.failed = d.tile == NULL || d.gis == NULL;
	if (!d.failed && !ask->limit.by_minutes)
		draw_covered(&d);
	if (!d.failed)
		draw_homes(&d);
	return finish(&d, len);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tiles out of the snapshot: its points come in the order of their keys, so
 * what lies in one cell comes one after the other, and joining needs no table.
 */
#include "shelterd/map/map_tile.h"

#include <stdlib.h>

#include "shelterd/site.h"

enum { CELL_BITS = 7 }; /* cells of a tile's side: the extent by the cell */

/* What one point of the tile stands for. */
struct heap {
	uint64_t cell;
	int64_t n, sum, x, y;
	const void *one; /* when n is 1 */
};

struct drawing {
	const struct snapshot *snap;
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
describe_home(struct drawing *d, const struct snap_home *h)
{
	gis_tile_int(d->tile, "id", h->id);
	if (h->name[0] != '\0')
		gis_tile_text(d->tile, "name", h->name);
	gis_tile_int(d->tile, "people", h->people);
	gis_tile_int(d->tile, "homes", 1);
}

static void
put_homes(struct drawing *d, struct gis_tile_xy at)
{
	const struct snap_home *h = d->heap.one;

	gis_tile_point(d->tile, d->heap.n == 1 ? (uint64_t)h->id : 0, at);
	if (d->heap.n == 1) {
		describe_home(d, h);
		return;
	}
	gis_tile_int(d->tile, "people", d->heap.sum);
	gis_tile_int(d->tile, "homes", d->heap.n);
}

/* Areas that would be no more than a point are one. */
static bool
has_area(const struct drawing *d, const struct snap_home *h)
{
	return h->outline != NULL && gis_outline_size(h->outline, d->at.z) >=
					 (joins(d) ? MAP_TILE_CELL : 4);
}

static int
add_home(void *arg, const struct snap_place *p)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, p->at);

	if (!has_area(d, h))
		add(d, p->key, h, h->people);
	return 0;
}

static int
add_area(void *arg, uint32_t item)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, item);

	if (!has_area(d, h))
		return 0;
	if (d->gis == NULL && (d->gis = gis_new()) == NULL)
		return -1;
	switch (gis_outline_draw(
	    d->gis, h->outline, d->at, (uint64_t)h->id, d->tile)) {
	case 0:
		return 0;
	case 1:
		describe_home(d, h);
		return 0;
	}
	return -1;
}

static void
draw(struct drawing *d)
{
	gis_tile_layer(d->tile, "shelters");
	d->put = put_shelters;
	snapshot_shelters_in(d->snap, d->at, add_shelter, d);
	put_heap(d);
	gis_tile_layer(d->tile, "homes");
	d->put = put_homes;
	snapshot_homes_in(d->snap, d->at, add_home, d);
	put_heap(d);
	d->failed =
	    gis_outlines_in(snapshot_outlines(d->snap), d->at, add_area, d) < 0;
}

unsigned char *
map_tile(const struct snapshot *snap, struct gis_tile_at at, bool hidden,
    size_t *len)
{
	struct drawing d = { .snap = snap, .at = at, .hidden = hidden };
	unsigned char *bytes = NULL;

	d.tile = gis_tile_new();
	if (d.tile != NULL)
		draw(&d);
	if (!d.failed)
		bytes = gis_tile_bytes(d.tile, len);
	gis_tile_free(d.tile);
	gis_free(d.gis);
	return bytes;
}

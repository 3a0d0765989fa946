/* SPDX-License-Identifier: MIT */
/*
 * Tiles out of the snapshot: its points come in the order of their keys, so
 * what lies in one cell comes one after the other, and joining needs no table.
 */
#include "shelterd/map/map_tile_part.h"

#include <stdlib.h>

#include "shelterd/site.h"

enum { CELL_BITS = 7 }; /* cells of a tile's side: the extent by the cell */

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
	gis_tile_int(d->tile, "places", d->heap.places);
	gis_tile_int(d->tile, "shelters", d->heap.n);
	if (d->heap.defects > 0)
		gis_tile_int(d->tile, "defects", d->heap.defects);
	if (d->heap.left_out > 0)
		gis_tile_int(d->tile, "left_out", d->heap.left_out);
}

static int
add_shelter(void *arg, const struct snap_place *p)
{
	struct drawing *d = arg;
	const struct snap_shelter *s = snapshot_shelter_at(d->snap, p->at);

	if (s->hidden && !d->hidden)
		return 0;
	add(d, p->key, s, s->usable);
	d->heap.places += s->places > 0 ? s->places : 0;
	d->heap.defects += s->open_defects;
	d->heap.left_out += d->where != NULL && !where_picks(d->where, s);
	return 0;
}

static void
put_covered(struct drawing *d, int64_t covered, int64_t placed)
{
	if (d->coverage == NULL)
		return;
	gis_tile_int(d->tile, "covered", covered);
	if (d->ask->capacity)
		gis_tile_int(d->tile, "placed", placed);
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
	if (d->heap.n == 1)
		describe_home(d, h);
	else {
		gis_tile_int(d->tile, "people", d->heap.sum);
		gis_tile_int(d->tile, "homes", d->heap.n);
	}
	put_covered(d, d->heap.covered, d->heap.placed);
}

bool
map_tile_has_area(const struct drawing *d, const struct snap_home *h)
{
	return h->outline != NULL && gis_outline_size(h->outline, d->at.z) >=
					 (joins(d) ? MAP_TILE_CELL : 4);
}

/* Whether the home is on this tile, and what the coverage says of it. */
static bool
takes_part(const struct drawing *d, const struct snap_home *h,
    struct coverage_home *said)
{
	const struct coverage_home *c;

	*said = (struct coverage_home){ .home = h };
	if (d->coverage == NULL)
		return true;
	c = coverage_home(d->coverage, h->id);
	if (c != NULL)
		*said = *c;
	return c != NULL;
}

static int
add_home(void *arg, const struct snap_place *p)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, p->at);
	struct coverage_home said;

	if (map_tile_has_area(d, h) || !takes_part(d, h, &said))
		return 0;
	add(d, p->key, h, h->people);
	d->heap.covered += said.covered;
	d->heap.placed += said.placed;
	return 0;
}

bool
map_tile_need_gis(struct drawing *d)
{
	if (d->gis == NULL && (d->gis = gis_new()) == NULL)
		d->failed = true;
	return d->gis != NULL;
}

static int
add_area(void *arg, uint32_t item)
{
	struct drawing *d = arg;
	const struct snap_home *h = snapshot_home_at(d->snap, item);
	struct coverage_home said;
	int drawn;

	if (!map_tile_has_area(d, h) || !takes_part(d, h, &said))
		return 0;
	if (!map_tile_need_gis(d))
		return -1;
	drawn = gis_outline_draw(
	    d->gis, h->outline, d->at, (uint64_t)h->id, d->tile);
	if (drawn == 1) {
		describe_home(d, h);
		put_covered(d, said.covered, said.placed);
	}
	return drawn < 0 ? -1 : 0;
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

static unsigned char *
finish(struct drawing *d, size_t *len)
{
	unsigned char *bytes = NULL;

	if (d->tile != NULL && !d->failed)
		bytes = gis_tile_bytes(d->tile, len);
	gis_tile_free(d->tile);
	gis_crs_free(d->plane);
	gis_free(d->gis);
	return bytes;
}

unsigned char *
map_tile(const struct snapshot *snap, const struct map_tile_ask *ask,
    struct gis_tile_at at, size_t *len)
{
	struct drawing d = { .snap = snap,
		.where = ask->where,
		.at = at,
		.hidden = ask->hidden,
		.tile = gis_tile_new() };

	if (d.tile != NULL && (ask->layers & MAP_SHELTERS))
		draw_shelters(&d);
	if (d.tile != NULL && (ask->layers & MAP_HOMES))
		draw_homes(&d);
	if (d.tile != NULL && (ask->layers & MAP_STREETS))
		map_tile_streets(&d);
	if (d.tile != NULL && (ask->layers & MAP_ENTRANCES))
		map_tile_entrances(&d);
	return finish(&d, len);
}

unsigned char *
map_tile_coverage(const struct coverage *c, const struct coverage_ask *ask,
    unsigned layers, struct gis_tile_at at, size_t *len)
{
	struct drawing d = { .snap = coverage_snapshot(c),
		.coverage = c,
		.ask = ask,
		.at = at,
		.tile = gis_tile_new() };

	if (d.tile != NULL && (layers & MAP_COVERED))
		map_tile_covered(&d);
	if (d.tile != NULL && (layers & MAP_HOMES))
		draw_homes(&d);
	if (d.tile != NULL && (layers & MAP_GAPS))
		map_tile_gaps(&d);
	return finish(&d, len);
}

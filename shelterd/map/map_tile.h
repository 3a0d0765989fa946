/* SPDX-License-Identifier: MIT */
/*
 * The map as vector tiles.  Of the register and the streets:
 *
 *	shelters	points: id, name, state, usable, places, defects
 *	homes		areas or points: id, name, people
 *	streets		lines; closed pieces by themselves: closed, reason
 *	entrances	points, from MAP_TILE_DOORS on: id, shelter, usable
 *
 * and of a coverage:
 *
 *	coverage	the covered area; by minutes the areas of covered homes
 *	homes		those with people: covered, with capacity also placed
 *	gaps		areas: what is not covered, reason too_far, joined; homes
 *			without a place: reason full, home, people
 *
 * Below zoom MAP_TILE_SINGLE things that would lie on top of each other are one
 * point, in the middle of them, with their number ("shelters", "homes") and
 * the sum of their numbers.  A point is in the one tile it lies in; areas and
 * lines reach over the rim by the tile's buffer.
 */
#ifndef SHELTERD_MAP_TILE_H
#define SHELTERD_MAP_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include "gis/tile.h"
#include "shelterd/map/coverage.h"

enum {
	MAP_TILE_SINGLE = 14,  /* from this zoom on nothing is joined */
	MAP_TILE_CELL = 32,    /* units that one point stands for above */
	MAP_TILE_DOORS = 16,   /* no entrances above */
	MAP_TILE_STREETS = 11, /* nor streets */
	MAP_TILE_GAPS = 11     /* nor gaps */
};

enum map_layer { /* bits of a mask */
	MAP_SHELTERS = 1,
	MAP_HOMES = 2,
	MAP_STREETS = 4,
	MAP_ENTRANCES = 8,
	MAP_COVERED = 16,
	MAP_GAPS = 32
};

/* `hidden`: with hidden works.  Shelters that `where` (NULL: all count) does
 * not pick are there with left_out, the number of them. */
struct map_tile_ask {
	unsigned layers;
	bool hidden;
	const struct where *where;
};

/* malloc'd; *len is 0 when nothing is there. NULL: out of memory. */
unsigned char *map_tile(const struct snapshot *, const struct map_tile_ask *,
    struct gis_tile_at, size_t *len);

/* Layers of a coverage; the ask is the one that it answers. */
unsigned char *
map_tile_coverage(const struct coverage *, const struct coverage_ask *,
    unsigned layers, struct gis_tile_at, size_t *len);

#endif

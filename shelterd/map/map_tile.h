/* SPDX-License-Identifier: MIT */
/*
 * The map as vector tiles: layer "shelters" (points: id, name, usable, state)
 * and layer "homes" (areas or points: id, name, people).  Below zoom
 * MAP_TILE_SINGLE things that would lie on top of each other are one point, in
 * the middle of them, with their number ("shelters", "homes") and the sum of
 * usable places or people.  A point is in the one tile it lies in; areas reach
 * over the rim by the tile's buffer.
 */
#ifndef SHELTERD_MAP_TILE_H
#define SHELTERD_MAP_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include "gis/tile.h"
#include "shelterd/map/coverage.h"

enum {
	MAP_TILE_SINGLE = 14, /* from this zoom on nothing is joined */
	MAP_TILE_CELL = 32    /* units that one point stands for above */
};

/* malloc'd; *len is 0 when nothing is there.  `hidden`: with hidden works.
 * NULL: out of memory. */
unsigned char *
map_tile(const struct snapshot *, struct gis_tile_at, bool hidden, size_t *len);

/* What a coverage says: layer "coverage" (by radius: the covered area) and
 * layer "homes", those with people, and `covered` beside `people`.  Shelters
 * are not in it.  The ask is the one that it answers. */
unsigned char *map_tile_coverage(const struct coverage *,
    const struct coverage_ask *, struct gis_tile_at, size_t *len);

#endif

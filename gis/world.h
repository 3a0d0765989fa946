/* SPDX-License-Identifier: MIT */
/*
 * The square of web maps (spherical Mercator, EPSG:3857) in whole numbers: 2^32
 * to a side, x to the east, y to the south, so that tile z/x/y is the places
 * whose first z bits are x and y.  A place's key takes the bits of both in
 * turns (Morton): the places of a tile, and of any part of it that is a tile
 * further down, are one range of keys.
 */
#ifndef GIS_WORLD_H
#define GIS_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include "gis/point.h"

enum { GIS_WORLD_BITS = 32, GIS_DEEPEST_TILE = 20 };

struct gis_world {
	uint32_t x, y;
};

struct gis_tile_at {
	uint32_t z, x, y;
};

/* Latitudes beyond the square's (85.05 degrees) lie on its rim. */
struct gis_world gis_world_from_lonlat(struct gis_point);
struct gis_point gis_world_to_lonlat(struct gis_world);

uint64_t gis_world_key(struct gis_world);
struct gis_world gis_world_of_key(uint64_t key);

/* Whether there is such a tile: z at most GIS_DEEPEST_TILE, x and y in it. */
bool gis_tile_is(struct gis_tile_at);
/* The tile's keys, the last included. */
void gis_tile_keys(struct gis_tile_at, uint64_t *first, uint64_t *last);

#endif

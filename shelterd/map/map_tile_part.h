/* SPDX-License-Identifier: MIT */
/* What the files of map_tile.h share: a tile being drawn, and its layers. */
#ifndef SHELTERD_MAP_TILE_PART_H
#define SHELTERD_MAP_TILE_PART_H

#include "shelterd/map/map_tile.h"

/* What one point of the tile stands for. */
struct heap {
	uint64_t cell;
	int64_t n, sum, places, defects, left_out, covered, placed, x, y;
	const void *one; /* when n is 1 */
};

struct drawing {
	const struct snapshot *snap;
	const struct coverage *coverage; /* or NULL */
	const struct coverage_ask *ask;	 /* that it answers */
	const struct where *where;	 /* shelters that count; NULL: all */
	struct gis_tile *tile;
	struct gis_tile_at at;
	bool hidden, failed;
	struct gis *gis; /* made for the first area */
	struct gis_crs *plane;
	struct heap heap;
	void (*put)(struct drawing *, struct gis_tile_xy);
};

/* d->gis is there, or the tile has failed. */
bool map_tile_need_gis(struct drawing *);
/* The tile with its buffer on the plane. */
struct gis_box map_tile_box(struct drawing *);
/* Areas that would be no more than a point are one. */
bool map_tile_has_area(const struct drawing *, const struct snap_home *);

void map_tile_streets(struct drawing *);
void map_tile_entrances(struct drawing *);
void map_tile_covered(struct drawing *);
void map_tile_gaps(struct drawing *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Small polygons onto a tile without an overlay: clipped side by side,
 * rounded, and only taken if nothing of them touches then.  Most houses on
 * most tiles are; for the others there is GEOS.  For outline.c.
 */
#ifndef GIS_TILE_RING_H
#define GIS_TILE_RING_H

#include "gis/point.h"
#include "gis/tile.h"

enum { GIS_SMALL_RINGS = 8, GIS_SMALL_POINTS = 200 };

/* The rings of one polygon, the outer one first. */
struct gis_small {
	struct gis_tile_xy at[GIS_SMALL_POINTS * 2];
	size_t first[GIS_SMALL_RINGS + 1], n; /* ring i: first[i] … */
};

void gis_small_init(struct gis_small *);
/* A ring in units of the tile, first corner not repeated; *p is written to.
 * Rings without an area are left out.  false: it is too large. */
bool gis_small_add(
    struct gis_small *, struct gis_point *p, size_t n, double low, double high);
/* Whether no corner or edge touches another but its neighbours, and the holes
 * lie in the outer ring. */
bool gis_small_valid(const struct gis_small *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Streets as tiles show them: what is open as one feature, pieces that follow
 * each other as one line, clipped to the tile and its buffer.  The layer is
 * the caller's.
 */
#ifndef GIS_NETWORK_DRAW_H
#define GIS_NETWORK_DRAW_H

#include "gis/network.h"
#include "gis/tile.h"
#include "gis/world.h"

/* All that is not shut and meets `plane`, the tile's box on the network's
 * plane.  Bends and lines of less than `thin` units are left out.  0, or -1
 * out of memory. */
int gis_network_draw(const struct gis_network *, struct gis_box plane,
    struct gis_tile_at, int32_t thin, struct gis_tile *);
/* One piece, shut or not, as a feature of its own: 1, or 0 if it is not in the
 * tile. */
int gis_network_draw_edge(const struct gis_network *, uint32_t edge,
    struct gis_tile_at, uint64_t id, struct gis_tile *);

#endif

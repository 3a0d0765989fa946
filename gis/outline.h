/* SPDX-License-Identifier: MIT */
/*
 * Areas as tiles show them: their corners on the web map's square, clipped to
 * the tile and a buffer, on the tile's whole units and valid there.  What is
 * less than a unit goes.  An outline is immutable and may be read by any
 * thread through that thread's own struct gis.
 */
#ifndef GIS_OUTLINE_H
#define GIS_OUTLINE_H

#include "gis/shape.h"
#include "gis/tile.h"
#include "gis/world.h"

struct gis_outline;

/* Of an area in degrees; NULL on failure, or when it is none. */
struct gis_outline *
gis_outline_new(struct gis *, const struct gis_shape *lonlat_area);
void gis_outline_free(struct gis_outline *);

/* The longer side of its box, in the tile units of zoom z. */
double gis_outline_size(const struct gis_outline *, uint32_t z);

/* Begins an area in the tile's last layer if something of it lies in there: 1
 * then, 0 if not, -1 on failure. */
int gis_outline_draw(struct gis *, const struct gis_outline *,
    struct gis_tile_at, uint64_t id, struct gis_tile *);

/* Many outlines by place. NULL entries are in no tile; they must stay. */
struct gis_outlines;
struct gis_outlines *
gis_outlines_new(const struct gis_outline *const *, size_t n);
void gis_outlines_free(struct gis_outlines *);
/* Calls each() for those whose box meets the tile and its buffer, until it
 * returns non-zero, which is returned. */
int gis_outlines_in(const struct gis_outlines *, struct gis_tile_at,
    int (*each)(void *, uint32_t item), void *arg);

#endif

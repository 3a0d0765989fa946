/* SPDX-License-Identifier: MIT */
/*
 * Writing a vector tile (Mapbox Vector Tile specification 2.1): layers of
 * features, each with a geometry in whole units of the tile (GIS_TILE_EXTENT
 * to a side, y to the south) and properties.  Calls come in this order:
 *
 *	gis_tile_new
 *	{ gis_tile_layer
 *	  { gis_tile_point | gis_tile_area { gis_tile_ring } |
 *	    gis_tile_lines { gis_tile_line }
 *	    { gis_tile_int | gis_tile_text } } }
 *	gis_tile_bytes
 *	gis_tile_free
 *
 * Texts and names are not copied and must stay until gis_tile_bytes().
 * Running out of memory is remembered and told by gis_tile_bytes().
 */
#ifndef GIS_TILE_H
#define GIS_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GIS_TILE_EXTENT = 4096,
	GIS_TILE_BITS = 12,  /* of the extent */
	GIS_TILE_BUFFER = 64 /* how far areas reach over the rim */
};

struct gis_tile_xy {
	int32_t x, y;
};

struct gis_tile;

struct gis_tile *gis_tile_new(void);
void gis_tile_free(struct gis_tile *);

/* Layers without features are left out of the bytes. */
void gis_tile_layer(struct gis_tile *, const char *name);

/* Begin a feature; id 0: without one. */
void gis_tile_point(struct gis_tile *, uint64_t id, struct gis_tile_xy);
void gis_tile_area(struct gis_tile *, uint64_t id);
void gis_tile_lines(struct gis_tile *, uint64_t id);
/* A ring of the area, its first corner not repeated: an outer one, or a hole
 * of the last outer one.  It is turned round if it goes the wrong way; fewer
 * than three corners or no area: left out, false. */
bool
gis_tile_ring(struct gis_tile *, const struct gis_tile_xy *, size_t, bool hole);

/* A line of the lines; with fewer than two points left out. */
void gis_tile_line(struct gis_tile *, const struct gis_tile_xy *, size_t);

/* Properties of the feature begun last. */
void gis_tile_int(struct gis_tile *, const char *name, int64_t);
void gis_tile_real(struct gis_tile *, const char *name, double);
void gis_tile_text(struct gis_tile *, const char *name, const char *);

/* The tile, malloc'd; *len 0 when it has no features.  NULL: out of memory. */
unsigned char *gis_tile_bytes(const struct gis_tile *, size_t *len);

#endif

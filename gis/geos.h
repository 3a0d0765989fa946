/* SPDX-License-Identifier: MIT */
/*
 * What gis/ keeps behind struct gis and struct gis_shape; for the .c files of
 * gis/ only, because it shows GEOS.
 */
#ifndef GIS_GEOS_H
#define GIS_GEOS_H

#include <geos_c.h>
#include "gis/shape.h"

enum {
	GIS_MAX_TEXT = 32 << 20,  /* bytes of one geometry from outside */
	GIS_MAX_POINTS = 1 << 20, /* points of one */
	GIS_MAX_REPAIR = 100000,  /* points of an area worth repairing */
	GIS_SEGMENTS = 32,	  /* chords per quadrant of a disc */
};

/* Coordinates beyond this belong to no map, in any unit. */
#define GIS_MAX_COORD 1e9

struct gis {
	GEOSContextHandle_t h;
	char said[160]; /* GEOS's last message, "" if none */
};

struct gis_shape {
	GEOSGeometry *g;
	enum gis_kind kind;
	struct gis_box box;
};

/* Fills fail with `what` (or GEOS's last words when NULL); returns NULL. */
void *gis_refuse(struct gis *, struct gis_fail *, long at, const char *what);

/* Makes a shape of g, which is taken also on failure; areas must be valid. */
struct gis_shape *
gis_shape_adopt(struct gis *, GEOSGeometry *g, struct gis_fail *);
/* The same, but repairs areas; g is taken. */
struct gis_shape *gis_shape_adopt_repaired(
    struct gis *, GEOSGeometry *g, int *repaired, struct gis_fail *);

/* Whether the rings of an invalid area meet too often to repair it (or memory
 * ended while counting). */
bool gis_is_tangled(struct gis *, const struct gis_shape *);

/* A line, ring or point from n points; NULL on failure. */
GEOSGeometry *gis_geos_ring(struct gis *, const struct gis_point *, size_t n);
GEOSGeometry *gis_geos_line(struct gis *, const struct gis_point *, size_t n);

/* One line, ring or point of a shape, in order: `part` counts the members of
 * a multi-geometry, `ring` the rings of an area (0 is the outer one). */
struct gis_run {
	const struct gis_point *pts;
	size_t n;
	int part, ring;
};

/* Calls run() for each; stops and returns -1 when run does or memory ends. */
int gis_each_run(struct gis *, const GEOSGeometry *,
    int (*run)(void *, const struct gis_run *), void *arg);

#endif

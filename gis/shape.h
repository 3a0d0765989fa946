/* SPDX-License-Identifier: MIT */
/*
 * Shapes: a point, lines or areas, held as GEOS geometries behind an opaque
 * pointer.  A shape is immutable once made and may be read by any thread
 * through that thread's own struct gis; it belongs to whoever made it.
 * Invariant: never empty, all coordinates finite, areas valid.
 */
#ifndef GIS_SHAPE_H
#define GIS_SHAPE_H

#include <stddef.h>
#include <stdint.h>
#include "gis/crs.h"
#include "gis/fail.h"
#include "gis/point.h"

/* A thread's GEOS context. */
struct gis;
struct gis *gis_new(void);
void gis_free(struct gis *);

struct gis_shape;

enum gis_kind { GIS_POINT = 1, GIS_LINES, GIS_AREA };

/* GeoJSON geometry (not Feature) text -> shape; Z dropped, invalid areas
 * repaired (sets *repaired), empty or non-finite refused. */
struct gis_shape *gis_shape_from_geojson(struct gis *, const char *text,
    size_t len, int *repaired, struct gis_fail *);
struct gis_shape *
gis_shape_from_wkb(struct gis *, const void *, size_t, struct gis_fail *);
struct gis_shape *
gis_shape_from_lines(struct gis *, const struct gis_point *pts,
    const size_t *first, size_t nlines, struct gis_fail *);
struct gis_shape *gis_shape_point(struct gis *, struct gis_point);
void gis_shape_free(struct gis *, struct gis_shape *);

/* malloc'd; `decimals` digits after the point. */
char *
gis_shape_to_geojson(struct gis *, const struct gis_shape *, int decimals);
unsigned char *
gis_shape_to_wkb(struct gis *, const struct gis_shape *, size_t *len);
/* New shape in the other system (see gis/crs.h for the direction). */
struct gis_shape *gis_shape_to_lonlat(struct gis *, const struct gis_shape *,
    struct gis_crs *, struct gis_fail *);
struct gis_shape *gis_shape_from_lonlat(struct gis *, const struct gis_shape *,
    struct gis_crs *, struct gis_fail *);

enum gis_kind gis_shape_kind(const struct gis_shape *);
struct gis_box gis_shape_box(const struct gis_shape *);
struct gis_point gis_shape_centroid(struct gis *, const struct gis_shape *);
struct gis_point gis_shape_inside(struct gis *, const struct gis_shape *);
double gis_shape_area(struct gis *, const struct gis_shape *);
/* Lines of a shape as runs of points, malloc'd by the callee. */
int gis_shape_lines(struct gis *, const struct gis_shape *,
    struct gis_point **pts, size_t **first, size_t *nlines);

#endif

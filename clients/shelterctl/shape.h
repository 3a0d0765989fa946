/* SPDX-License-Identifier: MIT */
/* What the importer needs of geometries, so that only two files see OGR. */
#ifndef SHELTERCTL_SHAPE_H
#define SHELTERCTL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/source.h"

bool shape_empty(OGRGeometryH);
const char *shape_type(OGRGeometryH); /* "POINT", "MULTILINESTRING" … */

/* The point itself, or a point inside an area, or halfway on a line. */
bool shape_point(OGRGeometryH, double *x, double *y);
bool shape_is_point(OGRGeometryH);

/* GeoJSON of its geometry; the caller frees it with shape_free_text(). */
char *shape_geojson(OGRGeometryH);
void shape_free_text(char *);

/* "[[x0,y0,x1,y1,…],…]" of its lines, numbers that read back the same; the
   caller frees it.  NULL: not made of lines, or no memory. */
char *shape_lines(OGRGeometryH);
/* Appends them as encoded polylines with seven decimals (docs/api.md) if all
 * numbers have no more; false: they have, nothing was appended. */
bool shape_add_paths(
    struct text *, const double *xy, const size_t *first, size_t nlines);
/* Appends the same of the lines of a record; false: a number is not finite. */
bool shape_add_lines(
    struct text *, const double *xy, const size_t *first, size_t nlines);

#endif

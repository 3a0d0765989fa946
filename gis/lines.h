/* SPDX-License-Identifier: MIT */
/*
 * Lines as plain arrays, and as the well-known binary of a MULTILINESTRING:
 * what a shape of lines would give, without making one.  A street network has
 * a million of them and none needs GEOS.  Line i is pts[first[i]] …
 * pts[first[i + 1] - 1].
 */
#ifndef GIS_LINES_H
#define GIS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include "gis/point.h"

/* What is wrong with them, NULL: nothing. Every line has two points and
 * coordinates of a map. */
const char *
gis_lines_fault(const struct gis_point *, const size_t *first, size_t nlines);

struct gis_box
gis_lines_box(const struct gis_point *, const size_t *first, size_t nlines);
/* By length; of lines without any, the mean of their points. */
struct gis_point gis_lines_centroid(
    const struct gis_point *, const size_t *first, size_t nlines);

size_t gis_lines_wkb_size(const size_t *first, size_t nlines);
/* Writes that many bytes, little-endian. */
void gis_lines_to_wkb(const struct gis_point *, const size_t *first,
    size_t nlines, unsigned char *wkb);

/* Lines gathered one after the other. */
struct gis_lines {
	struct gis_point *pts;
	size_t *first; /* [n + 1] */
	size_t npts, n, pts_room, room;
};
/* Appends those of a LINESTRING or MULTILINESTRING in little-endian. 0, -1 out
 * of memory, -2 if it is anything else. */
int gis_lines_add_wkb(struct gis_lines *, const void *wkb, size_t len);
void gis_lines_release(struct gis_lines *);

#endif

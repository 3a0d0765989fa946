/* SPDX-License-Identifier: MIT */
/*
 * Points by place: the k nearest to a point and all within a radius, on the
 * plane, in metres.  Immutable after gis_index_new(); any number of threads
 * may ask at once.  Ties are broken by the smaller number, so answers do not
 * depend on the order of insertion.
 */
#ifndef GIS_INDEX_H
#define GIS_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"

struct gis_index;

struct gis_hit {
	uint32_t item; /* position in the array given to gis_index_new */
	double metres;
};

struct gis_index *gis_index_new(const struct gis_point *plane, size_t n);
void gis_index_free(struct gis_index *);

/* The same index but for some items that are at another place now, or new; it
 * shares the rest, and costs them and a bit for each item.  NULL: too much has
 * gathered (or memory is out), make a new one.  The numbers may be any. */
struct gis_moved {
	uint32_t item;
	struct gis_point plane;
};
struct gis_index *
gis_index_with(const struct gis_index *, const struct gis_moved *, size_t n);
/* Fills at most k hits, nearest first; returns how many. */
size_t gis_index_nearest(
    const struct gis_index *, struct gis_point, size_t k, struct gis_hit *out);
/* malloc'd hits within `metres` (inclusive), nearest first; *n of them. NULL
 * only when out of memory, not when there are none. */
struct gis_hit *gis_index_within(
    const struct gis_index *, struct gis_point, double metres, size_t *n);

#endif

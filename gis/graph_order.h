/* SPDX-License-Identifier: MIT */
/* Orders that keep neighbours on the map neighbours in memory. */
#ifndef GIS_GRAPH_ORDER_H
#define GIS_GRAPH_ORDER_H

#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"

/* Sorts by the upper 32 bits; equal ones keep their order. 0, or -1 out of
 * memory. Costs four passes. */
int gis_order_keys(uint64_t *key, size_t n);

/* The numbers of the points along Hilbert's curve over 2^16 x 2^16 cells of
 * their box, malloc'd; by number within a cell. n below 2^32. NULL: out of
 * memory. */
uint32_t *gis_order_points(const struct gis_point *, size_t n);

#endif

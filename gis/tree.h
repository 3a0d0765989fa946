/* SPDX-License-Identifier: MIT */
/*
 * A packed tree of boxes for gis/ itself: built once, read by any number of
 * threads.  Items are halved at the median of the wider axis down to leaves of
 * at most GIS_LEAF; node i has the children 2i and 2i + 1, the root is 1, all
 * leaves lie on the last level.  A node costs 32 bytes and an item 4.
 *
 * Why not GEOS's STRtree: it has no k nearest, no order among equals, one
 * malloc a node, and its query may build and so is not for several threads.
 */
#ifndef GIS_TREE_H
#define GIS_TREE_H

#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"

enum { GIS_LEAF = 16 };

struct gis_tree {
	struct gis_box *node; /* 2 * leaves of them, [0] unused */
	uint32_t *item;	      /* in leaf order */
	size_t n, leaves;     /* leaves: a power of two */
};

/* Boxes must be finite. -1 when out of memory or n is over 2^31. */
int gis_tree_init(struct gis_tree *, const struct gis_box *, size_t n);
void gis_tree_release(struct gis_tree *);

/* The items of leaf i are item[first] … item[first of i + 1] - 1. */
static inline size_t
gis_tree_first(const struct gis_tree *t, size_t leaf)
{
	return leaf * t->n / t->leaves;
}

/* Square of the distance from p to the box, 0 inside. */
static inline double
gis_box_distance2(const struct gis_box *b, struct gis_point p)
{
	double w = b->w - p.x, e = p.x - b->e, dx = w > e ? w : e;
	double l = b->s - p.y, u = p.y - b->n, dy = l > u ? l : u;

	dx = dx > 0 ? dx : 0; /* written so that no branch is needed */
	dy = dy > 0 ? dy : 0;
	return dx * dx + dy * dy;
}

#endif

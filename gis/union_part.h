/* SPDX-License-Identifier: MIT */
/*
 * What the union_*.c files share: circles in a tree that may change, the arcs
 * of each, and the sweep that finds them.
 *
 * The tree is packed like gis/tree.h's, but its leaves hold the circles
 * themselves and have room to spare; a leaf that overflows gets another behind
 * it.  Boxes only grow, until the next gis_union_new().
 */
#ifndef GIS_UNION_PART_H
#define GIS_UNION_PART_H

#include "gis/tree.h"
#include "gis/union.h"

/* A piece of the rim, counter-clockwise on its disc: starts where it leaves
 * the disc `from`, ends where it enters `to` (GIS_NO_DISC: a whole circle).
 * Directions are unit vectors from the centre. */
enum { GIS_NO_DISC = UINT32_MAX };
struct gis_arc {
	struct gis_point start, end;
	double span; /* radians, 0 … 2 pi */
	uint32_t from, to;
};

struct gis_circle {
	struct gis_point at;
	double r;
};

/* Side by side, so that all of a leaf are computed as vectors; places beyond n
 * are at infinity. */
struct gis_circle_leaf {
	double x[GIS_LEAF], y[GIS_LEAF], r[GIS_LEAF];
	uint32_t item[GIS_LEAF];
	uint32_t n, next; /* next: leaf of the overflow, 0 if none */
};

struct gis_circle_node {
	struct gis_box box; /* of the centres */
	double reach;	    /* the largest radius */
};

struct gis_circles {
	struct gis_circle_node *node; /* [1] is the root */
	struct gis_circle_leaf *leaf;
	size_t leaves, nleaf, capleaf; /* of the tree; with overflows; room */
	uint32_t *where; /* leaf of each item, GIS_NO_DISC when not in */
};

struct gis_rimmed {
	uint32_t first, n; /* into the arcs */
};

struct gis_union {
	struct gis_circles tree;
	struct gis_circle *circle;
	struct gis_rimmed *rim; /* of each circle */
	struct gis_arc *arc;
	/* Circles are numbered in the order of the tree, so that neighbours in
	 * space are neighbours in memory; the caller's numbers lead here. */
	uint32_t *place;
	size_t n, cap;		   /* circles */
	size_t narc, caparc, dead; /* arcs */
	struct gis_point origin;   /* areas are summed around it */
};

/* Circles without a place or a size are left out. -1 when out of memory. */
int gis_circles_init(
    struct gis_circles *, const struct gis_circle *, size_t n, size_t cap);
int gis_circles_clone(
    struct gis_circles *, const struct gis_circles *, size_t n, size_t cap);
void gis_circles_release(struct gis_circles *);
/* Numbers the circles anew as they lie in the leaves, those in none last:
 * place[old] is the new number. */
void gis_circles_number(struct gis_circles *, uint32_t *place, size_t n);
int
gis_circles_add(struct gis_circles *, uint32_t item, const struct gis_circle *);
void gis_circles_drop(struct gis_circles *, uint32_t item);
bool gis_circle_real(const struct gis_circle *);

/* Calls each() for every circle that comes nearer to `c` than touching. */
int gis_circles_meeting(const struct gis_circles *, const struct gis_circle *c,
    int (*each)(void *, uint32_t item), void *arg);

/* How circle b cuts circle a. */
struct gis_cut {
	/* Directions from a's centre: where a, going counter-clockwise, enters
	 * b and leaves it. */
	struct gis_point enter, leave;
};
struct gis_cut
gis_circle_cut(const struct gis_circle *a, const struct gis_circle *b);

/* A piece of a circle that nobody is known to reach, by false angles. */
struct gis_piece {
	double a, b;
	uint32_t from, to;
};
struct gis_sweep {
	const struct gis_union *u;
	const struct gis_circle *me;
	uint32_t item;
	struct gis_piece *piece;
	size_t n, cap;
	struct gis_cap {
		struct gis_point at;
		double radius;
	} lid[16]; /* small discs that hold what is left */
	size_t nlids;
	bool stale, failed; /* the lids; memory */
};

/* Leaves in s->piece what is left of the circle when all others were taken
 * away; the caller frees s->piece after the last. -1 when out of memory. */
int gis_sweep(struct gis_sweep *, uint32_t item);
/* The same, when all but what `gone` reached is known to be covered. */
int gis_sweep_under(
    struct gis_sweep *, uint32_t item, const struct gis_circle *gone);
/* Piece i as an arc. */
struct gis_arc gis_sweep_arc(const struct gis_sweep *, size_t i);

#endif

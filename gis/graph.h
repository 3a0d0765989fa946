/* SPDX-License-Identifier: MIT */
/*
 * What the three files of the walking network share: nodes, edges and
 * adjacency in plain arrays.  A node costs 24 bytes, an edge 17 and twice 16,
 * plus the snapping tree.
 */
#ifndef GIS_GRAPH_H
#define GIS_GRAPH_H

#include <math.h>
#include "gis/network.h"
#include "gis/tree.h"

#define GIS_NONE UINT32_MAX

struct gis_edge {
	uint32_t a, b; /* a: the node that was met first */
	double metres;
};

/* One way out of a node; the length again, because a search reads no more. */
struct gis_exit {
	double metres;
	uint32_t node;
	bool steps;
};

struct gis_network {
	struct gis_point *at; /* nodes on the plane */
	struct gis_edge *edge;
	bool *steps;		/* of edges: every line that has it has steps */
	uint32_t *component;	/* of nodes, after sorting by size */
	uint32_t *first;	/* nnodes + 1 */
	struct gis_exit *exits; /* 2 * nedges */
	struct gis_network_part *part;
	size_t nnodes, nedges, nparts;
	double metres;
	struct gis_tree tree; /* of edges */
};

static inline bool
gis_admits(
    const struct gis_network *net, enum gis_profile profile, uint32_t edge)
{
	return profile != GIS_WITHOUT_STEPS || !net->steps[edge];
}

/* Lengths are whole multiples of 2^-30 m, a nanometre, so that doubles add them
 * without rounding up to 8,000 km: a way is as long from either end. */
static inline double
gis_exact(double metres)
{
	return round(metres * 0x1p30) * 0x1p-30;
}

/* Makes the tree of the finished edges. 0, or -1 out of memory. */
int gis_snap_init(struct gis_network *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the three files of the walking network share: nodes, edges and
 * adjacency in plain arrays.  A node costs 32 bytes, an edge 17 (19 where ways
 * have hours) and twice 16, plus the snapping tree.
 */
#ifndef GIS_GRAPH_H
#define GIS_GRAPH_H

#include <math.h>
#include "gis/network.h"
#include "gis/tree.h"
#include "gis/world.h"

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
	uint16_t hours;
};

struct gis_network {
	struct gis_point *at;	  /* nodes on the plane */
	struct gis_world *on_map; /* and on the web map's square */
	struct gis_edge *edge;
	bool *steps;	 /* of edges: every line that has it has steps */
	uint16_t *hours; /* of edges, 0: always; NULL: all are */
	struct gis_hours *hour_set;
	size_t nhour_sets;
	uint32_t *component;	/* of nodes, after sorting by size */
	uint32_t *first;	/* nnodes + 1 */
	struct gis_exit *exits; /* 2 * nedges */
	struct gis_network_part *part;
	size_t nnodes, nedges, nparts;
	double metres;
	struct gis_tree tree; /* of edges */
	/* Bits over edges and exits; NULL: all are open. */
	uint32_t *shut, *shut_exit;
	size_t nshut;
	bool shared; /* all but these bits is another network's */
};

static inline bool
gis_allows(const struct gis_network *net, struct gis_manner m, bool steps,
    uint16_t hours)
{
	return (m.profile != GIS_WITHOUT_STEPS || !steps) &&
	       (hours == 0 || m.minute < 0 ||
		   gis_hours_open(&net->hour_set[hours - 1], m.minute));
}

static inline bool
gis_admits(const struct gis_network *net, struct gis_manner m, uint32_t edge)
{
	return !gis_network_is_shut(net, edge) &&
	       gis_allows(
		   net, m, net->steps[edge], net->hours ? net->hours[edge] : 0);
}

/* Lengths are whole multiples of 2^-30 m, a nanometre, so that doubles add them
 * without rounding up to 8,000 km: a way is as long from either end. */
static inline double
gis_exact(double metres)
{
	return round(metres * 0x1p30) * 0x1p-30;
}

/* Numbers the connected parts of the finished edges. 0, or -1 out of memory. */
int gis_parts_init(struct gis_network *);

/* Makes the tree of the finished edges. 0, or -1 out of memory. */
int gis_snap_init(struct gis_network *);

#endif

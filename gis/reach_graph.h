/* SPDX-License-Identifier: MIT */
/*
 * What the files of the reach share: adjacency of 8 bytes a way, in the order
 * of the network's nodes, which is that of the map.
 */
#ifndef GIS_REACH_GRAPH_H
#define GIS_REACH_GRAPH_H

#include "gis/graph.h"
#include "gis/reach.h"

struct gis_way {
	uint32_t node, dm; /* dm == GIS_REACH_FAR: closed */
};

struct gis_ways {
	uint32_t *first; /* nodes + 1 */
	struct gis_way *way;
	size_t nodes, ways;
};

int gis_ways_init(struct gis_ways *, size_t nodes, size_t ways);
void gis_ways_release(struct gis_ways *);

struct gis_reach {
	const struct gis_network *net;
	struct gis_ways ways;
	size_t closed;	  /* edges */
	uint32_t longest; /* dm, of an edge */
	enum gis_profile profile;
};

/* Fills ways.first and ways.way, and the edge of each way into `edge` unless
 * it is NULL: the same order every time. */
void
gis_reach_link(const struct gis_reach *, struct gis_ways *ways, uint32_t *edge);

/* Length of an edge in the reach, GIS_REACH_FAR if closed. */
uint32_t gis_reach_edge_dm(const struct gis_reach *, uint32_t edge);

/* Somewhere, and not on a closed edge. */
static inline bool
gis_reach_usable(const struct gis_reach *r, const struct gis_stop *s)
{
	return s->edge != GIS_NONE &&
	       (r->closed == 0 ||
		   gis_reach_edge_dm(r, s->edge) < GIS_REACH_FAR);
}

/* Stops by the node they are reached from; every stop stands at both ends of
 * its edge, be it closed or not. `has` has a bit for each node with stops: 1/32 of the size. */
struct gis_hooks {
	uint32_t *has, *first; /* first: nodes + 1 */
	struct gis_pair *hook; /* number of the stop and dm to it */
};
int gis_hooks_init(
    struct gis_hooks *, size_t nodes, const struct gis_stop *, size_t n);
void gis_hooks_release(struct gis_hooks *);

static inline bool
gis_hooks_at(const struct gis_hooks *h, uint32_t node)
{
	return h->has[node / 32] >> node % 32 & 1;
}

#endif

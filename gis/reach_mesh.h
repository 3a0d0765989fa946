/* SPDX-License-Identifier: MIT */
/*
 * Crossings, dead ends and the chains of edges between them.  A node with two
 * open ways is a bend and lies inside a chain; a ring without any other node
 * keeps one of its bends as a crossing.
 */
#ifndef GIS_REACH_MESH_H
#define GIS_REACH_MESH_H

#include "gis/reach_graph.h"

struct gis_chain {
	uint32_t a, b, dm; /* crossings */
};

struct gis_mesh {
	const struct gis_reach *reach;
	struct gis_ways ways; /* of crossings */
	struct gis_chain *chain;
	size_t chains;
	/* Of edges: the chain, GIS_NONE if closed; dm from the chain's `a` to
	 * the edge, and whether the edge runs against the chain. */
	struct gis_link {
		uint32_t chain, dm : 31, against : 1;
	} * link;
};

/* The same place on its chain: `edge` is the chain's number. */
struct gis_stop gis_mesh_stop(const struct gis_mesh *, struct gis_stop);

#endif

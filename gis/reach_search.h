/* SPDX-License-Identifier: MIT */
/*
 * One bounded search over the compact graph, for one thread at a time: costs
 * what it touches.  Entries wait in buckets of 6.4 m, last in first out; a node
 * that is improved afterwards is looked at once more, so lengths are exact
 * though no bucket is sorted.
 */
#ifndef GIS_REACH_SEARCH_H
#define GIS_REACH_SEARCH_H

#include "gis/reach_graph.h"

enum { GIS_BUCKET_BITS = 6 };

struct gis_search {
	const struct gis_ways *ways;
	uint32_t *dm;	/* of nodes, GIS_REACH_FAR if not met */
	uint32_t *met;	/* to be reset */
	uint32_t *head; /* of buckets */
	struct gis_waiting {
		uint32_t node, dm, next;
	} * waiting;
	size_t nmet, nwaiting, room;
	uint32_t limit, widest; /* limit: may shrink during a search */
	const uint32_t *bound;	/* of nodes: no farther there; NULL: none */
	size_t settled;		/* of all searches so far */
	bool failed;		/* out of memory, for good */
};

int
gis_search_init(struct gis_search *, const struct gis_ways *, uint32_t limit);
void gis_search_release(struct gis_search *);

/* As far as `limit`, which the caller sets. `visit` is called for each node within the limit with the length to it, for
 * some again with a smaller one. */
typedef void gis_search_visit(void *arg, uint32_t node, uint32_t dm);
void gis_search_from(struct gis_search *, const struct gis_stop *,
    const struct gis_hooks *, gis_search_visit *, void *arg);

/* Brings each bound[node] (GIS_REACH_FAR: none) down to the least of another
 * and the length from there, in the limit of gis_search_init(). 0, or -1. */
int gis_search_spread(struct gis_search *, uint32_t *bound);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Distances for a whole city at once: the network once more as a compact graph
 * in whole decimetres, every node's nearest stop, and the stops within a limit
 * (all, or the k nearest) of 100,000s of homes.  Knows nothing of shelters and
 * capacity; gis_walk_from() stays the measure of one way in doubles.
 *
 * Rounding: an edge counts the nearest whole number of decimetres, at least
 * one; a stop's `along` and `off` the nearest, and what is left of its edge
 * the difference, so that the two parts of an edge make the edge.  Lengths are
 * then exact sums, the same from either end and whatever the threads.  A way
 * over m edges differs from its length in doubles by at most 0.05 m for each
 * edge (0.1 m for one shorter than 5 cm) and 0.15 m at each end.
 *
 * Memory: a node costs 4 bytes, an edge 16; a mesh 8 an edge and 28 a street
 * between two crossings; a field 12 a node and 40 a stop; pairs 20 each while
 * they are gathered, and 8 a crossing for each thread, and where searches are
 * bounded by k 4 a crossing and a home.
 */
#ifndef GIS_REACH_H
#define GIS_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gis/fail.h"
#include "gis/network.h"

enum {
	GIS_REACH_LIMIT = 1000000, /* dm, the longest a search may go */
	GIS_REACH_FAR = 1 << 30	   /* dm, no way there */
};

struct gis_reach;

/* The network must outlive it. NULL and a sentence: out of memory, or an edge
 * is longer than GIS_REACH_LIMIT. */
struct gis_reach *
gis_reach_new(const struct gis_network *, enum gis_profile, struct gis_fail *);
void gis_reach_free(struct gis_reach *);
size_t gis_reach_bytes(const struct gis_reach *);

/* A place in whole decimetres. `to` holds the ways to both ends of its edge,
 * `off` is within both. edge == UINT32_MAX: nowhere, or the edge is not for
 * this profile. */
struct gis_stop {
	uint32_t edge, node[2], to[2], off;
};
struct gis_stop gis_reach_stop(const struct gis_reach *, struct gis_place);

/* Closes an edge to all, or opens it again; nobody may search meanwhile. Stops
 * on a closed edge have no way. False: it is so already, or never open in
 * this profile. */
bool gis_reach_close(struct gis_reach *, uint32_t edge);
bool gis_reach_open(struct gis_reach *, uint32_t edge);
/* Opens and closes all edges with hours as they are at a minute of the day, or
 * opens them (GIS_ANY_TIME); how many changed. */
size_t gis_reach_at(struct gis_reach *, int minute);

/* The reach as it is now without the nodes that are but bends of a street: a
 * third of them is left in a town.  Does not see what closes later. */
struct gis_mesh;

/* NULL: out of memory. */
struct gis_mesh *gis_mesh_new(const struct gis_reach *);
void gis_mesh_free(struct gis_mesh *);

/* Which homes have which stops within a limit. */
struct gis_pairs_ask {
	const struct gis_stop *home, *stop;
	size_t homes, stops;
	const uint32_t *owner; /* of stops, below `stops`; NULL: each its own */
	uint32_t limit;	       /* dm, at most GIS_REACH_LIMIT */
	uint32_t k;	       /* nearest owners per home, 0: all */
	unsigned threads;      /* the answer is the same for any number */
};

struct gis_pair {
	uint32_t stop, dm;
};

/* Of home i: pair[first[i]] … pair[first[i + 1] - 1], nearest first, equally
 * near ones by number; of an owner its nearest stop alone. */
struct gis_pairs {
	size_t *first;
	struct gis_pair *pair;
	size_t settled; /* nodes looked at: what it cost */
};

/* Searches from the homes, from the stops, or from the stops no farther than
 * they are among the k nearest, whichever is estimated cheapest from a few of
 * each. 0, or -1 out of memory or if the limit is too large. */
int gis_mesh_pairs(
    const struct gis_mesh *, const struct gis_pairs_ask *, struct gis_pairs *);
void gis_pairs_release(struct gis_pairs *);

/* Every node's nearest stop, kept right while stops and edges come and go. Of
 * equally near stops the smaller number owns the node. */
struct gis_field;

/* NULL: out of memory. The reach must outlive it; the stops are copied. */
struct gis_field *
gis_field_new(const struct gis_reach *, const struct gis_stop *, size_t n);
void gis_field_free(struct gis_field *);
/* dm to the nearest stop, GIS_REACH_FAR if there is none; its number. */
uint32_t gis_field_dm(const struct gis_field *, uint32_t node);
uint32_t gis_field_owner(const struct gis_field *, uint32_t node);
/* The same for any place on an edge. */
struct gis_pair gis_field_at(const struct gis_field *, struct gis_stop);

/* One stop is closed, or open again; one edge is, after gis_reach_close() or
 * gis_reach_open(). Costs what changes; returns the number of nodes it did
 * for, SIZE_MAX: out of memory, the field is lost. */
size_t gis_field_close_stop(struct gis_field *, uint32_t stop);
size_t gis_field_open_stop(struct gis_field *, uint32_t stop);
size_t gis_field_edge_closed(struct gis_field *, uint32_t edge);
size_t gis_field_edge_opened(struct gis_field *, uint32_t edge);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The ways on foot between homes and the doors of taking part shelters, as far
 * as a door lies within the straight line.  Searched from the doors or from
 * the homes, whichever are fewer, and never farther than the last one asked
 * for; the answer is the same to the last bit either way.
 */
#ifndef SHELTERD_PLAN_WAYS_H
#define SHELTERD_PLAN_WAYS_H

#include "shelterd/plan/plan_arcs.h"

struct plan_way {
	uint32_t item;	 /* of the index over entrances */
	uint32_t metres; /* whole */
};

/* Ways of home i (its position in the snapshot): way[first[i]] …
 * way[first[i + 1] - 1], the door nearest in a straight line first, then by
 * item; none beyond the limit if that is in minutes. Homes without people have
 * none. */
struct plan_ways {
	struct plan_way *way;
	size_t *first;
	uint32_t *near;	   /* of homes: doors within the straight line */
	uint32_t *cut_off; /* of those, how many in no part it shares */
};

/* Where a place is in the limit's manner.  What is known is known for all edges
 * on foot at any time, be they closed or not. */
struct gis_place plan_place(const struct gis_network *,
    const struct plan_limit *, struct gis_place known, struct gis_point plane);

/* Needs a network. 0, ASSIGN_NO_MEMORY or ASSIGN_CANCELLED. */
int plan_ways_measure(struct plan_ways *, const struct snapshot *,
    const struct plan_sites *, const struct plan_limit *, assign_progress *,
    void *arg);
void plan_ways_release(struct plan_ways *);

#endif

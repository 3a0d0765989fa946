/* SPDX-License-Identifier: MIT */
/*
 * A plan that minds the queues at the doors.  Doors pass so many people in a
 * slot of time; whoever passes in the k-th slot has waited k slots, which
 * counts as the way walked in that time.  First as many people sheltered as
 * possible, then the least person-metres of walking and waiting together;
 * exact for these slots, proved by the core's prices.  Everybody is taken to
 * be at the door at once, so waiting is an upper bound.  Pure; libc only.
 *
 * How: waiting rises with each slot (convex), and the core knows only places.
 * So every slot is also a home that would rather stay in the shelter, by as
 * much as the slot's waiting; people who take its places send it to a shelter
 * without end and pay that difference, the cheapest slot first.
 */
#ifndef DRILLS_ASSIGN_QUEUE_H
#define DRILLS_ASSIGN_QUEUE_H

#include "drills/assign.h"

struct assign_doors {
	const int64_t *per_hour; /* [shelters] people; 0: nobody waits */
	int64_t slot_s;
	int64_t speed_mm; /* mm/s on foot */
};

struct assign_queue {
	int64_t *flow; /* [arcs] */
	int64_t people, sheltered, person_metres;
	int64_t waiting; /* as metres walked */
	int64_t bound;	 /* of person_metres + waiting, equal: proved */
};

/* A shelter has at most so many slots; where it would have more, they are
 * longer. */
enum { ASSIGN_QUEUE_SLOTS = 500 };

/* 0, enum assign_error or ASSIGN_NOT_PROVED; release also after an error. */
int assign_queue(const struct assign_problem *, const struct assign_doors *,
    struct assign_queue *out, assign_progress *, void *arg);
void assign_queue_release(struct assign_queue *);

/* What `load` people wait at this shelter, as metres walked. */
int64_t assign_queue_waiting(const struct assign_problem *,
    const struct assign_doors *, size_t shelter, int64_t load);

#endif

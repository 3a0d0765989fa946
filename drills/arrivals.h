/* SPDX-License-Identifier: MIT */
/*
 * People counted at the doors during a drill.  Every count carries the
 * operation id of the device that made it and counts once, however often it
 * is sent.  Pure: no store, no clock; seconds are the drill's.
 *
 * Invariant: `total` equals the sum over doors, and each door's people the
 * sum of the counts taken for it.
 */
#ifndef DRILLS_ARRIVALS_H
#define DRILLS_ARRIVALS_H

#include <stddef.h>
#include <stdint.h>

enum {
	ARRIVALS_OP_MAX = 64,	     /* bytes of an operation id */
	ARRIVALS_PEOPLE_MAX = 100000 /* in one count */
};

/* One count as it comes in. Entrance 0: the door was not said. */
struct arrival {
	const char *op;
	int64_t shelter, entrance, people, second;
};

/* One door of one shelter. */
struct arrival_door {
	int64_t shelter, entrance;
	int64_t people;
	int64_t first_s, last_s;
};

struct arrivals; /* opaque: doors and the set of operation ids */

enum arrival_result {
	ARRIVAL_COUNTED = 1,
	ARRIVAL_REPEATED = 0, /* this op was counted before */
	ARRIVAL_BAD = -1,     /* empty or long op, people out of bounds */
	ARRIVAL_NO_MEMORY = -2
};

struct arrivals *arrivals_new(void);
void arrivals_free(struct arrivals *);
enum arrival_result arrivals_add(struct arrivals *, const struct arrival *);
int64_t arrivals_total(const struct arrivals *);
/* Doors in the order they were first used; valid until the next add. */
const struct arrival_door *arrivals_doors(const struct arrivals *, size_t *n);
/* NULL if nobody came through that door. */
const struct arrival_door *
arrivals_door(const struct arrivals *, int64_t shelter, int64_t entrance);

#endif

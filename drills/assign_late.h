/* SPDX-License-Identifier: MIT */
/*
 * A plan that minds the clock before the way: first as many people sheltered
 * as possible; of those as few as possible who walk farther than the alarm
 * leaves time for ("late"); then the least longest way anybody has ("last");
 * then the least person-metres.  Exact, each step proved by the core's prices.
 * Pure; libc only.
 */
#ifndef DRILLS_ASSIGN_LATE_H
#define DRILLS_ASSIGN_LATE_H

#include "drills/assign.h"

struct assign_late {
	int64_t *flow; /* [arcs] */
	int64_t people, sheltered, late, last, person_metres;
	int64_t bound; /* of the person-metres, for plans as good before that */
};

/* Who walks more than `in_time` metres is late.  0, enum assign_error,
 * ASSIGN_NOT_PROVED (assign_made.h); ASSIGN_OVERFLOW also where the order
 * cannot be put into numbers, which takes chains of hundreds of the longest
 * moves.  Release also after an error. */
int assign_late(const struct assign_problem *, int64_t in_time,
    struct assign_late *out, assign_progress *, void *arg);
void assign_late_release(struct assign_late *);

#endif

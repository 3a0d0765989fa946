/* SPDX-License-Identifier: MIT */
/*
 * Keeping homes whole: the second step after assign_solve().  Every home goes
 * to one shelter or, if no room for all its people can be made, stays out.
 * A heuristic with a proven gap: nothing that keeps homes whole can beat the
 * splittable answer it starts from.  Pure; libc only.
 */
#ifndef DRILLS_ASSIGN_WHOLE_H
#define DRILLS_ASSIGN_WHOLE_H

#include "drills/assign.h"

struct assign_whole {
	size_t *arc;  /* [homes] SIZE_MAX: stays out, or has no people */
	size_t split; /* homes the splittable answer takes apart */
	int64_t sheltered, person_metres;
};

/* 0, ASSIGN_NO_MEMORY or ASSIGN_OVERFLOW; release also after failure. */
int assign_whole(const struct assign_problem *, const struct assign_answer *,
    struct assign_whole *out);
void assign_whole_release(struct assign_whole *);

#endif

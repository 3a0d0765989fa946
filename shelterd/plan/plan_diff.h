/* SPDX-License-Identifier: MIT */
/*
 * Who moves between two plans.  Per home, people fewer in one shelter are
 * matched with people more in another; what is over was or is left out
 * (shelter 0).
 */
#ifndef SHELTERD_PLAN_DIFF_H
#define SHELTERD_PLAN_DIFF_H

#include <stddef.h>
#include "shelterd/store/plan.h"

struct plan_move {
	int64_t home, people, from, to; /* shelters; 0: left out */
};

/* Sorts both lists. malloc'd moves, *n of them, by home; *same people stay
 * where they are. NULL when out of memory. */
struct plan_move *plan_diff(struct assignment_row *a, size_t na,
    struct assignment_row *b, size_t nb, size_t *n, int64_t *same);

#endif

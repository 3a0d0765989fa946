/* SPDX-License-Identifier: MIT */
/*
 * The answer that an optimal tree stands for, in the problem's own order.
 */
#ifndef DRILLS_ASSIGN_ANSWER_H
#define DRILLS_ASSIGN_ANSWER_H

#include "drills/assign_tree.h"

/* Number n of the tree is home owner[n] of the problem; ASSIGN_NONE, or a
 * number of `owners` or more: a blocker. */
struct assign_reading {
	const struct assign_tree *tree;
	const struct assign_layout *layout;
	const uint32_t *owner;
	size_t owners;
};

/* Fills `out`, the sums from flows and prices as read.  flow[arcs], zeroed or
 * NULL for want of memory, becomes the answer's.  0, ASSIGN_NO_MEMORY or
 * ASSIGN_OVERFLOW, release also then. */
int assign_answer_read(const struct assign_reading *,
    const struct assign_problem *, int64_t *flow, struct assign_answer *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Runs the simplex on the tree of assign_tree.h: which arc enters.  Knows
 * nothing of how the tree changes by it.
 */
#ifndef DRILLS_ASSIGN_SIMPLEX_H
#define DRILLS_ASSIGN_SIMPLEX_H

#include "drills/assign_tree.h"

/*
 * The optimal tree of a whole problem, by way of samples: every 16th home, then
 * every 4th, with as small a share of the places; the prices of one round show
 * the next one where to start.  0, ASSIGN_NO_MEMORY or ASSIGN_CANCELLED;
 * release the tree always.
 */
int assign_simplex(struct assign_tree *, const struct assign_problem *,
    int64_t left_price, assign_progress *, void *arg);

#endif

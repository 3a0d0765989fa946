/* SPDX-License-Identifier: MIT */
/*
 * The optimal tree of a whole problem by way of coarse ones, where neighbours
 * go as one; the prices of each are where the next one starts.
 */
#ifndef DRILLS_ASSIGN_STAGES_H
#define DRILLS_ASSIGN_STAGES_H

#include "drills/assign_simplex.h"

struct assign_task {
	const struct assign_layout *layout;
	int64_t left_price;
	const int64_t *guess; /* [shelters] the problem's, or NULL */
	assign_progress *progress;
	void *arg;
};

/* Fills simplex and tree, which the caller releases also after an error: homes
 * stand as order[homes] says (the problem's numbers), then come the blockers, that all stay inside.
 * The layout must stay.  0, ASSIGN_NO_MEMORY or ASSIGN_CANCELLED. */
int assign_stages(const struct assign_task *, struct assign_simplex *,
    struct assign_tree *, uint32_t *order);

#endif

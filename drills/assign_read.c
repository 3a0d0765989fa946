/* SPDX-License-Identifier: MIT */
/* See assign_read.h. */
#include "drills/assign_read.h"

static void
read_joint(
    const struct assign_tree *t, uint32_t joint, assign_piece_fn *fn, void *arg)
{
	const struct assign_node *x = &t->node[joint];

	if (x->flow > 0)
		fn(arg, x->home, t->link[joint].pick, x->flow);
	for (uint32_t s = x->child; s != ASSIGN_NONE; s = t->node[s].next)
		if (t->node[s].flow > 0)
			fn(arg, x->home, t->link[s].pick, t->node[s].flow);
}

void
assign_read_pieces(const struct assign_tree *t, assign_piece_fn *fn, void *arg)
{
	for (uint32_t h = 0; h < t->homes; h++) {
		const struct assign_leaf *x = &t->home[h];

		if (x->people == 0)
			continue;
		if (x->at > t->outside)
			read_joint(t, x->at, fn, arg);
		else
			fn(arg, h, x->pick, x->people);
	}
}

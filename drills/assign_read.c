/* SPDX-License-Identifier: MIT */
/* See assign_read.h. */
#include "drills/assign_read.h"

static void
read_joint(
    const struct assign_tree *t, uint32_t joint, assign_piece_fn *fn, void *arg)
{
	const struct assign_node *x = &t->node[joint];

	if (x->flow > 0)
		fn(arg, x->home, x->pick, x->flow);
	for (uint32_t s = x->child; s != ASSIGN_NONE; s = t->node[s].next)
		if (t->node[s].flow > 0)
			fn(arg, x->home, t->node[s].pick, t->node[s].flow);
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

void
assign_read_prices(const struct assign_tree *t, int64_t *price)
{
	const struct assign_problem *p = t->problem;

	for (size_t s = 0; s < p->shelters; s++)
		price[s] = p->places[s] > 0 ? t->price[s] : 0;
	for (uint32_t h = 0; h < t->homes; h++) {
		if (p->people[h] == 0)
			continue;
		int64_t most = assign_tree_home_price(t, h);

		for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
			if (p->metres[a] + price[p->shelter[a]] < most)
				price[p->shelter[a]] = most - p->metres[a];
	}
}

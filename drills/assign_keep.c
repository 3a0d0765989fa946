/* SPDX-License-Identifier: MIT */
/* One price: see assign_keep.h. */
#include <stdlib.h>
#include "drills/assign_groups.h"

int
assign_keep(const struct assign_problem *p, const int64_t *stay, int64_t price,
    struct assign_keep *out, assign_progress *progress, void *arg)
{
	struct assign_groups g;
	int r = assign_groups_init(&g, p, stay);

	*out = (struct assign_keep){ 0 };
	if (r == 0)
		r = assign_groups_solve(
		    &g, 1, price, NULL, NULL, out, progress, arg);
	assign_groups_release(&g);
	return r;
}

void
assign_keep_release(struct assign_keep *k)
{
	free(k->flow);
	*k = (struct assign_keep){ 0 };
}

/* SPDX-License-Identifier: MIT */
/* See assign_order.h. */
#include <stdlib.h>
#include "drills/assign.h"
#include "drills/assign_order.h"

int
assign_ranks_init(struct assign_ranks *r, size_t homes, size_t shelters)
{
	size_t rest = homes + shelters + 2; /* for assign_order() */
	uint32_t *all = malloc((ASSIGN_RANKS * homes + rest) * sizeof(*all));

	*r = (struct assign_ranks){ .homes = homes, .shelters = shelters };
	if (all == NULL)
		return ASSIGN_NO_MEMORY;
	for (int i = 0; i < ASSIGN_RANKS; i++)
		r->shelter[i] = all + (size_t)i * homes;
	r->scratch = all + ASSIGN_RANKS * homes;
	return 0;
}

void
assign_ranks_release(struct assign_ranks *r)
{
	free(r->shelter[0]);
	*r = (struct assign_ranks){ 0 };
}

/* Moves `from` into `to` by key, equal ones as they stood; count[keys + 1] is
 * scratch. */
static void
sort_by(const uint32_t *key, size_t keys, const uint32_t *from, uint32_t *to,
    size_t n, uint32_t *count)
{
	for (size_t k = 0; k <= keys; k++)
		count[k] = 0;
	for (size_t i = 0; i < n; i++)
		count[key[i] + 1]++;
	for (size_t k = 0; k < keys; k++)
		count[k + 1] += count[k];
	for (size_t i = 0; i < n; i++)
		to[count[key[from[i]]]++] = from[i];
}

void
assign_order(const struct assign_ranks *r, uint32_t *order)
{
	size_t n = r->homes, keys = r->shelters + 1;
	uint32_t *between = r->scratch, *count = between + n;

	for (size_t h = 0; h < n; h++)
		between[h] = (uint32_t)h;
	sort_by(r->shelter[2], keys, between, order, n, count);
	sort_by(r->shelter[1], keys, order, between, n, count);
	sort_by(r->shelter[0], keys, between, order, n, count);
}

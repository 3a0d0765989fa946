/* SPDX-License-Identifier: MIT */
/* See assign_order.h. */
#include <stdlib.h>
#include "drills/assign_order.h"

enum { RANKS = 3 };

/* The cheapest shelters of one home, the cheapest first. */
struct ranking {
	int64_t cost[RANKS];
	uint32_t shelter[RANKS];
};

static struct ranking
rank(const struct assign_problem *p, size_t home, const int64_t *price)
{
	uint32_t none = (uint32_t)p->shelters;
	struct ranking r = { { INT64_MAX, INT64_MAX, INT64_MAX },
		{ none, none, none } };

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++) {
		uint32_t s = p->shelter[a];
		int64_t cost = p->metres[a] + price[s];
		int i = RANKS - 1;

		if (cost >= r.cost[i])
			continue;
		for (; i > 0 && cost < r.cost[i - 1]; i--) {
			r.cost[i] = r.cost[i - 1];
			r.shelter[i] = r.shelter[i - 1];
		}
		r.cost[i] = cost;
		r.shelter[i] = s;
	}
	return r;
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

int
assign_order(const struct assign_problem *p, const int64_t *price,
    uint32_t *order, uint32_t *cheapest)
{
	size_t n = p->homes, keys = p->shelters + 1;
	uint32_t *scratch = malloc((3 * n + keys + 1) * sizeof(*scratch));
	uint32_t *second = scratch, *third = second + n, *between = third + n;
	uint32_t *count = between + n;

	if (scratch == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t h = 0; h < n; h++) {
		struct ranking r = rank(p, h, price);

		cheapest[h] = r.shelter[0];
		second[h] = r.shelter[1];
		third[h] = r.shelter[2];
		between[h] = (uint32_t)h;
	}
	sort_by(third, keys, between, order, n, count);
	sort_by(second, keys, order, between, n, count);
	sort_by(cheapest, keys, between, order, n, count);
	free(scratch);
	return 0;
}

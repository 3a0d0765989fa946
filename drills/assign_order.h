/* SPDX-License-Identifier: MIT */
/*
 * Homes in an order in which those stand together who would go the same ways:
 * by the shelter that costs them least at the prices of now, then by the second
 * and the third.  So one home can speak for a few that follow each other, and a
 * block of homes has few shelters in sight.
 */
#ifndef DRILLS_ASSIGN_ORDER_H
#define DRILLS_ASSIGN_ORDER_H

#include <stddef.h>
#include <stdint.h>

enum { ASSIGN_RANKS = 3 };

/* The cheapest shelters of one home so far. */
struct assign_choices {
	int64_t cost[ASSIGN_RANKS];
	uint32_t shelter[ASSIGN_RANKS]; /* `none` where there is no other */
};

static inline struct assign_choices
assign_no_choice(uint32_t none)
{
	return (struct assign_choices){ { INT64_MAX, INT64_MAX, INT64_MAX },
		{ none, none, none } };
}

static inline void
assign_choose(struct assign_choices *c, uint32_t shelter, int64_t cost)
{
	int i = ASSIGN_RANKS - 1;

	if (cost >= c->cost[i])
		return;
	for (; i > 0 && cost < c->cost[i - 1]; i--) {
		c->cost[i] = c->cost[i - 1];
		c->shelter[i] = c->shelter[i - 1];
	}
	c->cost[i] = cost;
	c->shelter[i] = shelter;
}

/* The shelters of all homes' choices, [homes] each. */
struct assign_ranks {
	size_t homes, shelters;
	uint32_t *shelter[ASSIGN_RANKS];
	uint32_t *scratch;
};

/* Room for so many; 0 or ASSIGN_NO_MEMORY, release also then. */
int assign_ranks_init(struct assign_ranks *, size_t homes, size_t shelters);
void assign_ranks_release(struct assign_ranks *);

static inline void
assign_ranks_put(
    struct assign_ranks *r, size_t home, const struct assign_choices *c)
{
	for (int i = 0; i < ASSIGN_RANKS; i++)
		r->shelter[i][home] = c->shelter[i];
}

/* All homes into order[homes]; those who chose the same stay as they were. */
void assign_order(const struct assign_ranks *, uint32_t *order);

#endif

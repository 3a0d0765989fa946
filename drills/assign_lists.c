/* SPDX-License-Identifier: MIT */
/* See assign_lists.h. */
#include <stdlib.h>
#include <string.h>
#include "drills/array.h"
#include "drills/assign_lists.h"

enum { SHORT = ASSIGN_SHORT };

/* The cheapest arcs so far, in order, and what the cheapest of the others
 * costs; INT64_MAX: there is none. */
struct cheapest {
	int64_t cost[SHORT], other;
	uint32_t pick[SHORT]; /* ASSIGN_NONE likewise */
};

/* An arc cheaper than the last.  Where it belongs is not to be guessed, so all
 * move as they must, without a branch. */
static inline void
insert(struct cheapest *c, int64_t cost, uint32_t pick)
{
#pragma GCC unroll 8
	for (int i = SHORT - 1; i > 0; i--) {
		bool here = cost < c->cost[i], before = cost < c->cost[i - 1];
		int64_t mine = here ? cost : c->cost[i];
		uint32_t my_pick = here ? pick : c->pick[i];

		c->cost[i] = before ? c->cost[i - 1] : mine;
		c->pick[i] = before ? c->pick[i - 1] : my_pick;
	}
	c->pick[0] = cost < c->cost[0] ? pick : c->pick[0];
	c->cost[0] = cost < c->cost[0] ? cost : c->cost[0];
}

/* Of all arcs; those of `bound` or more do not count: at least SHORT cost
 * less, or it is INT64_MAX. */
static struct cheapest
cheapest_of(struct assign_row r, const int64_t *price, int64_t bound)
{
	struct cheapest c;
	int64_t other = INT64_MAX;

	for (int i = 0; i < SHORT; i++) {
		c.cost[i] = INT64_MAX;
		c.pick[i] = ASSIGN_NONE;
	}
	for (uint32_t a = 0; a < r.n; a++) {
		int64_t cost = r.way[a].metres + price[r.way[a].shelter];

		if (cost >= bound) {
			other = cost < other ? cost : other;
			continue;
		}
		other = c.cost[SHORT - 1] < other ? c.cost[SHORT - 1] : other;
		insert(&c, cost, a);
		bound = c.cost[SHORT - 1] < bound ? c.cost[SHORT - 1] : bound;
	}
	c.other = other;
	return c;
}

static void
put_list(struct assign_lists *l, uint32_t home, struct assign_row r,
    const struct cheapest *c)
{
	const struct assign_way nowhere = { l->nowhere, 0 };
	struct assign_brief *b = &l->brief[home];

	for (int i = 0; i < SHORT; i++) {
		uint32_t pick = c->pick[i];
		struct assign_way way =
		    pick != ASSIGN_NONE ? r.way[pick] : nowhere;

		l->picks[home].pick[i] = pick;
		b->shelter[i] = way.shelter;
		b->metres[i] = way.metres;
	}
	l->floor[home] = c->other;
}

void
assign_lists_make(struct assign_lists *l, uint32_t home, struct assign_row r,
    const int64_t *price)
{
	struct cheapest c = cheapest_of(r, price, INT64_MAX);

	put_list(l, home, r, &c);
}

void
assign_lists_remake(struct assign_lists *l, uint32_t home, struct assign_row r,
    const int64_t *price)
{
	const uint32_t *pick = l->picks[home].pick;
	int64_t most = INT64_MIN;
	struct cheapest c;

	for (int i = 0; r.n >= SHORT && i < SHORT; i++) {
		struct assign_way way = r.way[pick[i]];
		int64_t cost = way.metres + price[way.shelter];

		most = cost > most ? cost : most;
	}
	c = cheapest_of(r, price, r.n >= SHORT ? most + 1 : INT64_MAX);
	put_list(l, home, r, &c);
}

struct assign_arc
assign_lists_arc(const struct assign_lists *l, uint32_t home, uint32_t slot)
{
	return (struct assign_arc){ l->brief[home].shelter[slot],
		l->picks[home].pick[slot], l->brief[home].metres[slot] };
}

/* One line of the cache each, not parts of two. */
static bool
grow_briefs(struct assign_lists *l, size_t n)
{
	struct assign_brief *more =
	    aligned_alloc(sizeof(*more), n * sizeof(*more));

	if (more == NULL)
		return false;
	if (l->room > 0)
		memcpy(more, l->brief, l->room * sizeof(*more));
	free(l->brief);
	l->brief = more;
	return true;
}

int
assign_lists_grow(struct assign_lists *l, size_t room, uint32_t nowhere)
{
	l->nowhere = nowhere;
	if (l->room >= room)
		return 0;
	if (!grow_briefs(l, room) ||
	    !array_grow(&l->picks, room, sizeof(*l->picks)) ||
	    !array_grow(&l->floor, room, sizeof(*l->floor)) ||
	    !array_grow(&l->margin, room, sizeof(*l->margin)))
		return ASSIGN_NO_MEMORY;
	l->room = (uint32_t)room;
	return 0;
}

void
assign_lists_release(struct assign_lists *l)
{
	free(l->brief);
	free(l->picks);
	free(l->floor);
	free(l->margin);
	*l = (struct assign_lists){ 0 };
}

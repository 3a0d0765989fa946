/* SPDX-License-Identifier: MIT */
/* See assign_lists.h. */
#include <stdlib.h>
#include <string.h>
#include "drills/array.h"
#include "drills/assign_lists.h"

enum { SHORT = ASSIGN_SHORT };

/* The cheapest arcs so far, by insertion, and what the cheapest of the others
 * costs. */
struct cheapest {
	int64_t cost[SHORT], other;
	uint32_t pick[SHORT];
	int n;
};

static void
insert(struct cheapest *c, int64_t cost, uint32_t pick)
{
	int i = c->n < SHORT ? c->n++ : SHORT - 1;

	for (; i > 0 && c->cost[i - 1] > cost; i--) {
		c->cost[i] = c->cost[i - 1];
		c->pick[i] = c->pick[i - 1];
	}
	c->cost[i] = cost;
	c->pick[i] = pick;
}

/* Of all arcs; those of `bound` or more do not count: at least SHORT cost
 * less, or it is INT64_MAX. */
static struct cheapest
cheapest_of(struct assign_row r, const int64_t *price, int64_t bound)
{
	struct cheapest c = { .other = INT64_MAX };
	int64_t other = INT64_MAX;

	for (uint32_t a = 0; a < r.n; a++) {
		int64_t cost = r.way[a].metres + price[r.way[a].shelter];

		if (cost >= bound) {
			other = cost < other ? cost : other;
			continue;
		}
		if (c.n == SHORT)
			other = bound < other ? bound : other;
		insert(&c, cost, a);
		if (c.n == SHORT)
			bound = c.cost[SHORT - 1];
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
		struct assign_way way = i < c->n ? r.way[c->pick[i]] : nowhere;

		l->picks[home].pick[i] = i < c->n ? c->pick[i] : ASSIGN_NONE;
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

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

static bool
is_in(const struct cheapest *c, uint32_t pick)
{
	for (int i = 0; i < SHORT; i++)
		if (c->pick[i] == pick)
			return true;
	return false;
}

/* All arcs from `a` on, when SHORT are in; with `twice` some may be already. */
static void
compare(struct cheapest *c, struct assign_row r, const int64_t *price,
    uint32_t a, bool twice)
{
	int64_t other = INT64_MAX, dearest = c->cost[SHORT - 1];

	for (; a < r.n; a++) {
		int64_t cost = r.metres[a] + price[r.shelter[a]];

		if (cost > dearest || (cost == dearest && !twice)) {
			other = cost < other ? cost : other;
			continue;
		}
		if (twice && is_in(c, a))
			continue;
		other = dearest < other ? dearest : other;
		insert(c, cost, a);
		dearest = c->cost[SHORT - 1];
	}
	c->other = other;
}

static void
put_list(struct assign_lists *l, uint32_t home, struct assign_row r,
    const struct cheapest *c)
{
	struct assign_brief *b = &l->brief[home];

	for (int i = 0; i < SHORT; i++) {
		bool there = i < c->n;

		l->picks[home].pick[i] = there ? c->pick[i] : ASSIGN_NONE;
		b->shelter[i] = there ? r.shelter[c->pick[i]] : l->nowhere;
		b->metres[i] = there ? (int32_t)r.metres[c->pick[i]] : 0;
	}
	l->floor[home] = c->other;
}

void
assign_lists_make(struct assign_lists *l, uint32_t home, struct assign_row r,
    const int64_t *price)
{
	struct cheapest c = { .other = INT64_MAX };
	uint32_t a = 0;

	for (; a < r.n && a < SHORT; a++)
		insert(&c, r.metres[a] + price[r.shelter[a]], a);
	if (a < r.n)
		compare(&c, r, price, a, false);
	put_list(l, home, r, &c);
}

void
assign_lists_remake(struct assign_lists *l, uint32_t home, struct assign_row r,
    const int64_t *price)
{
	struct cheapest c = { .other = INT64_MAX };

	if (r.n <= SHORT) {
		assign_lists_make(l, home, r, price);
		return;
	}
	for (int i = 0; i < SHORT; i++) {
		uint32_t a = l->picks[home].pick[i];

		insert(&c, r.metres[a] + price[r.shelter[a]], a);
	}
	compare(&c, r, price, 0, true);
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
assign_lists_grow(struct assign_lists *l, const struct assign_tree *t)
{
	size_t n = t->room;

	l->nowhere = t->nowhere;
	if (l->room >= n)
		return 0;
	if (!grow_briefs(l, n) ||
	    !array_grow(&l->picks, n, sizeof(*l->picks)) ||
	    !array_grow(&l->floor, n, sizeof(*l->floor)) ||
	    !array_grow(&l->margin, n, sizeof(*l->margin)))
		return ASSIGN_NO_MEMORY;
	l->room = t->room;
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

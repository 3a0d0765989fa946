/* SPDX-License-Identifier: MIT */
/* See assign_lists.h. */
#include <stdlib.h>
#include <string.h>
#include "drills/array.h"
#include "drills/assign_lists.h"

enum { SHORT = ASSIGN_SHORT };

/* The places of the cheapest arcs, by insertion, and how many; what the
 * cheapest of the others costs. */
static int
cheapest(
    struct assign_row r, const int64_t *price, uint32_t *pick, int64_t *floor)
{
	int64_t cost[SHORT], other = INT64_MAX;
	int n = 0;

	for (uint32_t a = 0; a < r.n; a++) {
		int64_t c = r.metres[a] + price[r.shelter[a]];
		int i = n < SHORT ? n : SHORT - 1;

		if (n == SHORT && c >= cost[i]) {
			other = c < other ? c : other;
			continue;
		}
		if (n == SHORT)
			other = cost[i];
		else
			n++;
		for (; i > 0 && cost[i - 1] > c; i--) {
			cost[i] = cost[i - 1];
			pick[i] = pick[i - 1];
		}
		cost[i] = c;
		pick[i] = a;
	}
	*floor = other;
	return n;
}

void
assign_lists_make(struct assign_lists *l, uint32_t home, struct assign_row r,
    const int64_t *price)
{
	struct assign_brief *b = &l->brief[home];
	uint32_t pick[SHORT];
	int n = cheapest(r, price, pick, &l->floor[home]);

	for (int i = 0; i < n; i++) {
		l->picks[home].pick[i] = pick[i];
		b->shelter[i] = r.shelter[pick[i]];
		b->metres[i] = (int32_t)r.metres[pick[i]];
	}
	for (int i = n; i < SHORT; i++)
		b->shelter[i] = ASSIGN_NONE;
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
assign_lists_grow(struct assign_lists *l, uint32_t room)
{
	size_t n = room;

	if (l->room >= room)
		return 0;
	if (!grow_briefs(l, n) ||
	    !array_grow(&l->picks, n, sizeof(*l->picks)) ||
	    !array_grow(&l->floor, n, sizeof(*l->floor)) ||
	    !array_grow(&l->margin, n, sizeof(*l->margin)))
		return ASSIGN_NO_MEMORY;
	l->room = room;
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

/* SPDX-License-Identifier: MIT */
/* See assign_start.h. */
#include <stdlib.h>
#include "drills/assign_start.h"
#include "drills/halves.h"

enum { ARC_NS = 6 };

uint32_t
assign_start_homes(const struct assign_start *s)
{
	size_t n = s->layout->homes;

	return (uint32_t)(n / s->stride + (n % s->stride > 0));
}

static int64_t
lowest(const struct assign_start *s, uint32_t shelter)
{
	int64_t guess = s->guess[shelter];

	return guess > s->slack ? guess - s->slack : 0;
}

/* At most so much that blockers give way to nobody. */
static int64_t
highest(const struct assign_start *s, uint32_t shelter)
{
	int64_t most = ASSIGN_BLOCKED * s->left_price;
	int64_t high = s->guess[shelter] + s->slack;

	return s->slack >= most || high > most ? most : high;
}

/* The home whose arcs those that go as one have. */
static uint32_t
middle(const struct assign_start *s, uint32_t home)
{
	size_t from = (size_t)home * s->stride, to = from + s->stride;

	to = to < s->layout->homes ? to : s->layout->homes;
	return s->order[from + (to - from) / 2];
}

static struct assign_leaf
gather(const struct assign_start *s, uint32_t home)
{
	size_t from = (size_t)home * s->stride, to = from + s->stride;
	int64_t people = 0;

	to = to < s->layout->homes ? to : s->layout->homes;
	for (size_t i = from; i < to; i++)
		people += s->layout->people[s->order[i]];
	return (struct assign_leaf){
		.people = people < INT32_MAX ? (int32_t)people : INT32_MAX,
		.left = s->left_price,
	};
}

/* Where the home would go if there was room; not to a shelter with so many
 * people that its blocker could not tell them. */
static struct assign_arc
cheapest(const struct assign_start *s, const struct assign_lists *l,
    uint32_t home, int64_t people, const int64_t *over)
{
	struct assign_arc out = { (uint32_t)s->layout->shelters, ASSIGN_NONE,
		s->left_price };
	struct assign_arc arc = assign_lists_arc(l, home, 0);

	if (arc.shelter >= out.shelter ||
	    arc.cost + s->guess[arc.shelter] >= s->left_price ||
	    over[arc.shelter] + people >= INT32_MAX)
		return out;
	return arc;
}

/* Hangs a shelter with so many people more (or, below zero, less) than its
 * places; its blocker's people. */
static int32_t
hang(const struct assign_start *s, struct assign_tree *t, uint32_t shelter,
    int64_t over)
{
	uint32_t blocker = assign_start_homes(s) + shelter;
	int64_t places = s->layout->places[shelter];
	int64_t people = places > over + 1 ? places : over + 1;

	people = people > 1 ? people : 1;
	t->row[blocker] = (struct assign_row){ s->layout->to + shelter, 1 };
	t->home[blocker] = (struct assign_leaf){ .at = shelter,
		.people = (int32_t)people,
		.left = highest(s, shelter) };
	t->low[shelter] = lowest(s, shelter);
	if (over < 0)
		assign_tree_hang(t, shelter, -over);
	else
		assign_tree_hang_over(t, shelter, blocker, over);
	return (int32_t)people;
}

struct filling {
	const struct assign_start *s;
	struct assign_tree *t;
	struct assign_lists *l;
};

static void
fill_homes(void *arg, size_t from, size_t to)
{
	const struct filling *f = arg;
	const struct assign_start *s = f->s;

	for (uint32_t h = (uint32_t)from; h < to; h++) {
		f->t->home[h] = gather(s, h);
		f->t->row[h] = s->layout->row[middle(s, h)];
		assign_lists_make(f->l, h, f->t->row[h], s->guess);
	}
}

/* Blocks of those that have the same cheapest shelter. */
static int
divide(const struct assign_start *s, struct assign_tree *t,
    struct assign_blocks *b)
{
	uint32_t homes = assign_start_homes(s);

	for (uint32_t h = 0; h < homes; h++)
		if (assign_blocks_add(b, h, s->cheapest[middle(s, h)]) < 0)
			return ASSIGN_NO_MEMORY;
	return assign_blocks_look(b, t->row, s->layout->arcs / s->stride);
}

/* Everybody to the shelter of their choice; `over` are the people at each
 * beyond its places, OUTSIDE having none. */
static void
seat(const struct assign_start *s, struct assign_tree *t,
    const struct assign_lists *l, int64_t *over)
{
	uint32_t homes = assign_start_homes(s);

	for (uint32_t i = 0; i < t->outside; i++)
		over[i] = -s->layout->places[i];
	over[t->outside] = 0;
	for (uint32_t h = 0; h < homes; h++) {
		struct assign_arc arc =
		    cheapest(s, l, h, t->home[h].people, over);

		assign_tree_seat(t, h, arc);
		over[arc.shelter] += t->home[h].people;
	}
}

/* OUTSIDE has room for everybody, and so many more that its vacancy stays. */
static void
hang_all(
    const struct assign_start *s, struct assign_tree *t, const int64_t *over)
{
	uint32_t homes = assign_start_homes(s);
	int64_t room = 1 - over[t->outside];

	for (uint32_t h = 0; h < homes; h++)
		room += t->home[h].people;
	assign_tree_hang(t, t->outside, room);
	for (uint32_t i = 0; i < t->outside; i++) {
		int64_t out = over[i] > 0 ? over[i] : 0;

		t->node[t->outside].flow += hang(s, t, i, over[i]) - out;
	}
	t->homes = homes + t->outside;
}

/* Homes as they go at the guess; the memory is there. */
static int
fill(const struct assign_start *s, struct assign_tree *t,
    struct assign_blocks *b, struct assign_lists *l, int64_t *over)
{
	struct filling f = { s, t, l };
	int r;

	halves(assign_start_homes(s), fill_homes, &f,
	    s->layout->arcs / s->stride * ARC_NS);
	if ((r = divide(s, t, b)) < 0)
		return r;
	assign_blocks_sight_all(b, l->brief, s->guess);
	seat(s, t, l, over);
	hang_all(s, t, over);
	assign_tree_price(t);
	return 0;
}

int
assign_start(const struct assign_start *s, struct assign_tree *t,
    struct assign_blocks *b, struct assign_lists *l)
{
	uint32_t m = (uint32_t)s->layout->shelters;
	uint32_t homes = assign_start_homes(s);
	int64_t *over = malloc(((size_t)m + 1) * sizeof(*over));
	int r = assign_tree_init(t, m, homes + m, s->left_price);

	if (r == 0)
		r = assign_blocks_init(b, m);
	if (r == 0)
		r = assign_lists_grow(l, t->room, t->nowhere);
	if (over == NULL)
		r = ASSIGN_NO_MEMORY;
	if (r == 0)
		r = fill(s, t, b, l, over);
	free(over);
	return r;
}

void
assign_start_widen(const struct assign_start *s, struct assign_tree *t)
{
	uint32_t blocker = assign_start_homes(s);

	for (uint32_t i = 0; i < t->outside; i++) {
		assign_tree_lower(t, i, lowest(s, i));
		assign_tree_turn(t, blocker + i, highest(s, i));
	}
}

static int64_t
held(const struct assign_tree *t, uint32_t shelter, uint32_t blocker)
{
	const struct assign_node *x = &t->node[shelter];
	uint32_t at = t->home[blocker].at;

	if (x->parent == t->root && t->low[shelter] > 0)
		return x->flow;
	if (at == t->outside)
		return t->home[blocker].people;
	if (at > t->outside && t->node[at].parent == t->outside)
		return t->node[at].flow;
	return 0;
}

int64_t
assign_start_held(const struct assign_start *s, const struct assign_tree *t)
{
	uint32_t blocker = assign_start_homes(s);
	int64_t n = 0;

	for (uint32_t i = 0; i < t->outside; i++)
		n += held(t, i, blocker + i);
	return n;
}

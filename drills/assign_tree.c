/* SPDX-License-Identifier: MIT */
/*
 * Tree surgery for the transportation simplex; assign_tree.h says what the
 * tree is.  Node numbers: 0 … m-1 the shelters, m OUTSIDE, m+1 the vacancy
 * (root), above that the joints.  A shelter's parent is a joint or the root,
 * a joint's parent is a shelter or OUTSIDE.
 */
#include <stdbool.h>
#include <stdlib.h>
#include "drills/assign_tree.h"

/* A shelter without places is never a bargain. */
enum { NO_PLACE_SHIFT = 61 };

static bool
is_joint(const struct assign_tree *t, uint32_t n)
{
	return n > t->outside;
}

static uint32_t
arc_end(const struct assign_tree *t, uint32_t home, uint32_t pick)
{
	if (pick == ASSIGN_NONE)
		return t->outside;
	return t->problem->shelter[t->problem->first[home] + pick];
}

static int64_t
arc_cost(const struct assign_tree *t, uint32_t home, uint32_t pick)
{
	if (pick == ASSIGN_NONE)
		return t->left_price;
	return t->problem->metres[t->problem->first[home] + pick];
}

static void
unlink_child(struct assign_tree *t, uint32_t n)
{
	struct assign_node *x = &t->node[n];

	if (x->prev != ASSIGN_NONE)
		t->node[x->prev].next = x->next;
	else
		t->node[x->parent].child = x->next;
	if (x->next != ASSIGN_NONE)
		t->node[x->next].prev = x->prev;
	x->parent = ASSIGN_NONE;
}

static void
link_child(struct assign_tree *t, uint32_t n, uint32_t parent)
{
	struct assign_node *x = &t->node[n];

	x->parent = parent;
	x->prev = ASSIGN_NONE;
	x->next = t->node[parent].child;
	if (x->next != ASSIGN_NONE)
		t->node[x->next].prev = n;
	t->node[parent].child = n;
}

static uint32_t
joint_new(struct assign_tree *t, uint32_t home)
{
	uint32_t n = t->free_joint;

	t->free_joint = t->node[n].next;
	t->node[n].home = home;
	t->node[n].child = ASSIGN_NONE;
	t->node[n].parent = ASSIGN_NONE;
	t->at[home] = n;
	return n;
}

/* A joint that joins nothing any more is a leaf again. */
static void
joint_dissolve(struct assign_tree *t, uint32_t n)
{
	struct assign_node *x = &t->node[n];

	if (!is_joint(t, n) || n == t->root || x->child != ASSIGN_NONE)
		return;
	t->at[x->home] = x->parent;
	t->pick[x->home] = x->pick;
	unlink_child(t, n);
	x->next = t->free_joint;
	t->free_joint = n;
}

/* The next node of the subtree of `top` in preorder, NONE after the last. */
static uint32_t
preorder_next(const struct assign_tree *t, uint32_t top, uint32_t n)
{
	if (t->node[n].child != ASSIGN_NONE)
		return t->node[n].child;
	while (n != top && t->node[n].next == ASSIGN_NONE)
		n = t->node[n].parent;
	return n == top ? ASSIGN_NONE : t->node[n].next;
}

/* Depths below `top`, and prices moved by `by`, after it was hung anew. */
static void
settle_subtree(struct assign_tree *t, uint32_t top, int64_t by)
{
	for (uint32_t n = top; n != ASSIGN_NONE; n = preorder_next(t, top, n)) {
		t->node[n].depth = t->node[t->node[n].parent].depth + 1;
		t->price[n] += by;
	}
}

static void
price_from_root(struct assign_tree *t)
{
	uint32_t n = t->root;

	t->price[n] = 0;
	t->node[n].depth = 0;
	while ((n = preorder_next(t, t->root, n)) != ASSIGN_NONE) {
		const struct assign_node *x = &t->node[n];
		int64_t up = t->price[x->parent];

		t->price[n] = is_joint(t, n) ? up + x->cost : up - x->cost;
		t->node[n].depth = t->node[x->parent].depth + 1;
	}
	for (n = 0; n < t->outside; n++)
		if (t->problem->places[n] == 0)
			t->price[n] = (int64_t)1 << NO_PLACE_SHIFT;
}

/* The cheapest arc to a shelter with room; NONE: only outside is left. */
static uint32_t
cheapest_with_room(const struct assign_tree *t, uint32_t home)
{
	const struct assign_problem *p = t->problem;
	uint32_t best = ASSIGN_NONE;
	int64_t cost = INT64_MAX;

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++) {
		if (p->metres[a] >= cost || p->shelter[a] >= t->outside)
			continue;
		if (t->node[p->shelter[a]].parent != t->root ||
		    t->node[p->shelter[a]].flow <= 0)
			continue;
		cost = p->metres[a];
		best = (uint32_t)(a - p->first[home]);
	}
	return best;
}

/*
 * Seats a home in the cheapest shelters with room.  A shelter it fills to the
 * last place leaves the root and hangs below the home; the home hangs at the
 * shelter (or OUTSIDE) where its last people, perhaps none, still find room.
 */
static void
seat_home(struct assign_tree *t, uint32_t home)
{
	int64_t rest = t->problem->people[home];
	uint32_t joint = ASSIGN_NONE;
	uint32_t pick = cheapest_with_room(t, home);
	uint32_t s = arc_end(t, home, pick);

	while (t->node[s].flow <= rest) {
		if (joint == ASSIGN_NONE)
			joint = joint_new(t, home);
		rest -= t->node[s].flow;
		unlink_child(t, s);
		link_child(t, s, joint);
		t->node[s].pick = pick;
		t->node[s].cost = arc_cost(t, home, pick);
		pick = cheapest_with_room(t, home);
		s = arc_end(t, home, pick);
	}
	t->node[s].flow -= rest;
	if (joint == ASSIGN_NONE) {
		t->at[home] = s;
		t->pick[home] = pick;
		return;
	}
	t->node[joint].pick = pick;
	t->node[joint].cost = arc_cost(t, home, pick);
	t->node[joint].flow = rest;
	link_child(t, joint, s);
}

struct order {
	int64_t metres;
	uint32_t home;
};

static int
by_metres(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->metres != y->metres)
		return x->metres < y->metres ? -1 : 1;
	return x->home < y->home ? -1 : x->home > y->home;
}

/* Homes next to a shelter are seated before those for whom it is far. */
static int
seat_all(struct assign_tree *t)
{
	const struct assign_problem *p = t->problem;
	struct order *o = malloc((p->homes + 1) * sizeof(*o));
	size_t n = 0;

	if (o == NULL)
		return ASSIGN_NO_MEMORY;
	for (uint32_t h = 0; h < p->homes; h++) {
		int64_t least = INT64_MAX;

		for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
			if (p->metres[a] < least)
				least = p->metres[a];
		if (p->people[h] > 0)
			o[n++] = (struct order){ least, h };
	}
	qsort(o, n, sizeof(*o), by_metres);
	for (size_t i = 0; i < n; i++)
		seat_home(t, o[i].home);
	free(o);
	return 0;
}

static void
hang_shelters(struct assign_tree *t, size_t nodes)
{
	int64_t people = 0;

	for (size_t h = 0; h < t->problem->homes; h++)
		people += t->problem->people[h];
	t->node[t->root].parent = ASSIGN_NONE;
	t->node[t->root].child = ASSIGN_NONE;
	t->node[t->root].next = ASSIGN_NONE;
	for (uint32_t s = 0; s <= t->outside; s++) {
		t->node[s].child = ASSIGN_NONE;
		t->node[s].cost = 0;
		t->node[s].pick = ASSIGN_NONE;
		t->node[s].parent = ASSIGN_NONE;
		t->node[s].flow =
		    s == t->outside ? people + 1 : t->problem->places[s];
		if (t->node[s].flow > 0)
			link_child(t, s, t->root);
	}
	for (size_t n = t->root + 1; n < nodes; n++)
		t->node[n].next = n + 1 < nodes ? (uint32_t)n + 1 : ASSIGN_NONE;
	t->free_joint = t->root + 1;
}

int
assign_tree_init(
    struct assign_tree *t, const struct assign_problem *p, int64_t left_price)
{
	size_t nodes = 2 * p->shelters + 4;
	int r;

	*t = (struct assign_tree){ .problem = p, .left_price = left_price };
	t->outside = (uint32_t)p->shelters;
	t->root = t->outside + 1;
	t->node = malloc(nodes * sizeof(*t->node));
	t->price = malloc(nodes * sizeof(*t->price));
	t->at = malloc((p->homes + 1) * sizeof(*t->at));
	t->pick = malloc((p->homes + 1) * sizeof(*t->pick));
	if (!t->node || !t->price || !t->at || !t->pick)
		return ASSIGN_NO_MEMORY;
	hang_shelters(t, nodes);
	if ((r = seat_all(t)) < 0)
		return r;
	price_from_root(t);
	return 0;
}

void
assign_tree_release(struct assign_tree *t)
{
	free(t->node);
	free(t->price);
	free(t->at);
	free(t->pick);
	*t = (struct assign_tree){ 0 };
}

/* The cycle closed by an entering arc: from `low` (where the home hangs, or
 * the home's own joint) and from `end` (the arc's shelter) up to the apex. */
struct cycle {
	uint32_t low, end;
	uint32_t leaving; /* child end of the arc that leaves; NONE: the leaf */
	bool home_side;	  /* it lies between apex and home */
	int64_t people;	  /* that move around */
};

/* Going home -> end -> apex -> home, an arc from a joint loses people where
 * it is passed backwards.  Of several that run empty the last one on this
 * round, counted from the apex, must leave. */
static void
cycle_measure(const struct assign_tree *t, struct cycle *c)
{
	uint32_t x = c->low, y = c->end;

	while (x != y) {
		if (t->node[x].depth >= t->node[y].depth) {
			if (is_joint(t, x) && t->node[x].flow < c->people) {
				c->people = t->node[x].flow;
				c->leaving = x;
				c->home_side = true;
			}
			x = t->node[x].parent;
		} else {
			if (!is_joint(t, y) && t->node[y].flow <= c->people) {
				c->people = t->node[y].flow;
				c->leaving = y;
				c->home_side = false;
			}
			y = t->node[y].parent;
		}
	}
}

static void
cycle_move(struct assign_tree *t, const struct cycle *c)
{
	uint32_t x = c->low, y = c->end;

	while (x != y) {
		if (t->node[x].depth >= t->node[y].depth) {
			t->node[x].flow +=
			    is_joint(t, x) ? -c->people : c->people;
			x = t->node[x].parent;
		} else {
			t->node[y].flow +=
			    is_joint(t, y) ? c->people : -c->people;
			y = t->node[y].parent;
		}
	}
}

/* Turns the way from `n` up to `top`, whose arc above has left, upside down,
 * so that `n` is the top; its own new arc is the caller's to set. */
static void
turn_up(struct assign_tree *t, uint32_t n, uint32_t top, uint32_t parent)
{
	struct assign_node carry = t->node[n];

	while (n != top) {
		uint32_t up = carry.parent;
		struct assign_node next = t->node[up];

		unlink_child(t, n);
		link_child(t, n, parent);
		/* up now hangs below n, by the arc that n hung by */
		parent = n;
		t->node[up].flow = carry.flow;
		t->node[up].cost = carry.cost;
		t->node[up].pick = carry.pick;
		n = up;
		carry = next;
	}
	unlink_child(t, n);
	link_child(t, n, parent);
}

static uint32_t
joint_of_leaf(struct assign_tree *t, uint32_t home)
{
	uint32_t s = t->at[home], n = joint_new(t, home);

	t->node[n].flow = t->problem->people[home];
	t->node[n].pick = t->pick[home];
	t->node[n].cost = arc_cost(t, home, t->pick[home]);
	t->node[n].depth = t->node[s].depth + 1;
	t->price[n] = t->price[s] + t->node[n].cost;
	link_child(t, n, s);
	return n;
}

/* Hangs the part of the tree cut off at c->leaving by the entering arc, which
 * runs from `joint` to c->end. */
static void
cycle_rehang(struct assign_tree *t, const struct cycle *c, uint32_t joint,
    struct assign_node arc)
{
	uint32_t top = c->home_side ? joint : c->end;
	uint32_t above = c->home_side ? c->end : joint;
	uint32_t left_by = t->node[c->leaving].parent;
	int64_t reduced = arc.cost + t->price[c->end] - t->price[joint];

	turn_up(t, top, c->leaving, above);
	t->node[top].flow = c->people;
	t->node[top].pick = arc.pick;
	t->node[top].cost = arc.cost;
	settle_subtree(t, top, c->home_side ? reduced : -reduced);
	joint_dissolve(t, left_by);
	joint_dissolve(t, c->leaving);
}

void
assign_tree_enter(struct assign_tree *t, uint32_t home, uint32_t pick)
{
	bool leaf = !is_joint(t, t->at[home]);
	struct assign_node arc = { .pick = pick,
		.cost = arc_cost(t, home, pick) };
	struct cycle c = { .low = t->at[home],
		.end = arc_end(t, home, pick),
		.leaving = ASSIGN_NONE,
		.home_side = true,
		.people = leaf ? t->problem->people[home] : INT64_MAX };

	cycle_measure(t, &c);
	cycle_move(t, &c);
	if (c.leaving == ASSIGN_NONE) {
		t->at[home] = c.end;
		t->pick[home] = pick;
		return;
	}
	if (leaf) {
		uint32_t joint = joint_of_leaf(t, home);

		t->node[joint].flow -= c.people;
	}
	cycle_rehang(t, &c, t->at[home], arc);
}

void
assign_tree_vacate(struct assign_tree *t, uint32_t shelter)
{
	struct assign_node arc = { .pick = ASSIGN_NONE, .cost = 0 };
	struct cycle c = { .low = t->root,
		.end = shelter,
		.leaving = ASSIGN_NONE,
		.people = INT64_MAX };

	cycle_measure(t, &c);
	cycle_move(t, &c);
	cycle_rehang(t, &c, t->root, arc);
}

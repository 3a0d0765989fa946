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
	t->home[home].at = n;
	return n;
}

/* A joint that joins nothing any more is a leaf again. */
static void
joint_dissolve(struct assign_tree *t, uint32_t n)
{
	struct assign_node *x = &t->node[n];

	if (!is_joint(t, n) || n == t->root || x->child != ASSIGN_NONE)
		return;
	t->home[x->home].at = x->parent;
	t->home[x->home].pick = x->pick;
	t->home[x->home].metres = x->pick == ASSIGN_NONE ? 0 : (int32_t)x->cost;
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
		if (t->places[n] == 0)
			t->price[n] = (int64_t)1 << NO_PLACE_SHIFT;
}

/* The cheapest arc to a shelter with room, as seen from `guide`. */
static struct assign_arc
cheapest_with_room(
    const struct assign_tree *t, uint32_t home, const int64_t *guide)
{
	const struct assign_row r = t->row[home];
	struct assign_arc best = { t->outside, ASSIGN_NONE,
		t->home[home].left };
	int64_t least = INT64_MAX;

	for (uint32_t i = 0; i < r.n; i++) {
		uint32_t s = r.shelter[i];
		int64_t cost = r.metres[i] + guide[s];

		if (cost >= least || t->node[s].parent != t->root ||
		    t->node[s].flow <= 0)
			continue;
		least = cost;
		best = (struct assign_arc){ s, i, r.metres[i] };
	}
	return best;
}

static void
leaf_set(struct assign_tree *t, uint32_t home, struct assign_arc arc)
{
	t->home[home].at = arc.shelter;
	t->home[home].pick = arc.pick;
	t->home[home].metres = arc.pick == ASSIGN_NONE ? 0 : (int32_t)arc.cost;
}

/*
 * Seats a home in the cheapest shelters with room.  A shelter it fills to the
 * last place leaves the root and hangs below the home; the home hangs at the
 * shelter (or OUTSIDE) where its last people, perhaps none, still find room.
 */
static void
seat_home(struct assign_tree *t, uint32_t home, const int64_t *guide)
{
	int64_t rest = t->home[home].people;
	uint32_t joint = ASSIGN_NONE;
	struct assign_arc arc = cheapest_with_room(t, home, guide);

	while (t->node[arc.shelter].flow <= rest) {
		if (joint == ASSIGN_NONE)
			joint = joint_new(t, home);
		rest -= t->node[arc.shelter].flow;
		unlink_child(t, arc.shelter);
		link_child(t, arc.shelter, joint);
		t->node[arc.shelter].pick = arc.pick;
		t->node[arc.shelter].cost = arc.cost;
		arc = cheapest_with_room(t, home, guide);
	}
	t->node[arc.shelter].flow -= rest;
	if (joint == ASSIGN_NONE) {
		leaf_set(t, home, arc);
		return;
	}
	t->node[joint].pick = arc.pick;
	t->node[joint].cost = arc.cost;
	t->node[joint].flow = rest;
	link_child(t, joint, arc.shelter);
}

struct order {
	int64_t regret; /* of the second best instead of the best */
	uint32_t home;
};

static int
by_regret(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->regret != y->regret)
		return x->regret > y->regret ? -1 : 1;
	return x->home < y->home ? -1 : x->home > y->home;
}

static int64_t
regret_of(const struct assign_tree *t, uint32_t home, const int64_t *guide)
{
	const struct assign_row r = t->row[home];
	int64_t least = t->left_price, next = least;

	for (uint32_t i = 0; i < r.n; i++) {
		int64_t cost = r.metres[i] + guide[r.shelter[i]];

		if (cost >= next)
			continue;
		next = cost < least ? least : cost;
		least = cost < least ? cost : least;
	}
	return next - least;
}

static int
seat_all(struct assign_tree *t, const int64_t *guide)
{
	struct order *o = malloc(((size_t)t->homes + 1) * sizeof(*o));
	size_t n = 0;

	if (o == NULL)
		return ASSIGN_NO_MEMORY;
	for (uint32_t h = 0; h < t->homes; h++)
		if (t->home[h].people > 0)
			o[n++] = (struct order){ regret_of(t, h, guide), h };
	qsort(o, n, sizeof(*o), by_regret);
	for (size_t i = 0; i < n; i++)
		seat_home(t, o[i].home, guide);
	free(o);
	return 0;
}

static void
hang_shelters(struct assign_tree *t, size_t nodes)
{
	int64_t people = 0;

	for (uint32_t h = 0; h < t->homes; h++)
		people += t->home[h].people;
	t->node[t->root].parent = ASSIGN_NONE;
	t->node[t->root].child = ASSIGN_NONE;
	t->node[t->root].next = ASSIGN_NONE;
	for (uint32_t s = 0; s <= t->outside; s++) {
		t->node[s].child = ASSIGN_NONE;
		t->node[s].cost = 0;
		t->node[s].pick = ASSIGN_NONE;
		t->node[s].parent = ASSIGN_NONE;
		t->node[s].flow = s == t->outside ? people + 1 : t->places[s];
		if (t->node[s].flow > 0)
			link_child(t, s, t->root);
	}
	for (size_t n = t->root + 1; n < nodes; n++)
		t->node[n].next = n + 1 < nodes ? (uint32_t)n + 1 : ASSIGN_NONE;
	t->free_joint = t->root + 1;
}

static void
take_homes(
    struct assign_tree *t, const struct assign_problem *p, uint32_t stride)
{
	for (uint32_t i = 0; i < t->homes; i++) {
		size_t h = (size_t)i * stride;

		t->home[i].people = (int32_t)p->people[h];
		t->home[i].left = t->left_price;
		t->row[i] = (struct assign_row){ p->shelter + p->first[h],
			p->metres + p->first[h],
			(uint32_t)(p->first[h + 1] - p->first[h]) };
	}
}

int
assign_tree_init(struct assign_tree *t, const struct assign_problem *p,
    uint32_t stride, const int64_t *places, const int64_t *guide,
    int64_t left_price)
{
	size_t nodes = 2 * p->shelters + 4;
	int r;

	*t = (struct assign_tree){ .places = places,
		.homes = (uint32_t)((p->homes + stride - 1) / stride),
		.left_price = left_price };
	t->room = t->homes + 1;
	t->outside = (uint32_t)p->shelters;
	t->root = t->outside + 1;
	t->node = malloc(nodes * sizeof(*t->node));
	t->price = malloc(nodes * sizeof(*t->price));
	t->home = calloc(t->room, sizeof(*t->home));
	t->row = malloc(t->room * sizeof(*t->row));
	if (!t->node || !t->price || !t->home || !t->row)
		return ASSIGN_NO_MEMORY;
	take_homes(t, p, stride);
	hang_shelters(t, nodes);
	if ((r = seat_all(t, guide)) < 0)
		return r;
	price_from_root(t);
	return 0;
}

void
assign_tree_release(struct assign_tree *t)
{
	free(t->node);
	free(t->price);
	free(t->home);
	free(t->row);
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
	const struct assign_leaf h = t->home[home];
	uint32_t s = h.at, n = joint_new(t, home);

	t->node[n].flow = h.people;
	t->node[n].pick = h.pick;
	t->node[n].cost = h.pick == ASSIGN_NONE ? h.left : h.metres;
	t->node[n].depth = t->node[s].depth + 1;
	t->price[n] = t->price[s] + t->node[n].cost;
	link_child(t, n, s);
	return n;
}

/* Hangs the part of the tree cut off at c->leaving by the entering arc, which
 * runs from `joint` to c->end. */
static void
cycle_rehang(struct assign_tree *t, const struct cycle *c, uint32_t joint,
    struct assign_arc arc)
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
assign_tree_enter(struct assign_tree *t, uint32_t home, struct assign_arc arc)
{
	bool leaf = !is_joint(t, t->home[home].at);
	struct cycle c = { .low = t->home[home].at,
		.end = arc.shelter,
		.leaving = ASSIGN_NONE,
		.home_side = true,
		.people = leaf ? t->home[home].people : INT64_MAX };

	cycle_measure(t, &c);
	cycle_move(t, &c);
	if (c.leaving == ASSIGN_NONE) {
		leaf_set(t, home, arc);
		return;
	}
	if (leaf) {
		uint32_t joint = joint_of_leaf(t, home);

		t->node[joint].flow -= c.people;
	}
	cycle_rehang(t, &c, t->home[home].at, arc);
}

void
assign_tree_vacate(struct assign_tree *t, uint32_t shelter)
{
	struct assign_arc arc = { shelter, ASSIGN_NONE, 0 };
	struct cycle c = { .low = t->root,
		.end = shelter,
		.leaving = ASSIGN_NONE,
		.people = INT64_MAX };

	cycle_measure(t, &c);
	cycle_move(t, &c);
	cycle_rehang(t, &c, t->root, arc);
}

static bool
make_room(struct assign_tree *t)
{
	size_t room = (size_t)t->room + t->room / 8 + 64;
	struct assign_leaf *home;
	struct assign_row *row;

	if (t->homes < t->room)
		return true;
	if (room >= ASSIGN_NONE)
		return false;
	home = realloc(t->home, room * sizeof(*home));
	if (home == NULL)
		return false;
	t->home = home;
	row = realloc(t->row, room * sizeof(*row));
	if (row == NULL)
		return false;
	t->row = row;
	t->room = (uint32_t)room;
	return true;
}

/* Who comes in without a place of somebody else's may have to go out: the
 * vacancy of OUTSIDE, which never leaves the root, grows with them. */
uint32_t
assign_tree_add(struct assign_tree *t, uint32_t home, struct assign_row row,
    int32_t people, int64_t left, bool inside)
{
	if (home == ASSIGN_NONE && !make_room(t))
		return ASSIGN_NONE;
	if (home == ASSIGN_NONE)
		home = t->homes++;
	t->row[home] = row;
	t->home[home] = (struct assign_leaf){
		.at = inside ? row.shelter[0] : t->outside,
		.pick = inside ? 0 : ASSIGN_NONE,
		.metres = inside ? (int32_t)row.metres[0] : 0,
		.people = people,
		.left = left,
	};
	if (inside)
		t->node[t->outside].flow += people;
	return home;
}

void
assign_tree_turn(struct assign_tree *t, uint32_t home, int64_t left)
{
	struct assign_leaf *h = &t->home[home];
	int64_t by = left - h->left;

	h->left = left;
	if (!is_joint(t, h->at) || t->node[h->at].parent != t->outside)
		return;
	t->node[h->at].cost += by;
	settle_subtree(t, h->at, by);
}

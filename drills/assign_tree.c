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
	t->home[x->home].pick = t->link[n].pick;
	t->home[x->home].metres =
	    t->link[n].pick == ASSIGN_NONE ? 0 : (int32_t)t->link[n].cost;
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
	uint32_t depth = t->node[t->node[top].parent].depth + 1, n = top;

	for (;;) {
		struct assign_node *x = &t->node[n];

		x->depth = depth;
		if (n < t->outside) {
			t->price[n] += by;
			t->moved[n] = true;
		}
		if (x->child != ASSIGN_NONE) {
			n = x->child;
			depth++;
			continue;
		}
		while (n != top && t->node[n].next == ASSIGN_NONE) {
			n = t->node[n].parent;
			depth--;
		}
		if (n == top)
			return;
		n = t->node[n].next;
	}
}

/* What one person of a joint, or the vacancy, pays. */
static int64_t
joint_price(const struct assign_tree *t, uint32_t n)
{
	if (n == t->root)
		return 0;
	return t->price[t->node[n].parent] + t->link[n].cost;
}

void
assign_tree_price(struct assign_tree *t)
{
	uint32_t n = t->root;

	t->price[n] = 0;
	t->node[n].depth = 0;
	while ((n = preorder_next(t, t->root, n)) != ASSIGN_NONE) {
		if (!is_joint(t, n))
			t->price[n] =
			    joint_price(t, t->node[n].parent) - t->link[n].cost;
		t->node[n].depth = t->node[t->node[n].parent].depth + 1;
	}
}

void
assign_tree_seat(struct assign_tree *t, uint32_t home, struct assign_arc arc)
{
	t->home[home].at = arc.shelter;
	t->home[home].pick = arc.pick;
	t->home[home].metres = arc.pick == ASSIGN_NONE ? 0 : (int32_t)arc.cost;
}

void
assign_tree_hang(struct assign_tree *t, uint32_t shelter, int64_t vacant)
{
	struct assign_node *x = &t->node[shelter];

	x->flow = vacant;
	t->link[shelter] =
	    (struct assign_link){ shelter == t->outside ? 0 : -t->low[shelter],
		    ASSIGN_NONE };
	link_child(t, shelter, t->root);
}

void
assign_tree_hang_over(
    struct assign_tree *t, uint32_t shelter, uint32_t blocker, int64_t over)
{
	uint32_t n = joint_new(t, blocker);

	t->node[n].flow = over;
	t->link[n] = (struct assign_link){ t->home[blocker].left, ASSIGN_NONE };
	link_child(t, n, t->outside);
	t->node[shelter].flow = t->home[blocker].people - over;
	t->link[shelter] = (struct assign_link){ 0, 0 };
	link_child(t, shelter, n);
}

void
assign_tree_lower(struct assign_tree *t, uint32_t shelter, int64_t low)
{
	int64_t by = low - t->low[shelter];

	t->low[shelter] = low;
	if (by == 0 || t->node[shelter].parent != t->root)
		return;
	t->link[shelter].cost = -low;
	settle_subtree(t, shelter, by);
}

static void
no_nodes(struct assign_tree *t, size_t nodes)
{
	const struct assign_node alone = { .parent = ASSIGN_NONE,
		.child = ASSIGN_NONE,
		.next = ASSIGN_NONE,
		.prev = ASSIGN_NONE };

	for (size_t n = 0; n < nodes; n++)
		t->node[n] = alone;
	for (size_t n = t->nowhere + 1; n + 1 < nodes; n++)
		t->node[n].next = (uint32_t)n + 1;
	t->free_joint = t->nowhere + 1;
}

int
assign_tree_init(struct assign_tree *t, uint32_t shelters, uint32_t homes,
    int64_t left_price)
{
	size_t nodes = 2 * (size_t)shelters + 5;

	*t = (struct assign_tree){ .room = homes + 1,
		.left_price = left_price,
		.outside = shelters,
		.root = shelters + 1,
		.nowhere = assign_tree_nowhere(shelters) };
	t->node = aligned_alloc(64, (nodes + 1) / 2 * 64);
	t->link = malloc(nodes * sizeof(*t->link));
	t->price = malloc(((size_t)shelters + 3) * sizeof(*t->price));
	t->moved = calloc((size_t)shelters + 1, sizeof(*t->moved));
	t->low = calloc(shelters + 1, sizeof(*t->low));
	t->home = calloc(t->room, sizeof(*t->home));
	t->row = malloc(t->room * sizeof(*t->row));
	if (!t->node || !t->link || !t->price || !t->moved || !t->low ||
	    !t->home || !t->row)
		return ASSIGN_NO_MEMORY;
	no_nodes(t, nodes);
	t->price[t->nowhere] = ASSIGN_NOWHERE;
	return 0;
}

void
assign_tree_release(struct assign_tree *t)
{
	free(t->node);
	free(t->link);
	free(t->price);
	free(t->moved);
	free(t->low);
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
	uint32_t up = t->node[n].parent;
	int64_t flow = t->node[n].flow;
	struct assign_link link = t->link[n];

	while (n != top) {
		uint32_t next = t->node[up].parent;
		int64_t next_flow = t->node[up].flow;
		struct assign_link next_link = t->link[up];

		unlink_child(t, n);
		link_child(t, n, parent);
		/* up now hangs below n, by the arc that n hung by */
		parent = n;
		t->node[up].flow = flow;
		t->link[up] = link;
		n = up;
		up = next;
		flow = next_flow;
		link = next_link;
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
	t->link[n] =
	    (struct assign_link){ h.pick == ASSIGN_NONE ? h.left : h.metres,
		    h.pick };
	t->node[n].depth = t->node[s].depth + 1;
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
	int64_t reduced = arc.cost + t->price[c->end] - joint_price(t, joint);

	turn_up(t, top, c->leaving, above);
	t->node[top].flow = c->people;
	t->link[top] = (struct assign_link){ arc.cost, arc.pick };
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
		assign_tree_seat(t, home, arc);
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
	struct assign_arc arc = { shelter, ASSIGN_NONE, -t->low[shelter] };
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
		.at = inside ? row.way[0].shelter : t->outside,
		.pick = inside ? 0 : ASSIGN_NONE,
		.metres = inside ? row.way[0].metres : 0,
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
	t->link[h->at].cost += by;
	settle_subtree(t, h->at, by);
}

/* SPDX-License-Identifier: MIT */
/*
 * The basis of the transportation simplex.  People flow from homes to
 * shelters; one more shelter, OUTSIDE, takes everybody left over at
 * left_price, and one more home, the vacancy, fills the places nobody has and
 * is the root.  A basis is a spanning tree over all of them, but almost every
 * home is a leaf of it, and a leaf needs no node: it is only told at which
 * shelter it hangs.  Nodes stand for the shelters and for the few homes that
 * join two or more of them ("joints"; never more than shelters).
 *
 * Prices may be held in a box while a plan is being found: a shelter has more
 * places than it should, and a pseudo-home, its blocker, that may only go there
 * has so many people too much.  What a blocker pays outside is the most the
 * shelter's price can be; what leaving a place empty saves (`low`) the least.
 *
 * Invariant: the tree is strongly feasible, that is, an arc from a joint down
 * to a shelter carries people.  With the leaving rule of
 * assign_tree_enter() this keeps the simplex from cycling.
 *
 * Knows nothing of which arc should enter; that is assign_simplex.c's business.
 */
#ifndef DRILLS_ASSIGN_TREE_H
#define DRILLS_ASSIGN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "drills/assign_layout.h"

enum {
	ASSIGN_NONE = UINT32_MAX, /* no node */
	ASSIGN_BLOCKED = 4 /* left_prices a blocker pays outside at the end */
};

#define ASSIGN_NOWHERE ((int64_t)1 << 58) /* dearer than any arc */

/* Two to a line of the cache, since walks through the tree are what it is for.
 */
struct assign_node {
	int64_t flow; /* on the arc between this node and its parent */
	uint32_t parent, child, next, prev;
	uint32_t depth; /* root 0 */
	uint32_t home;	/* joints: whose */
};

/* That arc: what it costs, and its place in its home's list. */
struct assign_link {
	int64_t cost;
	uint32_t pick;
};

/* One arc out of a home; OUTSIDE's has the pick ASSIGN_NONE. */
struct assign_arc {
	uint32_t shelter, pick;
	int64_t cost;
};

/* A leaf's shelter or a joint's node; a leaf's arc, ASSIGN_NONE: outside. */
struct assign_leaf {
	uint32_t at, pick;
	int32_t people, metres;
	int64_t left; /* what staying outside costs one of them */
};

struct assign_tree {
	uint32_t homes, room;	/* used, allocated */
	struct assign_row *row; /* [homes] */
	int64_t left_price;
	uint32_t outside;	  /* node of OUTSIDE = number of shelters */
	uint32_t root;		  /* node of the vacancy */
	struct assign_node *node; /* shelters, outside, root, joints */
	struct assign_link *link; /* likewise */
	int64_t *price;		  /* of shelters, outside, root, nowhere */
	uint32_t nowhere;	  /* no node; its price is ASSIGN_NOWHERE */
	int64_t *low;		  /* [shelters] least price; at the end 0 */
	bool *moved;		  /* [nodes] its price did; to be cleared */
	uint32_t free_joint;	  /* list over `next` */
	struct assign_leaf *home; /* [homes] */
};

/* Room for so many homes, none there yet, and shelters that hang nowhere; 0 or
 * ASSIGN_NO_MEMORY.  Release also after failure. */
int assign_tree_init(struct assign_tree *, uint32_t shelters, uint32_t homes,
    int64_t left_price);
void assign_tree_release(struct assign_tree *);

/* A home as a leaf; nobody counts the places it takes. */
void assign_tree_seat(struct assign_tree *, uint32_t home, struct assign_arc);

/* Hangs a shelter (or OUTSIDE) at the root with its free places, at least one,
 * or, if `over` people must give way to others, below its blocker. */
void assign_tree_hang(struct assign_tree *, uint32_t shelter, int64_t vacant);
void assign_tree_hang_over(
    struct assign_tree *, uint32_t shelter, uint32_t blocker, int64_t over);

/* Depths and prices of all nodes, when everything hangs. */
void assign_tree_price(struct assign_tree *);

/* Another least price of a shelter. */
void assign_tree_lower(struct assign_tree *, uint32_t shelter, int64_t low);

/* An arc of `home` of negative reduced cost enters the tree; people move
 * around the cycle it closes and the arc that runs empty leaves. */
void assign_tree_enter(struct assign_tree *, uint32_t home, struct assign_arc);

/* The same for the vacancy: a shelter of a price below its least one gets free
 * places. */
void assign_tree_vacate(struct assign_tree *, uint32_t shelter);

/* One more home, in one piece at OUTSIDE or, by its arc 0, at that arc's
 * shelter together with as many new places.  It takes the number `home` of one
 * without people, or with ASSIGN_NONE the next one.  Its number, or ASSIGN_NONE
 * when memory is short. */
uint32_t assign_tree_add(struct assign_tree *, uint32_t home, struct assign_row,
    int32_t people, int64_t left, bool inside);

/* Another price of staying outside for this home. */
void assign_tree_turn(struct assign_tree *, uint32_t home, int64_t left);

/* The index of its price that is no node's. */
static inline uint32_t
assign_tree_nowhere(uint32_t shelters)
{
	return shelters + 2;
}

/* What one person of this home pays: the price of the home. */
static inline int64_t
assign_tree_home_price(const struct assign_tree *t, uint32_t home)
{
	const struct assign_leaf *h = &t->home[home];

	if (h->at > t->outside)
		return t->price[t->node[h->at].parent] + t->link[h->at].cost;
	if (h->pick == ASSIGN_NONE)
		return h->left;
	return t->price[h->at] + h->metres;
}

#endif

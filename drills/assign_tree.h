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
 * Invariant: the tree is strongly feasible, that is, an arc from a joint down
 * to a shelter carries people.  With the leaving rule of
 * assign_tree_enter() this keeps the simplex from cycling.
 *
 * Knows nothing of which arc should enter; that is assign.c's business.
 */
#ifndef DRILLS_ASSIGN_TREE_H
#define DRILLS_ASSIGN_TREE_H

#include <stddef.h>
#include <stdint.h>
#include "drills/assign.h"

enum {
	ASSIGN_NONE = UINT32_MAX, /* no node */
};

struct assign_node {
	int64_t flow;	/* on the arc between this node and its parent */
	int64_t cost;	/* of that arc */
	uint32_t home;	/* joints: whose */
	uint32_t pick;	/* that arc's place in its home's list */
	uint32_t depth; /* root 0 */
	uint32_t parent, child, next, prev;
};

struct assign_tree {
	const struct assign_problem *problem;
	int64_t left_price;
	uint32_t outside;	  /* node of OUTSIDE = number of shelters */
	uint32_t root;		  /* node of the vacancy */
	struct assign_node *node; /* shelters, outside, root, joints */
	int64_t *price;		  /* [nodes] */
	uint32_t free_joint;	  /* list over `next` */
	uint32_t *at;	/* [homes] shelter of a leaf, node of a joint */
	uint32_t *pick; /* [homes] a leaf's arc; ASSIGN_NONE: outside */
};

/* Cheapest-first start; 0 or ASSIGN_NO_MEMORY. Homes without people are not
 * in the tree. Release also after failure. */
int assign_tree_init(
    struct assign_tree *, const struct assign_problem *, int64_t left_price);
void assign_tree_release(struct assign_tree *);

/* Arc `pick` of `home` (ASSIGN_NONE: to OUTSIDE), of negative reduced cost,
 * enters the tree; people move around the cycle it closes and the arc that
 * runs empty leaves. */
void assign_tree_enter(struct assign_tree *, uint32_t home, uint32_t pick);

/* The same for the vacancy: a shelter of negative price gets free places. */
void assign_tree_vacate(struct assign_tree *, uint32_t shelter);

/* What one person of this home pays: the price of the home. */
static inline int64_t
assign_tree_home_price(const struct assign_tree *t, uint32_t home)
{
	uint32_t at = t->at[home];

	if (at > t->outside)
		return t->price[at];
	if (t->pick[home] == ASSIGN_NONE)
		return t->left_price;
	return t->price[at] +
	       t->problem->metres[t->problem->first[home] + t->pick[home]];
}

#endif

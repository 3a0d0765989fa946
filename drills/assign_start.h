/* SPDX-License-Identifier: MIT */
/*
 * The tree a solution starts from, made from a guess at the prices.  Everybody
 * goes where it is cheapest at these prices, whether there is room or not; so
 * that this is a basis, prices are held in a box of `slack` metres around the
 * guess, which whoever solves then widens until it holds nothing any more.
 *
 * The start of a coarse problem takes `stride` homes that follow each other as
 * one, with the arcs of the one in their middle.
 */
#ifndef DRILLS_ASSIGN_START_H
#define DRILLS_ASSIGN_START_H

#include "drills/assign_blocks.h"
#include "drills/assign_lists.h"

struct assign_start {
	const struct assign_layout *layout;
	uint32_t *order, *cheapest; /* [homes] */
	bool ordered;		    /* they are good enough */
	uint32_t stride;
	int64_t *guess; /* [shelters] prices */
	int64_t left_price;
	int64_t slack;
};

/* How many homes the start has; the blockers come after them. */
uint32_t assign_start_homes(const struct assign_start *);

/* Makes the tree, and blocks and lists (of which room may be there) as seen at
 * the guess; 0 or ASSIGN_NO_MEMORY, release all three also then. */
int assign_start(const struct assign_start *, struct assign_tree *,
    struct assign_blocks *, struct assign_lists *);

/* The box anew after start->slack changed. */
void assign_start_widen(const struct assign_start *, struct assign_tree *);

/* People beyond the places, and places of some worth that are empty: while
 * there are such, some price is held by its box. */
int64_t
assign_start_held(const struct assign_start *, const struct assign_tree *);

#endif

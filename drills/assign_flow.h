/* SPDX-License-Identifier: MIT */
/*
 * People of homes on their arcs, in pieces, and the prices of the shelters:
 * the common state of everything that solves.  Nearly every home is one piece
 * at one shelter; a split home has some more.  One place more, the GROUND
 * (number: shelters), holds everybody left over at `left` a person and has no
 * end of room.
 *
 * Invariant (tight): a piece lies on an arc that is the cheapest of its home,
 * metres + price, at the present prices, `left` being the ground's.  Loads may
 * exceed the places or fall short of them; making them fit is the business of
 * assign_search.h.
 */
#ifndef DRILLS_ASSIGN_FLOW_H
#define DRILLS_ASSIGN_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "drills/assign_tree.h"

/* The arcs of one home; not owned. */
struct assign_row {
	const uint32_t *shelter;
	const int64_t *metres;
	uint32_t n;
};

struct assign_piece {
	int64_t flow;
	uint32_t home, pick, at; /* whose, by which arc, where to */
	uint32_t next, prev;	 /* at the same shelter */
	uint32_t sibling;	 /* of the same home */
};

struct assign_flow {
	size_t homes;
	uint32_t shelters; /* = number of the ground */
	struct assign_row *row;
	int64_t *people, *places;
	int64_t all;	      /* people */
	__int128 walked;      /* person-metres */
	int64_t left;	      /* present cost of staying on the ground */
	int64_t *price;	      /* [shelters + 1], the ground's is 0 */
	int64_t *load;	      /* [shelters + 1] */
	uint32_t *of_home;    /* [homes] first piece */
	uint32_t *at_shelter; /* [shelters + 1] first piece */
	bool *stale;	      /* [shelters + 1] a piece came or went */
	struct assign_piece *piece;
	uint32_t pieces, room, spare; /* made, allocated, free list */
};

/* No piece yet, all prices 0; 0 or ASSIGN_NO_MEMORY. Release always. */
int assign_flow_init(struct assign_flow *, const struct assign_problem *);
void assign_flow_release(struct assign_flow *);

/* So that `n` pieces can be made without asking for memory. */
int assign_flow_reserve(struct assign_flow *, uint32_t n);

/* `people` of a home on one of its arcs; one piece must be reserved. */
void assign_flow_put(
    struct assign_flow *, uint32_t home, uint32_t pick, int64_t people);

/* All people of a home, which has no piece, go by its cheapest arc. One piece
 * must be reserved.  Unseat takes them all away. */
void assign_flow_seat(struct assign_flow *, uint32_t home);
void assign_flow_unseat(struct assign_flow *, uint32_t home);

/* `people` of a piece change to another arc of the home. */
void assign_flow_move(
    struct assign_flow *, uint32_t piece, uint32_t pick, int64_t people);

#endif

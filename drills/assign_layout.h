/* SPDX-License-Identifier: MIT */
/*
 * A problem as the solver goes through it: shelters numbered by place, homes
 * in the order of their nearest shelters, arcs eight to a line of the cache.
 * The order of a home's arcs stays.
 */
#ifndef DRILLS_ASSIGN_LAYOUT_H
#define DRILLS_ASSIGN_LAYOUT_H

#include "drills/assign.h"

struct assign_way {
	uint32_t shelter; /* the solver's number */
	int32_t metres;
};

/* The arcs of one home; not owned. */
struct assign_row {
	const struct assign_way *way;
	uint32_t n;
};

struct assign_layout {
	size_t homes, shelters, arcs;
	uint32_t *number;  /* [shelters] the problem's -> the solver's */
	uint32_t *home;	   /* [homes] the solver's -> the problem's */
	uint32_t *nearest; /* [homes] shelter; as many as there are: none */
	int32_t *people;   /* [homes] */
	int64_t *places;   /* [shelters] */
	struct assign_row *row; /* [homes] */
	struct assign_way *way; /* [arcs] */
	struct assign_way *to;	/* [shelters] 0 metres to each, for blockers */
	int64_t dearest;	/* metres of the longest arc */
};

/* Checks all numbers: ASSIGN_BAD_PROBLEM, or ASSIGN_NO_MEMORY; release also
 * then. */
int assign_layout_init(struct assign_layout *, const struct assign_problem *);
void assign_layout_release(struct assign_layout *);

/* Homes ordered by their cheapest shelters at these prices: order[homes], and
 * cheapest[homes] as `nearest`.  0 or ASSIGN_NO_MEMORY. */
int assign_layout_order(const struct assign_layout *, const int64_t *price,
    uint32_t *order, uint32_t *cheapest);

/* The memory of the arcs, for as many numbers, all 0, and the caller's from now
 * on: what is written there need not wait for the kernel to find new pages. */
int64_t *assign_layout_reuse(struct assign_layout *);

/* A price of one person left over above every chain of moves between shelters
 * of arcs of at most `most` metres: a chain enters each shelter once. */
int64_t assign_layout_left(const struct assign_layout *, int64_t most);

/* Values of shelters, from the problem's order into the solver's and back. */
void assign_layout_in(
    const struct assign_layout *, const int64_t *of, int64_t *here);
void assign_layout_out(
    const struct assign_layout *, const int64_t *here, int64_t *of);

#endif

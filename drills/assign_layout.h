/* SPDX-License-Identifier: MIT */
/*
 * A problem as the solver goes through it: shelters numbered by place, arcs
 * eight to a line of the cache.  The homes' order and that of their arcs stay.
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
	uint32_t *number;	/* [shelters] the problem's -> the solver's */
	struct assign_way *way; /* [arcs] */
	struct assign_way *to;	/* [shelters] 0 metres to each, for blockers */
	struct assign_row *row; /* [homes] */
	int64_t *places;	/* [shelters] in the solver's order */
	int64_t dearest;	/* metres of the longest arc */
};

/* Checks all numbers: ASSIGN_BAD_PROBLEM, or ASSIGN_NO_MEMORY; release also
 * then. */
int assign_layout_init(struct assign_layout *, const struct assign_problem *);
void assign_layout_release(struct assign_layout *);

/* A price of one person left over above every chain of moves between shelters
 * of arcs of at most `most` metres: a chain enters each shelter once. */
int64_t assign_layout_left(const struct assign_layout *, int64_t most);

/* Values of shelters, from the problem's order into the solver's and back. */
void assign_layout_in(
    const struct assign_layout *, const int64_t *of, int64_t *here);
void assign_layout_out(
    const struct assign_layout *, const int64_t *here, int64_t *of);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The people of every home in groups by the shelter they had: the problem that
 * assign_keep.h puts to the core, at any price.  See there for why it is exact.
 */
#ifndef DRILLS_ASSIGN_GROUPS_H
#define DRILLS_ASSIGN_GROUPS_H

#include "drills/assign_keep.h"
#include "drills/assign_made.h"

struct assign_groups {
	const struct assign_problem *p;
	const int64_t *stay;
	struct assign_made made;
	unsigned char *priced; /* [made arcs] */
	int64_t longest;
};

/* 0, ASSIGN_NO_MEMORY or ASSIGN_BAD_PROBLEM; release also after failure. */
int assign_groups_init(
    struct assign_groups *, const struct assign_problem *, const int64_t *stay);
void assign_groups_release(struct assign_groups *);

/* The least unit x person-metres + price x moved.  cost and bound are in that
 * measure; `out` is released by assign_keep_release(), also after an error.
 * Shelters' prices [made.p.shelters] to start near, and those found: both may
 * be NULL. */
int assign_groups_solve(struct assign_groups *, int64_t unit, int64_t price,
    const int64_t *guess, int64_t *found, struct assign_keep *out,
    assign_progress *, void *arg);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a kept plan is made of; assign.h has its functions.  assign_state.c
 * opens and changes it, assign_resolve.c solves it again, assign_copy.c reads
 * it.  Between an assign_resolve() and the next change the tree is optimal,
 * `coming` and `retired` are empty.
 */
#ifndef DRILLS_ASSIGN_STATE_H
#define DRILLS_ASSIGN_STATE_H

#include "drills/assign_simplex.h"

struct assign_list {
	uint32_t *item;
	size_t n, room;
};

struct assign_state {
	struct assign_tree tree;
	struct assign_simplex simplex;
	size_t homes, shelters;
	struct assign_row *row; /* [homes] present arcs */
	void **own;		/* [homes] memory of those that were replaced */
	int64_t *people;	/* [homes] */
	int64_t *places;	/* [shelters] open ones */
	int64_t *built;		/* [shelters] open and closed ones */
	uint32_t *in_tree; /* [homes] number in the tree, NONE: no people */
	uint32_t *blocker; /* [shelters] likewise, NONE: all open */
	uint32_t *self;	   /* [shelters] a blocker's arc: its shelter */
	struct assign_list
	    owner; /* by number in the tree: home; NONE: blocker */
	struct assign_list coming; /* from OUTSIDE, while that becomes dearer */
	struct assign_list retired; /* to OUTSIDE, while that becomes cheaper */
	size_t gone;		    /* of the retired, the first so many */
	struct assign_list spare;   /* numbers without people */
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a kept plan is made of; assign.h has its functions.  assign_state.c
 * opens and changes it, assign_resolve.c solves it again, assign_copy.c reads
 * it.  Shelters go by the solver's numbers.  Between an assign_resolve() and the next change the tree is optimal,
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
	struct assign_layout layout; /* at the opening */
	uint32_t *shelter; /* [shelters] the solver's number -> the problem's */
	size_t homes, shelters;
	struct assign_row *row;	 /* [homes] their present arcs */
	struct assign_way **own; /* [homes] memory of those replaced */
	int64_t *people;	 /* [homes] */
	int64_t *places;	 /* [shelters] open ones */
	int64_t *built;		 /* [shelters] open and closed ones */
	uint32_t *in_tree; /* [homes] number in the tree, NONE: no people */
	uint32_t *blocker; /* [shelters] likewise, NONE: all open */
	struct assign_list
	    owner; /* by number in the tree: home; NONE: blocker */
	struct assign_list coming; /* from OUTSIDE, while that becomes dearer */
	struct assign_list retired; /* to OUTSIDE, while that becomes cheaper */
	size_t gone;		    /* of the retired, the first so many */
	struct assign_list spare;   /* numbers without people */
};

#endif

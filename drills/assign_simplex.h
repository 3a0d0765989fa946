/* SPDX-License-Identifier: MIT */
/*
 * Runs the simplex on the tree of assign_tree.h: which arc enters.  Knows
 * nothing of how the tree changes by it.
 *
 * Blocks of homes that have seen no price move since they were last asked are
 * passed over, and in the others those homes that no price moved enough for; so
 * a solution costs what moves.
 */
#ifndef DRILLS_ASSIGN_SIMPLEX_H
#define DRILLS_ASSIGN_SIMPLEX_H

#include "drills/assign_blocks.h"
#include "drills/assign_lists.h"
#include "drills/assign_tree.h"

struct assign_simplex {
	struct assign_tree *t;
	struct assign_blocks blocks;
	struct assign_lists lists;
	int64_t *seen;	   /* [shelters] prices when floors were last lowered */
	bool *due;	   /* [shelters] to be asked for blocker and vacancy */
	uint32_t blockers; /* number of the first shelter's */
	uint32_t *loose, nloose; /* homes asked every time */
	bool *is_loose;		 /* [room] */
	uint32_t room;
	size_t done, all; /* homes that are settled, for progress */
	assign_progress *progress;
	void *arg;
};

/* 0 or ASSIGN_NO_MEMORY, release also then. */
int assign_simplex_init(
    struct assign_simplex *, struct assign_tree *, size_t shelters);
void assign_simplex_release(struct assign_simplex *);

/* Tree, blocks and lists were made at these prices; nobody was asked.  The
 * homes from number `blockers` on are those of the shelters.  0 or
 * ASSIGN_NO_MEMORY. */
int assign_simplex_begin(
    struct assign_simplex *, uint32_t blockers, const int64_t *seen);

/* Boxes of prices are others now. */
void assign_simplex_unbox(struct assign_simplex *);

/* Room for homes added to the tree since; 0 or ASSIGN_NO_MEMORY. */
int assign_simplex_grow(struct assign_simplex *);

/* A home came or changed: it is listed anew and from now on asked every time,
 * since its block may not know its arcs. */
void assign_simplex_loosen(struct assign_simplex *, uint32_t home);

/* Until nobody could pay less by an arc of the short lists; 0 or
 * ASSIGN_CANCELLED. */
int assign_simplex_exhaust(struct assign_simplex *);

/* Until nobody could pay less; likewise. */
int assign_simplex_improve(struct assign_simplex *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Runs the simplex on the tree of assign_tree.h: which arc enters.  Knows
 * nothing of how the tree changes by it.
 */
#ifndef DRILLS_ASSIGN_SIMPLEX_H
#define DRILLS_ASSIGN_SIMPLEX_H

#include "drills/assign_tree.h"

/* Of every home the arcs that were cheapest when last looked at in full. */
enum { ASSIGN_SHORT = 8 };

struct assign_brief {
	uint32_t shelter[ASSIGN_SHORT];
	int32_t metres[ASSIGN_SHORT];
};

struct assign_picks {
	uint32_t pick[ASSIGN_SHORT]; /* ASSIGN_NONE: empty */
};

struct assign_simplex {
	struct assign_tree *t;
	struct assign_brief *brief; /* [room] */
	struct assign_picks *picks; /* [room] */
	uint32_t room;
	int64_t dearest;   /* of all arcs */
	int64_t threshold; /* gains up to it are let be */
	size_t done, all;  /* homes of the samples that are settled */
	assign_progress *progress;
	void *arg;
};

/*
 * The optimal tree of a whole problem, by way of samples: every 16th home, then
 * every 4th, with as small a share of the places; the prices of one round show
 * the next one where to start.  0, ASSIGN_NO_MEMORY or ASSIGN_CANCELLED;
 * release both always.
 */
int assign_simplex(struct assign_simplex *, struct assign_tree *,
    const struct assign_problem *, int64_t left_price, assign_progress *,
    void *arg);
void assign_simplex_release(struct assign_simplex *);

/* Room for the lists of homes added to the tree since (0 or ASSIGN_NO_MEMORY),
 * and the list of one, at the present prices. */
int assign_simplex_grow(struct assign_simplex *);
void assign_simplex_list(struct assign_simplex *, uint32_t home);

/* One look at the short lists of these homes, NULL: of all; and at all
 * shelters.  How many arcs entered. */
size_t assign_simplex_round(
    struct assign_simplex *, const uint32_t *homes, uint32_t n);

/* Whether a home could pay less by an arc of its short list. */
bool assign_simplex_glance(const struct assign_simplex *, uint32_t home);

/* Whether a home could pay less by any arc; then its list is made anew. */
bool assign_simplex_look(struct assign_simplex *, uint32_t home);

#endif

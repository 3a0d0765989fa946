/* SPDX-License-Identifier: MIT */
/*
 * Makes loads fit the places, exactly: each step finds the cheapest chain of
 * moves from a place that has too many people to one that has too few, shifts
 * the prices of what it passed so that everything stays tight, and moves
 * people along the chain (successive shortest paths).  The graph has only the
 * shelters as nodes: of all homes at a shelter that could move to another one
 * only the cheapest counts, and these transfers are listed once per shelter
 * until a piece comes or goes.  A step costs what lies nearer than its end.
 *
 * Knows nothing of where the prices to start with came from.
 */
#ifndef DRILLS_ASSIGN_SEARCH_H
#define DRILLS_ASSIGN_SEARCH_H

#include "drills/assign_flow.h"

struct assign_search;
struct assign_search *assign_search_new(const struct assign_flow *);
void assign_search_free(struct assign_search *);

/*
 * Until nobody is seated beyond the places, free places have price 0 and the
 * ground costs `left` (never less than at present).  0, ASSIGN_NO_MEMORY or
 * ASSIGN_CANCELLED; after these the flow stays tight and can be gone on with.
 */
int assign_search_balance(struct assign_search *, struct assign_flow *,
    int64_t left, assign_progress *, void *arg);

/* Chains moved and shelters passed since it was made. */
void assign_search_counts(
    const struct assign_search *, size_t *chains, size_t *passed);

#endif

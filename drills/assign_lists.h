/* SPDX-License-Identifier: MIT */
/*
 * Short lists: of every home the arcs that were cheapest when all of them were
 * last looked at, one line of the cache instead of a dozen, and what the
 * cheapest of the others cost then.  Knows nothing of who uses which arc.
 */
#ifndef DRILLS_ASSIGN_LISTS_H
#define DRILLS_ASSIGN_LISTS_H

#include "drills/assign_tree.h"

enum { ASSIGN_SHORT = 8 };

struct assign_brief {
	uint32_t shelter[ASSIGN_SHORT]; /* empty: the tree's nowhere */
	int32_t metres[ASSIGN_SHORT];
};

struct assign_picks {
	uint32_t pick[ASSIGN_SHORT];
};

struct assign_lists {
	struct assign_brief *brief; /* [room] cheapest first */
	struct assign_picks *picks; /* [room] */
	int64_t *floor;		    /* [room] no other arc costs less */
	int64_t
	    *margin; /* [room] what a listed one must fall by to be a gain */
	uint32_t room, nowhere;
};

/* Room for so many homes; `nowhere` fills empty places.  0 or
 * ASSIGN_NO_MEMORY, release also then. */
int assign_lists_grow(struct assign_lists *, size_t room, uint32_t nowhere);
void assign_lists_release(struct assign_lists *);

/* Looks at all arcs of a home at these prices. */
void assign_lists_make(struct assign_lists *, uint32_t home, struct assign_row,
    const int64_t *price);

/* The same where there is a list of the same arcs already. */
void assign_lists_remake(struct assign_lists *, uint32_t home,
    struct assign_row, const int64_t *price);

/* The listed arc in this place. */
struct assign_arc
assign_lists_arc(const struct assign_lists *, uint32_t home, uint32_t slot);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Why this address goes where it goes: the nearest shelters with the one
 * reason each is or is not its place.  Works over the snapshot; what is broken
 * (the defects' items) is the handler's to add, from the store.
 */
#ifndef SHELTERD_EXPLAIN_H
#define SHELTERD_EXPLAIN_H

#include "shelterd/plan/plan_limit.h"
#include "shelterd/plan/plan_view.h"

enum explain_reason {
	EXPLAIN_ASSIGNED, /* the plan sends this home here */
	EXPLAIN_FREE,	  /* within the limit, with free places */
	EXPLAIN_FULL,	  /* within the limit, all places given away */
	EXPLAIN_BEYOND,
	EXPLAIN_NO_PATH,
	EXPLAIN_DEFECT, /* would take people if repaired */
	EXPLAIN_CLOSED
};
const char *explain_reason_word(enum explain_reason);

enum { EXPLAIN_NEAREST = 5 };

struct explain_site {
	const struct snap_shelter *shelter;
	const struct snap_entrance *entrance;
	double metres, walk; /* walk INFINITY: none, NAN: no network */
	bool within;	     /* the limit, whatever its state */
	enum explain_reason reason;
};

struct explain {
	const struct snap_home *home; /* at the point; NULL none */
	const struct plan_seat *seats;
	size_t nseats;
	struct explain_site site[EXPLAIN_NEAREST];
	size_t n;
};

/* `may_see` decides about hidden works. False: out of memory. */
bool explain_at(struct explain *, const struct snapshot *,
    struct gis_point plane, const struct plan_limit *, double snap_reach,
    bool (*may_see)(const void *, const struct snap_shelter *),
    const void *arg);

/* Would this site's repair change the home's place?  It is within the limit,
 * repair gives places, and the home has none or a farther one. */
bool
explain_repair_matters(const struct explain *, const struct explain_site *);

#endif

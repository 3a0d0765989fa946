/* SPDX-License-Identifier: MIT */
/*
 * What coverage would be if some shelters were closed, planned ones built, or
 * the open defects of some repaired.  Changes nothing; equals the coverage
 * that is computed after the change was really made.
 *
 * The first answer for a limit costs a coverage; its base is kept with its plan
 * solved (coverage_base.h), so that the next ones cost the homes around what
 * changes, be it in the data or in the question.  For one thread at a time per
 * kept base; others compute their own.
 */
#ifndef SHELTERD_WHATIF_H
#define SHELTERD_WHATIF_H

#include "shelterd/map/coverage.h"

enum {
	WHATIF_MOST_OPEN =
	    64, /* = COVERAGE_PLANNED; planned, and repaired that are shut now */
	WHATIF_MOST = 1000 /* closed, and repaired */
};

struct whatif_site {
	struct gis_point lonlat;
	int64_t places; /* above 0 */
};

/* Ids that do not take part (hidden ones, those `where` leaves out) change
 * nothing.  A shelter both closed and repaired is closed. */
struct whatif_ask {
	struct coverage_ask coverage;
	double snap_reach; /* m, of a planned door to the network */
	const int64_t *close, *repair;
	const struct whatif_site *open;
	size_t nclose, nrepair, nopen;
};

struct whatif_side {
	int64_t covered, placed, usable_shelters, places;
};

struct whatif_home {
	const struct snap_home *home;
	int64_t before, after; /* covered */
};

struct whatif {
	int64_t people, data_version;
	struct whatif_side before, after;
	/* By distance, home by home: people less and people more. */
	int64_t covered_lost, covered_gained;
	/* With capacity: what the closings alone take, and what opening and
	 * repairing give after that.  Both are unique, unlike who it is. */
	int64_t placed_lost, placed_gained;
	struct whatif_home *homes; /* whose covered changes, by id */
	size_t nhomes;
	struct coverage *coverage; /* before; holds the homes */
};

/* As coverage_make(); WHATIF_TOO_MANY: more shelters would be opened than
 * WHATIF_MOST_OPEN.  Release also after failure. */
enum { WHATIF_TOO_MANY = -101 };
int whatif_make(const struct snapshot *, const struct whatif_ask *,
    struct whatif *, struct gis_fail *);
void whatif_release(struct whatif *);

#endif

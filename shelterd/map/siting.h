/* SPDX-License-Identifier: MIT */
/*
 * Where the next n shelters would help most; those that exist stay.  The
 * people without cover (with capacity: without a place, as the coverage seats
 * them) stand on their homes, on up to SITING_SAMPLES points of one with an
 * area, and gis/siting.h chooses.  So `reached`, `bound` and the gap are about
 * those points; the effect is then told by what-if, in true shares.
 *
 * With capacity whoever has a place today keeps it, and a new shelter takes at
 * most its places from those in its reach.
 */
#ifndef SHELTERD_SITING_H
#define SHELTERD_SITING_H

#include "gis/siting.h"
#include "shelterd/map/whatif.h"

enum {
	SITING_SAMPLES = 16,
	SITING_MOST_CANDIDATES = 200000,
	SITING_MOST_WAYS = 1
			   << 27 /* homes in reach on foot, of all candidates */
};

struct siting_ask {
	struct coverage_ask coverage;
	double snap_reach;
	size_t n; /* at most WHATIF_MOST_OPEN */
	/* Their places above 0; none: the homes' own points, `places` each. */
	const struct whatif_site *candidate;
	size_t ncandidates;
	int64_t places;
};

struct siting_site {
	struct whatif_site site;
	size_t candidate;	      /* position in what was given */
	const struct snap_home *home; /* NULL: it was given */
	int64_t adds;
};

struct siting_result {
	struct siting_site *site;
	size_t n, candidates, dropped;
	int64_t people; /* without, on the points */
	int64_t reached, bound;
	struct whatif effect;
	struct coverage *coverage; /* holds the homes */
};

/* As whatif_make(), or ASSIGN_CANCELLED; SITING_TOO_MANY: SITING_MOST_WAYS.
 * Release also after failure. */
enum { SITING_TOO_MANY = -102 };
int siting_make(const struct snapshot *, const struct siting_ask *,
    assign_progress *, void *arg, struct siting_result *, struct gis_fail *);
void siting_release(struct siting_result *);

#endif

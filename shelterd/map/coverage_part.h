/* SPDX-License-Identifier: MIT */
/* What coverage*.c share: a coverage while it is made.  Once given out only
 * its geometry may still come, made once for whoever needs it first. */
#ifndef SHELTERD_COVERAGE_PART_H
#define SHELTERD_COVERAGE_PART_H

#include <pthread.h>
#include <stdatomic.h>
#include "shelterd/map/coverage.h"

enum { COVERAGE_BLOCK = 4096, COVERAGE_DIGEST = 32 };

struct coverage {
	atomic_int refs;
	struct snapshot *snap;
	struct gis *gis; /* frees the geometry */
	pthread_mutex_t lock;
	_Atomic(struct gis_coverage *) geometry;
	struct coverage_home *homes;
	size_t nhomes;
	unsigned char (*digest)[COVERAGE_DIGEST]; /* of each block of homes */
	struct coverage_totals totals;
};

/* One reference, for the ask and with its homes unset; NULL: no memory. */
struct coverage *
coverage_new(const struct snapshot *, const struct coverage_ask *);
/* Whether a shelter (NULL: none) is one of those asked for. */
bool
coverage_takes_part(const struct coverage_ask *, const struct snap_shelter *);
/* The homes with people, with nothing covered; and as they are in another one,
 * with its people, sites and places, but with nobody placed.  false: no
 * memory. */
bool coverage_list_homes(struct coverage *);
bool coverage_copy_homes(struct coverage *, const struct coverage *from);
/* Shares into `covered` and the totals' covered and exact; 0 or
 * ASSIGN_NO_MEMORY. */
int coverage_round_homes(struct coverage *);
/* Makes the digests of blocks that differ from those of `old` (NULL: of all),
 * and the hash over them. */
int coverage_hash(
    struct coverage *, const struct coverage_ask *, const struct coverage *old);

/*
 * Carrying a coverage over to the next data version (coverage_next.c).  The
 * last one by radius and without capacity is kept for a few asks, with the
 * union of its discs, which then follows the shelters that changed.
 */
/* Notes a coverage that was computed. */
void coverage_next_keep(struct coverage *, const struct coverage_ask *);
/* The coverage of another snapshot with the same homes, or NULL: there is none
 * to start from, or too much changed. */
struct coverage *
coverage_next(const struct snapshot *, const struct coverage_ask *);

#endif

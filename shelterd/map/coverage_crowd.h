/* SPDX-License-Identifier: MIT */
/*
 * The covered people of homes as the sources of a flow, for capacity by
 * radius: they stand on sample points of the covered part of their home, and
 * each point can use the doors within the radius of it.  So nobody is placed
 * who is not covered.
 */
#ifndef SHELTERD_COVERAGE_CROWD_H
#define SHELTERD_COVERAGE_CROWD_H

#include "gis/coverage.h"
#include "shelterd/plan/plan_arcs.h"

enum { CROWD_SAMPLES = 16 }; /* points that one home stands on, at most */

/* A door that is not in the index. */
struct crowd_extra {
	struct gis_point plane;
	uint32_t shelter;
};

/* Where people may go: the snapshot's entrances, those with UINT32_MAX not. */
struct crowd_doors {
	const struct snapshot *snap;
	const uint32_t *of_item; /* shelter */
	double radius;
	const struct crowd_extra *extra;
	size_t nextra;
};

/* Arrays for so many points and shelters, `places` unset; `home`, `door` and
 * `without` are unused.  Release with plan_arcs_release(), also after false. */
bool crowd_init(struct plan_arcs *, size_t points, size_t shelters);

/* One point more; there must be room for it.  false: out of memory. */
bool crowd_stand(struct plan_arcs *, const struct crowd_doors *,
    struct gis_point plane, int64_t people);
/* So many people of a home, of whose area such a share is covered by the
 * doors, on up to CROWD_SAMPLES points. */
bool crowd_stand_home(struct plan_arcs *, const struct crowd_doors *,
    struct gis *, const struct snap_home *, double share, int64_t people);

/* The most points a home may ever stand on. */
size_t crowd_points(const struct snap_home *);
/* The middle of a home's area, or its point, and how far from there a part of
 * it may be, m. */
struct gis_point crowd_centre(const struct snap_home *);
double crowd_half(const struct snap_home *);

/* Usable places, as the assignment takes them. */
int64_t crowd_places(int64_t usable);

#endif

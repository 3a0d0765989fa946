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

/* Where people may go: items of an index, those with UINT32_MAX not. */
struct crowd_doors {
	const struct gis_index *index;
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
/* The people of home `home` of the geometry on up to CROWD_SAMPLES points. */
bool crowd_stand_home(struct plan_arcs *, const struct crowd_doors *,
    struct gis *, const struct gis_coverage *, size_t home, int64_t people);

/* Usable places, as the assignment takes them. */
int64_t crowd_places(int64_t usable);

#endif

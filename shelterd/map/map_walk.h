/* SPDX-License-Identifier: MIT */
/* Ways on foot from a point to some shelters, for those who show a few. */
#ifndef SHELTERD_MAP_WALK_H
#define SHELTERD_MAP_WALK_H

#include "shelterd/snapshot.h"

/*
 * Fills metres[i] with the way to the nearest open door of shelter i: INFINITY
 * where there is none within the limit (m), or no street within `reach` (m) of
 * the point.  Costs the way to the farthest, or all of the limit when one
 * cannot be reached.  1, 0 while no network is loaded (all INFINITY), or -1
 * out of memory.
 */
int map_walk(const struct snapshot *, struct gis_point plane, double reach,
    double limit, const struct snap_shelter *const *, size_t n, double *metres);

#endif

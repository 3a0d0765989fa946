/* SPDX-License-Identifier: MIT */
/* What coverage_carry*.c share: a base on its way to another snapshot. */
#ifndef SHELTERD_COVERAGE_CARRY_H
#define SHELTERD_COVERAGE_CARRY_H

#include "shelterd/map/coverage_base.h"

struct coverage_carry {
	struct coverage_base *b;
	const struct snapshot *snap; /* the other */
	const struct coverage_ask *ask;
	struct coverage *next; /* by distance, of the other; takes its place */
	struct plan_sites sites;
	uint32_t *number; /* [sites.n] */
	/* Places whose homes are measured again. */
	struct gis_point *touched;
	size_t ntouched, room, changes;
	/* [numbers] by minutes: measured again from its doors. */
	bool *redo;
	size_t nredo;
	/* Homes that are measured again. */
	bool *is_near; /* [homes] */
	uint32_t *near;
	size_t nnear;
	struct plan_arcs rows; /* of one home */
};

bool coverage_carry_touch(struct coverage_carry *, struct gis_point);
bool coverage_carry_redo(
    struct coverage_carry *, uint32_t number, const struct snap_shelter *);
void coverage_carry_near(struct coverage_carry *, size_t home);
/* Puts carry.rows where the home's rows are, if they differ. */
int coverage_carry_put(struct coverage_carry *, size_t home);

/* On foot (coverage_carry_walk.c): what streets closed or opened since change,
 * false: too much; and, once the base has the other's sites, ways and shares
 * of the homes near. */
bool coverage_carry_streets(struct coverage_carry *);
bool coverage_carry_walk(struct coverage_carry *);

#endif

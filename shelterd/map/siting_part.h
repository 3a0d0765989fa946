/* SPDX-License-Identifier: MIT */
/* What siting.c (choosing) and siting_reach.c (who is where, and within reach
 * of what) share. */
#ifndef SHELTERD_SITING_PART_H
#define SHELTERD_SITING_PART_H

#include "shelterd/map/siting.h"

/* People who need something, and candidates; `people` in the order of runs. */
struct siting_field {
	const struct snapshot *snap;
	const struct siting_ask *ask;
	assign_progress *progress;
	void *arg;
	struct gis_point *point; /* [points] by radius; plane */
	struct gis_place *place; /* [points] by minutes */
	int64_t *people;	 /* [points] */
	size_t points, room;
	struct gis_point *plane;       /* [candidates] */
	const struct snap_home **home; /* [candidates], or NULL */
	int64_t *places;	       /* [candidates]; NULL: no matter */
	size_t candidates;
	struct gis_discs *discs; /* by radius */
	struct gis_run *run;	 /* by minutes: of candidate i */
	size_t *first;		 /* run[first[i]] … run[first[i + 1] - 1] */
};

int siting_field_init(struct siting_field *, const struct coverage *);
void siting_field_release(struct siting_field *);
/* For gis_siting, with the field as `arg`. */
size_t
siting_field_reach(void *field, uint32_t candidate, const struct gis_run **);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What whatif*.c share: a scene played on a base (coverage_base.h), which is
 * put back afterwards; its plan may then be waiting for assign_resolve().
 */
#ifndef SHELTERD_WHATIF_PART_H
#define SHELTERD_WHATIF_PART_H

#include "shelterd/map/coverage_base.h"
#include "shelterd/map/whatif.h"

struct whatif_door {
	struct gis_point plane;
	struct gis_place place; /* by minutes */
	uint32_t shelter;	/* base.planned and on */
};

struct whatif_way { /* by minutes: a way to an opened door */
	uint32_t home, shelter;
	int64_t metres;
};

struct whatif_raise {
	uint32_t site;
	int64_t places;
};

/* Arrays end with the scene. */
struct whatif_scene {
	struct coverage_base *base;
	uint32_t *shut; /* positions of sites */
	size_t nshut;
	struct whatif_raise *raise;
	size_t nraise;
	int64_t places[WHATIF_MOST_OPEN]; /* of opened ones */
	size_t nopen;
	struct whatif_door *door;
	size_t ndoors;
	uint32_t *saved;  /* of_item as it was; NULL: not played */
	double *exact;	  /* [nhomes] */
	int64_t *covered; /* [nhomes] */
	/* By radius: the homes near, and the coverage of them alone. */
	uint32_t *near;
	double *share; /* of those */
	size_t nnear;
	struct whatif_way *way; /* by home */
	size_t nways, room;
};

/* What is asked, on a base; `closings_only` leaves the rest out. */
int whatif_scene_init(struct whatif_scene *, struct coverage_base *,
    const struct whatif_ask *, bool closings_only);
void whatif_scene_release(struct whatif_scene *);
/* Fills exact and covered, and what capacity needs. */
int whatif_scene_cover(struct whatif_scene *, struct gis_fail *);
/* How many have a place in it; the base is as before afterwards, or on
 * failure unusable. */
int whatif_scene_place(struct whatif_scene *, int64_t *placed);

#endif

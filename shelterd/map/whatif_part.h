/* SPDX-License-Identifier: MIT */
/*
 * What whatif*.c share: the base, which is kept, and a scene played on it.
 * Invariant: between two scenes the base is as it was made, but that its plan
 * may be waiting for assign_resolve().
 */
#ifndef SHELTERD_WHATIF_PART_H
#define SHELTERD_WHATIF_PART_H

#include "shelterd/map/coverage_crowd.h"
#include "shelterd/map/whatif.h"

struct whatif_base {
	char *key;
	struct coverage *coverage; /* by distance */
	const struct snapshot *snap;
	struct plan_limit limit;
	struct plan_sites sites;
	const struct coverage_home *home;
	size_t nhomes;
	double *exact; /* [nhomes] covered, before rounding */
	struct gis *gis;
	struct gis_index *centres; /* by minutes: of the homes' points */
	/* Points people stand on; home i has slot[i] … slot[i + 1] - 1.  By
	 * minutes one each, by radius only once capacity was asked for. */
	struct plan_arcs arcs;
	size_t *slot;
	struct assign_state *state; /* NULL: not yet */
	int64_t placed;
};

/* Takes a kept base or makes one; with capacity its plan is solved. */
int whatif_base_take(const struct snapshot *, const struct coverage_ask *,
    struct whatif_base **, struct gis_fail *);
/* Keeps it for the next. */
void whatif_base_give(struct whatif_base *);
void whatif_base_free(struct whatif_base *);
/* Where home i lies. */
struct gis_point whatif_centre(const struct whatif_base *, size_t home);
/* No part of it is farther from there, m. */
double whatif_half(const struct whatif_base *, size_t home);

struct whatif_door {
	struct gis_point plane;
	struct gis_place place; /* by minutes */
	uint32_t shelter;	/* sites.n and on */
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
	struct whatif_base *base;
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
	size_t nnear;
	struct gis_coverage *geometry;
	struct whatif_way *way; /* by home */
	size_t nways, room;
};

/* What is asked, on a base; `closings_only` leaves the rest out. */
int whatif_scene_init(struct whatif_scene *, struct whatif_base *,
    const struct whatif_ask *, bool closings_only);
void whatif_scene_release(struct whatif_scene *);
/* Fills exact and covered, and what capacity needs. */
int whatif_scene_cover(struct whatif_scene *, struct gis_fail *);
/* How many have a place in it; the base is as before afterwards, or on
 * failure unusable. */
int whatif_scene_place(struct whatif_scene *, int64_t *placed);

#endif

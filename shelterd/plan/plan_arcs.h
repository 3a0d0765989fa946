/* SPDX-License-Identifier: MIT */
/*
 * Which home could go to which shelter, and how far it is: the snapshot turned
 * into a problem for drills/assign.h.
 *
 * By radius an arc stands where an entrance lies within the straight line;
 * its metres are those on foot if a network is loaded, and without a path
 * there is no arc.  By minutes an arc stands where the way on foot is within
 * the limit.  Ways are those one may take in the limit's manner: without steps,
 * at some time of the day.  Of several entrances of a shelter the nearest counts.
 */
#ifndef SHELTERD_PLAN_ARCS_H
#define SHELTERD_PLAN_ARCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "drills/assign.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/plan.h"

struct plan_limit {
	bool by_minutes;
	double value;  /* m or min */
	double metres; /* straight, or on foot */
	struct gis_manner manner;
	double snap_reach; /* m, for manners other than on foot at any time */
};

/* May one enter here?  A blocked entrance only where another is not: a shelter
 * that is usable though all its entrances are blocked is entered somewhere. */
bool plan_door_open(const struct snap_shelter *, const struct snap_entrance *);

/* Open, with usable places. */
bool plan_takes_people(const struct snap_shelter *);

/* Shelters that take part. */
struct plan_sites {
	const struct snap_shelter **shelter;
	size_t n;
	int64_t places;	   /* sum of usable */
	uint32_t *of_item; /* entrance item -> position here, UINT32_MAX none */
	size_t nitems;
};
/* `admit` (may be NULL) decides beyond that. 0, or -1 out of memory. */
int plan_sites_init(struct plan_sites *, const struct snapshot *,
    bool (*admit)(const void *arg, const struct snap_shelter *),
    const void *arg);
void plan_sites_release(struct plan_sites *);

struct plan_arcs {
	size_t nhomes, nshelters, narcs, room;
	const struct snap_home **home;	     /* those with people */
	const struct snap_shelter **shelter; /* of the sites, not owned */
	int64_t *people, *places, *metres;
	size_t *first;
	uint32_t *to;
	const struct snap_entrance **door; /* [narcs] the entrance to use */
	enum left_reason *without;	   /* [homes] why, if it has no arc */
};

/* 0, ASSIGN_NO_MEMORY or ASSIGN_CANCELLED. Release also after failure. */
int plan_arcs_build(struct plan_arcs *, const struct snapshot *,
    const struct plan_sites *, const struct plan_limit *, assign_progress *,
    void *arg);
void plan_arcs_release(struct plan_arcs *);
/* Room for one more arc; false: out of memory. */
bool plan_arcs_grow(struct plan_arcs *);
struct assign_problem plan_arcs_problem(const struct plan_arcs *);

/* Rounded to whole metres; -1 when infinite or beyond what a plan takes. */
int64_t plan_whole_metres(double metres);

#endif

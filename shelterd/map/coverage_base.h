/* SPDX-License-Identifier: MIT */
/*
 * A coverage on foot or with capacity with all that it was found from: who
 * stands where and may go where, and the plan, kept solved.  Coverages and
 * what-ifs stand on it, and it follows the data from one version to the next
 * (coverage_carry.c), so that they cost what was changed.  The few used last
 * are kept; one in use is nobody else's.
 *
 * The plan knows shelters by numbers of its own, which they keep from version
 * to version.  A shelter that closes leaves its arcs behind, with no places at
 * their end; opening it again looks at all of them.
 *
 * Invariant of one that is not in use: arcs to shelters that take part are
 * those of its snapshot.
 */
#ifndef SHELTERD_COVERAGE_BASE_H
#define SHELTERD_COVERAGE_BASE_H

#include "shelterd/map/coverage_crowd.h"
#include "shelterd/map/coverage_part.h"

enum {
	COVERAGE_PLANNED = 64, /* numbers for shelters of a what-if */
	COVERAGE_SPARE = 256   /* and for those that come in later versions */
};

/* A shelter that closed, and where its doors were. */
struct coverage_gone {
	int64_t id;
	uint32_t number;
	struct gis_point *door;
	size_t ndoors;
};

/* Arcs of a row that were measured again. */
struct coverage_row {
	uint32_t *to;
	int64_t *metres;
	size_t n;
};

struct coverage_base {
	char *key;		   /* of the ask, whatever the data version */
	struct coverage *coverage; /* by distance */
	struct coverage *full;	   /* with capacity, last asked for, or NULL */
	const struct snapshot *snap;
	struct plan_limit limit;
	struct plan_sites sites;
	uint32_t *number;  /* [sites.n] */
	uint32_t *of_item; /* [sites.nitems], UINT32_MAX: not to be entered */
	bool *alive;	   /* [arcs.nshelters] some site has the number */
	uint32_t next, planned; /* spare numbers; the first of a what-if's */
	struct coverage_gone *gone;
	size_t ngone;
	const struct coverage_home *home;
	size_t nhomes;
	double *exact; /* [nhomes] covered, before rounding */
	struct gis *gis;
	struct gis_index *centres; /* by minutes: of the homes' points */
	/* Points people stand on; home i has slot[i] … slot[i + 1] - 1.  By
	 * minutes one each, by radius only once capacity was asked for. */
	struct plan_arcs arcs;
	size_t *slot;
	struct coverage_row *own; /* [slots] .to NULL: as in arcs; or NULL */
	size_t nown;
	struct assign_state *state; /* NULL: not yet */
	bool waiting;		    /* for assign_resolve() */
	bool counted;		    /* `placed` is right all the same */
	size_t stirred;		    /* rows set since it was opened */
	int64_t placed;
};

/* Takes a kept base, carries one on, or makes one; with capacity its plan is
 * solved.  As coverage_make(). */
int coverage_base_take(const struct snapshot *, const struct coverage_ask *,
    assign_progress *, void *arg, struct coverage_base **, struct gis_fail *);
/* Keeps it for the next. */
void coverage_base_give(struct coverage_base *);
void coverage_base_free(struct coverage_base *);

/* How many were carried on. */
uint64_t coverage_base_carried(void);

/* The coverage it stands for, a reference. */
int coverage_base_read(
    struct coverage_base *, const struct coverage_ask *, struct coverage **out);

/* Where one may go from a slot. */
struct coverage_row
coverage_base_row(const struct coverage_base *, size_t slot);
struct crowd_doors coverage_base_doors(const struct coverage_base *);

/* For coverage*.c alone.  A base from nothing; by radius from a coverage by
 * distance. */
int coverage_base_make(const struct snapshot *, const struct coverage_ask *,
    struct coverage *distance, assign_progress *, void *arg,
    struct coverage_base **);
/* On to another snapshot; false: too much changed, or it failed, and the base
 * is good for nothing.  `distance` (by radius) belongs to that snapshot. */
bool coverage_base_carry(struct coverage_base *, const struct snapshot *,
    const struct coverage_ask *, struct coverage *distance);
/* The items' numbers, from those of the sites. */
bool coverage_base_sites(struct coverage_base *);
/* Makes the plan, or solves it again where it is waiting; fills `placed`. */
int coverage_base_solve(struct coverage_base *, assign_progress *, void *arg);
/* Whether it pays to do so though `placed` is known. */
bool coverage_base_is_worn(const struct coverage_base *);
/* One slot's people and arcs are others.  0 or an assign_error. */
int coverage_base_set(
    struct coverage_base *, size_t slot, int64_t people, struct coverage_row);
/* The same in the plan alone. */
int coverage_base_put(
    struct assign_state *, size_t slot, int64_t people, struct coverage_row);

#endif

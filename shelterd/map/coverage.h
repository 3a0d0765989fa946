/* SPDX-License-Identifier: MIT */
/*
 * Who has a place within the limit: by distance alone (covered), and at the
 * same time as everybody else (placed).  A computed coverage is immutable,
 * refcounted and may be read by any thread; it holds the snapshot it was
 * computed from.
 *
 * By radius a home with an area counts by the share of its polygon within the
 * straight line; by minutes a home counts whole by its point over the network.
 * Shares become people by largest remainder, so that the homes sum to the
 * rounded total.
 */
#ifndef SHELTERD_COVERAGE_H
#define SHELTERD_COVERAGE_H

#include "drills/assign.h"
#include "shelterd/plan/plan_limit.h"

struct coverage_ask {
	struct plan_limit limit;
	bool capacity, hidden; /* hidden: hidden works take part */
	const char *where_text;
	const struct where *where;
	int64_t now;
};

struct coverage_home {
	const struct snap_home *home;
	double share;
	/* placed: only with capacity, by the rule of assign_placed(); homes in
	 * order of id */
	int64_t covered, placed;
};

struct coverage_totals {
	int64_t people, covered, placed;
	double exact; /* covered before rounding */
	double area;  /* covered, m2; by radius */
	int64_t usable_shelters, places, data_version, computed_at;
	bool capacity;
	struct plan_limit limit;
	char hash[65]; /* over parameters and homes, see coverage_hash.c */
};

struct coverage;

/* 0, ASSIGN_NO_MEMORY, ASSIGN_CANCELLED, or COVERAGE_GEOMETRY with a sentence
 * in *fail. */
enum { COVERAGE_GEOMETRY = -100 };
int coverage_make(const struct snapshot *, const struct coverage_ask *,
    assign_progress *, void *arg, struct coverage **out, struct gis_fail *fail);
struct coverage *coverage_ref(struct coverage *);
void coverage_unref(struct coverage *);

const struct coverage_totals *coverage_totals(const struct coverage *);
/* Homes with people, in order of id. */
const struct coverage_home *coverage_homes(const struct coverage *, size_t *n);
/* NULL: no such home, or one without people. */
const struct coverage_home *
coverage_home(const struct coverage *, int64_t home_id);
const struct snapshot *coverage_snapshot(const struct coverage *);
/* By radius: makes the geometry of a coverage that does not have it yet, for
 * the ask it was made for.  0, ASSIGN_NO_MEMORY or COVERAGE_GEOMETRY. */
int coverage_need_geometry(
    struct coverage *, const struct coverage_ask *, struct gis_fail *);
/* NULL by minutes, and until it was needed. */
const struct gis_coverage *coverage_geometry(const struct coverage *);

/*
 * Computed coverages, the few newest ones, by data version and parameters.
 * coverage_get() computes what is not there from the one before where little
 * changed: by radius and without capacity from its discs (coverage_carried()
 * counts these), else from its base (coverage_base.h).  coverage_newest() gives
 * what was last computed for a data version, or NULL.  Both give a reference.
 */
int coverage_get(const struct snapshot *, const struct coverage_ask *,
    assign_progress *, void *arg, struct coverage **out, struct gis_fail *fail);
/* The same if it is there already, else NULL. */
struct coverage *
coverage_known(const struct snapshot *, const struct coverage_ask *);
uint64_t coverage_carried(void);
struct coverage *coverage_newest(int64_t data_version, bool hidden);
/* What a computed coverage is kept under: the data version (none without a
 * snapshot) and what was asked, malloc'd; NULL when out of memory. */
char *coverage_key(const struct snapshot *, const struct coverage_ask *);

/* Rounds n values >= 0 so that they sum to the rounded sum of all: largest
 * remainder, ties to the earlier. 0, or -1 out of memory. */
int coverage_round(const double *exact, size_t n, int64_t *out);

#endif

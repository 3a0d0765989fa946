/* SPDX-License-Identifier: MIT */
/*
 * Who goes to which shelter: first as many people as possible, then the
 * least total person-metres.  The splittable transportation problem, exact in
 * integers, proved by its dual prices.  Pure: no clock, no log, libc only;
 * knows nothing of maps or of why an arc exists.
 *
 * Prices: a home pays home_price <= metres + shelter_price on every arc and
 * <= left_price; shelter prices are >= 0.  left_price exceeds the metres of any
 * chain of moves, so that one more person sheltered always pays.
 *
 * Invariant of an answer: `bound`, computed from the prices alone, equals
 * `person_metres`, computed from the flows alone (complementary slackness);
 * assign_check() verifies it from problem and answer without trusting the
 * solver.
 */
#ifndef DRILLS_ASSIGN_H
#define DRILLS_ASSIGN_H

#include <stddef.h>
#include <stdint.h>

/* Bounds on one number, so that no sum overflows: people and places at most
 * 2^31-1 each, metres at most 10^7, homes x shelters limited by memory. */
enum { ASSIGN_MAX_METRES = 10 * 1000 * 1000 };

/* Arcs of home h: first[h] … first[h+1]-1. The caller owns all arrays. */
struct assign_problem {
	size_t homes, shelters, arcs;
	const int64_t *people;	 /* [homes], >= 0 */
	const int64_t *places;	 /* [shelters], >= 0 */
	const size_t *first;	 /* [homes + 1] */
	const uint32_t *shelter; /* [arcs] */
	const int64_t *metres;	 /* [arcs], 0 … ASSIGN_MAX_METRES */
};

struct assign_answer {
	int64_t *flow;		/* [arcs] people on each arc */
	int64_t *home_price;	/* [homes] dual prices, see assign.c */
	int64_t *shelter_price; /* [shelters] */
	int64_t left_price;	/* of one person left over */
	int64_t people, sheltered;
	int64_t person_metres; /* of the flows */
	int64_t bound;	       /* of the prices; equal when optimal */
};

enum assign_error {
	ASSIGN_OK = 0,
	ASSIGN_NO_MEMORY = -1,
	ASSIGN_BAD_PROBLEM = -2, /* a number out of its bounds */
	ASSIGN_OVERFLOW = -3,	 /* total would not fit 63 bits */
	ASSIGN_CANCELLED = -4
};
const char *assign_strerror(int);

/* Called now and then with homes settled so far; non-zero return cancels. */
typedef int assign_progress(void *arg, size_t done, size_t total);

/* Fills `out` (release with assign_release, also after an error). */
int assign_solve(const struct assign_problem *, struct assign_answer *out,
    assign_progress *, void *arg);
void assign_release(struct assign_answer *);

/* The same, sooner where the answer's prices of shelters are near `guess`
 * [shelters], for instance those of a problem much like this one. */
int assign_solve_near(const struct assign_problem *, const int64_t *guess,
    struct assign_answer *out, assign_progress *, void *arg);

/*
 * A plan kept solved while its problem changes; the problem's arrays are
 * copied.  Setters give 0, ASSIGN_BAD_PROBLEM or ASSIGN_NO_MEMORY, and take effect with
 * assign_resolve(), which is exact and costs what has to move; after an error
 * of its own it may be called again.  assign_totals() costs nothing and tells
 * the last solution, ASSIGN_OVERFLOW if its metres do not fit.
 */
struct assign_state;
int assign_open(const struct assign_problem *, struct assign_state **,
    assign_progress *, void *arg);
/* Sooner where the prices of shelters are near `guess`, as in
 * assign_solve_near(): a plan that was changed much is quicker solved so, and
 * the next changes after it. */
int assign_open_near(const struct assign_problem *, const int64_t *guess,
    struct assign_state **, assign_progress *, void *arg);
/* Of the last solution, [shelters]. */
void assign_prices(const struct assign_state *, int64_t *price);
void assign_close(struct assign_state *);
int assign_set_places(struct assign_state *, size_t shelter, int64_t places);
int assign_set_people(struct assign_state *, size_t home, int64_t people);
int assign_set_arcs(struct assign_state *, size_t home, size_t arcs,
    const uint32_t *shelter, const int64_t *metres);
int assign_resolve(struct assign_state *, assign_progress *, void *arg);

struct assign_totals {
	int64_t people, sheltered, person_metres;
};
int assign_totals(const struct assign_state *, struct assign_totals *);

/*
 * How many of each home [homes] are sheltered: of all optimal plans of the one
 * that shelters as many as it can of home 0, of those as many as it can of home
 * 1, and so on.  So it follows from the problem alone, whatever was changed on
 * the way to it.  0 or ASSIGN_NO_MEMORY.
 */
int assign_placed(const struct assign_state *, int64_t *placed);

/* The changed problem and its answer, copied whole; for assign_check(),
 * assign_whole() and storing.  Release also after an error. */
struct assign_copy {
	struct assign_problem problem;
	struct assign_answer answer;
	int64_t *people, *places, *metres; /* the problem's */
	size_t *first;
	uint32_t *shelter;
};
int assign_copy(const struct assign_state *, struct assign_copy *);
void assign_copy_release(struct assign_copy *);

/* 0 if the answer is feasible and proved optimal by its prices, else the
 * number of the first violated condition, described in `why`. */
int assign_check(const struct assign_problem *, const struct assign_answer *,
    char *why, size_t whysize);

#endif

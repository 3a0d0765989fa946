/* SPDX-License-Identifier: MIT */
/*
 * Where n more sites reach most people: maximal covering location (Church and
 * ReVelle 1974).  Points with people, candidates that reach some of them, and
 * n to choose; what is reached already is not in it.  Knows nothing of what a
 * site is; distances are the caller's business.
 *
 * One site is exact: all candidates are evaluated.  More are chosen by the
 * lazy greedy way (Minoux 1978) and improved by swaps, and a bound above every
 * choice is proved by Lagrangian relaxation, in whole numbers: with a price
 * u[i] <= people[i] on every point
 *
 *	no choice reaches more than  sum of people[i] - u[i]
 *				     + the n largest sums of u over a reach,
 *
 * which for u = 0 on what a choice reaches and u = people elsewhere is the
 * bound every submodular function has.  Subgradient steps make it smaller; a
 * candidate that cannot be in a better choice is dropped on the way.
 *
 * With places a site takes at most so many of the people in its reach, and
 * nobody is taken twice: `reached` is then what taking them one site after the
 * other gives (a real way to do it, perhaps not the best for this choice), and
 * the bound holds for every choice and every way to take them.
 */
#ifndef GIS_SITING_H
#define GIS_SITING_H

#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"

/* Points from … to - 1. */
struct gis_run {
	uint32_t from, to;
};

/* Gives a candidate's reach as ascending runs that do not touch; they are
 * valid until the next call. */
typedef size_t
gis_siting_reach(void *arg, uint32_t candidate, const struct gis_run **);

enum { GIS_SITING_MOST_SITES = 1000 };

struct gis_siting {
	size_t points, candidates, n; /* n at most GIS_SITING_MOST_SITES */
	const int64_t *people;	      /* [points] >= 0, below 2^48 in all */
	const int64_t *places;	      /* [candidates] >= 0; NULL: unlimited */
	gis_siting_reach *reach;
	void *arg;
	/* How often a reach may be asked for beyond choosing greedily, for
	 * swaps and for the bound; 0: GIS_SITING_WORK. */
	uint64_t work;
	int (*cancel)(void *, size_t done, size_t total); /* may be NULL */
	void *cancel_arg;
};

enum { GIS_SITING_WORK = 5 * 1000 * 1000 };

struct gis_siting_answer {
	uint32_t *site; /* [n], the one that adds most first */
	int64_t *gain;	/* [n] people it adds to those before it, above 0 */
	size_t n;	/* fewer than asked when no more adds anybody */
	int64_t reached, bound; /* equal: proved best */
	int64_t people;		/* all */
	size_t dropped;		/* candidates proved not to be needed */
};

/* 0, -1 out of memory, -2 cancelled; release also after failure. */
int gis_siting(const struct gis_siting *, struct gis_siting_answer *);
void gis_siting_release(struct gis_siting_answer *);

/*
 * Discs as reach: points on the plane are put into cells, row by row, so that
 * a disc is a run a row and the points near its rim.  `order` tells which
 * point stands where: people[] must follow it.
 */
struct gis_discs;

/* NULL when out of memory. Candidates must outlive it; radius above 0. */
struct gis_discs *gis_discs_new(const struct gis_point *plane_points, size_t n,
    const struct gis_point *plane_candidates, double radius);
void gis_discs_free(struct gis_discs *);
const uint32_t *gis_discs_order(const struct gis_discs *);
/* A gis_siting_reach, with the discs as `arg`. */
size_t
gis_discs_reach(void *discs, uint32_t candidate, const struct gis_run **);

#endif

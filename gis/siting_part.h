/* SPDX-License-Identifier: MIT */
/*
 * What siting.c (choosing), siting_swap.c and siting_bound.c share.  Sums over
 * a reach are differences of running sums, so a reach costs its runs.
 */
#ifndef GIS_SITING_PART_H
#define GIS_SITING_PART_H

#include <stdbool.h>
#include "gis/siting.h"

struct siting {
	const struct gis_siting *in;
	uint32_t *best; /* [n] the best choice so far */
	size_t nbest;
	int64_t reached; /* by it */
	int64_t *single; /* [candidates] each by itself */
	int64_t *upto;	 /* [points + 1] running sums of what is asked about */
	int64_t *left;	 /* [points] people not yet reached */
	uint32_t *times; /* [points] how often reached */
	uint64_t work;	 /* left */
	int64_t bound;
	size_t dropped;
};

static inline size_t
siting_runs(
    const struct siting *s, uint32_t candidate, const struct gis_run **run)
{
	return s->in->reach(s->in->arg, candidate, run);
}

/* The sum over a candidate's reach of what `upto` was made of. */
static inline int64_t
siting_sum(const struct siting *s, uint32_t candidate)
{
	const struct gis_run *run;
	size_t n = siting_runs(s, candidate, &run);
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += s->upto[run[i].to] - s->upto[run[i].from];
	return sum;
}

static inline void
siting_run_up(struct siting *s, const int64_t *what)
{
	s->upto[0] = 0;
	for (size_t i = 0; i < s->in->points; i++)
		s->upto[i + 1] = s->upto[i] + what[i];
}

bool siting_cancelled(const struct siting *);
/* How many people a choice reaches, without places; fills `times`. */
int64_t siting_reached(struct siting *, const uint32_t *site, size_t n);

/* One site for another, as long as that reaches more. 0, -1 or -2. */
int siting_swap(struct siting *);
/* Fills `bound`; may find a better choice. 0, -1 or -2. */
int siting_bound(struct siting *);

#endif

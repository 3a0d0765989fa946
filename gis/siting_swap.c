/* SPDX-License-Identifier: MIT */
/*
 * Swapping: a site is taken out, and the candidate that then adds most comes
 * in.  Candidates are tried from those that reach most by themselves, until
 * none of the others can add more.
 */
#include "gis/siting_part.h"

#include <stdlib.h>

struct ranked {
	int64_t single;
	uint32_t candidate;
};

static int
most_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->single != y->single)
		return x->single > y->single ? -1 : 1;
	return x->candidate < y->candidate ? -1 : x->candidate > y->candidate;
}

static struct ranked *
rank(const struct siting *s)
{
	struct ranked *r = malloc((s->in->candidates + 1) * sizeof(*r));

	if (r == NULL)
		return NULL;
	for (uint32_t c = 0; c < s->in->candidates; c++)
		r[c] = (struct ranked){ s->single[c], c };
	qsort(r, s->in->candidates, sizeof(*r), most_first);
	return r;
}

/* What nobody but site `out` reaches, if anybody does. */
static void
leave_out(struct siting *s, size_t out)
{
	const struct gis_run *run;

	siting_reached(s, s->best, s->nbest);
	for (size_t k = siting_runs(s, s->best[out], &run); k > 0; k--)
		for (uint32_t p = run[k - 1].from; p < run[k - 1].to; p++)
			s->times[p]--;
	for (size_t i = 0; i < s->in->points; i++)
		s->left[i] = s->times[i] > 0 ? 0 : s->in->people[i];
	siting_run_up(s, s->left);
}

/* A better candidate in its place; how many people more. */
static int64_t
replace(struct siting *s, const struct ranked *r, size_t at)
{
	int64_t had, most;

	leave_out(s, at);
	had = most = siting_sum(s, s->best[at]);
	for (size_t i = 0; i < s->in->candidates && s->work > 0; i++) {
		int64_t gain;

		if (r[i].single <= most)
			break;
		s->work--;
		gain = siting_sum(s, r[i].candidate);
		if (gain > most) {
			most = gain;
			s->best[at] = r[i].candidate;
		}
	}
	s->reached += most - had;
	return most - had;
}

int
siting_swap(struct siting *s)
{
	struct ranked *r = rank(s);
	size_t idle = 0;

	if (r == NULL)
		return -1;
	for (size_t at = 0; idle < s->nbest && s->work > 0;
	     at = (at + 1) % s->nbest) {
		if (siting_cancelled(s)) {
			free(r);
			return -2;
		}
		idle = replace(s, r, at) > 0 ? 0 : idle + 1;
	}
	free(r);
	return 0;
}

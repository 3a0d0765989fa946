/* SPDX-License-Identifier: MIT */
/*
 * Choosing sites greedily: every candidate's gain is kept as it was when last
 * looked at, which is never below what it is now, so only those on top of the
 * heap are looked at again.
 */
#include "gis/siting_part.h"

#include <stdlib.h>
#include <string.h>

enum { NEWS = 1024 };

/* Of equal gains the one with more people in reach, then the first. */
struct offer {
	int64_t gain, people;
	uint32_t candidate, seen; /* sites chosen when it was looked at */
};

struct heap {
	struct offer *offer;
	size_t n;
};

bool
siting_cancelled(const struct siting *s)
{
	const struct gis_siting *in = s->in;

	return in->cancel != NULL && in->cancel(in->cancel_arg, 0, 0) != 0;
}

static bool
above(const struct offer *a, const struct offer *b)
{
	if (a->gain != b->gain)
		return a->gain > b->gain;
	if (a->people != b->people)
		return a->people > b->people;
	return a->candidate < b->candidate;
}

static void
sink(struct heap *h, size_t i)
{
	struct offer o = h->offer[i];

	for (size_t k; (k = 2 * i + 1) < h->n; i = k) {
		if (k + 1 < h->n && above(&h->offer[k + 1], &h->offer[k]))
			k++;
		if (!above(&h->offer[k], &o))
			break;
		h->offer[i] = h->offer[k];
	}
	h->offer[i] = o;
}

static int64_t
capped(const struct siting *s, uint32_t candidate, int64_t people)
{
	const int64_t *places = s->in->places;

	return places != NULL && places[candidate] < people ? places[candidate]
							    : people;
}

static int
look_at_all(struct siting *s, struct heap *h)
{
	siting_run_up(s, s->left);
	for (uint32_t c = 0; c < s->in->candidates; c++) {
		if (s->in->cancel != NULL && c % NEWS == 0 &&
		    s->in->cancel(s->in->cancel_arg, c, s->in->candidates))
			return -2;
		s->single[c] = siting_sum(s, c);
		if (s->single[c] > 0)
			h->offer[h->n++] =
			    (struct offer){ capped(s, c, s->single[c]),
				    s->single[c], c, 0 };
	}
	for (size_t i = h->n / 2; i-- > 0;)
		sink(h, i);
	return 0;
}

/* The people in reach go there, as many as it takes. */
static void
take(struct siting *s, uint32_t candidate, int64_t people)
{
	const struct gis_run *run;
	size_t n = siting_runs(s, candidate, &run);

	for (size_t i = 0; i < n; i++)
		for (uint32_t p = run[i].from; p < run[i].to; p++) {
			int64_t some =
			    s->left[p] < people ? s->left[p] : people;

			s->left[p] -= some;
			people -= some;
		}
	siting_run_up(s, s->left);
}

/* Chooses up to n of the offers, what each adds into gain[]. */
static void
choose(struct siting *s, struct heap *h, int64_t *gain)
{
	while (s->nbest < s->in->n && h->n > 0) {
		struct offer *top = &h->offer[0];

		if (top->seen < s->nbest) {
			top->people = siting_sum(s, top->candidate);
			top->gain = capped(s, top->candidate, top->people);
			top->seen = (uint32_t)s->nbest;
		} else if (top->gain > 0) {
			take(s, top->candidate, top->gain);
			gain[s->nbest] = top->gain;
			s->reached += top->gain;
			s->best[s->nbest++] = top->candidate;
			*top = h->offer[--h->n];
		} else {
			return;
		}
		if (h->n > 0)
			sink(h, 0);
	}
}

int64_t
siting_reached(struct siting *s, const uint32_t *site, size_t n)
{
	const struct gis_run *run;
	int64_t sum = 0;

	memset(s->times, 0, s->in->points * sizeof(*s->times));
	for (size_t i = 0; i < n; i++)
		for (size_t k = siting_runs(s, site[i], &run); k > 0; k--)
			for (uint32_t p = run[k - 1].from; p < run[k - 1].to;
			     p++)
				if (s->times[p]++ == 0)
					sum += s->in->people[p];
	return sum;
}

/* The chosen ones once more, the one that adds most first. */
static void
put_in_order(struct siting *s, struct heap *h, int64_t *gain)
{
	uint32_t chosen[GIS_SITING_MOST_SITES];
	size_t n = s->nbest;

	memcpy(chosen, s->best, n * sizeof(*chosen));
	memcpy(s->left, s->in->people, s->in->points * sizeof(*s->left));
	siting_run_up(s, s->left);
	h->n = s->nbest = 0;
	s->reached = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t people = s->single[chosen[i]];

		h->offer[h->n++] = (struct offer){ capped(s, chosen[i], people),
			people, chosen[i], 0 };
	}
	for (size_t i = n / 2; i-- > 0;)
		sink(h, i);
	choose(s, h, gain);
}

static int
solve(struct siting *s, struct heap *h, struct gis_siting_answer *out)
{
	int r = look_at_all(s, h);

	if (r < 0)
		return r;
	choose(s, h, out->gain);
	if (s->in->places == NULL && s->nbest > 1 && (r = siting_swap(s)) < 0)
		return r;
	if ((r = siting_bound(s)) < 0)
		return r;
	if (s->in->places == NULL)
		put_in_order(s, h, out->gain);
	return 0;
}

static bool
siting_init(struct siting *s, const struct gis_siting *in, struct heap *h,
    struct gis_siting_answer *out)
{
	size_t n = in->n + 1, points = in->points + 1;

	*s = (struct siting){ .in = in,
		.work = in->work != 0 ? in->work : GIS_SITING_WORK };
	s->single = malloc((in->candidates + 1) * sizeof(*s->single));
	s->upto = malloc(points * sizeof(*s->upto));
	s->left = malloc(points * sizeof(*s->left));
	s->times = malloc(points * sizeof(*s->times));
	s->best = out->site = malloc(n * sizeof(*out->site));
	out->gain = malloc(n * sizeof(*out->gain));
	h->offer = malloc((in->candidates + in->n + 1) * sizeof(*h->offer));
	if (!s->single || !s->upto || !s->left || !s->times || !s->best ||
	    !out->gain || !h->offer)
		return false;
	for (size_t i = 0; i < in->points; i++) {
		s->left[i] = in->people[i];
		out->people += in->people[i];
	}
	return true;
}

int
gis_siting(const struct gis_siting *in, struct gis_siting_answer *out)
{
	struct heap heap = { 0 };
	struct siting s;
	int r = -1;

	*out = (struct gis_siting_answer){ 0 };
	if (siting_init(&s, in, &heap, out))
		r = solve(&s, &heap, out);
	out->n = s.nbest;
	out->reached = s.reached;
	out->bound = s.bound;
	out->dropped = s.dropped;
	free(s.single);
	free(s.upto);
	free(s.left);
	free(s.times);
	free(heap.offer);
	return r;
}

void
gis_siting_release(struct gis_siting_answer *a)
{
	free(a->site);
	free(a->gain);
	*a = (struct gis_siting_answer){ 0 };
}

/* SPDX-License-Identifier: MIT */
/*
 * The bound: see siting.h.  Prices are whole numbers of 1/SCALE person, so the
 * bound is exact and may be rounded down to whole people.  A step moves the
 * prices against how often the n best candidates reach a point; the n best are
 * a choice, too, and now and then better than the greedy one.
 */
#include "gis/siting_part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SCALE = 4096,
	MOST_STEPS = 2000,
	PATIENCE = 6,
	MANY = 4096,
	THIN = 16,
	SPARE = 16
};

static const double first_pace = 0.15, most_pace = 0.5, last_pace = 1e-4,
		    blending = 0.15;

struct prices {
	struct siting *s;
	int64_t *u, *sum; /* [points]; [candidates] over their reach */
	uint32_t *open;	  /* candidates not dropped */
	size_t nopen;
	uint32_t *top; /* the n with the largest sums, the least one first */
	size_t ntop;
	/* The volume algorithm (Barahona and Anbil 2000): steps start at the
	 * best prices and follow the average of what was on top. */
	int64_t *center, least;
	double *average, pace;
	int waited;
	bool fresh; /* no average yet */
};

static bool
lower(const struct prices *v, uint32_t a, uint32_t b)
{
	return v->sum[a] != v->sum[b] ? v->sum[a] < v->sum[b] : a > b;
}

static void
top_sink(struct prices *v, size_t i)
{
	uint32_t c = v->top[i];

	for (size_t k; (k = 2 * i + 1) < v->ntop; i = k) {
		if (k + 1 < v->ntop && lower(v, v->top[k + 1], v->top[k]))
			k++;
		if (!lower(v, v->top[k], c))
			break;
		v->top[i] = v->top[k];
	}
	v->top[i] = c;
}

static void
pick_top(struct prices *v)
{
	v->ntop = v->nopen < v->s->in->n ? v->nopen : v->s->in->n;
	memcpy(v->top, v->open, v->ntop * sizeof(*v->top));
	for (size_t i = v->ntop / 2; i-- > 0;)
		top_sink(v, i);
	for (size_t i = v->ntop; v->ntop > 0 && i < v->nopen; i++)
		if (lower(v, v->top[0], v->open[i])) {
			v->top[0] = v->open[i];
			top_sink(v, 0);
		}
}

/* The bound these prices prove, in 1/SCALE people. */
static int64_t
evaluate(struct prices *v)
{
	const struct gis_siting *in = v->s->in;
	int64_t bound = 0;

	siting_run_up(v->s, v->u);
	for (size_t i = 0; i < v->nopen; i++)
		v->sum[v->open[i]] = siting_sum(v->s, v->open[i]);
	v->s->work -= v->nopen < v->s->work ? v->nopen : v->s->work;
	pick_top(v);
	for (size_t i = 0; i < in->points; i++)
		bound += in->people[i] * SCALE - v->u[i];
	for (size_t i = 0; i < v->ntop; i++)
		bound += v->sum[v->top[i]];
	return bound;
}

/* Who could not be part of a better choice even if he were forced into it. */
static void
drop(struct prices *v, int64_t bound)
{
	size_t kept = 0;

	if (v->ntop == 0)
		return;
	bound -= v->sum[v->top[0]];
	for (size_t i = 0; i < v->nopen; i++) {
		uint32_t c = v->open[i];

		if (v->sum[c] >= v->sum[v->top[0]] ||
		    (bound + v->sum[c]) / SCALE > v->s->reached)
			v->open[kept++] = c;
	}
	v->s->dropped += v->nopen - kept;
	v->nopen = kept;
}

static void
keep_choice(struct prices *v)
{
	struct siting *s = v->s;
	int64_t reached = siting_reached(s, v->top, v->ntop);

	if (s->in->places != NULL || reached <= s->reached)
		return;
	s->reached = reached;
	s->nbest = v->ntop;
	memcpy(s->best, v->top, v->ntop * sizeof(*v->top));
}

/* Prices that cannot move the way they should are not in the way. */
static bool
stuck(const struct prices *v, size_t i, double slope)
{
	return slope < 0 ? v->center[i] == v->s->in->people[i] * SCALE
			 : v->center[i] == 0;
}

/* From the best prices so far against how often points are reached on the
 * average, in proportion to their people. */
static void
step(struct prices *v)
{
	const struct gis_siting *in = v->s->in;
	double norm = 0, length;

	for (size_t i = 0; i < in->points; i++) {
		double slope = v->average[i] - 1;

		if (!stuck(v, i, slope))
			norm += (double)in->people[i] * slope * slope;
	}
	if (norm <= 0)
		return;
	length = v->pace * (double)(v->least - v->s->reached * SCALE) / norm;
	for (size_t i = 0; i < in->points; i++) {
		int64_t most = in->people[i] * SCALE;
		double u = (double)v->center[i] -
			   length * (double)in->people[i] * (v->average[i] - 1);

		v->u[i] = u <= 0 ? 0 : u >= (double)most ? most : llround(u);
	}
}

/* The top ones of this step into the average. */
static void
blend(struct prices *v, double part)
{
	const uint32_t *times = v->s->times;

	for (size_t i = 0; i < v->s->in->points; i++)
		v->average[i] += part * ((double)times[i] - v->average[i]);
}

/* Longer steps while they help and agree with the average, else shorter. */
static void
judge(struct prices *v, int64_t bound)
{
	const uint32_t *times = v->s->times;
	double along = 0;

	if (bound >= v->least) {
		if (++v->waited == PATIENCE) {
			v->pace *= 0.66;
			v->waited = 0;
		}
		return;
	}
	for (size_t i = 0; i < v->s->in->points; i++)
		along += (double)v->s->in->people[i] * (v->average[i] - 1) *
			 ((double)times[i] - 1);
	if (along > 0 && v->pace < most_pace)
		v->pace *= 1.1;
	v->waited = 0;
	v->least = bound;
	memcpy(v->center, v->u, v->s->in->points * sizeof(*v->u));
}

/* Steps until there is nothing left to prove or to spend; `all` candidates are
 * open but those dropped, so that the least is a bound. */
static int
descend(struct prices *v, bool all, uint64_t leave)
{
	struct siting *s = v->s;
	int64_t bound;

	v->least = INT64_MAX;
	v->pace = first_pace;
	for (int i = 0; i < MOST_STEPS && v->pace > last_pace; i++) {
		if (siting_cancelled(s))
			return -2;
		bound = evaluate(v);
		keep_choice(v);
		judge(v, bound);
		blend(v, i == 0 && v->fresh ? 1 : blending);
		v->fresh = false;
		if (v->least / SCALE <= s->reached || s->work <= leave)
			break;
		if (all)
			drop(v, bound);
		step(v);
	}
	if (all && v->least / SCALE < s->bound)
		s->bound = v->least / SCALE;
	return 0;
}

static bool
chosen(const struct siting *s, uint32_t candidate)
{
	for (size_t i = 0; i < s->nbest; i++)
		if (s->best[i] == candidate)
			return true;
	return false;
}

/* Every stride-th candidate that reaches somebody, and those chosen. */
static void
open_some(struct prices *v, uint32_t stride)
{
	const struct gis_siting *in = v->s->in;

	v->nopen = 0;
	for (uint32_t c = 0; c < in->candidates; c++)
		if (v->s->single[c] > 0 &&
		    (c % stride == 0 || (stride > 1 && chosen(v->s, c))))
			v->open[v->nopen++] = c;
}

/* Prices for some of many candidates are nearly those for all, and cost less:
 * first they are found for few, then for all of them.  A better choice met on
 * the way is swapped at. */
static int
descend_twice(struct prices *v)
{
	struct siting *s = v->s;
	int64_t reached = s->reached;
	int r = 0;

	if (s->in->candidates > MANY) {
		open_some(v, THIN);
		r = descend(v, false, s->work / 2);
		memcpy(v->u, v->center, s->in->points * sizeof(*v->u));
		if (r == 0 && s->reached > reached)
			r = siting_swap(s);
	}
	open_some(v, 1);
	s->dropped = s->in->candidates - v->nopen;
	reached = s->reached;
	if (r == 0)
		r = descend(v, true, s->work / SPARE);
	return r == 0 && s->reached > reached ? siting_swap(s) : r;
}

/* What the greedy choice proves: no price on what it reaches. */
static void
begin(struct prices *v)
{
	const struct gis_siting *in = v->s->in;

	siting_reached(v->s, v->s->best, v->s->nbest);
	for (size_t i = 0; i < in->points; i++) {
		v->u[i] = v->s->times[i] > 0 ? 0 : in->people[i] * SCALE;
		v->average[i] = 1; /* agrees with nothing yet */
	}
	v->fresh = true;
}

/* The n largest gains by themselves, or everybody. */
static int64_t
plain_bound(struct prices *v)
{
	const struct gis_siting *in = v->s->in;
	int64_t sum = 0, all = 0;

	for (uint32_t c = 0; c < in->candidates; c++) {
		v->sum[c] = v->s->single[c];
		if (in->places != NULL && in->places[c] < v->sum[c])
			v->sum[c] = in->places[c];
	}
	pick_top(v);
	for (size_t i = 0; i < v->ntop; i++)
		sum += v->sum[v->top[i]];
	for (size_t i = 0; i < in->points; i++)
		all += in->people[i];
	return sum < all ? sum : all;
}

int
siting_bound(struct siting *s)
{
	size_t points = s->in->points + 1, candidates = s->in->candidates + 1;
	struct prices v = { .s = s };
	int r = -1;

	v.u = malloc(points * sizeof(*v.u));
	v.center = malloc(points * sizeof(*v.center));
	v.average = malloc(points * sizeof(*v.average));
	v.sum = malloc(candidates * sizeof(*v.sum));
	v.open = malloc(candidates * sizeof(*v.open));
	v.top = malloc((s->in->n + 1) * sizeof(*v.top));
	if (v.u && v.center && v.average && v.sum && v.open && v.top) {
		begin(&v);
		open_some(&v, 1);
		s->bound = plain_bound(&v);
		r = s->in->n > 1 && s->bound > s->reached ? descend_twice(&v)
							  : 0;
		if (s->bound < s->reached)
			s->bound = s->reached;
	}
	free(v.u);
	free(v.center);
	free(v.average);
	free(v.sum);
	free(v.open);
	free(v.top);
	return r;
}

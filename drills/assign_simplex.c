/* SPDX-License-Identifier: MIT */
/*
 * Pricing.  Each home keeps a short list of the arcs that were cheapest when
 * its prices were last looked at in full: one line of the cache instead of a
 * dozen.  Only short lists are searched, for large gains first (a falling
 * threshold makes several times fewer pivots than taking any gain); when they
 * offer nothing more, all arcs are looked at once: that ends it, or puts
 * better arcs on the lists.
 */
#include <stdbool.h>
#include <stdlib.h>
#include "drills/assign_simplex.h"

enum {
	SHORT = 8,  /* arcs on a short list */
	BLOCK = 64, /* homes priced before the best of them enter */
	FEW = 256,  /* one of so many homes with a gain: the threshold falls */
	CALM = 4,   /* by this much */
	SAMPLE = 16,
	SAMPLE_STEP = 4
};

struct brief {
	uint32_t shelter[SHORT];
	int32_t metres[SHORT];
};

struct picks {
	uint32_t pick[SHORT]; /* ASSIGN_NONE: empty */
};

struct simplex {
	struct assign_tree *t;
	struct brief *brief; /* [homes] */
	struct picks *picks; /* [homes] */
	int64_t threshold;
	size_t done; /* homes of the samples that are settled */
	assign_progress *progress;
	void *arg;
};

struct offer {
	int64_t gain;  /* metres a person saves */
	uint32_t home; /* who; after the homes come shelters, for vacancy */
	uint32_t slot; /* by which arc of the short list; SHORT: outside */
};

/* ---- short lists ---- */

/* The cheapest SHORT arcs of a home at prices `p`, by insertion. */
static void
make_brief(struct simplex *x, uint32_t home, const int64_t *price)
{
	const struct assign_problem *p = x->t->problem;
	size_t first = p->first[(size_t)home * x->t->stride];
	size_t end = p->first[(size_t)home * x->t->stride + 1];
	struct brief *b = &x->brief[home];
	struct picks *k = &x->picks[home];
	int64_t cost[SHORT + 1];
	int n = 0;

	for (size_t a = first; a < end; a++) {
		int64_t c = p->metres[a] + price[p->shelter[a]];
		int i = n;

		if (n == SHORT && c >= cost[SHORT - 1])
			continue;
		i = n < SHORT ? n++ : SHORT - 1;
		for (; i > 0 && cost[i - 1] > c; i--) {
			cost[i] = cost[i - 1];
			k->pick[i] = k->pick[i - 1];
		}
		cost[i] = c;
		k->pick[i] = (uint32_t)(a - first);
	}
	for (int i = 0; i < SHORT; i++) {
		bool some = i < n;

		if (!some)
			k->pick[i] = ASSIGN_NONE;
		b->shelter[i] =
		    some ? p->shelter[first + k->pick[i]] : x->t->outside;
		b->metres[i] =
		    some ? (int32_t)p->metres[first + k->pick[i]] : INT32_MAX;
	}
}

/* The best arc on the short list; price[outside] is 0 there. */
static struct offer
home_offer(const struct simplex *x, uint32_t home)
{
	const struct assign_tree *t = x->t;
	const struct brief *b = &x->brief[home];
	struct offer o = { t->left_price, home, SHORT };

	if (t->home[home].people == 0)
		return (struct offer){ 0 };
	for (uint32_t i = 0; i < SHORT; i++) {
		int64_t cost = b->metres[i] + t->price[b->shelter[i]];

		if (cost < o.gain && b->shelter[i] != t->outside) {
			o.gain = cost;
			o.slot = i;
		}
	}
	o.gain = assign_tree_home_price(t, home) - o.gain;
	return o;
}

static struct offer
taker_offer(const struct simplex *x, uint32_t taker)
{
	if (taker < x->t->homes)
		return home_offer(x, taker);
	return (
	    struct offer){ -x->t->price[taker - x->t->homes], taker, SHORT };
}

static void
take(struct simplex *x, struct offer o)
{
	struct assign_tree *t = x->t;
	struct assign_arc arc = { t->outside, ASSIGN_NONE, t->left_price };

	if (o.home >= t->homes) {
		assign_tree_vacate(t, o.home - t->homes);
		return;
	}
	if (o.slot < SHORT)
		arc = (struct assign_arc){ x->brief[o.home].shelter[o.slot],
			x->picks[o.home].pick[o.slot],
			x->brief[o.home].metres[o.slot] };
	assign_tree_enter(t, o.home, arc);
}

/* Lets the offers enter, the best first, each priced anew in its turn. */
static size_t
take_all(struct simplex *x, struct offer *offers, size_t n)
{
	size_t taken = 0;

	while (n > 0) {
		size_t best = 0;

		for (size_t i = 1; i < n; i++)
			if (offers[i].gain > offers[best].gain)
				best = i;
		struct offer o = taker_offer(x, offers[best].home);

		offers[best] = offers[--n];
		if (o.gain <= x->threshold)
			continue;
		take(x, o);
		taken++;
	}
	return taken;
}

/* One look at every short list; how many arcs entered. */
static size_t
brief_round(struct simplex *x)
{
	uint32_t takers = x->t->homes + x->t->outside;
	struct offer offers[BLOCK];
	size_t taken = 0;

	for (uint32_t taker = 0; taker < takers;) {
		uint32_t end = takers - taker > BLOCK ? taker + BLOCK : takers;
		size_t n = 0;

		for (; taker < end; taker++) {
			offers[n] = taker_offer(x, taker);
			n += offers[n].gain > x->threshold;
		}
		taken += take_all(x, offers, n);
	}
	return taken;
}

/* Whether a home has a better arc than all on its short list; then the list is
 * made anew. */
static bool
full_look(struct simplex *x, uint32_t home)
{
	const struct assign_tree *t = x->t;
	const struct assign_problem *p = t->problem;
	size_t at = (size_t)home * t->stride;
	int64_t most;

	if (t->home[home].people == 0)
		return false;
	most = assign_tree_home_price(t, home);
	for (size_t a = p->first[at]; a < p->first[at + 1]; a++)
		if (p->metres[a] + t->price[p->shelter[a]] < most) {
			make_brief(x, home, t->price);
			return true;
		}
	return false;
}

static int64_t
dearest(const struct assign_problem *p)
{
	int64_t most = 0;

	for (size_t a = 0; a < p->arcs; a++)
		most = p->metres[a] > most ? p->metres[a] : most;
	return most;
}

/* Until the short lists offer nothing at all. */
static int
improve_briefly(struct simplex *x)
{
	uint32_t homes = x->t->homes;
	size_t taken;
	int64_t at;

	do {
		at = x->threshold;
		taken = brief_round(x);
		if (taken <= homes / FEW)
			x->threshold /= CALM;
		if (x->progress &&
		    x->progress(x->arg, x->done, x->t->problem->homes))
			return ASSIGN_CANCELLED;
	} while (taken > 0 || at > 0);
	return 0;
}

static int
improve(struct simplex *x, int64_t threshold)
{
	size_t found = 1;
	int r;

	x->threshold = threshold;
	while (found > 0) {
		if ((r = improve_briefly(x)) < 0)
			return r;
		found = 0;
		for (uint32_t h = 0; h < x->t->homes; h++)
			found += full_look(x, h);
	}
	return 0;
}

static int
simplex_round(struct simplex *x, const int64_t *guide, int64_t threshold)
{
	struct assign_tree *t = x->t;
	size_t n = (size_t)t->homes + 1;
	int r = ASSIGN_NO_MEMORY;

	x->brief = malloc(n * sizeof(*x->brief));
	x->picks = malloc(n * sizeof(*x->picks));
	if (x->brief != NULL && x->picks != NULL) {
		for (uint32_t h = 0; h < t->homes; h++)
			make_brief(x, h, guide);
		r = improve(x, threshold);
	}
	free(x->brief);
	free(x->picks);
	return r;
}

/* Places in proportion to the sampled people; none stays none. */
static void
share_out(const struct assign_problem *p, uint32_t stride, int64_t *places)
{
	double all = 1, seen = 1;

	for (size_t h = 0; h < p->homes; h++)
		all += (double)p->people[h];
	for (size_t h = 0; h < p->homes; h += stride)
		seen += (double)p->people[h];
	for (size_t s = 0; s < p->shelters; s++)
		places[s] =
		    p->places[s] == 0
			? 0
			: (int64_t)((double)p->places[s] * seen / all) + 1;
}

int
assign_simplex(struct assign_tree *t, const struct assign_problem *p,
    int64_t left_price, assign_progress *progress, void *arg)
{
	int64_t *guide = calloc(p->shelters + 1, sizeof(*guide));
	int64_t *places = calloc(p->shelters + 1, sizeof(*places));
	struct simplex x = { .t = t, .progress = progress, .arg = arg };
	int64_t most = dearest(p);
	uint32_t stride = SAMPLE;
	int r = guide && places ? 0 : ASSIGN_NO_MEMORY;

	while (r == 0) {
		if (stride > 1)
			share_out(p, stride, places);
		r = assign_tree_init(t, p, stride,
		    stride > 1 ? places : p->places, guide, left_price);
		if (r == 0)
			r = simplex_round(&x, guide, most);
		if (r < 0 || stride == 1)
			break;
		for (size_t s = 0; s < p->shelters; s++)
			guide[s] = t->price[s];
		x.done = t->homes;
		assign_tree_release(t);
		stride /= SAMPLE_STEP;
	}
	free(guide);
	free(places);
	return r;
}

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
	SHORT = ASSIGN_SHORT,
	BLOCK = 64, /* homes priced before the best of them enter */
	FEW = 256,  /* one of so many homes with a gain: the threshold falls */
	CALM = 4,   /* by this much */
	SAMPLE = 16,
	SAMPLE_STEP = 4
};

struct offer {
	int64_t gain;  /* metres a person saves */
	uint32_t home; /* who; after the homes come shelters, for vacancy */
	uint32_t slot; /* by which arc of the short list; SHORT: outside */
};

/* ---- short lists ---- */

/* The cheapest SHORT arcs of a home at these prices, by insertion. */
static void
make_brief(struct assign_simplex *x, uint32_t home, const int64_t *price)
{
	const struct assign_row r = x->t->row[home];
	struct assign_brief *b = &x->brief[home];
	struct assign_picks *k = &x->picks[home];
	int64_t cost[SHORT];
	int n = 0;

	for (uint32_t a = 0; a < r.n; a++) {
		int64_t c = r.metres[a] + price[r.shelter[a]];
		int i = n;

		if (n == SHORT && c >= cost[SHORT - 1])
			continue;
		i = n < SHORT ? n++ : SHORT - 1;
		for (; i > 0 && cost[i - 1] > c; i--) {
			cost[i] = cost[i - 1];
			k->pick[i] = k->pick[i - 1];
		}
		cost[i] = c;
		k->pick[i] = a;
	}
	for (int i = 0; i < SHORT; i++) {
		bool some = i < n;

		if (!some)
			k->pick[i] = ASSIGN_NONE;
		b->shelter[i] = some ? r.shelter[k->pick[i]] : x->t->outside;
		b->metres[i] = some ? (int32_t)r.metres[k->pick[i]] : INT32_MAX;
	}
}

/* The best arc on the short list; price[outside] is 0 there. */
static struct offer
home_offer(const struct assign_simplex *x, uint32_t home)
{
	const struct assign_tree *t = x->t;
	const struct assign_brief *b = &x->brief[home];
	struct offer o = { t->home[home].left, home, SHORT };

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
taker_offer(const struct assign_simplex *x, uint32_t taker)
{
	if (taker < x->t->homes)
		return home_offer(x, taker);
	return (
	    struct offer){ -x->t->price[taker - x->t->homes], taker, SHORT };
}

static void
take(struct assign_simplex *x, struct offer o)
{
	struct assign_tree *t = x->t;
	struct assign_arc arc = { t->outside, ASSIGN_NONE, 0 };

	if (o.home >= t->homes) {
		assign_tree_vacate(t, o.home - t->homes);
		return;
	}
	if (o.slot < SHORT)
		arc = (struct assign_arc){ x->brief[o.home].shelter[o.slot],
			x->picks[o.home].pick[o.slot],
			x->brief[o.home].metres[o.slot] };
	else
		arc.cost = t->home[o.home].left;
	assign_tree_enter(t, o.home, arc);
}

/* Lets the offers enter, the best first, each priced anew in its turn. */
static size_t
take_all(struct assign_simplex *x, struct offer *offers, size_t n)
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

size_t
assign_simplex_round(
    struct assign_simplex *x, const uint32_t *homes, uint32_t n)
{
	uint32_t first = homes ? n : x->t->homes;
	uint32_t takers = first + x->t->outside;
	struct offer offers[BLOCK];
	size_t taken = 0;

	for (uint32_t i = 0; i < takers;) {
		uint32_t end = takers - i > BLOCK ? i + BLOCK : takers;
		size_t k = 0;

		for (; i < end; i++) {
			offers[k] =
			    taker_offer(x, i >= first ? i - first + x->t->homes
					   : homes    ? homes[i]
						      : i);
			k += offers[k].gain > x->threshold;
		}
		taken += take_all(x, offers, k);
	}
	return taken;
}

bool
assign_simplex_glance(const struct assign_simplex *x, uint32_t home)
{
	return home_offer(x, home).gain > 0;
}

bool
assign_simplex_look(struct assign_simplex *x, uint32_t home)
{
	const struct assign_tree *t = x->t;
	const struct assign_row r = t->row[home];
	int64_t pays = assign_tree_home_price(t, home);

	if (t->home[home].people == 0)
		return false;
	if (t->home[home].left < pays)
		return true;
	for (uint32_t i = 0; i < r.n; i++)
		if (r.metres[i] + t->price[r.shelter[i]] < pays) {
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
improve_briefly(struct assign_simplex *x)
{
	uint32_t homes = x->t->homes;
	size_t taken;
	int64_t at;

	do {
		at = x->threshold;
		taken = assign_simplex_round(x, NULL, 0);
		if (taken <= homes / FEW)
			x->threshold /= CALM;
		if (x->progress && x->progress(x->arg, x->done, x->all))
			return ASSIGN_CANCELLED;
	} while (taken > 0 || at > 0);
	return 0;
}

static int
improve(struct assign_simplex *x, int64_t threshold)
{
	size_t found = 1;
	int r;

	x->threshold = threshold;
	while (found > 0) {
		if ((r = improve_briefly(x)) < 0)
			return r;
		found = 0;
		for (uint32_t h = 0; h < x->t->homes; h++)
			found += assign_simplex_look(x, h);
	}
	return 0;
}

int
assign_simplex_grow(struct assign_simplex *x)
{
	struct assign_brief *brief;
	struct assign_picks *picks;

	if (x->room >= x->t->room)
		return 0;
	brief = realloc(x->brief, x->t->room * sizeof(*brief));
	if (brief == NULL)
		return ASSIGN_NO_MEMORY;
	x->brief = brief;
	picks = realloc(x->picks, x->t->room * sizeof(*picks));
	if (picks == NULL)
		return ASSIGN_NO_MEMORY;
	x->picks = picks;
	x->room = x->t->room;
	return 0;
}

void
assign_simplex_list(struct assign_simplex *x, uint32_t home)
{
	make_brief(x, home, x->t->price);
}

void
assign_simplex_release(struct assign_simplex *x)
{
	free(x->brief);
	free(x->picks);
	*x = (struct assign_simplex){ 0 };
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

static int
solve_sample(struct assign_simplex *x, const struct assign_problem *p,
    uint32_t stride, const int64_t *places, int64_t *guide, int64_t left_price)
{
	struct assign_tree *t = x->t;
	int r = assign_tree_init(t, p, stride, places, guide, left_price);

	if (r < 0 || (r = assign_simplex_grow(x)) < 0)
		return r;
	for (uint32_t h = 0; h < t->homes; h++)
		make_brief(x, h, guide);
	if ((r = improve(x, x->dearest)) < 0 || stride == 1)
		return r;
	x->done = t->homes;
	for (size_t s = 0; s < p->shelters; s++)
		guide[s] = t->price[s];
	assign_tree_release(t);
	return 0;
}

int
assign_simplex(struct assign_simplex *x, struct assign_tree *t,
    const struct assign_problem *p, int64_t left_price,
    assign_progress *progress, void *arg)
{
	int64_t *guide = calloc(p->shelters + 1, sizeof(*guide));
	int64_t *places = calloc(p->shelters + 1, sizeof(*places));
	int r = guide && places ? 0 : ASSIGN_NO_MEMORY;

	*x = (struct assign_simplex){ .t = t,
		.all = p->homes,
		.dearest = dearest(p),
		.progress = progress,
		.arg = arg };
	for (uint32_t stride = SAMPLE; r == 0 && stride > 1;
	     stride /= SAMPLE_STEP) {
		share_out(p, stride, places);
		r = solve_sample(x, p, stride, places, guide, left_price);
	}
	if (r == 0)
		r = solve_sample(x, p, 1, p->places, guide, left_price);
	free(guide);
	free(places);
	return r;
}

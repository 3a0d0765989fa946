/* SPDX-License-Identifier: MIT */
/*
 * Primal simplex for the transportation problem on the tree of assign_tree.h.
 *
 * Everybody may stay outside at left_price, which is dearer than any chain of
 * moves between shelters, so the cheapest flow first shelters as many as
 * possible.  Homes are looked at in rounds; of a block of them those that
 * could pay less elsewhere enter the tree, and a whole round without one is
 * the proof: prices p of shelters and u of homes with
 *
 *	u[h] <= metres[h,s] + p[s],  u[h] <= left_price,  p[s] >= 0
 *
 * make  sum people*u - sum places*p - left_price * left over  a lower bound of
 * the person-metres, and at the end it is reached.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "drills/assign.h"
#include "drills/assign_tree.h"

enum {
	BLOCK = 64,		/* homes priced before the best of them enter */
	ROUND_OF_NEWS = 1 << 14 /* takers between two calls of progress */
};

const char *
assign_strerror(int error)
{
	switch (error) {
	case ASSIGN_OK:
		return "solved";
	case ASSIGN_NO_MEMORY:
		return "out of memory";
	case ASSIGN_BAD_PROBLEM:
		return "a number of the problem is out of its bounds";
	case ASSIGN_OVERFLOW:
		return "the total of person-metres does not fit 63 bits";
	case ASSIGN_CANCELLED:
		return "cancelled";
	default:
		return "unknown error";
	}
}

static bool
numbers_in(const int64_t *v, size_t n, int64_t max)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] < 0 || v[i] > max)
			return false;
	return true;
}

static bool
problem_good(const struct assign_problem *p)
{
	if (p->homes >= UINT32_MAX / 2 || p->shelters >= UINT32_MAX / 4)
		return false;
	if (p->first[0] != 0 || p->first[p->homes] != p->arcs)
		return false;
	for (size_t h = 0; h < p->homes; h++)
		if (p->first[h] > p->first[h + 1] ||
		    p->first[h + 1] - p->first[h] >= ASSIGN_NONE)
			return false;
	for (size_t a = 0; a < p->arcs; a++)
		if (p->shelter[a] >= p->shelters)
			return false;
	return numbers_in(p->people, p->homes, INT32_MAX) &&
	       numbers_in(p->places, p->shelters, INT32_MAX) &&
	       numbers_in(p->metres, p->arcs, ASSIGN_MAX_METRES);
}

/* Dearer than the longest chain of moves, which enters each shelter once. */
static int64_t
price_of_left(const struct assign_problem *p)
{
	size_t chain = p->homes < p->shelters ? p->homes : p->shelters;
	int64_t most = 0;

	for (size_t a = 0; a < p->arcs; a++)
		if (p->metres[a] > most)
			most = p->metres[a];
	return (int64_t)chain * most + 1;
}

struct offer {
	int64_t gain;	     /* metres a person saves; > 0 */
	uint32_t home, pick; /* who; by which arc */
};

/* The best arc of a home; gain <= 0 when it is already at its best. */
static struct offer
home_offer(const struct assign_tree *t, uint32_t home)
{
	const struct assign_problem *p = t->problem;
	size_t first = p->first[home], n = p->first[home + 1] - first;
	const uint32_t *shelter = p->shelter + first;
	const int64_t *metres = p->metres + first;
	int64_t least = t->left_price;
	uint32_t pick = ASSIGN_NONE;

	for (size_t i = 0; i < n; i++) {
		int64_t cost = metres[i] + t->price[shelter[i]];

		if (cost < least) {
			least = cost;
			pick = (uint32_t)i;
		}
	}
	if (p->people[home] == 0)
		return (struct offer){ 0 };
	return (struct offer){ assign_tree_home_price(t, home) - least, home,
		pick };
}

/* Takers are the homes and, after them, the shelters as takers of vacancy. */
static struct offer
taker_offer(const struct assign_tree *t, uint32_t taker)
{
	uint32_t homes = (uint32_t)t->problem->homes;

	if (taker < homes)
		return home_offer(t, taker);
	return (struct offer){ -t->price[taker - homes], taker, ASSIGN_NONE };
}

/* Offers to the next block of takers; the next one to ask stays in *taker. */
static size_t
gather(const struct assign_tree *t, uint32_t *taker, uint32_t takers,
    struct offer *offers)
{
	size_t n = 0;

	for (int i = 0; i < BLOCK; i++) {
		offers[n] = taker_offer(t, *taker);
		n += offers[n].gain > 0;
		if (++*taker == takers)
			*taker = 0;
	}
	return n;
}

/* Lets the offers enter, the best first, each priced anew in its turn. */
static void
enter_all(struct assign_tree *t, struct offer *offers, size_t n)
{
	uint32_t homes = (uint32_t)t->problem->homes;

	while (n > 0) {
		size_t best = 0;

		for (size_t i = 1; i < n; i++)
			if (offers[i].gain > offers[best].gain)
				best = i;
		struct offer o = taker_offer(t, offers[best].home);

		offers[best] = offers[--n];
		if (o.gain <= 0)
			continue;
		if (o.home < homes)
			assign_tree_enter(t, o.home, o.pick);
		else
			assign_tree_vacate(t, o.home - homes);
	}
}

static int
improve(struct assign_tree *t, assign_progress *progress, void *arg)
{
	struct offer offers[BLOCK + 1];
	uint32_t takers = (uint32_t)(t->problem->homes + t->problem->shelters);
	size_t clean = 0, most = 0, news = 0;
	uint32_t taker = 0;

	while (clean < takers) {
		size_t n = gather(t, &taker, takers, offers);

		clean = n > 0 ? 0 : clean + BLOCK;
		enter_all(t, offers, n);
		most = clean > most ? clean : most;
		if (progress == NULL || ++news * BLOCK < ROUND_OF_NEWS)
			continue;
		news = 0;
		if (progress(arg, most < takers ? most : takers, takers))
			return ASSIGN_CANCELLED;
	}
	return 0;
}

static void
read_joint(const struct assign_tree *t, uint32_t joint, int64_t *flow)
{
	const struct assign_node *x = &t->node[joint];
	size_t first = t->problem->first[x->home];

	if (x->pick != ASSIGN_NONE)
		flow[first + x->pick] += x->flow;
	for (uint32_t s = x->child; s != ASSIGN_NONE; s = t->node[s].next)
		if (t->node[s].pick != ASSIGN_NONE)
			flow[first + t->node[s].pick] += t->node[s].flow;
}

static void
read_flows(const struct assign_tree *t, int64_t *flow)
{
	const struct assign_problem *p = t->problem;

	for (size_t h = 0; h < p->homes; h++) {
		if (p->people[h] == 0)
			continue;
		if (t->at[h] > t->outside)
			read_joint(t, t->at[h], flow);
		else if (t->pick[h] != ASSIGN_NONE)
			flow[p->first[h] + t->pick[h]] = p->people[h];
	}
}

/* Shelters without places and homes without people were left out of the
 * tree; they get the prices that fit the others'. */
static void
read_prices(const struct assign_tree *t, struct assign_answer *out)
{
	const struct assign_problem *p = t->problem;
	int64_t *price = out->shelter_price;

	for (size_t s = 0; s < p->shelters; s++)
		price[s] = p->places[s] > 0 ? t->price[s] : 0;
	for (uint32_t h = 0; h < p->homes; h++) {
		if (p->people[h] == 0)
			continue;
		out->home_price[h] = assign_tree_home_price(t, h);
		for (size_t a = p->first[h]; a < p->first[h + 1]; a++) {
			int64_t least = out->home_price[h] - p->metres[a];

			if (price[p->shelter[a]] < least)
				price[p->shelter[a]] = least;
		}
	}
	for (size_t h = 0; h < p->homes; h++) {
		if (p->people[h] > 0)
			continue;
		out->home_price[h] = t->left_price;
		for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
			if (p->metres[a] + price[p->shelter[a]] <
			    out->home_price[h])
				out->home_price[h] =
				    p->metres[a] + price[p->shelter[a]];
	}
	out->left_price = t->left_price;
}

static int
add_up(const struct assign_problem *p, struct assign_answer *out)
{
	__int128 cost = 0, bound = 0;

	for (size_t h = 0; h < p->homes; h++) {
		out->people += p->people[h];
		bound += (__int128)p->people[h] * out->home_price[h];
	}
	for (size_t a = 0; a < p->arcs; a++) {
		out->sheltered += out->flow[a];
		cost += (__int128)out->flow[a] * p->metres[a];
	}
	for (size_t s = 0; s < p->shelters; s++)
		bound -= (__int128)p->places[s] * out->shelter_price[s];
	bound -= (__int128)(out->people - out->sheltered) * out->left_price;
	if (cost > INT64_MAX || bound > INT64_MAX || bound < 0)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)cost;
	out->bound = (int64_t)bound;
	return 0;
}

static int
answer_init(const struct assign_problem *p, struct assign_answer *out)
{
	*out = (struct assign_answer){ 0 };
	out->flow = calloc(p->arcs + 1, sizeof(*out->flow));
	out->home_price = calloc(p->homes + 1, sizeof(*out->home_price));
	out->shelter_price =
	    calloc(p->shelters + 1, sizeof(*out->shelter_price));
	if (!out->flow || !out->home_price || !out->shelter_price)
		return ASSIGN_NO_MEMORY;
	return 0;
}

int
assign_solve(const struct assign_problem *p, struct assign_answer *out,
    assign_progress *progress, void *arg)
{
	struct assign_tree t = { 0 };
	int r;

	*out = (struct assign_answer){ 0 };
	if (!problem_good(p))
		return ASSIGN_BAD_PROBLEM;
	if ((r = answer_init(p, out)) < 0)
		return r;
	if ((r = assign_tree_init(&t, p, price_of_left(p))) < 0)
		goto out;
	if ((r = improve(&t, progress, arg)) < 0)
		goto out;
	read_flows(&t, out->flow);
	read_prices(&t, out);
	r = add_up(p, out);
out:
	assign_tree_release(&t);
	return r;
}

void
assign_release(struct assign_answer *a)
{
	free(a->flow);
	free(a->home_price);
	free(a->shelter_price);
	*a = (struct assign_answer){ 0 };
}

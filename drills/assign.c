/* SPDX-License-Identifier: MIT */
/*
 * A problem solved once: its numbers are checked, the simplex of
 * assign_simplex.h runs, tree and prices become the answer.
 *
 * Everybody may stay outside at left_price, which is dearer than any chain of
 * moves between shelters, so the cheapest flow first shelters as many as
 * possible.  Prices p of shelters and u of homes with
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
#include "drills/assign_problem.h"
#include "drills/assign_read.h"
#include "drills/assign_simplex.h"

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

bool
assign_problem_good(const struct assign_problem *p)
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

int64_t
assign_problem_left(const struct assign_problem *p, int64_t most)
{
	size_t chain = p->homes < p->shelters ? p->homes : p->shelters;

	return (int64_t)chain * most + 1;
}

/* Dearer than the longest chain of moves, which enters each shelter once. */
static int64_t
price_of_left(const struct assign_problem *p)
{
	int64_t most = 0;

	for (size_t a = 0; a < p->arcs; a++)
		if (p->metres[a] > most)
			most = p->metres[a];
	return assign_problem_left(p, most);
}

struct reading {
	const struct assign_problem *p;
	const uint32_t *order;
	struct assign_answer *out;
};

static void
put_flow(void *arg, uint32_t home, uint32_t pick, int64_t people)
{
	const struct reading *r = arg;

	if (pick != ASSIGN_NONE && home < r->p->homes)
		r->out->flow[r->p->first[r->order[home]] + pick] += people;
}

/* What each home pays, people or not. */
static void
price_homes(const struct assign_problem *p, struct assign_answer *out)
{
	for (size_t h = 0; h < p->homes; h++) {
		int64_t least = out->left_price;

		for (size_t a = p->first[h]; a < p->first[h + 1]; a++) {
			int64_t cost =
			    p->metres[a] + out->shelter_price[p->shelter[a]];

			least = cost < least ? cost : least;
		}
		out->home_price[h] = least;
	}
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

int
assign_answer_finish(const struct assign_problem *p, struct assign_answer *out)
{
	price_homes(p, out);
	return add_up(p, out);
}

int
assign_answer_init(const struct assign_problem *p, struct assign_answer *out)
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
	return assign_solve_near(p, NULL, out, progress, arg);
}

int
assign_solve_near(const struct assign_problem *p, const int64_t *guess,
    struct assign_answer *out, assign_progress *progress, void *arg)
{
	struct assign_simplex x = { 0 };
	struct assign_tree t = { 0 };
	uint32_t *order = NULL, *self = NULL;
	int r;

	*out = (struct assign_answer){ 0 };
	if (!assign_problem_good(p))
		return ASSIGN_BAD_PROBLEM;
	if ((r = assign_answer_init(p, out)) < 0)
		return r;
	r = ASSIGN_NO_MEMORY;
	order = malloc((p->homes + 1) * sizeof(*order));
	self = malloc((p->shelters + 1) * sizeof(*self));
	if (order == NULL || self == NULL)
		goto out;
	r = assign_simplex(
	    &x, &t, p, guess, order, self, price_of_left(p), progress, arg);
	if (r < 0)
		goto out;
	assign_read_pieces(&t, put_flow, &(struct reading){ p, order, out });
	memcpy(out->shelter_price, t.price,
	    p->shelters * sizeof(*out->shelter_price));
	out->left_price = t.left_price;
	r = assign_answer_finish(p, out);
out:
	assign_simplex_release(&x);
	assign_tree_release(&t);
	free(order);
	free(self);
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

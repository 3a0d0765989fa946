/* SPDX-License-Identifier: MIT */
/*
 * A problem solved once: its numbers are checked, the stages of
 * assign_stages.h run, tree and prices become the answer.
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
#include "drills/assign_stages.h"
#include "drills/halves.h"

enum { ARC_NS = 2 };

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

/* What the halves of the arcs have seen. */
struct arcs_seen {
	const struct assign_problem *problem;
	uint32_t shelter[2]; /* the largest number */
	int64_t least[2], most[2];
};

static void
see_arcs(void *arg, size_t from, size_t to)
{
	struct arcs_seen *seen = arg;
	const struct assign_problem *p = seen->problem;
	uint32_t shelter = 0;
	int64_t least = 0, most = 0;

	for (size_t a = from; a < to; a++) {
		int64_t metres = p->metres[a];

		shelter = p->shelter[a] > shelter ? p->shelter[a] : shelter;
		least = metres < least ? metres : least;
		most = metres > most ? metres : most;
	}
	seen->shelter[from > 0] = shelter;
	seen->least[from > 0] = least;
	seen->most[from > 0] = most;
}

static bool
arcs_good(const struct assign_problem *p, int64_t *dearest)
{
	struct arcs_seen s = { .problem = p };

	halves(p->arcs, see_arcs, &s, p->arcs);
	*dearest = s.most[0] > s.most[1] ? s.most[0] : s.most[1];
	return (p->arcs == 0 || (s.shelter[0] < p->shelters &&
				    s.shelter[1] < p->shelters)) &&
	       s.least[0] >= 0 && s.least[1] >= 0 &&
	       *dearest <= ASSIGN_MAX_METRES;
}

bool
assign_problem_good(const struct assign_problem *p, int64_t *dearest)
{
	*dearest = 0;
	if (p->homes >= UINT32_MAX / 2 || p->shelters >= UINT32_MAX / 4)
		return false;
	if (p->first[0] != 0 || p->first[p->homes] != p->arcs)
		return false;
	for (size_t h = 0; h < p->homes; h++)
		if (p->first[h] > p->first[h + 1] ||
		    p->first[h + 1] - p->first[h] >= ASSIGN_NONE)
			return false;
	return arcs_good(p, dearest) &&
	       numbers_in(p->people, p->homes, INT32_MAX) &&
	       numbers_in(p->places, p->shelters, INT32_MAX);
}

int64_t
assign_problem_left(const struct assign_problem *p, int64_t most)
{
	size_t chain = p->homes < p->shelters ? p->homes : p->shelters;

	return (int64_t)chain * most + 1;
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

/* The sums over half of the homes each. */
struct sums {
	int64_t people, sheltered;
	__int128 cost, bound;
};

struct adding {
	const struct assign_problem *problem;
	struct assign_answer *out;
	struct sums half[2];
};

/* What a home pays, people or not, and its part of the sums. */
static void
add_home(struct adding *all, size_t h, struct sums *to)
{
	const struct assign_problem *p = all->problem;
	const struct assign_answer *out = all->out;
	int64_t least = out->left_price;

	for (size_t a = p->first[h]; a < p->first[h + 1]; a++) {
		int64_t cost = p->metres[a] + out->shelter_price[p->shelter[a]];

		least = cost < least ? cost : least;
		if (out->flow[a] == 0)
			continue;
		to->sheltered += out->flow[a];
		to->cost += (__int128)out->flow[a] * p->metres[a];
	}
	out->home_price[h] = least;
	to->people += p->people[h];
	to->bound += (__int128)p->people[h] * least;
}

static void
add_homes(void *arg, size_t from, size_t to)
{
	struct adding *all = arg;
	struct sums sums = { 0 };

	for (size_t h = from; h < to; h++)
		add_home(all, h, &sums);
	all->half[from > 0] = sums;
}

int
assign_answer_finish(const struct assign_problem *p, struct assign_answer *out)
{
	struct adding all = { .problem = p, .out = out };
	const struct sums *half = all.half;
	__int128 cost, bound;

	halves(p->homes, add_homes, &all, p->arcs * ARC_NS);
	out->people = half[0].people + half[1].people;
	out->sheltered = half[0].sheltered + half[1].sheltered;
	cost = half[0].cost + half[1].cost;
	bound = half[0].bound + half[1].bound;
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
	struct assign_task task = {
		.problem = p, .guess = guess, .progress = progress, .arg = arg
	};
	uint32_t *order = NULL, *self = NULL;
	int r;

	*out = (struct assign_answer){ 0 };
	if (!assign_problem_good(p, &task.dearest))
		return ASSIGN_BAD_PROBLEM;
	if ((r = assign_answer_init(p, out)) < 0)
		return r;
	task.left_price = assign_problem_left(p, task.dearest);
	r = ASSIGN_NO_MEMORY;
	order = malloc((p->homes + 1) * sizeof(*order));
	self = malloc((p->shelters + 1) * sizeof(*self));
	if (order != NULL && self != NULL)
		r = assign_stages(&task, &x, &t, order, self);
	if (r == 0) {
		assign_read_pieces(
		    &t, put_flow, &(struct reading){ p, order, out });
		memcpy(out->shelter_price, t.price,
		    p->shelters * sizeof(*out->shelter_price));
		out->left_price = t.left_price;
		r = assign_answer_finish(p, out);
	}
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

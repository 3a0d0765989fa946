/* SPDX-License-Identifier: MIT */
/*
 * The judge of an answer: works from problem and answer alone and trusts
 * nothing the solver did.  Feasible flows and feasible prices of equal value
 * prove each other (duality), and a left_price above every chain of moves
 * proves that nobody else could have been sheltered.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "drills/assign.h"

enum violation {
	V_MEMORY = 1,
	V_FLOW_NEGATIVE,
	V_HOME_OVERDRAWN,
	V_SHELTER_OVERFULL,
	V_SUMS,
	V_SHELTER_PRICE,
	V_HOME_PRICE,
	V_LEFT_PRICE,
	V_GAP
};

struct sums {
	int64_t people, sheltered, most;
	__int128 metres, bound;
};

static int
check_homes(const struct assign_problem *p, const struct assign_answer *a,
    int64_t *load, struct sums *sum, char *why, size_t n)
{
	for (size_t h = 0; h < p->homes; h++) {
		int64_t out = 0;

		for (size_t i = p->first[h]; i < p->first[h + 1]; i++) {
			if (a->flow[i] < 0) {
				snprintf(why, n, "arc %zu: %" PRId64 " people",
				    i, a->flow[i]);
				return V_FLOW_NEGATIVE;
			}
			out += a->flow[i];
			load[p->shelter[i]] += a->flow[i];
			sum->metres += (__int128)a->flow[i] * p->metres[i];
			if (p->metres[i] > sum->most)
				sum->most = p->metres[i];
		}
		if (out > p->people[h]) {
			snprintf(why, n,
			    "home %zu: %" PRId64 " of %" PRId64
			    " people sheltered",
			    h, out, p->people[h]);
			return V_HOME_OVERDRAWN;
		}
		sum->people += p->people[h];
		sum->sheltered += out;
		sum->bound += (__int128)p->people[h] * a->home_price[h];
	}
	return 0;
}

static int
check_shelters(const struct assign_problem *p, const struct assign_answer *a,
    const int64_t *load, struct sums *sum, char *why, size_t n)
{
	for (size_t s = 0; s < p->shelters; s++) {
		if (load[s] > p->places[s]) {
			snprintf(why, n,
			    "shelter %zu: %" PRId64 " people in %" PRId64
			    " places",
			    s, load[s], p->places[s]);
			return V_SHELTER_OVERFULL;
		}
		if (a->shelter_price[s] < 0) {
			snprintf(why, n, "shelter %zu: price %" PRId64, s,
			    a->shelter_price[s]);
			return V_SHELTER_PRICE;
		}
		sum->bound -= (__int128)p->places[s] * a->shelter_price[s];
	}
	return 0;
}

static int
check_prices(const struct assign_problem *p, const struct assign_answer *a,
    char *why, size_t n)
{
	for (size_t h = 0; h < p->homes; h++) {
		int64_t most = a->left_price;

		for (size_t i = p->first[h]; i < p->first[h + 1]; i++)
			if (p->metres[i] + a->shelter_price[p->shelter[i]] <
			    most)
				most = p->metres[i] +
				       a->shelter_price[p->shelter[i]];
		if (a->home_price[h] > most) {
			snprintf(why, n,
			    "home %zu: price %" PRId64 " above %" PRId64, h,
			    a->home_price[h], most);
			return V_HOME_PRICE;
		}
	}
	return 0;
}

static int
check_sums(const struct assign_problem *p, const struct assign_answer *a,
    struct sums *sum, char *why, size_t n)
{
	size_t chain = p->homes < p->shelters ? p->homes : p->shelters;

	if (sum->people != a->people || sum->sheltered != a->sheltered ||
	    sum->metres != a->person_metres) {
		snprintf(why, n,
		    "flows shelter %" PRId64 " of %" PRId64
		    " people, the answer says %" PRId64 " of %" PRId64,
		    sum->sheltered, sum->people, a->sheltered, a->people);
		return V_SUMS;
	}
	if (a->left_price <= (__int128)chain * sum->most) {
		snprintf(
		    why, n, "left price %" PRId64 " is too low", a->left_price);
		return V_LEFT_PRICE;
	}
	sum->bound -= (__int128)(sum->people - sum->sheltered) * a->left_price;
	if (sum->bound != a->bound || a->bound != a->person_metres) {
		snprintf(why, n, "bound %" PRId64 ", person-metres %" PRId64,
		    a->bound, a->person_metres);
		return V_GAP;
	}
	return 0;
}

int
assign_check(const struct assign_problem *p, const struct assign_answer *a,
    char *why, size_t whysize)
{
	int64_t *load = calloc(p->shelters + 1, sizeof(*load));
	struct sums sum = { 0 };
	int r;

	if (load == NULL) {
		snprintf(why, whysize, "out of memory");
		return V_MEMORY;
	}
	r = check_homes(p, a, load, &sum, why, whysize);
	if (r == 0)
		r = check_shelters(p, a, load, &sum, why, whysize);
	if (r == 0)
		r = check_prices(p, a, why, whysize);
	if (r == 0)
		r = check_sums(p, a, &sum, why, whysize);
	free(load);
	return r;
}

/* SPDX-License-Identifier: MIT */
/* See assign_answer.h. */
#include <stdlib.h>
#include "drills/assign_answer.h"
#include "drills/assign_read.h"

struct answering {
	const struct assign_reading *r;
	const struct assign_problem *p;
	struct assign_answer *out;
	__int128 metres;
};

static bool
answer_alloc(const struct assign_problem *p, struct assign_answer *out)
{
	out->home_price = calloc(p->homes + 1, sizeof(*out->home_price));
	out->shelter_price =
	    calloc(p->shelters + 1, sizeof(*out->shelter_price));
	return out->flow && out->home_price && out->shelter_price;
}

static uint32_t
home_of(const struct assign_reading *r, uint32_t number)
{
	return number < r->owners ? r->owner[number] : ASSIGN_NONE;
}

static void
put_flow(void *arg, uint32_t number, uint32_t pick, int64_t people)
{
	struct answering *k = arg;
	uint32_t home = home_of(k->r, number);
	size_t arc;

	if (pick == ASSIGN_NONE || home == ASSIGN_NONE)
		return;
	arc = k->p->first[home] + pick;
	k->out->flow[arc] += people;
	k->out->sheltered += people;
	k->metres += (__int128)people * k->p->metres[arc];
}

/* What one person would pay where there is nobody. */
static int64_t
empty_home_price(const struct answering *k, size_t home)
{
	int64_t least = k->out->left_price;

	for (size_t a = k->p->first[home]; a < k->p->first[home + 1]; a++) {
		int64_t cost =
		    k->p->metres[a] + k->out->shelter_price[k->p->shelter[a]];

		least = cost < least ? cost : least;
	}
	return least;
}

/* In an optimal tree nobody could pay less than they do. */
static void
put_home_prices(struct answering *k)
{
	const struct assign_tree *t = k->r->tree;

	for (uint32_t n = 0; n < t->homes; n++) {
		uint32_t home = home_of(k->r, n);

		if (home != ASSIGN_NONE && t->home[n].people > 0)
			k->out->home_price[home] = assign_tree_home_price(t, n);
	}
	for (size_t h = 0; h < k->p->homes; h++)
		if (k->p->people[h] == 0)
			k->out->home_price[h] = empty_home_price(k, h);
}

static __int128
bound_of(struct answering *k)
{
	struct assign_answer *out = k->out;
	__int128 bound = 0;

	for (size_t h = 0; h < k->p->homes; h++) {
		out->people += k->p->people[h];
		bound += (__int128)k->p->people[h] * out->home_price[h];
	}
	for (size_t s = 0; s < k->p->shelters; s++)
		bound -= (__int128)k->p->places[s] * out->shelter_price[s];
	return bound -
	       (__int128)(out->people - out->sheltered) * out->left_price;
}

int
assign_answer_read(const struct assign_reading *r,
    const struct assign_problem *p, int64_t *flow, struct assign_answer *out)
{
	struct answering k = { r, p, out, 0 };
	__int128 bound;

	*out = (struct assign_answer){ .flow = flow };
	if (!answer_alloc(p, out))
		return ASSIGN_NO_MEMORY;
	out->left_price = r->tree->left_price;
	assign_layout_out(r->layout, r->tree->price, out->shelter_price);
	assign_read_pieces(r->tree, put_flow, &k);
	put_home_prices(&k);
	bound = bound_of(&k);
	if (k.metres > INT64_MAX || bound > INT64_MAX || bound < 0)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)k.metres;
	out->bound = (int64_t)bound;
	return 0;
}

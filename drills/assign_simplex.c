/* SPDX-License-Identifier: MIT */
/*
 * Pricing.  A home that could pay less by an arc of its short list offers it;
 * one that may pay less by another arc looks at all of them first.  A block is
 * asked as a whole at the prices it sees, then its offers enter, the largest
 * gain first.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/array.h"
#include "drills/assign_simplex.h"
#include "drills/halves.h"

enum {
	SHORT = ASSIGN_SHORT,
	LOOK_NS = 50,	/* roughly, for a home of which no price moved enough */
	PATIENCE = 256, /* metres that prices move before anybody is asked */
	HASTE = 4	/* so many times fewer when nobody has a gain */
};

struct offer {
	int64_t gain;  /* metres a person saves */
	uint32_t home; /* who; after the homes come shelters, for vacancy */
	uint32_t slot; /* by which arc of the short list; SHORT: outside */
};

struct offers {
	struct assign_simplex *x;
	struct offer offer[ASSIGN_BLOCK];
	size_t n;
	size_t taken; /* in all */
};

/* ---- offers ---- */

/* The listed arc that costs least but the one a leaf has: metres, and below
 * them its place, so that no branch has to be guessed. */
static int64_t
best_listed(const struct assign_simplex *x, uint32_t home)
{
	const struct assign_brief *b = &x->lists.brief[home];
	const struct assign_leaf *h = &x->t->home[home];
	const int64_t *price = x->t->price;
	int64_t best = INT64_MAX;

#pragma GCC unroll 8
	for (int i = 0; i < SHORT; i++) {
		bool own =
		    (b->shelter[i] == h->at) & (b->metres[i] == h->metres);
		int64_t cost = b->metres[i] + price[b->shelter[i]] +
			       (-(int64_t)own & ASSIGN_NOWHERE);
		int64_t placed = cost * SHORT + i;

		best = placed < best ? placed : best;
	}
	return best;
}

/* The gain of the best listed arc, or of going outside; below zero: what is
 * missing. */
static struct offer
home_offer(const struct assign_simplex *x, uint32_t home)
{
	const struct assign_tree *t = x->t;
	const struct assign_leaf *h = &t->home[home];
	int64_t best = best_listed(x, home);
	int64_t out = h->at != t->outside ? h->left : ASSIGN_NOWHERE;
	int64_t pays = assign_tree_home_price(t, home);
	uint32_t slot = (uint32_t)best & (SHORT - 1);

	if (best >= out * SHORT)
		return (struct offer){ pays - out, home, SHORT };
	best = (best - slot) / SHORT;
	return (struct offer){ pays - best, home, slot };
}

/* A shelter's places that are worth less than a vacancy. */
static struct offer
vacancy_offer(const struct assign_simplex *x, uint32_t shelter)
{
	const struct assign_tree *t = x->t;

	return (struct offer){ t->low[shelter] - t->price[shelter],
		t->homes + shelter, SHORT };
}

static struct offer
offer_again(const struct assign_simplex *x, uint32_t home)
{
	return home < x->t->homes ? home_offer(x, home)
				  : vacancy_offer(x, home - x->t->homes);
}

static void
take(struct assign_simplex *x, struct offer o)
{
	struct assign_tree *t = x->t;

	if (o.home >= t->homes)
		assign_tree_vacate(t, o.home - t->homes);
	else if (o.slot < SHORT)
		assign_tree_enter(
		    t, o.home, assign_lists_arc(&x->lists, o.home, o.slot));
	else
		assign_tree_enter(t, o.home,
		    (struct assign_arc){
			t->outside, ASSIGN_NONE, t->home[o.home].left });
}

/* Moves offer i of a heap down to where none below it gains more. */
static void
sift(struct offer *o, size_t n, size_t i)
{
	const struct offer it = o[i];

	for (size_t below; (below = 2 * i + 1) < n; i = below) {
		if (below + 1 < n && o[below + 1].gain > o[below].gain)
			below++;
		if (o[below].gain <= it.gain)
			break;
		o[i] = o[below];
	}
	o[i] = it;
}

/* Lets the offers enter, the best first, each priced anew in its turn. */
static void
take_all(struct offers *f)
{
	for (size_t i = f->n / 2; i-- > 0;)
		sift(f->offer, f->n, i);
	while (f->n > 0) {
		struct offer o = offer_again(f->x, f->offer[0].home);

		f->offer[0] = f->offer[--f->n];
		sift(f->offer, f->n, 0);
		if (o.gain <= 0)
			continue;
		take(f->x, o);
		f->taken++;
	}
}

static void
put(struct offers *f, struct offer o)
{
	if (o.gain <= 0)
		return;
	if (f->n == ASSIGN_BLOCK)
		take_all(f);
	f->offer[f->n++] = o;
}

/* ---- asking ---- */

static void
list(struct assign_simplex *x, uint32_t home)
{
	assign_lists_make(&x->lists, home, x->t->row[home], x->t->price);
}

/* The offer of a home of this block, and by how much prices may move until it
 * can have another one. */
static struct offer
ask_home(struct assign_simplex *x, struct assign_block *k, uint32_t home)
{
	struct offer o = home_offer(x, home);

	x->lists.margin[home] = k->moved - (o.gain < 0 ? o.gain : 0);
	k->again |= o.gain > 0;
	return o;
}

/* Tells the blocks and ask_shelters() which prices moved. */
static void
stir(struct assign_simplex *x)
{
	for (uint32_t s = 0; s < x->t->outside; s++) {
		if (!x->t->moved[s])
			continue;
		x->t->moved[s] = false;
		x->due[s] = true;
		assign_blocks_stir(&x->blocks, s);
	}
}

static void
ask_block(struct offers *f, uint32_t block, int32_t least)
{
	struct assign_simplex *x = f->x;
	struct assign_block *k = &x->blocks.block[block];

	if (!assign_blocks_see(&x->blocks, block, least, x->t->price))
		return;
	for (uint32_t h = k->first; h < k[1].first; h++)
		if (x->lists.margin[h] <= k->moved && x->t->home[h].people > 0)
			put(f, ask_home(x, k, h));
	take_all(f);
}

static void
ask_blocks(struct offers *f, int32_t least)
{
	const struct assign_blocks *b = &f->x->blocks;

	stir(f->x);
	for (uint32_t n = 0, i = 0; n < b->n;
	     n++, i = assign_blocks_after(b, i))
		ask_block(f, i, least);
}

static void
ask_loose(struct offers *f)
{
	struct assign_simplex *x = f->x;

	for (uint32_t i = 0; i < x->nloose; i++) {
		uint32_t h = x->loose[i];

		if (x->t->home[h].people == 0)
			continue;
		list(x, h);
		put(f, home_offer(x, h));
	}
}

/* Of the shelters whose price or box moved: blockers, when the price is above
 * what they pay outside or they are out and it is not, and vacancies. */
static void
ask_shelters(struct offers *f)
{
	struct assign_simplex *x = f->x;
	const struct assign_tree *t = x->t;

	for (uint32_t s = 0; s < t->outside; s++) {
		const struct assign_leaf *b = &t->home[x->blockers + s];

		if (!x->due[s] && !t->moved[s])
			continue;
		x->due[s] = false;
		if (t->price[s] > b->left || b->at == t->outside)
			put(f, home_offer(x, x->blockers + s));
		if (t->price[s] < t->low[s])
			put(f, vacancy_offer(x, s));
	}
}

/* Whether anybody took an offer, all asked who saw prices move by `least`. */
static bool
ask_all(struct assign_simplex *x, int32_t least)
{
	struct offers f = { .x = x };

	ask_blocks(&f, least);
	ask_loose(&f);
	ask_shelters(&f);
	take_all(&f);
	return f.taken > 0;
}

/* At first those wait who saw prices move little: they move on, and back. */
int
assign_simplex_exhaust(struct assign_simplex *x)
{
	int32_t least = PATIENCE;

	while (least > 0) {
		if (x->progress && x->progress(x->arg, x->done, x->all))
			return ASSIGN_CANCELLED;
		if (!ask_all(x, least))
			least /= HASTE;
	}
	return 0;
}

/* ---- looking at all arcs ---- */

/* Lists the homes anew that pay more than some arc off their list may cost.
 * Not the loose ones, whose arcs the block may not have near. */
static void
look_at_block(struct assign_simplex *x, struct assign_block *k, int64_t fall)
{
	struct assign_lists *l = &x->lists;

	for (uint32_t h = k->first; h < k[1].first; h++) {
		l->floor[h] -= l->floor[h] < INT64_MAX ? fall : 0;
		if (x->t->home[h].people == 0 || x->is_loose[h] ||
		    assign_tree_home_price(x->t, h) <= l->floor[h])
			continue;
		assign_lists_remake(&x->lists, h, x->t->row[h], x->t->price);
		k->relisted = true;
		k->gains |= ask_home(x, k, h).gain > 0;
	}
}

static void
look_at_blocks(void *arg, size_t from, size_t to)
{
	struct assign_simplex *x = arg;

	for (size_t i = from; i < to; i++) {
		struct assign_block *k = &x->blocks.block[i];
		bool rose;
		int64_t fall = assign_blocks_fall(
		    &x->blocks, (uint32_t)i, x->seen, x->t->price, &rose);

		k->relisted = k->gains = false;
		if (rose || fall > 0)
			look_at_block(x, k, fall);
	}
}

/* Of homes that have the arcs the block knows. */
static void
sight_block(struct assign_simplex *x, uint32_t block)
{
	const struct assign_block *k = &x->blocks.block[block];

	for (uint32_t h = k->first; h < k[1].first; h++)
		if (!x->is_loose[h])
			assign_blocks_sight(
			    &x->blocks, block, &x->lists.brief[h], x->t->price);
}

/* How many blocks have a home with a gain.  Who watches which shelter is
 * written down in the blocks' order, whoever looked at them. */
static size_t
look(struct assign_simplex *x)
{
	size_t found = 0;

	halves(x->blocks.n, look_at_blocks, x, (size_t)x->t->homes * LOOK_NS);
	for (uint32_t i = 0; i < x->blocks.n; i++) {
		if (x->blocks.block[i].relisted)
			sight_block(x, i);
		found += x->blocks.block[i].gains;
	}
	memcpy(x->seen, x->t->price, x->t->outside * sizeof(*x->seen));
	return found;
}

int
assign_simplex_improve(struct assign_simplex *x)
{
	int r;

	do
		if ((r = assign_simplex_exhaust(x)) < 0)
			return r;
	while (look(x) > 0);
	return 0;
}

/* ---- beginning ---- */

int
assign_simplex_init(
    struct assign_simplex *x, struct assign_tree *t, size_t shelters)
{
	*x = (struct assign_simplex){ .t = t };
	x->seen = malloc((shelters + 1) * sizeof(*x->seen));
	x->due = malloc((shelters + 1) * sizeof(*x->due));
	return x->seen && x->due ? 0 : ASSIGN_NO_MEMORY;
}

int
assign_simplex_begin(
    struct assign_simplex *x, uint32_t blockers, const int64_t *seen)
{
	struct assign_tree *t = x->t;

	if (assign_simplex_grow(x) < 0)
		return ASSIGN_NO_MEMORY;
	memcpy(x->seen, seen, t->outside * sizeof(*x->seen));
	assign_simplex_unbox(x);
	x->blockers = blockers;
	for (uint32_t h = 0; h < blockers; h++)
		x->lists.margin[h] = 0;
	for (uint32_t h = blockers; h < t->homes; h++)
		list(x, h);
	return 0;
}

void
assign_simplex_unbox(struct assign_simplex *x)
{
	memset(x->due, true, x->t->outside);
}

/* ---- memory ---- */

int
assign_simplex_grow(struct assign_simplex *x)
{
	size_t room = x->t->room;

	if (x->room >= room)
		return 0;
	if (assign_lists_grow(&x->lists, room, x->t->nowhere) < 0 ||
	    !array_grow(&x->loose, room, sizeof(*x->loose)) ||
	    !array_grow(&x->is_loose, room, sizeof(*x->is_loose)))
		return ASSIGN_NO_MEMORY;
	memset(x->is_loose + x->room, 0, room - x->room);
	x->room = x->t->room;
	return 0;
}

void
assign_simplex_loosen(struct assign_simplex *x, uint32_t home)
{
	list(x, home);
	if (!x->is_loose[home])
		x->loose[x->nloose++] = home;
	x->is_loose[home] = true;
}

void
assign_simplex_release(struct assign_simplex *x)
{
	assign_blocks_release(&x->blocks);
	assign_lists_release(&x->lists);
	free(x->seen);
	free(x->due);
	free(x->loose);
	free(x->is_loose);
	*x = (struct assign_simplex){ 0 };
}

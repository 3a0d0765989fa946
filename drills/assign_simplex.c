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
#include "drills/assign_order.h"
#include "drills/assign_simplex.h"
#include "drills/assign_start.h"

enum {
	SHORT = ASSIGN_SHORT,
	COARSE = 64, /* neighbours as one in the first problem */
	STEP = 4,    /* so many times fewer in the next */
	SLACK = 64,  /* the first box: dearest arc / SLACK */
	WIDER = 4,   /* the next one */
	FEW = 64     /* of the people, one of so many */
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
ask_blocks(struct offers *f)
{
	struct assign_simplex *x = f->x;
	struct assign_block *k = x->blocks.block;

	stir(x);
	for (uint32_t i = 0; i < x->blocks.n; i++, k++) {
		if (!assign_blocks_see(&x->blocks, i, x->t->price))
			continue;
		for (uint32_t h = k->first; h < k[1].first; h++)
			if (x->lists.margin[h] <= k->moved &&
			    x->t->home[h].people > 0)
				put(f, ask_home(x, k, h));
		take_all(f);
	}
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

int
assign_simplex_exhaust(struct assign_simplex *x)
{
	struct offers f = { .x = x };

	do {
		if (x->progress && x->progress(x->arg, x->done, x->all))
			return ASSIGN_CANCELLED;
		f.taken = 0;
		ask_blocks(&f);
		ask_loose(&f);
		ask_shelters(&f);
		take_all(&f);
	} while (f.taken > 0);
	return 0;
}

/* ---- looking at all arcs ---- */

/* Lists the homes anew that pay more than some arc off their list may cost;
 * how many have a gain.  Not the loose ones, whose arcs the block may not have
 * near. */
static size_t
look_at_block(struct assign_simplex *x, uint32_t block, int64_t fall)
{
	struct assign_block *k = &x->blocks.block[block];
	struct assign_lists *l = &x->lists;
	size_t found = 0;

	for (uint32_t h = k->first; h < k[1].first; h++) {
		l->floor[h] -= l->floor[h] < INT64_MAX ? fall : 0;
		if (x->t->home[h].people == 0 || x->is_loose[h] ||
		    assign_tree_home_price(x->t, h) <= l->floor[h])
			continue;
		assign_lists_remake(&x->lists, h, x->t->row[h], x->t->price);
		assign_blocks_sight(
		    &x->blocks, block, &l->brief[h], x->t->price);
		found += ask_home(x, k, h).gain > 0;
	}
	return found;
}

static size_t
look(struct assign_simplex *x)
{
	const int64_t *now = x->t->price;
	size_t found = 0;

	for (uint32_t i = 0; i < x->blocks.n; i++) {
		bool rose;
		int64_t fall =
		    assign_blocks_fall(&x->blocks, i, x->seen, now, &rose);

		if (rose || fall > 0)
			found += look_at_block(x, i, fall);
	}
	memcpy(x->seen, now, x->t->outside * sizeof(*x->seen));
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

/* ---- the whole problem ---- */

static int64_t
dearest(const struct assign_problem *p)
{
	int64_t most = 0;

	for (size_t a = 0; a < p->arcs; a++)
		most = p->metres[a] > most ? p->metres[a] : most;
	return most;
}

/* Nobody's margin is known; blockers have lists, too. */
static int
start(struct assign_simplex *x, const struct assign_start *s)
{
	struct assign_tree *t = x->t;
	int r = assign_start(s, t, &x->blocks, &x->lists);

	if (r == 0)
		r = assign_simplex_grow(x);
	if (r < 0)
		return r;
	memcpy(x->seen, s->guess, t->outside * sizeof(*x->seen));
	memset(x->due, true, t->outside);
	x->blockers = assign_start_homes(s);
	for (uint32_t h = 0; h < x->blockers; h++)
		x->lists.margin[h] = 0;
	for (uint32_t h = x->blockers; h < t->homes; h++)
		list(x, h);
	return 0;
}

static void
open_box(struct assign_simplex *x, const struct assign_start *s)
{
	assign_start_widen(s, x->t);
	memset(x->due, true, x->t->outside);
}

/* Widens the box until it holds nobody; a coarse one until it holds but a few,
 * which is its coarseness. */
static int
widen(struct assign_simplex *x, struct assign_start *s, int64_t most)
{
	int64_t few = 0;
	int r;

	for (uint32_t h = 0; s->stride > 1 && h < x->blockers; h++)
		few += x->t->home[h].people;
	few = few / COARSE * s->stride / FEW;
	while ((r = assign_simplex_improve(x)) == 0) {
		int64_t held = assign_start_held(s, x->t);

		if (held == 0 || (s->slack > most && held <= few))
			break;
		s->slack = s->slack <= most ? s->slack * WIDER : INT64_MAX / 2;
		open_box(x, s);
	}
	return r;
}

/* The coarse problem's prices become the guess for the next one. */
static int
solve_coarse(struct assign_simplex *x, struct assign_start *s, int64_t most)
{
	int r;

	s->slack = most / SLACK + 1;
	if ((r = start(x, s)) < 0 || (r = widen(x, s, most)) < 0)
		return r;
	x->done = s->problem->homes / s->stride;
	memcpy(s->guess, x->t->price, x->t->outside * sizeof(*s->guess));
	assign_tree_release(x->t);
	assign_blocks_release(&x->blocks);
	return 0;
}

static int
solve(struct assign_simplex *x, struct assign_start *s, int64_t most)
{
	int r;

	s->slack = most / SLACK + 1;
	if ((r = start(x, s)) < 0 || (r = widen(x, s, most)) < 0)
		return r;
	s->slack = INT64_MAX / 2;
	open_box(x, s);
	return assign_simplex_improve(x);
}

/* As near as a price can be. */
static void
take_guess(struct assign_start *s, const int64_t *guess)
{
	for (size_t i = 0; i < s->problem->shelters; i++)
		s->guess[i] = guess[i] < 0		 ? 0
			      : guess[i] > s->left_price ? s->left_price
							 : guess[i];
}

/* The homes in order at the guess, with their lists where nobody speaks for
 * others. */
static int
order(struct assign_start *s, struct assign_lists *lists)
{
	uint32_t nowhere = assign_tree_nowhere((uint32_t)s->problem->shelters);

	s->lists = s->stride > 1 ? NULL : lists;
	if (s->lists != NULL &&
	    assign_lists_grow(lists, s->problem->homes + 1, nowhere) < 0)
		return ASSIGN_NO_MEMORY;
	return assign_order(s->problem, s->guess,
	    s->stride > 1 ? NULL : lists, s->order, s->cheapest);
}

static int
solve_all(struct assign_simplex *x, struct assign_start *s, int64_t most,
    bool guessed)
{
	struct assign_lists lists = { 0 };
	int r;

	s->stride = guessed ? 1 : COARSE;
	while ((r = order(s, &lists)) == 0 && s->stride > 1) {
		if ((r = solve_coarse(x, s, most)) < 0)
			break;
		s->stride /= STEP;
	}
	if (r == 0)
		r = solve(x, s, most);
	assign_lists_release(&lists);
	return r;
}

int
assign_simplex(struct assign_simplex *x, struct assign_tree *t,
    const struct assign_problem *p, const int64_t *guess, uint32_t *order,
    uint32_t *self, int64_t left_price, assign_progress *progress, void *arg)
{
	struct assign_start s = { .problem = p,
		.order = order,
		.cheapest = malloc((p->homes + 1) * sizeof(*s.cheapest)),
		.guess = calloc(p->shelters + 1, sizeof(*s.guess)),
		.self = self,
		.left_price = left_price };
	int r = ASSIGN_NO_MEMORY;

	*x = (struct assign_simplex){
		.t = t, .all = p->homes, .progress = progress, .arg = arg
	};
	x->seen = malloc((p->shelters + 1) * sizeof(*x->seen));
	x->due = malloc((p->shelters + 1) * sizeof(*x->due));
	for (size_t i = 0; i < p->shelters; i++)
		self[i] = (uint32_t)i;
	if (x->seen && x->due && s.guess && s.cheapest) {
		if (guess != NULL)
			take_guess(&s, guess);
		r = solve_all(x, &s, dearest(p), guess != NULL);
	}
	free(s.guess);
	free(s.cheapest);
	return r;
}

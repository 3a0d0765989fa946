/* SPDX-License-Identifier: MIT */
/* See assign_stages.h. */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_stages.h"
#include "drills/assign_start.h"

enum {
	COARSE = 64,  /* neighbours as one in the first problem at least */
	LEAVES = 500, /* or more, if so many remain */
	MANY = 8192,  /* homes from which it pays to order them in each stage */
	STEP = 4,     /* so many times fewer in the next */
	SLACK = 128,  /* the first box: dearest arc / SLACK */
	WIDER = 4,    /* the next one */
	FEW = 4096    /* of the people, one of so many, and each neighbour */
};

static int
start(struct assign_simplex *x, struct assign_start *s)
{
	int r = 0;

	if (!s->ordered)
		r = assign_layout_order(
		    s->layout, s->guess, s->order, s->cheapest);
	if (r == 0)
		r = assign_start(s, x->t, &x->blocks, &x->lists);
	if (r == 0)
		r = assign_simplex_begin(x, assign_start_homes(s), s->guess);
	return r;
}

static void
open_box(struct assign_simplex *x, struct assign_start *s, int64_t slack)
{
	s->slack = slack;
	assign_start_widen(s, x->t);
	assign_simplex_unbox(x);
}

/* So few people beyond the places do not tell whether prices are right in a
 * problem as coarse as this. */
static int64_t
few(const struct assign_simplex *x, const struct assign_start *s)
{
	int64_t people = 0;

	for (uint32_t h = 0; s->stride > 1 && h < x->blockers; h++)
		people += x->t->home[h].people;
	return people / FEW * s->stride;
}

/* Starts with a narrow box and widens it until it holds nobody, or few. */
static int
widen(struct assign_simplex *x, struct assign_start *s)
{
	int64_t dearest = s->layout->dearest;
	int r;

	s->slack = dearest / SLACK + 1;
	if ((r = start(x, s)) < 0)
		return r;
	while ((r = assign_simplex_improve(x)) == 0) {
		int64_t held = assign_start_held(s, x->t);

		if (held == 0 || (s->slack > dearest && held <= few(x, s)))
			break;
		open_box(x, s,
		    s->slack <= dearest ? s->slack * WIDER : INT64_MAX / 2);
	}
	return r;
}

/* The prices of a coarse problem are the guess for the next one. */
static void
coarse_done(struct assign_simplex *x, struct assign_start *s)
{
	x->done = s->layout->homes / s->stride;
	memcpy(s->guess, x->t->price, x->t->outside * sizeof(*s->guess));
	assign_tree_release(x->t);
	assign_blocks_release(&x->blocks);
	s->stride /= STEP;
	s->ordered = s->stride > 1 && s->layout->homes < MANY;
}

static int
solve(struct assign_simplex *x, struct assign_start *s)
{
	int r;

	while ((r = widen(x, s)) == 0 && s->stride > 1)
		coarse_done(x, s);
	if (r < 0)
		return r;
	open_box(x, s, INT64_MAX / 2);
	return assign_simplex_improve(x);
}

static uint32_t
coarsest(size_t homes)
{
	uint32_t stride = COARSE;

	while (homes / STEP / stride >= LEAVES)
		stride *= STEP;
	return stride;
}

/* As near as a price can be. */
static void
take_guess(struct assign_start *s, const int64_t *guess)
{
	assign_layout_in(s->layout, guess, s->guess);
	for (size_t i = 0; i < s->layout->shelters; i++)
		if (s->guess[i] < 0)
			s->guess[i] = 0;
		else if (s->guess[i] > s->left_price)
			s->guess[i] = s->left_price;
}

/* The order of homes at prices of 0. */
static void
take_layout(struct assign_start *s)
{
	for (size_t i = 0; i < s->layout->homes; i++)
		s->order[i] = (uint32_t)i;
	memcpy(s->cheapest, s->layout->nearest,
	    s->layout->homes * sizeof(*s->cheapest));
	s->ordered = true;
}

int
assign_stages(const struct assign_task *task, struct assign_simplex *x,
    struct assign_tree *t, uint32_t *order)
{
	const struct assign_layout *l = task->layout;
	struct assign_start s = { .layout = l,
		.order = order,
		.cheapest = malloc((l->homes + 1) * sizeof(*s.cheapest)),
		.stride = task->guess != NULL ? 1 : coarsest(l->homes),
		.guess = calloc(l->shelters + 1, sizeof(*s.guess)),
		.left_price = task->left_price };
	int r = assign_simplex_init(x, t, l->shelters);

	x->all = l->homes;
	x->progress = task->progress;
	x->arg = task->arg;
	if (s.cheapest == NULL || s.guess == NULL)
		r = ASSIGN_NO_MEMORY;
	if (r == 0 && task->guess != NULL)
		take_guess(&s, task->guess);
	else if (r == 0)
		take_layout(&s);
	if (r == 0)
		r = solve(x, &s);
	for (size_t i = 0; r == 0 && i < l->homes; i++)
		order[i] = l->home[order[i]];
	free(s.guess);
	free(s.cheapest);
	return r;
}

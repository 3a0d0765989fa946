/* SPDX-License-Identifier: MIT */
/*
 * All prices at once: see assign_keep.h.  The least cost is a concave function
 * of the price, made of one line for each plan worth having; where the lines
 * of two known plans cross, either nothing is cheaper and no plan lies between
 * them, or a new one is found (M. J. Eisner and D. G. Severance, Mathematical
 * techniques for efficient record segmentation, J. ACM 23, 1976).  Crossings
 * are rounded down, as prices are whole.
 *
 * The ends: the price 1/unit finds the fewest moves among the shortest plans,
 * if its plan is no longer than that of price 0; the price 1 without metres
 * tells how many must move at least.
 */
#include <stdlib.h>
#include "drills/array.h"
#include "drills/assign_groups.h"

/* A plan that is the cheapest at this price. */
struct known {
	int64_t price, moved, metres;
	int64_t *shelter; /* [made shelters] their prices */
};

struct curve {
	struct assign_groups g;
	struct known *at; /* by price */
	size_t n, plans;  /* different ones among them */
	struct assign_tradeoff *out;
	assign_progress *progress;
	void *arg;
};

/* The answer's sums only, and the shelters' prices into `found`; `guess`: some
 * they may be near, or NULL. */
static int
ask(struct curve *c, int64_t unit, int64_t price, const int64_t *guess,
    int64_t *found, struct assign_keep *k)
{
	int r = assign_groups_solve(
	    &c->g, unit, price, guess, found, k, c->progress, c->arg);

	if (r == 0) {
		c->out->people = k->people;
		if (unit > 0)
			c->out->sheltered = k->sheltered;
	}
	free(k->flow);
	k->flow = NULL;
	return r;
}

static int64_t *
shelter_prices(const struct curve *c)
{
	return malloc((c->g.made.p.shelters + 1) * sizeof(int64_t));
}

/* Where the prices of shelters would be if they moved evenly from a to b. */
static void
between(const struct curve *c, const struct known *a, const struct known *b,
    int64_t price, int64_t *shelter)
{
	double part =
	    (double)(price - a->price) / (double)(b->price - a->price);

	for (size_t i = 0; i < c->g.made.p.shelters; i++) {
		double by = (double)(b->shelter[i] - a->shelter[i]);

		shelter[i] = a->shelter[i] + (int64_t)(part * by);
	}
}

static __int128
cost(const struct known *k, int64_t price)
{
	return (__int128)k->metres + (__int128)price * k->moved;
}

/* Known plans at both ends of a price range prove each other the only ones. */
static bool
settled(const struct known *a, const struct known *b)
{
	return b->price - a->price <= 1 ||
	       cost(a, b->price) == cost(b, b->price) ||
	       cost(b, a->price) == cost(a, a->price);
}

static int64_t
crossing(const struct known *a, const struct known *b)
{
	int64_t at = (b->metres - a->metres) / (a->moved - b->moved);

	at = at <= a->price ? a->price + 1 : at;
	return at >= b->price ? b->price - 1 : at;
}

/* How far the cost may lie below the known lines, at most. */
static double
doubt(const struct known *a, const struct known *b)
{
	double x =
	    (double)(b->metres - a->metres) / (double)(a->moved - b->moved);
	double line = (double)a->metres + x * (double)a->moved;
	double fa = (double)cost(a, a->price), fb = (double)cost(b, b->price);

	return line - fa -
	       (fb - fa) * (x - (double)a->price) /
		   (double)(b->price - a->price);
}

static size_t
most_doubtful(const struct curve *c)
{
	size_t best = SIZE_MAX;
	double most = -1;

	for (size_t i = 0; i + 1 < c->n; i++) {
		double d;

		if (settled(&c->at[i], &c->at[i + 1]))
			continue;
		d = doubt(&c->at[i], &c->at[i + 1]);
		if (d > most) {
			most = d;
			best = i;
		}
	}
	return best;
}

static int
insert(struct curve *c, size_t at, struct known k)
{
	if (!array_grow(&c->at, c->n + 1, sizeof(*c->at)))
		return ASSIGN_NO_MEMORY;
	for (size_t j = c->n++; j > at; j--)
		c->at[j] = c->at[j - 1];
	c->at[at] = k;
	return 0;
}

/* One more price between i and i + 1. */
static int
refine(struct curve *c, size_t i)
{
	const struct known *a = &c->at[i], *b = &c->at[i + 1];
	struct known now = { crossing(a, b), 0, 0, shelter_prices(c) };
	struct assign_keep k;
	int r = ASSIGN_NO_MEMORY;

	if (now.shelter != NULL) {
		between(c, a, b, now.price, now.shelter);
		r = ask(c, 1, now.price, now.shelter, now.shelter, &k);
	}
	if (r == 0) {
		now.moved = k.moved;
		now.metres = k.person_metres;
		if (cost(a, now.price) == cost(&now, now.price)) {
			now.moved = a->moved;
			now.metres = a->metres;
		} else if (cost(b, now.price) == cost(&now, now.price)) {
			now.moved = b->moved;
			now.metres = b->metres;
		} else {
			c->plans++;
		}
		r = insert(c, i + 1, now);
	}
	if (r < 0)
		free(now.shelter);
	return r;
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The plan of price 0 that moves fewest, and that of the highest price. */
static int
ask_ends(struct curve *c, struct known *first, struct known *last)
{
	int64_t longest = c->g.longest > 0 ? c->g.longest : 1;
	int64_t unit = smaller(assign_made_chain(&c->g.made.p) + 1,
	    (ASSIGN_MAX_METRES - 1) / longest);
	int64_t top = ASSIGN_MAX_METRES - longest;
	struct assign_keep shortest, few, kept, least;
	int r;

	if ((r = ask(c, 1, 0, NULL, first->shelter, &shortest)) < 0 ||
	    (r = ask(c, unit > 1 ? unit : 1, 1, NULL, NULL, &few)) < 0 ||
	    (r = ask(c, 1, top, NULL, last->shelter, &kept)) < 0 ||
	    (r = ask(c, 0, 1, NULL, NULL, &least)) < 0)
		return r;
	if (few.person_metres != shortest.person_metres)
		few = shortest;
	else
		c->out->complete = kept.moved == least.cost;
	first->moved = few.moved;
	first->metres = few.person_metres;
	last->price = top;
	last->moved = kept.moved;
	last->metres = kept.person_metres;
	return 0;
}

static int
find_ends(struct curve *c)
{
	struct known first = { .shelter = shelter_prices(c) };
	struct known last = { .shelter = shelter_prices(c) };
	int r = ASSIGN_NO_MEMORY;

	c->at = malloc(2 * sizeof(*c->at));
	if (c->at != NULL && first.shelter != NULL && last.shelter != NULL)
		r = ask_ends(c, &first, &last);
	if (r < 0) {
		free(first.shelter);
		free(last.shelter);
		return r;
	}
	c->at[0] = first;
	c->at[1] = last;
	c->n = 2;
	c->plans = first.moved == last.moved ? 1 : 2;
	return 0;
}

/* Whole prices of each plan, from where it crosses the one before. */
static int
list_choices(struct curve *c)
{
	struct assign_tradeoff *out = c->out;
	size_t n = 0;

	out->choice = malloc(c->n * sizeof(*out->choice));
	if (out->choice == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < c->n; i++) {
		const struct known *k = &c->at[i];
		int64_t from = 0;

		if (n > 0 && out->choice[n - 1].moved <= k->moved)
			continue;
		if (n > 0) {
			struct assign_choice *last = &out->choice[n - 1];

			last->to = (k->metres - last->person_metres) /
				   (last->moved - k->moved);
			from = last->to + 1;
			if (last->to < last->from)
				from = last->from, n--;
		}
		out->choice[n++] = (struct assign_choice){ k->price, from,
			INT64_MAX, k->moved, k->metres };
	}
	out->n = n;
	return 0;
}

int
assign_tradeoff(const struct assign_problem *p, const int64_t *stay,
    size_t most, struct assign_tradeoff *out, assign_progress *progress,
    void *arg)
{
	struct curve c = { .out = out, .progress = progress, .arg = arg };
	size_t i;
	int r = assign_groups_init(&c.g, p, stay);

	*out = (struct assign_tradeoff){ 0 };
	if (r == 0)
		r = find_ends(&c);
	while (r == 0 && (i = most_doubtful(&c)) != SIZE_MAX) {
		if (c.plans >= most) {
			out->complete = false;
			break;
		}
		r = refine(&c, i);
	}
	if (r == 0)
		r = list_choices(&c);
	assign_groups_release(&c.g);
	for (i = 0; i < c.n; i++)
		free(c.at[i].shelter);
	free(c.at);
	return r;
}

void
assign_tradeoff_release(struct assign_tradeoff *t)
{
	free(t->choice);
	*t = (struct assign_tradeoff){ 0 };
}

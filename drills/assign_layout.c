/* SPDX-License-Identifier: MIT */
/* See assign_layout.h. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "drills/assign_layout.h"
#include "drills/assign_number.h"
#include "drills/assign_order.h"
#include "drills/halves.h"

enum { ARC_NS = 3, LINE = 8 /* metres */, AHEAD = 4 };

static bool
numbers_in(const int64_t *v, size_t n, int64_t max)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] < 0 || v[i] > max)
			return false;
	return true;
}

/* All but the arcs. */
static bool
problem_good(const struct assign_problem *p)
{
	if (p->homes >= UINT32_MAX / 2 || p->shelters >= UINT32_MAX / 4)
		return false;
	if (p->first[0] != 0 || p->first[p->homes] != p->arcs)
		return false;
	for (size_t h = 0; h < p->homes; h++)
		if (p->first[h] > p->first[h + 1] ||
		    p->first[h + 1] - p->first[h] >= UINT32_MAX)
			return false;
	return numbers_in(p->people, p->homes, INT32_MAX) &&
	       numbers_in(p->places, p->shelters, INT32_MAX);
}

/* ---- the order of homes ---- */

/* What the halves of the homes have seen of their arcs. */
struct seeing {
	const struct assign_problem *problem;
	const struct assign_layout *layout;
	struct assign_ranks ranks;
	bool bad[2];
	int64_t dearest[2];
};

/* False: an arc is out of bounds. */
static bool
see_home(struct seeing *k, size_t home, int64_t *dearest)
{
	const struct assign_problem *p = k->problem;
	struct assign_choices c = assign_no_choice((uint32_t)p->shelters);

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++) {
		int64_t metres = p->metres[a];

		if (p->shelter[a] >= p->shelters || metres < 0 ||
		    metres > ASSIGN_MAX_METRES)
			return false;
		*dearest = metres > *dearest ? metres : *dearest;
		assign_choose(&c, k->layout->number[p->shelter[a]], metres);
	}
	assign_ranks_put(&k->ranks, home, &c);
	return true;
}

static void
see_homes(void *arg, size_t from, size_t to)
{
	struct seeing *k = arg;
	int64_t dearest = 0;
	size_t h = from;

	while (h < to && see_home(k, h, &dearest))
		h++;
	k->bad[from > 0] = h < to;
	k->dearest[from > 0] = dearest;
}

static int
see_all(struct assign_layout *l, const struct assign_problem *p)
{
	struct seeing k = { .problem = p, .layout = l };
	int r = assign_ranks_init(&k.ranks, p->homes, p->shelters);

	if (r == 0) {
		halves(p->homes, see_homes, &k, p->arcs * ARC_NS);
		if (k.bad[0] || k.bad[1])
			r = ASSIGN_BAD_PROBLEM;
	}
	l->dearest = k.dearest[k.dearest[1] > k.dearest[0]];
	if (r == 0)
		assign_order(&k.ranks, l->home);
	for (size_t i = 0; r == 0 && i < l->homes; i++)
		l->nearest[i] = k.ranks.shelter[0][l->home[i]];
	assign_ranks_release(&k.ranks);
	return r;
}

/* ---- arcs ---- */

struct laying {
	const struct assign_problem *problem;
	struct assign_layout *layout;
};

/* The rows of homes in their new order lie anywhere. */
static void
fetch_home(const struct laying *k, size_t i)
{
	const struct assign_problem *p = k->problem;
	size_t a = p->first[k->layout->home[i]];

	for (size_t end = a + k->layout->row[i].n; a < end; a += LINE) {
		__builtin_prefetch(&p->metres[a]);
		__builtin_prefetch(&p->shelter[a]);
	}
}

static void
lay_home(const struct laying *k, size_t i)
{
	const struct assign_problem *p = k->problem;
	struct assign_layout *l = k->layout;
	struct assign_way *way = l->way + (l->row[i].way - l->way);
	size_t home = l->home[i], a = p->first[home];

	l->people[i] = (int32_t)p->people[home];
	for (uint32_t n = 0; n < l->row[i].n; n++, a++)
		way[n] = (struct assign_way){ l->number[p->shelter[a]],
			(int32_t)p->metres[a] };
}

static void
lay_homes(void *arg, size_t from, size_t to)
{
	const struct laying *k = arg;

	for (size_t i = from; i < to; i++) {
		if (i + AHEAD < to)
			fetch_home(k, i + AHEAD);
		lay_home(k, i);
	}
}

static void
lay_all(struct assign_layout *l, const struct assign_problem *p)
{
	const struct assign_way *way = l->way;

	for (size_t i = 0; i < l->homes; i++) {
		const size_t *first = p->first + l->home[i];

		l->row[i] =
		    (struct assign_row){ way, (uint32_t)(first[1] - *first) };
		way += l->row[i].n;
	}
	halves(l->homes, lay_homes, &(struct laying){ p, l }, l->arcs * ARC_NS);
	for (size_t s = 0; s < l->shelters; s++)
		l->to[s] = (struct assign_way){ (uint32_t)s, 0 };
	assign_layout_in(l, p->places, l->places);
}

/* ---- the whole ---- */

static bool
layout_alloc(struct assign_layout *l, const struct assign_problem *p)
{
	size_t homes = p->homes + 1, shelters = p->shelters + 1;

	l->homes = p->homes;
	l->shelters = p->shelters;
	l->arcs = p->arcs;
	l->number = malloc(shelters * sizeof(*l->number));
	l->home = malloc(homes * sizeof(*l->home));
	l->nearest = malloc(homes * sizeof(*l->nearest));
	l->people = malloc(homes * sizeof(*l->people));
	l->places = malloc(shelters * sizeof(*l->places));
	l->row = malloc(homes * sizeof(*l->row));
	l->way = malloc((p->arcs + 1) * sizeof(*l->way));
	l->to = malloc(shelters * sizeof(*l->to));
	return l->number && l->home && l->nearest && l->people && l->places &&
	       l->row && l->way && l->to;
}

int
assign_layout_init(struct assign_layout *l, const struct assign_problem *p)
{
	int r;

	*l = (struct assign_layout){ 0 };
	if (!problem_good(p))
		return ASSIGN_BAD_PROBLEM;
	if (!layout_alloc(l, p) || assign_number(p, l->number) < 0)
		return ASSIGN_NO_MEMORY;
	if ((r = see_all(l, p)) < 0)
		return r;
	lay_all(l, p);
	return 0;
}

void
assign_layout_release(struct assign_layout *l)
{
	free(l->number);
	free(l->home);
	free(l->nearest);
	free(l->people);
	free(l->places);
	free(l->row);
	free(l->way);
	free(l->to);
	*l = (struct assign_layout){ 0 };
}

struct ordering {
	const struct assign_layout *layout;
	const int64_t *price;
	struct assign_ranks ranks;
};

static void
rank_homes(void *arg, size_t from, size_t to)
{
	struct ordering *k = arg;

	for (size_t h = from; h < to; h++) {
		const struct assign_row row = k->layout->row[h];
		struct assign_choices c =
		    assign_no_choice((uint32_t)k->layout->shelters);

		for (uint32_t a = 0; a < row.n; a++) {
			struct assign_way way = row.way[a];

			assign_choose(&c, way.shelter,
			    way.metres + k->price[way.shelter]);
		}
		assign_ranks_put(&k->ranks, h, &c);
	}
}

int
assign_layout_order(const struct assign_layout *l, const int64_t *price,
    uint32_t *order, uint32_t *cheapest)
{
	struct ordering k = { .layout = l, .price = price };
	int r = assign_ranks_init(&k.ranks, l->homes, l->shelters);

	if (r == 0) {
		halves(l->homes, rank_homes, &k, l->arcs * ARC_NS);
		assign_order(&k.ranks, order);
		memcpy(
		    cheapest, k.ranks.shelter[0], l->homes * sizeof(*cheapest));
	}
	assign_ranks_release(&k.ranks);
	return r;
}

static void
clear(void *numbers, size_t from, size_t to)
{
	memset((int64_t *)numbers + from, 0, (to - from) * sizeof(int64_t));
}

int64_t *
assign_layout_reuse(struct assign_layout *l)
{
	int64_t *numbers = (void *)l->way;

	_Static_assert(sizeof(*numbers) == sizeof(*l->way), "as long");
	l->way = NULL;
	halves(l->arcs + 1, clear, numbers, l->arcs);
	return numbers;
}

int64_t
assign_layout_left(const struct assign_layout *l, int64_t most)
{
	size_t chain = l->homes < l->shelters ? l->homes : l->shelters;

	return (int64_t)chain * most + 1;
}

void
assign_layout_in(
    const struct assign_layout *l, const int64_t *of, int64_t *here)
{
	for (size_t i = 0; i < l->shelters; i++)
		here[l->number[i]] = of[i];
}

void
assign_layout_out(
    const struct assign_layout *l, const int64_t *here, int64_t *of)
{
	for (size_t i = 0; i < l->shelters; i++)
		of[i] = here[l->number[i]];
}

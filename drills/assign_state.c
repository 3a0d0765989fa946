/* SPDX-License-Identifier: MIT */
/*
 * A plan that is kept solved while the problem changes: the tree of the
 * simplex stays, and every change is made such that its flows stay feasible.
 *
 *	people or arcs of a home change	the home so far is RETIRED, that is,
 *		to be outside at any price, and a new one comes in from OUTSIDE
 *	places close	a BLOCKER of so many comes in, which may only go there
 *		and is dearer to leave out than any chain of people
 *	places open	the blocker is retired; places beyond all there ever
 *		were come with a blocker in them that is retired at once
 *
 * All of them only mark what assign_resolve.c then moves.
 */
#include <stdlib.h>
#include "drills/assign_stages.h"
#include "drills/assign_state.h"

static bool
list_reserve(struct assign_list *l, size_t n)
{
	uint32_t *more;

	if (n <= l->room)
		return true;
	n += n / 4 + 16;
	more = realloc(l->item, n * sizeof(*more));
	if (more == NULL)
		return false;
	l->item = more;
	l->room = n;
	return true;
}

/* All lists for `n` numbers more, so that a change cannot fail half-way. */
static bool
reserve(struct assign_state *s, size_t n)
{
	size_t most = s->tree.homes + n;
	size_t had = s->owner.n;

	if (!list_reserve(&s->owner, most) ||
	    !list_reserve(&s->retired, most) ||
	    !list_reserve(&s->coming, most) || !list_reserve(&s->spare, most))
		return false;
	for (size_t i = had; i < most; i++)
		s->owner.item[i] = ASSIGN_NONE;
	s->owner.n = most > had ? most : had;
	return true;
}

/* Its one way is out: its arcs, which may be freed, are not looked at again. */
static void
retire(struct assign_state *s, uint32_t number)
{
	if (number == ASSIGN_NONE)
		return;
	for (size_t i = 0; i < s->coming.n; i++)
		if (s->coming.item[i] == number)
			s->coming.item[i--] = s->coming.item[--s->coming.n];
	s->owner.item[number] = ASSIGN_NONE;
	s->tree.row[number].n = 0;
	assign_simplex_loosen(&s->simplex, number);
	s->retired.item[s->retired.n++] = number;
}

/* ASSIGN_NONE when memory is short. reserve() comes first. */
static uint32_t
add(struct assign_state *s, struct assign_row row, int64_t people, bool inside)
{
	bool again = s->spare.n > 0;
	uint32_t number = assign_tree_add(&s->tree,
	    again ? s->spare.item[s->spare.n - 1] : ASSIGN_NONE, row,
	    (int32_t)people, 0, inside);

	if (number == ASSIGN_NONE)
		return number;
	if (assign_simplex_grow(&s->simplex) < 0) {
		s->tree.homes -= !again;
		return ASSIGN_NONE;
	}
	s->spare.n -= again;
	assign_simplex_loosen(&s->simplex, number);
	s->owner.item[number] = ASSIGN_NONE;
	if (!inside)
		s->coming.item[s->coming.n++] = number;
	return number;
}

static struct assign_row
arc_of_blocker(const struct assign_state *s, size_t shelter)
{
	return (struct assign_row){ s->layout.to + shelter, 1 };
}

static int
build(struct assign_state *s, size_t shelter, int64_t places)
{
	uint32_t n = add(s, arc_of_blocker(s, shelter), places, true);

	if (n == ASSIGN_NONE)
		return ASSIGN_NO_MEMORY;
	s->built[shelter] += places;
	retire(s, n);
	return 0;
}

int
assign_set_places(struct assign_state *s, size_t shelter, int64_t places)
{
	int64_t more;
	uint32_t b = ASSIGN_NONE;

	if (shelter >= s->shelters || places < 0 || places > INT32_MAX)
		return ASSIGN_BAD_PROBLEM;
	if (!reserve(s, 2))
		return ASSIGN_NO_MEMORY;
	shelter = s->layout.number[shelter];
	more = places - s->built[shelter];
	if (more > 0 && build(s, shelter, more) < 0)
		return ASSIGN_NO_MEMORY;
	if (more < 0) {
		b = add(s, arc_of_blocker(s, shelter), -more, false);
		if (b == ASSIGN_NONE)
			return ASSIGN_NO_MEMORY;
	}
	retire(s, s->blocker[shelter]);
	s->blocker[shelter] = b;
	s->places[shelter] = places;
	return 0;
}

static int
replace_home(
    struct assign_state *s, size_t home, struct assign_row row, int64_t people)
{
	uint32_t n = ASSIGN_NONE;

	if (!reserve(s, 1))
		return ASSIGN_NO_MEMORY;
	if (people > 0) {
		n = add(s, row, people, false);
		if (n == ASSIGN_NONE)
			return ASSIGN_NO_MEMORY;
		s->owner.item[n] = (uint32_t)home;
	}
	retire(s, s->in_tree[home]);
	s->in_tree[home] = n;
	s->people[home] = people;
	s->row[home] = row;
	return 0;
}

int
assign_set_people(struct assign_state *s, size_t home, int64_t people)
{
	if (home >= s->homes || people < 0 || people > INT32_MAX)
		return ASSIGN_BAD_PROBLEM;
	return replace_home(s, home, s->row[home], people);
}

static bool
arcs_good(const struct assign_state *s, size_t n, const uint32_t *shelter,
    const int64_t *metres)
{
	if (n >= ASSIGN_NONE)
		return false;
	for (size_t i = 0; i < n; i++)
		if (shelter[i] >= s->shelters || metres[i] < 0 ||
		    metres[i] > ASSIGN_MAX_METRES)
			return false;
	return true;
}

int
assign_set_arcs(struct assign_state *s, size_t home, size_t n,
    const uint32_t *shelter, const int64_t *metres)
{
	struct assign_way *way;
	int r;

	if (home >= s->homes || !arcs_good(s, n, shelter, metres))
		return ASSIGN_BAD_PROBLEM;
	way = malloc((n + 1) * sizeof(*way));
	if (way == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < n; i++)
		way[i] = (struct assign_way){ s->layout.number[shelter[i]],
			(int32_t)metres[i] };
	r = replace_home(
	    s, home, (struct assign_row){ way, (uint32_t)n }, s->people[home]);
	if (r < 0) {
		free(way);
		return r;
	}
	free(s->own[home]);
	s->own[home] = way;
	return 0;
}

/* ---- opening and closing ---- */

void
assign_close(struct assign_state *s)
{
	if (s == NULL)
		return;
	for (size_t h = 0; s->own != NULL && h < s->homes; h++)
		free(s->own[h]);
	assign_tree_release(&s->tree);
	assign_simplex_release(&s->simplex);
	assign_layout_release(&s->layout);
	free(s->shelter);
	free(s->row);
	free(s->own);
	free(s->people);
	free(s->places);
	free(s->built);
	free(s->in_tree);
	free(s->blocker);
	free(s->owner.item);
	free(s->retired.item);
	free(s->coming.item);
	free(s->spare.item);
	free(s);
}

static bool
state_alloc(struct assign_state *s)
{
	size_t h = s->homes + 1, n = s->shelters + 1;

	s->shelter = malloc(n * sizeof(*s->shelter));
	s->row = malloc(h * sizeof(*s->row));
	s->own = calloc(h, sizeof(*s->own));
	s->people = malloc(h * sizeof(*s->people));
	s->places = malloc(n * sizeof(*s->places));
	s->built = malloc(n * sizeof(*s->built));
	s->in_tree = malloc(h * sizeof(*s->in_tree));
	s->blocker = malloc(n * sizeof(*s->blocker));
	return s->shelter && s->row && s->own && s->people && s->places &&
	       s->built && s->in_tree && s->blocker;
}

static void
state_fill(struct assign_state *s)
{
	for (uint32_t i = 0; i < s->shelters; i++) {
		s->shelter[s->layout.number[i]] = i;
		s->places[i] = s->built[i] = s->layout.places[i];
		s->blocker[i] = ASSIGN_NONE;
	}
	for (size_t i = 0; i < s->homes; i++) {
		uint32_t home = s->layout.home[i];

		s->row[home] = s->layout.row[i];
		s->people[home] = s->layout.people[i];
	}
}

static int
state_solve(
    struct assign_state *s, const struct assign_task *task, uint32_t *order)
{
	int r = assign_stages(task, &s->simplex, &s->tree, order);

	if (r < 0)
		return r;
	if (!reserve(s, 0))
		return ASSIGN_NO_MEMORY;
	for (uint32_t n = 0; n < s->homes; n++) {
		uint32_t h = order[n];

		s->owner.item[n] = h;
		s->in_tree[h] = s->people[h] > 0 ? n : ASSIGN_NONE;
		if (s->people[h] == 0)
			s->spare.item[s->spare.n++] = n;
	}
	return 0;
}

int
assign_open(const struct assign_problem *p, struct assign_state **out,
    assign_progress *progress, void *arg)
{
	return assign_open_near(p, NULL, out, progress, arg);
}

void
assign_prices(const struct assign_state *s, int64_t *price)
{
	assign_layout_out(&s->layout, s->tree.price, price);
}

static int
open_state(struct assign_state *s, const struct assign_problem *p,
    struct assign_task *task)
{
	uint32_t *order;
	int r = assign_layout_init(&s->layout, p);

	if (r < 0)
		return r;
	s->homes = p->homes;
	s->shelters = p->shelters;
	task->layout = &s->layout;
	task->left_price = assign_layout_left(&s->layout, ASSIGN_MAX_METRES);
	if (!state_alloc(s))
		return ASSIGN_NO_MEMORY;
	state_fill(s);
	order = malloc((p->homes + 1) * sizeof(*order));
	if (order == NULL)
		return ASSIGN_NO_MEMORY;
	r = state_solve(s, task, order);
	free(order);
	return r;
}

int
assign_open_near(const struct assign_problem *p, const int64_t *guess,
    struct assign_state **out, assign_progress *progress, void *arg)
{
	struct assign_task task = {
		.guess = guess, .progress = progress, .arg = arg
	};
	struct assign_state *s = calloc(1, sizeof(*s));
	int r;

	*out = NULL;
	if (s == NULL)
		return ASSIGN_NO_MEMORY;
	r = open_state(s, p, &task);
	if (r < 0)
		assign_close(s);
	else
		*out = s;
	return r;
}

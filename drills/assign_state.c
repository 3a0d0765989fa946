/* SPDX-License-Identifier: MIT */
/*
 * A plan that is kept solved while the problem changes.  A change only takes
 * people from where they are, or gives places away, so that loads no longer
 * fit while all pieces stay on cheapest arcs; assign_search_balance() then
 * moves what is too much.  That is exact, and nothing of the rest is touched.
 */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_problem.h"
#include "drills/assign_read.h"
#include "drills/assign_search.h"
#include "drills/assign_simplex.h"

struct assign_state {
	struct assign_flow flow;
	struct assign_search *search;
	void **own;   /* [homes] arcs that replaced the first problem's */
	int64_t left; /* one price for all that may come */
};

static void
put_piece(void *arg, uint32_t home, uint32_t pick, int64_t people)
{
	assign_flow_put(arg, home, pick, people);
}

static int
solve(struct assign_state *s, const struct assign_problem *p,
    assign_progress *progress, void *arg)
{
	struct assign_tree t = { 0 };
	int r = assign_simplex(&t, p, s->left, progress, arg);

	if (r == 0)
		r = assign_flow_reserve(
		    &s->flow, (uint32_t)(p->homes + 2 * p->shelters));
	if (r == 0) {
		s->flow.left = s->left;
		assign_read_pieces(&t, put_piece, &s->flow);
		assign_read_prices(&t, s->flow.price);
	}
	assign_tree_release(&t);
	return r;
}

int
assign_open(const struct assign_problem *p, struct assign_state **out,
    assign_progress *progress, void *arg)
{
	struct assign_state *s;
	int r;

	*out = NULL;
	if (!assign_problem_good(p))
		return ASSIGN_BAD_PROBLEM;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return ASSIGN_NO_MEMORY;
	s->left = assign_problem_left(p, ASSIGN_MAX_METRES);
	s->own = calloc(p->homes + 1, sizeof(*s->own));
	r = assign_flow_init(&s->flow, p);
	if (r == 0 && s->own != NULL)
		s->search = assign_search_new(&s->flow);
	if (r == 0 && s->search == NULL)
		r = ASSIGN_NO_MEMORY;
	if (r == 0)
		r = solve(s, p, progress, arg);
	if (r < 0)
		assign_close(s);
	else
		*out = s;
	return r;
}

void
assign_close(struct assign_state *s)
{
	if (s == NULL)
		return;
	for (size_t h = 0; s->own != NULL && h < s->flow.homes; h++)
		free(s->own[h]);
	free(s->own);
	assign_search_free(s->search);
	assign_flow_release(&s->flow);
	free(s);
}

int
assign_set_places(struct assign_state *s, size_t shelter, int64_t places)
{
	if (shelter >= s->flow.shelters || places < 0 || places > INT32_MAX)
		return ASSIGN_BAD_PROBLEM;
	s->flow.places[shelter] = places;
	return 0;
}

int
assign_set_people(struct assign_state *s, size_t home, int64_t people)
{
	if (home >= s->flow.homes || people < 0 || people > INT32_MAX)
		return ASSIGN_BAD_PROBLEM;
	if (assign_flow_reserve(&s->flow, 1) < 0)
		return ASSIGN_NO_MEMORY;
	assign_flow_unseat(&s->flow, (uint32_t)home);
	s->flow.people[home] = people;
	assign_flow_seat(&s->flow, (uint32_t)home);
	return 0;
}

static bool
arcs_good(const struct assign_state *s, size_t n, const uint32_t *shelter,
    const int64_t *metres)
{
	if (n >= ASSIGN_NONE)
		return false;
	for (size_t i = 0; i < n; i++)
		if (shelter[i] >= s->flow.shelters || metres[i] < 0 ||
		    metres[i] > ASSIGN_MAX_METRES)
			return false;
	return true;
}

int
assign_set_arcs(struct assign_state *s, size_t home, size_t n,
    const uint32_t *shelter, const int64_t *metres)
{
	int64_t *m;
	uint32_t *to;

	if (home >= s->flow.homes || !arcs_good(s, n, shelter, metres))
		return ASSIGN_BAD_PROBLEM;
	m = malloc(n * (sizeof(*m) + sizeof(*to)) + 1);
	if (m == NULL || assign_flow_reserve(&s->flow, 1) < 0) {
		free(m);
		return ASSIGN_NO_MEMORY;
	}
	to = (uint32_t *)(m + n);
	if (n > 0) {
		memcpy(m, metres, n * sizeof(*m));
		memcpy(to, shelter, n * sizeof(*to));
	}
	assign_flow_unseat(&s->flow, (uint32_t)home);
	free(s->own[home]);
	s->own[home] = m;
	s->flow.row[home] = (struct assign_row){ to, m, (uint32_t)n };
	assign_flow_seat(&s->flow, (uint32_t)home);
	return 0;
}

int
assign_resolve(struct assign_state *s, assign_progress *progress, void *arg)
{
	return assign_search_balance(
	    s->search, &s->flow, s->left, progress, arg);
}

int
assign_totals(const struct assign_state *s, struct assign_totals *out)
{
	const struct assign_flow *f = &s->flow;

	*out = (struct assign_totals){ .people = f->all };
	out->sheltered = f->all - f->load[f->shelters];
	if (f->walked > INT64_MAX)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)f->walked;
	return 0;
}

/* ---- the changed problem and its answer, whole ---- */

static int
copy_problem(const struct assign_flow *f, struct assign_copy *c)
{
	size_t arcs = 0;

	for (size_t h = 0; h < f->homes; h++)
		arcs += f->row[h].n;
	c->people = malloc((f->homes + 1) * sizeof(*c->people));
	c->places = malloc((f->shelters + (size_t)1) * sizeof(*c->places));
	c->first = malloc((f->homes + 1) * sizeof(*c->first));
	c->shelter = malloc((arcs + 1) * sizeof(*c->shelter));
	c->metres = malloc((arcs + 1) * sizeof(*c->metres));
	if (!c->people || !c->places || !c->first || !c->shelter || !c->metres)
		return ASSIGN_NO_MEMORY;
	arcs = 0;
	for (size_t h = 0; h < f->homes; h++) {
		const struct assign_row r = f->row[h];

		c->people[h] = f->people[h];
		c->first[h] = arcs;
		for (uint32_t i = 0; i < r.n; i++) {
			c->shelter[arcs] = r.shelter[i];
			c->metres[arcs++] = r.metres[i];
		}
	}
	c->first[f->homes] = arcs;
	memcpy(c->places, f->places, f->shelters * sizeof(*c->places));
	c->problem = (struct assign_problem){ f->homes, f->shelters, arcs,
		c->people, c->places, c->first, c->shelter, c->metres };
	return 0;
}

static int
copy_answer(const struct assign_flow *f, struct assign_copy *c)
{
	struct assign_answer *a = &c->answer;
	int r = assign_answer_init(&c->problem, a);

	if (r < 0)
		return r;
	for (size_t h = 0; h < f->homes; h++)
		for (uint32_t n = f->of_home[h]; n != ASSIGN_NONE;
		     n = f->piece[n].sibling)
			if (f->piece[n].pick != ASSIGN_NONE)
				a->flow[c->first[h] + f->piece[n].pick] =
				    f->piece[n].flow;
	memcpy(a->shelter_price, f->price,
	    f->shelters * sizeof(*a->shelter_price));
	a->left_price = f->left;
	return assign_answer_finish(&c->problem, a);
}

int
assign_copy(const struct assign_state *s, struct assign_copy *out)
{
	int r;

	*out = (struct assign_copy){ 0 };
	r = copy_problem(&s->flow, out);
	return r < 0 ? r : copy_answer(&s->flow, out);
}

void
assign_copy_release(struct assign_copy *c)
{
	free(c->people);
	free(c->places);
	free(c->first);
	free(c->shelter);
	free(c->metres);
	assign_release(&c->answer);
	*c = (struct assign_copy){ 0 };
}

/* SPDX-License-Identifier: MIT */
/* Homes divided by their old shelters: see assign_groups.h. */
#include <stdlib.h>
#include <string.h>
#include "drills/assign_groups.h"

/* What is to be made of one home. */
struct division {
	size_t groups; /* with an old shelter */
	int64_t staying;
	int64_t rest;	 /* people without one */
	int64_t surplus; /* of the groups over the people */
};

static struct division
divide(const struct assign_groups *g, size_t h)
{
	const struct assign_problem *p = g->p;
	struct division d = { 0 };

	for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
		if (g->stay[a] > 0) {
			d.groups++;
			d.staying += g->stay[a];
		}
	if (d.groups == 1 && d.staying > p->people[h])
		d.staying = p->people[h];
	if (d.staying > p->people[h])
		d.surplus = d.staying - p->people[h];
	else
		d.rest = p->people[h] - d.staying;
	return d;
}

/* One group; own SIZE_MAX: without an old shelter; spare UINT32_MAX: none. */
static void
add_group(struct assign_groups *g, size_t h, size_t own, int64_t people,
    uint32_t spare)
{
	const struct assign_problem *p = g->p;
	struct assign_made *m = &g->made;

	for (size_t a = p->first[h]; a < p->first[h + 1]; a++) {
		g->priced[m->p.arcs] = a != own;
		assign_made_arc(m, p->shelter[a], p->metres[a], a);
	}
	if (spare != UINT32_MAX) {
		g->priced[m->p.arcs] = 0;
		assign_made_arc(m, spare, 0, SIZE_MAX);
	}
	assign_made_home(m, people);
}

static void
add_home(struct assign_groups *g, size_t h, uint32_t *spares)
{
	const struct assign_problem *p = g->p;
	struct division d = divide(g, h);
	uint32_t spare = UINT32_MAX;

	if (d.surplus > 0) {
		spare = (uint32_t)(*spares)++;
		g->made.places[spare] = d.surplus;
	}
	for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
		if (g->stay[a] > 0)
			add_group(g, h, a,
			    d.groups == 1 ? d.staying : g->stay[a], spare);
	if (d.rest > 0)
		add_group(g, h, SIZE_MAX, d.rest, UINT32_MAX);
}

static bool
good(const struct assign_problem *p, const int64_t *stay)
{
	for (size_t a = 0; a < p->arcs; a++)
		if (stay[a] < 0 || stay[a] > INT32_MAX ||
		    p->shelter[a] >= p->shelters || p->metres[a] < 0 ||
		    p->metres[a] > ASSIGN_MAX_METRES)
			return false;
	for (size_t h = 0; h < p->homes; h++)
		if (p->people[h] < 0 || p->people[h] > INT32_MAX)
			return false;
	return true;
}

int
assign_groups_init(struct assign_groups *g, const struct assign_problem *p,
    const int64_t *stay)
{
	size_t homes = 0, arcs = 0, shelters = p->shelters;
	uint32_t spares = (uint32_t)p->shelters;
	int r;

	*g = (struct assign_groups){ .p = p, .stay = stay };
	if (!good(p, stay))
		return ASSIGN_BAD_PROBLEM;
	for (size_t h = 0; h < p->homes; h++) {
		struct division d = divide(g, h);
		size_t n = d.groups + (d.rest > 0);

		homes += n;
		arcs += n * (p->first[h + 1] - p->first[h]);
		arcs += d.surplus > 0 ? d.groups : 0;
		shelters += d.surplus > 0;
	}
	g->longest = assign_made_longest(p);
	g->priced = malloc(arcs + 1);
	r = assign_made_init(&g->made, homes, shelters, arcs);
	if (r < 0 || g->priced == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t s = 0; s < p->shelters; s++)
		g->made.places[s] = p->places[s];
	for (size_t h = 0; h < p->homes; h++)
		add_home(g, h, &spares);
	return 0;
}

void
assign_groups_release(struct assign_groups *g)
{
	assign_made_release(&g->made);
	free(g->priced);
	*g = (struct assign_groups){ 0 };
}

/* The surplus of a home may as well stand at a shelter where that costs
 * nothing and takes no place from anybody; it is not real. */
static void
drop_surplus(const struct assign_problem *p, size_t h, int64_t *flow)
{
	int64_t over = -p->people[h];

	for (size_t a = p->first[h]; a < p->first[h + 1]; a++)
		over += flow[a];
	for (size_t a = p->first[h]; a < p->first[h + 1] && over > 0; a++) {
		int64_t n = p->metres[a] > 0 ? 0
			    : flow[a] < over ? flow[a]
					     : over;

		flow[a] -= n;
		over -= n;
	}
}

static int
read_flows(struct assign_groups *g, const struct assign_answer *a, bool walking,
    struct assign_keep *out)
{
	const struct assign_problem *p = g->p;
	__int128 metres = 0;

	for (size_t i = 0; i < g->made.p.arcs; i++)
		if (g->made.from[i] != SIZE_MAX)
			out->flow[g->made.from[i]] += a->flow[i];
	for (size_t h = 0; h < p->homes; h++) {
		out->people += p->people[h];
		if (walking)
			drop_surplus(p, h, out->flow);
	}
	for (size_t i = 0; i < p->arcs; i++) {
		int64_t stay =
		    g->stay[i] < out->flow[i] ? g->stay[i] : out->flow[i];

		out->sheltered += out->flow[i];
		out->moved += out->flow[i] - stay;
		metres += (__int128)out->flow[i] * p->metres[i];
	}
	if (metres > INT64_MAX)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)metres;
	return 0;
}

int
assign_groups_solve(struct assign_groups *g, int64_t unit, int64_t price,
    const int64_t *guess, int64_t *found, struct assign_keep *out,
    assign_progress *progress, void *arg)
{
	const struct assign_problem *p = g->p;
	struct assign_made *m = &g->made;
	struct assign_answer a = { 0 };
	int r;

	*out = (struct assign_keep){ 0 };
	if (unit < 0 || price < 0 ||
	    (g->longest > 0 && unit > ASSIGN_MAX_METRES / g->longest) ||
	    price > ASSIGN_MAX_METRES - unit * g->longest)
		return ASSIGN_BAD_PROBLEM;
	for (size_t i = 0; i < m->p.arcs; i++)
		m->metres[i] = m->from[i] == SIZE_MAX
				   ? 0
				   : unit * p->metres[m->from[i]] +
					 (g->priced[i] ? price : 0);
	out->flow = calloc(p->arcs + 1, sizeof(*out->flow));
	if (out->flow == NULL)
		return ASSIGN_NO_MEMORY;
	r = assign_made_solve(m, guess, &a, progress, arg);
	if (r == 0 && found != NULL)
		memcpy(found, a.shelter_price, m->p.shelters * sizeof(*found));
	if (r == 0)
		r = read_flows(g, &a, unit > 0, out);
	out->cost = a.person_metres;
	out->bound = a.bound;
	assign_release(&a);
	return r;
}

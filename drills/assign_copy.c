/* SPDX-License-Identifier: MIT */
/*
 * Reads a kept plan: its sums, or problem and answer whole.
 */
#include <stdlib.h>
#include "drills/assign_answer.h"
#include "drills/assign_state.h"

static void
add_joint(const struct assign_tree *t, uint32_t joint, int64_t *sheltered,
    __int128 *metres)
{
	const struct assign_node *x = &t->node[joint];

	if (t->link[joint].pick != ASSIGN_NONE) {
		*sheltered += x->flow;
		*metres += (__int128)x->flow * t->link[joint].cost;
	}
	for (uint32_t c = x->child; c != ASSIGN_NONE; c = t->node[c].next) {
		*sheltered += t->node[c].flow;
		*metres += (__int128)t->node[c].flow * t->link[c].cost;
	}
}

int
assign_totals(const struct assign_state *s, struct assign_totals *out)
{
	const struct assign_tree *t = &s->tree;
	__int128 metres = 0;

	*out = (struct assign_totals){ 0 };
	for (uint32_t n = 0; n < t->homes; n++) {
		const struct assign_leaf *h = &t->home[n];

		if (s->owner.item[n] == ASSIGN_NONE || h->people == 0)
			continue;
		out->people += h->people;
		if (h->at > t->outside)
			add_joint(t, h->at, &out->sheltered, &metres);
		else if (h->pick != ASSIGN_NONE) {
			out->sheltered += h->people;
			metres += (__int128)h->people * h->metres;
		}
	}
	if (metres > INT64_MAX)
		return ASSIGN_OVERFLOW;
	out->person_metres = (int64_t)metres;
	return 0;
}

static int
copy_problem(const struct assign_state *s, struct assign_copy *c)
{
	size_t arcs = 0;

	for (size_t h = 0; h < s->homes; h++)
		arcs += s->row[h].n;
	c->people = malloc((s->homes + 1) * sizeof(*c->people));
	c->places = malloc((s->shelters + 1) * sizeof(*c->places));
	c->first = malloc((s->homes + 1) * sizeof(*c->first));
	c->shelter = malloc((arcs + 1) * sizeof(*c->shelter));
	c->metres = malloc((arcs + 1) * sizeof(*c->metres));
	if (!c->people || !c->places || !c->first || !c->shelter || !c->metres)
		return ASSIGN_NO_MEMORY;
	arcs = 0;
	for (size_t h = 0; h < s->homes; h++) {
		const struct assign_row r = s->row[h];

		c->people[h] = s->people[h];
		c->first[h] = arcs;
		for (uint32_t i = 0; i < r.n; i++) {
			c->shelter[arcs] = s->shelter[r.way[i].shelter];
			c->metres[arcs++] = r.way[i].metres;
		}
	}
	c->first[s->homes] = arcs;
	assign_layout_out(&s->layout, s->places, c->places);
	c->problem = (struct assign_problem){ s->homes, s->shelters, arcs,
		c->people, c->places, c->first, c->shelter, c->metres };
	return 0;
}

int
assign_copy(const struct assign_state *s, struct assign_copy *out)
{
	const struct assign_reading reading = { &s->tree, &s->layout,
		s->owner.item, s->owner.n };
	int r;

	*out = (struct assign_copy){ 0 };
	if ((r = copy_problem(s, out)) < 0)
		return r;
	return assign_answer_read(&reading, &out->problem,
	    calloc(out->problem.arcs + 1, sizeof(*out->answer.flow)),
	    &out->answer);
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

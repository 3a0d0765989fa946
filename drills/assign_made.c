/* SPDX-License-Identifier: MIT */
/* Arrays of known size, filled in order: see assign_made.h. */
#include <stdlib.h>
#include "drills/assign_made.h"

int
assign_made_init(
    struct assign_made *m, size_t homes, size_t shelters, size_t arcs)
{
	*m = (struct assign_made){ 0 };
	m->people = malloc((homes + 1) * sizeof(*m->people));
	m->places = calloc(shelters + 1, sizeof(*m->places));
	m->first = malloc((homes + 1) * sizeof(*m->first));
	m->metres = malloc((arcs + 1) * sizeof(*m->metres));
	m->shelter = malloc((arcs + 1) * sizeof(*m->shelter));
	m->from = malloc((arcs + 1) * sizeof(*m->from));
	if (!m->people || !m->places || !m->first || !m->metres ||
	    !m->shelter || !m->from)
		return ASSIGN_NO_MEMORY;
	m->first[0] = 0;
	m->p = (struct assign_problem){ 0, shelters, 0, m->people, m->places,
		m->first, m->shelter, m->metres };
	return 0;
}

void
assign_made_release(struct assign_made *m)
{
	free(m->people);
	free(m->places);
	free(m->first);
	free(m->metres);
	free(m->shelter);
	free(m->from);
	*m = (struct assign_made){ 0 };
}

void
assign_made_arc(
    struct assign_made *m, uint32_t shelter, int64_t metres, size_t from)
{
	m->shelter[m->p.arcs] = shelter;
	m->metres[m->p.arcs] = metres;
	m->from[m->p.arcs++] = from;
}

void
assign_made_home(struct assign_made *m, int64_t people)
{
	m->people[m->p.homes++] = people;
	m->first[m->p.homes] = m->p.arcs;
}

int
assign_made_solve(const struct assign_made *m, const int64_t *guess,
    struct assign_answer *a, assign_progress *progress, void *arg)
{
	char why[160];
	int r = assign_solve_near(&m->p, guess, a, progress, arg);

	if (r == 0 && assign_check(&m->p, a, why, sizeof(why)) != 0)
		r = ASSIGN_NOT_PROVED;
	return r;
}

int64_t
assign_made_longest(const struct assign_problem *p)
{
	int64_t most = 0;

	for (size_t a = 0; a < p->arcs; a++)
		if (p->metres[a] > most)
			most = p->metres[a];
	return most;
}

int64_t
assign_made_chain(const struct assign_problem *p)
{
	return (int64_t)(p->homes < p->shelters ? p->homes : p->shelters);
}

/* SPDX-License-Identifier: MIT */
/* See assign_layout.h. */
#include <stdbool.h>
#include <stdlib.h>
#include "drills/assign_layout.h"
#include "drills/assign_number.h"
#include "drills/halves.h"

enum { ARC_NS = 3 };

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

/* What the halves of the arcs do, and what they have seen. */
struct laying {
	const struct assign_problem *problem;
	const struct assign_layout *layout;
	bool bad[2];
	int64_t dearest[2];
};

static void
lay_arcs(void *arg, size_t from, size_t to)
{
	struct laying *l = arg;
	const struct assign_problem *p = l->problem;
	int64_t dearest = 0;
	bool bad = false;

	for (size_t a = from; a < to; a++) {
		int64_t metres = p->metres[a];

		if (p->shelter[a] >= p->shelters || metres < 0 ||
		    metres > ASSIGN_MAX_METRES) {
			bad = true;
			break;
		}
		dearest = metres > dearest ? metres : dearest;
		l->layout->way[a] =
		    (struct assign_way){ l->layout->number[p->shelter[a]],
			    (int32_t)metres };
	}
	l->bad[from > 0] = bad;
	l->dearest[from > 0] = dearest;
}

static int
lay_all(struct assign_layout *l, const struct assign_problem *p)
{
	struct laying k = { .problem = p, .layout = l };

	halves(p->arcs, lay_arcs, &k, p->arcs * ARC_NS);
	l->dearest = k.dearest[0] > k.dearest[1] ? k.dearest[0] : k.dearest[1];
	return k.bad[0] || k.bad[1] ? ASSIGN_BAD_PROBLEM : 0;
}

static bool
layout_alloc(struct assign_layout *l, const struct assign_problem *p)
{
	size_t shelters = p->shelters + 1;

	l->homes = p->homes;
	l->shelters = p->shelters;
	l->arcs = p->arcs;
	l->number = malloc(shelters * sizeof(*l->number));
	l->to = malloc(shelters * sizeof(*l->to));
	l->places = malloc(shelters * sizeof(*l->places));
	l->row = malloc((p->homes + 1) * sizeof(*l->row));
	l->way = malloc((p->arcs + 1) * sizeof(*l->way));
	return l->number && l->to && l->places && l->row && l->way;
}

int
assign_layout_init(struct assign_layout *l, const struct assign_problem *p)
{
	*l = (struct assign_layout){ 0 };
	if (!problem_good(p))
		return ASSIGN_BAD_PROBLEM;
	if (!layout_alloc(l, p) || assign_number(p, l->number) < 0)
		return ASSIGN_NO_MEMORY;
	for (size_t h = 0; h < p->homes; h++)
		l->row[h] = (struct assign_row){ l->way + p->first[h],
			(uint32_t)(p->first[h + 1] - p->first[h]) };
	for (size_t s = 0; s < p->shelters; s++)
		l->to[s] = (struct assign_way){ (uint32_t)s, 0 };
	assign_layout_in(l, p->places, l->places);
	return lay_all(l, p);
}

void
assign_layout_release(struct assign_layout *l)
{
	free(l->number);
	free(l->way);
	free(l->to);
	free(l->row);
	free(l->places);
	*l = (struct assign_layout){ 0 };
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

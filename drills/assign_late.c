/* SPDX-License-Identifier: MIT */
/*
 * The order by repeated solving: see assign_late.h.  A price per late person
 * above every saving of metres makes late people rare; if the count with 0 and
 * 1 for metres finds no fewer, that is proved.  Then arcs are cut off at ever
 * shorter lengths, halving, as long as the same numbers can be met.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "drills/assign_late.h"
#include "drills/assign_made.h"

struct search {
	const struct assign_problem *p;
	int64_t in_time;
	int64_t price; /* of a late person */
	int64_t people, sheltered, late;
	int64_t *prices; /* [shelters] of the last count that met them */
	bool counted;	 /* there was one */
	assign_progress *progress;
	void *arg;
};

/* Arcs no longer than `most`; metres as they are, or `count`: none. */
static int
cut(const struct search *s, int64_t most, bool count, struct assign_made *m)
{
	const struct assign_problem *p = s->p;
	int r = assign_made_init(m, p->homes, p->shelters, p->arcs);

	if (r < 0)
		return r;
	for (size_t i = 0; i < p->shelters; i++)
		m->places[i] = p->places[i];
	for (size_t h = 0; h < p->homes; h++) {
		for (size_t a = p->first[h]; a < p->first[h + 1]; a++) {
			bool late = p->metres[a] > s->in_time;

			if (p->metres[a] <= most)
				assign_made_arc(m, p->shelter[a],
				    count
					? late
					: p->metres[a] + (late ? s->price : 0),
				    a);
		}
		assign_made_home(m, p->people[h]);
	}
	return 0;
}

static int
solve(const struct search *s, int64_t most, bool count, struct assign_made *m,
    struct assign_answer *a)
{
	const int64_t *guess = count && s->counted ? s->prices : NULL;
	int r = cut(s, most, count, m);

	*a = (struct assign_answer){ 0 };
	return r < 0 ? r : assign_made_solve(m, guess, a, s->progress, s->arg);
}

/* How many can be sheltered, and how few of them late, when nobody walks
 * farther than `most`: whether that is what the search must meet, or, at first,
 * sets that. */
static int
count_late(struct search *s, int64_t most, bool *met)
{
	struct assign_made m;
	struct assign_answer a;
	int r = solve(s, most, true, &m, &a);

	if (r == 0 && !s->counted) {
		s->sheltered = a.sheltered;
		s->late = a.person_metres;
	}
	*met = a.sheltered == s->sheltered && a.person_metres == s->late;
	if (r == 0 && *met) {
		memcpy(s->prices, a.shelter_price,
		    s->p->shelters * sizeof(*s->prices));
		s->counted = true;
	}
	assign_release(&a);
	assign_made_release(&m);
	return r;
}

static void
read_plan(const struct search *s, const struct assign_made *m,
    const struct assign_answer *a, struct assign_late *out)
{
	__int128 metres = 0;

	out->people = a->people;
	out->sheltered = a->sheltered;
	for (size_t i = 0; i < m->p.arcs; i++) {
		int64_t way = s->p->metres[m->from[i]], n = a->flow[i];

		out->flow[m->from[i]] = n;
		metres += (__int128)n * way;
		if (n > 0 && way > out->last)
			out->last = way;
		if (way > s->in_time)
			out->late += n;
	}
	out->person_metres = (int64_t)metres;
	out->bound = (int64_t)(a->bound - (__int128)s->price * out->late);
}

/* The least metres when nobody walks farther than `most`; `out` is replaced. */
static int
walk(const struct search *s, int64_t most, struct assign_late *out)
{
	struct assign_made m;
	struct assign_answer a;
	int r = solve(s, most, false, &m, &a);

	assign_late_release(out);
	out->flow = calloc(s->p->arcs + 1, sizeof(*out->flow));
	if (out->flow == NULL)
		r = ASSIGN_NO_MEMORY;
	if (r == 0)
		read_plan(s, &m, &a, out);
	assign_release(&a);
	assign_made_release(&m);
	return r;
}

static int
by_length(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Different lengths of arcs above `least`, at most `most`, rising. */
static int64_t *
lengths(const struct assign_problem *p, int64_t least, int64_t most, size_t *n)
{
	int64_t *v = malloc((p->arcs + 1) * sizeof(*v));
	size_t all = 0;

	*n = 0;
	if (v == NULL)
		return NULL;
	for (size_t a = 0; a < p->arcs; a++)
		if (p->metres[a] > least && p->metres[a] <= most)
			v[all++] = p->metres[a];
	qsort(v, all, sizeof(*v), by_length);
	for (size_t i = 0; i < all; i++)
		if (*n == 0 || v[i] != v[*n - 1])
			v[(*n)++] = v[i];
	return v;
}

/* The shortest length that still meets the numbers; *last is one that does. */
static int
shorten(struct search *s, int64_t *last)
{
	size_t low = 0, high;
	int64_t least = s->late > 0 ? s->in_time : -1;
	int64_t *v = lengths(s->p, least, *last, &high);
	int r = v != NULL ? 0 : ASSIGN_NO_MEMORY;

	high = high > 0 ? high - 1 : 0;
	while (r == 0 && low < high) {
		size_t mid = low + (high - low) / 2;
		bool met;

		r = count_late(s, v[mid], &met);
		if (met)
			high = mid;
		else
			low = mid + 1;
	}
	if (r == 0 && s->sheltered > 0)
		*last = v[high];
	free(v);
	return r;
}

static int
search(struct search *s, struct assign_late *out)
{
	int64_t last;
	bool met;
	int r;

	if ((r = count_late(s, INT64_MAX, &met)) < 0 ||
	    (r = walk(s, INT64_MAX, out)) < 0)
		return r;
	last = out->last;
	if (out->late == s->late && (r = shorten(s, &last)) < 0)
		return r;
	if (out->late == s->late && last < out->last)
		r = walk(s, last, out);
	return r == 0 && out->late != s->late ? ASSIGN_OVERFLOW : r;
}

int
assign_late(const struct assign_problem *p, int64_t in_time,
    struct assign_late *out, assign_progress *progress, void *arg)
{
	struct search s = {
		.p = p, .in_time = in_time, .progress = progress, .arg = arg
	};
	int r = ASSIGN_NO_MEMORY;

	*out = (struct assign_late){ 0 };
	s.price = ASSIGN_MAX_METRES - assign_made_longest(p);
	if (s.price < 0 || in_time < 0)
		return ASSIGN_BAD_PROBLEM;
	s.prices = malloc((p->shelters + 1) * sizeof(*s.prices));
	if (s.prices != NULL)
		r = search(&s, out);
	free(s.prices);
	return r;
}

void
assign_late_release(struct assign_late *l)
{
	free(l->flow);
	*l = (struct assign_late){ 0 };
}

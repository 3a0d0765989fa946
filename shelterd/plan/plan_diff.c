/* SPDX-License-Identifier: MIT */
/* Two sorted lists of seats walked together: see plan_diff.h. */
#include "shelterd/plan/plan_diff.h"

#include <stdlib.h>

struct change {
	int64_t home, shelter, more; /* people, negative: fewer */
};

static int
by_seat(const void *a, const void *b)
{
	const struct assignment_row *x = a, *y = b;

	if (x->home != y->home)
		return x->home < y->home ? -1 : 1;
	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

/* What changes per home and shelter; at most na + nb. */
static size_t
changes(struct change *out, const struct assignment_row *a, size_t na,
    const struct assignment_row *b, size_t nb, int64_t *same)
{
	size_t i = 0, j = 0, n = 0;

	while (i < na || j < nb) {
		int order = i == na ? 1 : j == nb ? -1 : by_seat(&a[i], &b[j]);
		int64_t before = order <= 0 ? a[i].people : 0;
		int64_t after = order >= 0 ? b[j].people : 0;
		const struct assignment_row *row = order <= 0 ? &a[i] : &b[j];

		*same += before < after ? before : after;
		if (before != after)
			out[n++] = (struct change){ row->home, row->shelter,
				after - before };
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}

/* The next change of one sign in c[from … to), or `to`. */
static size_t
next_of(const struct change *c, size_t from, size_t to, int sign)
{
	while (from < to && (sign > 0 ? c[from].more <= 0 : c[from].more >= 0))
		from++;
	return from;
}

/* Matches the changes of one home, c[from … to); appends moves. */
static size_t
match_home(struct change *c, size_t from, size_t to, struct plan_move *out)
{
	size_t n = 0;
	size_t less = next_of(c, from, to, -1), more = next_of(c, from, to, 1);

	while (less < to || more < to) {
		int64_t gone = less < to ? -c[less].more : INT64_MAX;
		int64_t come = more < to ? c[more].more : INT64_MAX;
		int64_t people = gone < come ? gone : come;

		out[n++] = (struct plan_move){ c[from].home, people,
			less < to ? c[less].shelter : 0,
			more < to ? c[more].shelter : 0 };
		if (less < to)
			c[less].more += people;
		if (more < to)
			c[more].more -= people;
		less = next_of(c, less, to, -1);
		more = next_of(c, more, to, 1);
	}
	return n;
}

struct plan_move *
plan_diff(struct assignment_row *a, size_t na, struct assignment_row *b,
    size_t nb, size_t *n, int64_t *same)
{
	struct change *c = malloc((na + nb + 1) * sizeof(*c));
	struct plan_move *out = malloc((na + nb + 1) * sizeof(*out));
	size_t nc;

	*n = 0;
	*same = 0;
	if (c == NULL || out == NULL) {
		free(c);
		free(out);
		return NULL;
	}
	qsort(a, na, sizeof(*a), by_seat);
	qsort(b, nb, sizeof(*b), by_seat);
	nc = changes(c, a, na, b, nb, same);
	for (size_t i = 0, end; i < nc; i = end) {
		for (end = i; end < nc && c[end].home == c[i].home;)
			end++;
		*n += match_home(c, i, end, out + *n);
	}
	free(c);
	return out;
}

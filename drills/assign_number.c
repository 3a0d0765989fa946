/* SPDX-License-Identifier: MIT */
/*
 * Nobody says where the shelters are, but the arcs tell roughly: a home's
 * nearest shelter and its next ones lie at most as far from each other as both
 * ways together are long.  The shortest ways over such links, of a few homes
 * for each shelter, from two pairs of shelters far apart give two coordinates
 * (FastMap: Faloutsos and Lin, SIGMOD 1995), and these a place on a Z-curve.
 * Parts of the city without a link between them follow one another.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "drills/assign_number.h"

enum {
	ASKED = 3,    /* homes for a shelter, roughly */
	NEAR = 8,     /* shelters of each */
	CELLS = 65535 /* of a coordinate */
};

struct link {
	uint32_t to, metres;
};

struct pair {
	uint32_t a, b, metres;
};

/* On the heap: how far it is to this shelter, some way. */
struct mark {
	int64_t metres;
	uint32_t shelter;
};

struct place {
	uint64_t curve; /* part of the city, then place in it */
	uint32_t shelter;
};

struct atlas {
	const struct assign_problem *problem;
	size_t shelters;
	struct pair *pair; /* as homes told them */
	size_t *first;	   /* [shelters + 1] into link */
	struct link *link; /* both ways */
	struct mark *heap; /* one for each link and one more */
	size_t marks;
	uint32_t *part; /* [size] shelters that the search came to */
	size_t size;
	int64_t *away[4]; /* [shelters] from A, B, C, D; < 0: not there yet */
	struct place *place; /* [shelters] */
};

/* ---- links ---- */

struct nearest {
	int64_t metres[NEAR];
	uint32_t shelter[NEAR];
	int n;
};

static void
insert(struct nearest *k, uint32_t shelter, int64_t metres)
{
	int i = k->n < NEAR ? k->n++ : NEAR - 1;

	for (; i > 0 && k->metres[i - 1] > metres; i--) {
		k->metres[i] = k->metres[i - 1];
		k->shelter[i] = k->shelter[i - 1];
	}
	k->metres[i] = metres;
	k->shelter[i] = shelter;
}

static struct nearest
nearest_of(const struct assign_problem *p, size_t home)
{
	struct nearest k = { .n = 0 };

	for (size_t a = p->first[home]; a < p->first[home + 1]; a++) {
		int64_t metres = p->metres[a];

		if (p->shelter[a] >= p->shelters || metres < 0 ||
		    metres > ASSIGN_MAX_METRES)
			continue;
		if (k.n < NEAR || metres < k.metres[NEAR - 1])
			insert(&k, p->shelter[a], metres);
	}
	return k;
}

static size_t
homes_between(const struct assign_problem *p)
{
	size_t n = p->homes / (ASKED * p->shelters + 1);

	return n > 0 ? n : 1;
}

/* One way of the links of some homes, from the nearest shelter. */
static size_t
ask_homes(struct atlas *m)
{
	const struct assign_problem *p = m->problem;
	size_t step = homes_between(p), n = 0;

	for (size_t h = 0; h < p->homes; h += step) {
		struct nearest k = nearest_of(p, h);

		for (int i = 1; i < k.n; i++)
			m->pair[n++] =
			    (struct pair){ k.shelter[0], k.shelter[i],
				    (uint32_t)(k.metres[0] + k.metres[i]) + 1 };
	}
	return n;
}

/* By their shelters, each both ways. */
static void
sort_links(struct atlas *m, size_t pairs)
{
	size_t *first = m->first;

	for (size_t i = 0; i < pairs; i++) {
		first[m->pair[i].a + 1]++;
		first[m->pair[i].b + 1]++;
	}
	for (size_t s = 0; s < m->shelters; s++)
		first[s + 1] += first[s];
	for (size_t i = 0; i < pairs; i++) {
		struct pair k = m->pair[i];

		m->link[first[k.a]++] = (struct link){ k.b, k.metres };
		m->link[first[k.b]++] = (struct link){ k.a, k.metres };
	}
	memmove(first + 1, first, m->shelters * sizeof(*first));
	first[0] = 0;
}

/* Of several links between two shelters the shortest; at[shelters] is scratch.
 */
static void
merge_links(struct atlas *m, size_t *at)
{
	size_t n = 0, end = 0;

	for (size_t s = 0; s < m->shelters; s++) {
		size_t i = end, from = n;

		end = m->first[s + 1];
		m->first[s] = n;
		for (; i < end; i++) {
			struct link l = m->link[i];
			size_t old = at[l.to];

			if (old < from || old >= n || m->link[old].to != l.to)
				m->link[at[l.to] = n++] = l;
			else if (l.metres < m->link[old].metres)
				m->link[old].metres = l.metres;
		}
	}
	m->first[m->shelters] = n;
}

static bool
make_links(struct atlas *m)
{
	const struct assign_problem *p = m->problem;
	size_t asked = p->homes / homes_between(p) + 1;
	size_t most = 2 * asked * (NEAR - 1), pairs;
	size_t *at = calloc(m->shelters + 1, sizeof(*at));

	m->pair = malloc(most / 2 * sizeof(*m->pair));
	m->link = malloc(most * sizeof(*m->link));
	m->heap = malloc((most + 1) * sizeof(*m->heap));
	if (at && m->pair && m->link && m->heap) {
		pairs = ask_homes(m);
		sort_links(m, pairs);
		merge_links(m, at);
	}
	free(at);
	return at && m->pair && m->link && m->heap;
}

/* ---- shortest ways (Dijkstra) ---- */

static void
push(struct atlas *m, uint32_t shelter, int64_t metres)
{
	size_t i = m->marks++;

	for (; i > 0 && m->heap[(i - 1) / 2].metres > metres; i = (i - 1) / 2)
		m->heap[i] = m->heap[(i - 1) / 2];
	m->heap[i] = (struct mark){ metres, shelter };
}

static struct mark
pop(struct atlas *m)
{
	const struct mark top = m->heap[0], last = m->heap[--m->marks];
	size_t i = 0;

	for (size_t below; (below = 2 * i + 1) < m->marks; i = below) {
		if (below + 1 < m->marks &&
		    m->heap[below + 1].metres < m->heap[below].metres)
			below++;
		if (m->heap[below].metres >= last.metres)
			break;
		m->heap[i] = m->heap[below];
	}
	m->heap[i] = last;
	return top;
}

/* Fills away[shelters] and `part` with all that can be reached. */
static void
search(struct atlas *m, uint32_t from, int64_t *away)
{
	m->size = 0;
	push(m, from, 0);
	while (m->marks > 0) {
		struct mark at = pop(m);
		const struct link *l = m->link + m->first[at.shelter];

		if (away[at.shelter] >= 0)
			continue;
		away[at.shelter] = at.metres;
		m->part[m->size++] = at.shelter;
		for (; l < m->link + m->first[at.shelter + 1]; l++)
			if (away[l->to] < 0)
				push(m, l->to, at.metres + l->metres);
	}
}

/* ---- two coordinates ---- */

static int64_t
off(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* Whether shelter s would be the better second, third or fourth corner than
 * `than`, by what is known of the others: far from A; far from both, about as
 * far from one as from the other; far from C in that way. */
static bool
better_corner(const struct atlas *m, int corner, uint32_t s, uint32_t than)
{
	const int64_t *a = m->away[0], *b = m->away[1], *c = m->away[2];

	switch (corner) {
	case 1:
		return a[s] > a[than];
	case 2:
		return a[s] + b[s] - 3 * off(a[s], b[s]) >
		       a[than] + b[than] - 3 * off(a[than], b[than]);
	default:
		return c[s] - off(a[s], b[s]) > c[than] - off(a[than], b[than]);
	}
}

static uint32_t
best_corner(const struct atlas *m, int corner)
{
	uint32_t best = m->part[0];

	for (size_t i = 1; i < m->size; i++)
		if (better_corner(m, corner, m->part[i], best))
			best = m->part[i];
	return best;
}

/* Where a shelter lies between two corners, but for the scale. */
static double
between(int64_t from, int64_t to)
{
	return (double)(from - to) * (double)(from + to);
}

struct span {
	double least, most;
};

static struct span
span_of(const struct atlas *m, const int64_t *from, const int64_t *to)
{
	double at = between(from[m->part[0]], to[m->part[0]]);
	struct span s = { at, at };

	for (size_t i = 1; i < m->size; i++) {
		at = between(from[m->part[i]], to[m->part[i]]);
		s.least = at < s.least ? at : s.least;
		s.most = at > s.most ? at : s.most;
	}
	return s;
}

static uint64_t
cell(const struct span *s, double at)
{
	double width = s->most - s->least;

	return width > 0 ? (uint64_t)((at - s->least) / width * CELLS) : 0;
}

static uint64_t
spread_bits(uint64_t x)
{
	x = (x | x << 8) & 0x00ff00ff;
	x = (x | x << 4) & 0x0f0f0f0f;
	x = (x | x << 2) & 0x33333333;
	return (x | x << 1) & 0x55555555;
}

/* ---- numbers ---- */

/* Places of all shelters that can be reached from this one. */
static void
place_part(struct atlas *m, uint32_t from)
{
	uint32_t corner = from;
	struct span x, y;

	search(m, from, m->away[0]);
	corner = best_corner(m, 1);
	for (size_t i = 0; i < m->size; i++)
		m->away[0][m->part[i]] = -1;
	for (int i = 0; i < 4; i++) {
		search(m, corner, m->away[i]);
		if (i < 3)
			corner = best_corner(m, i + 1);
	}
	x = span_of(m, m->away[0], m->away[1]);
	y = span_of(m, m->away[2], m->away[3]);
	for (size_t i = 0; i < m->size; i++) {
		uint32_t s = m->part[i];

		m->place[s] = (struct place){
			(uint64_t)from << 32 |
			    spread_bits(
				cell(&x, between(m->away[0][s], m->away[1][s])))
				<< 1 |
			    spread_bits(cell(
				&y, between(m->away[2][s], m->away[3][s]))),
			s
		};
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->curve != y->curve)
		return x->curve < y->curve ? -1 : 1;
	return x->shelter < y->shelter ? -1 : 1;
}

static bool
atlas_init(struct atlas *m)
{
	size_t n = m->shelters + 1;

	m->first = calloc(n, sizeof(*m->first));
	m->part = malloc(n * sizeof(*m->part));
	m->place = malloc(n * sizeof(*m->place));
	m->away[0] = malloc(4 * n * sizeof(*m->away[0]));
	if (!m->first || !m->part || !m->place || !m->away[0])
		return false;
	memset(m->away[0], -1, 4 * n * sizeof(*m->away[0]));
	for (size_t i = 1; i < 4; i++)
		m->away[i] = m->away[0] + i * n;
	return make_links(m);
}

static void
atlas_release(struct atlas *m)
{
	free(m->pair);
	free(m->first);
	free(m->link);
	free(m->heap);
	free(m->part);
	free(m->away[0]);
	free(m->place);
}

int
assign_number(const struct assign_problem *p, uint32_t *number)
{
	struct atlas m = { .problem = p, .shelters = p->shelters };
	bool ok = atlas_init(&m);

	for (uint32_t s = 0; ok && s < p->shelters; s++)
		if (m.away[0][s] < 0)
			place_part(&m, s);
	if (ok && p->shelters > 0)
		qsort(m.place, p->shelters, sizeof(*m.place), by_place);
	for (uint32_t i = 0; ok && i < p->shelters; i++)
		number[m.place[i].shelter] = i;
	atlas_release(&m);
	return ok ? 0 : ASSIGN_NO_MEMORY;
}

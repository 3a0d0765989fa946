/* SPDX-License-Identifier: MIT */
/*
 * The discs and the arcs of their union: made for all in the order of the
 * tree, so that neighbours in space are neighbours in memory, and afterwards
 * mended around a disc that changed.  Arcs of a mended disc go to the end of
 * the array; when half of it is dead it is packed.
 *
 * The area is the sum over all arcs of 1/2 (x dy - y dx): it needs no rings,
 * so it cannot be led astray where three circles meet in a point.
 */
#include "gis/union.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/union_part.h"

enum { MOST = 1 << 30 };

static int
arcs_room(struct gis_union *u, size_t more)
{
	size_t cap = u->caparc;
	struct gis_arc *grown;

	if (u->narc + more <= cap)
		return 0;
	while (cap < u->narc + more)
		cap = cap * 2 + 64;
	grown = realloc(u->arc, cap * sizeof(*grown));
	if (grown == NULL)
		return -1;
	u->arc = grown;
	u->caparc = cap;
	return 0;
}

/* Gives the disc the pieces of the sweep as its arcs. */
static int
keep(struct gis_union *u, const struct gis_sweep *s)
{
	struct gis_rimmed *rim = &u->rim[s->item];

	if (arcs_room(u, s->n) == -1)
		return -1;
	u->dead += rim->n;
	*rim = (struct gis_rimmed){ (uint32_t)u->narc, (uint32_t)s->n };
	for (size_t i = 0; i < s->n; i++)
		u->arc[u->narc++] = gis_sweep_arc(s, i);
	return 0;
}

static int
sweep_all(struct gis_union *u)
{
	struct gis_sweep s = { .u = u };
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < u->n; i++)
		if (u->tree.where[i] != GIS_NO_DISC &&
		    (rc = gis_sweep(&s, i)) == 0)
			rc = keep(u, &s);
	free(s.piece);
	return rc;
}

static struct gis_point
middle(const struct gis_circle *c, size_t n)
{
	struct gis_box b = gis_box_empty();

	for (size_t i = 0; i < n; i++)
		if (gis_circle_real(&c[i]))
			b = gis_box_with(b, c[i].at);
	if (b.w > b.e)
		return (struct gis_point){ 0, 0 };
	return (struct gis_point){ (b.w + b.e) / 2, (b.s + b.n) / 2 };
}

static int
discs_room(struct gis_union *u, size_t cap)
{
	void *p;

	if ((p = realloc(u->circle, cap * sizeof(*u->circle))) == NULL)
		return -1;
	u->circle = p;
	if ((p = realloc(u->rim, cap * sizeof(*u->rim))) == NULL)
		return -1;
	u->rim = p;
	if ((p = realloc(u->place, cap * sizeof(*u->place))) == NULL)
		return -1;
	u->place = p;
	if ((p = realloc(u->tree.where, cap * sizeof(uint32_t))) == NULL)
		return -1;
	u->tree.where = p;
	u->cap = cap;
	return 0;
}

/* The circles into the tree, and then into its order. */
static int
settle(struct gis_union *u, const struct gis_circle *given)
{
	if (gis_circles_init(&u->tree, given, u->n, u->n + 1) == -1 ||
	    discs_room(u, u->n + 1) == -1)
		return -1;
	gis_circles_number(&u->tree, u->place, u->n);
	for (size_t i = 0; i < u->n; i++)
		u->circle[u->place[i]] = given[i];
	memset(u->rim, 0, u->cap * sizeof(*u->rim));
	u->origin = middle(u->circle, u->n);
	return sweep_all(u);
}

struct gis_union *
gis_union_new(const struct gis_point *plane_centres, const double *radii,
    double radius, size_t n)
{
	struct gis_circle *given;
	struct gis_union *u;

	if (n > MOST)
		return NULL;
	u = calloc(1, sizeof(*u));
	given = malloc((n + 1) * sizeof(*given));
	if (u == NULL || given == NULL)
		goto fail;
	for (size_t i = 0; i < n; i++)
		given[i] = (struct gis_circle){ plane_centres[i],
			radii == NULL ? radius : radii[i] };
	u->n = n;
	if (settle(u, given) == -1)
		goto fail;
	free(given);
	return u;
fail:
	free(given);
	gis_union_free(u);
	return NULL;
}

void
gis_union_free(struct gis_union *u)
{
	if (u == NULL)
		return;
	gis_circles_release(&u->tree);
	free(u->circle);
	free(u->rim);
	free(u->place);
	free(u->arc);
	free(u);
}

static void *
copied(const void *from, size_t n, size_t cap, size_t size)
{
	void *p = malloc((cap + 1) * size);

	if (p != NULL && n > 0)
		memcpy(p, from, n * size);
	return p;
}

struct gis_union *
gis_union_clone(const struct gis_union *u)
{
	struct gis_union *c = malloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	*c = *u;
	c->circle = copied(u->circle, u->n, u->cap, sizeof(*u->circle));
	c->rim = copied(u->rim, u->n, u->cap, sizeof(*u->rim));
	c->arc = copied(u->arc, u->narc, u->caparc, sizeof(*u->arc));
	c->place = copied(u->place, u->n, u->cap, sizeof(*u->place));
	if (gis_circles_clone(&c->tree, &u->tree, u->n, u->cap) == 0 &&
	    c->circle != NULL && c->rim != NULL && c->arc != NULL &&
	    c->place != NULL)
		return c;
	gis_union_free(c);
	return NULL;
}

size_t
gis_union_size(const struct gis_union *u)
{
	return u->n;
}

size_t
gis_union_arcs(const struct gis_union *u, uint32_t disc, double *radians)
{
	struct gis_rimmed rim = { 0 };

	if (disc < u->n)
		rim = u->rim[u->place[disc]];
	*radians = 0;
	for (uint32_t i = 0; i < rim.n; i++)
		*radians += u->arc[rim.first + i].span;
	return rim.n;
}

/* Twice what the arcs of a disc give to the area. */
static double
swept(const struct gis_union *u, size_t i)
{
	const struct gis_arc *arc = u->arc + u->rim[i].first;
	const struct gis_circle *c = &u->circle[i];
	double x = c->at.x - u->origin.x, y = c->at.y - u->origin.y, sum = 0;

	for (uint32_t k = 0; k < u->rim[i].n; k++, arc++)
		sum +=
		    c->r * (c->r * arc->span + x * (arc->end.y - arc->start.y) -
			       y * (arc->end.x - arc->start.x));
	return sum;
}

/* The sum carries its own rounding along (Neumaier), since the terms of a
 * wide city are much larger than what they add up to. */
double
gis_union_area(const struct gis_union *u)
{
	double sum = 0, lost = 0;

	for (size_t i = 0; i < u->n; i++) {
		double v = u->rim[i].n > 0 ? swept(u, i) : 0, t = sum + v;

		lost += fabs(sum) >= fabs(v) ? (sum - t) + v : (v - t) + sum;
		sum = t;
	}
	return (sum + lost) / 2;
}

static bool
leaf_has(const struct gis_circles *t, size_t leaf, struct gis_point p)
{
	const struct gis_circle_leaf *l;
	int in;

	do {
		l = &t->leaf[leaf];
		in = 0;
		for (int i = 0; i < GIS_LEAF; i++) {
			double dx = l->x[i] - p.x, dy = l->y[i] - p.y;

			in |= sqrt(dx * dx + dy * dy) <= l->r[i];
		}
		leaf = l->next;
	} while (!in && leaf != 0);
	return in;
}

bool
gis_union_has(const struct gis_union *u, struct gis_point p)
{
	const struct gis_circles *t = &u->tree;
	size_t stack[64], n = 0, node, far;

	stack[n++] = 1;
	while (n > 0) {
		const struct gis_circle_node *at = &t->node[node = stack[--n]];

		/* A hair more than squares can be off; the leaf is exact. */
		if (gis_box_distance2(&at->box, p) >
		    at->reach * at->reach * (1 + 1e-12))
			continue;
		if (node >= t->leaves) {
			if (leaf_has(t, node - t->leaves, p))
				return true;
			continue;
		}
		far = gis_box_distance2(&t->node[node * 2].box, p) <=
		      gis_box_distance2(&t->node[node * 2 + 1].box, p);
		stack[n++] = node * 2 + far;
		stack[n++] = node * 2 + !far;
	}
	return false;
}

/* Live arcs to the front, in the order of the discs. */
static int
pack(struct gis_union *u)
{
	struct gis_arc *arc = malloc(u->caparc * sizeof(*arc));
	size_t n = 0;

	if (arc == NULL)
		return -1;
	for (size_t i = 0; i < u->n; i++) {
		memcpy(arc + n, u->arc + u->rim[i].first,
		    u->rim[i].n * sizeof(*arc));
		u->rim[i].first = (uint32_t)n;
		n += u->rim[i].n;
	}
	free(u->arc);
	u->arc = arc;
	u->narc = n;
	u->dead = 0;
	return 0;
}

struct mend {
	struct gis_union *u;
	struct gis_sweep s;
	uint32_t changed;
	const struct gis_circle *gone; /* NULL: it came */
};

static bool
same_circle(const struct gis_circle *a, const struct gis_circle *b)
{
	return a->at.x == b->at.x && a->at.y == b->at.y && a->r == b->r;
}

/* Whether circle a pokes out of b: only then is the piece of it that b hid
 * less than all of it. */
static bool
crosses(const struct gis_circle *a, const struct gis_circle *b)
{
	double d = gis_distance(a->at, b->at);

	return d > fabs(a->r - b->r) * (1 + 1e-9) && d < a->r + b->r;
}

static int
mend_one(void *arg, uint32_t item)
{
	struct mend *m = arg;
	struct gis_union *u = m->u;
	bool hidden = u->rim[item].n == 0;
	int rc;

	if (item == m->changed)
		return 0;
	if (m->gone == NULL && hidden)
		return 0;
	if (hidden && crosses(&u->circle[item], m->gone) &&
	    !same_circle(&u->circle[item], m->gone))
		rc = gis_sweep_under(&m->s, item, m->gone);
	else
		rc = gis_sweep(&m->s, item);
	if (rc == 0 && (m->s.n > 0 || !hidden))
		rc = keep(u, &m->s);
	return rc;
}

static int
mend_around(struct gis_union *u, uint32_t disc, const struct gis_circle *c,
    const struct gis_circle *gone)
{
	struct mend m = { .u = u, .s.u = u, .changed = disc, .gone = gone };
	int rc = gis_circles_meeting(&u->tree, c, mend_one, &m);

	free(m.s.piece);
	if (rc == 0 && u->dead > u->narc / 2 + 1024)
		rc = pack(u);
	return rc;
}

static int
go(struct gis_union *u, uint32_t i)
{
	struct gis_circle gone = u->circle[i];

	if (u->tree.where[i] == GIS_NO_DISC)
		return 0;
	gis_circles_drop(&u->tree, i);
	u->circle[i].r = 0;
	u->dead += u->rim[i].n;
	u->rim[i].n = 0;
	return mend_around(u, i, &gone, &gone);
}

static int
come(struct gis_union *u, uint32_t i)
{
	struct gis_sweep s = { .u = u };
	int rc = gis_circles_add(&u->tree, i, &u->circle[i]);

	if (rc == 0)
		rc = gis_sweep(&s, i);
	if (rc == 0)
		rc = keep(u, &s);
	free(s.piece);
	return rc == 0 ? mend_around(u, i, &u->circle[i], NULL) : -1;
}

int
gis_union_take(struct gis_union *u, uint32_t disc)
{
	return disc < u->n ? go(u, u->place[disc]) : 0;
}

int
gis_union_put(
    struct gis_union *u, uint32_t disc, struct gis_point at, double radius)
{
	uint32_t i;

	if (disc > u->n || disc >= MOST)
		return -1;
	if (disc == u->cap && discs_room(u, u->cap * 2) == -1)
		return -1;
	if (disc == u->n) {
		u->tree.where[u->n] = GIS_NO_DISC;
		u->place[u->n] = disc;
		u->rim[u->n++] = (struct gis_rimmed){ 0, 0 };
	}
	i = u->place[disc];
	if (go(u, i) == -1)
		return -1;
	u->circle[i] = (struct gis_circle){ at, radius };
	return gis_circle_real(&u->circle[i]) ? come(u, i) : 0;
}

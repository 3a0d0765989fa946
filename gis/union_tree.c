/* SPDX-License-Identifier: MIT */
/*
 * A tree of circles for gis/union*.c: halved at the median of the wider axis
 * like gis/tree.c, on the circles themselves, which sort faster than numbers
 * of boxes do.  Building costs n log n, a change log n.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/select.h"
#include "gis/union_part.h"

enum { FULL = 14, STACK = 64 }; /* circles a leaf is built with, at most */

struct entry {
	double at[2], r;
	uint32_t item;
};

struct builder {
	struct gis_circles *t;
	struct entry *e;
	size_t n;
};

bool
gis_circle_real(const struct gis_circle *c)
{
	return isfinite(c->at.x) && isfinite(c->at.y) && c->r > 0 &&
	       isfinite(c->r);
}

static inline bool
before(int axis, const struct entry *a, const struct entry *b)
{
	return a->at[axis] < b->at[axis] ||
	       (a->at[axis] == b->at[axis] && a->item < b->item);
}

GIS_SELECT(select_kth, struct entry, int, before)

static void
leaf_put(struct gis_circle_leaf *l, uint32_t i, struct gis_point at, double r,
    uint32_t item)
{
	l->x[i] = at.x;
	l->y[i] = at.y;
	l->r[i] = r;
	l->item[i] = item;
}

static void
leaf_clear(struct gis_circle_leaf *l)
{
	for (uint32_t i = 0; i < GIS_LEAF; i++)
		leaf_put(l, i, (struct gis_point){ INFINITY, INFINITY }, 0,
		    GIS_NO_DISC);
	l->n = l->next = 0;
}

static void
leaf_fill(struct gis_circles *t, size_t leaf, const struct entry *e, size_t n)
{
	struct gis_circle_leaf *l = &t->leaf[leaf];

	leaf_clear(l);
	for (l->n = 0; l->n < n; l->n++) {
		struct gis_point at = { e[l->n].at[0], e[l->n].at[1] };

		leaf_put(l, l->n, at, e[l->n].r, e[l->n].item);
		t->where[e[l->n].item] = (uint32_t)leaf;
	}
}

static void
node_grow(struct gis_circle_node *n, struct gis_point at, double r)
{
	n->box = gis_box_with(n->box, at);
	n->reach = fmax(n->reach, r);
}

static struct gis_circle_node
node_of(const struct entry *e, size_t n)
{
	struct gis_circle_node node = { gis_box_empty(), 0 };

	for (size_t i = 0; i < n; i++) {
		struct gis_box *b = &node.box;

		b->w = e[i].at[0] < b->w ? e[i].at[0] : b->w;
		b->e = e[i].at[0] > b->e ? e[i].at[0] : b->e;
		b->s = e[i].at[1] < b->s ? e[i].at[1] : b->s;
		b->n = e[i].at[1] > b->n ? e[i].at[1] : b->n;
		node.reach = e[i].r > node.reach ? e[i].r : node.reach;
	}
	return node;
}

/* Node `at` holds the leaves from `leaf`, `width` of them. */
static void
split(struct builder *b, size_t at, size_t leaf, size_t width)
{
	struct gis_circles *t = b->t;
	size_t lo = leaf * b->n / t->leaves;
	size_t hi = (leaf + width) * b->n / t->leaves;
	size_t mid = (leaf + width / 2) * b->n / t->leaves;
	struct gis_box *box = &t->node[at].box;

	t->node[at] = node_of(b->e + lo, hi - lo);
	if (width == 1) {
		leaf_fill(t, leaf, b->e + lo, hi - lo);
		return;
	}
	if (mid > lo && mid < hi)
		select_kth(b->e + lo, (ptrdiff_t)(hi - lo),
		    (ptrdiff_t)(mid - lo), box->e - box->w < box->n - box->s);
	split(b, at * 2, leaf, width / 2);
	split(b, at * 2 + 1, leaf + width / 2, width / 2);
}

static size_t
take_real(struct entry *e, const struct gis_circle *c, size_t n)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (gis_circle_real(&c[i]))
			e[m++] = (struct entry){ { c[i].at.x, c[i].at.y },
				c[i].r, (uint32_t)i };
	return m;
}

int
gis_circles_init(
    struct gis_circles *t, const struct gis_circle *c, size_t n, size_t cap)
{
	struct builder b = { .t = t };

	memset(t, 0, sizeof(*t));
	b.e = malloc((n + 1) * sizeof(*b.e));
	t->where = malloc((cap + 1) * sizeof(*t->where));
	if (b.e == NULL || t->where == NULL)
		goto fail;
	memset(t->where, 0xff, (cap + 1) * sizeof(*t->where));
	b.n = take_real(b.e, c, n);
	for (t->leaves = 1; t->leaves * FULL < b.n;)
		t->leaves *= 2;
	t->nleaf = t->capleaf = t->leaves;
	t->node = malloc(2 * t->leaves * sizeof(*t->node));
	t->leaf = malloc(t->leaves * sizeof(*t->leaf));
	if (t->node == NULL || t->leaf == NULL)
		goto fail;
	split(&b, 1, 0, t->leaves);
	free(b.e);
	return 0;
fail:
	free(b.e);
	gis_circles_release(t);
	return -1;
}

void
gis_circles_number(struct gis_circles *t, uint32_t *place, size_t n)
{
	uint32_t next = 0;

	for (size_t i = 0; i < n; i++)
		place[i] = GIS_NO_DISC;
	for (size_t l = 0; l < t->nleaf; l++)
		for (uint32_t i = 0; i < t->leaf[l].n; i++) {
			place[t->leaf[l].item[i]] = next;
			t->leaf[l].item[i] = next;
			t->where[next++] = (uint32_t)l;
		}
	for (size_t i = 0; i < n; i++)
		if (place[i] == GIS_NO_DISC) {
			t->where[next] = GIS_NO_DISC;
			place[i] = next++;
		}
}

int
gis_circles_clone(
    struct gis_circles *t, const struct gis_circles *from, size_t n, size_t cap)
{
	*t = *from;
	t->node = malloc(2 * t->leaves * sizeof(*t->node));
	t->leaf = malloc(t->capleaf * sizeof(*t->leaf));
	t->where = malloc((cap + 1) * sizeof(*t->where));
	if (t->node == NULL || t->leaf == NULL || t->where == NULL)
		return -1;
	memcpy(t->node, from->node, 2 * t->leaves * sizeof(*t->node));
	memcpy(t->leaf, from->leaf, t->nleaf * sizeof(*t->leaf));
	if (n > 0)
		memcpy(t->where, from->where, n * sizeof(*t->where));
	return 0;
}

void
gis_circles_release(struct gis_circles *t)
{
	free(t->node);
	free(t->leaf);
	free(t->where);
	memset(t, 0, sizeof(*t));
}

static int
chain_leaf(struct gis_circles *t, size_t behind)
{
	size_t cap = t->capleaf * 2;
	struct gis_circle_leaf *grown;

	if (t->nleaf == t->capleaf) {
		grown = realloc(t->leaf, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		t->leaf = grown;
		t->capleaf = cap;
	}
	leaf_clear(&t->leaf[t->nleaf]);
	t->leaf[t->nleaf].next = t->leaf[behind].next;
	t->leaf[behind].next = (uint32_t)t->nleaf++;
	return 0;
}

/* Down the nearer boxes, which grow on the way. */
int
gis_circles_add(
    struct gis_circles *t, uint32_t item, const struct gis_circle *c)
{
	size_t node = 1, leaf;

	while (node < t->leaves) {
		double l = gis_box_distance2(&t->node[node * 2].box, c->at);
		double r = gis_box_distance2(&t->node[node * 2 + 1].box, c->at);

		node_grow(&t->node[node], c->at, c->r);
		node = node * 2 + (r < l);
	}
	node_grow(&t->node[node], c->at, c->r);
	leaf = node - t->leaves;
	while (t->leaf[leaf].n == GIS_LEAF && t->leaf[leaf].next != 0)
		leaf = t->leaf[leaf].next;
	if (t->leaf[leaf].n == GIS_LEAF) {
		if (chain_leaf(t, leaf) == -1)
			return -1;
		leaf = t->leaf[leaf].next;
	}
	leaf_put(&t->leaf[leaf], t->leaf[leaf].n++, c->at, c->r, item);
	t->where[item] = (uint32_t)leaf;
	return 0;
}

void
gis_circles_drop(struct gis_circles *t, uint32_t item)
{
	struct gis_circle_leaf *l;
	uint32_t i = 0, last;

	if (t->where[item] == GIS_NO_DISC)
		return;
	l = &t->leaf[t->where[item]];
	while (l->item[i] != item)
		i++;
	last = --l->n;
	leaf_put(l, i, (struct gis_point){ l->x[last], l->y[last] }, l->r[last],
	    l->item[last]);
	leaf_put(
	    l, last, (struct gis_point){ INFINITY, INFINITY }, 0, GIS_NO_DISC);
	t->where[item] = GIS_NO_DISC;
}

static int
leaf_meeting(const struct gis_circles *t, size_t leaf,
    const struct gis_circle *c, int (*each)(void *, uint32_t item), void *arg)
{
	const struct gis_circle_leaf *l;

	do {
		l = &t->leaf[leaf];
		for (uint32_t i = 0; i < l->n; i++) {
			double dx = l->x[i] - c->at.x, dy = l->y[i] - c->at.y;
			double reach = l->r[i] + c->r;

			if (dx * dx + dy * dy < reach * reach &&
			    each(arg, l->item[i]) == -1)
				return -1;
		}
		leaf = l->next;
	} while (leaf != 0);
	return 0;
}

/* Stops and returns -1 when each() does. */
int
gis_circles_meeting(const struct gis_circles *t, const struct gis_circle *c,
    int (*each)(void *, uint32_t item), void *arg)
{
	size_t stack[STACK], n = 0, node;

	stack[n++] = 1;
	while (n > 0) {
		double reach;

		node = stack[--n];
		reach = t->node[node].reach + c->r;
		if (gis_box_distance2(&t->node[node].box, c->at) >=
		    reach * reach)
			continue;
		if (node < t->leaves) {
			stack[n++] = node * 2 + 1;
			stack[n++] = node * 2;
		} else if (leaf_meeting(t, node - t->leaves, c, each, arg) ==
			   -1) {
			return -1;
		}
	}
	return 0;
}

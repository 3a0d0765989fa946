/* SPDX-License-Identifier: MIT */
/*
 * Builds the packed tree: a quickselect per node, n log n in all.  The item
 * range of a node is computed, not stored, which fixes where to cut.
 */
#include "gis/tree.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gis/select.h"

struct builder {
	struct gis_tree *t;
	const struct gis_box *box;
};

/* Twice the middle of an item's box on an axis; enough to compare. */
static double
middle(const struct builder *b, uint32_t item, int axis)
{
	const struct gis_box *box = &b->box[item];

	return axis == 0 ? box->w + box->e : box->s + box->n;
}

struct cut {
	const struct builder *b;
	int axis;
};

/* Item numbers break ties, so the tree depends on the set alone. */
static inline bool
before(struct cut c, const uint32_t *i, const uint32_t *j)
{
	double u = middle(c.b, *i, c.axis), v = middle(c.b, *j, c.axis);

	return u < v || (u == v && *i < *j);
}

GIS_SELECT(select_kth, uint32_t, struct cut, before)

static struct gis_box
join(struct gis_box a, struct gis_box b)
{
	a = gis_box_with(a, (struct gis_point){ b.w, b.s });
	return gis_box_with(a, (struct gis_point){ b.e, b.n });
}

/* Node `at` holds the leaves from `leaf`, `width` of them. */
static void
split(const struct builder *b, size_t at, size_t leaf, size_t width)
{
	struct gis_tree *t = b->t;
	size_t lo = gis_tree_first(t, leaf);
	size_t hi = gis_tree_first(t, leaf + width);
	size_t mid = gis_tree_first(t, leaf + width / 2);
	struct gis_box box = gis_box_empty();

	for (size_t i = lo; i < hi; i++)
		box = join(box, b->box[t->item[i]]);
	t->node[at] = box;
	if (width == 1)
		return;
	if (mid > lo && mid < hi)
		select_kth(t->item + lo, (ptrdiff_t)(hi - lo),
		    (ptrdiff_t)(mid - lo),
		    (struct cut){ b, box.e - box.w < box.n - box.s });
	split(b, at * 2, leaf, width / 2);
	split(b, at * 2 + 1, leaf + width / 2, width / 2);
}

int
gis_tree_init(struct gis_tree *t, const struct gis_box *box, size_t n)
{
	struct builder b = { t, box };

	memset(t, 0, sizeof(*t));
	if (n > INT32_MAX)
		return -1;
	t->n = n;
	for (t->leaves = 1; t->leaves * GIS_LEAF < n;)
		t->leaves *= 2;
	t->node = malloc(2 * t->leaves * sizeof(*t->node));
	t->item = malloc((n + 1) * sizeof(*t->item));
	if (t->node == NULL || t->item == NULL) {
		gis_tree_release(t);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		t->item[i] = (uint32_t)i;
	t->node[0] = gis_box_empty();
	split(&b, 1, 0, t->leaves);
	return 0;
}

void
gis_tree_release(struct gis_tree *t)
{
	free(t->node);
	free(t->item);
	memset(t, 0, sizeof(*t));
}

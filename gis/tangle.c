/* SPDX-License-Identifier: MIT */
/*
 * Whether an invalid area is worth repairing.  A repair costs what the rings
 * cross: two thousand random points cross a quarter of a million times, and
 * GEOS then works for a quarter of a minute in a gigabyte.  So the places
 * where segments meet are counted first, and counting stops at a limit.
 */
#include <stdlib.h>

#include "gis/geos.h"
#include "gis/tree.h"

enum { FREE_MEETINGS = 10000, PER_SEGMENT = 4, STACK = 64 };

struct segments {
	const struct gis_point *p; /* segment i: p[at[i]], p[at[i] + 1] */
	size_t *at;
	struct gis_box *box;
	size_t n;
	struct gis_tree tree;
};

/* Which side of a-b is c: its sign. */
static int
side(struct gis_point a, struct gis_point b, struct gis_point c)
{
	double d = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

	return (d > 0) - (d < 0);
}

static bool
overlap(const struct gis_box *a, const struct gis_box *b)
{
	return a->w <= b->e && b->w <= a->e && a->s <= b->n && b->s <= a->n;
}

static bool
meet(const struct segments *s, size_t i, size_t j)
{
	struct gis_point a = s->p[s->at[i]], b = s->p[s->at[i] + 1];
	struct gis_point c = s->p[s->at[j]], d = s->p[s->at[j] + 1];

	return overlap(&s->box[i], &s->box[j]) &&
	       side(a, b, c) * side(a, b, d) <= 0 &&
	       side(c, d, a) * side(c, d, b) <= 0;
}

/* Meetings of segment i with later ones. */
static size_t
meetings(const struct segments *s, size_t i)
{
	const struct gis_tree *t = &s->tree;
	size_t stack[STACK] = { 1 }, n = 1, node, found = 0;

	while (n > 0) {
		node = stack[--n];
		if (!overlap(&t->node[node], &s->box[i]))
			continue;
		if (node < t->leaves) {
			stack[n++] = node * 2;
			stack[n++] = node * 2 + 1;
			continue;
		}
		node -= t->leaves;
		for (size_t k = gis_tree_first(t, node);
		     k < gis_tree_first(t, node + 1); k++)
			found += t->item[k] > i && meet(s, i, t->item[k]);
	}
	return found;
}

static int
init(struct segments *s, const struct gis_point *p, const size_t *first,
    size_t runs)
{
	s->p = p;
	s->at = malloc((first[runs] + 1) * sizeof(*s->at));
	s->box = calloc(first[runs] + 1, sizeof(*s->box));
	if (s->at == NULL || s->box == NULL)
		return -1;
	for (size_t l = 0; l < runs; l++)
		for (size_t i = first[l]; i + 1 < first[l + 1]; i++) {
			s->at[s->n] = i;
			s->box[s->n] = gis_box_with(gis_box_empty(), p[i]);
			s->box[s->n] = gis_box_with(s->box[s->n], p[i + 1]);
			s->n++;
		}
	return gis_tree_init(&s->tree, s->box, s->n);
}

bool
gis_is_tangled(struct gis *gis, const struct gis_shape *shape)
{
	struct segments s = { 0 };
	struct gis_point *p = NULL;
	size_t *first = NULL, runs, found = 0, limit = 0;

	if (gis_shape_lines(gis, shape, &p, &first, &runs) == -1)
		return true;
	if (init(&s, p, first, runs) == 0)
		limit = FREE_MEETINGS + PER_SEGMENT * s.n;
	for (size_t i = 0; i < s.n && found <= limit; i++)
		found += meetings(&s, i);
	gis_tree_release(&s.tree);
	free(s.box);
	free(s.at);
	free(first);
	free(p);
	return found > limit || limit == 0;
}

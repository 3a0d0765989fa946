/* SPDX-License-Identifier: MIT */
/* A tree of boxes (tree.h) with the boxes themselves beside it. */
#include "gis/boxes.h"

#include <stdlib.h>
#include <string.h>

#include "gis/tree.h"

struct gis_boxes {
	struct gis_tree tree;
	struct gis_box *box;
};

struct gis_boxes *
gis_boxes_new(const struct gis_box *box, size_t n)
{
	struct gis_boxes *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->box = malloc((n + 1) * sizeof(*s->box));
	if (s->box != NULL && gis_tree_init(&s->tree, box, n) == 0) {
		if (n > 0)
			memcpy(s->box, box, n * sizeof(*box));
		return s;
	}
	gis_boxes_free(s);
	return NULL;
}

void
gis_boxes_free(struct gis_boxes *s)
{
	if (s == NULL)
		return;
	gis_tree_release(&s->tree);
	free(s->box);
	free(s);
}

/* What is asked: a box, or a point and the square of a distance. */
struct ask {
	struct gis_box box;
	const struct gis_point *point;
	double distance2;
	int (*each)(void *, uint32_t);
	void *arg;
};

static bool
wanted(const struct ask *k, const struct gis_box *b)
{
	if (k->point != NULL)
		return gis_box_distance2(b, *k->point) <= k->distance2;
	return b->w <= k->box.e && k->box.w <= b->e && b->s <= k->box.n &&
	       k->box.s <= b->n;
}

static int
ask_leaf(const struct gis_boxes *s, const struct ask *k, size_t leaf)
{
	size_t last = gis_tree_first(&s->tree, leaf + 1);
	int rc = 0;

	for (size_t i = gis_tree_first(&s->tree, leaf); rc == 0 && i < last;
	     i++)
		if (wanted(k, &s->box[s->tree.item[i]]))
			rc = k->each(k->arg, s->tree.item[i]);
	return rc;
}

static int
ask_tree(const struct gis_boxes *s, const struct ask *k)
{
	size_t stack[64], n = 0, node;
	int rc = 0;

	if (s->tree.n == 0)
		return 0;
	stack[n++] = 1;
	while (rc == 0 && n > 0) {
		node = stack[--n];
		if (!wanted(k, &s->tree.node[node]))
			continue;
		if (node >= s->tree.leaves)
			rc = ask_leaf(s, k, node - s->tree.leaves);
		else {
			stack[n++] = node * 2 + 1;
			stack[n++] = node * 2;
		}
	}
	return rc;
}

int
gis_boxes_meeting(const struct gis_boxes *s, struct gis_box b,
    int (*each)(void *, uint32_t), void *arg)
{
	struct ask k = { .box = b, .each = each, .arg = arg };

	return ask_tree(s, &k);
}

int
gis_boxes_near(const struct gis_boxes *s, struct gis_point p, double distance,
    int (*each)(void *, uint32_t), void *arg)
{
	struct ask k = { .point = &p,
		.distance2 = distance * distance,
		.each = each,
		.arg = arg };

	return ask_tree(s, &k);
}

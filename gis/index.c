/* SPDX-License-Identifier: MIT */
/*
 * The k nearest points and all within a radius, on the packed tree with the
 * coordinates copied in leaf order.  A query touches O(log n + k) leaves of
 * sixteen neighbours each, keeps its state on the stack and in the caller's
 * array, and compares squares; equal squares go by item number.  24 to
 * 44 bytes a point in all.
 */
#include "gis/index.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gis/tree.h"

enum { STACK = 64, FEW = 32, MOST_MOVED = 256 };

/* A leaf's coordinates side by side, so that its distances are computed as
 * vectors; places beyond its items are at infinity. */
struct leaf {
	double x[GIS_LEAF], y[GIS_LEAF];
};

/* Shared by all indexes that were made from one. */
struct packed {
	atomic_uint refs;
	struct gis_tree tree;
	struct leaf *leaf;
	uint32_t last; /* the largest item, if there is one */
};

/* Items that moved since are gone from the packed ones and stand in a list of
 * their own, which every question goes through. */
struct gis_index {
	struct packed *packed;
	uint32_t *gone; /* bits over items up to `last`; NULL: none is */
	size_t ngone;	/* of those in the tree */
	struct gis_moved *moved;
	size_t nmoved;
};

/* Items whose place is known, as boxes of no size; *n of them. */
static struct gis_box *
boxes_of(const struct gis_point *p, size_t *n, uint32_t *number)
{
	struct gis_box *box = calloc(*n + 1, sizeof(*box));
	size_t kept = 0;

	for (size_t i = 0; box != NULL && i < *n; i++) {
		if (!isfinite(p[i].x) || !isfinite(p[i].y))
			continue;
		box[kept] = gis_box_with(gis_box_empty(), p[i]);
		number[kept++] = (uint32_t)i;
	}
	*n = kept;
	return box;
}

static int
copy_leaves(struct packed *index, const struct gis_point *p)
{
	const struct gis_tree *t = &index->tree;
	struct leaf *to;

	index->leaf = malloc(t->leaves * sizeof(*index->leaf));
	if (index->leaf == NULL)
		return -1;
	for (size_t l = 0; l < t->leaves; l++) {
		size_t first = gis_tree_first(t, l);
		size_t n = gis_tree_first(t, l + 1) - first;

		to = &index->leaf[l];
		for (size_t i = 0; i < GIS_LEAF; i++) {
			to->x[i] = i < n ? p[t->item[first + i]].x : INFINITY;
			to->y[i] = i < n ? p[t->item[first + i]].y : INFINITY;
		}
	}
	return 0;
}

static int
fill(struct packed *index, const struct gis_point *p, size_t n)
{
	uint32_t *number = malloc((n + 1) * sizeof(*number));
	struct gis_box *box = NULL;
	int rc = -1;

	if (number == NULL)
		return -1;
	box = boxes_of(p, &n, number);
	if (box == NULL || gis_tree_init(&index->tree, box, n) == -1)
		goto out;
	for (size_t i = 0; i < n; i++)
		index->tree.item[i] = number[index->tree.item[i]];
	index->last = n > 0 ? number[n - 1] : 0;
	rc = copy_leaves(index, p);
out:
	free(box);
	free(number);
	return rc;
}

/* Points that are not finite are never found. NULL when out of memory. */
struct gis_index *
gis_index_new(const struct gis_point *plane, size_t n)
{
	struct gis_index *index;

	if (n > INT32_MAX)
		return NULL;
	index = calloc(1, sizeof(*index));
	if (index == NULL)
		return NULL;
	index->packed = calloc(1, sizeof(*index->packed));
	if (index->packed != NULL) {
		index->packed->refs = 1;
		if (fill(index->packed, plane, n) == 0)
			return index;
	}
	gis_index_free(index);
	return NULL;
}

void
gis_index_free(struct gis_index *index)
{
	struct packed *p;

	if (index == NULL)
		return;
	p = index->packed;
	if (p != NULL && atomic_fetch_sub(&p->refs, 1) == 1) {
		gis_tree_release(&p->tree);
		free(p->leaf);
		free(p);
	}
	free(index->gone);
	free(index->moved);
	free(index);
}

static bool
is_gone(const struct gis_index *index, uint32_t item)
{
	return index->gone != NULL && (index->gone[item / 32] >> item % 32 & 1);
}

/* Whether the tree holds the item: some places are not finite. */
static bool
is_packed(const struct packed *p, uint32_t item)
{
	for (size_t i = 0; i < p->tree.n; i++)
		if (p->tree.item[i] == item)
			return true;
	return false;
}

static int
place_moved(struct gis_index *index, struct gis_moved m)
{
	size_t i = 0;

	while (i < index->nmoved && index->moved[i].item != m.item)
		i++;
	if (i == MOST_MOVED)
		return -1;
	if (i == index->nmoved) {
		index->nmoved++;
		if (m.item <= index->packed->last &&
		    is_packed(index->packed, m.item)) {
			index->gone[m.item / 32] |= 1u << m.item % 32;
			index->ngone++;
		}
	}
	index->moved[i] = m;
	return 0;
}

struct gis_index *
gis_index_with(
    const struct gis_index *old, const struct gis_moved *moved, size_t n)
{
	struct gis_index *index = calloc(1, sizeof(*index));
	size_t words = old->packed->last / 32 + 1;
	int rc = 0;

	if (index == NULL)
		return NULL;
	index->packed = old->packed;
	atomic_fetch_add(&index->packed->refs, 1);
	index->gone = calloc(words, sizeof(*index->gone));
	index->moved = malloc(MOST_MOVED * sizeof(*index->moved));
	if (index->gone == NULL || index->moved == NULL)
		rc = -1;
	if (rc == 0 && old->gone != NULL)
		memcpy(index->gone, old->gone, words * sizeof(*old->gone));
	if (rc == 0 && old->nmoved > 0)
		memcpy(index->moved, old->moved,
		    old->nmoved * sizeof(*old->moved));
	index->ngone = old->ngone;
	index->nmoved = old->nmoved;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = place_moved(index, moved[i]);
	if (rc == 0)
		return index;
	gis_index_free(index);
	return NULL;
}

/* The best so far, metres still squared: a sorted list while k is small, a
 * heap with the worst on top when it is not. */
struct best {
	struct gis_hit *hit;
	size_t n, k;
	double worst; /* INFINITY until k are known */
};

static inline int
closer(struct gis_hit a, struct gis_hit b)
{
	return a.metres < b.metres || (a.metres == b.metres && a.item < b.item);
}

static inline void
insert(struct best *b, struct gis_hit h)
{
	size_t i = b->n < b->k ? b->n++ : b->n - 1;

	for (; i > 0 && closer(h, b->hit[i - 1]); i--)
		b->hit[i] = b->hit[i - 1];
	b->hit[i] = h;
	if (b->n == b->k)
		b->worst = b->hit[b->n - 1].metres;
}

static void
sift_down(struct gis_hit *hit, size_t n, size_t i, struct gis_hit h)
{
	size_t c;

	while ((c = 2 * i + 1) < n) {
		if (c + 1 < n && closer(hit[c], hit[c + 1]))
			c++;
		if (!closer(h, hit[c]))
			break;
		hit[i] = hit[c];
		i = c;
	}
	hit[i] = h;
}

static void
push(struct best *b, struct gis_hit h)
{
	size_t i = b->n;

	if (b->n == b->k) {
		sift_down(b->hit, b->n, 0, h);
	} else {
		b->n++;
		for (; i > 0 && closer(b->hit[(i - 1) / 2], h); i = (i - 1) / 2)
			b->hit[i] = b->hit[(i - 1) / 2];
		b->hit[i] = h;
	}
	if (b->n == b->k)
		b->worst = b->hit[0].metres;
}

static inline void
offer(struct best *b, struct gis_hit h)
{
	if (b->n == b->k &&
	    !closer(h, b->k <= FEW ? b->hit[b->k - 1] : b->hit[0]))
		return;
	if (b->k <= FEW)
		insert(b, h);
	else
		push(b, h);
}

static inline void
squares(const struct leaf *leaf, struct gis_point p, double *d2)
{
	for (size_t i = 0; i < GIS_LEAF; i++) {
		double dx = leaf->x[i] - p.x, dy = leaf->y[i] - p.y;

		d2[i] = dx * dx + dy * dy;
	}
}

static inline void
scan_leaf(const struct gis_index *index, size_t leaf, struct gis_point p,
    struct best *b)
{
	const struct packed *t = index->packed;
	size_t first = gis_tree_first(&t->tree, leaf);
	size_t n = gis_tree_first(&t->tree, leaf + 1) - first;
	const uint32_t *item = t->tree.item + first;
	double d2[GIS_LEAF];

	squares(&t->leaf[leaf], p, d2);
	for (size_t i = 0; i < n; i++)
		if (d2[i] <= b->worst && !is_gone(index, item[i]))
			offer(b, (struct gis_hit){ item[i], d2[i] });
}

/* NaN, and so never near, when the place is not finite. */
static double
square(struct gis_point a, struct gis_point p)
{
	double dx = a.x - p.x, dy = a.y - p.y;

	return isfinite(a.x) && isfinite(a.y) ? dx * dx + dy * dy : NAN;
}

struct pending {
	size_t node;
	double d2;
};

/* Depth first, the nearer child first. */
static void
search(const struct gis_index *index, struct gis_point p, struct best *b)
{
	const struct gis_tree *t = &index->packed->tree;
	struct pending stack[STACK], l, r;
	size_t n = 0, node;

	stack[n++] = (struct pending){ 1, 0 };
	while (n > 0) {
		node = stack[--n].node;
		if (stack[n].d2 > b->worst)
			continue;
		while (node < t->leaves) {
			l.node = node * 2;
			r.node = l.node + 1;
			l.d2 = gis_box_distance2(&t->node[l.node], p);
			r.d2 = gis_box_distance2(&t->node[r.node], p);
			node = l.d2 <= r.d2 ? l.node : r.node;
			stack[n] = l.d2 <= r.d2 ? r : l;
			n += stack[n].d2 <= b->worst;
			if ((l.d2 <= r.d2 ? l.d2 : r.d2) > b->worst)
				break;
		}
		if (node >= t->leaves)
			scan_leaf(index, node - t->leaves, p, b);
	}
}

static void
sort_hits(struct gis_hit *hit, size_t n)
{
	struct gis_hit last;

	for (size_t i = n / 2; i-- > 0;)
		sift_down(hit, n, i, hit[i]);
	while (n > 1) {
		last = hit[--n];
		hit[n] = hit[0];
		sift_down(hit, n, 0, last);
	}
}

static void
roots(struct gis_hit *hit, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hit[i].metres = sqrt(hit[i].metres);
}

size_t
gis_index_nearest(const struct gis_index *index, struct gis_point p, size_t k,
    struct gis_hit *out)
{
	struct best b = { .hit = out, .k = k, .worst = INFINITY };

	size_t all = index->packed->tree.n - index->ngone + index->nmoved;

	if (k > all)
		b.k = all;
	if (b.k == 0 || !isfinite(p.x) || !isfinite(p.y))
		return 0;
	for (size_t i = 0; i < index->nmoved; i++) {
		double d2 = square(index->moved[i].plane, p);

		if (d2 <= b.worst)
			offer(&b, (struct gis_hit){ index->moved[i].item, d2 });
	}
	if (index->packed->tree.n > 0)
		search(index, p, &b);
	if (b.k > FEW)
		sort_hits(out, b.n);
	roots(out, b.n);
	return b.n;
}

struct found {
	struct gis_hit *hit;
	size_t n, cap;
};

static int
append(struct found *f, struct gis_hit h)
{
	size_t cap = f->cap * 2;
	struct gis_hit *grown;

	if (f->n == f->cap) {
		grown = realloc(f->hit, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		f->hit = grown;
		f->cap = cap;
	}
	f->hit[f->n++] = h;
	return 0;
}

static int
within_leaf(const struct gis_index *index, size_t leaf, struct gis_point p,
    double metres, struct found *f)
{
	const struct packed *t = index->packed;
	size_t first = gis_tree_first(&t->tree, leaf);
	size_t n = gis_tree_first(&t->tree, leaf + 1) - first;
	const uint32_t *item = t->tree.item + first;
	double d2[GIS_LEAF];

	squares(&t->leaf[leaf], p, d2);
	for (size_t i = 0; i < n; i++)
		if (sqrt(d2[i]) <= metres && !is_gone(index, item[i]) &&
		    append(f, (struct gis_hit){ item[i], d2[i] }) == -1)
			return -1;
	return 0;
}

static int
search_within(const struct gis_index *index, struct gis_point p, double metres,
    struct found *f)
{
	const struct gis_tree *t = &index->packed->tree;
	size_t stack[STACK], n = 0, node;

	for (size_t i = 0; i < index->nmoved; i++) {
		double d2 = square(index->moved[i].plane, p);

		if (sqrt(d2) <= metres &&
		    append(f, (struct gis_hit){ index->moved[i].item, d2 }) ==
			-1)
			return -1;
	}
	if (t->n > 0)
		stack[n++] = 1;
	while (n > 0) {
		node = stack[--n];
		if (sqrt(gis_box_distance2(&t->node[node], p)) > metres)
			continue;
		if (node < t->leaves) {
			stack[n++] = node * 2;
			stack[n++] = node * 2 + 1;
		} else if (within_leaf(index, node - t->leaves, p, metres, f) ==
			   -1) {
			return -1;
		}
	}
	return 0;
}

/* Never NULL unless out of memory, also when there is none. */
struct gis_hit *
gis_index_within(
    const struct gis_index *index, struct gis_point p, double metres, size_t *n)
{
	struct found f = { .hit = malloc(64 * sizeof(*f.hit)), .cap = 64 };

	*n = 0;
	if (f.hit == NULL || !isfinite(p.x) || !isfinite(p.y) || !(metres >= 0))
		return f.hit;
	if (search_within(index, p, metres, &f) == -1) {
		free(f.hit);
		return NULL;
	}
	sort_hits(f.hit, f.n);
	roots(f.hit, f.n);
	*n = f.n;
	return f.hit;
}

/* SPDX-License-Identifier: MIT */
/*
 * Which points lie within a radius of any of many centres.  Centres are hashed
 * into cells whose diagonal is the radius: a point in a cell that has a centre
 * is within reach of it, and most points of a city are.  The others look at
 * the centres of the 24 cells around, and where these are many, ask the tree of
 * circles, which is built when the first one does.  So a point costs one look
 * into a table, or some dozens, or log n.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/union_part.h"

enum { ENOUGH = 64 }; /* centres worth measuring before the tree is asked */

struct slot {
	uint64_t key;  /* 0: free */
	uint32_t head; /* the last centre that came */
};

struct reach {
	const struct gis_point *centre;
	size_t n;
	double radius, per_metre;
	struct gis_point origin;
	struct slot *slot;
	uint32_t *next; /* centre in the same cell */
	uint64_t mask;
	struct gis_union tree; /* nothing but the tree of it */
	bool grown, failed;
};

struct cell {
	int64_t x, y;
};

static struct cell
cell_of(const struct reach *r, struct gis_point p)
{
	return (
	    struct cell){ (int64_t)floor((p.x - r->origin.x) * r->per_metre),
		(int64_t)floor((p.y - r->origin.y) * r->per_metre) };
}

/* Beyond, numbers of cells would repeat; also what is not finite. */
static bool
in_range(const struct reach *r, struct gis_point p)
{
	return fabs(p.x - r->origin.x) * r->per_metre < 1e9 &&
	       fabs(p.y - r->origin.y) * r->per_metre < 1e9;
}

/* Never 0: both numbers are far below 2^30. */
static uint64_t
key_of(struct cell at)
{
	return (uint64_t)(at.x + (1 << 30)) << 32 |
	       (uint64_t)(at.y + (1 << 30));
}

/* The cell's place in the table, or the free one where it would be. */
static struct slot *
slot_of(const struct reach *r, uint64_t key)
{
	uint64_t i = (key * 0x9e3779b97f4a7c15u) >> 20;

	while (r->slot[i & r->mask].key != 0 && r->slot[i & r->mask].key != key)
		i++;
	return &r->slot[i & r->mask];
}

static void
add(struct reach *r, uint32_t i)
{
	uint64_t key = key_of(cell_of(r, r->centre[i]));
	struct slot *slot = slot_of(r, key);

	r->next[i] = slot->key == 0 ? GIS_NO_DISC : slot->head;
	*slot = (struct slot){ key, i };
}

/* A diagonal is a hair under the radius, so that rounding does not reach too
 * far. */
static int
reach_init(struct reach *r)
{
	size_t slots = 64, i = 0;

	while (slots < 2 * r->n)
		slots *= 2;
	r->slot = calloc(slots, sizeof(*r->slot));
	r->next = malloc((r->n + 1) * sizeof(*r->next));
	if (r->slot == NULL || r->next == NULL)
		return -1;
	r->mask = slots - 1;
	r->per_metre = sqrt(2) * (1 + 1e-9) / r->radius;
	while (i < r->n && !isfinite(r->centre[i].x + r->centre[i].y))
		i++;
	if (i < r->n)
		r->origin = r->centre[i];
	for (; i < r->n; i++)
		if (in_range(r, r->centre[i]))
			add(r, (uint32_t)i);
	return 0;
}

static int
grow_tree(struct reach *r)
{
	struct gis_circle *circle = malloc((r->n + 1) * sizeof(*circle));
	int rc = -1;

	if (circle != NULL) {
		for (size_t i = 0; i < r->n; i++)
			circle[i] =
			    (struct gis_circle){ r->centre[i], r->radius };
		rc = gis_circles_init(&r->tree.tree, circle, r->n, r->n);
	}
	free(circle);
	r->grown = true;
	r->failed = rc == -1;
	return rc;
}

static bool
ask_tree(struct reach *r, struct gis_point p)
{
	if (!r->grown)
		grow_tree(r);
	return !r->failed && gis_union_has(&r->tree, p);
}

/* Whether the cell at the offset has a centre near enough; counts them. */
static bool
look_into(const struct reach *r, struct cell at, struct gis_point p, int *seen)
{
	const struct slot *slot = slot_of(r, key_of(at));
	uint32_t i = slot->key == 0 ? GIS_NO_DISC : slot->head;

	for (; i != GIS_NO_DISC && *seen < ENOUGH; i = r->next[i], ++*seen)
		if (gis_distance(r->centre[i], p) <= r->radius)
			return true;
	return false;
}

static bool
reached(struct reach *r, struct gis_point p)
{
	/* The nearer cells first. */
	static const signed char off[24][2] = { { 0, 1 }, { 1, 0 }, { 0, -1 },
		{ -1, 0 }, { 1, 1 }, { 1, -1 }, { -1, -1 }, { -1, 1 }, { 0, 2 },
		{ 2, 0 }, { 0, -2 }, { -2, 0 }, { 1, 2 }, { 2, 1 }, { 2, -1 },
		{ 1, -2 }, { -1, -2 }, { -2, -1 }, { -2, 1 }, { -1, 2 },
		{ 2, 2 }, { 2, -2 }, { -2, -2 }, { -2, 2 } };
	struct cell at;
	int seen = 0;

	if (!in_range(r, p))
		return ask_tree(r, p);
	at = cell_of(r, p);
	if (slot_of(r, key_of(at))->key != 0)
		return true;
	for (int i = 0; i < 24; i++) {
		struct cell by = { at.x + off[i][0], at.y + off[i][1] };

		if (look_into(r, by, p, &seen))
			return true;
		if (seen >= ENOUGH)
			return ask_tree(r, p);
	}
	return false;
}

int
gis_union_reach(const struct gis_point *plane_centres, size_t n, double radius,
    const struct gis_point *p, size_t np, bool *in)
{
	struct reach r = { .centre = plane_centres, .n = n, .radius = radius };
	int rc = -1;

	if (radius > 0 && n < GIS_NO_DISC && reach_init(&r) == 0) {
		for (size_t i = 0; i < np; i++)
			in[i] = reached(&r, p[i]);
		rc = r.failed ? -1 : 0;
	}
	gis_circles_release(&r.tree.tree);
	free(r.slot);
	free(r.next);
	return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * Which points lie within a radius of any of many centres.  Centres are marked
 * in cells whose diagonal is the radius: a point in a marked cell is within
 * reach of whatever marked it, and most points of a city are.  The others ask
 * the tree of circles.  So a point costs one look into a table, or log n.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/union_part.h"

struct cells {
	uint64_t *slot; /* key + 1, 0 if free */
	uint64_t mask;
	double per_metre;
	struct gis_point origin;
};

static uint64_t
key_of(const struct cells *c, struct gis_point p)
{
	int64_t x = (int64_t)floor((p.x - c->origin.x) * c->per_metre);
	int64_t y = (int64_t)floor((p.y - c->origin.y) * c->per_metre);

	return ((uint64_t)(uint32_t)x << 32 | (uint32_t)y) + 1;
}

/* Cells so far out that their numbers would repeat are not marked. */
static bool
in_range(const struct cells *c, struct gis_point p)
{
	return fabs(p.x - c->origin.x) * c->per_metre < 1e9 &&
	       fabs(p.y - c->origin.y) * c->per_metre < 1e9;
}

static uint64_t *
slot_of(const struct cells *c, uint64_t key)
{
	uint64_t at = (key * 0x9e3779b97f4a7c15u) >> 20;

	while (c->slot[at & c->mask] != 0 && c->slot[at & c->mask] != key)
		at++;
	return &c->slot[at & c->mask];
}

/* A hair under the radius across, so that rounding cannot reach too far. */
static int
mark(struct cells *c, const struct gis_circle *circle, size_t n, double radius)
{
	size_t slots = 64;

	while (slots < 2 * n)
		slots *= 2;
	c->slot = calloc(slots, sizeof(*c->slot));
	if (c->slot == NULL)
		return -1;
	c->mask = slots - 1;
	c->per_metre = sqrt(2) * (1 + 1e-9) / radius;
	c->origin = n > 0 ? circle[0].at : (struct gis_point){ 0, 0 };
	for (size_t i = 0; i < n; i++) {
		uint64_t key;

		if (!gis_circle_real(&circle[i]) || !in_range(c, circle[i].at))
			continue;
		key = key_of(c, circle[i].at);
		*slot_of(c, key) = key;
	}
	return 0;
}

int
gis_union_reach(const struct gis_point *plane_centres, size_t n, double radius,
    const struct gis_point *p, size_t np, bool *in)
{
	struct gis_circle *circle = calloc(n + 1, sizeof(*circle));
	struct gis_union u = { 0 };
	struct cells cells = { 0 };
	int rc = -1;

	if (circle == NULL || !(radius > 0))
		goto out;
	for (size_t i = 0; i < n; i++)
		circle[i] = (struct gis_circle){ plane_centres[i], radius };
	if (gis_circles_init(&u.tree, circle, n, n) == -1 ||
	    mark(&cells, circle, n, radius) == -1)
		goto out;
	for (size_t i = 0; i < np; i++)
		in[i] = (in_range(&cells, p[i]) &&
			    *slot_of(&cells, key_of(&cells, p[i])) != 0) ||
			gis_union_has(&u, p[i]);
	rc = 0;
out:
	gis_circles_release(&u.tree);
	free(cells.slot);
	free(circle);
	return rc;
}

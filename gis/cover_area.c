/* SPDX-License-Identifier: MIT */
/*
 * The covered area around a place, for those who draw a part of the map: the
 * union of the discs that reach into a box, which in the box is the union of
 * all.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/cover.h"

static struct gis_point *
discs_at(const struct gis_coverage *c, struct gis_box b, size_t *n)
{
	struct gis_point mid = { (b.w + b.e) / 2, (b.s + b.n) / 2 };
	double reach =
	    gis_distance(mid, (struct gis_point){ b.e, b.n }) + c->radius;
	struct gis_hit *hit = gis_index_within(c->index, mid, reach, n);
	struct gis_point *at = NULL;
	size_t kept = 0;

	if (hit != NULL)
		at = malloc((*n + 1) * sizeof(*at));
	for (size_t i = 0; at != NULL && i < *n; i++) {
		struct gis_point p = c->entrance[hit[i].item];

		if (p.x >= b.w - c->radius && p.x <= b.e + c->radius &&
		    p.y >= b.s - c->radius && p.y <= b.n + c->radius)
			at[kept++] = p;
	}
	free(hit);
	*n = kept;
	return at;
}

int
gis_coverage_area_in(struct gis *gis, const struct gis_coverage *c,
    struct gis_box box, int chords, struct gis_shape **out)
{
	struct gis_fail fail;
	struct gis_union *u;
	struct gis_point *at;
	size_t n;

	*out = NULL;
	if (c->nentrances == 0 || c->radius == 0)
		return 0;
	at = discs_at(c, box, &n);
	if (at == NULL)
		return -1;
	u = gis_union_new(at, NULL, c->radius, n);
	free(at);
	if (u == NULL)
		return -1;
	if (n > 0)
		*out = gis_union_shape(gis, u, chords, &fail);
	gis_union_free(u);
	return n == 0 || *out != NULL ? 0 : -1;
}

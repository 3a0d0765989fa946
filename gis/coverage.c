/* SPDX-License-Identifier: MIT */
/*
 * The share of every home that lies within the radius of an entrance: the
 * union of all discs is made once (gis/union.h), a home that its rim does not
 * come near is all in or all out, and of the others the area inside is summed
 * along their edges and the rim's arcs.  The discs are true discs here;
 * polygons stand for them only where a shape is asked for (cover_rest.c).
 */
#include "gis/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/cover.h"

enum { MAX_RADIUS = 1000000 };

static double
share_of(double in, double whole)
{
	return rint(in / whole * 4294967296.0) / 4294967296.0;
}

static int
cover_area(struct gis *gis, struct gis_coverage *c, struct gis_covered *h,
    const struct gis_shape *shape)
{
	double in;

	h->area = GEOSGeom_clone_r(gis->h, shape->g);
	if (h->area == NULL)
		return -1;
	h->m2 = gis_geos_area(gis, h->area);
	if (c->nentrances == 0 || c->radius == 0 || h->m2 <= 0)
		return 0;
	if (gis_rim_area(gis, c->rim, shape, h->m2, &in) == -1)
		return -1;
	h->share = share_of(in, h->m2);
	return 0;
}

static int
cover_home(struct gis *gis, struct gis_coverage *c, size_t i,
    const struct gis_home *home)
{
	struct gis_covered *h = &c->home[i];
	struct gis_hit hit;

	h->at = home->plane;
	h->people = home->people;
	if (home->plane_shape != NULL &&
	    gis_shape_kind(home->plane_shape) == GIS_AREA)
		return cover_area(gis, c, h, home->plane_shape);
	if (c->radius > 0)
		h->share = gis_union_has(c->discs, h->at);
	else if (gis_index_nearest(c->index, h->at, 1, &hit) == 1)
		h->share = hit.metres <= 0;
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct gis_point *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return p->y < q->y ? -1 : p->y > q->y;
}

struct gis_point *
gis_places(const struct gis_point *p, size_t n, size_t *kept)
{
	struct gis_point *place = malloc((n + 1) * sizeof(*p));
	size_t all = 0;

	*kept = 0;
	if (place == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (fabs(p[i].x) <= GIS_MAX_COORD &&
		    fabs(p[i].y) <= GIS_MAX_COORD)
			place[all++] = p[i];
	qsort(place, all, sizeof(*p), by_place);
	for (size_t i = 0; i < all; i++)
		if (*kept == 0 || by_place(&place[i], &place[*kept - 1]) != 0)
			place[(*kept)++] = place[i];
	return place;
}

static int
take_entrances(struct gis_coverage *c, const struct gis_point *p, size_t n)
{
	c->entrance = gis_places(p, n, &c->nentrances);
	if (c->entrance == NULL)
		return -1;
	c->index = gis_index_new(c->entrance, c->nentrances);
	c->discs = gis_union_new(c->entrance, NULL, c->radius, c->nentrances);
	if (c->index == NULL || c->discs == NULL)
		return -1;
	c->rim = gis_rim_new(c->discs);
	return c->rim == NULL ? -1 : 0;
}

static struct gis_coverage *
coverage_new(const struct gis_point *p, size_t n, double radius, size_t nhomes)
{
	struct gis_coverage *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->radius = radius;
	gis_disc_init(&c->disc, radius);
	c->home = calloc(nhomes + 1, sizeof(*c->home));
	if (c->home != NULL && take_entrances(c, p, n) == 0) {
		c->nhomes = nhomes;
		return c;
	}
	gis_coverage_free(NULL, c);
	return NULL;
}

/* The result keeps copies of what it needs of the homes. */
struct gis_coverage *
gis_coverage_radius(struct gis *gis, const struct gis_point *plane_entrances,
    size_t n, double radius, const struct gis_home *homes, size_t nhomes,
    int (*cancel)(void *, size_t done, size_t total), void *arg,
    struct gis_fail *fail)
{
	struct gis_coverage *c;
	const char *why = NULL;

	if (!(radius >= 0 && radius <= MAX_RADIUS))
		return gis_refuse(gis, fail, -1,
		    "the radius is not a length between 0 and 1000 km");
	c = coverage_new(plane_entrances, n, radius, nhomes);
	if (c == NULL)
		return gis_refuse(gis, fail, -1, "out of memory");
	for (size_t i = 0; i < nhomes; i++) {
		if (cancel != NULL && cancel(arg, i, nhomes) != 0)
			why = "cancelled";
		else if (cover_home(gis, c, i, &homes[i]) == 0)
			continue;
		gis_coverage_free(gis, c);
		return gis_refuse(gis, fail, (long)i, why);
	}
	return c;
}

void
gis_coverage_free(struct gis *gis, struct gis_coverage *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->nhomes; i++)
		if (c->home[i].area != NULL)
			GEOSGeom_destroy_r(gis->h, c->home[i].area);
	gis_rim_free(c->rim);
	gis_union_free(c->discs);
	gis_index_free(c->index);
	free(c->home);
	free(c->entrance);
	free(c);
}

int
gis_union_share(struct gis *gis, const struct gis_union *u,
    const struct gis_home *home, double *share)
{
	const struct gis_shape *shape = home->plane_shape;
	struct gis_rim *rim;
	double m2, in;
	int rc = -1;

	*share = 0;
	if (shape == NULL || gis_shape_kind(shape) != GIS_AREA) {
		*share = gis_union_has(u, home->plane);
		return 0;
	}
	if ((m2 = gis_shape_area(gis, shape)) <= 0)
		return 0;
	rim = gis_rim_near(u, gis_shape_box(shape));
	if (rim != NULL)
		rc = gis_rim_area(gis, rim, shape, m2, &in);
	if (rc == 0)
		*share = share_of(in, m2);
	gis_rim_free(rim);
	return rc;
}

const struct gis_union *
gis_coverage_discs(const struct gis_coverage *c)
{
	return c->radius > 0 ? c->discs : NULL;
}

const struct gis_point *
gis_coverage_centres(const struct gis_coverage *c, size_t *n)
{
	*n = c->nentrances;
	return c->entrance;
}

double
gis_coverage_share(const struct gis_coverage *c, size_t home)
{
	return home < c->nhomes ? c->home[home].share : 0;
}

/* SPDX-License-Identifier: MIT */
/* Standing crowds: see coverage_crowd.h. */
#include "shelterd/map/coverage_crowd.h"

#include <math.h>
#include <stdlib.h>

bool
crowd_init(struct plan_arcs *a, size_t points, size_t shelters)
{
	*a = (struct plan_arcs){ .nshelters = shelters };
	a->people = malloc((points + 1) * sizeof(*a->people));
	a->first = malloc((points + 1) * sizeof(*a->first));
	a->places = malloc((shelters + 1) * sizeof(*a->places));
	if (!a->people || !a->first || !a->places)
		return false;
	a->first[0] = 0;
	return plan_arcs_grow(a);
}

int64_t
crowd_places(int64_t usable)
{
	return usable < INT32_MAX ? usable : INT32_MAX;
}

static bool
arc(struct plan_arcs *a, uint32_t shelter, double metres)
{
	if (!plan_arcs_grow(a))
		return false;
	a->to[a->narcs] = shelter;
	a->metres[a->narcs++] = plan_whole_metres(metres);
	return true;
}

static bool
arcs_to_extra(
    struct plan_arcs *a, const struct crowd_doors *d, struct gis_point at)
{
	for (size_t i = 0; i < d->nextra; i++) {
		double metres = gis_distance(at, d->extra[i].plane);

		if (metres <= d->radius && !arc(a, d->extra[i].shelter, metres))
			return false;
	}
	return true;
}

bool
crowd_stand(struct plan_arcs *a, const struct crowd_doors *d,
    struct gis_point at, int64_t people)
{
	size_t n;
	struct gis_hit *hits = gis_index_within(
	    snapshot_entrance_index(d->snap), at, d->radius, &n);
	bool ok = hits != NULL;

	for (size_t i = 0; ok && i < n; i++)
		if (d->of_item[hits[i].item] != UINT32_MAX)
			ok = arc(a, d->of_item[hits[i].item], hits[i].metres);
	free(hits);
	if (!ok || !arcs_to_extra(a, d, at))
		return false;
	a->people[a->nhomes] = people;
	a->first[++a->nhomes] = a->narcs;
	return true;
}

static bool
has_area(const struct snap_home *h)
{
	return h->plane_shape != NULL &&
	       gis_shape_kind(h->plane_shape) == GIS_AREA;
}

size_t
crowd_points(const struct snap_home *h)
{
	if (!has_area(h))
		return 1;
	return h->people < CROWD_SAMPLES ? (size_t)h->people : CROWD_SAMPLES;
}

struct gis_point
crowd_centre(const struct snap_home *h)
{
	struct gis_box box;

	if (!has_area(h))
		return h->plane;
	box = gis_shape_box(h->plane_shape);
	return (struct gis_point){ (box.w + box.e) / 2, (box.s + box.n) / 2 };
}

double
crowd_half(const struct snap_home *h)
{
	struct gis_box box;

	if (!has_area(h))
		return 0;
	box = gis_shape_box(h->plane_shape);
	return hypot(box.e - box.w, box.n - box.s) / 2;
}

/* Doors that may cover some of the home, malloc'd. */
static struct gis_point *
doors_near(
    const struct crowd_doors *d, const struct snap_home *h, size_t *ndoors)
{
	const struct snap_entrance *e;
	struct gis_point *p = NULL;
	size_t n;
	struct gis_hit *hits =
	    gis_index_within(snapshot_entrance_index(d->snap), crowd_centre(h),
		d->radius * GIS_COVER_REACH + crowd_half(h), &n);

	*ndoors = 0;
	if (hits != NULL)
		p = malloc((n + d->nextra + 1) * sizeof(*p));
	for (size_t i = 0; p != NULL && i < n; i++)
		if (d->of_item[hits[i].item] != UINT32_MAX) {
			snapshot_entrance(d->snap, hits[i].item, NULL, &e);
			p[(*ndoors)++] = e->plane;
		}
	for (size_t i = 0; p != NULL && i < d->nextra; i++)
		p[(*ndoors)++] = d->extra[i].plane;
	free(hits);
	return p;
}

static bool
sample(const struct crowd_doors *d, struct gis *gis, const struct snap_home *h,
    double share, struct gis_point *at, size_t *n)
{
	const struct gis_home home = { h->plane_shape, h->plane, h->people };
	struct gis_point *doors = NULL;
	size_t ndoors = 0;

	if (has_area(h) && (doors = doors_near(d, h, &ndoors)) == NULL)
		return false;
	*n = gis_covered_samples(
	    gis, &home, share, doors, ndoors, d->radius, *n, at);
	free(doors);
	return true;
}

bool
crowd_stand_home(struct plan_arcs *a, const struct crowd_doors *d,
    struct gis *gis, const struct snap_home *home, double share, int64_t people)
{
	struct gis_point at[CROWD_SAMPLES];
	size_t n = people < CROWD_SAMPLES ? (size_t)people : CROWD_SAMPLES;

	if (people <= 0)
		return true;
	if (!sample(d, gis, home, share, at, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t some = people / (int64_t)(n - i);

		if (!crowd_stand(a, d, at[i], some))
			return false;
		people -= some;
	}
	return true;
}

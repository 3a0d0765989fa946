/* SPDX-License-Identifier: MIT */
/* Standing crowds: see coverage_crowd.h. */
#include "shelterd/map/coverage_crowd.h"

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
	struct gis_hit *hits = gis_index_within(d->index, at, d->radius, &n);
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

bool
crowd_stand_home(struct plan_arcs *a, const struct crowd_doors *d,
    struct gis *gis, const struct gis_coverage *geometry, size_t home,
    int64_t people)
{
	struct gis_point at[CROWD_SAMPLES];
	size_t n = people < CROWD_SAMPLES ? (size_t)people : CROWD_SAMPLES;

	if (people > 0)
		n = gis_coverage_samples(gis, geometry, home, n, at);
	for (size_t i = 0; people > 0 && i < n; i++) {
		int64_t some = people / (int64_t)(n - i);

		if (!crowd_stand(a, d, at[i], some))
			return false;
		people -= some;
	}
	return true;
}

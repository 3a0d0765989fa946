/* SPDX-License-Identifier: MIT */
/* One search among the doors of all. */
#include "shelterd/map/map_walk.h"

#include <math.h>
#include <stdlib.h>

#include "shelterd/plan/plan_arcs.h"

struct doors {
	struct gis_place *place;
	size_t *of; /* shelter */
	double *metres;
	size_t n;
};

static bool
list_doors(struct doors *d, const struct snapshot *snap, double reach,
    const struct snap_shelter *const *s, size_t n)
{
	size_t most = 1;

	for (size_t i = 0; i < n; i++)
		most += s[i]->nentrances;
	d->place = malloc(most * sizeof(*d->place));
	d->of = malloc(most * sizeof(*d->of));
	d->metres = malloc(most * sizeof(*d->metres));
	if (d->place == NULL || d->of == NULL || d->metres == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t e = 0; e < s[i]->nentrances; e++) {
			const struct snap_entrance *door = &s[i]->entrances[e];

			if (!plan_door_open(s[i], door) ||
			    door->place.edge == UINT32_MAX)
				continue;
			d->place[d->n] = snapshot_place(
			    snap, door->place, door->plane, reach);
			d->of[d->n++] = i;
		}
	return true;
}

int
map_walk(const struct snapshot *snap, struct gis_point plane, double reach,
    double limit, const struct snap_shelter *const *s, size_t n, double *metres)
{
	const struct gis_network *net = snapshot_network(snap);
	struct doors d = { .n = 0 };
	struct gis_walk *w = NULL;
	struct gis_place from;
	int rc = -1;

	for (size_t i = 0; i < n; i++)
		metres[i] = INFINITY;
	if (net == NULL)
		return 0;
	from = gis_network_snap(net, plane, reach);
	if (from.edge == UINT32_MAX)
		return 1;
	if (list_doors(&d, snap, reach, s, n) &&
	    (w = snapshot_walk_take(snap)) != NULL) {
		if (d.n > 0)
			gis_walk_among(w, from, limit, d.place, d.n, d.metres);
		for (size_t i = 0; i < d.n; i++)
			metres[d.of[i]] = fmin(metres[d.of[i]], d.metres[i]);
		rc = 1;
	}
	snapshot_walk_give(snap, w);
	free(d.place);
	free(d.of);
	free(d.metres);
	return rc;
}

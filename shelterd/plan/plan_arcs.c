/* SPDX-License-Identifier: MIT */
/* Builds the arcs of a plan: see plan_arcs.h. */
#include "shelterd/plan/plan_arcs.h"

#include <math.h>
#include <stdlib.h>

#include "shelterd/plan/plan_ways.h"

enum { NEWS = 256 };

/* What one home is measured with. */
struct survey {
	struct plan_arcs *arcs;
	const struct snapshot *snap;
	const struct plan_sites *sites;
	const struct plan_limit *limit;
	const struct plan_ways *ways; /* NULL: straight lines */
	size_t *arc_of; /* [shelters] arc of the present home + 1, or older */
};

int64_t
plan_whole_metres(double metres)
{
	if (!(metres >= 0) || metres > ASSIGN_MAX_METRES)
		return -1;
	return llround(metres);
}

bool
plan_arcs_grow(struct plan_arcs *a)
{
	size_t room = a->room ? a->room * 2 : 1024;
	void *p;

	if (a->narcs < a->room)
		return true;
	if ((p = realloc(a->to, room * sizeof(*a->to))) == NULL)
		return false;
	a->to = p;
	if ((p = realloc(a->metres, room * sizeof(*a->metres))) == NULL)
		return false;
	a->metres = p;
	if ((p = realloc(a->door, room * sizeof(*a->door))) == NULL)
		return false;
	a->door = p;
	a->room = room;
	return true;
}

static bool
arcs_alloc(struct plan_arcs *a, size_t homes, const struct plan_sites *sites)
{
	size_t n = homes + 1;

	*a = (struct plan_arcs){ .nshelters = sites->n };
	a->home = malloc(n * sizeof(*a->home));
	a->people = malloc(n * sizeof(*a->people));
	a->first = malloc(n * sizeof(*a->first));
	a->without = malloc(n * sizeof(*a->without));
	a->shelter = sites->shelter;
	a->places = malloc((sites->n + 1) * sizeof(*a->places));
	if (!a->home || !a->people || !a->first || !a->without || !a->places)
		return false;
	if (!plan_arcs_grow(a))
		return false;
	a->first[0] = 0;
	for (size_t i = 0; i < sites->n; i++)
		a->places[i] = sites->shelter[i]->usable < INT32_MAX
				   ? sites->shelter[i]->usable
				   : INT32_MAX;
	return true;
}

void
plan_arcs_release(struct plan_arcs *a)
{
	free(a->home);
	free(a->people);
	free(a->first);
	free(a->without);
	free(a->places);
	free(a->to);
	free(a->metres);
	free(a->door);
	*a = (struct plan_arcs){ 0 };
}

/* One entrance for the present home; its shelter keeps the nearest one. */
static bool
offer_door(struct survey *v, uint32_t item, int64_t metres)
{
	struct plan_arcs *a = v->arcs;
	uint32_t shelter = v->sites->of_item[item];
	size_t arc = v->arc_of[shelter];
	const struct snap_shelter *s;
	const struct snap_entrance *door;

	snapshot_entrance(v->snap, item, &s, &door);

	if (arc > a->first[a->nhomes]) {
		if (metres < a->metres[arc - 1]) {
			a->metres[arc - 1] = metres;
			a->door[arc - 1] = door;
		}
		return true;
	}
	if (!plan_arcs_grow(a))
		return false;
	a->to[a->narcs] = shelter;
	a->metres[a->narcs] = metres;
	a->door[a->narcs++] = door;
	v->arc_of[shelter] = a->narcs;
	return true;
}

static bool
survey_straight(struct survey *v, const struct snap_home *home)
{
	size_t n;
	struct gis_hit *hits =
	    gis_index_within(snapshot_entrance_index(v->snap), home->plane,
		v->limit->metres, &n);
	bool ok = hits != NULL;

	for (size_t i = 0; ok && i < n; i++)
		if (v->sites->of_item[hits[i].item] != UINT32_MAX)
			ok = offer_door(
			    v, hits[i].item, plan_whole_metres(hits[i].metres));
	free(hits);
	return ok;
}

static bool
survey_ways(struct survey *v, size_t home)
{
	const struct plan_ways *w = v->ways;

	for (size_t i = w->first[home]; i < w->first[home + 1]; i++)
		if (!offer_door(v, w->way[i].item, w->way[i].metres))
			return false;
	return true;
}

static bool
survey_home(struct survey *v, const struct snap_home *home, size_t at)
{
	struct plan_arcs *a = v->arcs;
	const struct plan_ways *w = v->ways;

	if (w != NULL ? !survey_ways(v, at) : !survey_straight(v, home))
		return false;
	a->home[a->nhomes] = home;
	a->people[a->nhomes] = home->people;
	a->without[a->nhomes] =
	    w != NULL && w->near[at] > 0 && w->cut_off[at] == w->near[at]
		? LEFT_NO_PATH
		: LEFT_TOO_FAR;
	a->first[++a->nhomes] = a->narcs;
	return true;
}

static int
survey_all(struct survey *v, assign_progress *progress, void *arg)
{
	size_t homes = snapshot_homes(v->snap);

	for (size_t i = 0; i < homes; i++) {
		const struct snap_home *h = snapshot_home_at(v->snap, i);

		if (v->ways == NULL && progress != NULL && i % NEWS == 0 &&
		    progress(arg, i, homes))
			return ASSIGN_CANCELLED;
		if (h->people > 0 && !survey_home(v, h, i))
			return ASSIGN_NO_MEMORY;
	}
	return 0;
}

int
plan_arcs_build(struct plan_arcs *a, const struct snapshot *snap,
    const struct plan_sites *sites, const struct plan_limit *limit,
    assign_progress *progress, void *arg)
{
	struct plan_ways ways = { 0 };
	struct survey v = { a, snap, sites, limit, NULL, NULL };
	int r = ASSIGN_NO_MEMORY;

	if (!arcs_alloc(a, snapshot_homes(snap), sites))
		return r;
	v.arc_of = calloc(sites->n + 1, sizeof(*v.arc_of));
	if (v.arc_of == NULL)
		return r;
	r = 0;
	if (snapshot_network(snap) != NULL) {
		v.ways = &ways;
		r = plan_ways_measure(&ways, snap, sites, limit, progress, arg);
	}
	if (r == 0)
		r = survey_all(&v, progress, arg);
	plan_ways_release(&ways);
	free(v.arc_of);
	return r;
}

struct assign_problem
plan_arcs_problem(const struct plan_arcs *a)
{
	return (struct assign_problem){ .homes = a->nhomes,
		.shelters = a->nshelters,
		.arcs = a->narcs,
		.people = a->people,
		.places = a->places,
		.first = a->first,
		.shelter = a->to,
		.metres = a->metres };
}

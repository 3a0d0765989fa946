/* SPDX-License-Identifier: MIT */
/* Builds the arcs of a plan: see plan_arcs.h. */
#include "shelterd/plan_arcs.h"

#include <math.h>
#include <stdlib.h>

/* Ways on foot are mostly shorter than this many times the straight line; a
 * second, unbounded search finds the rest. */
enum { DETOUR = 4, NEWS = 256 };

/* What one home is measured with. */
struct survey {
	struct plan_arcs *arcs;
	const struct snapshot *snap;
	const struct plan_sites *sites;
	const struct plan_limit *limit;
	const struct gis_network *net; /* NULL: straight lines */
	struct gis_walk *walk;
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
offer_door(struct survey *v, uint32_t shelter, const struct snap_entrance *door,
    int64_t metres)
{
	struct plan_arcs *a = v->arcs;
	size_t arc = v->arc_of[shelter];

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

/* Entrances within the straight line, measured: how many have no way on foot
 * though the search was not bounded, or lie in another part of the network. */
struct doors {
	size_t near, cut_off, beyond;
};

static bool
same_part(const struct gis_network *net, struct gis_place a, struct gis_place b)
{
	return a.edge != UINT32_MAX && b.edge != UINT32_MAX &&
	       gis_network_component(net, a.edge) ==
		   gis_network_component(net, b.edge);
}

static bool
measure_door(struct survey *v, const struct snap_home *home,
    const struct gis_hit *hit, double searched, struct doors *d)
{
	const struct snap_shelter *s;
	const struct snap_entrance *e;
	uint32_t shelter = v->sites->of_item[hit->item];
	double metres = hit->metres;

	if (shelter == UINT32_MAX)
		return true;
	snapshot_entrance(v->snap, hit->item, &s, &e);
	d->near++;
	if (v->net != NULL) {
		if (!same_part(v->net, home->place, e->place)) {
			d->cut_off++;
			return true;
		}
		metres = gis_walk_to(v->walk, e->place);
		if (metres > searched || isinf(metres)) {
			d->beyond++;
			return true;
		}
	}
	if (plan_whole_metres(metres) < 0)
		return true;
	return offer_door(v, shelter, e, plan_whole_metres(metres));
}

static bool
measure_all(struct survey *v, const struct snap_home *home,
    const struct gis_hit *hits, size_t n, double searched, struct doors *d)
{
	*d = (struct doors){ 0 };
	if (v->net != NULL)
		gis_walk_from(v->walk, home->place, searched);
	for (size_t i = 0; i < n; i++)
		if (!measure_door(v, home, &hits[i], searched, d))
			return false;
	return true;
}

static bool
survey_home(struct survey *v, const struct snap_home *home)
{
	struct plan_arcs *a = v->arcs;
	double limit = v->limit->metres;
	double searched = v->limit->by_minutes ? limit : limit * DETOUR;
	struct doors d;
	size_t n;
	struct gis_hit *hits = gis_index_within(
	    snapshot_entrance_index(v->snap), home->plane, limit, &n);
	bool ok = hits != NULL && measure_all(v, home, hits, n, searched, &d);

	if (ok && d.beyond > 0 && !v->limit->by_minutes)
		ok = measure_all(v, home, hits, n, INFINITY, &d);
	free(hits);
	if (!ok)
		return false;
	a->home[a->nhomes] = home;
	a->people[a->nhomes] = home->people;
	a->without[a->nhomes] =
	    d.near > 0 && d.cut_off == d.near ? LEFT_NO_PATH : LEFT_TOO_FAR;
	a->first[++a->nhomes] = a->narcs;
	return true;
}

static int
survey_all(struct survey *v, assign_progress *progress, void *arg)
{
	size_t homes = snapshot_homes(v->snap);

	for (size_t i = 0; i < homes; i++) {
		const struct snap_home *h = snapshot_home_at(v->snap, i);

		if (progress != NULL && i % NEWS == 0 &&
		    progress(arg, i, homes))
			return ASSIGN_CANCELLED;
		if (h->people > 0 && !survey_home(v, h))
			return ASSIGN_NO_MEMORY;
	}
	return 0;
}

int
plan_arcs_build(struct plan_arcs *a, const struct snapshot *snap,
    const struct plan_sites *sites, const struct plan_limit *limit,
    assign_progress *progress, void *arg)
{
	struct survey v = { a, snap, sites, limit, snapshot_network(snap), NULL,
		NULL };
	int r = ASSIGN_NO_MEMORY;

	if (!arcs_alloc(a, snapshot_homes(snap), sites))
		return r;
	if (v.net != NULL && (v.walk = gis_walk_new(v.net)) == NULL)
		return r;
	v.arc_of = calloc(sites->n + 1, sizeof(*v.arc_of));
	if (v.arc_of != NULL)
		r = survey_all(&v, progress, arg);
	free(v.arc_of);
	gis_walk_free(v.walk);
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

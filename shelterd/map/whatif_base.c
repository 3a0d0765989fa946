/* SPDX-License-Identifier: MIT */
/*
 * The state what-if answers start from, and the two kept newest.  A base in
 * use is nobody else's: it is taken out of the cache and given back.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/map/whatif_part.h"

enum { KEPT = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct whatif_base *kept[KEPT]; /* the newest first */

static int64_t
version(const struct whatif_base *b)
{
	return coverage_totals(b->coverage)->data_version;
}

static struct whatif_base *
take(const char *key)
{
	struct whatif_base *b = NULL;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < KEPT && b == NULL; i++)
		if (kept[i] != NULL && strcmp(kept[i]->key, key) == 0) {
			b = kept[i];
			kept[i] = NULL;
		}
	pthread_mutex_unlock(&lock);
	return b;
}

/* Those of older versions will not be asked for again. */
void
whatif_base_give(struct whatif_base *b)
{
	struct whatif_base *gone[KEPT + 1] = { 0 };
	int n = 0, left = 0;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < KEPT; i++) {
		struct whatif_base *k = kept[i];

		kept[i] = NULL;
		if (k == NULL)
			continue;
		if (left + 1 == KEPT || version(k) < version(b) ||
		    strcmp(k->key, b->key) == 0)
			gone[n++] = k;
		else
			kept[++left] = k;
	}
	kept[0] = b;
	pthread_mutex_unlock(&lock);
	while (n > 0)
		whatif_base_free(gone[--n]);
}

void
whatif_base_free(struct whatif_base *b)
{
	if (b == NULL)
		return;
	assign_close(b->state);
	plan_arcs_release(&b->arcs);
	plan_sites_release(&b->sites);
	gis_index_free(b->centres);
	gis_free(b->gis);
	coverage_unref(b->coverage);
	free(b->key);
	free(b->exact);
	free(b->slot);
	free(b);
}

static bool
has_area(const struct snap_home *h)
{
	return h->plane_shape != NULL &&
	       gis_shape_kind(h->plane_shape) == GIS_AREA;
}

struct gis_point
whatif_centre(const struct whatif_base *b, size_t home)
{
	const struct snap_home *h = b->home[home].home;
	struct gis_box box;

	if (b->limit.by_minutes || !has_area(h))
		return h->plane;
	box = gis_shape_box(h->plane_shape);
	return (struct gis_point){ (box.w + box.e) / 2, (box.s + box.n) / 2 };
}

double
whatif_half(const struct whatif_base *b, size_t home)
{
	const struct snap_home *h = b->home[home].home;
	struct gis_box box;

	if (b->limit.by_minutes || !has_area(h))
		return 0;
	box = gis_shape_box(h->plane_shape);
	return hypot(box.e - box.w, box.n - box.s) / 2;
}

static bool
index_homes(struct whatif_base *b)
{
	struct gis_point *p;

	if (!b->limit.by_minutes)
		return true;
	p = malloc((b->nhomes + 1) * sizeof(*p));
	for (size_t i = 0; p != NULL && i < b->nhomes; i++)
		p[i] = b->home[i].home->plane;
	if (p != NULL)
		b->centres = gis_index_new(p, b->nhomes);
	free(p);
	return b->centres != NULL;
}

/* Room for the most points each home may ever stand on. */
static bool
lay_slots(struct whatif_base *b)
{
	b->slot = malloc((b->nhomes + 1) * sizeof(*b->slot));
	if (b->slot == NULL)
		return false;
	b->slot[0] = 0;
	for (size_t i = 0; i < b->nhomes; i++) {
		const struct snap_home *h = b->home[i].home;
		size_t n = 1;

		if (!b->limit.by_minutes && has_area(h))
			n = h->people < CROWD_SAMPLES ? (size_t)h->people
						      : CROWD_SAMPLES;
		b->slot[i + 1] = b->slot[i] + n;
	}
	return true;
}

static int
make(struct whatif_base *b, const struct snapshot *snap,
    const struct coverage_ask *ask, struct gis_fail *fail)
{
	struct plan_admit admit = { ask->where, ask->hidden };
	int r = coverage_get(snap, ask, NULL, NULL, &b->coverage, fail);

	if (r < 0)
		return r;
	b->snap = coverage_snapshot(b->coverage);
	b->limit = ask->limit;
	b->home = coverage_homes(b->coverage, &b->nhomes);
	b->gis = gis_new();
	b->exact = malloc((b->nhomes + 1) * sizeof(*b->exact));
	if (b->gis == NULL || b->exact == NULL || !index_homes(b) ||
	    !lay_slots(b) ||
	    plan_sites_init(&b->sites, b->snap, plan_admits, &admit) < 0)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < b->nhomes; i++)
		b->exact[i] =
		    b->home[i].share * (double)b->home[i].home->people;
	return b->limit.by_minutes ? plan_arcs_build(&b->arcs, b->snap,
					 &b->sites, &b->limit, NULL, NULL)
				   : 0;
}

static bool
stand_all(struct whatif_base *b)
{
	const struct crowd_doors doors = {
		.index = snapshot_entrance_index(b->snap),
		.of_item = b->sites.of_item,
		.radius = b->limit.metres,
	};

	if (!crowd_init(&b->arcs, b->slot[b->nhomes], b->sites.n))
		return false;
	for (size_t i = 0; i < b->nhomes; i++) {
		if (!crowd_stand_home(&b->arcs, &doors, b->gis,
			coverage_geometry(b->coverage), i, b->home[i].covered))
			return false;
		while (b->arcs.nhomes < b->slot[i + 1]) {
			b->arcs.people[b->arcs.nhomes] = 0;
			b->arcs.first[++b->arcs.nhomes] = b->arcs.narcs;
		}
	}
	return true;
}

/* The plan has shelters without places at the end, for those to open. */
static int
solve(struct whatif_base *b, const struct coverage_ask *ask,
    struct gis_fail *fail)
{
	size_t n = b->sites.n;
	int64_t *places = calloc(n + WHATIF_MOST_OPEN, sizeof(*places));
	struct assign_problem p;
	struct assign_totals totals;
	int r = coverage_need_geometry(b->coverage, ask, fail);

	if (r == 0)
		r = ASSIGN_NO_MEMORY;
	if (r == ASSIGN_NO_MEMORY && places != NULL &&
	    (b->limit.by_minutes || stand_all(b))) {
		for (size_t i = 0; i < n; i++)
			places[i] = crowd_places(b->sites.shelter[i]->usable);
		p = plan_arcs_problem(&b->arcs);
		p.places = places;
		p.shelters = n + WHATIF_MOST_OPEN;
		r = assign_open(&p, &b->state, NULL, NULL);
	}
	free(places);
	if (r == 0 && (r = assign_totals(b->state, &totals)) == 0)
		b->placed = totals.sheltered;
	return r;
}

int
whatif_base_take(const struct snapshot *snap, const struct coverage_ask *ask,
    struct whatif_base **out, struct gis_fail *fail)
{
	struct coverage_ask distance = *ask;
	struct whatif_base *b;
	char *key;
	int r = 0;

	distance.capacity = false;
	*out = NULL;
	if ((key = coverage_key(snap, &distance)) == NULL)
		return ASSIGN_NO_MEMORY;
	b = take(key);
	if (b == NULL) {
		b = calloc(1, sizeof(*b));
		r = b == NULL ? ASSIGN_NO_MEMORY
			      : make(b, snap, &distance, fail);
	}
	if (r == 0 && b->key == NULL) {
		b->key = key;
		key = NULL;
	}
	free(key);
	if (r == 0 && ask->capacity && b->state == NULL)
		r = solve(b, ask, fail);
	if (r < 0) {
		whatif_base_free(b);
		return r;
	}
	*out = b;
	return 0;
}

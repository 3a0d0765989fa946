/* SPDX-License-Identifier: MIT */
/*
 * Computing a coverage: see coverage.h.
 *
 * Capacity by radius: the covered people of a home stand on sample points of
 * its covered part, at most CROWD_SAMPLES of them, and each point can use the
 * shelters within the radius of it; by minutes a home is one point.  The
 * largest number placed is then a flow (coverage_base.h), and so never more
 * than the covered.
 */
#include "shelterd/map/coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/coverage.h"
#include "shelterd/map/coverage_base.h"

/* What computing needs and the result does not. */
struct work {
	struct coverage *c;
	const struct coverage_ask *ask;
	struct plan_sites sites;
	assign_progress *progress;
	void *arg;
	struct gis_fail *fail;
};

bool
coverage_takes_part(
    const struct coverage_ask *ask, const struct snap_shelter *s)
{
	const struct plan_admit admit = { ask->where, ask->hidden };

	return s != NULL && plan_takes_people(s) && plan_admits(&admit, s);
}

bool
coverage_list_homes(struct coverage *c)
{
	size_t all = snapshot_homes(c->snap);

	c->homes = calloc(all + 1, sizeof(*c->homes));
	if (c->homes == NULL)
		return false;
	for (size_t i = 0; i < all; i++) {
		const struct snap_home *h = snapshot_home_at(c->snap, i);

		if (h->people <= 0)
			continue;
		c->homes[c->nhomes++].home = h;
		c->totals.people += h->people;
	}
	return true;
}

/* Entrances of the shelters that take part, malloc'd. */
static struct gis_point *
list_entrances(const struct work *w, size_t *n)
{
	struct gis_point *p = malloc((w->sites.nitems + 1) * sizeof(*p));

	*n = 0;
	for (size_t i = 0; p != NULL && i < w->sites.n; i++) {
		const struct snap_shelter *s = w->sites.shelter[i];

		for (size_t e = 0; e < s->nentrances; e++)
			if (plan_door_open(s, &s->entrances[e]))
				p[(*n)++] = s->entrances[e].plane;
	}
	return p;
}

static struct gis_home *
list_shapes(const struct coverage *c)
{
	struct gis_home *g = malloc((c->nhomes + 1) * sizeof(*g));

	for (size_t i = 0; g != NULL && i < c->nhomes; i++)
		g[i] = (struct gis_home){ c->homes[i].home->plane_shape,
			c->homes[i].home->plane, c->homes[i].home->people };
	return g;
}

static int
make_geometry(struct work *w)
{
	struct coverage *c = w->c;
	size_t n;
	struct gis_point *entrances = list_entrances(w, &n);
	struct gis_home *shapes = list_shapes(c);
	struct gis_coverage *made = NULL;
	int r = ASSIGN_NO_MEMORY;

	if (entrances != NULL && shapes != NULL) {
		made = gis_coverage_radius(c->gis, entrances, n,
		    c->totals.limit.metres, shapes, c->nhomes, w->progress,
		    w->arg, w->fail);
		r = made != NULL ? 0 : COVERAGE_GEOMETRY;
	}
	atomic_store(&c->geometry, made);
	free(entrances);
	free(shapes);
	return r;
}

static int
cover_by_radius(struct work *w)
{
	struct coverage *c = w->c;
	const struct gis_union *discs;
	int r = make_geometry(w);

	if (r < 0)
		return r;
	for (size_t i = 0; i < c->nhomes; i++)
		c->homes[i].share = gis_coverage_share(c->geometry, i);
	discs = gis_coverage_discs(c->geometry);
	c->totals.area = discs != NULL ? gis_union_area(discs) : 0;
	return coverage_round_homes(c);
}

bool
coverage_copy_homes(struct coverage *c, const struct coverage *from)
{
	c->homes = malloc((from->nhomes + 1) * sizeof(*c->homes));
	if (c->homes == NULL)
		return false;
	memcpy(c->homes, from->homes, from->nhomes * sizeof(*c->homes));
	c->nhomes = from->nhomes;
	for (size_t i = 0; i < c->nhomes; i++)
		c->homes[i].placed = 0;
	c->totals.people = from->totals.people;
	c->totals.usable_shelters = from->totals.usable_shelters;
	c->totals.places = from->totals.places;
	return true;
}

static int
compute(struct work *w)
{
	struct coverage *c = w->c;
	const struct plan_admit admit = { w->ask->where, w->ask->hidden };
	int r;

	if (c->gis == NULL || !coverage_list_homes(c) ||
	    plan_sites_init(&w->sites, c->snap, plan_admits, &admit) < 0)
		return ASSIGN_NO_MEMORY;
	c->totals.usable_shelters = (int64_t)w->sites.n;
	c->totals.places = w->sites.places;
	r = cover_by_radius(w);
	return r == 0 ? coverage_hash(c, w->ask, NULL) : r;
}

struct coverage *
coverage_new(const struct snapshot *snap, const struct coverage_ask *ask)
{
	struct coverage *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	atomic_init(&c->refs, 1);
	pthread_mutex_init(&c->lock, NULL);
	c->snap = snapshot_ref(snap);
	c->gis = gis_new();
	c->totals.data_version = snapshot_version(snap);
	c->totals.computed_at = ask->now;
	c->totals.capacity = ask->capacity;
	c->totals.limit = ask->limit;
	return c;
}

static int
make_by_radius(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage **out,
    struct gis_fail *fail)
{
	struct coverage *c = coverage_new(snap, ask);
	struct work w = { c, ask, { 0 }, progress, arg, fail };
	int r;

	if (c == NULL)
		return ASSIGN_NO_MEMORY;
	r = compute(&w);
	plan_sites_release(&w.sites);
	if (r == 0)
		*out = c;
	else
		coverage_unref(c);
	return r;
}

/* With capacity or on foot it stands on a base, here on one that nobody
 * keeps. */
static int
make_on_base(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage **out,
    struct gis_fail *fail)
{
	struct coverage_ask by_distance = *ask;
	struct coverage *distance = NULL;
	struct coverage_base *b = NULL;
	int r = 0;

	by_distance.capacity = false;
	if (!ask->limit.by_minutes)
		r = make_by_radius(
		    snap, &by_distance, progress, arg, &distance, fail);
	if (r == 0)
		r = coverage_base_make(snap, ask, distance, progress, arg, &b);
	if (r == 0 && ask->capacity)
		r = coverage_base_solve(b, progress, arg);
	if (r == 0)
		r = coverage_base_read(b, ask, out);
	coverage_base_free(b);
	coverage_unref(distance);
	return r;
}

int
coverage_make(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage **out,
    struct gis_fail *fail)
{
	*out = NULL;
	return (ask->limit.by_minutes || ask->capacity
		    ? make_on_base
		    : make_by_radius)(snap, ask, progress, arg, out, fail);
}

int
coverage_need_geometry(
    struct coverage *c, const struct coverage_ask *ask, struct gis_fail *fail)
{
	const struct plan_admit admit = { ask->where, ask->hidden };
	struct work w = { c, ask, { 0 }, NULL, NULL, fail };
	int r = 0;

	pthread_mutex_lock(&c->lock);
	if (!c->totals.limit.by_minutes && c->geometry == NULL) {
		r = ASSIGN_NO_MEMORY;
		if (c->gis != NULL && plan_sites_init(&w.sites, c->snap,
					  plan_admits, &admit) == 0)
			r = make_geometry(&w);
		plan_sites_release(&w.sites);
	}
	pthread_mutex_unlock(&c->lock);
	return r;
}

struct coverage *
coverage_ref(struct coverage *c)
{
	atomic_fetch_add(&c->refs, 1);
	return c;
}

void
coverage_unref(struct coverage *c)
{
	if (c == NULL || atomic_fetch_sub(&c->refs, 1) > 1)
		return;
	if (c->geometry != NULL)
		gis_coverage_free(c->gis, c->geometry);
	gis_free(c->gis);
	snapshot_unref(c->snap);
	pthread_mutex_destroy(&c->lock);
	free(c->homes);
	free(c->digest);
	free(c);
}

const struct coverage_totals *
coverage_totals(const struct coverage *c)
{
	return &c->totals;
}

const struct coverage_home *
coverage_homes(const struct coverage *c, size_t *n)
{
	*n = c->nhomes;
	return c->homes;
}

static int
by_id(const void *key, const void *home)
{
	int64_t a = *(const int64_t *)key;
	int64_t b = ((const struct coverage_home *)home)->home->id;

	return a < b ? -1 : a > b;
}

const struct coverage_home *
coverage_home(const struct coverage *c, int64_t home_id)
{
	if (c->nhomes == 0)
		return NULL;
	return bsearch(&home_id, c->homes, c->nhomes, sizeof(*c->homes), by_id);
}

const struct snapshot *
coverage_snapshot(const struct coverage *c)
{
	return c->snap;
}

const struct gis_coverage *
coverage_geometry(const struct coverage *c)
{
	return atomic_load(&c->geometry);
}

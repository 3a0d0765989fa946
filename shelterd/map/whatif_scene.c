/* SPDX-License-Identifier: MIT */
/*
 * A scene: what is asked, put on a base, and what it covers by distance.  By
 * radius the homes near a changed door are measured again, against the doors
 * around them alone; by minutes those lose their ways to what is shut and gain
 * those walked from the opened doors.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/map/whatif_part.h"

/* Shares nearer than this are the same: measured against other doors they
 * differ in the last bits. */
static const double same_share = 1e-9;

static int
by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorted and each once, malloc'd. */
static int64_t *
sorted(const int64_t *ids, size_t *n)
{
	int64_t *out = malloc((*n + 1) * sizeof(*out));
	size_t kept = 0;

	if (out == NULL)
		return NULL;
	if (*n > 0)
		memcpy(out, ids, *n * sizeof(*out));
	qsort(out, *n, sizeof(*out), by_id);
	for (size_t i = 0; i < *n; i++)
		if (kept == 0 || out[i] != out[kept - 1])
			out[kept++] = out[i];
	*n = kept;
	return out;
}

static bool
among(int64_t id, const int64_t *ids, size_t n)
{
	return n > 0 && bsearch(&id, ids, n, sizeof(id), by_id) != NULL;
}

/* The position of a shelter that takes part, UINT32_MAX: it does not. */
static uint32_t
site_of(const struct plan_sites *sites, int64_t id)
{
	size_t low = 0, high = sites->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sites->shelter[mid]->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < sites->n && sites->shelter[low]->id == id ? (uint32_t)low
							       : UINT32_MAX;
}

static int
add_door(struct whatif_scene *s, struct gis_point plane, struct gis_place place)
{
	struct whatif_door *more =
	    realloc(s->door, (s->ndoors + 1) * sizeof(*more));

	if (more == NULL)
		return ASSIGN_NO_MEMORY;
	s->door = more;
	s->door[s->ndoors++] = (struct whatif_door){ plane, place,
		(uint32_t)(s->base->planned + s->nopen) };
	return 0;
}

static int
open_planned(struct whatif_scene *s, const struct whatif_ask *ask)
{
	const struct gis_network *net = snapshot_network(s->base->snap);
	struct gis_place nowhere = { .edge = UINT32_MAX };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ask->nopen; i++) {
		struct gis_point p =
		    snapshot_to_plane(s->base->snap, ask->open[i].lonlat);

		if (s->nopen == WHATIF_MOST_OPEN)
			return WHATIF_TOO_MANY;
		r = add_door(s, p,
		    net == NULL ? nowhere
				: gis_network_snap(net, p, ask->snap_reach));
		s->places[s->nopen++] = crowd_places(ask->open[i].places);
	}
	return r;
}

/* A shelter without a usable place that gets some opens; its doors do. */
static int
open_repaired(struct whatif_scene *s, const struct whatif_ask *ask,
    const struct snap_shelter *shelter)
{
	int r = 0;

	if (s->nopen == WHATIF_MOST_OPEN)
		return WHATIF_TOO_MANY;
	for (size_t e = 0; r == 0 && e < shelter->nentrances; e++) {
		const struct snap_entrance *door = &shelter->entrances[e];

		if (plan_door_open(shelter, door))
			r = add_door(s, door->plane,
			    snapshot_place(s->base->snap, door->place,
				door->plane, ask->snap_reach));
	}
	s->places[s->nopen++] = crowd_places(shelter->without_defects);
	return r;
}

static int
repair(struct whatif_scene *s, const struct whatif_ask *ask, int64_t id)
{
	const struct snap_shelter *shelter =
	    snapshot_shelter(s->base->snap, id);
	const struct plan_admit admit = { ask->coverage.where,
		ask->coverage.hidden };
	uint32_t site = site_of(&s->base->sites, id);

	if (shelter == NULL || shelter->without_defects <= shelter->usable ||
	    shelter->closed || !plan_admits(&admit, shelter))
		return 0;
	if (site == UINT32_MAX)
		return open_repaired(s, ask, shelter);
	s->raise[s->nraise++] = (struct whatif_raise){ site,
		crowd_places(shelter->without_defects) };
	return 0;
}

static int
fill(struct whatif_scene *s, const struct whatif_ask *ask, bool closings_only)
{
	size_t nclose = ask->nclose, nrepair = ask->nrepair;
	int64_t *close = sorted(ask->close, &nclose);
	int64_t *mend = sorted(ask->repair, &nrepair);
	int r = close != NULL && mend != NULL ? 0 : ASSIGN_NO_MEMORY;

	s->shut = malloc((nclose + 1) * sizeof(*s->shut));
	s->raise = malloc((nrepair + 1) * sizeof(*s->raise));
	if (s->shut == NULL || s->raise == NULL)
		r = ASSIGN_NO_MEMORY;
	for (size_t i = 0; r == 0 && i < nclose; i++) {
		uint32_t site = site_of(&s->base->sites, close[i]);

		if (site != UINT32_MAX)
			s->shut[s->nshut++] = site;
	}
	if (r == 0 && !closings_only)
		r = open_planned(s, ask);
	for (size_t i = 0; r == 0 && !closings_only && i < nrepair; i++)
		if (!among(mend[i], close, nclose))
			r = repair(s, ask, mend[i]);
	free(close);
	free(mend);
	return r;
}

/* Numbers of what is shut, malloc'd. */
static bool *
shut_numbers(const struct whatif_scene *s)
{
	const struct coverage_base *b = s->base;
	bool *shut = calloc(b->planned + 1, sizeof(*shut));

	for (size_t i = 0; shut != NULL && i < s->nshut; i++)
		shut[b->number[s->shut[i]]] = true;
	return shut;
}

/* Doors of what is shut are not there while the scene is on. */
static int
shut_doors(struct whatif_scene *s)
{
	struct coverage_base *b = s->base;
	size_t bytes = b->sites.nitems * sizeof(*s->saved);
	bool *shut = shut_numbers(s);

	s->saved = malloc(bytes + 1);
	if (s->saved == NULL || shut == NULL) {
		free(shut);
		return ASSIGN_NO_MEMORY;
	}
	memcpy(s->saved, b->of_item, bytes);
	for (size_t i = 0; i < b->sites.nitems; i++)
		if (s->saved[i] != UINT32_MAX && shut[s->saved[i]])
			b->of_item[i] = UINT32_MAX;
	free(shut);
	return 0;
}

int
whatif_scene_init(struct whatif_scene *s, struct coverage_base *b,
    const struct whatif_ask *ask, bool closings_only)
{
	int r;

	*s = (struct whatif_scene){ .base = b };
	s->exact = malloc((b->nhomes + 1) * sizeof(*s->exact));
	s->covered = malloc((b->nhomes + 1) * sizeof(*s->covered));
	s->near = malloc((b->nhomes + 1) * sizeof(*s->near));
	s->share = malloc((b->nhomes + 1) * sizeof(*s->share));
	if (s->exact == NULL || s->covered == NULL || s->near == NULL ||
	    s->share == NULL)
		return ASSIGN_NO_MEMORY;
	memcpy(s->exact, b->exact, b->nhomes * sizeof(*s->exact));
	r = fill(s, ask, closings_only);
	return r == 0 ? shut_doors(s) : r;
}

void
whatif_scene_release(struct whatif_scene *s)
{
	if (s->saved != NULL)
		memcpy(s->base->of_item, s->saved,
		    s->base->sites.nitems * sizeof(*s->saved));
	free(s->saved);
	free(s->shut);
	free(s->raise);
	free(s->door);
	free(s->exact);
	free(s->covered);
	free(s->near);
	free(s->share);
	free(s->way);
	*s = (struct whatif_scene){ 0 };
}

/* ---- by radius ---- */

/* The places where something changes, and the doors around the homes there. */
struct local {
	bool *home, *item; /* seen already */
	struct gis_point *door;
	size_t ndoors, room;
};

static bool
local_door(struct local *l, struct gis_point p)
{
	if (l->ndoors == l->room) {
		size_t room = l->room * 2 + 256;
		struct gis_point *more = realloc(l->door, room * sizeof(*more));

		if (more == NULL)
			return false;
		l->door = more;
		l->room = room;
	}
	l->door[l->ndoors++] = p;
	return true;
}

/* Homes that the disc around a place may touch. */
struct around {
	struct whatif_scene *scene;
	struct local *local;
	struct gis_point p;
	double far; /* the farthest that a part of them may be */
};

static int
look_at_home(void *arg, uint32_t at)
{
	struct around *a = arg;
	const struct coverage_base *b = a->scene->base;
	const struct snap_home *h = snapshot_home_at(b->snap, at);
	const struct coverage_home *c = coverage_home(b->coverage, h->id);
	size_t home;

	if (c == NULL)
		return 0;
	home = (size_t)(c - b->home);
	a->far =
	    fmax(a->far, gis_distance(crowd_centre(h), a->p) + crowd_half(h));
	if (!a->local->home[home])
		a->scene->near[a->scene->nnear++] = (uint32_t)home;
	a->local->home[home] = true;
	return 0;
}

/* Those, and the doors that reach them. */
static bool
look_around(struct whatif_scene *s, struct local *l, struct gis_point p)
{
	const struct coverage_base *b = s->base;
	struct around a = { s, l, p, 0 };
	const struct snap_entrance *e;
	struct gis_hit *hits;
	size_t n = 0;
	bool ok;

	snapshot_homes_near(
	    b->snap, p, b->limit.metres * GIS_COVER_REACH, look_at_home, &a);
	hits = gis_index_within(
	    snapshot_entrance_index(b->snap), p, a.far + b->limit.metres, &n);
	ok = hits != NULL;
	for (size_t i = 0; ok && i < n; i++) {
		uint32_t item = hits[i].item;

		if (l->item[item] || b->of_item[item] == UINT32_MAX)
			continue;
		l->item[item] = true;
		snapshot_entrance(b->snap, item, NULL, &e);
		ok = local_door(l, e->plane);
	}
	free(hits);
	return ok;
}

static bool
look_everywhere(struct whatif_scene *s, struct local *l)
{
	const struct plan_sites *sites = &s->base->sites;
	bool ok = true;

	for (size_t i = 0; ok && i < s->nshut; i++) {
		const struct snap_shelter *shelter = sites->shelter[s->shut[i]];

		for (size_t e = 0; ok && e < shelter->nentrances; e++)
			if (plan_door_open(shelter, &shelter->entrances[e]))
				ok = look_around(
				    s, l, shelter->entrances[e].plane);
	}
	for (size_t i = 0; ok && i < s->ndoors; i++)
		ok = look_around(s, l, s->door[i].plane) &&
		     local_door(l, s->door[i].plane);
	return ok;
}

static int
measure_near(
    struct whatif_scene *s, const struct local *l, struct gis_fail *fail)
{
	const struct coverage_base *b = s->base;
	struct gis_home *home = malloc((s->nnear + 1) * sizeof(*home));
	struct gis_coverage *cover;

	if (home == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < s->nnear; i++) {
		const struct snap_home *h = b->home[s->near[i]].home;

		home[i] =
		    (struct gis_home){ h->plane_shape, h->plane, h->people };
	}
	cover = gis_coverage_radius(b->gis, l->door, l->ndoors, b->limit.metres,
	    home, s->nnear, NULL, NULL, fail);
	free(home);
	if (cover == NULL)
		return COVERAGE_GEOMETRY;
	for (size_t i = 0; i < s->nnear; i++) {
		const struct coverage_home *h = &b->home[s->near[i]];

		s->share[i] = gis_coverage_share(cover, i);
		if (fabs(s->share[i] - h->share) <= same_share)
			s->share[i] = h->share;
		s->exact[s->near[i]] = s->share[i] * (double)h->home->people;
	}
	gis_coverage_free(b->gis, cover);
	return 0;
}

static int
cover_by_radius(struct whatif_scene *s, struct gis_fail *fail)
{
	struct local l = {
		.home = calloc(s->base->nhomes + 1, sizeof(*l.home)),
		.item = calloc(s->base->sites.nitems + 1, sizeof(*l.item)),
	};
	int r = ASSIGN_NO_MEMORY;

	if (l.home != NULL && l.item != NULL && look_everywhere(s, &l))
		r = measure_near(s, &l, fail);
	free(l.home);
	free(l.item);
	free(l.door);
	return r;
}

/* ---- by minutes ---- */

static bool
add_way(struct whatif_scene *s, struct whatif_way way)
{
	if (s->nways == s->room) {
		size_t room = s->room * 2 + 256;
		struct whatif_way *more = realloc(s->way, room * sizeof(*more));

		if (more == NULL)
			return false;
		s->way = more;
		s->room = room;
	}
	s->way[s->nways++] = way;
	return true;
}

/* The homes to which one can walk from an opened door. */
static bool
walk_from(struct whatif_scene *s, struct gis_walk *walk,
    const struct whatif_door *door)
{
	const struct coverage_base *b = s->base;
	double limit = b->limit.metres;
	size_t n = 0;
	struct gis_hit *hits =
	    gis_index_within(b->centres, door->plane, limit, &n);
	struct gis_place *to = malloc((n + 1) * sizeof(*to));
	double *metres = malloc((n + 1) * sizeof(*metres));
	bool ok = hits != NULL && to != NULL && metres != NULL;

	for (size_t i = 0; ok && i < n; i++)
		to[i] =
		    snapshot_place(b->snap, b->home[hits[i].item].home->place,
			b->home[hits[i].item].home->plane, b->limit.snap_reach);
	if (ok && n > 0)
		gis_walk_among(walk, door->place, limit, to, n, metres);
	for (size_t i = 0; ok && i < n; i++) {
		int64_t whole = plan_whole_metres(metres[i]);

		if (whole >= 0)
			ok = add_way(s, (struct whatif_way){ hits[i].item,
					    door->shelter, whole });
	}
	free(hits);
	free(to);
	free(metres);
	return ok;
}

static int
by_home(const void *a, const void *b)
{
	const struct whatif_way *x = a, *y = b;

	return x->home < y->home ? -1 : x->home > y->home;
}

/* Whether some way leads to what is neither gone nor shut. */
static bool
still_reached(const struct coverage_base *b, size_t home, const bool *shut)
{
	struct coverage_row row = coverage_base_row(b, home);

	for (size_t i = 0; i < row.n; i++)
		if (b->alive[row.to[i]] && !shut[row.to[i]])
			return true;
	return false;
}

static int
cover_by_minutes(struct whatif_scene *s)
{
	const struct coverage_base *b = s->base;
	bool *shut = shut_numbers(s);
	struct gis_walk *walk =
	    s->ndoors > 0 ? gis_walk_new(snapshot_network(b->snap)) : NULL;
	bool ok = shut != NULL && (s->ndoors == 0 || walk != NULL);

	for (size_t i = 0; ok && s->nshut > 0 && i < b->nhomes; i++)
		if (b->exact[i] > 0 && !still_reached(b, i, shut))
			s->exact[i] = 0;
	for (size_t i = 0; ok && i < s->ndoors; i++)
		ok = walk_from(s, walk, &s->door[i]);
	if (ok && s->nways > 0)
		qsort(s->way, s->nways, sizeof(*s->way), by_home);
	for (size_t i = 0; ok && i < s->nways; i++)
		s->exact[s->way[i].home] =
		    (double)b->home[s->way[i].home].home->people;
	gis_walk_free(walk);
	free(shut);
	return ok ? 0 : ASSIGN_NO_MEMORY;
}

int
whatif_scene_cover(struct whatif_scene *s, struct gis_fail *fail)
{
	int r = s->base->limit.by_minutes ? cover_by_minutes(s)
					  : cover_by_radius(s, fail);

	if (r == 0 && coverage_round(s->exact, s->base->nhomes, s->covered) < 0)
		r = ASSIGN_NO_MEMORY;
	return r;
}

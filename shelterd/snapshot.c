/* SPDX-License-Identifier: MIT */
/* Putting the parts together, and asking them. */
#include "shelterd/snapshot.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/plan/plan_view.h"
#include "shelterd/net/request.h"
#include "shelterd/snapshot_part.h"
#include "shelterd/store/db.h"

int
snap_fail(const struct snap_load *l, const char *what)
{
	snprintf(l->err, l->errsize, "snapshot: %s: %s", what, db_error(l->db));
	return -1;
}

/* The mean position of a table's rows, rounded to 0.01 degrees so that a house
 * more or less does not move the plane; the mean, because one row at the end
 * of the world would move the middle of the box there. false: no rows, or an
 * error. */
static bool
mean(struct db_stmt *s, struct gis_point *out)
{
	if (db_step(s) != DB_ROW)
		return false;
	bool any = !db_null(s, 0);
	if (any) {
		out->x = round(db_num(s, 0) * 100) / 100;
		out->y = round(db_num(s, 1) * 100) / 100;
	}
	db_done(s);
	return any;
}

static struct gis_point
district_centre(struct db *db)
{
	struct gis_point p = { 0, 0 };
	if (!mean(db_prepare(db, "SELECT avg(lon), avg(lat) FROM home"), &p))
		mean(db_prepare(db, "SELECT avg(lon), avg(lat) FROM shelter"),
		    &p);
	return p;
}

/* The version a store that was just opened has: the last event that changed
 * the map.  An import that found nothing new says noun 'import', not 'map'. */
static int64_t
stored_version(struct db *db)
{
	int64_t version = 0;
	struct db_stmt *s = db_prepare(db,
	    "SELECT max(id) FROM event WHERE kind IN ('shelter.added',"
	    " 'shelter.changed', 'inspection.submitted', 'notice.closed',"
	    " 'street.closed', 'street.opened', 'rules.changed')"
	    " OR (kind = 'import.committed' AND noun = 'map')");
	if (db_step(s) == DB_ROW) {
		version = db_int(s, 0);
		db_done(s);
	}
	return version;
}

static void
plane_unref(struct snap_plane *p)
{
	if (!p || atomic_fetch_sub(&p->refs, 1) != 1)
		return;
	for (int i = 0; i < SNAP_PLANES; i++) {
		gis_crs_free(p->crs[i]);
		pthread_mutex_destroy(&p->lock[i]);
	}
	free(p);
}

/* The snapshot's plane, and another one for loading. */
static int
open_planes(struct snapshot *s, struct snap_load *l)
{
	struct gis_fail fail = { .what = "out of memory" };
	bool good = true;
	s->plane = calloc(1, sizeof(*s->plane));
	if (s->plane) {
		s->plane->refs = 1;
		for (int i = 0; i < SNAP_PLANES; i++) {
			pthread_mutex_init(&s->plane->lock[i], NULL);
			s->plane->crs[i] = gis_crs_plane(s->centre, &fail);
			good &= s->plane->crs[i] != NULL;
		}
		l->plane = gis_crs_plane(s->centre, &fail);
	}
	if (l->plane && good)
		return 0;
	snprintf(l->err, l->errsize, "plane: %s", fail.what);
	return -1;
}

/* Puts what is closed by now in the place of the network. */
static int
close_streets(struct snapshot *s, const struct snap_load *l)
{
	struct snap_network *n = snap_network_closed(s->network, l);
	if (!n)
		return -1;
	snap_network_unref(s->network);
	s->network = n;
	return 0;
}

static int
load_map(struct snapshot *s, struct snap_load *l)
{
	int result = -1;
	if (open_planes(s, l) < 0)
		goto out;
	s->network = snap_network_load(l);
	if (!s->network)
		goto out;
	l->network = s->network->network;
	s->homes = snap_homes_load(l);
	if (!s->homes)
		goto out;
	s->shelters = snap_shelters_load(l);
	if (!s->shelters)
		goto out;
	s->entrances = snap_entrances_make(s->shelters);
	s->places = snap_shelters_places(s->shelters);
	if (!s->entrances || !s->places) {
		snprintf(l->err, l->errsize, "entrances: no memory");
		goto out;
	}
	result = close_streets(s, l);
out:
	gis_crs_free(l->plane);
	l->plane = NULL;
	return result;
}

struct snapshot *
snapshot_load(
    struct db *db, const struct rules *rules, char *err, size_t errsize)
{
	struct snap_load l = {
		.db = db, .rules = rules, .err = err, .errsize = errsize
	};
	struct snapshot *s = calloc(1, sizeof(*s));
	if (!s) {
		snprintf(err, errsize, "out of memory");
		return NULL;
	}
	s->refs = 1;
	s->rules = rules;
	s->centre = district_centre(db);
	s->version = stored_version(db);
	s->users = snap_users_load(&l);
	s->plan = plan_view_load(db, err, errsize);
	if (!s->users || !s->plan || load_map(s, &l) < 0) {
		snapshot_unref(s);
		return NULL;
	}
	return s;
}

/* Takes over (a reference to) the map of `old`. */
static void
share_map(struct snapshot *s, const struct snapshot *old)
{
	s->centre = old->centre;
	s->plane = old->plane;
	atomic_fetch_add(&s->plane->refs, 1);
	s->network = old->network;
	s->homes = old->homes;
	s->shelters = old->shelters;
	s->entrances = old->entrances;
	s->places = old->places;
	atomic_fetch_add(&s->network->refs, 1);
	atomic_fetch_add(&s->homes->refs, 1);
	atomic_fetch_add(&s->shelters->refs, 1);
	atomic_fetch_add(&s->entrances->refs, 1);
	atomic_fetch_add(&s->places->refs, 1);
}

static void
drop_map(struct snapshot *s)
{
	plane_unref(s->plane);
	snap_network_unref(s->network);
	snap_homes_unref(s->homes);
	snap_shelters_unref(s->shelters);
	snap_entrances_unref(s->entrances);
	snap_places_unref(s->places);
	s->plane = NULL;
	s->network = NULL;
	s->homes = NULL;
	s->shelters = NULL;
	s->entrances = NULL;
	s->places = NULL;
}

/* Follows a shelter that is new or may have moved to where `next` has it. */
static int
follow(struct snapshot *s, const struct snap_shelters *next, int64_t id)
{
	size_t at = snap_shelters_position(next, id);
	struct snap_place come = { snap_shelters_at(next, at)->key,
		(uint32_t)at };
	struct snap_place gone = { 0, (uint32_t)at };
	bool had = at < s->shelters->n;
	struct snap_places *places;

	if (had)
		gone.key = snap_shelters_at(s->shelters, at)->key;
	if (had && gone.key == come.key)
		return 0;
	places = snap_places_with(s->places, had ? &gone : NULL, &come);
	if (!places)
		return -1;
	snap_places_unref(s->places);
	s->places = places;
	return 0;
}

/* Reads the changed shelters into a snapshot that shares the rest. *moved:
 * some entrance is at another place than before. */
static int
reload_shelters(struct snapshot *s, struct snap_load *l, const int64_t *ids,
    size_t n, bool *moved)
{
	struct gis_fail fail = { .what = "" };
	int result = -1;

	l->network = snap_network_whole(s->network)->network;
	l->plane = gis_crs_plane(s->centre, &fail);
	for (size_t i = 0; l->plane && i < n; i++) {
		bool one = false;
		struct snap_shelters *next =
		    snap_shelters_with(s->shelters, l, ids[i], &one);
		if (!next)
			goto out;
		if (follow(s, next, ids[i]) < 0) {
			snap_shelters_unref(next);
			snap_fail(l, "out of memory");
			goto out;
		}
		snap_shelters_unref(s->shelters);
		s->shelters = next;
		*moved |= one;
	}
	result = l->plane ? 0 : snap_fail(l, fail.what);
out:
	gis_crs_free(l->plane);
	l->plane = NULL;
	return result;
}

static int
reload_closures(struct snapshot *s, struct snap_load *l)
{
	struct gis_fail fail = { .what = "" };
	l->plane = gis_crs_plane(s->centre, &fail);
	int result = l->plane ? close_streets(s, l) : snap_fail(l, fail.what);
	gis_crs_free(l->plane);
	l->plane = NULL;
	return result;
}

static int
reindex(
    struct snapshot *s, const struct snapshot *old, const struct snap_load *l)
{
	struct snap_entrances *e =
	    snap_entrances_with(old->entrances, old->shelters, s->shelters);
	if (!e)
		e = snap_entrances_make(s->shelters);
	if (!e)
		return snap_fail(l, "entrances");
	snap_entrances_unref(s->entrances);
	s->entrances = e;
	return 0;
}

static int
next_map(struct snapshot *s, const struct snapshot *old, struct snap_load *l,
    unsigned parts, const int64_t *ids, size_t n)
{
	bool moved = false;
	if (!(parts & (SNAP_SHELTERS | SNAP_HOMES | SNAP_NETWORK))) {
		share_map(s, old);
		if ((parts & SNAP_CLOSURES) && reload_closures(s, l) < 0)
			return -1;
		if (n == 0)
			return 0;
		if (reload_shelters(s, l, ids, n, &moved) < 0)
			return -1;
		if (!moved)
			return 0;
		if (s->homes->n > 0) /* the centre is theirs */
			return reindex(s, old, l);
		s->centre = district_centre(l->db);
		if (s->centre.x == old->centre.x &&
		    s->centre.y == old->centre.y)
			return reindex(s, old, l);
		drop_map(s);
	}
	s->centre = district_centre(l->db);
	return load_map(s, l);
}

struct snapshot *
snapshot_next(const struct snapshot *old, struct db *db,
    const struct rules *rules, unsigned parts, const int64_t *shelters,
    size_t n, int64_t last_event, char *err, size_t errsize)
{
	struct snap_load l = {
		.db = db, .rules = rules, .err = err, .errsize = errsize
	};
	bool map = n > 0 || (parts & SNAP_MAP);
	struct snapshot *s = calloc(1, sizeof(*s));
	if (!s) {
		snprintf(err, errsize, "out of memory");
		return NULL;
	}
	s->refs = 1;
	s->rules = rules;
	s->version = map ? last_event : old->version;
	if (parts & SNAP_USERS)
		s->users = snap_users_load(&l);
	else {
		s->users = old->users;
		atomic_fetch_add(&s->users->refs, 1);
	}
	s->plan = parts & SNAP_PLANS ? plan_view_load(db, err, errsize)
				     : plan_view_ref(old->plan);
	if (!s->users || !s->plan ||
	    next_map(s, old, &l, parts, shelters, n) < 0) {
		snapshot_unref(s);
		return NULL;
	}
	return s;
}

struct snapshot *
snapshot_ref(const struct snapshot *snap)
{
	struct snapshot *s = (struct snapshot *)(uintptr_t)snap;
	atomic_fetch_add(&s->refs, 1);
	return s;
}

void
snapshot_unref(struct snapshot *s)
{
	if (!s || atomic_fetch_sub(&s->refs, 1) != 1)
		return;
	snap_users_unref(s->users);
	plan_view_unref(s->plan);
	drop_map(s);
	free(s);
}

int64_t
snapshot_version(const struct snapshot *s)
{
	return s->version;
}

const struct rules *
snapshot_rules(const struct snapshot *s)
{
	return s->rules;
}

struct gis_crs *
snapshot_plane_new(const struct snapshot *s)
{
	struct gis_fail fail;
	return gis_crs_plane(s->centre, &fail);
}

/* One point by a copy of the plane that nobody holds. */
static struct gis_point
transform(const struct snapshot *s, struct gis_point p,
    size_t (*by)(struct gis_crs *, struct gis_point *, size_t))
{
	struct snap_plane *planes = s->plane;
	int i = 0;

	while (i < SNAP_PLANES && pthread_mutex_trylock(&planes->lock[i]) != 0)
		i++;
	if (i == SNAP_PLANES)
		pthread_mutex_lock(&planes->lock[i = 0]);
	by(planes->crs[i], &p, 1);
	pthread_mutex_unlock(&planes->lock[i]);
	return p;
}

struct gis_point
snapshot_to_plane(const struct snapshot *s, struct gis_point lonlat)
{
	return transform(s, lonlat, gis_crs_from_lonlat);
}

struct gis_point
snapshot_to_lonlat(const struct snapshot *s, struct gis_point plane)
{
	return transform(s, plane, gis_crs_to_lonlat);
}

size_t
snapshot_shelters(const struct snapshot *s)
{
	return s->shelters->n;
}

const struct snap_shelter *
snapshot_shelter_at(const struct snapshot *s, size_t i)
{
	return snap_shelters_at(s->shelters, i);
}

const struct snap_shelter *
snapshot_shelter(const struct snapshot *s, int64_t id)
{
	size_t i = snap_shelters_position(s->shelters, id);
	if (i == s->shelters->n)
		return NULL;
	const struct snap_shelter *found = snap_shelters_at(s->shelters, i);
	return found->id == id ? found : NULL;
}

int
snapshot_shelters_in(const struct snapshot *s, struct gis_tile_at tile,
    int (*each)(void *, const struct snap_place *), void *arg)
{
	return snap_places_in(s->places, tile, each, arg);
}

int
snapshot_homes_in(const struct snapshot *s, struct gis_tile_at tile,
    int (*each)(void *, const struct snap_place *), void *arg)
{
	return snap_places_in(s->homes->places, tile, each, arg);
}

int
snapshot_homes_near(const struct snapshot *s, struct gis_point plane,
    double metres, int (*each)(void *, uint32_t), void *arg)
{
	return gis_boxes_near(s->homes->boxes, plane, metres, each, arg);
}

bool
snapshot_same_homes(const struct snapshot *a, const struct snapshot *b)
{
	return a->homes == b->homes && a->centre.x == b->centre.x &&
	       a->centre.y == b->centre.y;
}

bool
snapshot_same_streets(const struct snapshot *a, const struct snapshot *b)
{
	return snap_network_whole(a->network) == snap_network_whole(b->network);
}

int
snapshot_changed(const struct snapshot *old, const struct snapshot *s,
    snapshot_change *each, void *arg)
{
	return snap_shelters_changed(old->shelters, s->shelters, each, arg);
}

const struct gis_outlines *
snapshot_outlines(const struct snapshot *s)
{
	return s->homes->outlines;
}

size_t
snapshot_homes(const struct snapshot *s)
{
	return s->homes->n;
}

const struct snap_home *
snapshot_home_at(const struct snapshot *s, size_t i)
{
	return &s->homes->homes[i];
}

static int
home_by_id(const void *a, const void *b)
{
	const struct snap_home *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

const struct snap_home *
snapshot_home(const struct snapshot *s, int64_t id)
{
	struct snap_home key = { .id = id };
	if (s->homes->n == 0)
		return NULL;
	return bsearch(
	    &key, s->homes->homes, s->homes->n, sizeof(key), home_by_id);
}

const struct gis_index *
snapshot_entrance_index(const struct snapshot *s)
{
	return s->entrances->index;
}

void
snapshot_entrance(const struct snapshot *s, uint32_t item,
    const struct snap_shelter **shelter, const struct snap_entrance **entrance)
{
	const struct snap_shelter *of =
	    snap_shelters_at(s->shelters, s->entrances->item[item].shelter);
	if (shelter)
		*shelter = of;
	if (entrance)
		*entrance = &of->entrances[s->entrances->item[item].entrance];
}

void
snapshot_entrances_soon(
    const struct snapshot *s, const struct gis_hit *hits, size_t n)
{
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&s->entrances->item[hits[i].item]);
	for (size_t i = 0; i < n; i++)
		snap_shelters_soon(s->shelters,
		    s->entrances->item[hits[i].item].shelter, false);
	for (size_t i = 0; i < n; i++)
		snap_shelters_soon(s->shelters,
		    s->entrances->item[hits[i].item].shelter, true);
}

const struct plan_view *
snapshot_plan(const struct snapshot *s)
{
	return s->plan;
}

const struct snap_user *
snapshot_token(const struct snapshot *s, const unsigned char *hash, int64_t now)
{
	size_t low = 0, high = s->users->ntokens;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct snap_token *t = &s->users->tokens[mid];
		int order = memcmp(t->hash, hash, sizeof(t->hash));
		if (order == 0)
			return t->expires != 0 && t->expires <= now
				   ? NULL
				   : &s->users->users[t->user];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct snap_user *
snapshot_user(const struct snapshot *s, int64_t id)
{
	for (size_t i = 0; i < s->users->nusers; i++)
		if (s->users->users[i].id == id)
			return &s->users->users[i];
	return NULL;
}

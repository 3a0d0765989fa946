/* SPDX-License-Identifier: MIT */
/*
 * From the coverage of one data version to that of the next: the discs of
 * doors that came or went are put into or taken out of the kept union, the
 * homes near them are measured against it, everybody else's share is copied.
 * The coverage before stays as it was; the union is nobody else's, because a
 * state in use is taken out of the list and given back.
 *
 * Doors at one place are one disc.  The places are looked up in a table; one
 * that lost its last door stays in it, for when it comes back.  When such make
 * a third of it, the state is forgotten and the next coverage starts anew.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/coverage.h"
#include "shelterd/map/coverage_part.h"

enum { KEPT = 4, MOST_CHANGES = 2000 };

/* A place with so many doors; its number is that of its disc. */
struct spot {
	struct gis_point at;
	uint32_t doors;
};

struct state {
	char *key; /* of the ask, whatever the data version */
	struct coverage *last;
	struct gis_union *discs; /* NULL: as in last's geometry */
	struct spot *spot;
	size_t n, cap, empty; /* spots, and those without doors */
	uint32_t *slot;	      /* hash table: spot + 1, or 0 */
	size_t nslots;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct state *kept[KEPT]; /* the one used last first */
static atomic_uint_fast64_t carried;

uint64_t
coverage_carried(void)
{
	return atomic_load(&carried);
}

static void
state_free(struct state *s)
{
	if (s == NULL)
		return;
	coverage_unref(s->last);
	gis_union_free(s->discs);
	free(s->key);
	free(s->spot);
	free(s->slot);
	free(s);
}

/* That of a newer version stays for those who ask for newer ones. */
static struct state *
take(const char *key, int64_t version)
{
	struct state *s = NULL;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < KEPT && s == NULL; i++)
		if (kept[i] != NULL && strcmp(kept[i]->key, key) == 0 &&
		    snapshot_version(kept[i]->last->snap) <= version) {
			s = kept[i];
			kept[i] = NULL;
		}
	pthread_mutex_unlock(&lock);
	return s;
}

/* Whether a state is of no use beside a newer one: it is for the same ask, or
 * of homes that there are no more, whose district would live on with it. */
static bool
outdated(const struct state *s, const struct state *by)
{
	return strcmp(s->key, by->key) == 0 ||
	       !snapshot_same_homes(s->last->snap, by->last->snap);
}

/* One that was made of an older version meanwhile. */
static bool
comes_late(const struct state *s, const struct state *old)
{
	return old != NULL &&
	       snapshot_version(old->last->snap) >
		   snapshot_version(s->last->snap) &&
	       outdated(s, old);
}

/* To the front; outdated ones go, and the last if all are full. */
static void
give(struct state *s)
{
	struct state *gone[KEPT], *old[KEPT];
	int n = 0, left = 1;
	bool late = false;

	pthread_mutex_lock(&lock);
	memcpy(old, kept, sizeof(old));
	for (int i = 0; i < KEPT; i++)
		late |= comes_late(s, old[i]);
	if (!late) {
		memset(kept, 0, sizeof(kept));
		kept[0] = s;
	}
	for (int i = 0; !late && i < KEPT; i++)
		if (old[i] == NULL)
			continue;
		else if (left == KEPT || outdated(old[i], s))
			gone[n++] = old[i];
		else
			kept[left++] = old[i];
	pthread_mutex_unlock(&lock);
	if (late)
		state_free(s);
	while (n > 0)
		state_free(gone[--n]);
}

static bool
can_be_kept(const struct coverage_ask *ask)
{
	return !ask->limit.by_minutes && !ask->capacity &&
	       ask->limit.metres > 0;
}

void
coverage_next_keep(struct coverage *c, const struct coverage_ask *ask)
{
	struct state *s;

	if (!can_be_kept(ask) || (s = calloc(1, sizeof(*s))) == NULL)
		return;
	s->key = coverage_key(NULL, ask);
	s->last = coverage_ref(c);
	if (s->key != NULL)
		give(s);
	else
		state_free(s);
}

static bool
on_plane(struct gis_point p)
{
	return fabs(p.x) <= 1e9 && fabs(p.y) <= 1e9;
}

static size_t
hash(struct gis_point p)
{
	double v[2] = { p.x + 0.0, p.y + 0.0 }; /* -0 is 0 */
	uint64_t bits[2];

	memcpy(bits, v, sizeof(bits));
	bits[0] = (bits[0] ^ bits[0] >> 31) * 0x9e3779b97f4a7c15u;
	bits[0] = (bits[0] ^ bits[1]) * 0xff51afd7ed558ccdu;
	return (size_t)(bits[0] ^ bits[0] >> 32);
}

/* Where the spot stands in the table, or would. */
static uint32_t *
find(const struct state *s, struct gis_point p)
{
	size_t i = hash(p) & (s->nslots - 1);

	for (; s->slot[i] != 0; i = (i + 1) & (s->nslots - 1)) {
		struct gis_point q = s->spot[s->slot[i] - 1].at;

		if (q.x == p.x && q.y == p.y)
			break;
	}
	return &s->slot[i];
}

static bool
room_for_spot(struct state *s)
{
	size_t cap = s->cap * 2 + 256, nslots = 1;
	struct spot *spot;

	if (s->n < s->cap)
		return true;
	while (nslots < cap * 2)
		nslots *= 2;
	if ((spot = realloc(s->spot, cap * sizeof(*spot))) == NULL)
		return false;
	s->spot = spot;
	s->cap = cap;
	free(s->slot);
	if ((s->slot = calloc(nslots, sizeof(*s->slot))) == NULL)
		return false;
	s->nslots = nslots;
	for (size_t i = 0; i < s->n; i++)
		*find(s, spot[i].at) = (uint32_t)i + 1;
	return true;
}

/* The number of the spot, made if it is new; UINT32_MAX: no memory. */
static uint32_t
spot_at(struct state *s, struct gis_point p)
{
	uint32_t *slot;

	if (!room_for_spot(s))
		return UINT32_MAX;
	slot = find(s, p);
	if (*slot == 0) {
		s->spot[s->n] = (struct spot){ p, 0 };
		*slot = (uint32_t)++s->n;
		s->empty++;
	}
	return *slot - 1;
}

/* Calls each() with the place of every open door of a shelter. */
static bool
each_door(const struct snap_shelter *s, bool (*each)(void *, struct gis_point),
    void *arg)
{
	for (size_t i = 0; i < s->nentrances; i++)
		if (plan_door_open(s, &s->entrances[i]) &&
		    on_plane(s->entrances[i].plane) &&
		    !each(arg, s->entrances[i].plane))
			return false;
	return true;
}

static bool
count_door(void *arg, struct gis_point p)
{
	struct state *s = arg;
	uint32_t i = spot_at(s, p);

	if (i == UINT32_MAX)
		return false;
	s->empty -= s->spot[i].doors++ == 0;
	return true;
}

/* The union of its own, and the places of all doors. */
static bool
open_state(struct state *s, const struct coverage_ask *ask)
{
	const struct gis_coverage *g = coverage_geometry(s->last);
	const struct snapshot *snap = s->last->snap;
	const struct gis_point *centre;
	size_t n;

	if (s->discs != NULL)
		return true;
	if (g == NULL || gis_coverage_discs(g) == NULL)
		return false;
	centre = gis_coverage_centres(g, &n);
	for (size_t i = 0; i < n; i++)
		if (spot_at(s, centre[i]) != i)
			return false;
	for (size_t i = 0; i < snapshot_shelters(snap); i++) {
		const struct snap_shelter *at = snapshot_shelter_at(snap, i);

		if (coverage_takes_part(ask, at) &&
		    !each_door(at, count_door, s))
			return false;
	}
	s->discs = gis_union_clone(gis_coverage_discs(g));
	return s->discs != NULL && s->n == n && s->empty == 0;
}

/* One step to the next coverage. */
struct step {
	struct state *state;
	const struct coverage_ask *ask;
	struct coverage *next;
	struct gis_point *touched; /* spots that lost or won their disc */
	size_t ntouched, cap, changes;
	bool *measured; /* of each home */
};

static bool
touch(struct step *t, struct gis_point p)
{
	size_t cap = t->cap * 2 + 16;
	struct gis_point *grown;

	if (t->ntouched == t->cap) {
		grown = realloc(t->touched, cap * sizeof(*grown));
		if (grown == NULL)
			return false;
		t->touched = grown;
		t->cap = cap;
	}
	t->touched[t->ntouched++] = p;
	return true;
}

static bool
door_goes(void *arg, struct gis_point p)
{
	struct step *t = arg;
	struct state *s = t->state;
	uint32_t i = spot_at(s, p);

	if (i == UINT32_MAX || s->spot[i].doors == 0)
		return false;
	if (--s->spot[i].doors > 0)
		return true;
	s->empty++;
	return touch(t, p) && gis_union_take(s->discs, i) == 0;
}

static bool
door_comes(void *arg, struct gis_point p)
{
	struct step *t = arg;
	struct state *s = t->state;
	uint32_t i = spot_at(s, p);

	if (i == UINT32_MAX)
		return false;
	if (s->spot[i].doors++ > 0)
		return true;
	s->empty--;
	return touch(t, p) &&
	       gis_union_put(s->discs, i, p, t->ask->limit.metres) == 0;
}

static int
count_change(
    void *arg, const struct snap_shelter *before, const struct snap_shelter *to)
{
	struct step *t = arg;

	(void)before;
	(void)to;
	return ++t->changes > MOST_CHANGES;
}

/* What stays is put in before it is taken out, so that a door that did not
 * move touches nothing. */
static int
follow(
    void *arg, const struct snap_shelter *before, const struct snap_shelter *to)
{
	struct step *t = arg;
	struct coverage_totals *totals = &t->next->totals;

	if (coverage_takes_part(t->ask, to)) {
		totals->usable_shelters++;
		totals->places += to->usable;
		if (!each_door(to, door_comes, t))
			return -1;
	}
	if (coverage_takes_part(t->ask, before)) {
		totals->usable_shelters--;
		totals->places -= before->usable;
		if (!each_door(before, door_goes, t))
			return -1;
	}
	return 0;
}

static struct coverage_home *
home_of(struct coverage *c, int64_t id)
{
	return (struct coverage_home *)(uintptr_t)coverage_home(c, id);
}

static int
measure(void *arg, uint32_t at)
{
	struct step *t = arg;
	struct coverage *c = t->next;
	const struct snap_home *h = snapshot_home_at(c->snap, at);
	struct coverage_home *home = home_of(c, h->id);
	struct gis_home shape = { h->plane_shape, h->plane, h->people };

	if (home == NULL || t->measured[home - c->homes])
		return 0;
	t->measured[home - c->homes] = true;
	return gis_union_share(c->gis, t->state->discs, &shape, &home->share);
}

/* false: the state is not to be used any more. */
static bool
walk(struct step *t)
{
	struct state *s = t->state;
	struct coverage *c = t->next, *last = s->last;
	double reach = t->ask->limit.metres * (1 + 1e-9);

	if (c == NULL || c->gis == NULL || !coverage_copy_homes(c, last) ||
	    snapshot_changed(last->snap, c->snap, follow, t) != 0)
		return false;
	t->measured = calloc(c->nhomes + 1, sizeof(*t->measured));
	if (t->measured == NULL)
		return false;
	for (size_t i = 0; i < t->ntouched; i++)
		if (snapshot_homes_near(
			c->snap, t->touched[i], reach, measure, t) != 0)
			return false;
	c->totals.area = gis_union_area(s->discs);
	return coverage_round_homes(c) == 0 &&
	       coverage_hash(c, t->ask, last) == 0;
}

static bool
may_follow(struct step *t, const struct snapshot *snap)
{
	const struct state *s = t->state;

	return snapshot_same_homes(s->last->snap, snap) &&
	       s->empty * 3 <= s->n + 1024 &&
	       snapshot_changed(s->last->snap, snap, count_change, t) == 0;
}

struct coverage *
coverage_next(const struct snapshot *snap, const struct coverage_ask *ask)
{
	struct step t = { .ask = ask };
	char *key = can_be_kept(ask) ? coverage_key(NULL, ask) : NULL;
	bool good = false;

	if (key != NULL)
		t.state = take(key, snapshot_version(snap));
	if (t.state != NULL)
		good = may_follow(&t, snap) && open_state(t.state, ask);
	if (good) {
		t.next = coverage_new(snap, ask);
		good = walk(&t);
	}
	free(key);
	free(t.touched);
	free(t.measured);
	if (!good) {
		coverage_unref(t.next);
		state_free(t.state);
		return NULL;
	}
	coverage_unref(t.state->last);
	t.state->last = coverage_ref(t.next);
	give(t.state);
	atomic_fetch_add(&carried, 1);
	return t.next;
}

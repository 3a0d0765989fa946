/* SPDX-License-Identifier: MIT */
/*
 * From one data version to the next with a base: the shelters that changed
 * are found, other places are set in the plan, and the homes near doors that
 * came, went or moved are measured again; rows that come out as they were are
 * left alone.  Whoever has the coverage from before still has it.
 *
 * Where too much changed it is given up: that costs a coverage, not a wrong
 * one.
 */
#include "shelterd/map/coverage_carry.h"

#include <stdlib.h>
#include <string.h>

bool
coverage_carry_touch(struct coverage_carry *k, struct gis_point p)
{
	size_t room = k->room * 2 + 16;
	struct gis_point *more;

	if (k->ntouched == k->room) {
		more = realloc(k->touched, room * sizeof(*more));
		if (more == NULL)
			return false;
		k->touched = more;
		k->room = room;
	}
	k->touched[k->ntouched++] = p;
	return true;
}

static bool
touch_doors(struct coverage_carry *k, const struct snap_shelter *s)
{
	for (size_t i = 0; i < s->nentrances; i++)
		if (plan_door_open(s, &s->entrances[i]) &&
		    !coverage_carry_touch(k, s->entrances[i].plane))
			return false;
	return true;
}

bool
coverage_carry_redo(
    struct coverage_carry *k, uint32_t number, const struct snap_shelter *s)
{
	if (k->redo[number])
		return true;
	k->redo[number] = true;
	k->nredo++;
	return touch_doors(k, s);
}

void
coverage_carry_near(struct coverage_carry *k, size_t home)
{
	if (!k->is_near[home])
		k->near[k->nnear++] = (uint32_t)home;
	k->is_near[home] = true;
}

/* ---- shelters and their numbers ---- */

static int
set_places(struct coverage_base *b, uint32_t number, int64_t places)
{
	if (b->state == NULL || b->arcs.places[number] == places)
		return 0;
	b->arcs.places[number] = places;
	b->waiting = true;
	b->counted = false;
	return assign_set_places(b->state, number, places);
}

/* Its number waits for it.  By radius the shares of homes tell who loses by
 * it, by minutes their arcs. */
static bool
leave(struct coverage_carry *k, const struct snap_shelter *s, uint32_t number)
{
	struct coverage_base *b = k->b;
	struct coverage_gone *more =
	    realloc(b->gone, (b->ngone + 1) * sizeof(*more));
	struct coverage_gone g = { s->id, number,
		malloc(s->nentrances * sizeof(*g.door)), 0 };

	if (more != NULL)
		b->gone = more;
	if (more == NULL || g.door == NULL) {
		free(g.door);
		return false;
	}
	for (size_t i = 0; i < s->nentrances; i++)
		if (plan_door_open(s, &s->entrances[i]))
			g.door[g.ndoors++] = s->entrances[i].plane;
	b->gone[b->ngone++] = g;
	b->alive[number] = false;
	if (set_places(b, number, 0) < 0)
		return false;
	return !b->limit.by_minutes || touch_doors(k, s);
}

/* Arcs that were left behind may be to other doors. */
static bool
come_back(struct coverage_carry *k, struct coverage_gone *g)
{
	bool ok = true;

	for (size_t i = 0; ok && i < g->ndoors; i++)
		ok = coverage_carry_touch(k, g->door[i]);
	free(g->door);
	*g = k->b->gone[--k->b->ngone];
	return ok;
}

/* Its old number or a spare one; UINT32_MAX: none is left. */
static uint32_t
come(struct coverage_carry *k, const struct snap_shelter *s)
{
	struct coverage_base *b = k->b;
	uint32_t number = b->next;
	size_t i = 0;

	while (i < b->ngone && b->gone[i].id != s->id)
		i++;
	if (i < b->ngone) {
		number = b->gone[i].number;
		if (!come_back(k, &b->gone[i]))
			return UINT32_MAX;
	} else if (b->next++ == b->planned) {
		return UINT32_MAX;
	}
	b->alive[number] = true;
	return coverage_carry_redo(k, number, s) ? number : UINT32_MAX;
}

static bool
number_sites(struct coverage_carry *k)
{
	struct coverage_base *b = k->b;
	size_t i = 0, j = 0;
	bool ok = true;

	while (ok && (i < b->sites.n || j < k->sites.n)) {
		const struct snap_shelter *x =
		    i < b->sites.n ? b->sites.shelter[i] : NULL;
		const struct snap_shelter *y =
		    j < k->sites.n ? k->sites.shelter[j] : NULL;

		if (y == NULL || (x != NULL && x->id < y->id)) {
			ok = leave(k, x, b->number[i++]);
		} else if (x == NULL || y->id < x->id) {
			k->number[j] = come(k, y);
			ok = k->number[j++] != UINT32_MAX;
		} else {
			k->number[j++] = b->number[i++];
		}
	}
	for (j = 0; ok && j < k->sites.n; j++)
		ok = set_places(b, k->number[j],
			 crowd_places(k->sites.shelter[j]->usable)) == 0;
	return ok;
}

/* The next open door from i on. */
static size_t
next_door(const struct snap_shelter *s, size_t i)
{
	while (i < s->nentrances && !plan_door_open(s, &s->entrances[i]))
		i++;
	return i;
}

static bool
same_doors(const struct snap_shelter *a, const struct snap_shelter *b)
{
	size_t i = next_door(a, 0), j = next_door(b, 0);

	for (; i < a->nentrances && j < b->nentrances;
	     i = next_door(a, i + 1), j = next_door(b, j + 1))
		if (a->entrances[i].plane.x != b->entrances[j].plane.x ||
		    a->entrances[i].plane.y != b->entrances[j].plane.y)
			return false;
	return i >= a->nentrances && j >= b->nentrances;
}

static uint32_t
number_of(const struct coverage_carry *k, int64_t id)
{
	size_t low = 0, high = k->sites.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (k->sites.shelter[mid]->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return k->number[low];
}

/* Those that come and go are known from their numbers. */
static int
follow(void *arg, const struct snap_shelter *before,
    const struct snap_shelter *after)
{
	struct coverage_carry *k = arg;

	if (!coverage_takes_part(k->ask, before) ||
	    !coverage_takes_part(k->ask, after) || same_doors(before, after))
		return 0;
	return touch_doors(k, before) &&
		       coverage_carry_redo(k, number_of(k, after->id), after)
		   ? 0
		   : -1;
}

static int
count_change(void *arg, const struct snap_shelter *before,
    const struct snap_shelter *after)
{
	struct coverage_carry *k = arg;

	(void)before;
	(void)after;
	return ++k->changes > k->b->sites.n / 8 + 16;
}

/* Where memory that rows own has grown to that of all, it is time to lay them
 * out anew. */
static bool
may_carry(struct coverage_carry *k)
{
	const struct coverage_base *b = k->b;

	return snapshot_same_homes(b->snap, k->snap) &&
	       b->nown <= b->slot[b->nhomes] / 2 + 1024 &&
	       (!b->limit.by_minutes ||
		   (snapshot_same_streets(b->snap, k->snap) &&
		       snapshot_network(k->snap) != NULL)) &&
	       snapshot_changed(b->snap, k->snap, count_change, k) == 0;
}

/* ---- homes ---- */

static int
look_at(void *arg, uint32_t at)
{
	struct coverage_carry *k = arg;
	const struct coverage_home *h =
	    coverage_home(k->b->coverage, snapshot_home_at(k->snap, at)->id);

	if (h != NULL)
		coverage_carry_near(k, (size_t)(h - k->b->home));
	return 0;
}

static bool
look_around(struct coverage_carry *k, struct gis_point p)
{
	const struct coverage_base *b = k->b;
	struct gis_hit *hits;
	size_t n;

	if (!b->limit.by_minutes)
		return snapshot_homes_near(k->snap, p,
			   b->limit.metres * GIS_COVER_REACH, look_at, k) == 0;
	hits = gis_index_within(b->centres, p, b->limit.metres, &n);
	for (size_t i = 0; hits != NULL && i < n; i++)
		coverage_carry_near(k, hits[i].item);
	free(hits);
	return hits != NULL;
}

static bool
find_near(struct coverage_carry *k)
{
	const struct coverage_base *b = k->b;
	bool ok = true;

	k->is_near = calloc(b->nhomes + 1, sizeof(*k->is_near));
	k->near = malloc((b->nhomes + 1) * sizeof(*k->near));
	ok = k->is_near != NULL && k->near != NULL;
	for (size_t i = 0; ok && i < k->ntouched; i++)
		ok = look_around(k, k->touched[i]);
	for (size_t i = 0; ok && !b->limit.by_minutes && i < b->nhomes; i++)
		if (b->home[i].share != k->next->homes[i].share ||
		    b->home[i].covered != k->next->homes[i].covered)
			coverage_carry_near(k, i);
	return ok && k->nnear <= b->nhomes / 2 + 64;
}

/* Are they the same but for arcs to nowhere? */
static bool
same_row(const struct coverage_base *b, struct coverage_row had,
    struct coverage_row row)
{
	size_t i = 0;

	for (size_t j = 0; j < had.n; j++) {
		if (!b->alive[had.to[j]])
			continue;
		if (i == row.n || row.to[i] != had.to[j] ||
		    row.metres[i] != had.metres[j])
			return false;
		i++;
	}
	return i == row.n;
}

int
coverage_carry_put(struct coverage_carry *k, size_t home)
{
	struct coverage_base *b = k->b;
	const struct plan_arcs *a = &k->rows;
	size_t from = b->slot[home];
	int r = 0;

	for (size_t i = 0; r == 0 && from + i < b->slot[home + 1]; i++) {
		bool is = i < a->nhomes;
		int64_t people = is ? a->people[i] : 0;
		struct coverage_row row = { 0 };

		if (is)
			row = (struct coverage_row){ a->to + a->first[i],
				a->metres + a->first[i],
				a->first[i + 1] - a->first[i] };
		if (people != b->arcs.people[from + i] ||
		    !same_row(b, coverage_base_row(b, from + i), row))
			r = coverage_base_set(b, from + i, people, row);
	}
	return r;
}

static bool
stand_again(struct coverage_carry *k)
{
	struct coverage_base *b = k->b;
	const struct crowd_doors doors = coverage_base_doors(b);

	if (b->state == NULL)
		return true;
	for (size_t i = 0; i < k->nnear; i++) {
		const struct coverage_home *h = &b->home[k->near[i]];

		k->rows.nhomes = k->rows.narcs = 0;
		if (!crowd_stand_home(&k->rows, &doors, b->gis, h->home,
			h->share, h->covered) ||
		    coverage_carry_put(k, k->near[i]) < 0)
			return false;
	}
	return true;
}

/* ---- all of it ---- */

static bool
start(struct coverage_carry *k)
{
	const struct plan_admit admit = { k->ask->where, k->ask->hidden };
	struct coverage_base *b = k->b;

	k->redo = calloc(b->planned + 1, sizeof(*k->redo));
	if (k->redo == NULL || !crowd_init(&k->rows, CROWD_SAMPLES, 0) ||
	    plan_sites_init(&k->sites, k->snap, plan_admits, &admit) < 0)
		return false;
	k->number = malloc((k->sites.n + 1) * sizeof(*k->number));
	return k->number != NULL && number_sites(k) &&
	       snapshot_changed(b->snap, k->snap, follow, k) == 0 &&
	       (!b->limit.by_minutes || coverage_carry_streets(k)) &&
	       k->nredo <= k->sites.n / 4 + 16;
}

/* The base belongs to the other snapshot from here on, whose coverage may
 * still be without shares. */
static bool
move_over(struct coverage_carry *k)
{
	struct coverage_base *b = k->b;

	plan_sites_release(&b->sites);
	free(b->number);
	coverage_unref(b->coverage);
	b->sites = k->sites;
	b->number = k->number;
	b->coverage = k->next;
	b->snap = k->next->snap;
	b->home = k->next->homes;
	k->sites = (struct plan_sites){ 0 };
	k->number = NULL;
	k->next = NULL;
	return coverage_base_sites(b);
}

static bool
walk(struct coverage_carry *k)
{
	struct coverage_base *b = k->b;
	struct coverage *old = coverage_ref(b->coverage), *c;
	bool ok;

	c = k->next = coverage_new(k->snap, k->ask);
	ok = c != NULL && c->gis != NULL && coverage_copy_homes(c, old);
	if (ok) {
		c->totals.usable_shelters = (int64_t)k->sites.n;
		c->totals.places = k->sites.places;
		ok = find_near(k) && move_over(k) && coverage_carry_walk(k) &&
		     coverage_round_homes(c) == 0 &&
		     coverage_hash(c, k->ask, old) == 0;
	}
	coverage_unref(old);
	return ok;
}

static bool
carry(struct coverage_carry *k, struct coverage *distance)
{
	struct coverage_base *b = k->b;
	bool ok = may_carry(k) && start(k);

	if (ok && b->limit.by_minutes) {
		ok = walk(k);
	} else if (ok) {
		k->next = coverage_ref(distance);
		ok = find_near(k) && move_over(k) && stand_again(k);
	}
	for (size_t i = 0; ok && i < b->nhomes; i++)
		b->exact[i] =
		    b->home[i].share * (double)b->home[i].home->people;
	return ok;
}

bool
coverage_base_carry(struct coverage_base *b, const struct snapshot *snap,
    const struct coverage_ask *ask, struct coverage *distance)
{
	struct coverage_carry k = { .b = b,
		.snap = distance != NULL ? distance->snap : snap,
		.ask = ask };
	bool ok = carry(&k, distance);

	coverage_unref(k.next);
	plan_sites_release(&k.sites);
	plan_arcs_release(&k.rows);
	free(k.number);
	free(k.touched);
	free(k.redo);
	free(k.is_near);
	free(k.near);
	return ok;
}

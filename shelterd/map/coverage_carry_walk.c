/* SPDX-License-Identifier: MIT */
/*
 * A base on foot on its way to another snapshot.  A shelter with other doors
 * is measured again from all of them; a street that closes or opens makes it
 * so for every shelter one of whose ways it may lie on, and for those in reach
 * of homes whose own street it is.
 */
#include <stdlib.h>

#include "shelterd/map/coverage_carry.h"
#include "shelterd/plan/plan_limit.h"
#include "shelterd/plan/plan_ways.h"

/* ---- streets ---- */

static bool
is_shut(const struct snapshot *s, uint32_t edge)
{
	return gis_network_is_shut(snapshot_network(s), edge);
}

static bool
redo_item(struct coverage_carry *k, uint32_t item)
{
	uint32_t site = k->sites.of_item[item];

	return site == UINT32_MAX ||
	       coverage_carry_redo(k, k->number[site], k->sites.shelter[site]);
}

/* All shelters with a door so near. */
static bool
redo_within(struct coverage_carry *k, struct gis_point p, double metres)
{
	size_t n;
	struct gis_hit *hits =
	    gis_index_within(snapshot_entrance_index(k->snap), p, metres, &n);
	bool ok = hits != NULL;

	for (size_t i = 0; ok && i < n; i++)
		ok = redo_item(k, hits[i].item);
	free(hits);
	return ok;
}

static bool
redo_along(struct coverage_carry *k, uint32_t edge)
{
	struct gis_point end[2], middle;
	double metres;

	if (is_shut(k->b->snap, edge) == is_shut(k->snap, edge) ||
	    !gis_network_ends(snapshot_network(k->snap), edge, end, &metres))
		return true;
	middle = (struct gis_point){ (end[0].x + end[1].x) / 2,
		(end[0].y + end[1].y) / 2 };
	return redo_within(
	    k, middle, (k->b->limit.metres + metres / 2) * (1 + 1e-9));
}

/* Is it, or was it, another street than the nearest? */
static bool
displaced(const struct coverage_carry *k, struct gis_place place)
{
	return place.edge != UINT32_MAX && (is_shut(k->b->snap, place.edge) ||
					       is_shut(k->snap, place.edge));
}

static bool
redo_displaced(struct coverage_carry *k)
{
	const struct coverage_base *b = k->b;
	bool ok = true;

	for (size_t i = 0; ok && i < k->sites.n; i++) {
		const struct snap_shelter *s = k->sites.shelter[i];

		for (size_t e = 0; ok && e < s->nentrances; e++)
			if (displaced(k, s->entrances[e].place))
				ok = coverage_carry_redo(k, k->number[i], s);
	}
	for (size_t i = 0; ok && i < b->nhomes; i++)
		if (displaced(k, b->home[i].home->place))
			ok = redo_within(
			    k, b->home[i].home->plane, b->limit.metres);
	return ok;
}

bool
coverage_carry_streets(struct coverage_carry *k)
{
	const struct snapshot *side[] = { k->b->snap, k->snap };
	bool ok = true;

	if (snapshot_network(side[0]) == snapshot_network(side[1]))
		return true;
	/* Who goes in another manner may stand at yet another street. */
	if (!plan_limit_plain(&k->b->limit))
		return false;
	for (int i = 0; i < 2; i++) {
		size_t n;
		const struct snap_closure *c = snapshot_closures(side[i], &n);

		for (size_t j = 0; ok && j < n; j++)
			ok =
			    c[j].edge == UINT32_MAX || redo_along(k, c[j].edge);
	}
	return ok && redo_displaced(k);
}

/* ---- ways ---- */

enum { TAKEN = -1 };

struct way {
	uint32_t home, number;
	int64_t metres;
};

struct walking {
	struct coverage_carry *k;
	struct gis_walk *walk;
	struct way *way;
	size_t n, room;
};

static bool
add_way(struct walking *w, struct way way)
{
	size_t room = w->room * 2 + 256;
	struct way *more;

	if (way.metres < 0)
		return true;
	if (w->n == w->room) {
		more = realloc(w->way, room * sizeof(*more));
		if (more == NULL)
			return false;
		w->way = more;
		w->room = room;
	}
	w->way[w->n++] = way;
	return true;
}

static struct gis_place
place_of(const struct coverage_base *b, struct gis_place known,
    struct gis_point plane)
{
	return plan_place(snapshot_network(b->snap), &b->limit, known, plane);
}

static bool
walk_from(struct walking *w, uint32_t number, const struct snap_entrance *door)
{
	const struct coverage_base *b = w->k->b;
	size_t n = 0;
	struct gis_hit *hits =
	    gis_index_within(b->centres, door->plane, b->limit.metres, &n);
	struct gis_place *to = malloc((n + 1) * sizeof(*to));
	double *metres = malloc((n + 1) * sizeof(*metres));
	bool ok = hits != NULL && to != NULL && metres != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		const struct snap_home *h = b->home[hits[i].item].home;

		to[i] = place_of(b, h->place, h->plane);
	}
	if (ok && n > 0)
		gis_walk_among(w->walk, place_of(b, door->place, door->plane),
		    b->limit.metres, to, n, metres);
	for (size_t i = 0; ok && i < n; i++)
		ok = add_way(w, (struct way){ hits[i].item, number,
				    plan_whole_metres(metres[i]) });
	free(hits);
	free(to);
	free(metres);
	return ok;
}

static bool
walk_from_all(struct walking *w)
{
	const struct coverage_base *b = w->k->b;
	bool ok = true;

	for (size_t i = 0; ok && i < b->sites.n; i++) {
		const struct snap_shelter *s = b->sites.shelter[i];

		if (!w->k->redo[b->number[i]])
			continue;
		for (size_t e = 0; ok && e < s->nentrances; e++)
			if (plan_door_open(s, &s->entrances[e]))
				ok = walk_from(
				    w, b->number[i], &s->entrances[e]);
	}
	return ok;
}

static int
by_home(const void *a, const void *b)
{
	const struct way *x = a, *y = b;

	if (x->home != y->home)
		return x->home < y->home ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->metres < y->metres ? -1 : x->metres > y->metres;
}

static bool
add_arc(struct plan_arcs *a, uint32_t to, int64_t metres)
{
	if (!plan_arcs_grow(a))
		return false;
	a->to[a->narcs] = to;
	a->metres[a->narcs++] = metres;
	return true;
}

/* The home's nearest door of that shelter, if it was measured again. */
static struct way *
way_to(const struct walking *w, size_t from, size_t to, uint32_t number)
{
	for (size_t i = from; i < to; i++)
		if (w->way[i].number == number)
			return &w->way[i];
	return NULL;
}

/* A home's row in the order it had, with what was measured again. */
static bool
make_row(struct walking *w, size_t home, size_t from, size_t to)
{
	struct coverage_carry *k = w->k;
	struct plan_arcs *a = &k->rows;
	struct coverage_row had = coverage_base_row(k->b, home);
	bool ok = true;

	a->narcs = 0;
	for (size_t i = 0; ok && i < had.n; i++) {
		uint32_t number = had.to[i];
		struct way *way = way_to(w, from, to, number);

		if (way != NULL)
			ok = add_arc(a, number, way->metres);
		else if (k->b->alive[number] && !k->redo[number])
			ok = add_arc(a, number, had.metres[i]);
		if (way != NULL)
			way->metres = TAKEN;
	}
	for (size_t i = from; ok && i < to; i++)
		if ((i == from || w->way[i].number != w->way[i - 1].number) &&
		    w->way[i].metres != TAKEN)
			ok = add_arc(a, w->way[i].number, w->way[i].metres);
	a->people[0] = k->b->home[home].home->people;
	a->first[1] = a->narcs;
	a->nhomes = 1;
	return ok;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static bool
put_rows(struct walking *w)
{
	struct coverage_carry *k = w->k;
	struct coverage *c = k->b->coverage;
	size_t from = 0, to;

	if (w->n > 0)
		qsort(w->way, w->n, sizeof(*w->way), by_home);
	qsort(k->near, k->nnear, sizeof(*k->near), by_number);
	for (size_t i = 0; i < k->nnear; i++, from = to) {
		uint32_t home = k->near[i];

		for (to = from; to < w->n && w->way[to].home == home;)
			to++;
		if (!make_row(w, home, from, to) ||
		    coverage_carry_put(k, home) < 0)
			return false;
		c->homes[home].share = k->rows.narcs > 0;
	}
	return from == w->n;
}

bool
coverage_carry_walk(struct coverage_carry *k)
{
	struct walking w = { .k = k };
	bool plain = plan_limit_plain(&k->b->limit), ok = true;

	if (k->nredo > 0) {
		w.walk = plain ? snapshot_walk_take(k->snap)
			       : gis_walk_new(snapshot_network(k->snap));
		ok = w.walk != NULL;
		if (ok && !plain)
			gis_walk_as(w.walk, k->b->limit.manner);
	}
	ok = ok && walk_from_all(&w) && put_rows(&w);
	if (plain)
		snapshot_walk_give(k->snap, w.walk);
	else
		gis_walk_free(w.walk);
	free(w.way);
	return ok;
}

/* SPDX-License-Identifier: MIT */
/*
 * Measures homes and doors against each other: see plan_ways.h.  Costs the
 * nodes around the fewer side, in the order of the map; what is found is then
 * put home by home.
 */
#include "shelterd/plan/plan_ways.h"

#include <math.h>
#include <stdlib.h>

#include "gis/graph_order.h"
#include "shelterd/plan/plan_limit.h"

enum { NEWS = 256 };

/* One side, homes or doors; `id` is the home's position or the item. */
struct side {
	struct end {
		struct gis_place place;
		uint32_t id, part;
	} * end;
	struct gis_point *plane;
	size_t n;
};

struct found {
	uint32_t home, item, metres;
};

/* How places and the parts they lie in are told. */
struct ground {
	const struct gis_network *net;
	const struct plan_limit *limit;
	uint32_t *parts; /* of edges; NULL: the snapshot's */
};

struct survey {
	struct plan_ways *ways;
	const struct snapshot *snap;
	const struct gis_network *net;
	const struct side *from, *to;
	bool from_doors;
	double straight, walk;	 /* limits */
	struct gis_index *index; /* of `to` */
	struct gis_walk *search;
	struct found *found;
	size_t n, room;
	/* Of one search, all as long as `roomy`. */
	struct gis_place *place;
	double *metres;
	uint32_t *at;
	size_t roomy;
};

static int
ground_init(struct ground *g)
{
	if (plan_limit_plain(g->limit) && gis_network_shut_edges(g->net) == 0)
		return 0;
	g->parts = gis_network_parts_as(g->net, g->limit->manner);
	return g->parts == NULL ? -1 : 0;
}

static int
side_init(struct side *s, size_t most)
{
	s->end = malloc((most + 1) * sizeof(*s->end));
	s->plane = malloc((most + 1) * sizeof(*s->plane));
	return s->end == NULL || s->plane == NULL ? -1 : 0;
}

static void
side_release(struct side *s)
{
	free(s->end);
	free(s->plane);
}

struct gis_place
plan_place(const struct gis_network *net, const struct plan_limit *limit,
    struct gis_place known, struct gis_point plane)
{
	return plan_limit_plain(limit) && !gis_network_is_shut(net, known.edge)
		   ? known
		   : gis_network_snap_as(
			 net, plane, limit->snap_reach, limit->manner);
}

static void
side_add(struct side *s, const struct ground *g, struct gis_place known,
    struct gis_point plane, size_t id)
{
	struct gis_place place = plan_place(g->net, g->limit, known, plane);
	uint32_t part = g->parts != NULL && place.edge != UINT32_MAX
			    ? g->parts[place.edge]
			    : gis_network_component(g->net, place.edge);

	s->end[s->n] = (struct end){ place, (uint32_t)id, part };
	s->plane[s->n++] = plane;
}

static int
gather_homes(
    struct side *s, const struct snapshot *snap, const struct ground *g)
{
	size_t n = snapshot_homes(snap);

	if (side_init(s, n) == -1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct snap_home *h = snapshot_home_at(snap, i);

		if (h->people > 0)
			side_add(s, g, h->place, h->plane, i);
	}
	return 0;
}

static int
gather_doors(struct side *s, const struct snapshot *snap,
    const struct plan_sites *sites, const struct ground *g)
{
	const struct snap_shelter *shelter;
	const struct snap_entrance *e;

	if (side_init(s, sites->nitems) == -1)
		return -1;
	for (size_t i = 0; i < sites->nitems; i++) {
		if (sites->of_item[i] == UINT32_MAX)
			continue;
		snapshot_entrance(snap, (uint32_t)i, &shelter, &e);
		side_add(s, g, e->place, e->plane, i);
	}
	return 0;
}

static bool
grow(void **p, size_t n, size_t size)
{
	void *q = realloc(*p, n * size);

	if (q != NULL)
		*p = q;
	return q != NULL;
}

static bool
room_for(struct survey *v, size_t n)
{
	if (n <= v->roomy)
		return true;
	if (!grow((void **)&v->place, n * 2, sizeof(*v->place)) ||
	    !grow((void **)&v->metres, n * 2, sizeof(*v->metres)) ||
	    !grow((void **)&v->at, n * 2, sizeof(*v->at)))
		return false;
	v->roomy = n * 2;
	return true;
}

static bool
note(struct survey *v, uint32_t source, uint32_t target, double metres)
{
	int64_t whole = plan_whole_metres(metres);

	if (whole < 0)
		return true;
	if (v->n == v->room) {
		size_t room = v->room ? v->room * 2 : 4096;

		if (!grow((void **)&v->found, room, sizeof(*v->found)))
			return false;
		v->room = room;
	}
	v->found[v->n++] = v->from_doors
			       ? (struct found){ target, source, whole }
			       : (struct found){ source, target, whole };
	return true;
}

/* Those of the hits that share the source's part, into v->place and v->at. */
static size_t
choose(struct survey *v, const struct end *from, const struct gis_hit *hits,
    size_t nhits)
{
	size_t n = 0;

	for (size_t i = 0; i < nhits; i++) {
		const struct end *to = &v->to->end[hits[i].item];
		uint32_t home = v->from_doors ? to->id : from->id;

		v->ways->near[home]++;
		if (to->part == UINT32_MAX || to->part != from->part) {
			v->ways->cut_off[home]++;
			continue;
		}
		v->place[n] = to->place;
		v->at[n++] = to->id;
	}
	return n;
}

static bool
survey_one(struct survey *v, size_t source)
{
	const struct end *from = &v->from->end[source];
	size_t nhits, n;
	struct gis_hit *hits = gis_index_within(
	    v->index, v->from->plane[source], v->straight, &nhits);
	bool ok = hits != NULL && room_for(v, nhits);

	if (ok && (n = choose(v, from, hits, nhits)) > 0) {
		gis_walk_among(
		    v->search, from->place, v->walk, v->place, n, v->metres);
		for (size_t i = 0; ok && i < n; i++)
			ok = note(v, from->id, v->at[i], v->metres[i]);
	}
	free(hits);
	return ok;
}

static int
survey_all(struct survey *v, assign_progress *progress, void *arg)
{
	uint32_t *order = gis_order_points(v->from->plane, v->from->n);
	int rc = order != NULL ? 0 : ASSIGN_NO_MEMORY;

	for (size_t i = 0; rc == 0 && i < v->from->n; i++)
		if (progress != NULL && i % NEWS == 0 &&
		    progress(arg, i, v->from->n))
			rc = ASSIGN_CANCELLED;
		else if (!survey_one(v, order[i]))
			rc = ASSIGN_NO_MEMORY;
	free(order);
	return rc;
}

struct ranked {
	double straight;
	struct plan_way way;
};

static int
by_straight(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->straight != y->straight)
		return x->straight < y->straight ? -1 : 1;
	return x->way.item < y->way.item ? -1 : x->way.item > y->way.item;
}

static void
sort_home(const struct snapshot *snap, size_t home, struct plan_way *way,
    size_t n, struct ranked *r)
{
	struct gis_point at = snapshot_home_at(snap, home)->plane;
	const struct snap_shelter *s;
	const struct snap_entrance *e;

	for (size_t i = 0; i < n; i++) {
		snapshot_entrance(snap, way[i].item, &s, &e);
		r[i] = (struct ranked){ gis_distance(at, e->plane), way[i] };
	}
	qsort(r, n, sizeof(*r), by_straight);
	for (size_t i = 0; i < n; i++)
		way[i] = r[i].way;
}

/* What was found, home by home. */
static int
sort_all(struct survey *v)
{
	struct plan_ways *w = v->ways;
	size_t homes = snapshot_homes(v->snap), most = 0, *first = w->first;
	struct ranked *r;

	w->way = malloc((v->n + 1) * sizeof(*w->way));
	if (w->way == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < v->n; i++)
		first[v->found[i].home + 2]++;
	for (size_t i = 2; i <= homes + 1; i++) {
		most = first[i] > most ? first[i] : most;
		first[i] += first[i - 1];
	}
	for (const struct found *f = v->found; f < v->found + v->n; f++)
		w->way[first[f->home + 1]++] =
		    (struct plan_way){ f->item, f->metres };
	if ((r = malloc((most + 1) * sizeof(*r))) == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < homes; i++)
		sort_home(
		    v->snap, i, w->way + first[i], first[i + 1] - first[i], r);
	free(r);
	return 0;
}

static int
survey_init(struct survey *v)
{
	size_t homes = snapshot_homes(v->snap);

	v->ways->first = calloc(homes + 2, sizeof(*v->ways->first));
	v->ways->near = calloc(homes + 1, sizeof(*v->ways->near));
	v->ways->cut_off = calloc(homes + 1, sizeof(*v->ways->cut_off));
	v->index = gis_index_new(v->to->plane, v->to->n);
	v->search = gis_walk_new(v->net);
	if (v->ways->first == NULL || v->ways->near == NULL ||
	    v->ways->cut_off == NULL || v->index == NULL || v->search == NULL)
		return ASSIGN_NO_MEMORY;
	return 0;
}

static void
survey_release(struct survey *v)
{
	gis_index_free(v->index);
	gis_walk_free(v->search);
	free(v->found);
	free(v->place);
	free(v->metres);
	free(v->at);
}

int
plan_ways_measure(struct plan_ways *w, const struct snapshot *snap,
    const struct plan_sites *sites, const struct plan_limit *limit,
    assign_progress *progress, void *arg)
{
	struct side homes = { 0 }, doors = { 0 };
	struct survey v = { .ways = w,
		.snap = snap,
		.net = snapshot_network(snap),
		.straight = limit->metres,
		.walk = limit->by_minutes ? limit->metres : INFINITY };
	int rc = ASSIGN_NO_MEMORY;

	struct ground g = { v.net, limit, NULL };

	*w = (struct plan_ways){ 0 };
	if (ground_init(&g) == 0 && gather_homes(&homes, snap, &g) == 0 &&
	    gather_doors(&doors, snap, sites, &g) == 0) {
		v.from_doors = doors.n < homes.n;
		v.from = v.from_doors ? &doors : &homes;
		v.to = v.from_doors ? &homes : &doors;
		rc = survey_init(&v);
		if (rc == 0)
			gis_walk_as(v.search, limit->manner);
		if (rc == 0)
			rc = survey_all(&v, progress, arg);
		if (rc == 0)
			rc = sort_all(&v);
		survey_release(&v);
	}
	side_release(&homes);
	side_release(&doors);
	free(g.parts);
	return rc;
}

void
plan_ways_release(struct plan_ways *w)
{
	free(w->way);
	free(w->first);
	free(w->near);
	free(w->cut_off);
	*w = (struct plan_ways){ 0 };
}

/* SPDX-License-Identifier: MIT */
/*
 * Who has whom within the limit.  A search costs the nodes within its reach:
 * from stops, stops x nodes within the limit; from homes, homes x nodes until
 * the limit or, when k are asked for, until the k-th is found, which is near
 * where stops are dense.  A few searches of each kind tell which is less.  Where
 * both go far beyond the k nearest, the k-th nearest of some crossings bounds
 * that of all, and stops are searched from no farther than that.
 *
 * Threads take blocks of sources and note what they find; the notes are then
 * put home by home and sorted, so nobody can tell who found what.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gis/graph_order.h"
#include "gis/reach_mesh.h"
#include "gis/reach_notes.h"
#include "gis/reach_search.h"

enum { BLOCK = 64, SAMPLE = 48, MAX_THREADS = 16 };

/* Stops on the mesh in the order of the map, so that neighbours follow each
 * other in memory; `id` is their number in the question. */
struct side {
	struct gis_stop *stop;
	uint32_t *id;
	size_t n;
	struct gis_hooks hooks;
};

/* What all threads share. */
struct survey {
	const struct gis_mesh *mesh;
	const struct gis_pairs_ask *ask;
	bool from_homes;
	const struct side *source, *target;
	const uint32_t *owner; /* of targets by id, NULL: each its own */
	uint32_t k;	       /* 0: all */
	/* Beyond this nothing is among the k nearest of a crossing, of a
	 * target; NULL: the limit alone. */
	const uint32_t *bound, *target_bound;
	atomic_size_t next;
};

/* One thread's. */
struct worker {
	struct survey *survey;
	struct gis_search search;
	const struct gis_stop *from;
	uint32_t *best;		/* by owner: place in found[] + 1, 0: none */
	struct gis_pair *found; /* the nearest target of each owner */
	size_t nfound, looked;	/* looked: at targets */
	uint32_t *near;		/* the k least dm of found[], ascending */
	struct gis_notes notes;
	bool failed;
	pthread_t thread;
};

static uint32_t
owner_of(const struct survey *v, uint32_t target)
{
	return v->owner != NULL ? v->owner[v->target->id[target]] : target;
}

/* The k-th least length bounds what is still worth looking at: `was` leaves
 * the k least, `dm` comes in. */
static void
tighten(struct worker *w, uint32_t was, uint32_t dm)
{
	uint32_t k = w->survey->k, i;

	for (i = 0; i + 1 < k && w->near[i] < was;)
		i++;
	for (; i > 0 && w->near[i - 1] > dm; i--)
		w->near[i] = w->near[i - 1];
	w->near[i] = dm;
	if (w->near[k - 1] < w->search.limit)
		w->search.limit = w->near[k - 1];
}

static void
find(struct worker *w, uint32_t target, uint32_t dm)
{
	const uint32_t *id = w->survey->target->id;
	uint32_t o = owner_of(w->survey, target), was = GIS_REACH_FAR;
	struct gis_pair *p;

	if (dm > w->search.limit ||
	    (w->survey->target_bound && dm > w->survey->target_bound[target]))
		return;
	if (w->best[o] == 0) {
		w->best[o] = (uint32_t)++w->nfound;
		p = &w->found[w->nfound - 1];
	} else {
		p = &w->found[w->best[o] - 1];
		if (p->dm < dm || (p->dm == dm && id[p->stop] <= id[target]))
			return;
		was = p->dm;
	}
	*p = (struct gis_pair){ target, dm };
	if (w->survey->k > 0 && was != dm)
		tighten(w, was, dm);
}

static void
visit(void *arg, uint32_t node, uint32_t dm)
{
	struct worker *w = arg;
	const struct gis_hooks *h = &w->survey->target->hooks;

	w->looked += h->first[node + 1] - h->first[node];
	for (uint32_t i = h->first[node]; i < h->first[node + 1]; i++)
		find(w, h->hook[i].stop, dm + h->hook[i].dm);
}

/* Targets on the source's own chain are reached along it. */
static void
along_chain(struct worker *w)
{
	const struct side *to = w->survey->target;
	const struct gis_hooks *h = &to->hooks;
	uint32_t node = w->from->node[0];
	int64_t here = (int64_t)w->from->to[0] - w->from->off, there;

	for (uint32_t i = h->first[node]; i < h->first[node + 1]; i++) {
		const struct gis_stop *t = &to->stop[h->hook[i].stop];

		if (t->edge != w->from->edge)
			continue;
		there = (int64_t)t->to[0] - t->off;
		find(w, h->hook[i].stop,
		    (uint32_t)llabs(here - there) + w->from->off + t->off);
	}
}

static bool
room_for(struct gis_notes *n, size_t more)
{
	size_t room = n->room;
	void *q;

	while (room - n->n < more)
		room = room * 2 + 1024;
	if (room == n->room)
		return true;
	if ((q = realloc(n->note, room * sizeof(*n->note))) == NULL)
		return false;
	n->note = q;
	n->room = room;
	return true;
}

static bool
note_found(struct worker *w, uint32_t source)
{
	const struct survey *v = w->survey;
	uint32_t from = v->source->id[source], to;
	struct gis_pair *p;

	if (!room_for(&w->notes, w->nfound))
		return false;
	for (p = w->found; p < w->found + w->nfound; p++) {
		w->best[owner_of(v, p->stop)] = 0;
		if (p->dm > w->search.limit)
			continue;
		to = v->target->id[p->stop];
		w->notes.note[w->notes.n++] =
		    v->from_homes ? (struct gis_note){ from, to, p->dm }
				  : (struct gis_note){ to, from, p->dm };
	}
	w->nfound = 0;
	return true;
}

static void
search_one(struct worker *w, const struct gis_stop *from)
{
	const struct survey *v = w->survey;

	w->from = from;
	for (uint32_t i = 0; i < v->k; i++)
		w->near[i] = GIS_REACH_FAR;
	w->search.limit = v->ask->limit;
	along_chain(w);
	gis_search_from(&w->search, from, &v->target->hooks, visit, w);
	w->failed = w->failed || w->search.failed;
}

static void
survey_one(struct worker *w, uint32_t source)
{
	const struct gis_stop *from = &w->survey->source->stop[source];

	if (from->edge == GIS_NONE)
		return;
	search_one(w, from);
	w->failed = w->failed || !note_found(w, source);
}

static void
forget_found(struct worker *w)
{
	for (size_t i = 0; i < w->nfound; i++)
		w->best[owner_of(w->survey, w->found[i].stop)] = 0;
	w->nfound = 0;
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct survey *v = w->survey;
	size_t i, end;

	while (!w->failed) {
		i = atomic_fetch_add(&v->next, BLOCK);
		if (i >= v->source->n)
			break;
		end = i + BLOCK < v->source->n ? i + BLOCK : v->source->n;
		while (i < end && !w->failed)
			survey_one(w, (uint32_t)i++);
	}
	return NULL;
}

static int
worker_init(struct worker *w, struct survey *v)
{
	*w = (struct worker){ .survey = v };
	w->best = calloc(v->target->n + 1, sizeof(*w->best));
	w->found = malloc((v->target->n + 1) * sizeof(*w->found));
	w->near = malloc((v->k + (size_t)1) * sizeof(*w->near));
	if (gis_search_init(&w->search, &v->mesh->ways, v->ask->limit) == -1 ||
	    w->best == NULL || w->found == NULL || w->near == NULL)
		return -1;
	w->search.bound = v->bound;
	return 0;
}

static void
worker_release(struct worker *w)
{
	gis_search_release(&w->search);
	free(w->best);
	free(w->found);
	free(w->near);
	free(w->notes.note);
}

/* Sorted by their first crossing: those are numbered along the map. */
static int
side_init(struct side *s, const struct gis_mesh *m, const struct gis_stop *stop,
    size_t n)
{
	uint64_t *key = malloc((n + 1) * sizeof(*key));
	struct gis_stop *at = malloc((n + 1) * sizeof(*at));
	int rc = -1;

	s->n = n;
	s->stop = malloc((n + 1) * sizeof(*s->stop));
	s->id = malloc((n + 1) * sizeof(*s->id));
	if (key == NULL || at == NULL || s->stop == NULL || s->id == NULL)
		goto out;
	for (size_t i = 0; i < n; i++) {
		at[i] = gis_mesh_stop(m, stop[i]);
		key[i] = (uint64_t)(at[i].edge == GIS_NONE ? 0 : at[i].node[0])
			     << 32 |
			 i;
	}
	if (gis_order_keys(key, n) == -1)
		goto out;
	for (size_t i = 0; i < n; i++) {
		s->id[i] = (uint32_t)key[i];
		s->stop[i] = at[s->id[i]];
	}
	rc = gis_hooks_init(&s->hooks, m->ways.nodes, s->stop, n);
out:
	free(key);
	free(at);
	return rc;
}

static void
side_release(struct side *s)
{
	free(s->stop);
	free(s->id);
	gis_hooks_release(&s->hooks);
}

/* Nodes and targets all searches would look at, told from a few; -1: out of
 * memory. */
static double
estimate(struct survey *v)
{
	size_t n = v->source->n;
	struct worker w;
	double cost = -1;

	if (worker_init(&w, v) == 0) {
		for (size_t i = 0; i < SAMPLE && n > 0; i++)
			survey_one(&w, (uint32_t)(i * n / SAMPLE));
		if (!w.failed)
			cost = (double)(w.search.settled + w.looked) *
			       (double)n / SAMPLE;
	}
	worker_release(&w);
	return cost;
}

/* All searches; workers hold the notes. */
static int
run(struct worker *w, unsigned threads)
{
	unsigned started = 1;
	bool failed = false;

	for (; started < threads; started++)
		if (pthread_create(
			&w[started].thread, NULL, work, &w[started]) != 0)
			break; /* the others do it */
	work(&w[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(w[i].thread, NULL);
	for (unsigned i = 0; i < started; i++)
		failed |= w[i].failed;
	return failed ? -1 : 0;
}

static int
survey_all(struct survey *v, struct gis_pairs *out)
{
	unsigned threads = v->ask->threads, ready = 0;
	struct worker w[MAX_THREADS];
	struct gis_notes notes[MAX_THREADS];
	int rc = 0;

	threads = threads < 1 ? 1 : threads;
	threads = threads > MAX_THREADS ? MAX_THREADS : threads;
	while (ready < threads && rc == 0)
		rc = worker_init(&w[ready++], v);
	if (rc == 0)
		rc = run(w, threads);
	for (unsigned i = 0; i < ready; i++)
		notes[i] = w[i].notes;
	if (rc == 0)
		rc = gis_pairs_gather(v->ask, notes, threads, out);
	for (unsigned i = 0; i < ready; i++) {
		out->settled += w[i].search.settled;
		worker_release(&w[i]);
	}
	return rc;
}

/* What is beyond the k-th nearest owner of some crossings, spread over all: a
 * crossing d away from one whose k-th lies at r has k within r + d, and what
 * is farther than that from a crossing is none of the k nearest of any home
 * behind it. */
static int
bound_crossings(
    struct survey *by_home, size_t step, uint32_t *bound, size_t *settled)
{
	size_t n = by_home->mesh->ways.nodes;
	struct side crossing = { .n = 1 };
	struct survey v = *by_home;
	struct worker w;
	int rc = -1;

	v.source = &crossing;
	if (worker_init(&w, &v) == 0) {
		for (uint32_t i = 0; i < n; i++)
			bound[i] = GIS_REACH_FAR;
		for (size_t i = step / 2; i < n && !w.failed; i += step) {
			struct gis_stop at = { .edge = GIS_NONE - 1,
				.node = { (uint32_t)i, (uint32_t)i } };

			search_one(&w, &at);
			forget_found(&w);
			bound[i] = w.near[v.k - 1];
		}
		if (!w.failed && gis_search_spread(&w.search, bound) == 0)
			rc = 0;
	}
	*settled += w.search.settled;
	worker_release(&w);
	return rc;
}

/* The same of targets, from the ends of their chains. */
static void
bound_targets(const struct side *s, const uint32_t *bound, uint32_t *out)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct gis_stop *t = &s->stop[i];

		out[i] = GIS_REACH_FAR;
		for (int end = 0; end < 2 && t->edge != GIS_NONE; end++)
			if (bound[t->node[end]] < GIS_REACH_FAR &&
			    bound[t->node[end]] + t->to[end] < out[i])
				out[i] = bound[t->node[end]] + t->to[end];
	}
}

/* From the stops, but no farther than where they are among the k nearest. */
static int
survey_bounded(struct survey *by_home, struct survey *by_stop, size_t step,
    struct gis_pairs *out)
{
	size_t n = by_home->mesh->ways.nodes;
	uint32_t *bound = malloc((n + 1) * sizeof(*bound));
	uint32_t *of_home = malloc((by_stop->target->n + 1) * sizeof(*of_home));
	int rc = -1;

	if (bound != NULL && of_home != NULL &&
	    bound_crossings(by_home, step, bound, &out->settled) == 0) {
		bound_targets(by_stop->target, bound, of_home);
		by_stop->bound = bound;
		by_stop->target_bound = of_home;
		rc = survey_all(by_stop, out);
	}
	free(bound);
	free(of_home);
	return rc;
}

/* Of three ways the one that looks at the fewest nodes. */
static int
choose_side(const struct gis_mesh *m, const struct gis_pairs_ask *ask,
    const struct side *home, const struct side *stop, struct gis_pairs *out)
{
	uint32_t k = ask->k <= ask->stops ? ask->k : 0;
	struct survey by_home = { .mesh = m,
		.ask = ask,
		.from_homes = true,
		.source = home,
		.target = stop,
		.owner = ask->owner,
		.k = k };
	struct survey by_stop = {
		.mesh = m, .ask = ask, .source = stop, .target = home
	};
	double homes = estimate(&by_home), stops = estimate(&by_stop);
	double nodes = (double)m->ways.nodes, step, bounded;

	if (homes < 0 || stops < 0)
		return -1;
	step = (k < 32 ? 1 : 2) * nodes / (double)(ask->stops + 1) + 1;
	bounded =
	    2 * nodes * k + nodes / step * homes / (double)(ask->homes + 1);
	if (k > 0 && bounded < homes && bounded < stops)
		return survey_bounded(&by_home, &by_stop, (size_t)step, out);
	return survey_all(homes < stops ? &by_home : &by_stop, out);
}

int
gis_mesh_pairs(const struct gis_mesh *m, const struct gis_pairs_ask *ask,
    struct gis_pairs *out)
{
	struct side home = { 0 }, stop = { 0 };
	int rc = -1;

	*out = (struct gis_pairs){ 0 };
	if (ask->limit > GIS_REACH_LIMIT || ask->homes >= GIS_REACH_FAR ||
	    ask->stops >= GIS_REACH_FAR)
		return -1;
	if (side_init(&home, m, ask->home, ask->homes) == 0 &&
	    side_init(&stop, m, ask->stop, ask->stops) == 0)
		rc = choose_side(m, ask, &home, &stop, out);
	side_release(&home);
	side_release(&stop);
	if (rc == -1)
		gis_pairs_release(out);
	return rc;
}

void
gis_pairs_release(struct gis_pairs *p)
{
	free(p->first);
	free(p->pair);
	*p = (struct gis_pairs){ 0 };
}

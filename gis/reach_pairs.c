/* SPDX-License-Identifier: MIT */
/*
 * Who has whom within the limit.  A search costs the nodes within its reach:
 * from stops, stops x nodes within the limit; from homes, homes x nodes until
 * the limit or, when k are asked for, until the k-th is found, which is near
 * where stops are dense.  A few searches of each kind tell which is less.
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
#include "gis/reach_search.h"

/* FEW are sorted by inserting. */
enum { BLOCK = 64, SAMPLE = 48, MAX_THREADS = 16, FEW = 64 };

struct note {
	uint32_t home, stop, dm;
};

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
	struct note *note;
	size_t notes, room;
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

	if (dm > w->search.limit)
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
note_found(struct worker *w, uint32_t source)
{
	const struct survey *v = w->survey;
	uint32_t from = v->source->id[source], to;
	struct gis_pair *p;

	while (w->room - w->notes < w->nfound) {
		void *q =
		    realloc(w->note, (w->room * 2 + 1024) * sizeof(*w->note));

		if (q == NULL)
			return false;
		w->note = q;
		w->room = w->room * 2 + 1024;
	}
	for (p = w->found; p < w->found + w->nfound; p++) {
		w->best[owner_of(v, p->stop)] = 0;
		if (p->dm > w->search.limit)
			continue;
		to = v->target->id[p->stop];
		w->note[w->notes++] = v->from_homes
					  ? (struct note){ from, to, p->dm }
					  : (struct note){ to, from, p->dm };
	}
	w->nfound = 0;
	return true;
}

static void
survey_one(struct worker *w, uint32_t source)
{
	const struct survey *v = w->survey;

	w->from = &v->source->stop[source];
	if (w->from->edge == GIS_NONE)
		return;
	for (uint32_t i = 0; i < v->k; i++)
		w->near[i] = GIS_REACH_FAR;
	w->search.limit = v->ask->limit;
	along_chain(w);
	gis_search_from(&w->search, w->from, &v->target->hooks, visit, w);
	w->failed = w->failed || w->search.failed || !note_found(w, source);
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
	return 0;
}

static void
worker_release(struct worker *w)
{
	gis_search_release(&w->search);
	free(w->best);
	free(w->found);
	free(w->near);
	free(w->note);
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

static bool
nearer(struct gis_pair a, struct gis_pair b)
{
	return a.dm < b.dm || (a.dm == b.dm && a.stop < b.stop);
}

static int
by_nearness(const void *a, const void *b)
{
	const struct gis_pair *p = a, *q = b;

	return nearer(*p, *q) ? -1 : nearer(*q, *p);
}

/* The k nearest first, all if k is 0; the rest in any order or lost. Returns
 * how many there are. */
static size_t
sort_pairs(struct gis_pair *p, size_t n, size_t k)
{
	struct gis_pair x;
	size_t kept = 0, j;

	k = k == 0 || k > n ? n : k;
	if (k > FEW) {
		qsort(p, n, sizeof(*p), by_nearness);
		return k;
	}
	for (size_t i = 0; i < n; i++) {
		x = p[i];
		if (kept == k && !nearer(x, p[k - 1]))
			continue;
		for (j = kept < k ? kept++ : k - 1;
		     j > 0 && nearer(x, p[j - 1]); j--)
			p[j] = p[j - 1];
		p[j] = x;
	}
	return kept;
}

/* Sorted pairs of a home to its answer: an owner once, k of them. */
static size_t
keep(const struct gis_pairs_ask *ask, struct gis_pair *p, size_t n,
    uint32_t *seen, uint32_t stamp, struct gis_pair *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < n && (ask->k == 0 || kept < ask->k); i++) {
		if (ask->owner != NULL) {
			if (seen[ask->owner[p[i].stop]] == stamp)
				continue;
			seen[ask->owner[p[i].stop]] = stamp;
		}
		out[kept++] = p[i];
	}
	return kept;
}

/* Notes to pairs, home by home. */
static int
gather(const struct gis_pairs_ask *ask, const struct worker *w,
    unsigned threads, struct gis_pairs *out)
{
	size_t n = 0, kept = 0, *first;
	uint32_t *seen = calloc(ask->stops + 1, sizeof(*seen));
	struct gis_pair *pair;

	for (unsigned t = 0; t < threads; t++)
		n += w[t].notes;
	out->first = first = calloc(ask->homes + 2, sizeof(*first));
	out->pair = pair = malloc((n + 1) * sizeof(*pair));
	if (first == NULL || pair == NULL || seen == NULL) {
		free(seen);
		return -1;
	}
	for (unsigned t = 0; t < threads; t++)
		for (size_t i = 0; i < w[t].notes; i++)
			first[w[t].note[i].home + 2]++;
	for (size_t i = 2; i <= ask->homes + 1; i++)
		first[i] += first[i - 1];
	for (unsigned t = 0; t < threads; t++)
		for (const struct note *p = w[t].note;
		     p < w[t].note + w[t].notes; p++)
			pair[first[p->home + 1]++] =
			    (struct gis_pair){ p->stop, p->dm };
	for (size_t i = 0; i < ask->homes; i++) {
		size_t from = first[i];

		n = sort_pairs(pair + from, first[i + 1] - from,
		    ask->owner == NULL ? ask->k : 0);
		first[i] = kept;
		kept += keep(
		    ask, pair + from, n, seen, (uint32_t)i + 1, pair + kept);
	}
	first[ask->homes] = kept;
	free(seen);
	return 0;
}

static int
survey_all(struct survey *v, struct gis_pairs *out)
{
	unsigned threads = v->ask->threads, ready = 0;
	struct worker w[MAX_THREADS];
	int rc = 0;

	threads = threads < 1 ? 1 : threads;
	threads = threads > MAX_THREADS ? MAX_THREADS : threads;
	while (ready < threads && rc == 0)
		rc = worker_init(&w[ready++], v);
	if (rc == 0)
		rc = run(w, threads);
	if (rc == 0)
		rc = gather(v->ask, w, threads, out);
	for (unsigned i = 0; i < ready; i++) {
		out->settled += w[i].search.settled;
		worker_release(&w[i]);
	}
	return rc;
}

static int
choose_side(const struct gis_mesh *m, const struct gis_pairs_ask *ask,
    const struct side *home, const struct side *stop, struct gis_pairs *out)
{
	struct survey by_home = { m, ask, true, home, stop, ask->owner,
		ask->k <= ask->stops ? ask->k : 0, 0 };
	struct survey by_stop = { m, ask, false, stop, home, NULL, 0, 0 };
	double homes = estimate(&by_home), stops = estimate(&by_stop);

	if (homes < 0 || stops < 0)
		return -1;
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

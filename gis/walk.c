/* SPDX-License-Identifier: MIT */
/*
 * Bounded walks: Dijkstra from a place on an edge, both ways along it, over a
 * four-way heap of crossings.  Nodes carry the stamp of the search that reached
 * them, so a search costs what it touches, however large the city is.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/graph.h"

enum { ARITY = 4 };

struct reached {
	double metres;
	uint32_t stamp, before; /* GIS_NONE: the start */
};

struct entry {
	double metres;
	uint32_t node;
};

struct gis_walk {
	const struct gis_network *net;
	struct reached *node;
	struct entry *heap; /* room for every exit once and the two ends */
	size_t nheap;
	uint32_t *want; /* of nodes: stamp of the search that waits for it */
	size_t wanted;	/* nodes; SIZE_MAX: all there are */
	uint32_t stamp;
	struct gis_place from;
	double limit;
	enum gis_profile profile;
};

/* NULL when out of memory; the network must outlive it. */
struct gis_walk *
gis_walk_new(const struct gis_network *net)
{
	struct gis_walk *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->net = net;
	w->from.edge = GIS_NONE;
	w->node = calloc(net->nnodes + 1, sizeof(*w->node));
	w->heap = malloc((2 * net->nedges + 2) * sizeof(*w->heap));
	w->want = calloc(net->nnodes + 1, sizeof(*w->want));
	if (w->node != NULL && w->heap != NULL && w->want != NULL)
		return w;
	gis_walk_free(w);
	return NULL;
}

void
gis_walk_free(struct gis_walk *w)
{
	if (w == NULL)
		return;
	free(w->node);
	free(w->heap);
	free(w->want);
	free(w);
}

static void
push(struct gis_walk *w, struct entry e)
{
	size_t i = w->nheap++, up;

	for (; i > 0; i = up) {
		up = (i - 1) / ARITY;
		if (w->heap[up].metres <= e.metres)
			break;
		w->heap[i] = w->heap[up];
	}
	w->heap[i] = e;
}

static size_t
least_child(const struct gis_walk *w, size_t i)
{
	size_t c = i * ARITY + 1, last = c + ARITY, least = c;

	if (last > w->nheap)
		last = w->nheap;
	for (c++; c < last; c++)
		if (w->heap[c].metres < w->heap[least].metres)
			least = c;
	return least;
}

static struct entry
pop(struct gis_walk *w)
{
	struct entry top = w->heap[0], e = w->heap[--w->nheap];
	size_t i = 0, c;

	while (i * ARITY + 1 < w->nheap) {
		c = least_child(w, i);
		if (e.metres <= w->heap[c].metres)
			break;
		w->heap[i] = w->heap[c];
		i = c;
	}
	w->heap[i] = e;
	return top;
}

void
gis_walk_as(struct gis_walk *w, enum gis_profile profile)
{
	w->profile = profile;
}

static bool
passable(const struct gis_walk *w, const struct gis_exit *x)
{
	return w->profile != GIS_WITHOUT_STEPS || !x->steps;
}

/* The only way on from a bend in a street, NULL at crossings, at the start and
 * where somebody waits for the node to be final. */
static const struct gis_exit *
way_on(const struct gis_walk *w, uint32_t node, uint32_t before)
{
	const struct gis_exit *x = &w->net->exits[w->net->first[node]];

	if (w->net->first[node + 1] - w->net->first[node] != 2 ||
	    before == GIS_NONE || w->want[node] == w->stamp)
		return NULL;
	return x->node == before ? x + 1 : x;
}

/* Bends are passed without waiting in the heap; should a shorter way come from
 * the other end, they are passed again. */
static void
reach(struct gis_walk *w, uint32_t node, double metres, uint32_t before)
{
	const struct gis_exit *on;
	struct reached *r;

	for (;;) {
		r = &w->node[node];
		if (metres > w->limit ||
		    (r->stamp == w->stamp && r->metres <= metres))
			return;
		*r = (struct reached){ metres, w->stamp, before };
		on = way_on(w, node, before);
		if (on == NULL)
			break;
		if (!passable(w, on))
			return;
		before = node;
		metres += on->metres;
		node = on->node;
	}
	push(w, (struct entry){ metres, node });
}

static void
spread(struct gis_walk *w)
{
	const struct gis_network *net = w->net;
	struct entry e;

	while (w->nheap > 0 && w->wanted > 0) {
		e = pop(w);
		if (e.metres > w->node[e.node].metres)
			continue;
		if (w->want[e.node] == w->stamp) {
			w->want[e.node] = 0;
			w->wanted--;
		}
		for (uint32_t i = net->first[e.node];
		     i < net->first[e.node + 1]; i++)
			if (passable(w, &net->exits[i]))
				reach(w, net->exits[i].node,
				    e.metres + net->exits[i].metres, e.node);
	}
}

/* Stamps run out after four thousand million searches. */
static void
next_stamp(struct gis_walk *w)
{
	if (++w->stamp != 0)
		return;
	for (size_t i = 0; i < w->net->nnodes; i++)
		w->node[i].stamp = w->want[i] = 0;
	w->stamp = 1;
}

/* False: nowhere. */
static bool
start(struct gis_walk *w, struct gis_place from, double limit)
{
	next_stamp(w);
	w->from = from;
	w->limit = limit;
	w->nheap = 0;
	w->wanted = SIZE_MAX;
	if (from.edge < w->net->nedges && limit >= 0 &&
	    gis_admits(w->net, w->profile, from.edge))
		return true;
	w->from.edge = GIS_NONE;
	return false;
}

static void
leave(struct gis_walk *w)
{
	const struct gis_edge *g = &w->net->edge[w->from.edge];

	reach(w, g->a, w->from.off + w->from.along, GIS_NONE);
	reach(w, g->b, w->from.off + (g->metres - w->from.along), GIS_NONE);
	spread(w);
}

void
gis_walk_from(struct gis_walk *w, struct gis_place from, double limit)
{
	if (start(w, from, limit))
		leave(w);
}

static void
want(struct gis_walk *w, uint32_t node)
{
	if (w->want[node] == w->stamp)
		return;
	w->want[node] = w->stamp;
	w->wanted++;
}

static double
node_metres(const struct gis_walk *w, uint32_t node)
{
	const struct reached *r = &w->node[node];

	return r->stamp == w->stamp ? r->metres : INFINITY;
}

/* The length to a place and the node it comes by: GIS_NONE for straight along
 * the start's own edge. */
static double
arrive(const struct gis_walk *w, struct gis_place to, uint32_t *by)
{
	const struct gis_edge *g;
	double best = INFINITY, via;

	*by = GIS_NONE;
	if (w->from.edge == GIS_NONE || to.edge >= w->net->nedges ||
	    !gis_admits(w->net, w->profile, to.edge))
		return INFINITY;
	if (to.edge == w->from.edge)
		best = w->from.off + fabs(to.along - w->from.along);
	g = &w->net->edge[to.edge];
	via = node_metres(w, g->a) + to.along;
	if (via < best) {
		best = via;
		*by = g->a;
	}
	via = node_metres(w, g->b) + (g->metres - to.along);
	if (via < best) {
		best = via;
		*by = g->b;
	}
	best += to.off;
	return best <= w->limit ? best : INFINITY;
}

double
gis_walk_to(const struct gis_walk *w, struct gis_place to)
{
	uint32_t by;

	return arrive(w, to, &by);
}

void
gis_walk_among(struct gis_walk *w, struct gis_place from, double limit,
    const struct gis_place *to, size_t n, double *metres)
{
	if (start(w, from, limit)) {
		w->wanted = 0;
		for (size_t i = 0; i < n; i++)
			if (to[i].edge < w->net->nedges) {
				want(w, w->net->edge[to[i].edge].a);
				want(w, w->net->edge[to[i].edge].b);
			}
		leave(w);
	}
	for (size_t i = 0; i < n; i++)
		metres[i] = gis_walk_to(w, to[i]);
}

/* From foot to foot, at least two points, without the ways off the network. */
size_t
gis_walk_path(
    const struct gis_walk *w, struct gis_place to, struct gis_point **out)
{
	uint32_t by, i;
	struct gis_point *p;
	size_t n = 2;

	*out = NULL;
	if (isinf(arrive(w, to, &by)))
		return 0;
	for (i = by; i != GIS_NONE; i = w->node[i].before)
		n++;
	p = malloc(n * sizeof(*p));
	if (p == NULL)
		return 0;
	*out = p;
	p[0] = w->from.plane_foot;
	p[n - 1] = to.plane_foot;
	for (i = by, p += n - 2; i != GIS_NONE; i = w->node[i].before)
		*p-- = w->net->at[i];
	return n;
}

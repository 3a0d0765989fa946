/* SPDX-License-Identifier: MIT */
/*
 * Bounded walks: Dijkstra from a place on an edge, both ways along it, over a
 * four-way heap of crossings.  Nodes carry the stamp of the search that reached
 * them, so a search costs what it touches, however large the city is.
 */
#include <math.h>
#include <stdlib.h>

#include "gis/graph.h"
#include "gis/isochrone.h"

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
	struct gis_manner manner;
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
	w->manner = gis_on_foot;
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
gis_walk_as(struct gis_walk *w, struct gis_manner manner)
{
	w->manner = manner;
}

static bool
passable(const struct gis_walk *w, const struct gis_exit *x)
{
	const struct gis_network *net = w->net;
	size_t i = (size_t)(x - net->exits);

	if (net->nshut > 0 && (net->shut_exit[i / 32] >> i % 32 & 1))
		return false;
	return gis_allows(net, w->manner, x->steps, x->hours);
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
	    gis_admits(w->net, w->manner, from.edge))
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
	    !gis_admits(w->net, w->manner, to.edge))
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

/* The point so many metres along a street of a length. */
static struct gis_point
between(struct gis_point a, struct gis_point b, double metres, double length)
{
	double t = metres / length;

	return (
	    struct gis_point){ a.x + t * (b.x - a.x), a.y + t * (b.y - a.y) };
}

struct pieces {
	struct gis_piece *at;
	size_t n, room;
	bool failed;
};

static void
add_piece(struct pieces *p, struct gis_point from, struct gis_point to)
{
	size_t room = p->room ? p->room * 2 : 256;
	void *q;

	if (p->n == p->room) {
		if ((q = realloc(p->at, room * sizeof(*p->at))) == NULL) {
			p->failed = true;
			return;
		}
		p->at = q;
		p->room = room;
	}
	p->at[p->n++] = (struct gis_piece){ from, to };
}

/* As far as the limit goes from a node into its streets; a street that is
 * within it as a whole comes from its smaller node. */
static void
pieces_of(const struct gis_walk *w, uint32_t node, struct pieces *p)
{
	const struct gis_network *net = w->net;
	double left = w->limit - node_metres(w, node), other;
	const struct gis_exit *x = &net->exits[net->first[node]];

	for (; x < &net->exits[net->first[node + 1]]; x++) {
		if (!passable(w, x))
			continue;
		other = fmax(w->limit - node_metres(w, x->node), 0);
		if (left + other < x->metres && left > 0)
			add_piece(p, net->at[node],
			    between(net->at[node], net->at[x->node], left,
				x->metres));
		else if (left + other >= x->metres &&
			 (node < x->node || other == 0))
			add_piece(p, net->at[node], net->at[x->node]);
	}
}

/* Both ways from the foot of the start. */
static void
first_piece(const struct gis_walk *w, struct pieces *p)
{
	const struct gis_edge *g = &w->net->edge[w->from.edge];
	struct gis_point a = w->net->at[g->a], b = w->net->at[g->b];
	double left = w->limit - w->from.off;
	double from = fmax(w->from.along - left, 0);
	double to = fmin(w->from.along + left, g->metres);

	if (left > 0)
		add_piece(p, between(a, b, from, g->metres),
		    between(a, b, to, g->metres));
}

struct gis_piece *
gis_walk_pieces(const struct gis_walk *w, size_t *n)
{
	struct pieces p = { malloc(sizeof(*p.at)), 0, 1, false };

	*n = 0;
	if (p.at == NULL)
		return NULL;
	if (w->from.edge != GIS_NONE) {
		first_piece(w, &p);
		for (uint32_t v = 0; v < w->net->nnodes; v++)
			if (w->node[v].stamp == w->stamp)
				pieces_of(w, v, &p);
	}
	if (p.failed) {
		free(p.at);
		return NULL;
	}
	*n = p.n;
	return p.at;
}

/* SPDX-License-Identifier: MIT */
/*
 * The compact graph: made from a network for one way of walking, opened and
 * closed edge by edge, and places turned into stops on it.
 */
#include "gis/reach.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gis/reach_graph.h"

int
gis_ways_init(struct gis_ways *w, size_t nodes, size_t ways)
{
	w->nodes = nodes;
	w->ways = ways;
	w->first = calloc(nodes + 1, sizeof(*w->first));
	w->way = malloc((ways + 1) * sizeof(*w->way));
	return w->first == NULL || w->way == NULL ? -1 : 0;
}

void
gis_ways_release(struct gis_ways *w)
{
	free(w->first);
	free(w->way);
}

static uint32_t
edge_dm(const struct gis_network *net, uint32_t edge)
{
	double dm = round(net->edge[edge].metres * 10);

	return dm < 1 ? 1 : dm > GIS_REACH_FAR ? GIS_REACH_FAR : (uint32_t)dm;
}

static bool
admits(const struct gis_reach *r, uint32_t edge)
{
	return gis_admits(
	    r->net, (struct gis_manner){ r->profile, GIS_ANY_TIME }, edge);
}

void
gis_reach_link(const struct gis_reach *r, struct gis_ways *ways, uint32_t *edge)
{
	const struct gis_network *net = r->net;
	uint32_t *first = ways->first;

	for (uint32_t e = 0; e < net->nedges; e++) {
		first[net->edge[e].a] += admits(r, e);
		first[net->edge[e].b] += admits(r, e);
	}
	for (size_t i = 0, sum = 0; i <= ways->nodes; i++) {
		sum += first[i];
		first[i] = (uint32_t)sum;
	}
	ways->ways = first[ways->nodes];
	for (uint32_t e = (uint32_t)net->nedges; e-- > 0;) {
		const struct gis_edge *g = &net->edge[e];
		uint32_t dm = edge_dm(net, e);

		if (!admits(r, e))
			continue;
		ways->way[--first[g->a]] = (struct gis_way){ g->b, dm };
		ways->way[--first[g->b]] = (struct gis_way){ g->a, dm };
		if (edge != NULL)
			edge[first[g->a]] = edge[first[g->b]] = e;
	}
}

static struct gis_reach *
refuse(struct gis_reach *r, struct gis_fail *fail, const char *what)
{
	gis_reach_free(r);
	fail->at = -1;
	snprintf(fail->what, sizeof(fail->what), "%s", what);
	return NULL;
}

struct gis_reach *
gis_reach_new(const struct gis_network *net, enum gis_profile profile,
    struct gis_fail *fail)
{
	struct gis_reach *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return refuse(r, fail, "out of memory");
	r->net = net;
	r->profile = profile;
	if (gis_ways_init(&r->ways, net->nnodes, 2 * net->nedges) == -1)
		return refuse(r, fail, "out of memory");
	gis_reach_link(r, &r->ways, NULL);
	for (size_t i = 0; i < r->ways.ways; i++)
		if (r->ways.way[i].dm > r->longest)
			r->longest = r->ways.way[i].dm;
	if (r->longest > GIS_REACH_LIMIT)
		return refuse(r, fail, "an edge is longer than 100 km");
	return r;
}

void
gis_reach_free(struct gis_reach *r)
{
	if (r == NULL)
		return;
	gis_ways_release(&r->ways);
	free(r);
}

size_t
gis_reach_bytes(const struct gis_reach *r)
{
	return sizeof(*r) + (r->ways.nodes + 1) * sizeof(*r->ways.first) +
	       (r->ways.ways + 1) * sizeof(*r->ways.way);
}

/* The way from one end of an edge to the other; NULL: not in this profile. */
static struct gis_way *
find_way(const struct gis_reach *r, uint32_t edge, bool back)
{
	const struct gis_edge *g = &r->net->edge[edge];
	uint32_t from = back ? g->b : g->a, to = back ? g->a : g->b;

	for (uint32_t i = r->ways.first[from]; i < r->ways.first[from + 1]; i++)
		if (r->ways.way[i].node == to)
			return &r->ways.way[i];
	return NULL;
}

uint32_t
gis_reach_edge_dm(const struct gis_reach *r, uint32_t edge)
{
	const struct gis_way *w =
	    edge < r->net->nedges ? find_way(r, edge, false) : NULL;

	return w == NULL ? GIS_REACH_FAR : w->dm;
}

static bool
set_edge(struct gis_reach *r, uint32_t edge, uint32_t dm)
{
	struct gis_way *w;

	if (edge >= r->net->nedges || (w = find_way(r, edge, false)) == NULL ||
	    w->dm == dm)
		return false;
	w->dm = find_way(r, edge, true)->dm = dm;
	r->closed += dm == GIS_REACH_FAR ? 1 : SIZE_MAX;
	return true;
}

bool
gis_reach_close(struct gis_reach *r, uint32_t edge)
{
	return set_edge(r, edge, GIS_REACH_FAR);
}

bool
gis_reach_open(struct gis_reach *r, uint32_t edge)
{
	return edge < r->net->nedges &&
	       set_edge(r, edge, edge_dm(r->net, edge));
}

size_t
gis_reach_at(struct gis_reach *r, int minute)
{
	const struct gis_network *net = r->net;
	struct gis_manner then = { r->profile, minute };
	size_t changed = 0;

	for (uint32_t e = 0; net->hours != NULL && e < net->nedges; e++)
		if (net->hours[e] != 0)
			changed += gis_admits(net, then, e)
				       ? gis_reach_open(r, e)
				       : gis_reach_close(r, e);
	return changed;
}

struct gis_stop
gis_reach_stop(const struct gis_reach *r, struct gis_place p)
{
	struct gis_stop s = { .edge = GIS_NONE };
	const struct gis_edge *g;
	double along = round(p.along * 10), off = round(p.off * 10);
	uint32_t whole;

	if (p.edge >= r->net->nedges || !admits(r, p.edge) ||
	    !(off <= GIS_REACH_LIMIT))
		return s;
	g = &r->net->edge[p.edge];
	whole = edge_dm(r->net, p.edge);
	along = along > 0 ? along < whole ? along : whole : 0;
	s = (struct gis_stop){ p.edge, { g->a, g->b }, { 0 }, (uint32_t)off };
	s.to[0] = s.off + (uint32_t)along;
	s.to[1] = s.off + whole - (uint32_t)along;
	return s;
}

int
gis_hooks_init(
    struct gis_hooks *h, size_t nodes, const struct gis_stop *stop, size_t n)
{
	*h = (struct gis_hooks){ 0 };
	h->has = calloc(nodes / 32 + 1, sizeof(*h->has));
	h->first = calloc(nodes + 1, sizeof(*h->first));
	h->hook = malloc((2 * n + 1) * sizeof(*h->hook));
	if (h->has == NULL || h->first == NULL || h->hook == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (int end = 0; end < 2 && stop[i].edge != GIS_NONE; end++) {
			uint32_t v = stop[i].node[end];

			h->has[v / 32] |= 1u << v % 32;
			h->first[v]++;
		}
	for (size_t i = 0, sum = 0; i <= nodes; i++) {
		sum += h->first[i];
		h->first[i] = (uint32_t)sum;
	}
	for (size_t i = n; i-- > 0;)
		for (int end = 0; end < 2 && stop[i].edge != GIS_NONE; end++)
			h->hook[--h->first[stop[i].node[end]]] =
			    (struct gis_pair){ (uint32_t)i, stop[i].to[end] };
	return 0;
}

void
gis_hooks_release(struct gis_hooks *h)
{
	free(h->has);
	free(h->first);
	free(h->hook);
}

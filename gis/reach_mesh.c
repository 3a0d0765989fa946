/* SPDX-License-Identifier: MIT */
/* Makes the mesh by following every street from crossing to crossing. */
#include "gis/reach_mesh.h"

#include <stdlib.h>
#include <string.h>

/* What lives while a mesh is made. */
struct weave {
	struct gis_mesh *mesh;
	const struct gis_ways *open; /* of the reach */
	uint32_t *edge;		     /* of its ways */
	uint32_t *number;	     /* of nodes: crossing or GIS_NONE */
};

enum { CROSSING = 0 };

static bool
closed(const struct weave *w, uint32_t way)
{
	return w->open->way[way].dm == GIS_REACH_FAR;
}

static void
mark_crossings(struct weave *w)
{
	const struct gis_ways *o = w->open;
	uint32_t ways;

	for (uint32_t v = 0; v < o->nodes; v++) {
		ways = 0;
		for (uint32_t i = o->first[v]; i < o->first[v + 1]; i++)
			ways += !closed(w, i);
		w->number[v] = ways == 2 ? GIS_NONE : CROSSING;
	}
}

/* The open way on from a bend that was come to by `edge`. */
static uint32_t
way_on(const struct weave *w, uint32_t node, uint32_t edge)
{
	uint32_t i = w->open->first[node];

	while (w->edge[i] == edge || closed(w, i))
		i++;
	return i;
}

/* A chain so long that adding to it might not fit ends at a bend. */
static void
follow(struct weave *w, uint32_t from, uint32_t way)
{
	struct gis_mesh *m = w->mesh;
	struct gis_chain *c = &m->chain[m->chains];
	uint32_t node = from, edge;

	c->a = from;
	for (c->dm = 0;; way = way_on(w, node, edge)) {
		edge = w->edge[way];
		m->link[edge].chain = (uint32_t)m->chains;
		m->link[edge].dm = c->dm & INT32_MAX;
		m->link[edge].against = m->reach->net->edge[edge].a != node;
		c->dm += w->open->way[way].dm;
		node = w->open->way[way].node;
		if (c->dm > GIS_REACH_FAR / 2)
			w->number[node] = CROSSING;
		if (w->number[node] == CROSSING)
			break;
	}
	c->b = node;
	m->chains++;
}

static void
follow_from(struct weave *w, uint32_t node)
{
	for (uint32_t i = w->open->first[node]; i < w->open->first[node + 1];
	     i++)
		if (!closed(w, i) &&
		    w->mesh->link[w->edge[i]].chain == GIS_NONE)
			follow(w, node, i);
}

/* First from what is a crossing, then around what is left: rings, and behind
 * the ends of chains that were too long. */
static void
follow_all(struct weave *w)
{
	for (uint32_t v = 0; v < w->open->nodes; v++)
		if (w->number[v] == CROSSING)
			follow_from(w, v);
	for (uint32_t v = 0; v < w->open->nodes; v++)
		for (uint32_t i = w->open->first[v]; i < w->open->first[v + 1];
		     i++)
			if (!closed(w, i) &&
			    w->mesh->link[w->edge[i]].chain == GIS_NONE) {
				w->number[v] = CROSSING;
				follow_from(w, v);
			}
}

/* Numbers crossings in the order of nodes and hangs the chains up. */
static int
link_chains(struct weave *w)
{
	struct gis_mesh *m = w->mesh;
	uint32_t n = 0, *first;

	for (uint32_t v = 0; v < w->open->nodes; v++)
		if (w->number[v] == CROSSING)
			w->number[v] = n++;
	if (gis_ways_init(&m->ways, n, 2 * m->chains) == -1)
		return -1;
	first = m->ways.first;
	for (struct gis_chain *c = m->chain; c < m->chain + m->chains; c++) {
		first[c->a = w->number[c->a]]++;
		first[c->b = w->number[c->b]]++;
	}
	for (size_t i = 0, sum = 0; i <= n; i++) {
		sum += first[i];
		first[i] = (uint32_t)sum;
	}
	for (struct gis_chain *c = m->chain; c < m->chain + m->chains; c++) {
		m->ways.way[--first[c->a]] = (struct gis_way){ c->b, c->dm };
		m->ways.way[--first[c->b]] = (struct gis_way){ c->a, c->dm };
	}
	return 0;
}

static int
weave(struct weave *w)
{
	const struct gis_reach *r = w->mesh->reach;
	size_t edges = r->net->nedges;
	struct gis_ways again = { 0 };
	int rc = -1;

	w->mesh->link = malloc((edges + 1) * sizeof(*w->mesh->link));
	w->mesh->chain = malloc((edges + 1) * sizeof(*w->mesh->chain));
	w->edge = malloc((r->ways.ways + 1) * sizeof(*w->edge));
	w->number = malloc((r->ways.nodes + 1) * sizeof(*w->number));
	if (w->mesh->link == NULL || w->mesh->chain == NULL ||
	    w->edge == NULL || w->number == NULL ||
	    gis_ways_init(&again, r->ways.nodes, r->ways.ways) == -1)
		goto out;
	gis_reach_link(r, &again, w->edge);
	memset(w->mesh->link, 0xff, edges * sizeof(*w->mesh->link));
	mark_crossings(w);
	follow_all(w);
	rc = link_chains(w);
out:
	gis_ways_release(&again);
	return rc;
}

struct gis_mesh *
gis_mesh_new(const struct gis_reach *r)
{
	struct gis_mesh *m = calloc(1, sizeof(*m));
	struct weave w = { m, &r->ways, NULL, NULL };
	int rc = -1;

	if (m != NULL) {
		m->reach = r;
		rc = weave(&w);
	}
	free(w.edge);
	free(w.number);
	if (rc == 0)
		return m;
	gis_mesh_free(m);
	return NULL;
}

void
gis_mesh_free(struct gis_mesh *m)
{
	if (m == NULL)
		return;
	gis_ways_release(&m->ways);
	free(m->chain);
	free(m->link);
	free(m);
}

struct gis_stop
gis_mesh_stop(const struct gis_mesh *m, struct gis_stop s)
{
	struct gis_link l = { .chain = GIS_NONE };
	const struct gis_chain *c;
	uint32_t along;

	if (s.edge < m->reach->net->nedges)
		l = m->link[s.edge];
	s.edge = l.chain;
	if (l.chain == GIS_NONE)
		return s;
	c = &m->chain[l.chain];
	along = l.dm + s.to[l.against] - s.off;
	s.node[0] = c->a;
	s.node[1] = c->b;
	s.to[0] = s.off + along;
	s.to[1] = s.off + c->dm - along;
	return s;
}

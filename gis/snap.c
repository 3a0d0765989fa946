/* SPDX-License-Identifier: MIT */
/*
 * The nearest edge of the network to a point, by the packed tree over the
 * edges' boxes: depth first, the nearer child first, exact distances to
 * segments in the leaves.  Between equally near edges the smaller number wins.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/graph.h"
#include "gis/graph_order.h"

enum { STACK = 64 };

static struct gis_box
box_of(const struct gis_network *net, uint32_t e)
{
	const struct gis_edge *g = &net->edge[e];

	return gis_box_with(
	    gis_box_with(gis_box_empty(), net->at[g->a]), net->at[g->b]);
}

static struct gis_box
join(struct gis_box a, struct gis_box b)
{
	a = gis_box_with(a, (struct gis_point){ b.w, b.s });
	return gis_box_with(a, (struct gis_point){ b.e, b.n });
}

/* Edges in the order of their middles along Hilbert's curve, packed into the
 * leaves as they come: a tree in linear time, and a million edges need it. */
static uint32_t *
order_edges(const struct gis_network *net)
{
	struct gis_point *mid = malloc((net->nedges + 1) * sizeof(*mid));
	uint32_t *order = NULL;

	for (size_t e = 0; mid != NULL && e < net->nedges; e++) {
		struct gis_point a = net->at[net->edge[e].a];
		struct gis_point b = net->at[net->edge[e].b];

		mid[e] = (struct gis_point){ (a.x + b.x) / 2, (a.y + b.y) / 2 };
	}
	if (mid != NULL)
		order = gis_order_points(mid, net->nedges);
	free(mid);
	return order;
}

int
gis_snap_init(struct gis_network *net)
{
	struct gis_tree *t = &net->tree;

	t->n = net->nedges;
	for (t->leaves = 1; t->leaves * GIS_LEAF < t->n;)
		t->leaves *= 2;
	t->node = malloc(2 * t->leaves * sizeof(*t->node));
	t->item = order_edges(net);
	if (t->node == NULL || t->item == NULL) {
		gis_tree_release(t);
		return -1;
	}
	for (size_t l = 0; l < t->leaves; l++) {
		struct gis_box box = gis_box_empty();

		for (size_t i = gis_tree_first(t, l);
		     i < gis_tree_first(t, l + 1); i++)
			box = join(box, box_of(net, t->item[i]));
		t->node[t->leaves + l] = box;
	}
	for (size_t i = t->leaves; i-- > 1;)
		t->node[i] = join(t->node[2 * i], t->node[2 * i + 1]);
	t->node[0] = gis_box_empty();
	return 0;
}

/* The foot of p on an edge; `along` is exact at both ends. */
static struct gis_place
foot(const struct gis_network *net, uint32_t e, struct gis_point p)
{
	const struct gis_edge *g = &net->edge[e];
	struct gis_point a = net->at[g->a], b = net->at[g->b];
	double dx = b.x - a.x, dy = b.y - a.y;
	double dot = (p.x - a.x) * dx + (p.y - a.y) * dy;
	double len2 = dx * dx + dy * dy, t;
	struct gis_place q = { .edge = e };

	if (!(dot > 0)) {
		q.plane_foot = a;
	} else if (dot >= len2) {
		q.along = g->metres;
		q.plane_foot = b;
	} else {
		t = dot / len2;
		q.along = t * g->metres;
		q.plane_foot = (struct gis_point){ a.x + t * dx, a.y + t * dy };
	}
	q.off = gis_distance(p, q.plane_foot);
	return q;
}

static void
snap_leaf(const struct gis_network *net, size_t leaf, struct gis_point p,
    struct gis_manner manner, struct gis_place *best)
{
	size_t last = gis_tree_first(&net->tree, leaf + 1);
	struct gis_place q;

	for (size_t i = gis_tree_first(&net->tree, leaf); i < last; i++) {
		q = foot(net, net->tree.item[i], p);
		if (q.off > best->off ||
		    (q.off == best->off && q.edge >= best->edge) ||
		    !gis_admits(net, manner, q.edge))
			continue;
		*best = q;
	}
}

struct pending {
	size_t node;
	double off;
};

static struct pending
pending(const struct gis_network *net, size_t node, struct gis_point p)
{
	return (struct pending){ node,
		sqrt(gis_box_distance2(&net->tree.node[node], p)) };
}

/* A foot on a slanted edge is rounded, so boxes get a hair's breadth. */
static bool
worth(struct pending at, const struct gis_place *best)
{
	return at.off * (1 - 1e-12) <= best->off;
}

struct gis_place
gis_network_snap_as(const struct gis_network *net, struct gis_point p,
    double reach, struct gis_manner manner)
{
	struct gis_place best = { .edge = GIS_NONE, .off = reach };
	struct pending stack[STACK] = { { 1, 0 } }, at, l, r;
	size_t n = net->nedges > 0 && reach >= 0 && isfinite(p.x + p.y);

	while (n > 0) {
		at = stack[--n];
		if (!worth(at, &best))
			continue;
		if (at.node >= net->tree.leaves) {
			snap_leaf(
			    net, at.node - net->tree.leaves, p, manner, &best);
			continue;
		}
		l = pending(net, at.node * 2, p);
		r = pending(net, at.node * 2 + 1, p);
		stack[n++] = l.off <= r.off ? r : l;
		stack[n++] = l.off <= r.off ? l : r;
	}
	if (best.edge == GIS_NONE)
		best.off = INFINITY;
	best.off = gis_exact(best.off);
	best.along = gis_exact(best.along);
	return best;
}

struct gis_place
gis_network_snap(
    const struct gis_network *net, struct gis_point p, double reach)
{
	return gis_network_snap_as(net, p, reach, gis_on_foot);
}

int
gis_network_snap_all(const struct gis_network *net, const struct gis_point *p,
    size_t n, double reach, struct gis_place *out)
{
	uint32_t *order = n < GIS_NONE ? gis_order_points(p, n) : NULL;

	if (order == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		out[order[i]] = gis_network_snap(net, p[order[i]], reach);
	free(order);
	return 0;
}

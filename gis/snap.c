/* SPDX-License-Identifier: MIT */
/*
 * The nearest edge of the network to a point, by the packed tree over the
 * edges' boxes: depth first, the nearer child first, exact distances to
 * segments in the leaves.  Between equally near edges the smaller number wins.
 */
#include <math.h>

#include "gis/graph.h"

enum { STACK = 64 };

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
    struct gis_place *best)
{
	size_t last = gis_tree_first(&net->tree, leaf + 1);
	struct gis_place q;

	for (size_t i = gis_tree_first(&net->tree, leaf); i < last; i++) {
		q = foot(net, net->tree.item[i], p);
		if (q.off < best->off ||
		    (q.off == best->off && q.edge < best->edge))
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
gis_network_snap(
    const struct gis_network *net, struct gis_point p, double reach)
{
	struct gis_place best = { .edge = GIS_NONE, .off = reach };
	struct pending stack[STACK] = { { 1, 0 } }, at, l, r;
	size_t n = net->nedges > 0 && reach >= 0 && isfinite(p.x + p.y);

	while (n > 0) {
		at = stack[--n];
		if (!worth(at, &best))
			continue;
		if (at.node >= net->tree.leaves) {
			snap_leaf(net, at.node - net->tree.leaves, p, &best);
			continue;
		}
		l = pending(net, at.node * 2, p);
		r = pending(net, at.node * 2 + 1, p);
		stack[n++] = l.off <= r.off ? r : l;
		stack[n++] = l.off <= r.off ? l : r;
	}
	if (best.edge == GIS_NONE)
		best.off = INFINITY;
	return best;
}

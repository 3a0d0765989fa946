/* SPDX-License-Identifier: MIT */
/*
 * A network with some of its edges shut: everything is the whole network's but
 * two rows of bits, over edges and over the ways out of nodes, so that one more
 * costs those bits, not the city.
 */
#include <stdlib.h>

#include "gis/graph.h"

static void
set(uint32_t *bits, size_t i)
{
	bits[i / 32] |= 1u << i % 32;
}

/* The way out of one end of an edge to the other. */
static void
shut_exit(struct gis_network *net, uint32_t from, uint32_t to)
{
	for (uint32_t i = net->first[from]; i < net->first[from + 1]; i++)
		if (net->exits[i].node == to)
			set(net->shut_exit, i);
}

struct gis_network *
gis_network_shut(
    const struct gis_network *whole, const uint32_t *edge, size_t n)
{
	struct gis_network *net = malloc(sizeof(*net));

	if (net == NULL)
		return NULL;
	*net = *whole;
	net->shared = true;
	net->nshut = 0;
	net->shut = calloc(net->nedges / 32 + 1, sizeof(*net->shut));
	net->shut_exit = calloc(net->nedges / 16 + 1, sizeof(*net->shut_exit));
	if (net->shut == NULL || net->shut_exit == NULL) {
		gis_network_free(net);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (edge[i] >= net->nedges || gis_network_is_shut(net, edge[i]))
			continue;
		set(net->shut, edge[i]);
		shut_exit(net, net->edge[edge[i]].a, net->edge[edge[i]].b);
		shut_exit(net, net->edge[edge[i]].b, net->edge[edge[i]].a);
		net->nshut++;
	}
	return net;
}

bool
gis_network_is_shut(const struct gis_network *net, uint32_t edge)
{
	return net->shut != NULL && edge < net->nedges &&
	       (net->shut[edge / 32] >> edge % 32 & 1);
}

size_t
gis_network_shut_edges(const struct gis_network *net)
{
	return net->nshut;
}

bool
gis_network_ends(const struct gis_network *net, uint32_t edge,
    struct gis_point plane[2], double *metres)
{
	if (edge >= net->nedges)
		return false;
	plane[0] = net->at[net->edge[edge].a];
	plane[1] = net->at[net->edge[edge].b];
	*metres = net->edge[edge].metres;
	return true;
}

enum { STACK = 128 };
static const double same_place = 1e-3; /* m */

static bool
are_ends(const struct gis_network *net, uint32_t edge, struct gis_point p,
    struct gis_point q)
{
	struct gis_point a = net->at[net->edge[edge].a];
	struct gis_point b = net->at[net->edge[edge].b];

	return (gis_distance(a, p) <= same_place &&
		   gis_distance(b, q) <= same_place) ||
	       (gis_distance(a, q) <= same_place &&
		   gis_distance(b, p) <= same_place);
}

uint32_t
gis_network_edge_between(
    const struct gis_network *net, const struct gis_point plane[2])
{
	const struct gis_tree *t = &net->tree;
	size_t stack[STACK], n = 0, node, last;

	if (net->nedges > 0)
		stack[n++] = 1;
	while (n > 0) {
		node = stack[--n];
		if (gis_box_distance2(&t->node[node], plane[0]) >
		    same_place * same_place)
			continue;
		if (node < t->leaves) {
			stack[n++] = node * 2;
			stack[n++] = node * 2 + 1;
			continue;
		}
		last = gis_tree_first(t, node - t->leaves + 1);
		for (size_t i = gis_tree_first(t, node - t->leaves); i < last;
		     i++)
			if (are_ends(net, t->item[i], plane[0], plane[1]))
				return t->item[i];
	}
	return GIS_NONE;
}

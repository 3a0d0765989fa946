/* SPDX-License-Identifier: MIT */
/*
 * Which edges hang together: all of them, numbered by their count of nodes,
 * the largest 0; or only those one may walk in some manner.
 */
#include <stdlib.h>

#include "gis/graph.h"

static uint32_t
root(uint32_t *up, uint32_t i)
{
	while (up[i] != i) {
		up[i] = up[up[i]];
		i = up[i];
	}
	return i;
}

/* Largest first; parts of one size in the order they were met. */
static int
by_nodes(const void *a, const void *b)
{
	const struct gis_network_part *p = a, *q = b;

	if (p->nodes != q->nodes)
		return p->nodes > q->nodes ? -1 : 1;
	return p->edge < q->edge ? -1 : p->edge > q->edge;
}

/* Gives the parts their numbers in the order of net->part; up[] is used up. */
static void
number_parts(struct gis_network *net, uint32_t *up, uint32_t *number)
{
	for (uint32_t p = 0; p < net->nparts; p++)
		number[root(up, net->edge[net->part[p].edge].a)] = p;
	for (uint32_t i = 0; i < net->nnodes; i++)
		net->component[i] = number[root(up, i)];
	for (size_t e = 0; e < net->nedges; e++) {
		struct gis_network_part *p =
		    &net->part[net->component[net->edge[e].a]];

		p->edges++;
		p->metres += net->edge[e].metres;
	}
}

int
gis_parts_init(struct gis_network *net)
{
	size_t n = net->nnodes;
	uint32_t *up = malloc((n + 1) * sizeof(*up));
	uint32_t *number = malloc((n + 1) * sizeof(*number)), r;
	int rc = -1;

	if (up == NULL || number == NULL)
		goto out;
	for (uint32_t i = 0; i < n; i++)
		number[up[i] = i] = GIS_NONE;
	for (size_t e = 0; e < net->nedges; e++)
		up[root(up, net->edge[e].a)] = root(up, net->edge[e].b);
	for (uint32_t e = 0; e < net->nedges; e++) {
		r = root(up, net->edge[e].a);
		if (number[r] != GIS_NONE)
			continue;
		number[r] = (uint32_t)net->nparts;
		net->part[net->nparts++].edge = e;
	}
	for (uint32_t i = 0; i < n; i++)
		net->part[number[root(up, i)]].nodes++;
	qsort(net->part, net->nparts, sizeof(*net->part), by_nodes);
	number_parts(net, up, number);
	rc = 0;
out:
	free(up);
	free(number);
	return rc;
}

uint32_t
gis_network_component(const struct gis_network *net, uint32_t edge)
{
	return edge < net->nedges ? net->component[net->edge[edge].a]
				  : GIS_NONE;
}

struct gis_network_part
gis_network_part(const struct gis_network *net, uint32_t component)
{
	if (component < net->nparts)
		return net->part[component];
	return (struct gis_network_part){ 0, 0, 0, GIS_NONE };
}

uint32_t *
gis_network_parts_as(const struct gis_network *net, struct gis_manner m)
{
	uint32_t *up = malloc((net->nnodes + 1) * sizeof(*up));
	uint32_t *part = malloc((net->nedges + 1) * sizeof(*part));

	if (up == NULL || part == NULL) {
		free(up);
		free(part);
		return NULL;
	}
	for (uint32_t i = 0; i < net->nnodes; i++)
		up[i] = i;
	for (uint32_t e = 0; e < net->nedges; e++)
		if (gis_admits(net, m, e))
			up[root(up, net->edge[e].a)] = root(up, net->edge[e].b);
	for (uint32_t e = 0; e < net->nedges; e++)
		part[e] =
		    gis_admits(net, m, e) ? root(up, net->edge[e].a) : GIS_NONE;
	free(up);
	return part;
}

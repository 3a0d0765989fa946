/* SPDX-License-Identifier: MIT */
/*
 * Lines to a graph: vertices with bit-equal lon/lat become one node, segments
 * between the same two nodes one edge, segments of no length none.  Edges keep
 * the order they were met in, nodes are sorted by place.  Connected parts are
 * network_parts.c's, snapping snap.c's, searching walk.c's.
 */
#include "gis/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/graph.h"
#include "gis/graph_order.h"

enum { MAX_VERTICES = 1 << 28 };

/* Numbers pairs of 64 bits in the order they are first met. */
struct intern {
	struct pair {
		uint64_t a, b;
	} * pair;
	uint32_t *slot; /* number + 1, 0 is free */
	size_t n, cap, mask;
};

static int
intern_init(struct intern *in, size_t most)
{
	size_t slots = 16;

	while (slots < most * 2)
		slots *= 2;
	in->n = 0;
	in->cap = most;
	in->mask = slots - 1;
	in->pair = malloc((most + 1) * sizeof(*in->pair));
	in->slot = calloc(slots, sizeof(*in->slot));
	return in->pair == NULL || in->slot == NULL ? -1 : 0;
}

static void
intern_release(struct intern *in)
{
	free(in->pair);
	free(in->slot);
	*in = (struct intern){ 0 };
}

/* Multiply and shift until every bit of both reaches the low ones. */
static uint64_t
mix(uint64_t a, uint64_t b)
{
	uint64_t h = a * 0x9e3779b97f4a7c15u ^ (b + 0x7f4a7c159e3779b9u);

	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

static uint32_t
intern(struct intern *in, uint64_t a, uint64_t b)
{
	size_t i = mix(a, b) & in->mask;
	uint32_t k;

	for (; (k = in->slot[i]) != 0; i = (i + 1) & in->mask)
		if (in->pair[k - 1].a == a && in->pair[k - 1].b == b)
			return k - 1;
	in->pair[in->n] = (struct pair){ a, b };
	in->slot[i] = (uint32_t)++in->n;
	return (uint32_t)(in->n - 1);
}

static uint64_t
bits(double v)
{
	uint64_t u;

	v += 0.0; /* -0 becomes 0 */
	memcpy(&u, &v, sizeof(u));
	return u;
}

static bool
same_vertex(struct gis_point p, struct gis_point q)
{
	return p.x == q.x && p.y == q.y;
}

/* Input and the tables that live while building. */
struct build {
	struct gis_network *net;
	const struct gis_point *lonlat, *plane; /* or by crs */
	struct gis_crs *crs;
	const size_t *first;
	size_t nlines;
	const bool *steps;
	const uint16_t *hours;
	struct intern nodes, edges;
	bool too_many; /* sets of hours, or no memory for one more */
};

static uint32_t
node_at(struct build *b, size_t i)
{
	size_t known = b->nodes.n;
	uint32_t k;

	k = intern(&b->nodes, bits(b->lonlat[i].x), bits(b->lonlat[i].y));
	if (k == known) {
		b->net->at[k] = b->crs ? b->lonlat[i] : b->plane[i];
		b->net->on_map[k] = gis_world_from_lonlat(b->lonlat[i]);
	}
	return k;
}

/* The set that is open when one of both is, made if it is not there. */
static uint16_t
either(struct build *b, uint16_t a, uint16_t c)
{
	struct gis_network *net = b->net;
	struct gis_hours both, *set;

	if (a == 0 || c == 0 || a == c)
		return a == c ? a : 0;
	for (size_t i = 0; i < sizeof(both.open); i++)
		both.open[i] =
		    net->hour_set[a - 1].open[i] | net->hour_set[c - 1].open[i];
	for (size_t k = 0; k < net->nhour_sets; k++)
		if (memcmp(&net->hour_set[k], &both, sizeof(both)) == 0)
			return (uint16_t)(k + 1);
	set = net->nhour_sets < UINT16_MAX
		  ? realloc(net->hour_set, (net->nhour_sets + 1) * sizeof(*set))
		  : NULL;
	if (set == NULL) {
		b->too_many = true;
		return 0;
	}
	net->hour_set = set;
	set[net->nhour_sets++] = both;
	return (uint16_t)net->nhour_sets;
}

static void
add_segment(struct build *b, size_t i, bool steps, uint16_t hours)
{
	struct gis_network *net = b->net;
	uint32_t u = node_at(b, i), v = node_at(b, i + 1), e;
	size_t known = b->edges.n;

	e = intern(&b->edges, u < v ? u : v, u < v ? v : u);
	if (e < known) {
		net->steps[e] = net->steps[e] && steps;
		if (net->hours)
			net->hours[e] = either(b, net->hours[e], hours);
		return;
	}
	net->edge[e] = (struct gis_edge){ u, v, 0 };
	net->steps[e] = steps;
	if (net->hours)
		net->hours[e] = hours;
}

static void
measure_edges(struct gis_network *net)
{
	for (size_t e = 0; e < net->nedges; e++) {
		struct gis_edge *g = &net->edge[e];

		g->metres =
		    gis_exact(gis_distance(net->at[g->a], net->at[g->b]));
		net->metres += g->metres;
	}
}

static void
add_lines(struct build *b)
{
	for (size_t l = 0; l < b->nlines; l++)
		for (size_t i = b->first[l]; i + 1 < b->first[l + 1]; i++)
			if (!same_vertex(b->lonlat[i], b->lonlat[i + 1]))
				add_segment(b, i, b->steps && b->steps[l],
				    b->hours ? b->hours[l] : 0);
	b->net->nnodes = b->nodes.n;
	b->net->nedges = b->edges.n;
}

/* Neighbours in the world become neighbours in memory, where walks run. */
static int
sort_nodes(struct gis_network *net)
{
	size_t n = net->nnodes;
	struct gis_point *at = malloc((n + 1) * sizeof(*at));
	struct gis_world *on_map = malloc((n + 1) * sizeof(*on_map));
	uint32_t *number = malloc((n + 1) * sizeof(*number));
	uint32_t *order = gis_order_points(net->at, n);
	int rc = -1;

	if (at == NULL || on_map == NULL || number == NULL || order == NULL)
		goto out;
	for (size_t i = 0; i < n; i++) {
		number[order[i]] = (uint32_t)i;
		at[i] = net->at[order[i]];
		on_map[i] = net->on_map[order[i]];
	}
	for (size_t e = 0; e < net->nedges; e++) {
		net->edge[e].a = number[net->edge[e].a];
		net->edge[e].b = number[net->edge[e].b];
	}
	memcpy(net->at, at, n * sizeof(*at));
	memcpy(net->on_map, on_map, n * sizeof(*on_map));
	rc = 0;
out:
	free(order);
	free(number);
	free(on_map);
	free(at);
	return rc;
}

static void
link_edges(struct gis_network *net)
{
	uint32_t *first = net->first;

	for (size_t e = 0; e < net->nedges; e++) {
		first[net->edge[e].a]++;
		first[net->edge[e].b]++;
	}
	for (size_t i = 0, sum = 0; i <= net->nnodes; i++) {
		sum += first[i];
		first[i] = (uint32_t)sum;
	}
	for (size_t e = net->nedges; e-- > 0;) {
		const struct gis_edge *g = &net->edge[e];
		uint16_t hours = net->hours ? net->hours[e] : 0;

		net->exits[--first[g->a]] =
		    (struct gis_exit){ g->metres, g->b, net->steps[e], hours };
		net->exits[--first[g->b]] =
		    (struct gis_exit){ g->metres, g->a, net->steps[e], hours };
	}
}

static int
alloc_edges(struct gis_network *net, size_t vertices, size_t segments)
{
	net->at = malloc((vertices + 1) * sizeof(*net->at));
	net->on_map = malloc((vertices + 1) * sizeof(*net->on_map));
	net->edge = malloc((segments + 1) * sizeof(*net->edge));
	net->steps = malloc((segments + 1) * sizeof(*net->steps));
	if (net->at == NULL || net->on_map == NULL || net->edge == NULL ||
	    net->steps == NULL)
		return -1;
	return 0;
}

static int
alloc_links(struct gis_network *net)
{
	size_t n = net->nnodes, e = net->nedges;

	net->first = calloc(n + 1, sizeof(*net->first));
	net->exits = malloc((2 * e + 1) * sizeof(*net->exits));
	net->component = malloc((n + 1) * sizeof(*net->component));
	net->part = calloc(e + 1, sizeof(*net->part));
	if (net->first == NULL || net->exits == NULL ||
	    net->component == NULL || net->part == NULL)
		return -1;
	return 0;
}

/* What the arrays hold beyond need goes back; failing to is no failure. */
static void
trim(void **p, size_t n, size_t size)
{
	void *q = realloc(*p, (n + 1) * size);

	if (q != NULL)
		*p = q;
}

static int
take_hours(struct build *b, const struct gis_network_lines *in, size_t segments)
{
	struct gis_network *net = b->net;

	if (in == NULL || in->hours == NULL)
		return 0;
	b->hours = in->hours;
	net->hours = malloc((segments + 1) * sizeof(*net->hours));
	net->hour_set = malloc((in->nhour_sets + 1) * sizeof(*net->hour_set));
	if (net->hours == NULL || net->hour_set == NULL)
		return -1;
	memcpy(net->hour_set, in->hour_set,
	    in->nhour_sets * sizeof(*net->hour_set));
	net->nhour_sets = in->nhour_sets;
	return 0;
}

/* The tables of building, which are the larger part of its memory, go as soon
 * as nodes and edges are known. -2: a node is nowhere on the plane. */
static int
make_edges(struct build *b, const struct gis_network_lines *in)
{
	struct gis_network *net = b->net;
	size_t n = b->nlines == 0 ? 0 : b->first[b->nlines], segments = 0;
	int rc = -1;

	for (size_t l = 0; l < b->nlines; l++)
		if (b->first[l + 1] > b->first[l])
			segments += b->first[l + 1] - b->first[l] - 1;

	if (alloc_edges(net, n, segments) == 0 &&
	    take_hours(b, in, segments) == 0 &&
	    intern_init(&b->nodes, n) == 0 &&
	    intern_init(&b->edges, segments) == 0) {
		add_lines(b);
		rc = b->too_many ? -1 : 0;
	}
	intern_release(&b->nodes);
	intern_release(&b->edges);
	if (rc == 0 && b->crs != NULL &&
	    gis_crs_from_lonlat(b->crs, net->at, net->nnodes) > 0)
		return -2;
	if (rc == 0)
		measure_edges(net);
	return rc;
}

static int
build_all(struct build *b, const struct gis_network_lines *in)
{
	struct gis_network *net = b->net;
	int rc = make_edges(b, in);

	if (rc < 0)
		return rc;
	trim((void **)&net->at, net->nnodes, sizeof(*net->at));
	trim((void **)&net->on_map, net->nnodes, sizeof(*net->on_map));
	trim((void **)&net->edge, net->nedges, sizeof(*net->edge));
	trim((void **)&net->steps, net->nedges, sizeof(*net->steps));
	if (sort_nodes(net) == -1 || alloc_links(net) == -1)
		return -1;
	link_edges(net);
	if (gis_parts_init(net) == -1)
		return -1;
	trim((void **)&net->part, net->nparts, sizeof(*net->part));
	return gis_snap_init(net);
}

static int
fault(struct gis_fail *fail, long at, const char *what)
{
	fail->at = at;
	snprintf(fail->what, sizeof(fail->what), "%s", what);
	return -1;
}

static int
check_input(const struct build *b, struct gis_fail *fail)
{
	for (size_t l = 0; l < b->nlines; l++)
		if (b->first[l] > b->first[l + 1] ||
		    b->first[l + 1] > MAX_VERTICES)
			return fault(fail, (long)l,
			    "more vertices than a network may have");
	for (size_t i = 0; b->nlines > 0 && i < b->first[b->nlines]; i++)
		if (!isfinite(b->lonlat[i].x) || !isfinite(b->lonlat[i].y) ||
		    (b->crs == NULL &&
			(!isfinite(b->plane[i].x) || !isfinite(b->plane[i].y))))
			return fault(fail, (long)i,
			    "a vertex is not a place on the map");
	return 0;
}

static struct gis_network *
make(struct build *b, const struct gis_network_lines *in, struct gis_fail *fail)
{
	struct gis_network *net;
	int rc;

	if (check_input(b, fail) == -1)
		return NULL;
	net = b->net = calloc(1, sizeof(*net));
	rc = net == NULL ? -1 : build_all(b, in);
	if (rc == 0)
		return net;
	gis_network_free(net);
	fault(fail, -1,
	    rc == -2 ? "a vertex is not a place on the map" : "out of memory");
	return NULL;
}

struct gis_network *
gis_network_new(const struct gis_point *lonlat, const struct gis_point *plane,
    const size_t *first, size_t nlines, const bool *steps,
    struct gis_fail *fail)
{
	struct build b = { .lonlat = lonlat,
		.plane = plane,
		.first = first,
		.nlines = nlines,
		.steps = steps };

	return make(&b, NULL, fail);
}

struct gis_network *
gis_network_on(struct gis_crs *plane, const struct gis_network_lines *in,
    struct gis_fail *fail)
{
	struct build b = { .lonlat = in->lonlat,
		.crs = plane,
		.first = in->first,
		.nlines = in->nlines,
		.steps = in->steps };

	return make(&b, in, fail);
}

void
gis_network_free(struct gis_network *net)
{
	if (net == NULL)
		return;
	free(net->shut);
	free(net->shut_exit);
	if (net->shared) {
		free(net);
		return;
	}
	gis_tree_release(&net->tree);
	free(net->at);
	free(net->on_map);
	free(net->edge);
	free(net->steps);
	free(net->hours);
	free(net->hour_set);
	free(net->component);
	free(net->first);
	free(net->exits);
	free(net->part);
	free(net);
}

struct gis_network_summary
gis_network_summary(const struct gis_network *net)
{
	return (struct gis_network_summary){ net->nnodes, net->nedges,
		net->nparts, net->metres,
		net->nparts > 0 ? net->part[0].nodes : 0 };
}

bool
gis_network_has_steps(const struct gis_network *net, uint32_t edge)
{
	return edge < net->nedges && net->steps[edge];
}

/* SPDX-License-Identifier: MIT */
/*
 * A field after something closed or opened, at the cost of the nodes it is
 * about (Ramalingam and Reps 1996).  A label stands on a stop at its node or on
 * a neighbour's label; what stood on the lost one alone is taken down in
 * ascending order, then labelled anew from its rim.
 */
#include <stdlib.h>

#include "gis/reach_field.h"

/* Nodes by label: a heap of two ways, small as what changes. */
struct queue {
	struct waiting {
		uint64_t label;
		uint32_t node;
	} * at;
	size_t n, room;
	bool failed;
};

static void
push(struct queue *q, uint64_t label, uint32_t node)
{
	size_t i = q->n, room = q->room ? q->room * 2 : 64;
	void *p;

	if (q->n == q->room) {
		if ((p = realloc(q->at, room * sizeof(*q->at))) == NULL) {
			q->failed = true;
			return;
		}
		q->at = p;
		q->room = room;
	}
	for (q->n++; i > 0 && q->at[(i - 1) / 2].label > label; i = (i - 1) / 2)
		q->at[i] = q->at[(i - 1) / 2];
	q->at[i] = (struct waiting){ label, node };
}

static struct waiting
pop(struct queue *q)
{
	struct waiting top = q->at[0], last = q->at[--q->n];
	size_t i = 0, c;

	while ((c = 2 * i + 1) < q->n) {
		c += c + 1 < q->n && q->at[c + 1].label < q->at[c].label;
		if (last.label <= q->at[c].label)
			break;
		q->at[i] = q->at[c];
		i = c;
	}
	q->at[i] = last;
	return top;
}

static bool
open_stop(const struct gis_field *f, uint32_t stop)
{
	return !f->closed[stop] && gis_reach_usable(f->reach, &f->stop[stop]);
}

/* The best a node has from its stops and its neighbours as they are now. */
static uint64_t
best_label(const struct gis_field *f, uint32_t node)
{
	const struct gis_ways *w = &f->reach->ways;
	const struct gis_hooks *h = &f->hooks;
	uint64_t best = gis_label_far, l;

	for (uint32_t i = h->first[node]; i < h->first[node + 1]; i++) {
		l = gis_label(h->hook[i].dm, h->hook[i].stop);
		if (l < best && open_stop(f, h->hook[i].stop))
			best = l;
	}
	for (uint32_t i = w->first[node]; i < w->first[node + 1]; i++) {
		l = gis_label_over(f->label[w->way[i].node], w->way[i].dm);
		best = l < best ? l : best;
	}
	return best;
}

static void
offer(struct gis_field *f, struct queue *q, uint32_t node, uint64_t label)
{
	if (label >= f->label[node])
		return;
	f->label[node] = label;
	push(q, label, node);
}

static size_t
spread(struct gis_field *f, struct queue *q)
{
	const struct gis_ways *w = &f->reach->ways;
	struct waiting e;
	size_t n = 0;

	while (q->n > 0 && !q->failed) {
		e = pop(q);
		if (f->label[e.node] != e.label)
			continue;
		n++;
		for (uint32_t i = w->first[e.node]; i < w->first[e.node + 1];
		     i++)
			offer(f, q, w->way[i].node,
			    gis_label_over(e.label, w->way[i].dm));
	}
	return n;
}

/* Takes down what `q` holds as far as nothing else bears it, and what stood on
 * that; *lost (malloc'd) are the nodes without a label then. */
static size_t
take_down(struct gis_field *f, struct queue *q, uint32_t **lost)
{
	const struct gis_ways *w = &f->reach->ways;
	size_t n = 0, room = 0;
	struct waiting e;
	uint32_t v;

	while (q->n > 0 && !q->failed) {
		e = pop(q);
		if (f->label[e.node] != e.label || e.label >= gis_label_far ||
		    best_label(f, e.node) == e.label)
			continue;
		if (n == room) {
			void *p = realloc(
			    *lost, (room = room * 2 + 64) * sizeof(**lost));

			if (p == NULL) {
				q->failed = true;
				break;
			}
			*lost = p;
		}
		(*lost)[n++] = e.node;
		f->label[e.node] = gis_label_far;
		for (uint32_t i = w->first[e.node]; i < w->first[e.node + 1];
		     i++) {
			v = w->way[i].node;
			if (f->label[v] ==
			    gis_label_over(e.label, w->way[i].dm))
				push(q, f->label[v], v);
		}
	}
	return n;
}

/* After something at these two nodes is no more. */
static size_t
after_loss(struct gis_field *f, const uint32_t node[2])
{
	struct queue q = { 0 };
	uint32_t *lost = NULL;
	size_t n;

	push(&q, f->label[node[0]], node[0]);
	push(&q, f->label[node[1]], node[1]);
	n = take_down(f, &q, &lost);
	for (size_t i = 0; i < n; i++)
		offer(f, &q, lost[i], best_label(f, lost[i]));
	spread(f, &q);
	free(lost);
	free(q.at);
	return q.failed ? SIZE_MAX : n;
}

static size_t
after_gain(struct gis_field *f, const uint32_t node[2])
{
	struct queue q = { 0 };
	size_t n;

	for (int end = 0; end < 2; end++)
		offer(f, &q, node[end], best_label(f, node[end]));
	n = spread(f, &q);
	free(q.at);
	return q.failed ? SIZE_MAX : n;
}

size_t
gis_field_close_stop(struct gis_field *f, uint32_t stop)
{
	if (stop >= f->stops || f->closed[stop])
		return 0;
	f->closed[stop] = true;
	return f->stop[stop].edge == GIS_NONE
		   ? 0
		   : after_loss(f, f->stop[stop].node);
}

size_t
gis_field_open_stop(struct gis_field *f, uint32_t stop)
{
	if (stop >= f->stops || !f->closed[stop])
		return 0;
	f->closed[stop] = false;
	return f->stop[stop].edge == GIS_NONE
		   ? 0
		   : after_gain(f, f->stop[stop].node);
}

size_t
gis_field_edge_closed(struct gis_field *f, uint32_t edge)
{
	const struct gis_network *net = f->reach->net;

	if (edge >= net->nedges)
		return 0;
	return after_loss(
	    f, (uint32_t[]){ net->edge[edge].a, net->edge[edge].b });
}

size_t
gis_field_edge_opened(struct gis_field *f, uint32_t edge)
{
	const struct gis_network *net = f->reach->net;

	if (edge >= net->nedges)
		return 0;
	return after_gain(
	    f, (uint32_t[]){ net->edge[edge].a, net->edge[edge].b });
}

/* Along the edge to a stop on it, or by one of its ends. */
struct gis_pair
gis_field_at(const struct gis_field *f, struct gis_stop s)
{
	const struct gis_hooks *h = &f->hooks;
	uint64_t best = gis_label_far, l;
	int64_t here = (int64_t)s.to[0] - s.off, there;

	if (!gis_reach_usable(f->reach, &s))
		return (struct gis_pair){ GIS_NONE, GIS_REACH_FAR };
	for (int end = 0; end < 2; end++) {
		l = gis_label_over(f->label[s.node[end]], s.to[end]);
		best = l < best ? l : best;
	}
	for (uint32_t i = h->first[s.node[0]]; i < h->first[s.node[0] + 1];
	     i++) {
		const struct gis_stop *t = &f->stop[h->hook[i].stop];

		if (t->edge != s.edge || f->closed[h->hook[i].stop])
			continue;
		there = (int64_t)t->to[0] - t->off;
		l = gis_label((uint32_t)llabs(here - there) + s.off + t->off,
		    h->hook[i].stop);
		best = l < best ? l : best;
	}
	if (best >= gis_label_far)
		return (struct gis_pair){ GIS_NONE, GIS_REACH_FAR };
	return (struct gis_pair){ (uint32_t)best, (uint32_t)(best >> 32) };
}

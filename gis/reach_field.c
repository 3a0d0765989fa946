/* SPDX-License-Identifier: MIT */
/*
 * Every node's nearest stop in one sweep: Dijkstra from all stops at once over
 * Dial's circular buckets of one decimetre, n + longest edge in time.  Edges
 * count at least 1 dm, so a node's label is final when its bucket comes up, and
 * a bucket's nodes can be fetched together before any of them is used: most of
 * the time is memory, and this way it overlaps.
 */
#include <stdlib.h>
#include <string.h>

#include "gis/reach_field.h"

enum { CHUNK = 30 };

struct chunk {
	uint32_t next, n, node[CHUNK];
};

struct dial {
	uint32_t *head; /* of buckets, GIS_NONE is empty */
	struct chunk *chunk;
	uint32_t mask, chunks, room, spare;
	size_t pending;
	bool failed;
};

static int
dial_init(struct dial *d, uint32_t widest)
{
	uint32_t n = 64;

	while (n <= widest)
		n *= 2;
	*d = (struct dial){ .mask = n - 1, .spare = GIS_NONE };
	d->head = malloc(n * sizeof(*d->head));
	if (d->head == NULL)
		return -1;
	memset(d->head, 0xff, n * sizeof(*d->head));
	return 0;
}

static void
dial_release(struct dial *d)
{
	free(d->head);
	free(d->chunk);
}

static uint32_t
dial_chunk(struct dial *d)
{
	uint32_t c = d->spare, room;
	void *p;

	if (c != GIS_NONE) {
		d->spare = d->chunk[c].next;
		return c;
	}
	if (d->chunks == d->room) {
		room = d->room ? d->room * 2 : 1024;
		p = realloc(d->chunk, room * sizeof(*d->chunk));
		if (p == NULL)
			return GIS_NONE;
		d->chunk = p;
		d->room = room;
	}
	return d->chunks++;
}

static void
dial_push(struct dial *d, uint32_t dm, uint32_t node)
{
	uint32_t *head = &d->head[dm & d->mask], c = *head;

	if (c == GIS_NONE || d->chunk[c].n == CHUNK) {
		if ((c = dial_chunk(d)) == GIS_NONE) {
			d->failed = true;
			return;
		}
		d->chunk[c].next = *head;
		d->chunk[c].n = 0;
		*head = c;
	}
	d->chunk[c].node[d->chunk[c].n++] = node;
	d->pending++;
}

static void
offer(struct gis_field *f, struct dial *d, uint32_t node, uint64_t label)
{
	if (label >= f->label[node])
		return;
	f->label[node] = label;
	dial_push(d, (uint32_t)(label >> 32), node);
}

static void
relax(struct gis_field *f, struct dial *d, uint32_t node)
{
	const struct gis_ways *r = &f->reach->ways;
	uint64_t label = f->label[node];

	for (uint32_t i = r->first[node]; i < r->first[node + 1]; i++)
		offer(
		    f, d, r->way[i].node, gis_label_over(label, r->way[i].dm));
}

/* Fetches what the nodes of a chunk need, in the order it is needed. */
static void
settle(struct gis_field *f, struct dial *d, struct chunk c, uint32_t dm)
{
	const struct gis_ways *r = &f->reach->ways;
	uint32_t n = 0, v;

	for (uint32_t i = 0; i < c.n; i++) {
		__builtin_prefetch(&f->label[c.node[i]]);
		__builtin_prefetch(&r->first[c.node[i]]);
	}
	for (uint32_t i = 0; i < c.n; i++) {
		v = c.node[i];
		if (f->label[v] >> 32 != dm)
			continue;
		__builtin_prefetch(&r->way[r->first[v]]);
		c.node[n++] = v;
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t w = r->first[c.node[i]];
		     w < r->first[c.node[i] + 1]; w++)
			__builtin_prefetch(&f->label[r->way[w].node], 1);
	for (uint32_t i = 0; i < n; i++)
		relax(f, d, c.node[i]);
}

static void
sweep(struct gis_field *f, struct dial *d)
{
	uint32_t c, next;

	for (uint32_t dm = 0; d->pending > 0 && !d->failed; dm++) {
		c = d->head[dm & d->mask];
		d->head[dm & d->mask] = GIS_NONE;
		for (; c != GIS_NONE; c = next) {
			next = d->chunk[c].next;
			d->pending -= d->chunk[c].n;
			settle(f, d, d->chunk[c], dm);
			d->chunk[c].next = d->spare;
			d->spare = c;
		}
	}
}

static int
label_all(struct gis_field *f)
{
	uint32_t widest = f->reach->longest;
	struct dial d;

	for (size_t i = 0; i < f->stops; i++)
		for (int end = 0; end < 2; end++)
			if (f->stop[i].to[end] > widest)
				widest = f->stop[i].to[end];
	if (dial_init(&d, widest) == -1)
		return -1;
	for (size_t i = 0; i < f->reach->ways.nodes; i++)
		f->label[i] = gis_label_far;
	for (size_t i = 0; i < f->stops; i++)
		for (int end = 0; end < 2; end++)
			if (gis_reach_usable(f->reach, &f->stop[i]))
				offer(f, &d, f->stop[i].node[end],
				    gis_label(f->stop[i].to[end], (uint32_t)i));
	sweep(f, &d);
	dial_release(&d);
	return d.failed ? -1 : 0;
}

struct gis_field *
gis_field_new(const struct gis_reach *r, const struct gis_stop *stop, size_t n)
{
	struct gis_field *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->reach = r;
	f->stops = n;
	f->label = malloc((r->ways.nodes + 1) * sizeof(*f->label));
	f->stop = malloc((n + 1) * sizeof(*f->stop));
	f->closed = calloc(n + 1, sizeof(*f->closed));
	if (f->label == NULL || f->stop == NULL || f->closed == NULL ||
	    n >= GIS_REACH_FAR)
		goto out;
	memcpy(f->stop, stop, n * sizeof(*stop));
	if (gis_hooks_init(&f->hooks, r->ways.nodes, stop, n) == 0 &&
	    label_all(f) == 0)
		return f;
out:
	gis_field_free(f);
	return NULL;
}

void
gis_field_free(struct gis_field *f)
{
	if (f == NULL)
		return;
	gis_hooks_release(&f->hooks);
	free(f->label);
	free(f->stop);
	free(f->closed);
	free(f);
}

uint32_t
gis_field_dm(const struct gis_field *f, uint32_t node)
{
	return node < f->reach->ways.nodes ? (uint32_t)(f->label[node] >> 32)
					   : GIS_REACH_FAR;
}

uint32_t
gis_field_owner(const struct gis_field *f, uint32_t node)
{
	return gis_field_dm(f, node) < GIS_REACH_FAR ? (uint32_t)f->label[node]
						     : GIS_NONE;
}

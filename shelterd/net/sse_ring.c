/* SPDX-License-Identifier: MIT */
/* A ring indexed by event id modulo its capacity. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/sse_ring.h"
#include "shelterd/store/event.h"

struct sse_ring {
	size_t capacity;
	int64_t first, head;
	struct ring_item items[];
};

struct sse_ring *
sse_ring_new(size_t capacity, int64_t head)
{
	struct sse_ring *ring =
	    calloc(1, sizeof(*ring) + capacity * sizeof(ring->items[0]));

	if (ring == NULL)
		return NULL;
	ring->capacity = capacity;
	ring->head = head;
	ring->first = head + 1;
	return ring;
}

static struct ring_item *
slot(const struct sse_ring *ring, int64_t id)
{
	return (struct ring_item *)&ring->items[(uint64_t)id % ring->capacity];
}

static void
drop_first(struct sse_ring *ring)
{
	struct ring_item *item = slot(ring, ring->first++);

	event_unref(item->event);
	free(item->frame);
	memset(item, 0, sizeof(*item));
}

static void
empty(struct sse_ring *ring)
{
	while (ring->first <= ring->head)
		drop_first(ring);
}

void
sse_ring_free(struct sse_ring *ring)
{
	if (ring == NULL)
		return;
	empty(ring);
	free(ring);
}

bool
sse_ring_add(struct sse_ring *ring, struct event *event)
{
	struct ring_item *item;

	if (event->id != ring->head + 1) {
		empty(ring);
		ring->head = event->id;
		ring->first = event->id + 1;
		event_unref(event);
		return false;
	}
	if ((size_t)(ring->head - ring->first + 1) == ring->capacity)
		drop_first(ring);
	ring->head = event->id;
	item = slot(ring, event->id);
	item->event = event;
	item->frame = NULL;
	item->len = 0;
	return true;
}

const struct ring_item *
sse_ring_get(const struct sse_ring *ring, int64_t id)
{
	struct ring_item *item;

	if (id < ring->first || id > ring->head)
		return NULL;
	item = slot(ring, id);
	if (item->frame == NULL)
		item->frame = sse_frame(item->event, &item->len);
	return item->frame != NULL ? item : NULL;
}

int64_t
sse_ring_head(const struct sse_ring *ring)
{
	return ring->head;
}

int64_t
sse_ring_first(const struct sse_ring *ring)
{
	return ring->first;
}

char *
sse_frame(const struct event *event, size_t *len)
{
	char *json = event_json(event), *frame = NULL;
	int n = 0;

	if (json != NULL)
		n = asprintf(&frame, "id: %lld\nevent: %s\ndata: %s\n\n",
		    (long long)event->id, event->kind, json);
	free(json);
	if (json == NULL || n < 0)
		return NULL;
	*len = (size_t)n;
	return frame;
}

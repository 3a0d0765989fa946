/* SPDX-License-Identifier: MIT */
/*
 * The newest events in memory, each printed once as the frame all streams
 * send.  Invariant: the ids in it are consecutive and end at the head.
 * Knows no stream and no libevent.
 */
#ifndef SHELTERD_SSE_RING_H
#define SHELTERD_SSE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

struct ring_item {
	struct event *event;
	char *frame;
	size_t len;
};

struct sse_ring;

struct sse_ring *sse_ring_new(size_t capacity, int64_t head);
void sse_ring_free(struct sse_ring *);
/* Takes the reference.  false when the id does not follow: the ring is empty
 * then, its head the event's id, and readers find the event in the store. */
bool sse_ring_add(struct sse_ring *, struct event *);
/* NULL if that id is not in the ring, or memory is out: a frame is printed
 * when somebody first asks for it. */
const struct ring_item *sse_ring_get(const struct sse_ring *, int64_t id);
int64_t sse_ring_head(const struct sse_ring *);
int64_t sse_ring_first(const struct sse_ring *); /* head + 1 when empty */
/* "id: N\nevent: KIND\ndata: {...}\n\n", malloc'd; any thread. */
char *sse_frame(const struct event *, size_t *len);

#endif

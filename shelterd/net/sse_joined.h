/* SPDX-License-Identifier: MIT */
/*
 * Events joined for one send and kept for the next streams that stand at the
 * same event and see the same.  Knows no socket.  Invariant: the frames are
 * those of the events after `from` up to `to` that `who` may see, in order.
 */
#ifndef SHELTERD_SSE_JOINED_H
#define SHELTERD_SSE_JOINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "shelterd/net/route.h"

struct evbuffer;
struct event;
struct sse_ring;

/* What is kept of a stream's caller: a stream should cost little memory. */
struct listener {
	int64_t id;
	enum role role;
	unsigned char token[32];
	char *org; /* never NULL */
};

struct joined {
	int64_t from, to, head; /* head: of the ring, when they were joined */
	struct listener who;
	struct evbuffer *frames; /* in one piece; NULL: nothing is joined */
	size_t n;
};

bool listener_sees(const struct listener *, const struct event *);

/* Joins what is in the ring after `last`, until there are `room` bytes, unless
 * that is what is there already.  false: no memory. */
bool joined_make(struct joined *, struct sse_ring *, const struct listener *,
    int64_t last, size_t room);
void joined_release(struct joined *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The frames of a text/event-stream, cut from bytes as they come: pure, so
 * that any split of the bytes gives the same frames.
 */
#ifndef LIBSHELTER_SSE_H
#define LIBSHELTER_SSE_H

#include "clients/libshelter/shelter.h"

enum { SSE_FRAME_MAX = 16 << 20 };

struct sse {
	bool (*event)(void *arg, const struct shelter_event *);
	void *arg;
	int64_t last_id; /* of the last complete frame with one, -1: none */
	char *line, *data;
	size_t line_len, line_room, data_len, data_room;
	bool has_data, after_cr, started;
	int64_t id;
	char kind[64];
};

void sse_init(struct sse *,
    bool (*event)(void *arg, const struct shelter_event *), void *arg);
void sse_release(struct sse *);

/* Forgets a half-read frame, as after a broken connection. */
void sse_reset(struct sse *);

/* false: the callback said stop, a frame is over SSE_FRAME_MAX, or no memory */
bool sse_feed(struct sse *, const char *bytes, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The live stream of events (Server-Sent Events).  Invariant: a stream sends
 * every event its caller may see with an id above the one it resumed from,
 * once and in order, whether it comes from the store or from a commit; what a
 * slow client has not read never exceeds stream-buffer.  Loop thread only.
 */
#ifndef SHELTERD_SSE_H
#define SHELTERD_SSE_H

#include <stddef.h>
#include <stdint.h>
#include "shelterd/net/request.h"

struct daemon;
struct event;
struct job;
struct sse;

/* `head`: the newest event's id. */
struct sse *sse_new(struct daemon *, int64_t head);
void sse_free(struct sse *);
/* ST_OK: the request is the stream's now.  Else a problem was made. */
enum status sse_open(struct sse *, struct request *, const char *last_event_id);
/* Takes one reference to each; ids follow on from the newest. */
void sse_events(struct sse *, struct event **, size_t n);
/* A frame without id to those who may see the job. */
void sse_job(struct sse *, const struct job *, const char *json);
/* Ends all streams; new ones are refused. */
void sse_stop(struct sse *);
size_t sse_streams(const struct sse *);
int64_t sse_head(const struct sse *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Counters of the running daemon, in Prometheus' text form.  Counted and read
 * on the loop's thread only.
 */
#ifndef SHELTERD_METRICS_H
#define SHELTERD_METRICS_H

#include <stddef.h>
#include <stdint.h>
#include "shelterd/net/route.h"

struct daemon;
struct metrics;

struct metrics *metrics_new(const struct route *const *arrays);
void metrics_free(struct metrics *);
/* route NULL: no row matched. */
void metrics_answer(
    struct metrics *, const struct route *, enum status, int64_t microseconds);
void metrics_commit(struct metrics *, size_t tasks, size_t events);
void metrics_events_sent(struct metrics *, size_t frames, size_t bytes);
void metrics_stream_closed(struct metrics *, const char *why);
/* malloc'd text. */
char *metrics_print(const struct metrics *, struct daemon *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Idempotency keys of writes that do not run on the writer (they start jobs):
 * a bounded memory of their newest answers, forgotten when the daemon ends,
 * as the jobs themselves are.  Writes on the writer are remembered in the
 * store.  Loop thread only.
 */
#ifndef SHELTERD_HTTP_REPLAY_H
#define SHELTERD_HTTP_REPLAY_H

#include <stddef.h>
#include "shelterd/net/request.h"

struct replays;

struct replays *replays_new(size_t capacity);
void replays_free(struct replays *);
/* true when the request must run (its key, if it has one,
 * is noted); false when *st and the reply are already the answer. */
bool replays_begin(struct replays *, struct request *, enum status *st);
/* The request has run: keeps its answer when it succeeded. */
void replays_end(struct replays *, const struct request *, enum status);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What others need of notices: the draft that collects a shelter's new
 * defects, and the watch over deadlines.
 */
#ifndef SHELTERD_API_NOTICE_H
#define SHELTERD_API_NOTICE_H

#include "shelterd/request.h"

struct daemon;

/* The id of the shelter's draft notice, made if there is none, with one more
 * step by the caller that says `text`.  On the writer. */
enum status notice_collect(
    struct request *, int64_t shelter_id, const char *text, int64_t *id);

/* Looks for notices past their deadline now and once a minute from then on,
 * and appends notice.late once per notice and deadline.  Call once, on the
 * loop, when the daemon serves. */
void notice_watch(struct daemon *);

#endif

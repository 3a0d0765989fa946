/* SPDX-License-Identifier: MIT */
/*
 * A task as clients see it and as the log tells of it, for those beside its
 * own routes that make tasks: the schedule and the draw.  They make many in
 * one transaction with one event of their own; each task is then told of by
 * an event of its own, to its inspector alone.
 */
#ifndef SHELTERD_API_TASK_H
#define SHELTERD_API_TASK_H

#include "shelterd/net/request.h"
#include "shelterd/store/task.h"

struct daemon;

cJSON *task_json(const struct request *, const struct task_row *);

/* An inspector with a task for a hidden work must hear of it; nobody else
 * may.  `everyone`: the change also matters to those it is not for. */
enum status task_event(
    struct request *, const struct task_row *, const char *kind, bool everyone);

/* ST_INVALID unless it is 0 or an inspector's id. */
enum status task_check_assignee(struct request *, int64_t id);

/* Appends task.assigned for tasks not told of yet, one write each, until none
 * is left.  After a write that made some, and when the daemon serves. */
void task_tell(struct daemon *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The running daemon: what its modules and handlers may ask of it.  It owns
 * settings, rules, the current snapshot, the lanes and the writer, and knows
 * no noun.  Unless a line says otherwise a function may be called from any
 * thread while the daemon runs.
 */
#ifndef SHELTERD_DAEMON_H
#define SHELTERD_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "shelterd/conf.h"
#include "shelterd/net/request.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot.h"

struct daemon;
struct http;
struct jobs;
struct lane;
struct loop;
struct metrics;
struct sse;
struct statics;
struct tile_cache;
struct writer_task;

/* Takes conf and rules.  Everything is started but the loop; NULL and a
 * sentence on failure. */
struct daemon *
daemon_new(struct conf *, struct rules *, char *err, size_t errsize);
/* Serves until daemon_stop() has drained; loop thread. */
void daemon_run(struct daemon *);
void daemon_stop(struct daemon *); /* loop thread */
/* Applies what may change while running; logs what needs a restart. */
void daemon_reload(struct daemon *, const struct conf *); /* loop thread */
void daemon_free(struct daemon *);

/* Fields that a reload may change are only read on the loop (see conf.c). */
const struct conf *daemon_conf(const struct daemon *);
const char *daemon_store_path(const struct daemon *);
/* Takes rules that may be applied (rules_change.h); kept until the daemon
 * ends, as snapshots and jobs may read them for long. Loop thread. */
void daemon_keep_rules(struct daemon *, struct rules *);
/* The last that were taken. Loop thread. */
struct rules *daemon_newest_rules(const struct daemon *);
/* Tiles that were made. */
struct tile_cache *daemon_tiles(struct daemon *);
/* A reference to the newest snapshot; the caller unrefs it. */
struct snapshot *daemon_snapshot(struct daemon *);

/* Calls fn once on the loop, no earlier than that many milliseconds from now;
 * fn must not block.  Timers still waiting when the daemon stops are dropped
 * without a call. */
void daemon_timer(struct daemon *, int64_t milliseconds_from_now,
    void (*fn)(struct daemon *, void *), void *arg);

/* Runs fn on the writer as the system user (id 0, "system", admin), with no
 * answer.  arg_free (may be NULL) is called on the loop after the commit.
 * false (arg freed) when memory is out or the daemon stops. */
bool daemon_submit_write(struct daemon *,
    enum status (*fn)(struct request *, void *), void *arg,
    void (*arg_free)(void *));

/* For the daemon's own modules. */
enum daemon_lane {
	LANE_READER,
	LANE_TILES,
	LANE_REQUESTS,
	LANE_JOBS,
	LANE_COUNT
};
const char *daemon_lane_name(enum daemon_lane);
struct lane *daemon_lane(struct daemon *, enum daemon_lane);
struct loop *daemon_loop(struct daemon *);
struct http *daemon_http(struct daemon *);
struct jobs *daemon_jobs(struct daemon *);
struct metrics *daemon_metrics(struct daemon *);
struct sse *daemon_sse(struct daemon *);
struct statics *daemon_statics(struct daemon *);
bool daemon_stopping(const struct daemon *); /* loop thread */
/* Hands a task to the writer; its request's `written` is called on the loop
 * after the commit. */
void daemon_write(struct daemon *, struct writer_task *);
/* Seconds the oldest waiting write has waited, 0 if none waits. */
int64_t daemon_write_age(const struct daemon *);

#endif

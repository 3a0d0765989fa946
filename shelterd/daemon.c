/* SPDX-License-Identifier: MIT */
/*
 * The daemon: opens the store, starts writer, lanes and server, carries
 * commits to the loop, and stops in order: no new connections, requests and
 * streams drained, jobs asked to end, lanes and writer joined, store closed.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "shelterd/daemon.h"
#include "shelterd/first.h"
#include "shelterd/net/http.h"
#include "shelterd/job.h"
#include "shelterd/lane.h"
#include "shelterd/lockfile.h"
#include "shelterd/log.h"
#include "shelterd/map/tile_cache.h"
#include "shelterd/net/metrics.h"
#include "shelterd/net/request_private.h"
#include "shelterd/net/sse.h"
#include "shelterd/net/static.h"
#include "shelterd/rules_change.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/migrate.h"
#include "shelterd/writer.h"

enum { TURN = 20 /* ms between looks at what must still end */ };

struct daemon {
	struct conf *conf;
	struct rules *rules; /* the newest, and those before it */
	struct loop *loop;
	struct http *http;
	struct sse *sse;
	struct jobs *jobs;
	struct metrics *metrics;
	struct statics *statics;
	struct tile_cache *tiles;
	struct writer *writer;
	struct lane *lanes[LANE_COUNT];
	struct db *dbs[LANE_COUNT];
	int store_lock; /* -1: not held */
	bool stopping;
	int64_t stop_by;			    /* monotonic us */
	atomic_llong writes_waiting, waiting_since; /* monotonic us */
	pthread_mutex_t lock;			    /* guards snap */
	struct snapshot *snap;
};

/* Accessors. */

const struct conf *
daemon_conf(const struct daemon *d)
{
	return d->conf;
}

struct rules *
daemon_newest_rules(const struct daemon *d)
{
	return d->rules;
}

void
daemon_keep_rules(struct daemon *d, struct rules *rules)
{
	rules->before = d->rules;
	d->rules = rules;
}

const char *
daemon_store_path(const struct daemon *d)
{
	return d->conf->store;
}

const char *
daemon_lane_name(enum daemon_lane lane)
{
	static const char *const names[] = { [LANE_READER] = "reader",
		[LANE_TILES] = "tiles",
		[LANE_REQUESTS] = "requests",
		[LANE_JOBS] = "jobs" };

	return names[lane];
}

struct tile_cache *
daemon_tiles(struct daemon *d)
{
	return d->tiles;
}

struct lane *
daemon_lane(struct daemon *d, enum daemon_lane lane)
{
	return d->lanes[lane];
}

struct loop *
daemon_loop(struct daemon *d)
{
	return d->loop;
}

struct http *
daemon_http(struct daemon *d)
{
	return d->http;
}

struct jobs *
daemon_jobs(struct daemon *d)
{
	return d->jobs;
}

struct metrics *
daemon_metrics(struct daemon *d)
{
	return d->metrics;
}

struct sse *
daemon_sse(struct daemon *d)
{
	return d->sse;
}

struct statics *
daemon_statics(struct daemon *d)
{
	return d->statics;
}

bool
daemon_stopping(const struct daemon *d)
{
	return d->stopping;
}

struct snapshot *
daemon_snapshot(struct daemon *d)
{
	struct snapshot *snap;

	pthread_mutex_lock(&d->lock);
	snap = snapshot_ref(d->snap);
	pthread_mutex_unlock(&d->lock);
	return snap;
}

/* Writes. */

void
daemon_write(struct daemon *d, struct writer_task *task)
{
	if (atomic_fetch_add(&d->writes_waiting, 1) == 0)
		atomic_store(&d->waiting_since, monotonic_us());
	writer_submit(d->writer, task);
}

int64_t
daemon_write_age(const struct daemon *d)
{
	if (atomic_load(&((struct daemon *)d)->writes_waiting) == 0)
		return 0;
	return (monotonic_us() -
		   atomic_load(&((struct daemon *)d)->waiting_since)) /
	       1000000;
}

struct commit {
	struct loop_post post;
	struct daemon *daemon;
	struct writer_batch batch;
};

static void
swap_snapshot(struct daemon *d, struct snapshot *next)
{
	struct snapshot *old;

	pthread_mutex_lock(&d->lock);
	old = d->snap;
	d->snap = next;
	pthread_mutex_unlock(&d->lock);
	snapshot_unref(old);
}

static size_t
answer_tasks(struct writer_task *task)
{
	struct writer_task *next;
	size_t n = 0;

	for (; task != NULL; task = next, n++) {
		next = task->next;
		task->req->p->written(task->req);
	}
	return n;
}

/* Loop: what was committed becomes visible, then answered, then pushed. */
static void
on_commit(struct loop_post *post)
{
	struct commit *commit = (struct commit *)post;
	struct writer_batch *b = &commit->batch;
	struct daemon *d = commit->daemon;
	size_t tasks;

	if (b->snap != NULL)
		swap_snapshot(d, b->snap);
	tasks = answer_tasks(b->tasks);
	atomic_store(&d->waiting_since, monotonic_us());
	atomic_fetch_sub(&d->writes_waiting, (long long)tasks);
	metrics_commit(d->metrics, tasks, b->nevents);
	sse_events(d->sse, b->events, b->nevents);
	free(b->events);
	free(commit);
}

/* Writer's thread. */
static void
committed(void *arg, struct writer_batch *batch)
{
	struct daemon *d = arg;
	struct commit *commit = malloc(sizeof(*commit));

	if (commit == NULL)
		abort(); /* durable but unanswerable: restart reads it back */
	commit->post.fn = on_commit;
	commit->daemon = d;
	commit->batch = *batch;
	loop_post(d->loop, &commit->post);
}

struct system_write {
	void *arg;
	void (*arg_free)(void *);
};

static void
system_written(struct request *req)
{
	struct system_write *w = req->p->written_arg;

	if (status_http(req->p->task.status) >= 400)
		log_line(LOG_ERROR, "daemon", "system_write=failed status=%d",
		    status_http(req->p->task.status));
	if (w->arg_free != NULL)
		w->arg_free(w->arg);
	free(w);
	request_free(req);
}

bool
daemon_submit_write(struct daemon *d,
    enum status (*fn)(struct request *, void *), void *arg,
    void (*arg_free)(void *))
{
	struct system_write *w = calloc(1, sizeof(*w));
	struct request *req = request_new(d);

	if (w == NULL || req == NULL || d->writer == NULL) {
		if (arg_free != NULL)
			arg_free(arg);
		free(w);
		request_free(req);
		return false;
	}
	*w = (struct system_write){ arg, arg_free };
	request_as_system(req);
	req->p->written = system_written;
	req->p->written_arg = w;
	req->p->task.run = fn;
	req->p->task.arg = arg;
	daemon_write(d, &req->p->task);
	return true;
}

/* Timers. */

struct timed {
	struct loop_post post;
	struct daemon *daemon;
	int64_t due; /* monotonic us */
	void (*fn)(struct daemon *, void *);
	void *arg;
};

static void
timed_due(void *arg)
{
	struct timed *t = arg;

	t->fn(t->daemon, t->arg);
	free(t);
}

static void
timed_posted(struct loop_post *post)
{
	struct timed *t = (struct timed *)post;

	/* Rounded up: never earlier than asked. */
	loop_after(t->daemon->loop, (t->due - monotonic_us() + 999) / 1000,
	    timed_due, free, t);
}

void
daemon_timer(struct daemon *d, int64_t milliseconds_from_now,
    void (*fn)(struct daemon *, void *), void *arg)
{
	struct timed *t = malloc(sizeof(*t));

	if (t == NULL)
		abort(); /* a lost timer is a drill without its signal */
	t->post.fn = timed_posted;
	t->daemon = d;
	t->due = monotonic_us() + milliseconds_from_now * 1000;
	t->fn = fn;
	t->arg = arg;
	loop_post(d->loop, &t->post);
}

/* Starting. */

static bool
prepare_store(struct daemon *d, int64_t *head, char *err, size_t errsize)
{
	struct db *db = db_open(d->conf->store, false, err, errsize);
	bool good = false;

	if (db == NULL)
		return false;
	if (migrate(db, err, errsize) >= 0 &&
	    first_admin(db, d->conf->admin_token_file, err, errsize) >= 0)
		d->snap = snapshot_load(db, d->rules, err, errsize);
	if (d->snap != NULL) {
		*head = event_last(db);
		good = *head >= 0;
		if (!good)
			snprintf(err, errsize, "store: %s", db_error(db));
	}
	db_close(db);
	return good;
}

static bool
start_lanes(struct daemon *d, char *err, size_t errsize)
{
	for (int i = 0; i < LANE_COUNT; i++) {
		const char *name = daemon_lane_name((enum daemon_lane)i);

		if (i != LANE_TILES) /* it has all in the snapshot */
			d->dbs[i] = db_open(d->conf->store, true, err, errsize);
		if (i != LANE_TILES && d->dbs[i] == NULL)
			return false;
		d->lanes[i] = (i == LANE_JOBS ? lane_start_behind : lane_start)(
		    name, (size_t)d->conf->lane_queue, d->dbs[i]);
		if (d->lanes[i] == NULL) {
			snprintf(err, errsize, "no thread for %s", name);
			return false;
		}
	}
	return true;
}

static bool
start_writer(struct daemon *d, char *err, size_t errsize)
{
	struct writer_config config = {
		.path = d->conf->store,
		.rules = d->rules,
		.snap = d->snap,
		.idempotency_days = d->conf->idempotency_days,
		.committed = committed,
		.arg = d,
	};

	d->writer = writer_start(&config, err, errsize);
	return d->writer != NULL;
}

struct daemon *
daemon_new(struct conf *conf, struct rules *rules, char *err, size_t errsize)
{
	struct daemon *d = calloc(1, sizeof(*d));
	int64_t head = 0;

	snprintf(err, errsize, "out of memory");
	if (d == NULL) {
		conf_free(conf);
		rules_free(rules);
		return NULL;
	}
	d->conf = conf;
	d->rules = rules;
	pthread_mutex_init(&d->lock, NULL);
	d->store_lock = store_lock(conf->store, err, errsize);
	if (d->store_lock < 0) {
		daemon_free(d);
		return NULL;
	}
	d->loop = loop_new();
	d->jobs = jobs_new(d);
	d->metrics = metrics_new(route_arrays);
	d->statics = static_load(conf->web_root);
	d->tiles = tile_cache_new((size_t)conf->tile_cache);
	if (d->loop == NULL || d->jobs == NULL || d->metrics == NULL ||
	    d->tiles == NULL || !prepare_store(d, &head, err, errsize) ||
	    (d->sse = sse_new(d, head)) == NULL ||
	    !start_writer(d, err, errsize) || !start_lanes(d, err, errsize) ||
	    (d->http = http_new(d, err, errsize)) == NULL) {
		daemon_free(d);
		return NULL;
	}
	return d;
}

void
daemon_run(struct daemon *d)
{
	loop_run(d->loop);
}

/* Stopping. */

static void
stop_tick(void *arg)
{
	struct daemon *d = arg;
	bool idle = http_in_flight(d->http) == 0 && jobs_active(d->jobs) == 0 &&
		    sse_streams(d->sse) == 0;

	if (idle || monotonic_us() > d->stop_by) {
		log_line(LOG_INFO, "daemon",
		    "drained=%s in_flight=%zu jobs=%zu", idle ? "yes" : "no",
		    http_in_flight(d->http), jobs_active(d->jobs));
		loop_break(d->loop);
		return;
	}
	loop_after(d->loop, TURN, stop_tick, NULL, d);
}

void
daemon_stop(struct daemon *d)
{
	if (d->stopping)
		return;
	log_line(LOG_INFO, "daemon", "stopping in_flight=%zu streams=%zu",
	    http_in_flight(d->http), sse_streams(d->sse));
	d->stopping = true;
	d->stop_by = monotonic_us() + d->conf->stop_timeout * 1000000;
	http_drain(d->http);
	jobs_stop(d->jobs);
	sse_stop(d->sse);
	/* One turn at least, so that what was just sent leaves. */
	loop_after(d->loop, TURN, stop_tick, NULL, d);
}

/* A job that waits for a commit needs the loop, so it turns until the lanes
 * have ended. */
static void
stop_lanes(struct daemon *d)
{
	bool all;

	for (int i = 0; i < LANE_COUNT; i++)
		if (d->lanes[i] != NULL)
			lane_close(d->lanes[i]);
	do {
		all = true;
		for (int i = 0; i < LANE_COUNT; i++)
			all &= d->lanes[i] == NULL || lane_ended(d->lanes[i]);
		if (!all)
			loop_turn(d->loop, 1);
	} while (!all);
	for (int i = 0; i < LANE_COUNT; i++) {
		lane_free(d->lanes[i]);
		d->lanes[i] = NULL;
		if (d->dbs[i] != NULL)
			db_close(d->dbs[i]);
	}
}

void
daemon_free(struct daemon *d)
{
	if (d == NULL)
		return;
	if (d->http != NULL)
		http_drain(d->http);
	stop_lanes(d);
	if (d->writer != NULL)
		writer_stop(d->writer);
	d->writer = NULL;
	if (d->loop != NULL)
		loop_drain(d->loop);
	if (d->http != NULL)
		loop_turn(d->loop, 1);
	http_free(d->http);
	sse_free(d->sse);
	metrics_free(d->metrics);
	static_free(d->statics);
	tile_cache_free(d->tiles);
	if (d->snap != NULL)
		snapshot_unref(d->snap);
	loop_free(d->loop);
	jobs_free(d->jobs);
	pthread_mutex_destroy(&d->lock);
	for (struct rules *r = d->rules; r != NULL; r = d->rules) {
		d->rules = r->before;
		rules_free(r);
	}
	conf_free(d->conf);
	if (d->store_lock >= 0)
		close(d->store_lock);
	free(d);
}

static void
needs_restart(const char *name)
{
	log_line(LOG_WARN, "reload", "setting=%s needs=restart", name);
}

void
daemon_reload(struct daemon *d, const struct conf *conf)
{
	struct statics *fresh = static_load(d->conf->web_root);

	conf_reload(d->conf, conf, needs_restart);
	log_set_level((enum log_level)d->conf->log_level);
	if (fresh != NULL) {
		static_free(d->statics);
		d->statics = fresh;
	}
	rules_reload(d);
	log_line(
	    LOG_INFO, "reload", "done files=%zu", static_count(d->statics));
}

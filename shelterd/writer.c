/* SPDX-License-Identifier: MIT */
/*
 * Group commit: see writer.h.  The queue is the only thing shared with other
 * threads; everything else in struct writer belongs to the writer's thread.
 *
 * What a batch will do to memory (events to stream, snapshot parts to reload)
 * is gathered in struct writer_private beside the transaction and thrown away
 * with it, task by task or as a whole.
 *
 * A savepoint copies every page its task changes.  As long as a batch holds
 * only tasks that may run twice (struct route) it goes without: should one of
 * them fail after it wrote something, the batch is rolled back and run again,
 * with savepoints.  Nor are their keys looked up first: that one is known
 * shows when its answer cannot be kept, and whoever fails is looked up then.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shelterd/log.h"
#include "shelterd/net/reply.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/store/head.h"
#include "shelterd/store/idempotency.h"
#include "shelterd/writer_pace.h"
#include "shelterd/writer_private.h"

enum {
	BATCH_NS = 50 * 1000 * 1000, /* then the batch takes no more */
	SWEEP_SECONDS = 3600
};

struct writer {
	struct writer_config config;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct writer_task *head, **tail; /* under lock */
	size_t waiting;			  /* under lock: length of it */
	bool stopping;			  /* under lock */
	struct writer_task *mine;	  /* fetched from it, come before it */
	size_t nmine;
	struct db *db;
	struct heads *heads;
	struct snapshot *snap;
	int64_t swept_at;
	struct pace pace;
	struct writer_private made;
	/* Of the running batch: */
	struct writer_task *first;
	bool spoilt;  /* a bare task failed half-way */
	int64_t rows; /* written before the running task */
};

/* One task. */

static bool
succeeded(enum status st)
{
	return status_http(st) < 400;
}

enum status
writer_unavailable(struct request *req, const char *why)
{
	if (req->reply == NULL)
		return ST_UNAVAILABLE;
	reply_clear(req->reply);
	return req_fail(req, ST_UNAVAILABLE, NULL, "%s", why);
}

static int
enter(struct writer *w)
{
	w->rows = db_written(w->db);
	if (!w->made.bare)
		return db_save(w->db);
	return db_in_transaction(w->db) ? DB_OK : DB_ERROR;
}

static int
keep(struct writer *w)
{
	int rc;

	if (w->made.bare)
		return db_in_transaction(w->db) ? DB_OK : DB_ERROR;
	rc = writer_settle(&w->made, w->db);
	return rc == DB_OK ? db_release(w->db) : rc;
}

static void
undo(struct writer *w, const struct writer_mark *m)
{
	writer_undo(&w->made, m);
	if (!w->made.bare) {
		db_undo(w->db);
		writer_forget(&w->made);
	} else if (db_written(w->db) != w->rows || !db_in_transaction(w->db)) {
		w->spoilt = true;
	}
}

/* The answer of one that did nothing new is kept at once: it may be a
 * repetition, which then shows by its key. */
static int
keep_answer(struct writer *w, struct writer_task *t, enum status st, bool told)
{
	if (t->idempotency_key == NULL || !w->made.keeps)
		return DB_OK;
	t->unkept = told && writer_keeps_later(t);
	return t->unkept ? DB_OK : writer_keep_answer(t, st);
}

/* `told`: with an event. */
static enum status
finish(struct writer *w, struct writer_task *t, enum status st, bool told)
{
	struct request *req = t->req;
	const char *path = req->route ? req->route->path : "?";

	if (!w->made.no_event) {
		log_line(LOG_ERROR, "writer",
		    "route=%s error=\"a write without an event\"", path);
		if (req->reply != NULL)
			reply_clear(req->reply);
		return req_fail(
		    req, ST_INTERNAL, NULL, "the write left no event");
	}
	if (keep_answer(w, t, st, told) != DB_OK || keep(w) != DB_OK)
		return writer_unavailable(req, "the store cannot be written");
	if (w->made.on_map && w->made.nevents > 0)
		w->made.map_event = w->made.events[w->made.nevents - 1]->id;
	return st;
}

/* What the batch has put off; a result of the store. */
static int
settle(struct writer *w)
{
	int rc = writer_settle(&w->made, w->db);

	return rc == DB_OK ? writer_keep_answers(w->db, w->first) : rc;
}

/* Of a task that failed: its key may be one of this batch. */
static void
look_up_key(struct writer *w, struct writer_task *t, enum status *st)
{
	if (settle(w) == DB_OK)
		writer_settled_by_key(t, st);
	else
		w->spoilt = true;
}

static enum status
run_saved(struct writer *w, struct writer_task *t)
{
	struct writer_mark m = { w->made.nevents, w->made.nshelters,
		w->made.parts, w->made.map_event, w->made.rules };
	bool keyed = t->idempotency_key != NULL;
	enum status st = ST_INTERNAL;

	if (keyed && !w->made.bare && writer_settled_by_key(t, &st))
		return st;
	if (enter(w) != DB_OK)
		return writer_unavailable(
		    t->req, "the store cannot be written");
	w->made.no_event = w->made.on_map = false;
	w->made.keeps = true;
	st = t->run(t->req, t->arg);
	db_reset(w->db);
	if (succeeded(st))
		st = finish(w, t, st, w->made.nevents > m.nevents);
	free(w->made.kept);
	w->made.kept = NULL;
	if (!succeeded(st)) {
		undo(w, &m);
		if (keyed && w->made.bare && !w->spoilt)
			look_up_key(w, t, &st);
	}
	return st;
}

static bool
may_run_twice(const struct writer_task *t)
{
	return t->req->route != NULL && t->req->route->twice;
}

static void
run_task(struct writer *w, struct writer_task *t)
{
	struct request *req = t->req;

	if (w->snap != NULL && req->snap != w->snap) {
		snapshot_unref((struct snapshot *)req->snap);
		req->snap = snapshot_ref(w->snap);
	}
	req->db = w->db;
	req->w = &w->made;
	t->unkept = false;
	t->status = run_saved(w, t);
	req->db = NULL;
	req->w = NULL;
}

/* One batch. */

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* To some milliseconds, for nearly nothing. */
static int64_t
about_now(void)
{
	return clock_ns(CLOCK_MONOTONIC_COARSE);
}

static int64_t
now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* All that waits, at once: the loop wants the lock for each. */
static void
fetch(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->mine = w->head;
	w->nmine = w->waiting;
	w->head = NULL;
	w->tail = &w->head;
	w->waiting = 0;
	pthread_mutex_unlock(&w->lock);
}

/* The next waiting task; NULL when there is none, or when the batch has
 * already enough. */
static struct writer_task *
take(struct writer *w, size_t n, int64_t until)
{
	struct writer_task *t;

	if (n >= w->pace.limit || (n > 0 && about_now() > until))
		return NULL;
	if (w->mine == NULL)
		fetch(w);
	t = w->mine;
	if (t == NULL)
		return NULL;
	w->mine = t->next;
	w->nmine--;
	t->next = NULL;
	return t;
}

static void
sweep(struct writer *w)
{
	int64_t now = (int64_t)time(NULL);

	if (now - w->swept_at < SWEEP_SECONDS)
		return;
	w->swept_at = now;
	idempotency_sweep(w->db, now, w->config.idempotency_days);
}

/* The tasks of a spoilt batch once more, with savepoints. */
static void
run_again(struct writer *w, const struct writer_mark *m)
{
	w->spoilt = w->made.bare = false;
	writer_forget(&w->made);
	writer_undo(&w->made, m);
	db_rollback(w->db);
	db_begin(w->db);
	for (struct writer_task *t = w->first; t != NULL; t = t->next) {
		reply_clear(t->req->reply);
		run_task(w, t);
	}
}

/* Other tasks neither know what such ones put off nor spare what they know. */
static void
part_from_bare(struct writer *w, const struct writer_mark *m)
{
	if (w->made.bare && settle(w) != DB_OK)
		run_again(w, m);
	writer_forget(&w->made);
	w->made.bare = false;
}

static void
run_batch(struct writer *w, const struct writer_mark *m, size_t *n)
{
	struct writer_task **end = &w->first, *t;
	int64_t until = about_now() + BATCH_NS;

	w->first = NULL;
	w->made.bare = true;
	for (*n = 0; (t = take(w, *n, until)) != NULL; ++*n) {
		if (!may_run_twice(t))
			part_from_bare(w, m);
		*end = t;
		end = &t->next;
		run_task(w, t);
		if (w->spoilt)
			run_again(w, m);
	}
	part_from_bare(w, m);
}

static void
fail_batch(struct writer *w, const struct writer_mark *m)
{
	log_line(
	    LOG_ERROR, "writer", "commit=failed error=\"%s\"", db_error(w->db));
	writer_undo(&w->made, m);
	for (struct writer_task *t = w->first; t != NULL; t = t->next)
		t->status =
		    writer_unavailable(t->req, "the store cannot be written");
}

/* The picture after the commit. When it cannot be made the answers still are
 * true; what it lacks stays noted and the next commit tries again. */
static struct snapshot *
refresh(struct writer *w)
{
	struct writer_private *made = &w->made;
	struct snapshot *next;
	char err[200];

	if (w->snap == NULL ||
	    (made->parts == 0 && made->nshelters == 0 && made->rules == NULL))
		return NULL;
	next = snapshot_next(w->snap, w->db,
	    made->rules != NULL ? made->rules : w->config.rules, made->parts,
	    made->shelters, made->nshelters, made->map_event, err, sizeof(err));
	db_reset(w->db);
	if (next == NULL) {
		log_line(
		    LOG_ERROR, "writer", "snapshot=failed error=\"%s\"", err);
		return NULL;
	}
	made->parts = 0;
	made->nshelters = 0;
	made->map_event = 0;
	made->rules = NULL;
	w->config.rules = snapshot_rules(next);
	snapshot_unref(w->snap);
	w->snap = next;
	return snapshot_ref(next);
}

static void
hand_over(struct writer *w)
{
	struct writer_private *made = &w->made;
	struct writer_batch batch = { .tasks = w->first };

	batch.snap = refresh(w);
	batch.events = made->events;
	batch.nevents = made->nevents;
	made->events = NULL;
	made->nevents = made->stored = made->events_cap = 0;
	if (batch.nevents > 0)
		heads_note(w->heads, batch.events[batch.nevents - 1]);
	w->config.committed(w->config.arg, &batch);
	heads_due(w->heads);
}

static void
do_batch(struct writer *w, struct pace_batch *b)
{
	struct writer_mark before = { 0, w->made.nshelters, w->made.parts,
		w->made.map_event, w->made.rules };
	bool begun = db_begin(w->db) == DB_OK;

	run_batch(w, &before, &b->tasks);
	if (begun)
		sweep(w);
	b->commit_ns = now_ns();
	if (db_commit(w->db) != DB_OK)
		fail_batch(w, &before);
	b->commit_ns = now_ns() - b->commit_ns;
	hand_over(w);
	pace_note(&w->pace, b);
}

/* Under the lock; stopping is work, too. */
static bool
has_work(const struct writer *w)
{
	return w->mine != NULL || w->head != NULL || w->stopping;
}

/* Waits for work; false when stopping and nothing waits. */
static bool
await(struct writer *w, struct pace_batch *b)
{
	int64_t since;

	pthread_mutex_lock(&w->lock);
	if (!has_work(w)) {
		pthread_mutex_unlock(&w->lock);
		db_idle(w->db);
		pthread_mutex_lock(&w->lock);
	}
	since = now_ns();
	while (!has_work(w))
		pthread_cond_wait(&w->wake, &w->lock);
	b->idle_ns = now_ns() - since;
	b->waiting = w->waiting + w->nmine;
	pthread_mutex_unlock(&w->lock);
	return b->waiting > 0;
}

static void *
writer_main(void *arg)
{
	struct writer *w = arg;
	struct pace_batch b;

	while (await(w, &b))
		do_batch(w, &b);
	return NULL;
}

/* Life. */

static void
writer_free(struct writer *w)
{
	const struct writer_mark none = { 0 };

	writer_forget(&w->made);
	writer_undo(&w->made, &none);
	free(w->made.events);
	free(w->made.shelters);
	heads_close(w->heads);
	db_close(w->db);
	snapshot_unref(w->snap);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

struct writer *
writer_start(const struct writer_config *config, char *err, size_t errsize)
{
	struct writer *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		snprintf(err, errsize, "out of memory");
		return NULL;
	}
	w->config = *config;
	w->tail = &w->head;
	pace_init(&w->pace);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (config->snap != NULL)
		w->snap = snapshot_ref(config->snap);
	w->db = db_open(config->path, false, err, errsize);
	if (w->db != NULL)
		w->heads = heads_open(config->path, w->db, err, errsize);
	if (w->heads == NULL)
		goto out;
	if (pthread_create(&w->thread, NULL, writer_main, w) == 0) {
		pthread_setname_np(w->thread, "writer");
		return w;
	}
	snprintf(err, errsize, "cannot start the writer's thread");
out:
	writer_free(w);
	return NULL;
}

void
writer_submit(struct writer *w, struct writer_task *t)
{
	t->next = NULL;
	pthread_mutex_lock(&w->lock);
	*w->tail = t;
	w->tail = &t->next;
	w->waiting++;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void
writer_stop(struct writer *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	writer_free(w);
}

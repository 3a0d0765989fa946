/* SPDX-License-Identifier: MIT */
/*
 * A writer on a store of its own for tests: tasks write rows of a table of
 * their own; `committed` gathers what the loop would get.
 */
#ifndef TESTS_UNIT_SHELTERD_WRITER_TEMP_H
#define TESTS_UNIT_SHELTERD_WRITER_TEMP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "shelterd/net/reply.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"
#include "shelterd/writer.h"
#include "tests/unit/shelterd/temp.h"

enum { LAST = 4096 };

struct bench {
	struct writer *writer;
	char path[80];
	pthread_mutex_t lock;
	pthread_cond_t done;
	int batches, finished;
	int64_t ids[LAST]; /* of events, as they came */
	int nids;
	int64_t version; /* of the newest snapshot, 0: there was none */
	bool hold;	 /* the writer waits in its first task */
	pthread_cond_t go;
};

struct write { /* one request with its task */
	struct request req;
	struct reply reply;
	struct writer_task task;
	struct bench *bench;
	const char *value;
	int mode, runs;
};

enum mode {
	WRITE,
	REFUSE,
	NO_EVENT,
	TWO_EVENTS,
	POISON,
	FILL,
	HOLD,
	QUIET,
	DENY,  /* refused before it wrote */
	COUNT, /* through a memo */
	MAP,   /* touches the map, */
	PLAN,  /* what is in the snapshot besides */
	PLAIN  /* an answer that can be kept later */
};

static const struct route twice = { .path = "/twice", .twice = true };

static inline void
committed(void *arg, struct writer_batch *b)
{
	struct bench *bench = arg;

	pthread_mutex_lock(&bench->lock);
	bench->batches++;
	if (b->snap != NULL)
		bench->version = snapshot_version(b->snap);
	for (size_t i = 0; i < b->nevents; i++) {
		assert_true(bench->nids < LAST);
		bench->ids[bench->nids++] = b->events[i]->id;
		event_unref(b->events[i]);
	}
	for (struct writer_task *t = b->tasks; t != NULL; t = t->next)
		bench->finished++;
	pthread_cond_broadcast(&bench->done);
	pthread_mutex_unlock(&bench->lock);
	snapshot_unref(b->snap);
	free(b->events);
}

static inline int
insert(struct db *db, const char *value)
{
	struct db_stmt *s = db_prepare(db, "INSERT INTO t (a) VALUES ($1)");

	db_bind_text(s, 1, value);
	return db_run(s);
}

static inline enum status
event(struct request *req)
{
	const struct event_scope all = { .roles = ROLE_ANYONE };

	return req_event(
	    req, "test.made", "test", 1, all, cJSON_CreateObject(), NULL);
}

static inline void
hold(struct bench *bench)
{
	pthread_mutex_lock(&bench->lock);
	while (bench->hold)
		pthread_cond_wait(&bench->go, &bench->lock);
	pthread_mutex_unlock(&bench->lock);
}

/* Tasks of a batch that count together, written when it is settled. */
struct tally {
	int n;
	bool bad;
};

static inline int
settle(void *arg, struct db *db)
{
	struct tally *t = arg;
	char text[20];
	int rc = DB_OK;

	if (t->n == 0)
		return rc;
	snprintf(text, sizeof(text), "%d counted", t->n);
	rc = t->bad ? DB_ERROR : insert(db, text);
	if (rc == DB_OK)
		t->n = 0;
	return rc;
}

static inline bool
count(struct request *req, bool bad)
{
	struct writer_memo m = { req_memo(req, settle), settle, free };
	struct tally *t = m.of;

	if (t == NULL) {
		m.of = t = calloc(1, sizeof(*t));
		if (!req_keep_memo(req, m)) {
			free(t);
			return false;
		}
	}
	t->n++;
	t->bad |= bad;
	return true;
}

static inline enum status
run(struct request *req, void *arg)
{
	struct write *j = arg;
	struct db_stmt *s;
	enum status st;

	j->runs++;
	if (j->mode == DENY)
		return req_fail(req, ST_FORBIDDEN, "a", "denied");
	if (j->mode == HOLD)
		hold(j->bench);
	if (j->mode == QUIET) {
		req_no_event(req);
		return reply_json(req, ST_OK, cJSON_CreateObject());
	}
	if (j->mode == FILL &&
	    db_script(req->db, "PRAGMA max_page_count=1") == DB_OK) {
		s = db_prepare(
		    req->db, "INSERT INTO t (a) VALUES (hex(zeroblob(90000)))");
		return db_run(s) == DB_OK ? ST_OK : ST_UNAVAILABLE;
	}
	if (insert(req->db, j->value) != DB_OK)
		return req_fail(req, ST_CONFLICT, "a", "taken");
	if (j->mode == COUNT && !count(req, strcmp(j->value, "bad") == 0))
		return req_fail(req, ST_UNAVAILABLE, NULL, "no memo");
	if (j->mode == POISON)
		db_script(req->db, "INSERT INTO child (t) VALUES ('none')");
	st = j->mode == NO_EVENT ? ST_OK : event(req);
	if (j->mode == MAP)
		req_touch(req, SNAP_CLOSURES);
	if (j->mode == PLAN)
		req_touch(req, SNAP_PLANS);
	if (st == ST_OK && j->mode == TWO_EVENTS)
		st = event(req);
	if (st != ST_OK)
		return st;
	if (j->mode == REFUSE)
		return req_fail(req, ST_INVALID, "a", "refused");
	if (j->mode != PLAIN)
		reply_header(req, "Location", "/here");
	return reply_json(req, ST_CREATED, cJSON_CreateString(j->value));
}

static inline struct bench *
begin_on(const struct rules *rules)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct writer_config config = {
		.committed = committed, .arg = b, .rules = rules
	};
	char err[200] = "";
	struct db *db;

	snprintf(b->path, sizeof(b->path), "%s", temp_path());
	db = db_open(b->path, false, err, sizeof(err));
	assert_int_equal(migrate(db, err, sizeof(err)), DB_OK);
	assert_int_equal(
	    db_script(db, "CREATE TABLE t (a TEXT PRIMARY KEY) STRICT;"
			  "CREATE TABLE child (t TEXT REFERENCES t"
			  " DEFERRABLE INITIALLY DEFERRED) STRICT"),
	    DB_OK);
	if (rules != NULL)
		config.snap = snapshot_load(db, rules, err, sizeof(err));
	db_close(db);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->done, NULL);
	pthread_cond_init(&b->go, NULL);
	config.path = b->path;
	b->writer = writer_start(&config, err, sizeof(err));
	assert_non_null(b->writer);
	snapshot_unref(config.snap);
	return b;
}

static inline struct bench *
begin(void)
{
	return begin_on(NULL);
}

static inline void
prepare(struct write *j, struct bench *b, enum mode mode, const char *value,
    const char *key)
{
	memset(j, 0, sizeof(*j));
	j->bench = b;
	j->mode = mode;
	j->value = value;
	j->req.reply = &j->reply;
	j->req.now = 1800000000;
	j->req.caller.id = 7;
	snprintf(j->req.caller.name, sizeof(j->req.caller.name), "me");
	j->task.req = &j->req;
	j->task.run = run;
	j->task.arg = j;
	j->task.idempotency_key = key;
	memcpy(j->task.request_hash, value, strnlen(value, 32));
}

static inline void
await(struct bench *b, int n)
{
	pthread_mutex_lock(&b->lock);
	while (b->finished < n)
		pthread_cond_wait(&b->done, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

/* All in one batch, behind a first task that holds the writer. */
static inline void
together(struct bench *b, struct write *jobs, int n)
{
	int before = b->finished, batches = b->batches;

	b->hold = true;
	for (int i = 0; i < n; i++)
		writer_submit(b->writer, &jobs[i].task);
	pthread_mutex_lock(&b->lock);
	b->hold = false;
	pthread_cond_signal(&b->go);
	pthread_mutex_unlock(&b->lock);
	await(b, before + n);
	assert_int_equal(b->batches, batches + 1);
}

static inline int64_t
rows(struct bench *b, const char *value)
{
	char err[200];
	struct db *db = db_open(b->path, true, err, sizeof(err));
	struct db_stmt *s =
	    db_prepare(db, "SELECT count(*) FROM t WHERE a = $1");
	int64_t n;

	db_bind_text(s, 1, value);
	assert_int_equal(db_step(s), DB_ROW);
	n = db_int(s, 0);
	db_close(db);
	return n;
}

static inline void
verify_and_end(struct bench *b, int64_t events)
{
	char err[200], hex[65];
	int64_t count, head, bad;
	struct db *db;

	writer_stop(b->writer);
	db = db_open(b->path, true, err, sizeof(err));
	assert_int_equal(event_verify(db, &count, &head, &bad, hex), DB_OK);
	assert_int_equal(count, events);
	assert_int_equal(bad, 0);
	db_close(db);
	assert_int_equal(b->nids, events);
	for (int i = 0; i < b->nids; i++)
		assert_int_equal(b->ids[i], i + 1);
	free(b);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Group commit: see writer.h.  The queue is the only thing shared with other
 * threads; everything else in struct writer belongs to the writer's thread.
 *
 * What a batch will do to memory (events to stream, snapshot parts to reload)
 * is gathered in struct writer_private beside the transaction and thrown away
 * with it, task by task or as a whole.
 */
#include "shelterd/writer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shelterd/log.h"
#include "shelterd/reply.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/store/head.h"
#include "shelterd/store/idempotency.h"

enum {
	BATCH_TASKS = 256,
	BATCH_NS = 50 * 1000 * 1000, /* then the batch takes no more */
	SWEEP_SECONDS = 3600,
	SHELTERS_MAX = 4096 /* more single ones: reload all */
};

struct writer_private {
	struct event **events;
	size_t nevents, events_cap;
	int64_t *shelters;
	size_t nshelters, shelters_cap;
	unsigned parts;
	/* Of the running task: */
	bool no_event;
	bool keeps;
	char *kept; /* instead of the answer's bytes */
};

struct writer {
	struct writer_config config;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct writer_task *head, **tail; /* under lock */
	bool stopping;			  /* under lock */
	struct db *db;
	struct heads *heads;
	struct snapshot *snap;
	int64_t swept_at;
	struct writer_private made;
};

struct mark {
	size_t nevents, nshelters;
	unsigned parts;
};

/* What a handler reports. */

static bool
room(void **array, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? *cap * 2 : 16;
	void *grown;

	if (n < *cap)
		return true;
	grown = realloc(*array, more * size);
	if (grown == NULL)
		return false;
	*array = grown;
	*cap = more;
	return true;
}

static struct event *
compose(const struct request *req, const char *kind, const char *noun,
    int64_t noun_id, const struct event_scope *scope, const cJSON *body)
{
	struct event *e = event_make();

	if (e == NULL)
		return NULL;
	e->body = body ? cJSON_PrintUnformatted(body) : strdup("{}");
	if (e->body == NULL) {
		event_unref(e);
		return NULL;
	}
	e->at = req->now;
	e->user_id = req->caller.id;
	snprintf(e->user, sizeof(e->user), "%s", req->caller.name);
	snprintf(e->kind, sizeof(e->kind), "%s", kind);
	snprintf(e->noun, sizeof(e->noun), "%s", noun);
	e->noun_id = noun_id;
	e->roles = scope->roles | ROLE_ADMIN;
	if (scope->hidden)
		e->roles &= ROLE_OFFICE;
	e->hidden = scope->hidden;
	e->scope_user = scope->user;
	if (scope->org != NULL)
		snprintf(e->scope_org, sizeof(e->scope_org), "%s", scope->org);
	return e;
}

enum status
req_event(struct request *req, const char *kind, const char *noun,
    int64_t noun_id, struct event_scope scope, cJSON *take, int64_t *id)
{
	struct writer_private *made = req->w;
	struct event *e = NULL;
	enum status st = ST_OK;

	if (made == NULL || made->no_event) {
		st = req_fail(req, ST_INTERNAL, NULL,
		    "an event was appended at the wrong time");
		goto out;
	}
	e = compose(req, kind, noun, noun_id, &scope, take);
	if (e == NULL || !room((void **)&made->events, &made->events_cap,
			     made->nevents, sizeof(struct event *))) {
		st = req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
		goto out;
	}
	if (event_append(req->db, e) < 0) {
		log_line(LOG_ERROR, "writer", "event=%s error=\"%s\"", kind,
		    db_error(req->db));
		st = req_fail(
		    req, ST_UNAVAILABLE, NULL, "the store cannot be written");
		goto out;
	}
	if (id != NULL)
		*id = e->id;
	made->no_event = true; /* a second one fails */
	made->events[made->nevents++] = e;
	e = NULL;
out:
	event_unref(e);
	cJSON_Delete(take);
	return st;
}

void
req_no_event(struct request *req)
{
	if (req->w != NULL)
		req->w->no_event = true;
}

void
req_keep_instead(struct request *req, const char *text)
{
	if (req->w == NULL)
		return;
	free(req->w->kept);
	req->w->kept = text != NULL ? strdup(text) : NULL;
	req->w->keeps = req->w->kept != NULL;
}

void
req_touch(struct request *req, unsigned parts)
{
	if (req->w != NULL)
		req->w->parts |= parts;
}

void
req_touch_shelter(struct request *req, int64_t shelter_id)
{
	struct writer_private *made = req->w;

	if (made == NULL)
		return;
	if (made->nshelters < SHELTERS_MAX &&
	    room((void **)&made->shelters, &made->shelters_cap, made->nshelters,
		sizeof(int64_t)))
		made->shelters[made->nshelters++] = shelter_id;
	else
		made->parts |= SNAP_SHELTERS;
}

static void
undo_to(struct writer_private *made, const struct mark *m)
{
	while (made->nevents > m->nevents)
		event_unref(made->events[--made->nevents]);
	made->nshelters = m->nshelters;
	made->parts = m->parts;
}

/* One task. */

static bool
succeeded(enum status st)
{
	return status_http(st) < 400;
}

static enum status
unavailable(struct request *req, const char *why)
{
	if (req->reply == NULL)
		return ST_UNAVAILABLE;
	reply_clear(req->reply);
	return req_fail(req, ST_UNAVAILABLE, NULL, "%s", why);
}

/* reply.type is static text. */
static const char *
static_type(const char *type)
{
	static const char *const known[] = { "application/json",
		"application/geo+json", "text/csv; charset=utf-8" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i], type) == 0)
			return known[i];
	return known[0];
}

static void
replay_headers(struct request *req, char *lines)
{
	char *save = NULL, *colon;

	for (char *l = strtok_r(lines, "\n", &save); l != NULL;
	     l = strtok_r(NULL, "\n", &save)) {
		colon = strstr(l, ": ");
		if (colon == NULL)
			continue;
		*colon = '\0';
		reply_header(req, l, colon + 2);
	}
}

static enum status
replay(struct request *req, struct idempotency_answer *a)
{
	enum status st = a->status;

	reply_clear(req->reply);
	if (a->type[0] != '\0') {
		st =
		    reply_bytes(req, st, static_type(a->type), a->body, a->len);
		a->body = NULL;
	} else {
		req->reply->status = st;
	}
	replay_headers(req, a->headers);
	reply_header(req, "Idempotent-Replay", "true");
	return st;
}

/* True when the key settles the task: answered again, or refused. */
static bool
settled_by_key(struct writer *w, struct writer_task *t, enum status *st)
{
	struct idempotency_answer a;
	struct request *req = t->req;

	switch (idempotency_find(
	    w->db, req->caller.id, t->idempotency_key, t->request_hash, &a)) {
	case IDEM_NEW:
		return false;
	case IDEM_DONE:
		*st = replay(req, &a);
		break;
	case IDEM_OTHER:
		*st = req_fail(req, ST_CONFLICT, "Idempotency-Key",
		    "the key was used for another request");
		break;
	case IDEM_ERROR:
		*st = unavailable(req, "the store cannot be read");
		break;
	}
	idempotency_release(&a);
	return true;
}

static char *
header_lines(const struct reply *r)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		return NULL;
	for (size_t i = 0; i < r->nheaders; i++)
		fprintf(f, "%s: %s\n", r->headers[i].name, r->headers[i].value);
	fclose(f);
	return text;
}

static int
keep_answer(struct writer *w, const struct writer_task *t, enum status st)
{
	const struct reply *r = t->req->reply;
	struct idempotency_answer a = {
		.status = st,
		.type = (char *)r->type,
		.body = r->bytes,
		.len = r->len,
		.headers = header_lines(r),
	};
	int rc = DB_ERROR;

	if (w->made.kept != NULL) {
		a.body = w->made.kept;
		a.len = strlen(a.body);
	}
	if (a.headers != NULL)
		rc = idempotency_keep(w->db, t->req->caller.id,
		    t->idempotency_key, t->request_hash, t->req->now, &a);
	free(a.headers);
	return rc;
}

static enum status
finish(struct writer *w, struct writer_task *t, enum status st)
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
	if (t->idempotency_key != NULL && w->made.keeps &&
	    keep_answer(w, t, st) != DB_OK)
		return unavailable(req, "the store cannot be written");
	if (db_release(w->db) != DB_OK)
		return unavailable(req, "the store cannot be written");
	return st;
}

static enum status
run_saved(struct writer *w, struct writer_task *t)
{
	struct mark m = { w->made.nevents, w->made.nshelters, w->made.parts };
	enum status st = ST_INTERNAL;

	if (t->idempotency_key != NULL && settled_by_key(w, t, &st))
		return st;
	if (db_save(w->db) != DB_OK)
		return unavailable(t->req, "the store cannot be written");
	w->made.no_event = false;
	w->made.keeps = true;
	st = t->run(t->req, t->arg);
	db_reset(w->db);
	if (succeeded(st))
		st = finish(w, t, st);
	free(w->made.kept);
	w->made.kept = NULL;
	if (!succeeded(st)) {
		db_undo(w->db);
		undo_to(&w->made, &m);
	}
	return st;
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
	t->status = run_saved(w, t);
	req->db = NULL;
	req->w = NULL;
}

/* One batch. */

static int64_t
clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* The next waiting task; NULL when there is none, or when the batch has
 * already enough. */
static struct writer_task *
take(struct writer *w, size_t n, int64_t until)
{
	struct writer_task *t = NULL;

	if (n >= BATCH_TASKS || (n > 0 && clock_ns() > until))
		return NULL;
	pthread_mutex_lock(&w->lock);
	t = w->head;
	if (t != NULL) {
		w->head = t->next;
		if (w->head == NULL)
			w->tail = &w->head;
		t->next = NULL;
	}
	pthread_mutex_unlock(&w->lock);
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

static struct writer_task *
run_batch(struct writer *w)
{
	struct writer_task *first = NULL, **end = &first, *t;
	int64_t until = clock_ns() + BATCH_NS;

	for (size_t n = 0; (t = take(w, n, until)) != NULL; n++) {
		run_task(w, t);
		*end = t;
		end = &t->next;
	}
	return first;
}

static void
fail_batch(struct writer *w, struct writer_task *first, const struct mark *m)
{
	log_line(
	    LOG_ERROR, "writer", "commit=failed error=\"%s\"", db_error(w->db));
	undo_to(&w->made, m);
	for (struct writer_task *t = first; t != NULL; t = t->next)
		t->status = unavailable(t->req, "the store cannot be written");
}

/* The picture after the commit. When it cannot be made the answers still are
 * true; what it lacks stays noted and the next commit tries again. */
static struct snapshot *
refresh(struct writer *w)
{
	struct writer_private *made = &w->made;
	struct snapshot *next;
	int64_t last = 0;
	char err[200];

	if (w->snap == NULL || (made->parts == 0 && made->nshelters == 0))
		return NULL;
	last = made->nevents > 0 ? made->events[made->nevents - 1]->id
				 : event_last(w->db);
	next = snapshot_next(w->snap, w->db, w->config.rules, made->parts,
	    made->shelters, made->nshelters, last, err, sizeof(err));
	db_reset(w->db);
	if (next == NULL) {
		log_line(
		    LOG_ERROR, "writer", "snapshot=failed error=\"%s\"", err);
		return NULL;
	}
	made->parts = 0;
	made->nshelters = 0;
	snapshot_unref(w->snap);
	w->snap = next;
	return snapshot_ref(next);
}

static void
hand_over(struct writer *w, struct writer_task *first)
{
	struct writer_private *made = &w->made;
	struct writer_batch batch = { .tasks = first };

	batch.snap = refresh(w);
	batch.events = made->events;
	batch.nevents = made->nevents;
	made->events = NULL;
	made->nevents = made->events_cap = 0;
	if (batch.nevents > 0)
		heads_note(w->heads, batch.events[batch.nevents - 1]);
	w->config.committed(w->config.arg, &batch);
	heads_due(w->heads);
}

static void
do_batch(struct writer *w)
{
	struct writer_task *first;
	struct mark before = { 0, w->made.nshelters, w->made.parts };
	bool begun = db_begin(w->db) == DB_OK;

	first = run_batch(w);
	if (begun)
		sweep(w);
	if (db_commit(w->db) != DB_OK)
		fail_batch(w, first, &before);
	hand_over(w, first);
}

/* Waits for work; false when stopping and nothing waits. */
static bool
await(struct writer *w)
{
	bool more;

	pthread_mutex_lock(&w->lock);
	if (w->head == NULL && !w->stopping) {
		pthread_mutex_unlock(&w->lock);
		db_idle(w->db);
		pthread_mutex_lock(&w->lock);
	}
	while (w->head == NULL && !w->stopping)
		pthread_cond_wait(&w->wake, &w->lock);
	more = w->head != NULL;
	pthread_mutex_unlock(&w->lock);
	return more;
}

static void *
writer_main(void *arg)
{
	struct writer *w = arg;

	while (await(w))
		do_batch(w);
	return NULL;
}

/* Life. */

static void
writer_free(struct writer *w)
{
	const struct mark none = { 0 };

	undo_to(&w->made, &none);
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
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (config->snap != NULL)
		w->snap = snapshot_ref(config->snap);
	w->db = db_open(config->path, false, err, errsize);
	if (w->db != NULL)
		w->heads = heads_open(config->path, w->db, err, errsize);
	if (w->heads == NULL)
		goto out;
	if (pthread_create(&w->thread, NULL, writer_main, w) == 0)
		return w;
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

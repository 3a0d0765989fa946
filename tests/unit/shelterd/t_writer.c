/* SPDX-License-Identifier: MIT */
/*
 * Group commit: neighbours, failing commits, full disks, keys, and many
 * threads at once.  Tasks write rows of a table of their own; `committed`
 * gathers what the loop would get.
 */
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

static void
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

static int
insert(struct db *db, const char *value)
{
	struct db_stmt *s = db_prepare(db, "INSERT INTO t (a) VALUES ($1)");

	db_bind_text(s, 1, value);
	return db_run(s);
}

static enum status
event(struct request *req)
{
	const struct event_scope all = { .roles = ROLE_ANYONE };

	return req_event(
	    req, "test.made", "test", 1, all, cJSON_CreateObject(), NULL);
}

static void
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

static int
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

static bool
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

static enum status
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

static struct bench *
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

static struct bench *
begin(void)
{
	return begin_on(NULL);
}

static void
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

static void
await(struct bench *b, int n)
{
	pthread_mutex_lock(&b->lock);
	while (b->finished < n)
		pthread_cond_wait(&b->done, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

/* All in one batch, behind a first task that holds the writer. */
static void
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

static int64_t
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

static void
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

static void
a_failing_neighbour_disturbs_nobody(void **state)
{
	static const struct {
		enum mode mode;
		const char *value;
		enum status st;
		int64_t rows;
	} table[] = {
		{ HOLD, "first", ST_CREATED, 1 },
		{ REFUSE, "refused", ST_INVALID, 0 },
		{ WRITE, "second", ST_CREATED, 1 },
		{ WRITE, "first", ST_CONFLICT, 1 },
		{ NO_EVENT, "silent", ST_INTERNAL, 0 },
		{ TWO_EVENTS, "loud", ST_INTERNAL, 0 },
		{ QUIET, "quiet", ST_OK, 0 },
		{ WRITE, "third", ST_CREATED, 1 },
	};
	enum { N = sizeof(table) / sizeof(*table) };
	struct bench *b = begin();
	struct write jobs[N];

	(void)state;
	for (int i = 0; i < N; i++)
		prepare(&jobs[i], b, table[i].mode, table[i].value, NULL);
	together(b, jobs, N);
	for (int i = 0; i < N; i++) {
		assert_int_equal(jobs[i].task.status, table[i].st);
		assert_int_equal(jobs[i].reply.status, table[i].st);
		assert_int_equal(rows(b, table[i].value), table[i].rows);
		reply_clear(&jobs[i].reply);
	}
	verify_and_end(b, 3);
}

struct expected {
	enum mode mode;
	const char *value;
	bool once; /* a task that runs with a savepoint */
	enum status st;
	int64_t rows;
	int runs;
};

/* One batch of them; `texts`, ended by NULL, are rows that must be there. */
static void
check_batch(const struct expected *table, int n, int64_t events,
    const char *const *texts)
{
	struct bench *b = begin();
	struct write jobs[8];
	char keys[8][8];

	for (int i = 0; i < n; i++) {
		snprintf(keys[i], sizeof(keys[i]), "key-%d", i);
		prepare(&jobs[i], b, table[i].mode, table[i].value, keys[i]);
		if (!table[i].once)
			jobs[i].req.route = &twice;
	}
	together(b, jobs, n);
	for (int i = 0; i < n; i++) {
		assert_int_equal(jobs[i].task.status, table[i].st);
		assert_int_equal(jobs[i].reply.status, table[i].st);
		assert_int_equal(rows(b, table[i].value), table[i].rows);
		assert_int_equal(jobs[i].runs, table[i].runs);
		assert_true(jobs[i].reply.nheaders <= 1);
		reply_clear(&jobs[i].reply);
	}
	for (; *texts != NULL; texts++)
		assert_int_equal(rows(b, *texts), 1);
	verify_and_end(b, events);
}

#define CHECK_BATCH(table, events, ...)                              \
	check_batch(table, sizeof(table) / sizeof(*(table)), events, \
	    (const char *const[]){ __VA_ARGS__ NULL })

/* HOLD comes first so that all are in one batch. */
static void
tasks_that_may_run_twice(void **state)
{
	static const struct expected calm[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 1 },
		{ DENY, "denied", false, ST_FORBIDDEN, 0, 1 },
		{ WRITE, "second", false, ST_CREATED, 1, 1 },
		{ QUIET, "quiet", false, ST_OK, 0, 1 },
		{ WRITE, "third", true, ST_CREATED, 1, 1 },
	};
	static const struct expected refused[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 2 },
		{ WRITE, "second", false, ST_CREATED, 1, 2 },
		{ REFUSE, "refused", false, ST_INVALID, 0, 2 },
		{ WRITE, "third", false, ST_CREATED, 1, 1 },
		{ REFUSE, "again", false, ST_INVALID, 0, 1 },
		{ WRITE, "first", false, ST_CONFLICT, 1, 1 },
	};
	static const struct expected once[] = {
		{ HOLD, "first", true, ST_CREATED, 1, 1 },
		{ REFUSE, "refused", false, ST_INVALID, 0, 1 },
		{ WRITE, "second", false, ST_CREATED, 1, 1 },
	};
	static const struct expected silent[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 2 },
		{ TWO_EVENTS, "loud", false, ST_INTERNAL, 0, 2 },
	};

	(void)state;
	CHECK_BATCH(calm, 3);
	CHECK_BATCH(refused, 3);
	CHECK_BATCH(once, 2);
	CHECK_BATCH(silent, 1);
}

static void
a_memo_is_settled_or_the_batch_runs_again(void **state)
{
	static const struct expected calm[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 1 },
		{ COUNT, "a", false, ST_CREATED, 1, 1 },
		{ COUNT, "b", false, ST_CREATED, 1, 1 },
	};
	static const struct expected before_another[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 1 },
		{ COUNT, "a", false, ST_CREATED, 1, 1 },
		{ COUNT, "b", false, ST_CREATED, 1, 1 },
		/* The memo has been written by now. */
		{ WRITE, "2 counted", true, ST_CONFLICT, 1, 1 },
		{ COUNT, "c", false, ST_CREATED, 1, 1 },
	};
	static const struct expected spoilt[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 2 },
		{ COUNT, "a", false, ST_CREATED, 1, 2 },
		{ REFUSE, "refused", false, ST_INVALID, 0, 2 },
		/* With savepoints each is settled, so this one collides. */
		{ COUNT, "b", false, ST_UNAVAILABLE, 0, 1 },
		{ WRITE, "c", false, ST_CREATED, 1, 1 },
	};
	static const struct expected unsettled[] = {
		{ HOLD, "first", false, ST_CREATED, 1, 2 },
		{ COUNT, "bad", false, ST_UNAVAILABLE, 0, 2 },
		{ COUNT, "b", false, ST_CREATED, 1, 2 },
	};

	(void)state;
	CHECK_BATCH(calm, 3, "2 counted", );
	CHECK_BATCH(before_another, 4, "2 counted", "1 counted", );
	CHECK_BATCH(spoilt, 3, "1 counted", );
	CHECK_BATCH(unsettled, 2, "1 counted", );
}

static void
check_lost(enum mode third)
{
	struct bench *b = begin();
	struct write jobs[4], after;

	prepare(&jobs[0], b, HOLD, "a", "key-a");
	prepare(&jobs[1], b, REFUSE, "b", NULL);
	prepare(&jobs[2], b, third, "c", NULL);
	prepare(&jobs[3], b, WRITE, "d", "key-d");
	together(b, jobs, 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(jobs[i].task.status, ST_UNAVAILABLE);
		assert_int_equal(jobs[i].reply.status, ST_UNAVAILABLE);
		assert_int_equal(rows(b, jobs[i].value), 0);
		reply_clear(&jobs[i].reply);
	}
	assert_int_equal(b->nids, 0);
	/* The next one works, and so does the key that came to nothing. */
	prepare(&after, b, WRITE, "a", "key-a");
	writer_submit(b->writer, &after.task);
	await(b, 5);
	assert_int_equal(after.task.status, ST_CREATED);
	reply_clear(&after.reply);
	verify_and_end(b, 1);
}

static void
a_failed_commit_loses_the_batch_and_nothing_else(void **state)
{
	(void)state;
	check_lost(POISON);
}

static void
a_full_disk_answers_unavailable(void **state)
{
	struct bench *b = begin();
	struct write jobs[2];

	(void)state;
	prepare(&jobs[0], b, HOLD, "a", NULL);
	prepare(&jobs[1], b, FILL, "b", NULL);
	together(b, jobs, 2);
	assert_int_equal(jobs[1].task.status, ST_UNAVAILABLE);
	/* Either it fitted beside the failure or it was told to try again. */
	assert_int_equal(
	    rows(b, "a"), jobs[0].task.status == ST_CREATED ? 1 : 0);
	reply_clear(&jobs[0].reply);
	reply_clear(&jobs[1].reply);
	verify_and_end(b, b->nids);
}

static void
check_keys(const struct route *route)
{
	struct bench *b = begin();
	struct write jobs[5];

	prepare(&jobs[0], b, HOLD, "a", "key");
	prepare(&jobs[1], b, WRITE, "a", "key"); /* again */
	prepare(&jobs[2], b, WRITE, "b", "key"); /* another request */
	prepare(&jobs[3], b, WRITE, "a", "key"); /* another caller */
	jobs[3].req.caller.id = 8;
	prepare(&jobs[4], b, REFUSE, "c", "other");
	for (int i = 0; i < 5; i++)
		jobs[i].req.route = route;
	together(b, jobs, 5);
	assert_int_equal(jobs[0].task.status, ST_CREATED);
	assert_int_equal(jobs[1].task.status, ST_CREATED);
	assert_int_equal(jobs[1].reply.len, jobs[0].reply.len);
	assert_memory_equal(
	    jobs[1].reply.bytes, jobs[0].reply.bytes, jobs[0].reply.len);
	assert_string_equal(jobs[1].reply.type, "application/json");
	assert_int_equal(jobs[1].reply.nheaders, 2);
	assert_string_equal(jobs[1].reply.headers[0].name, "Location");
	assert_string_equal(jobs[1].reply.headers[0].value, "/here");
	assert_string_equal(jobs[1].reply.headers[1].name, "Idempotent-Replay");
	assert_int_equal(jobs[2].task.status, ST_CONFLICT);
	assert_int_equal(jobs[3].task.status, ST_CONFLICT); /* value taken */
	assert_int_equal(rows(b, "a"), 1);
	assert_int_equal(rows(b, "b"), 0);
	for (int i = 0; i < 5; i++)
		reply_clear(&jobs[i].reply);
	/* In a later batch, too; nothing was written, so it runs alone. */
	prepare(&jobs[1], b, WRITE, "a", "key");
	jobs[1].req.route = route;
	writer_submit(b->writer, &jobs[1].task);
	await(b, 6);
	assert_int_equal(jobs[1].task.status, ST_CREATED);
	assert_int_equal(jobs[1].reply.nheaders, 2);
	reply_clear(&jobs[1].reply);
	/* A refused write is not remembered. */
	prepare(&jobs[4], b, WRITE, "c", "other");
	writer_submit(b->writer, &jobs[4].task);
	await(b, 7);
	assert_int_equal(jobs[4].task.status, ST_CREATED);
	reply_clear(&jobs[4].reply);
	verify_and_end(b, 2);
}

static void
a_key_is_worked_once(void **state)
{
	(void)state;
	check_keys(NULL);
	check_keys(&twice);
}

/* More than one statement's rows, the last one under the key of the sixth. */
static void
check_kept_together(const char *value, enum status last, int runs)
{
	enum { N = 21 };
	struct bench *b = begin();
	struct write jobs[N + 1];
	char values[N + 1][16], keys[N][16];

	for (int i = 0; i < N; i++) {
		snprintf(values[i], sizeof(values[i]), "value-%d", i);
		snprintf(keys[i], sizeof(keys[i]), "key-%d", i);
		prepare(&jobs[i], b, i > 0 ? PLAIN : HOLD, values[i], keys[i]);
	}
	prepare(&jobs[N], b, PLAIN, value, keys[5]);
	for (int i = 0; i <= N; i++)
		jobs[i].req.route = &twice;
	together(b, jobs, N + 1);
	for (int i = 0; i <= N; i++) {
		assert_int_equal(
		    jobs[i].task.status, i < N ? ST_CREATED : last);
		assert_int_equal(jobs[i].runs, i < N ? runs : 1);
		reply_clear(&jobs[i].reply);
	}
	assert_int_equal(rows(b, "other"), 0);
	for (int i = 0; i < N; i++) { /* each of them again */
		prepare(&jobs[i], b, i > 0 ? PLAIN : HOLD, values[i], keys[i]);
		jobs[i].req.route = &twice;
	}
	together(b, jobs, N);
	for (int i = 0; i < N; i++) {
		assert_int_equal(jobs[i].task.status, ST_CREATED);
		assert_string_equal(
		    jobs[i].reply.headers[i == 0].name, "Idempotent-Replay");
		reply_clear(&jobs[i].reply);
	}
	verify_and_end(b, N);
}

static void
answers_are_kept_together(void **state)
{
	(void)state;
	/* The same request fails, as its value is there, and is looked up. */
	check_kept_together("value-5", ST_CREATED, 1);
	/* Another one is done, and undone when its answer cannot be kept. */
	check_kept_together("other", ST_CONFLICT, 2);
}

enum { THREADS = 8, EACH = 200 };

static void *
client(void *arg)
{
	struct bench *b = arg;
	struct write *jobs = calloc(EACH, sizeof(*jobs));
	char(*values)[24] = calloc(EACH, sizeof(*values));

	for (int i = 0; i < EACH; i++) {
		snprintf(values[i], sizeof(values[i]), "%lx-%d",
		    (unsigned long)pthread_self(), i);
		prepare(
		    &jobs[i], b, i % 10 == 9 ? REFUSE : WRITE, values[i], NULL);
		if (i % 3 > 0)
			jobs[i].req.route = &twice;
		writer_submit(b->writer, &jobs[i].task);
	}
	await(b, THREADS * EACH);
	for (int i = 0; i < EACH; i++) {
		assert_int_equal(
		    jobs[i].task.status, i % 10 == 9 ? ST_INVALID : ST_CREATED);
		reply_clear(&jobs[i].reply);
	}
	free(values);
	free(jobs);
	return NULL;
}

static void
many_threads(void **state)
{
	struct bench *b = begin();
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, client, b);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_true(b->batches < THREADS * EACH);
	verify_and_end(b, THREADS * EACH * 9 / 10);
}

/* The data version is the event that changed the map, as after a start, not
 * the last one of the batch it was in. */
static void
the_version_is_of_the_map(void **state)
{
	static const struct {
		enum mode mode[4];
		int64_t version; /* events count from 1, four a batch */
	} table[] = {
		{ { HOLD, MAP, WRITE, WRITE }, 2 },
		{ { HOLD, WRITE, PLAN, WRITE }, 2 },
		{ { HOLD, MAP, MAP, PLAN }, 11 },
		{ { HOLD, WRITE, WRITE, MAP }, 16 },
	};
	char err[200], value[4][8];
	struct rules *rules = rules_load("etc/rules", err, sizeof(err));
	struct bench *b = begin_on(rules);
	struct write jobs[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		for (int k = 0; k < 4; k++) {
			snprintf(value[k], sizeof(value[k]), "%d %d", i, k);
			prepare(&jobs[k], b, table[i].mode[k], value[k], NULL);
		}
		together(b, jobs, 4);
		assert_int_equal(b->version, table[i].version);
		for (int k = 0; k < 4; k++) {
			snapshot_unref((struct snapshot *)jobs[k].req.snap);
			reply_clear(&jobs[k].reply);
		}
	}
	verify_and_end(b, 16);
	rules_free(rules);
}

static void
stopping_finishes_what_waits(void **state)
{
	struct bench *b = begin();
	struct write jobs[3];
	char values[3][2] = { "a", "b", "c" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		prepare(&jobs[i], b, WRITE, values[i], NULL);
		writer_submit(b->writer, &jobs[i].task);
	}
	verify_and_end(b, 3);
	for (int i = 0; i < 3; i++)
		reply_clear(&jobs[i].reply);
}

static void
a_store_that_cannot_open_says_so(void **state)
{
	struct writer_config config = { .path = "/nonexistent/s.db",
		.committed = committed };
	char err[200] = "";

	(void)state;
	assert_null(writer_start(&config, err, sizeof(err)));
	assert_non_null(strstr(err, "/nonexistent/s.db"));
	writer_stop(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failing_neighbour_disturbs_nobody),
		cmocka_unit_test(tasks_that_may_run_twice),
		cmocka_unit_test(a_memo_is_settled_or_the_batch_runs_again),
		cmocka_unit_test(
		    a_failed_commit_loses_the_batch_and_nothing_else),
		cmocka_unit_test(a_full_disk_answers_unavailable),
		cmocka_unit_test(a_key_is_worked_once),
		cmocka_unit_test(answers_are_kept_together),
		cmocka_unit_test(many_threads),
		cmocka_unit_test(the_version_is_of_the_map),
		cmocka_unit_test(stopping_finishes_what_waits),
		cmocka_unit_test(a_store_that_cannot_open_says_so),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

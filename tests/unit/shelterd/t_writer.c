/* SPDX-License-Identifier: MIT */
/*
 * Group commit: neighbours, failing commits, full disks, and many threads at
 * once.
 */
#include "tests/unit/shelterd/writer_temp.h"

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
		cmocka_unit_test(many_threads),
		cmocka_unit_test(the_version_is_of_the_map),
		cmocka_unit_test(stopping_finishes_what_waits),
		cmocka_unit_test(a_store_that_cannot_open_says_so),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

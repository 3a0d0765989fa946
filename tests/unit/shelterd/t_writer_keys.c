/* SPDX-License-Identifier: MIT */
/*
 * Idempotency keys in a group commit: worked once, answered again.
 */
#include "tests/unit/shelterd/writer_temp.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_worked_once),
		cmocka_unit_test(answers_are_kept_together),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

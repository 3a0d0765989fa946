/* SPDX-License-Identifier: MIT */
/*
 * The queue and its sending, with a stand-in for the server that lives in
 * shared memory: children are killed with SIGKILL at every step of a sync,
 * and the next one must bring each operation to the server exactly once.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "clients/field/queue.h"
#include "clients/field/sync.h"

enum { OPS = 4 };

/* The server's memory and the knife. */
static struct server {
	int asked;	/* requests so far, over all children */
	int kill_at;	/* the child dies in this request … */
	int kill_after; /* … 0: before the server acts, 1: after it did */
	int down;	/* answers nothing */
	int status;	/* refuses the path `bad` with this status */
	char bad[64];
	int done[OPS]; /* how often an operation was carried out */
	int replays;   /* known operations asked for again */
	char seen[64][QUEUE_OP];
	int nseen;
	double user;
} * server;

static void
answer(struct shelter_reply *r, int status, const char *json)
{
	r->status = status;
	r->json = cJSON_Parse(json);
	if (status >= 400)
		snprintf(r->error, sizeof(r->error), "refused with %d", status);
}

static bool
known(const char *key)
{
	for (int i = 0; i < server->nseen; i++)
		if (strcmp(server->seen[i], key) == 0)
			return true;
	return false;
}

/* A write: carried out unless its key is known. */
static void
write_once(const char *path, const char *key, struct shelter_reply *r)
{
	int task = 0;

	if (server->status && strcmp(path, server->bad) == 0) {
		answer(r, server->status, "{}");
		return;
	}
	if (known(key)) {
		server->replays++;
	} else {
		snprintf(server->seen[server->nseen++], QUEUE_OP, "%s", key);
		if (sscanf(path, "/v1/tasks/%d/accept", &task) == 1)
			server->done[task]++;
		else
			server->done[0]++;
	}
	answer(r, 201, "{\"ok\":true}");
}

static bool
stand_in(void *arg, const char *method, const char *path, const cJSON *body,
    const char *key, struct shelter_reply *r)
{
	char me[64];
	int at = server->asked++;

	(void)arg;
	(void)body;
	memset(r, 0, sizeof(*r));
	if (at == server->kill_at && !server->kill_after)
		raise(SIGKILL);
	if (server->down) {
		snprintf(r->error, sizeof(r->error), "no answer");
		return false;
	}
	snprintf(me, sizeof(me), "{\"id\":%.0f,\"name\":\"li\"}", server->user);
	if (strcmp(method, "POST") == 0)
		write_once(path, key, r);
	else if (strcmp(path, "/v1/me") == 0)
		answer(r, 200, me);
	else if (strcmp(path, "/v1/tasks?state=open") == 0)
		answer(r, 200,
		    "[{\"id\":1,\"shelter\":5,\"state\":\"open\",\"due\":\"\","
		    "\"assignee\":null},{\"id\":2,\"shelter\":5,\"assignee\":9}"
		    "]");
	else if (strcmp(method, "LIST") == 0)
		answer(r, 200, "[]");
	else if (strcmp(path, "/v1/checklist") == 0)
		answer(r, 200, "{\"items\":[{\"id\":\"door\"}]}");
	else
		answer(r, 200, "{\"id\":5,\"entrances\":[]}");
	if (at == server->kill_at && server->kill_after)
		raise(SIGKILL);
	return r->status < 400;
}

static const struct sync_net net = { stand_in, NULL };
static char path[64];

static struct queue *
open_queue(void)
{
	char err[QUEUE_ERROR] = "";
	struct queue *q = queue_open(path, err);

	if (!q)
		fail_msg("%s", err);
	return q;
}

static void
add(struct queue *q, const char *kind, int task)
{
	struct queue_op op = { .task = task, .body = NULL };

	queue_new_op(op.op);
	snprintf(op.kind, sizeof(op.kind), "%s", kind);
	if (strcmp(kind, "inspection") == 0) {
		snprintf(op.path, sizeof(op.path), "/v1/inspections");
		op.body = cJSON_CreateObject();
		cJSON_AddStringToObject(op.body, "op", op.op);
	} else {
		snprintf(op.path, sizeof(op.path), "/v1/tasks/%d/accept", task);
	}
	assert_true(queue_add(q, &op));
	queue_op_release(&op);
}

static void
add_all(struct queue *q)
{
	for (int i = 1; i < OPS; i++)
		add(q, "accept", i);
	add(q, "inspection", 1);
}

static int
setup(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/t_field.XXXXXX");
	if (!mkdtemp(path))
		return -1;
	strcat(path, "/a/b/field.db");
	server = mmap(NULL, sizeof(*server), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (server == MAP_FAILED)
		return -1;
	server->kill_at = -1;
	server->user = 7;
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	munmap(server, sizeof(*server));
	snprintf(command, sizeof(command), "rm -rf '%.19s'", path);
	return system(command) == 0 ? 0 : -1;
}

static bool
killed_while_syncing(void)
{
	struct sync_result r;
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct queue *q = open_queue();

		sync_run(q, &net, &r);
		queue_close(q);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status);
}

static void
sync_once(struct sync_result *r, bool want)
{
	struct queue *q = open_queue();

	assert_int_equal(sync_run(q, &net, r), want);
	queue_close(q);
}

static struct queue_counts
counts(void)
{
	struct queue_counts c;
	struct queue *q = open_queue();

	assert_true(queue_count(q, &c));
	queue_close(q);
	return c;
}

/* Dies at request 0, 1, 2 …, before and after the server acted. */
static void
exactly_once(void **state)
{
	struct sync_result r;
	struct queue *q = open_queue();
	int rounds = 0;

	(void)state;
	add_all(q);
	queue_close(q);
	for (int after = 0; after < 2; after++)
		for (int step = 0; step < 12; step++, rounds++) {
			server->kill_after = after;
			server->kill_at = server->asked + step;
			if (!killed_while_syncing())
				break;
		}
	assert_true(rounds >= 12);
	server->kill_at = -1;
	sync_once(&r, true);
	for (int i = 0; i < OPS; i++)
		assert_int_equal(server->done[i], 1);
	assert_int_equal(server->nseen, OPS);
	assert_int_equal(counts().unsent, 0);
	assert_int_equal(counts().sent, OPS);
}

/* A kill right after each operation's arrival: every one is asked again. */
static void
lost_answers(void **state)
{
	struct sync_result r;
	struct queue *q = open_queue();

	(void)state;
	add_all(q);
	queue_close(q);
	server->kill_after = 1;
	for (int i = 0; i < OPS; i++) {
		/* /v1/me, one replay if it is not the first, the next op */
		server->kill_at = server->asked + (i == 0 ? 1 : 2);
		assert_true(killed_while_syncing());
	}
	server->kill_at = -1;
	sync_once(&r, true);
	for (int i = 0; i < OPS; i++)
		assert_int_equal(server->done[i], 1);
	assert_int_equal(server->replays, OPS);
}

static void
offline_keeps(void **state)
{
	struct sync_result r;
	struct queue *q = open_queue();
	struct queue_op op;

	(void)state;
	add_all(q);
	queue_close(q);
	server->down = 1;
	sync_once(&r, false);
	assert_false(r.online);
	assert_string_equal(r.error, "no answer");
	assert_int_equal(counts().unsent, OPS);
	server->down = 0;
	sync_once(&r, true);
	assert_true(r.online);
	assert_int_equal(r.sent, OPS);
	q = open_queue();
	assert_false(queue_next(q, 0, &op));
	queue_close(q);
}

static const struct {
	int status;
	bool poison;
} refusals[] = {
	{ 400, true },
	{ 401, false },
	{ 403, true },
	{ 404, true },
	{ 408, false },
	{ 409, true },
	{ 422, true },
	{ 429, false },
	{ 500, false },
	{ 503, false },
};

/* A poisonous one is set aside and the others pass; any other trouble stops
 * the queue where it is. */
static void
poison(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct sync_result r;
		struct queue_op op;
		struct queue *q = NULL;

		if (i > 0)
			assert_int_equal(setup(NULL), 0);
		q = open_queue();
		add_all(q);
		server->status = refusals[i].status;
		strcpy(server->bad, "/v1/tasks/2/accept");
		assert_int_equal(sync_run(q, &net, &r), refusals[i].poison);
		assert_int_equal(r.refused, refusals[i].poison);
		assert_int_equal(server->done[1], 1);
		assert_int_equal(server->done[2], 0);
		assert_int_equal(server->done[3], refusals[i].poison);
		if (refusals[i].poison) {
			assert_true(queue_next_refused(q, 0, &op));
			assert_int_equal(op.status, refusals[i].status);
			assert_non_null(strstr(op.reason, "refused with"));
			assert_true(queue_retry(q, op.op));
			assert_false(queue_retry(q, op.op));
			queue_op_release(&op);
		}
		server->status = 0;
		assert_true(sync_run(q, &net, &r));
		assert_int_equal(server->done[2], 1);
		queue_close(q);
		if (i + 1 < sizeof(refusals) / sizeof(refusals[0]))
			teardown(NULL);
	}
}

static void
pulls(void **state)
{
	struct sync_result r;
	struct queue *q = open_queue();
	cJSON *tasks = NULL, *items = NULL, *shelter = NULL;

	(void)state;
	assert_true(sync_run(q, &net, &r));
	tasks = queue_tasks(q);
	assert_int_equal(cJSON_GetArraySize(tasks), 1); /* not user 9's */
	cJSON_Delete(tasks);
	items = queue_items(q);
	assert_int_equal(cJSON_GetArraySize(items), 1);
	cJSON_Delete(items);
	shelter = queue_shelter(q, 5);
	assert_non_null(shelter);
	cJSON_Delete(shelter);
	assert_null(queue_shelter(q, 6));
	add(q, "accept", 1);
	tasks = queue_tasks(q);
	assert_string_equal(
	    cJSON_GetStringValue(cJSON_GetObjectItem(tasks->child, "unsent")),
	    "accept");
	cJSON_Delete(tasks);
	queue_close(q);
}

static void
another_user(void **state)
{
	struct sync_result r;
	struct queue *q = open_queue();

	(void)state;
	assert_true(sync_run(q, &net, &r));
	add(q, "accept", 1);
	server->user = 8;
	assert_false(sync_run(q, &net, &r));
	assert_true(r.stranger);
	assert_int_equal(server->done[1], 0);
	queue_close(q);
}

static void
drafts(void **state)
{
	struct queue *q = open_queue();
	cJSON *o = cJSON_Parse("{\"door\":{\"result\":\"fail\"}}");
	cJSON *back = NULL;

	(void)state;
	assert_true(queue_set_draft(q, 1, o));
	queue_close(q);
	q = open_queue();
	back = queue_draft(q, 1);
	assert_true(cJSON_Compare(o, back, true));
	cJSON_Delete(back);
	add(q, "inspection", 1);
	assert_null(queue_draft(q, 1));
	cJSON_Delete(o);
	queue_close(q);
}

static void
op_ids(void **state)
{
	char a[QUEUE_OP], b[QUEUE_OP];

	(void)state;
	queue_new_op(a);
	queue_new_op(b);
	assert_int_equal(strlen(a), 36);
	assert_int_equal(a[14], '4');
	assert_non_null(strchr("89ab", a[19]));
	assert_string_not_equal(a, b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exactly_once),
		TEST(lost_answers),
		TEST(offline_keeps),
		TEST(poison),
		TEST(pulls),
		TEST(another_user),
		TEST(drafts),
		cmocka_unit_test(op_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Remembered answers: what is kept, replayed, refused, pushed out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/http_replay.h"
#include "shelterd/net/request_private.h"

enum { SLOTS = 4 };

static const struct route worker = { .on = ON_WORKER, .roles = ROLE_ANYONE },
			  writer = { .on = ON_WRITER, .roles = ROLE_ANYONE },
			  open = { .on = ON_WORKER, .roles = ROLE_PUBLIC };

/* A request of `user` with a key (NULL: none); `body` stands for its hash. */
static struct request *
ask(int64_t user, const char *key, unsigned char body)
{
	struct request *req = request_new(NULL);

	assert_non_null(req);
	req->route = &worker;
	req->caller.id = user;
	req->p->idempotency_key = key != NULL ? req_keep_text(req, key) : NULL;
	memset(
	    req->p->task.request_hash, body, sizeof(req->p->task.request_hash));
	return req;
}

/* Begins, runs and ends it with that answer; was it run? */
static bool
play(struct replays *r, struct request *req, enum status answer,
    const char *text)
{
	enum status st = ST_OK;
	bool run = replays_begin(r, req, &st);

	if (run) {
		reply_bytes(
		    req, answer, "text/plain", strdup(text), strlen(text));
		reply_header(req, "Location", "/x");
		replays_end(r, req, answer);
	}
	return run;
}

static void
played(struct replays *r, int64_t user, const char *key, unsigned char body,
    bool wanted)
{
	struct request *req = ask(user, key, body);

	assert_int_equal(play(r, req, ST_ACCEPTED, "first"), wanted);
	request_free(req);
}

static void
gives_the_same_answer(void **state)
{
	struct replays *r = replays_new(SLOTS);
	struct request *req;

	(void)state;
	played(r, 1, "k", 'a', true);
	req = ask(1, "k", 'a');
	assert_false(play(r, req, ST_OK, "second"));
	assert_int_equal(req->reply->len, 5);
	assert_memory_equal(req->reply->bytes, "first", 5);
	assert_int_equal(req->reply->nheaders, 2);
	assert_string_equal(req->reply->headers[0].value, "/x");
	assert_string_equal(req->reply->headers[1].name, "Idempotent-Replay");
	request_free(req);
	replays_free(r);
}

static void
concerns_the_caller_and_the_request(void **state)
{
	struct replays *r = replays_new(SLOTS);
	struct request *req;
	enum status st = ST_OK;

	(void)state;
	played(r, 1, "k", 'a', true);
	played(r, 2, "k", 'a', true); /* another user's key */
	played(r, 1, "l", 'a', true); /* another key */
	played(r, 1, NULL, 'a', true);
	played(r, 1, NULL, 'a', true); /* no key: never kept */
	req = ask(1, "k", 'b');
	assert_false(replays_begin(r, req, &st));
	assert_int_equal(status_http(st), 409);
	request_free(req);
	replays_free(r);
}

static void
keeps_out_of_what_is_not_its(void **state)
{
	const struct route *routes[] = { &writer, &open };
	struct replays *r = replays_new(SLOTS);

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct request *req = ask(1, "k", 'a');

		req->route = routes[i % 2];
		assert_true(play(r, req, ST_OK, "x"));
		request_free(req);
	}
	replays_free(r);
}

static void
refuses_while_the_first_runs(void **state)
{
	struct replays *r = replays_new(SLOTS);
	struct request *first = ask(1, "k", 'a'), *again = ask(1, "k", 'a');
	enum status st = ST_OK;

	(void)state;
	assert_true(replays_begin(r, first, &st));
	assert_false(replays_begin(r, again, &st));
	assert_int_equal(status_http(st), 409);
	replays_end(r, again, st); /* must not end the first */
	reply_bytes(first, ST_OK, "text/plain", strdup("x"), 1);
	replays_end(r, first, ST_OK);
	played(r, 1, "k", 'a', false);
	request_free(first);
	request_free(again);
	replays_free(r);
}

static void
forgets_failures_and_large_answers(void **state)
{
	struct replays *r = replays_new(SLOTS);
	char *large = malloc(70 * 1024);
	struct request *req = ask(1, "f", 'a');

	(void)state;
	assert_true(play(r, req, ST_UNAVAILABLE, "later"));
	request_free(req);
	played(r, 1, "f", 'b', true); /* free again, for any request */
	memset(large, 'x', 70 * 1024);
	large[70 * 1024 - 1] = '\0';
	for (int i = 0; i < 2; i++) {
		req = ask(1, "large", 'a');
		assert_true(play(r, req, ST_OK, large));
		request_free(req);
	}
	free(large);
	replays_free(r);
}

static void
pushes_out_the_oldest(void **state)
{
	struct replays *r = replays_new(SLOTS);
	struct request *slow = ask(1, "slow", 'a'), *other;
	enum status st = ST_OK;
	char key[8];

	(void)state;
	assert_true(replays_begin(r, slow, &st));
	for (int i = 0; i < SLOTS; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		played(r, 1, key, 'a', true);
	}
	/* Its key is used anew for something else, which still runs. */
	other = ask(1, "slow", 'b');
	assert_true(replays_begin(r, other, &st));
	reply_bytes(slow, ST_OK, "text/plain", strdup("old"), 3);
	replays_end(r, slow, ST_OK);
	reply_bytes(other, ST_OK, "text/plain", strdup("new"), 3);
	replays_end(r, other, ST_OK);
	request_free(slow);
	request_free(other);
	other = ask(1, "slow", 'b');
	assert_false(replays_begin(r, other, &st));
	assert_memory_equal(other->reply->bytes, "new", 3);
	request_free(other);
	played(r, 1, "k0", 'a', true); /* gone */
	played(r, 1, "k3", 'a', false);
	replays_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_answer),
		cmocka_unit_test(concerns_the_caller_and_the_request),
		cmocka_unit_test(keeps_out_of_what_is_not_its),
		cmocka_unit_test(refuses_while_the_first_runs),
		cmocka_unit_test(forgets_failures_and_large_answers),
		cmocka_unit_test(pushes_out_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

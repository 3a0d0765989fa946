/* SPDX-License-Identifier: MIT */
/*
 * Connections under a storm: clients send requests in pieces and one behind
 * the other, fetch when they like, break off; answers are small or large,
 * given at once, later, or in the middle of another's turn, or before the
 * body has come.  Every client gets exactly its own answers, in order.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include <event2/event.h>
#include "shelterd/net/http_conn.h"

enum {
	CLIENTS = 40,
	REQUESTS = 30,
	ROUNDS = 60,
	LARGE = 90000,
	OWED = CLIENTS * 2
};

struct text {
	char *s;
	size_t len, at; /* at: used so far */
};

struct client {
	int fd; /* -1: broke off */
	struct text sends, wants, got;
};

struct storm {
	struct event_base *base;
	struct http_conns *conns;
	struct client clients[CLIENTS];
	struct {
		struct http_conn *conn;
		char id[64];
	} owed[OWED];
	size_t nowed;
};

static void
append(struct text *t, const char *s, size_t len)
{
	t->s = realloc(t->s, t->len + len + 1);
	assert_non_null(t->s);
	memcpy(t->s + t->len, s, len);
	t->len += len;
	t->s[t->len] = '\0';
}

/* What the answer to a request with this target says, malloc'd. */
static char *
body_of(const char *id, size_t *len)
{
	char *s;

	*len = strchr(id, 'L') != NULL ? LARGE : 50;
	s = malloc(*len);
	assert_non_null(s);
	memset(s, '.', *len);
	memcpy(s, id, strlen(id));
	return s;
}

static void
answer(struct http_conn *c, const char *id)
{
	size_t len;
	char *body = body_of(id, &len);

	http_conn_send(c, id, strlen(id), body, len);
}

static void
answer_one(struct storm *s)
{
	size_t i = (size_t)rand() % s->nowed;
	struct http_conn *c = s->owed[i].conn;
	char id[64];

	memcpy(id, s->owed[i].id, sizeof(id));
	s->owed[i] = s->owed[--s->nowed];
	answer(c, id);
}

static void
requested(void *arg, struct http_conn *c, const struct http_message *msg)
{
	struct storm *s = arg;

	if (strchr(msg->target, 'C') != NULL)
		http_conn_close(c);
	if (strchr(msg->target, 'A') == NULL) {
		answer(c, msg->target);
	} else {
		assert_true(s->nowed < OWED);
		s->owed[s->nowed].conn = c;
		snprintf(s->owed[s->nowed++].id, 64, "%s", msg->target);
	}
	if (s->nowed > 0 && rand() % 4 == 0)
		answer_one(s);
}

static int64_t
head_came(void *arg, struct http_conn *c, const struct http_message *msg)
{
	(void)arg;
	if (strchr(msg->target, 'R') == NULL)
		return 1 << 20;
	answer(c, msg->target);
	return -1;
}

static void
went_wrong(void *arg, struct http_conn *c, const struct http_wrong *wrong)
{
	(void)arg;
	(void)c;
	fail_msg("refused: %s", wrong->why);
}

/* Kinds: L large answer, A answered later, R refused before its body, C the
 * last one. */
static void
plan_requests(struct client *client, int n)
{
	char text[4000], id[64];
	int requests = 1 + rand() % (rand() % 2 ? 4 : REQUESTS);

	for (int i = 0; i < requests; i++) {
		int body = rand() % 3 == 0 ? rand() % 3000 : 0, len;
		size_t size;
		char *wanted;

		snprintf(id, sizeof(id), "/%d/%d%s%s%s%s", n, i,
		    rand() % 12 == 0 ? "L" : "", rand() % 2 ? "A" : "",
		    body > 0 && rand() % 4 == 0 ? "R" : "",
		    i == requests - 1 && rand() % 2 ? "C" : "");
		if (strchr(id, 'R') != NULL && strchr(id, 'A') != NULL)
			*strchr(id, 'A') = 'x';
		if (strchr(id, 'C') != NULL && strchr(id, 'R') != NULL)
			*strchr(id, 'C') = 'x';
		len = snprintf(text, sizeof(text),
		    "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n",
		    id, body);
		memset(text + len, 'b', (size_t)body);
		append(&client->sends, text, (size_t)(len + body));
		wanted = body_of(id, &size);
		append(&client->wants, id, strlen(id));
		append(&client->wants, wanted, size);
		free(wanted);
	}
}

static void
begin_client(struct storm *s, int n)
{
	struct sockaddr from = { .sa_family = AF_UNIX };
	int pair[2], small = 4096;

	memset(&s->clients[n], 0, sizeof(s->clients[n]));
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	s->clients[n].fd = pair[1];
	plan_requests(&s->clients[n], n);
	assert_true(http_conns_add(s->conns, pair[0], &from, CLIENTS));
}

static void
send_some(struct client *client)
{
	struct text *t = &client->sends;
	size_t n = (size_t)(1 + rand() % (rand() % 4 == 0 ? 5000 : 60));
	ssize_t sent;

	if (n > t->len - t->at)
		n = t->len - t->at;
	sent = n == 0 ? 0 : send(client->fd, t->s + t->at, n, MSG_NOSIGNAL);
	if (sent > 0)
		t->at += (size_t)sent;
	if (t->at == t->len && rand() % 3 == 0)
		shutdown(client->fd, SHUT_WR);
}

static void
fetch_some(struct client *client)
{
	char bytes[30000];
	ssize_t n = recv(client->fd, bytes, (size_t)(1 + rand() % 30000), 0);

	if (n > 0)
		append(&client->got, bytes, (size_t)n);
}

static void
step(struct storm *s, struct client *client)
{
	if (client->fd < 0)
		return;
	send_some(client);
	if (rand() % 3 == 0)
		fetch_some(client);
	if (rand() % 2000 == 0) {
		close(client->fd);
		client->fd = -1;
	}
	if (s->nowed > 0 && rand() % 8 == 0)
		answer_one(s);
}

static bool
all_done(const struct storm *s)
{
	for (int i = 0; i < CLIENTS; i++)
		if (s->clients[i].fd >= 0 &&
		    s->clients[i].got.len < s->clients[i].wants.len)
			return false;
	return s->nowed == 0;
}

static void
end_client(struct client *client)
{
	if (client->fd >= 0) {
		assert_int_equal(client->got.len, client->wants.len);
		assert_memory_equal(
		    client->got.s, client->wants.s, client->wants.len);
		close(client->fd);
	}
	free(client->sends.s);
	free(client->wants.s);
	free(client->got.s);
}

static void
everybody_gets_his_own(void **state)
{
	struct storm s = { .nowed = 0 };
	const struct http_conn_ops ops = { requested, head_came, went_wrong,
		&s };

	(void)state;
	signal(SIGPIPE, SIG_IGN); /* as the daemon does */
	s.base = event_base_new();
	s.conns = http_conns_new(s.base, &ops, 60);
	for (int round = 0; round < ROUNDS; round++) {
		srand((unsigned)round);
		for (int i = 0; i < CLIENTS; i++)
			begin_client(&s, i);
		for (int steps = 0; !all_done(&s); steps++) {
			assert_true(steps < 1000000);
			for (int i = 0; i < CLIENTS; i++)
				if (rand() % 2)
					step(&s, &s.clients[i]);
			event_base_loop(s.base, EVLOOP_NONBLOCK);
		}
		for (int i = 0; i < CLIENTS; i++)
			end_client(&s.clients[i]);
		for (int i = 0; i < 3; i++)
			event_base_loop(s.base, EVLOOP_NONBLOCK);
		assert_int_equal(http_conns_unsent(s.conns), 0);
	}
	http_conns_free(s.conns);
	event_base_free(s.base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_gets_his_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

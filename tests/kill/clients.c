/* SPDX-License-Identifier: MIT */
/*
 * The clients.  A writer makes a token and ends it, each under a key of its
 * own, and asks again after every broken connection until it is answered; its
 * list of answers is the truth the daemon is held to.  A stream resumes after
 * the last id it saw.
 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kill/kill.h"
#include "tests/wire.h"

int
world_port(struct world *w, int *generation)
{
	int port;

	pthread_mutex_lock(&w->lock);
	while (w->port == 0)
		pthread_cond_wait(&w->changed, &w->lock);
	port = w->port;
	if (generation != NULL)
		*generation = w->generation;
	pthread_mutex_unlock(&w->lock);
	return port;
}

static bool
ending(struct world *w)
{
	bool is;

	pthread_mutex_lock(&w->lock);
	is = w->ending;
	pthread_mutex_unlock(&w->lock);
	return is;
}

static void
count(struct world *w, int64_t *what)
{
	pthread_mutex_lock(&w->lock);
	++*what;
	pthread_mutex_unlock(&w->lock);
}

/* Waits until the daemon of that generation is gone. */
static void
await_next(struct world *w, int generation)
{
	count(w, &w->broken);
	pthread_mutex_lock(&w->lock);
	while (w->port != 0 && w->generation == generation)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

/* The same request under the same key until there is an answer. */
static struct wire_answer
insist(struct client *c, struct wire *wire, const char *method,
    const char *path, const char *key, const char *body)
{
	struct wire_answer a = { 0 };
	char extra[100];
	int generation;

	snprintf(extra, sizeof(extra), "Idempotency-Key: %s\r\n", key);
	for (;;) {
		int port = world_port(c->world, &generation);
		/* A kept connection may be to the daemon before this one. */
		bool kept = wire->fd > 0;

		if (kept || wire_open(wire, port))
			a = wire_call(
			    wire, method, path, c->world->token, extra, body);
		if (a.status != 0 && a.status != 503)
			break;
		wire_close(wire);
		if (kept)
			count(c->world, &c->world->broken);
		else
			await_next(c->world, generation);
	}
	if (a.replay)
		count(c->world, &c->world->replays);
	return a;
}

static int64_t
make_token(struct client *c, struct wire *wire, int64_t n)
{
	char path[64], key[48], body[80];
	struct wire_answer a;
	cJSON *json;
	int64_t id;

	snprintf(path, sizeof(path), "/v1/users/%" PRId64 "/tokens",
	    c->world->account);
	snprintf(key, sizeof(key), "c%d-%" PRId64, c->number, n);
	snprintf(body, sizeof(body), "{\"label\":\"%s\"}", key);
	a = insist(c, wire, "POST", path, key, body);
	json = cJSON_Parse(a.body);
	id = (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItem(json, "id"));
	cJSON_Delete(json);
	if (a.status != 201 || id <= 0)
		die("%s %s: %d %s", key, path, a.status, a.body);
	return id;
}

static void
end_token(struct client *c, struct wire *wire, int64_t n)
{
	char path[64], key[48];
	struct wire_answer a;

	snprintf(path, sizeof(path), "/v1/tokens/%" PRId64, c->ids[n]);
	snprintf(key, sizeof(key), "d%d-%" PRId64, c->number, n);
	a = insist(c, wire, "DELETE", path, key, NULL);
	if (a.status != 204)
		die("%s %s: %d %s", key, path, a.status, a.body);
}

static void
remember(struct client *c, int64_t id)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 1024;
		c->ids = realloc(c->ids, (size_t)c->cap * sizeof(int64_t));
		if (c->ids == NULL)
			die("out of memory");
	}
	c->ids[c->n++] = id;
}

void *
client_run(void *arg)
{
	struct client *c = arg;
	struct wire wire = { 0 };
	int seen = 0, generation;

	while (!ending(c->world)) {
		world_port(c->world, &generation);
		/* An answer of before the kill is still the answer. */
		if (generation != seen && c->n > 0 &&
		    make_token(c, &wire, c->n - 1) != c->ids[c->n - 1])
			die("c%d-%" PRId64 " was done twice", c->number,
			    c->n - 1);
		seen = generation;
		remember(c, make_token(c, &wire, c->n));
		end_token(c, &wire, c->n - 1);
	}
	wire_close(&wire);
	return NULL;
}

/* Streams. */

static void
stream_event(struct stream *s, int64_t id, const char *data)
{
	const char *hash = NULL;

	if (id != s->last + 1)
		die("a stream got event %" PRId64 " after %" PRId64, id,
		    s->last);
	for (const char *p = data; (p = strstr(p, "\"hash\":\"")) != NULL;)
		hash = p += 8;
	if (hash == NULL)
		die("event %" PRId64 " without a hash: %s", id, data);
	if (id >= s->cap) {
		s->cap = s->cap ? s->cap * 2 : 4096;
		s->hashes =
		    realloc(s->hashes, (size_t)s->cap * sizeof(uint64_t));
		if (s->hashes == NULL)
			die("out of memory");
	}
	if (sscanf(hash, "%16" SCNx64, &s->hashes[id]) != 1)
		die("event %" PRId64 " with a bad hash", id);
	s->last = id;
}

static bool
stream_ended(struct stream *s)
{
	struct world *w = s->world;
	bool is;

	pthread_mutex_lock(&w->lock);
	is = w->last >= 0 && s->last >= w->last;
	pthread_mutex_unlock(&w->lock);
	return is;
}

static void
stream_lines(struct stream *s, struct wire *wire)
{
	size_t used = wire_head(wire);
	int64_t id = 0;
	char *line;

	if (used == 0)
		return;
	while (!stream_ended(s) && (line = wire_line(wire, &used)) != NULL) {
		if (strncmp(line, "id: ", 4) == 0)
			id = strtoll(line + 4, NULL, 10);
		else if (strncmp(line, "data: ", 6) == 0 && id > 0)
			stream_event(s, id, line + 6);
		else if (line[0] == '\0')
			id = 0;
	}
}

void *
stream_run(void *arg)
{
	struct stream *s = arg;
	struct wire wire = { 0 };
	char *text = NULL;
	int generation;

	while (!stream_ended(s)) {
		int port = world_port(s->world, &generation);

		/* 1.0: the answer's bytes are the stream's. */
		if (asprintf(&text,
			"GET /v1/events HTTP/1.0\r\n"
			"Accept: text/event-stream\r\n"
			"Authorization: Bearer %s\r\n"
			"Last-Event-ID: %" PRId64 "\r\n\r\n",
			s->world->token, s->last) < 0)
			die("out of memory");
		s->connections++;
		if (wire_open(&wire, port) &&
		    wire_send(&wire, text, strlen(text)))
			stream_lines(s, &wire);
		free(text);
		wire_close(&wire);
		if (!stream_ended(s))
			await_next(s->world, generation);
	}
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * Durable check-ins: clients on kept connections count people at the doors of
 * a running drill, one request at a time each, with idempotency keys, one
 * arrival in a request or several; then a bare SQLite loop on the same file
 * system writes the same number of the same rows, with the bytes the daemon
 * wrote, in batches of the size the daemon's commits had.  The two take turns, since a disk's mood changes.  One thread
 * is all the clients, as with wrk: on a small machine theirs is time that the
 * daemon does not get.
 *
 * usage: tool_writes PORT|SOCKET TOKEN DRILL SHELTER ENTRANCE CLIENTS SECONDS FOLDER
 *	ARRIVALS
 * FOLDER holds the daemon's store.db, ARRIVALS stand in each request.
 * prints {"writes","per_second","batch","bare_per_second","client_us",
 * "bare_us"}; writes are arrivals, a batch is of requests, and the last two
 * are processor time an arrival: of the clients, and of the bare loop.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "shelterd/store/db.h"
#include "tests/wire.h"

enum { TURNS = 4, CLIENTS = 256, ARRIVALS = 16, DIGITS = 10 };

/* A request; only the digits of its operations change. */
struct text {
	char bytes[ARRIVALS * 100 + 800];
	size_t len, key, ops[ARRIVALS];
};

struct bench {
	int clients, arrivals;
	const char *at, *token, *drill, *shelter, *entrance, *folder;
	struct text text;
	long long next; /* operation */
	int64_t requests;
};

struct commits {
	double commits, tasks;
};

/* Of this program, user and system; seconds. */
static double
cpu(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
fail(const char *what)
{
	fprintf(stderr, "tool_writes: %s\n", what);
	exit(1);
}

/* Where the digits stand that begin there. */
static size_t
put_digits(char *to, size_t at)
{
	return at + (size_t)sprintf(to + at, "%0*d", DIGITS, 0) - DIGITS;
}

static void
make_text(struct bench *b)
{
	struct text *t = &b->text;
	char body[ARRIVALS * 100 + 100];
	size_t len = (size_t)sprintf(body, "{\"arrivals\":["), head;

	for (int i = 0; i < b->arrivals; i++) {
		len += (size_t)sprintf(body + len, "%s{\"op\":\"%d-",
		    i > 0 ? "," : "", b->clients);
		t->ops[i] = put_digits(body, len);
		len += DIGITS;
		len += (size_t)sprintf(body + len,
		    "\",\"shelter\":%s,\"entrance\":%s,\"people\":1}",
		    b->shelter, b->entrance);
	}
	len += (size_t)sprintf(body + len, "]}");
	head = (size_t)sprintf(t->bytes,
	    "POST /v1/drills/%s/arrivals HTTP/1.1\r\nHost: localhost\r\n"
	    "Authorization: Bearer %s\r\nIdempotency-Key: %s-%d-",
	    b->drill, b->token, b->drill, b->clients);
	t->key = put_digits(t->bytes, head);
	head += DIGITS;
	head += (size_t)sprintf(t->bytes + head,
	    "\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    len);
	memcpy(t->bytes + head, body, len);
	t->len = head + len;
	for (int i = 0; i < b->arrivals; i++)
		t->ops[i] += head;
}

static void
write_digits(char *to, long long v)
{
	for (int i = DIGITS; i-- > 0; v /= 10)
		to[i] = (char)('0' + v % 10);
}

static void
ask(struct bench *b, struct wire *w)
{
	struct text *t = &b->text;

	write_digits(t->bytes + t->key, b->next);
	for (int i = 0; i < b->arrivals; i++)
		write_digits(t->bytes + t->ops[i], b->next++);
	w->have = 0;
	if (!wire_send(w, t->bytes, t->len))
		fail("a connection broke");
}

/* Is the whole answer there?  It must be a 200. */
static bool
answered(struct wire *w)
{
	const char *end, *field;

	if (!wire_more(w))
		fail("a connection broke");
	end = strstr(w->buf, "\r\n\r\n");
	if (end == NULL)
		return false;
	if (atoi(w->buf + 9) != 200)
		fail("a write was refused");
	field = strcasestr(w->buf, "\r\nContent-Length:");
	return field != NULL && w->have >= (size_t)(end - w->buf) + 4 +
					       strtoul(field + 17, NULL, 10);
}

static double
metric(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	if (at == NULL)
		fail("a counter is missing in /metrics");
	return strtod(at + strlen(name), NULL);
}

static bool
open_wire(struct bench *b, struct wire *w)
{
	return b->at[0] == '/' ? wire_open_local(w, b->at)
			       : wire_open(w, atoi(b->at));
}

static struct commits
commits(struct bench *b)
{
	struct wire wire;
	struct wire_answer a = { 0 };
	struct commits c;

	if (open_wire(b, &wire))
		a = wire_call(&wire, "GET", "/metrics", b->token, "", NULL);
	if (a.status != 200)
		fail("no /metrics");
	c.commits = metric(a.body, "\nshelterd_commits_total ");
	c.tasks = metric(a.body, "\nshelterd_commit_tasks_total ");
	wire_close(&wire);
	return c;
}

/* The peer: no HTTP, no JSON, no checks; the same rows. */

struct sample { /* what one check-in of the daemon left */
	char event[4000], answer[4000], headers[400];
	size_t event_len, answer_len;
};

static void
take_sample(struct bench *b, struct sample *to)
{
	char path[256], err[200];
	struct db_stmt *s;
	struct db *db;

	snprintf(path, sizeof(path), "%s/store.db", b->folder);
	db = db_open(path, true, err, sizeof(err));
	if (db == NULL)
		fail(err);
	s = db_prepare(db, "SELECT body FROM event WHERE kind ="
			   " 'drill.arrival' ORDER BY id DESC LIMIT 1");
	if (db_step(s) != DB_ROW)
		fail("the daemon's event is not there");
	snprintf(to->event, sizeof(to->event), "%s", db_text(s, 0));
	db_done(s);
	s = db_prepare(db, "SELECT body, headers FROM idempotency"
			   " ORDER BY at DESC LIMIT 1");
	if (db_step(s) != DB_ROW)
		fail("the daemon's answer is not there");
	snprintf(to->answer, sizeof(to->answer), "%s", db_text(s, 0));
	snprintf(to->headers, sizeof(to->headers), "%s", db_text(s, 1));
	to->event_len = strlen(to->event);
	to->answer_len = strlen(to->answer);
	db_done(s);
	db_close(db);
}

/* Once a batch, as the daemon does. */
static int
bare_door(struct db *db, int64_t people)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO drill_door VALUES (1, 1, 1, 'shelter', 'door', 1, 0,"
	    " $1) ON CONFLICT (drill_id, shelter_id, entrance_id)"
	    " DO UPDATE SET arrived = drill_door.arrived + excluded.arrived");

	db_bind_int(s, 1, people);
	return db_run(s);
}

static int
bare_arrival(struct db *db, const char *op)
{
	struct db_stmt *s = db_prepare(
	    db, "INSERT INTO drill_arrival VALUES (1, $1, 1, 1, 1, 9, 99, 0)");

	db_lend_text(s, 1, op, strlen(op));
	return db_run(s);
}

/* Of the i-th request. */
static int
bare_rows(struct db *db, int64_t i, int64_t arrivals, const struct sample *from)
{
	unsigned char hash[32] = { 0 };
	struct db_stmt *s;
	char op[40];

	for (int64_t k = 0; k < arrivals; k++) {
		snprintf(op, sizeof(op), "64-%010lld",
		    (long long)(i * arrivals + k));
		if (bare_arrival(db, op) != DB_OK)
			return DB_ERROR;
	}
	memcpy(hash, &i, sizeof(i));
	s = db_prepare(db,
	    "INSERT INTO event VALUES ($1, 1, 1, 'admin', 'drill.arrival',"
	    " 'drill', 1, 31, 0, '', 0, $2, $3)");
	db_bind_int(s, 1, i + 1);
	db_lend_text(s, 2, from->event, from->event_len);
	db_lend_blob(s, 3, hash, 32);
	if (db_run(s) != DB_OK)
		return DB_ERROR;
	s = db_prepare(db, "INSERT INTO idempotency VALUES (1, $1, $2, 1, 'ok',"
			   " 'application/json', $3, $4)");
	db_lend_text(s, 1, op, strlen(op));
	db_lend_blob(s, 2, hash, 32);
	db_lend_blob(s, 3, from->answer, from->answer_len);
	db_bind_text(s, 4, from->headers);
	return db_run(s);
}

static const char bare_tables[] =
    "CREATE TABLE drill_arrival (drill_id INTEGER NOT NULL,"
    " op TEXT NOT NULL, shelter_id INTEGER NOT NULL,"
    " entrance_id INTEGER NOT NULL, people INTEGER NOT NULL,"
    " at_s INTEGER NOT NULL, shelter_people INTEGER NOT NULL,"
    " overfull INTEGER NOT NULL, PRIMARY KEY (drill_id, op)) STRICT;"
    "CREATE TABLE drill_door (drill_id INTEGER NOT NULL,"
    " shelter_id INTEGER NOT NULL, entrance_id INTEGER NOT NULL,"
    " shelter_name TEXT NOT NULL, entrance_name TEXT NOT NULL,"
    " clear_width REAL, expected INTEGER NOT NULL,"
    " arrived INTEGER NOT NULL,"
    " PRIMARY KEY (drill_id, shelter_id, entrance_id)) STRICT;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " user_id INTEGER NOT NULL, user_name TEXT NOT NULL,"
    " kind TEXT NOT NULL, noun TEXT NOT NULL, noun_id INTEGER NOT NULL,"
    " roles INTEGER NOT NULL, scope_user INTEGER NOT NULL,"
    " scope_org TEXT NOT NULL, hidden INTEGER NOT NULL, body TEXT NOT NULL,"
    " hash BLOB NOT NULL) STRICT;"
    "CREATE INDEX event_noun ON event (noun, noun_id, id);"
    "CREATE TABLE idempotency (account_id INTEGER NOT NULL,"
    " key TEXT NOT NULL, request BLOB NOT NULL, at INTEGER NOT NULL,"
    " status TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL,"
    " headers TEXT NOT NULL, PRIMARY KEY (account_id, key)) STRICT;"
    "CREATE INDEX idempotency_at ON idempotency (at);";

/* Seconds. `batch` is a mean: the commits' sizes alternate around it. */
static double
bare(struct bench *b, int turn, int64_t requests, double batch)
{
	char path[256], err[200];
	struct sample sample;
	double begun, due = 0;
	int64_t done = 0, before;
	struct db *db;

	snprintf(
	    path, sizeof(path), "%s/bare-%s-%d.db", b->folder, b->drill, turn);
	db = db_open(path, false, err, sizeof(err));
	if (db == NULL || db_script(db, bare_tables) != DB_OK)
		fail("no bare store");
	take_sample(b, &sample);
	begun = now();
	while (done < requests) {
		due += batch;
		if (db_begin(db) != DB_OK)
			fail(db_error(db));
		before = done;
		for (; done < requests && (double)done + 0.5 < due; done++)
			if (bare_rows(db, done, b->arrivals, &sample) != DB_OK)
				fail(db_error(db));
		if (bare_door(db, (done - before) * b->arrivals) != DB_OK ||
		    db_commit(db) != DB_OK)
			fail(db_error(db));
		db_idle(db);
	}
	begun = now() - begun;
	db_close(db);
	return begun;
}

/* Reads what came; who has an answer asks again while there is time.  Gives
 * the number of clients that still wait. */
static int
serve(struct bench *b, int ep, int waiting, bool more)
{
	struct epoll_event ready[CLIENTS];
	int n = epoll_wait(ep, ready, CLIENTS, -1);

	for (int i = 0; i < n; i++) {
		struct wire *w = ready[i].data.ptr;

		if (!answered(w))
			continue;
		b->requests++;
		if (more)
			ask(b, w);
		else
			waiting--;
	}
	return waiting;
}

/* Seconds. */
static double
play(struct bench *b, double seconds)
{
	struct wire wires[CLIENTS];
	int ep = epoll_create1(EPOLL_CLOEXEC), waiting = b->clients;
	double begun;

	for (int i = 0; i < b->clients; i++) {
		struct epoll_event e = { EPOLLIN, { .ptr = &wires[i] } };

		if (!open_wire(b, &wires[i]) ||
		    epoll_ctl(ep, EPOLL_CTL_ADD, wires[i].fd, &e) != 0)
			fail("no connection");
	}
	begun = now();
	for (int i = 0; i < b->clients; i++)
		ask(b, &wires[i]);
	while (waiting > 0)
		waiting = serve(b, ep, waiting, now() - begun < seconds);
	seconds = now() - begun;
	for (int i = 0; i < b->clients; i++)
		wire_close(&wires[i]);
	close(ep);
	return seconds;
}

struct sums {
	double seconds, bare_seconds, client_cpu, bare_cpu;
	struct commits commits;
};

static void
take_turn(struct bench *b, int turn, double seconds, struct sums *s)
{
	struct commits before = commits(b), after;
	int64_t requests = b->requests;
	double begun = cpu();

	s->seconds += play(b, seconds);
	s->client_cpu += cpu() - begun;
	after = commits(b);
	after.commits -= before.commits;
	after.tasks -= before.tasks;
	s->commits.commits += after.commits;
	s->commits.tasks += after.tasks;
	begun = cpu();
	s->bare_seconds +=
	    bare(b, turn, b->requests - requests, after.tasks / after.commits);
	s->bare_cpu += cpu() - begun;
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct sums s = { 0 };
	double writes;

	if (argc != 10 || atoi(argv[6]) < 1 || atoi(argv[6]) > CLIENTS ||
	    atoi(argv[9]) < 1 || atoi(argv[9]) > ARRIVALS)
		fail("usage: PORT|SOCKET TOKEN DRILL SHELTER ENTRANCE CLIENTS "
		     "SECONDS FOLDER ARRIVALS");
	b.at = argv[1];
	b.token = argv[2];
	b.drill = argv[3];
	b.shelter = argv[4];
	b.entrance = argv[5];
	b.clients = atoi(argv[6]);
	b.folder = argv[8];
	b.arrivals = atoi(argv[9]);
	make_text(&b);
	for (int i = 0; i < TURNS; i++)
		take_turn(&b, i, atof(argv[7]) / TURNS, &s);
	writes = (double)(b.requests * b.arrivals);
	printf("{\"writes\":%.0f,\"per_second\":%.1f,\"batch\":%.3f,"
	       "\"bare_per_second\":%.1f,\"client_us\":%.2f,"
	       "\"bare_us\":%.2f}\n",
	    writes, writes / s.seconds, s.commits.tasks / s.commits.commits,
	    writes / s.bare_seconds, s.client_cpu / writes * 1e6,
	    s.bare_cpu / writes * 1e6);
	return 0;
}

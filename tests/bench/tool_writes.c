/* SPDX-License-Identifier: MIT */
/*
 * Durable writes: clients on kept connections make tokens and end them, one
 * request at a time each; then a bare SQLite loop on the same file system
 * writes the same number of the same rows in batches of the size the daemon's
 * commits had.  The two take turns, since a disk's mood changes.
 *
 * usage: tool_writes PORT TOKEN ACCOUNT CLIENTS SECONDS FOLDER
 * prints {"writes","per_second","batch","bare_per_second"}
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shelterd/store/db.h"
#include "tests/wire.h"

struct bench {
	int port, clients;
	const char *token, *account, *folder;
	atomic_bool ends;
	atomic_llong writes, failures;
};

enum { TURNS = 4 };

struct commits {
	double commits, tasks;
};

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

static bool
one_pair(struct bench *b, struct wire *wire)
{
	struct wire_answer a;
	char path[80];
	char *id;

	snprintf(path, sizeof(path), "/v1/users/%s/tokens", b->account);
	a = wire_call(wire, "POST", path, b->token, "", "{\"label\":\"b\"}");
	id = a.status == 201 ? strstr(a.body, "\"id\":") : NULL;
	if (id == NULL)
		return false;
	atomic_fetch_add(&b->writes, 1);
	snprintf(path, sizeof(path), "/v1/tokens/%" PRId64,
	    (int64_t)strtoll(id + 5, NULL, 10));
	a = wire_call(wire, "DELETE", path, b->token, "", NULL);
	atomic_fetch_add(&b->writes, a.status == 204);
	return a.status == 204;
}

static void *
client(void *arg)
{
	struct bench *b = arg;
	struct wire wire;

	if (!wire_open(&wire, b->port))
		fail("no connection");
	while (!atomic_load(&b->ends))
		if (!one_pair(b, &wire)) {
			atomic_fetch_add(&b->failures, 1);
			break;
		}
	wire_close(&wire);
	return NULL;
}

static double
metric(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	if (at == NULL)
		fail("a counter is missing in /metrics");
	return strtod(at + strlen(name), NULL);
}

static struct commits
commits(struct bench *b)
{
	struct wire wire;
	struct wire_answer a = { 0 };
	struct commits c;

	if (wire_open(&wire, b->port))
		a = wire_call(&wire, "GET", "/metrics", b->token, "", NULL);
	if (a.status != 200)
		fail("no /metrics");
	c.commits = metric(a.body, "\nshelterd_commits_total ");
	c.tasks = metric(a.body, "\nshelterd_commit_tasks_total ");
	wire_close(&wire);
	return c;
}

/* The peer: no HTTP, no JSON, no checks; the same rows. */

static int
bare_row(struct db *db, int64_t i)
{
	static const char body[] =
	    "{\"id\":123456,\"user\":2,\"label\":\"b\",\"created_at\":"
	    "\"2026-11-22T10:00:00Z\",\"expires\":\"2026-12-22T10:00:00Z\","
	    "\"ended\":false}";
	unsigned char hash[32] = { 0 };
	struct db_stmt *s =
	    i % 2
		? db_prepare(db, "DELETE FROM token WHERE id = $1")
		: db_prepare(db,
		      "INSERT INTO token (id, account, hash, label, created_at,"
		      " expires_at) VALUES ($1, 2, $2, 'b', 1, 2)");

	memcpy(hash, &i, sizeof(i));
	db_bind_int(s, 1, i / 2 + 1);
	if (i % 2 == 0)
		db_bind_blob(s, 2, hash, 32);
	if (db_run(s) != DB_OK)
		return DB_ERROR;
	s = db_prepare(db,
	    "INSERT INTO event (id, at, user_id, user_name, kind, noun,"
	    " noun_id, roles, scope_user, scope_org, hidden, body, hash)"
	    " VALUES ($1, 1, 1, 'admin', 'token.changed', 'token', $2, 1, 0,"
	    " '', 0, $3, $4)");
	db_bind_int(s, 1, i + 1);
	db_bind_int(s, 2, i / 2 + 1);
	db_bind_text(s, 3, body);
	db_bind_blob(s, 4, hash, 32);
	return db_run(s);
}

static const char bare_tables[] =
    "CREATE TABLE token (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " account INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,"
    " label TEXT NOT NULL, created_at INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX token_account ON token (account);"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " user_id INTEGER NOT NULL, user_name TEXT NOT NULL,"
    " kind TEXT NOT NULL, noun TEXT NOT NULL, noun_id INTEGER NOT NULL,"
    " roles INTEGER NOT NULL, scope_user INTEGER NOT NULL,"
    " scope_org TEXT NOT NULL, hidden INTEGER NOT NULL, body TEXT NOT NULL,"
    " hash BLOB NOT NULL) STRICT;"
    "CREATE INDEX event_noun ON event (noun, noun_id, id);";

/* Seconds. `batch` is a mean: the commits' sizes alternate around it. */
static double
bare(struct bench *b, int turn, int64_t writes, double batch)
{
	char path[256], err[200];
	double begun, due = 0;
	int64_t done = 0;
	struct db *db;

	snprintf(path, sizeof(path), "%s/bare-%d-%d.db", b->folder, b->clients,
	    turn);
	db = db_open(path, false, err, sizeof(err));
	if (db == NULL || db_script(db, bare_tables) != DB_OK)
		fail("no bare store");
	begun = now();
	while (done < writes) {
		due += batch;
		if (db_begin(db) != DB_OK)
			fail(db_error(db));
		for (; done < writes && (double)done + 0.5 < due; done++)
			if (bare_row(db, done) != DB_OK)
				fail(db_error(db));
		if (db_commit(db) != DB_OK)
			fail(db_error(db));
		db_idle(db);
	}
	begun = now() - begun;
	db_close(db);
	return begun;
}

/* Seconds. */
static double
play(struct bench *b, double seconds)
{
	pthread_t threads[256];
	struct timespec ts = { (time_t)seconds,
		(long)((seconds - (double)(time_t)seconds) * 1e9) };
	double begun = now();

	atomic_store(&b->ends, false);
	for (int i = 0; i < b->clients; i++)
		pthread_create(&threads[i], NULL, client, b);
	nanosleep(&ts, NULL);
	atomic_store(&b->ends, true);
	for (int i = 0; i < b->clients; i++)
		pthread_join(threads[i], NULL);
	return now() - begun;
}

struct sums {
	double seconds, bare_seconds;
	struct commits commits;
};

static void
take_turn(struct bench *b, int turn, double seconds, struct sums *s)
{
	struct commits before = commits(b), after;
	int64_t writes = b->writes;

	s->seconds += play(b, seconds);
	after = commits(b);
	if (b->failures > 0 || b->writes == writes)
		fail("a write was refused");
	after.commits -= before.commits;
	after.tasks -= before.tasks;
	s->commits.commits += after.commits;
	s->commits.tasks += after.tasks;
	s->bare_seconds +=
	    bare(b, turn, b->writes - writes, after.tasks / after.commits);
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct sums s = { 0 };
	double writes;

	if (argc != 7 || atoi(argv[4]) < 1 || atoi(argv[4]) > 256)
		fail("usage: PORT TOKEN ACCOUNT CLIENTS SECONDS FOLDER");
	b.port = atoi(argv[1]);
	b.token = argv[2];
	b.account = argv[3];
	b.clients = atoi(argv[4]);
	b.folder = argv[6];
	for (int i = 0; i < TURNS; i++)
		take_turn(&b, i, atof(argv[5]) / TURNS, &s);
	writes = (double)b.writes;
	printf("{\"writes\":%.0f,\"per_second\":%.1f,\"batch\":%.3f,"
	       "\"bare_per_second\":%.1f}\n",
	    writes, writes / s.seconds, s.commits.tasks / s.commits.commits,
	    writes / s.bare_seconds);
	return 0;
}

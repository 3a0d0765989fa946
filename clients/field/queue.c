/* SPDX-License-Identifier: MIT */
/*
 * The inspector's file: opening it, its operations and counters.  What the
 * server said is kept by queue_copy.c; see queue.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include "clients/field/queue_db.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS fact (key TEXT PRIMARY KEY,"
    " value TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS op (seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    " op TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, task INTEGER NOT NULL,"
    " path TEXT NOT NULL, body TEXT, tries INTEGER NOT NULL DEFAULT 0,"
    " status INTEGER NOT NULL DEFAULT 0, reason TEXT) STRICT;"
    "CREATE TABLE IF NOT EXISTS sent (op TEXT PRIMARY KEY,"
    " kind TEXT NOT NULL, task INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY,"
    " due TEXT NOT NULL, json TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS item (pos INTEGER PRIMARY KEY,"
    " json TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS shelter (id INTEGER PRIMARY KEY,"
    " json TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS draft (task INTEGER PRIMARY KEY,"
    " json TEXT NOT NULL) STRICT;";

static bool
make_folders(const char *path)
{
	char part[4096];

	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		if ((size_t)(p - path) >= sizeof(part))
			return false;
		memcpy(part, path, (size_t)(p - path));
		part[p - path] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return false;
	}
	return true;
}

char *
queue_default_path(void)
{
	const char *base = getenv("XDG_DATA_HOME"), *below = "";
	char *path = NULL;

	if (!base || !*base) {
		base = getenv("HOME");
		below = "/.local/share";
	}
	if (!base || !*base)
		return NULL;
	if (asprintf(&path, "%s%s/shelter-field/field.db", base, below) < 0)
		return NULL;
	return path;
}

struct queue *
queue_open(const char *path, char err[QUEUE_ERROR])
{
	struct queue *q = calloc(1, sizeof(*q));

	if (!q || !make_folders(path)) {
		snprintf(err, QUEUE_ERROR, "%s: %s", path, strerror(errno));
		free(q);
		return NULL;
	}
	if (sqlite3_open_v2(path, &q->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(q->db, 5000) != SQLITE_OK ||
	    !queue_exec(q, "PRAGMA journal_mode = WAL") ||
	    !queue_exec(q, "PRAGMA synchronous = FULL") ||
	    !queue_exec(q, schema)) {
		snprintf(err, QUEUE_ERROR, "%s: %s", path,
		    q->db ? sqlite3_errmsg(q->db) : "out of memory");
		queue_close(q);
		return NULL;
	}
	return q;
}

void
queue_close(struct queue *q)
{
	if (!q)
		return;
	sqlite3_close(q->db);
	free(q);
}

const char *
queue_error(const struct queue *q)
{
	return sqlite3_errmsg(q->db);
}

bool
queue_exec(struct queue *q, const char *sql)
{
	return sqlite3_exec(q->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

sqlite3_stmt *
queue_prepare(struct queue *q, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(q->db, sql, -1, &s, NULL) != SQLITE_OK)
		return NULL;
	return s;
}

void
queue_bind(sqlite3_stmt *s, int n, const char *text)
{
	if (s)
		sqlite3_bind_text(s, n, text, -1, SQLITE_TRANSIENT);
}

bool
queue_finish(sqlite3_stmt *s)
{
	bool ok = s && sqlite3_step(s) == SQLITE_DONE;

	return sqlite3_finalize(s) == SQLITE_OK && ok;
}

/* All or nothing of what was said between begin and here. */
bool
queue_end(struct queue *q, bool ok)
{
	if (ok && queue_exec(q, "COMMIT"))
		return true;
	queue_exec(q, "ROLLBACK");
	return false;
}

void
queue_new_op(char op[QUEUE_OP])
{
	unsigned char r[16];
	size_t got = 0;

	while (got < sizeof(r)) {
		ssize_t n = getrandom(r + got, sizeof(r) - got, 0);
		if (n > 0)
			got += (size_t)n;
	}
	r[6] = (unsigned char)((r[6] & 0x0f) | 0x40);
	r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
	for (size_t i = 0, at = 0; i < sizeof(r); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			op[at++] = '-';
		snprintf(op + at, 3, "%02x", r[i]);
		at += 2;
	}
}

/* Operations. */

void
queue_op_release(struct queue_op *o)
{
	cJSON_Delete(o->body);
	free(o->reason);
	o->body = NULL;
	o->reason = NULL;
}

bool
queue_add(struct queue *q, const struct queue_op *o)
{
	sqlite3_stmt *s = NULL;
	char *body = o->body ? cJSON_PrintUnformatted(o->body) : NULL;
	bool ok = false;

	if ((o->body && !body) || !queue_exec(q, "BEGIN IMMEDIATE")) {
		cJSON_free(body);
		return false;
	}
	s = queue_prepare(q, "INSERT INTO op (op, kind, task, path, body)"
			     " VALUES (?1, ?2, ?3, ?4, ?5)");
	queue_bind(s, 1, o->op);
	queue_bind(s, 2, o->kind);
	sqlite3_bind_int64(s, 3, o->task);
	queue_bind(s, 4, o->path);
	queue_bind(s, 5, body);
	ok = queue_finish(s);
	if (ok && strcmp(o->kind, "inspection") == 0) {
		s = queue_prepare(q, "DELETE FROM draft WHERE task = ?1");
		sqlite3_bind_int64(s, 1, o->task);
		ok = queue_finish(s);
	}
	cJSON_free(body);
	return queue_end(q, ok);
}

static void
read_op(sqlite3_stmt *s, struct queue_op *o)
{
	const char *body = queue_text(s, 5), *reason = queue_text(s, 8);

	o->seq = sqlite3_column_int64(s, 0);
	snprintf(o->op, sizeof(o->op), "%s", queue_text(s, 1));
	snprintf(o->kind, sizeof(o->kind), "%s", queue_text(s, 2));
	o->task = sqlite3_column_int64(s, 3);
	snprintf(o->path, sizeof(o->path), "%s", queue_text(s, 4));
	o->body = *body ? cJSON_Parse(body) : NULL;
	o->tries = sqlite3_column_int64(s, 6);
	o->status = sqlite3_column_int64(s, 7);
	o->reason = *reason ? strdup(reason) : NULL;
}

static bool
next_of(struct queue *q, const char *sql, int64_t after, struct queue_op *o)
{
	sqlite3_stmt *s = queue_prepare(q, sql);
	bool found = false;

	memset(o, 0, sizeof(*o));
	if (!s)
		return false;
	sqlite3_bind_int64(s, 1, after);
	found = sqlite3_step(s) == SQLITE_ROW;
	if (found)
		read_op(s, o);
	sqlite3_finalize(s);
	return found;
}

bool
queue_next(struct queue *q, int64_t after, struct queue_op *o)
{
	return next_of(q,
	    "SELECT seq, op, kind, task, path, body, tries, status, reason"
	    " FROM op WHERE seq > ?1 AND reason IS NULL ORDER BY seq LIMIT 1",
	    after, o);
}

bool
queue_next_refused(struct queue *q, int64_t after, struct queue_op *o)
{
	return next_of(q,
	    "SELECT seq, op, kind, task, path, body, tries, status, reason"
	    " FROM op WHERE seq > ?1 AND reason IS NOT NULL"
	    " ORDER BY seq LIMIT 1",
	    after, o);
}

bool
queue_tried(struct queue *q, int64_t seq)
{
	sqlite3_stmt *s =
	    queue_prepare(q, "UPDATE op SET tries = tries + 1 WHERE seq = ?1");

	sqlite3_bind_int64(s, 1, seq);
	return queue_finish(s);
}

bool
queue_confirmed(struct queue *q, int64_t seq, const char *answer)
{
	sqlite3_stmt *s = NULL;
	bool ok = false;

	if (!queue_exec(q, "BEGIN IMMEDIATE"))
		return false;
	s = queue_prepare(q,
	    "INSERT OR IGNORE INTO sent (op, kind, task, answer)"
	    " SELECT op, kind, task, ?2 FROM op WHERE seq = ?1");
	sqlite3_bind_int64(s, 1, seq);
	queue_bind(s, 2, answer);
	ok = queue_finish(s);
	s = queue_prepare(q, "DELETE FROM op WHERE seq = ?1");
	sqlite3_bind_int64(s, 1, seq);
	ok = queue_finish(s) && ok;
	return queue_end(q, ok);
}

bool
queue_refused(struct queue *q, int64_t seq, int64_t status, const char *reason)
{
	sqlite3_stmt *s = queue_prepare(
	    q, "UPDATE op SET status = ?2, reason = ?3 WHERE seq = ?1");

	sqlite3_bind_int64(s, 1, seq);
	sqlite3_bind_int64(s, 2, status);
	queue_bind(s, 3, *reason ? reason : "refused");
	return queue_finish(s);
}

static bool
change_refused(struct queue *q, const char *sql, const char *op)
{
	sqlite3_stmt *s = queue_prepare(q, sql);

	queue_bind(s, 1, op);
	return queue_finish(s) && sqlite3_changes(q->db) == 1;
}

bool
queue_retry(struct queue *q, const char *op)
{
	return change_refused(q,
	    "UPDATE op SET reason = NULL, status = 0"
	    " WHERE op = ?1 AND reason IS NOT NULL",
	    op);
}

bool
queue_forget(struct queue *q, const char *op)
{
	return change_refused(
	    q, "DELETE FROM op WHERE op = ?1 AND reason IS NOT NULL", op);
}

bool
queue_count(struct queue *q, struct queue_counts *c)
{
	sqlite3_stmt *s = queue_prepare(q,
	    "SELECT (SELECT count(*) FROM op WHERE reason IS NULL),"
	    " (SELECT count(*) FROM op WHERE reason IS NOT NULL),"
	    " (SELECT count(*) FROM sent), (SELECT count(*) FROM task)");
	bool ok = s && sqlite3_step(s) == SQLITE_ROW;

	if (ok)
		*c = (struct queue_counts){
			.unsent = sqlite3_column_int64(s, 0),
			.refused = sqlite3_column_int64(s, 1),
			.sent = sqlite3_column_int64(s, 2),
			.tasks = sqlite3_column_int64(s, 3),
		};
	sqlite3_finalize(s);
	return ok;
}

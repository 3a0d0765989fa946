/* SPDX-License-Identifier: MIT */
/*
 * db.h over SQLite in WAL mode.  Every commit is synced (synchronous=FULL).
 * A checkpoint never runs inside a commit unless the journal has grown past
 * its bound: the writer calls db_idle() when nobody waits, and what a
 * checkpoint finds busy it leaves for the next one.
 *
 * SQLite may roll a whole transaction back by itself (disk full, I/O error);
 * db_save(), db_release() and db_commit() notice and fail, so that nothing is
 * written outside a transaction by mistake.
 *
 * It must not know what the tables mean.
 */
#include "shelterd/store/db_sqlite.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BUSY_MS = 5000,
	PARAMS_MAX = 128,
	DEPTH_MAX = 8,
	WAL_IDLE_PAGES = 1000,	/* 4 MiB: worth a checkpoint when idle */
	WAL_MUST_PAGES = 16384, /* 64 MiB: checkpoint even under load */
	WAL_LIMIT = 8 << 20,	/* bytes kept after a checkpoint */
	READER_CACHE = 2000,	/* KiB of pages */
	WRITER_CACHE = 4096,	/* the keys it writes are random */
	ERROR_MAX = 256
};

struct db_stmt {
	struct db *db;
	const char *sql; /* the literal; its address is the key */
	sqlite3_stmt *st;
	int bad;   /* sticky until the next reset: a failed prepare or bind */
	bool run;  /* since it was reset */
	bool open; /* inside a row loop */
	short index[PARAMS_MAX];
};

struct db {
	sqlite3 *h;
	bool readonly;
	int depth, wal_pages, nopen;
	struct db_stmt **cache; /* open addressing, a power of two */
	size_t ncache, cap;
	struct db_stmt none; /* handed out when memory is short */
	char error[ERROR_MAX];
};

int
db_sqlite_result(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
		return DB_OK;
	case SQLITE_ROW:
		return DB_ROW;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return DB_CONSTRAINT;
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DB_BUSY;
	default:
		return DB_ERROR;
	}
}

sqlite3 *
db_sqlite_handle(struct db *db)
{
	return db->h;
}

static int
fail(struct db *db, int rc)
{
	const char *what = db->h != NULL ? sqlite3_errmsg(db->h) : "";

	snprintf(
	    db->error, sizeof(db->error), "%s (%s)", what, sqlite3_errstr(rc));
	return db_sqlite_result(rc);
}

static int
fail_text(struct db *db, const char *what)
{
	snprintf(db->error, sizeof(db->error), "%s", what);
	return DB_ERROR;
}

const char *
db_error(const struct db *db)
{
	return db->error;
}

static void (*log_fn)(int code, const char *message);

static void
log_from_sqlite(void *arg, int code, const char *message)
{
	(void)arg;
	log_fn((code & 0xff) == SQLITE_NOTICE ? 0 : code, message);
}

void
db_log_to(void (*fn)(int code, const char *message))
{
	log_fn = fn;
	sqlite3_config(SQLITE_CONFIG_LOG, fn ? log_from_sqlite : NULL, NULL);
}

static int
on_wal(void *arg, sqlite3 *h, const char *name, int pages)
{
	struct db *db = arg;

	db->wal_pages = pages;
	if (pages >= WAL_MUST_PAGES)
		sqlite3_wal_checkpoint_v2(
		    h, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

void
db_idle(struct db *db)
{
	if (db->wal_pages < WAL_IDLE_PAGES)
		return;
	db->wal_pages = 0;
	sqlite3_wal_checkpoint_v2(
	    db->h, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static int
settle(struct db *db)
{
	char sql[320];

	sqlite3_extended_result_codes(db->h, 1);
	sqlite3_busy_timeout(db->h, BUSY_MS);
	snprintf(sql, sizeof(sql),
	    "%s PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
	    "PRAGMA trusted_schema=OFF; PRAGMA journal_size_limit=%d;"
	    "PRAGMA cache_size=-%d",
	    db->readonly ? "" : "PRAGMA journal_mode=WAL;", WAL_LIMIT,
	    db->readonly ? READER_CACHE : WRITER_CACHE);
	return sqlite3_exec(db->h, sql, NULL, NULL, NULL);
}

/* Its own count of memory costs a lock at every allocation; nobody asks. */
static void
count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

struct db *
db_open(const char *path, bool readonly, char *err, size_t errsize)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db *db = calloc(1, sizeof(*db));
	int flags = readonly ? SQLITE_OPEN_READONLY
			     : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	int rc = SQLITE_NOMEM;

	pthread_once(&once, count_no_memory);
	if (db == NULL)
		goto out;
	db->readonly = readonly;
	db->none.db = db;
	db->none.bad = SQLITE_NOMEM;
	rc = sqlite3_open_v2(path, &db->h, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = settle(db);
	if (rc == SQLITE_OK && !readonly)
		sqlite3_wal_hook(db->h, on_wal, db);
out:
	if (rc == SQLITE_OK)
		return db;
	snprintf(err, errsize, "store %s: %s", path,
	    db != NULL && db->h != NULL ? sqlite3_errmsg(db->h)
					: sqlite3_errstr(rc));
	db_close(db);
	return NULL;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->cap; i++)
		if (db->cache[i] != NULL) {
			sqlite3_finalize(db->cache[i]->st);
			free(db->cache[i]);
		}
	free(db->cache);
	sqlite3_close_v2(db->h);
	free(db);
}

/* Transactions. */

bool
db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->h);
}

int
db_begin(struct db *db)
{
	db->depth = 0;
	return db_run(db->readonly ? db_prepare(db, "BEGIN")
				   : db_prepare(db, "BEGIN IMMEDIATE"));
}

int
db_commit(struct db *db)
{
	int rc;

	if (!db_in_transaction(db))
		return fail_text(db, "the transaction was rolled back");
	rc = db_run(db_prepare(db, "COMMIT"));
	if (rc != DB_OK)
		db_rollback(db);
	db->depth = 0;
	return rc;
}

void
db_rollback(struct db *db)
{
	char kept[ERROR_MAX];

	memcpy(kept, db->error, sizeof(kept));
	db_reset(db);
	if (db_in_transaction(db))
		db_run(db_prepare(db, "ROLLBACK"));
	memcpy(db->error, kept, sizeof(kept));
	db->depth = 0;
}

/* Savepoints are named by their depth. */
static const char *const saves[DEPTH_MAX] = { "SAVEPOINT s0", "SAVEPOINT s1",
	"SAVEPOINT s2", "SAVEPOINT s3", "SAVEPOINT s4", "SAVEPOINT s5",
	"SAVEPOINT s6", "SAVEPOINT s7" };
static const char *const releases[DEPTH_MAX] = { "RELEASE s0", "RELEASE s1",
	"RELEASE s2", "RELEASE s3", "RELEASE s4", "RELEASE s5", "RELEASE s6",
	"RELEASE s7" };
static const char *const undos[DEPTH_MAX] = { "ROLLBACK TO s0",
	"ROLLBACK TO s1", "ROLLBACK TO s2", "ROLLBACK TO s3", "ROLLBACK TO s4",
	"ROLLBACK TO s5", "ROLLBACK TO s6", "ROLLBACK TO s7" };

int
db_save(struct db *db)
{
	int rc;

	if (!db_in_transaction(db))
		return fail_text(db, "no transaction to save in");
	if (db->depth >= DEPTH_MAX)
		return fail_text(db, "savepoints nested too deep");
	rc = db_run(db_prepare(db, saves[db->depth]));
	if (rc == DB_OK)
		db->depth++;
	return rc;
}

int
db_release(struct db *db)
{
	if (!db_in_transaction(db) || db->depth == 0)
		return fail_text(db, "the savepoint was rolled back");
	db->depth--;
	return db_run(db_prepare(db, releases[db->depth]));
}

void
db_undo(struct db *db)
{
	char kept[ERROR_MAX];

	if (db->depth == 0)
		return;
	db->depth--;
	if (!db_in_transaction(db))
		return;
	memcpy(kept, db->error, sizeof(kept));
	db_reset(db);
	db_run(db_prepare(db, undos[db->depth]));
	db_run(db_prepare(db, releases[db->depth]));
	memcpy(db->error, kept, sizeof(kept));
}

int
db_script(struct db *db, const char *sql)
{
	int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? DB_OK : fail(db, rc);
}

/* Statements. */

static size_t
slot(struct db_stmt *const *cache, size_t cap, const char *sql)
{
	size_t i = ((uintptr_t)sql * 0x9e3779b97f4a7c15u) >> 40;

	for (i &= cap - 1; cache[i] != NULL; i = (i + 1) & (cap - 1))
		if (cache[i]->sql == sql)
			break;
	return i;
}

static bool
grow(struct db *db)
{
	size_t cap = db->cap ? db->cap * 2 : 64;
	struct db_stmt **cache;

	if (db->ncache * 2 < db->cap)
		return true;
	cache = calloc(cap, sizeof(struct db_stmt *));
	if (cache == NULL)
		return false;
	for (size_t i = 0; i < db->cap; i++)
		if (db->cache[i] != NULL)
			cache[slot(cache, cap, db->cache[i]->sql)] =
			    db->cache[i];
	free(db->cache);
	db->cache = cache;
	db->cap = cap;
	return true;
}

static void
compile(struct db_stmt *s)
{
	int n;

	s->bad = sqlite3_prepare_v3(
	    s->db->h, s->sql, -1, SQLITE_PREPARE_PERSISTENT, &s->st, NULL);
	if (s->bad != SQLITE_OK) {
		fail(s->db, s->bad); /* while the driver still knows why */
		return;
	}
	n = sqlite3_bind_parameter_count(s->st);
	for (int i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(s->st, i);
		int number = name != NULL ? atoi(name + 1) : 0;

		if (number > 0 && number < PARAMS_MAX)
			s->index[number] = (short)i;
	}
}

/* Ends the statement's row loop, if it is in one. */
static void
restart(struct db_stmt *s)
{
	if (!s->run)
		return;
	sqlite3_reset(s->st);
	s->db->nopen -= s->open;
	s->run = s->open = false;
}

struct db_stmt *
db_prepare(struct db *db, const char *sql)
{
	struct db_stmt *s;
	size_t i;

	if (!grow(db))
		return &db->none;
	i = slot(db->cache, db->cap, sql);
	s = db->cache[i];
	if (s == NULL) {
		s = calloc(1, sizeof(*s));
		if (s == NULL)
			return &db->none;
		s->db = db;
		s->sql = sql;
		db->cache[i] = s;
		db->ncache++;
	}
	if (s->st == NULL) {
		compile(s);
	} else {
		restart(s);
		sqlite3_clear_bindings(s->st);
		s->bad = SQLITE_OK;
	}
	return s;
}

static int
index_of(struct db_stmt *s, int n)
{
	return n > 0 && n < PARAMS_MAX ? s->index[n] : 0;
}

static void
bound(struct db_stmt *s, int rc)
{
	if (s->bad == SQLITE_OK)
		s->bad = rc;
}

void
db_bind_int(struct db_stmt *s, int n, int64_t value)
{
	bound(s, sqlite3_bind_int64(s->st, index_of(s, n), value));
}

void
db_bind_num(struct db_stmt *s, int n, double value)
{
	bound(s, sqlite3_bind_double(s->st, index_of(s, n), value));
}

void
db_bind_text(struct db_stmt *s, int n, const char *text)
{
	bound(s, sqlite3_bind_text(
		     s->st, index_of(s, n), text, -1, SQLITE_TRANSIENT));
}

void
db_bind_blob(struct db_stmt *s, int n, const void *data, size_t len)
{
	/* A null pointer would bind NULL, an empty blob is meant. */
	bound(s, sqlite3_bind_blob64(s->st, index_of(s, n),
		     data != NULL ? data : "", len, SQLITE_TRANSIENT));
}

void
db_lend_text(struct db_stmt *s, int n, const char *text, size_t len)
{
	bound(s, sqlite3_bind_text64(s->st, index_of(s, n), text, len,
		     SQLITE_STATIC, SQLITE_UTF8));
}

void
db_lend_blob(struct db_stmt *s, int n, const void *data, size_t len)
{
	bound(s, sqlite3_bind_blob64(s->st, index_of(s, n),
		     data != NULL ? data : "", len, SQLITE_STATIC));
}

void
db_bind_null(struct db_stmt *s, int n)
{
	bound(s, sqlite3_bind_null(s->st, index_of(s, n)));
}

int
db_step(struct db_stmt *s)
{
	int rc;

	if (s->bad != SQLITE_OK) {
		if (s->st != NULL)
			fail_text(s->db, "a value that could not be bound");
		return DB_ERROR;
	}
	s->run = true;
	rc = sqlite3_step(s->st);
	if (rc == SQLITE_ROW) {
		s->db->nopen += !s->open;
		s->open = true;
		return DB_ROW;
	}
	rc = rc == SQLITE_DONE ? DB_OK : fail(s->db, rc);
	restart(s);
	return rc;
}

int
db_run(struct db_stmt *s)
{
	int rc;

	while ((rc = db_step(s)) == DB_ROW)
		continue;
	return rc;
}

void
db_done(struct db_stmt *s)
{
	restart(s);
}

void
db_reset(struct db *db)
{
	for (size_t i = 0; i < db->cap && db->nopen > 0; i++)
		if (db->cache[i] != NULL && db->cache[i]->open)
			restart(db->cache[i]);
}

/* Columns. */

int64_t
db_int(struct db_stmt *s, int col)
{
	return sqlite3_column_int64(s->st, col);
}

double
db_num(struct db_stmt *s, int col)
{
	return sqlite3_column_double(s->st, col);
}

const char *
db_text(struct db_stmt *s, int col)
{
	const unsigned char *text = sqlite3_column_text(s->st, col);

	return text != NULL ? (const char *)text : "";
}

const void *
db_blob(struct db_stmt *s, int col, size_t *len)
{
	const void *data = sqlite3_column_blob(s->st, col);

	*len = (size_t)sqlite3_column_bytes(s->st, col);
	return data != NULL ? data : "";
}

bool
db_null(struct db_stmt *s, int col)
{
	return sqlite3_column_type(s->st, col) == SQLITE_NULL;
}

int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->h);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->h);
}

int64_t
db_written(struct db *db)
{
	return sqlite3_total_changes64(db->h);
}

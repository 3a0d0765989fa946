/* SPDX-License-Identifier: MIT */
/*
 * Answers kept under their caller's key: see idempotency.h.  Knows nothing of
 * HTTP but the word of a status.
 */
#include "shelterd/store/idempotency.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/store/db.h"
#include "shelterd/store/rows.h"

static enum status
status_of(const char *word)
{
	for (int st = 0; st < ST_COUNT; st++)
		if (strcmp(status_word((enum status)st), word) == 0)
			return (enum status)st;
	return ST_OK;
}

static enum idempotency
read_answer(struct db_stmt *s, struct idempotency_answer *out)
{
	const void *body = db_blob(s, 3, &out->len);

	out->status = status_of(db_text(s, 1));
	out->type = strdup(db_text(s, 2));
	out->body = malloc(out->len + 1);
	out->headers = strdup(db_text(s, 4));
	if (out->type == NULL || out->body == NULL || out->headers == NULL) {
		idempotency_release(out);
		return IDEM_ERROR;
	}
	memcpy(out->body, body, out->len);
	out->body[out->len] = '\0';
	return IDEM_DONE;
}

static void
lend(struct db_stmt *s, int n, const char *text)
{
	db_lend_text(
	    s, n, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

enum idempotency
idempotency_find(struct db *db, int64_t account, const char *key,
    const unsigned char *request_hash, struct idempotency_answer *out)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT request, status, type, body, headers FROM idempotency"
	    " WHERE account_id = $1 AND key = $2");
	enum idempotency found = IDEM_OTHER;
	const void *hash;
	size_t len;
	int rc;

	memset(out, 0, sizeof(*out));
	db_bind_int(s, 1, account);
	lend(s, 2, key);
	rc = db_step(s);
	if (rc != DB_ROW)
		return rc < 0 ? IDEM_ERROR : IDEM_NEW;
	hash = db_blob(s, 0, &len);
	if (len == IDEMPOTENCY_HASH && memcmp(hash, request_hash, len) == 0)
		found = read_answer(s, out);
	db_done(s);
	return found;
}

#define INSERT                                                                 \
	"INSERT INTO idempotency (account_id, key, request, at, status, type," \
	" body, headers) VALUES"
#define UNLESS_KNOWN " ON CONFLICT (account_id, key) DO NOTHING"
enum { COLUMNS = 8 };

static char insert_rows[ROWS_SQL];

static void
make_insert_rows(void)
{
	rows_sql(insert_rows, INSERT, COLUMNS, UNLESS_KNOWN);
}

/* As the at-th row of the statement. */
static void
bind(struct db_stmt *s, int at, const struct idempotency_row *r)
{
	const struct idempotency_answer *a = &r->answer;
	int n = at * COLUMNS;

	db_bind_int(s, n + 1, r->account);
	lend(s, n + 2, r->key);
	db_lend_blob(s, n + 3, r->request_hash, IDEMPOTENCY_HASH);
	db_bind_int(s, n + 4, r->at);
	lend(s, n + 5, status_word(a->status));
	lend(s, n + 6, a->type);
	db_lend_blob(s, n + 7, a->body, a->len);
	lend(s, n + 8, a->headers);
}

/* So many rows, or DB_CONSTRAINT. */
static int
insert(struct db *db, struct db_stmt *s, int64_t rows)
{
	int rc = db_run(s);

	return rc == DB_OK && db_changes(db) != rows ? DB_CONSTRAINT : rc;
}

int
idempotency_keep_all(struct db *db, const struct idempotency_row *r, size_t n)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db_stmt *s;
	int rc = DB_OK;

	pthread_once(&once, make_insert_rows);
	for (; n >= ROWS && rc == DB_OK; n -= ROWS, r += ROWS) {
		s = db_prepare(db, insert_rows);
		for (int i = 0; i < ROWS; i++)
			bind(s, i, &r[i]);
		rc = insert(db, s, ROWS);
	}
	for (; n > 0 && rc == DB_OK; n--, r++) {
		s = db_prepare(db,
		    INSERT " ($1, $2, $3, $4, $5, $6, $7, $8)" UNLESS_KNOWN);
		bind(s, 0, r);
		rc = insert(db, s, 1);
	}
	return rc;
}

int
idempotency_keep(struct db *db, int64_t account, const char *key,
    const unsigned char *request_hash, int64_t now,
    const struct idempotency_answer *a)
{
	const struct idempotency_row row = { account, key, request_hash, now,
		*a };

	return idempotency_keep_all(db, &row, 1);
}

int
idempotency_sweep(struct db *db, int64_t now, int64_t days)
{
	struct db_stmt *s =
	    db_prepare(db, "DELETE FROM idempotency WHERE at < $1");

	db_bind_int(s, 1, now - (days > 0 ? days : IDEMPOTENCY_DAYS) * 86400);
	return db_run(s);
}

void
idempotency_release(struct idempotency_answer *a)
{
	free(a->type);
	free(a->body);
	free(a->headers);
	memset(a, 0, sizeof(*a));
}

/* SPDX-License-Identifier: MIT */
/*
 * Answers kept under their caller's key: see idempotency.h.  Knows nothing of
 * HTTP but the word of a status.
 */
#include "shelterd/store/idempotency.h"

#include <stdlib.h>
#include <string.h>

#include "shelterd/store/db.h"

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

int
idempotency_keep(struct db *db, int64_t account, const char *key,
    const unsigned char *request_hash, int64_t now,
    const struct idempotency_answer *a)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO idempotency (account_id, key, request, at, status,"
	    " type, body, headers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
	    " ON CONFLICT (account_id, key) DO NOTHING");
	int rc = DB_OK;

	db_bind_int(s, 1, account);
	lend(s, 2, key);
	db_lend_blob(s, 3, request_hash, IDEMPOTENCY_HASH);
	db_bind_int(s, 4, now);
	lend(s, 5, status_word(a->status));
	lend(s, 6, a->type);
	db_lend_blob(s, 7, a->body, a->len);
	lend(s, 8, a->headers);
	rc = db_run(s);
	return rc == DB_OK && db_changes(db) == 0 ? DB_CONSTRAINT : rc;
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

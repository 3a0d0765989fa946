/* SPDX-License-Identifier: MIT */
/*
 * Tokens: see token.h.  Knows nothing of their text.
 */
#include "shelterd/store/token.h"

#include <stdio.h>

#include "shelterd/store/db.h"

enum { HASH = 32 };

#define COLUMNS "id, account_id, created_at, expires_at, label"

static void
read_token(struct db_stmt *s, struct token *t)
{
	t->id = db_int(s, 0);
	t->account_id = db_int(s, 1);
	t->created_at = db_int(s, 2);
	t->expires_at = db_int(s, 3);
	snprintf(t->label, sizeof(t->label), "%s", db_text(s, 4));
}

static int
one(struct db_stmt *s, struct token *t)
{
	int rc = db_step(s);

	if (rc != DB_ROW)
		return rc;
	read_token(s, t);
	db_done(s);
	return 1;
}

int
token_add(struct db *db, struct token *t, const unsigned char *hash)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO token (account_id, hash, label, created_at,"
	    " expires_at) VALUES ($1, $2, $3, $4, $5)");
	int rc;

	db_bind_int(s, 1, t->account_id);
	db_bind_blob(s, 2, hash, HASH);
	db_bind_text(s, 3, t->label);
	db_bind_int(s, 4, t->created_at);
	db_bind_int(s, 5, t->expires_at);
	rc = db_run(s);
	t->id = db_last_id(db);
	return rc;
}

int
token_get(struct db *db, int64_t id, struct token *t)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT " COLUMNS " FROM token WHERE id = $1");

	db_bind_int(s, 1, id);
	return one(s, t);
}

int
token_find(struct db *db, const unsigned char *hash, struct token *t)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT " COLUMNS " FROM token WHERE hash = $1");

	db_bind_blob(s, 1, hash, HASH);
	return one(s, t);
}

int
token_delete(struct db *db, int64_t id)
{
	struct db_stmt *s = db_prepare(db, "DELETE FROM token WHERE id = $1");

	db_bind_int(s, 1, id);
	return db_run(s);
}

int
token_delete_of(struct db *db, int64_t account_id, const char *label)
{
	struct db_stmt *s =
	    db_prepare(db, "DELETE FROM token WHERE account_id = $1"
			   " AND label = coalesce($2, label)");

	db_bind_int(s, 1, account_id);
	db_bind_text(s, 2, label);
	return db_run(s);
}

int
token_sweep(struct db *db, int64_t now)
{
	struct db_stmt *s = db_prepare(
	    db, "DELETE FROM token WHERE expires_at > 0 AND expires_at < $1");

	db_bind_int(s, 1, now);
	return db_run(s);
}

int
token_list(struct db *db, int64_t account_id, int64_t after, int64_t limit,
    void (*fn)(void *, const struct token *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT " COLUMNS " FROM token"
	    " WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3");
	struct token t;
	int rc;

	db_bind_int(s, 1, account_id);
	db_bind_int(s, 2, after);
	db_bind_int(s, 3, limit);
	while ((rc = db_step(s)) == DB_ROW) {
		read_token(s, &t);
		fn(arg, &t);
	}
	return rc;
}

/* SPDX-License-Identifier: MIT */
/* Claims: rows in, rows out. */
#include "shelterd/store/claim.h"
#include "shelterd/store/db.h"

int
claim_each(struct db *db, const char *noun,
    int (*fn)(void *, const struct claim_row *), void *arg)
{
	int result = DB_OK;
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, noun_id, source, identity, content, latest FROM claim"
	    " WHERE noun = $1 ORDER BY id");
	db_bind_text(s, 1, noun);
	while ((result = db_step(s)) == DB_ROW) {
		size_t len = 0;
		struct claim_row r = {
			.id = db_int(s, 0),
			.noun_id = db_int(s, 1),
			.source = db_text(s, 2),
			.identity = db_text(s, 3),
			.content = db_blob(s, 4, &len),
			.latest = db_int(s, 5) != 0,
		};
		int stop = len == CONTENT_HASH ? fn(arg, &r) : DB_ERROR;
		if (stop < 0) {
			db_done(s);
			return stop;
		}
	}
	return result;
}

static int
insert(struct db *db, const char *noun, const struct claim_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO claim (noun, noun_id, source, identity, content)"
	    " VALUES ($1, $2, $3, $4, $5)");
	db_bind_text(s, 1, noun);
	db_bind_int(s, 2, r->noun_id);
	db_bind_text(s, 3, r->source);
	db_bind_text(s, 4, r->identity);
	db_bind_blob(s, 5, r->content, CONTENT_HASH);
	return db_run(s);
}

int
claim_put(struct db *db, const char *noun, const struct claim_row *r)
{
	if (r->id == 0)
		return insert(db, noun, r);
	struct db_stmt *s = db_prepare(db,
	    "UPDATE claim SET identity = $1, content = $2, latest = 1"
	    " WHERE id = $3");
	db_bind_text(s, 1, r->identity);
	db_bind_blob(s, 2, r->content, CONTENT_HASH);
	db_bind_int(s, 3, r->id);
	return db_run(s);
}

int
claim_supersede(struct db *db, const char *noun, int64_t noun_id)
{
	struct db_stmt *s = db_prepare(
	    db, "UPDATE claim SET latest = 0 WHERE noun = $1 AND noun_id = $2");
	db_bind_text(s, 1, noun);
	db_bind_int(s, 2, noun_id);
	return db_run(s);
}

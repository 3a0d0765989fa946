/* SPDX-License-Identifier: MIT */
/* Ways: rows in, rows out. */
#include "shelterd/store/way.h"
#include "shelterd/store/db.h"

int
way_each(struct db *db, int (*fn)(void *, const struct way_row *), void *arg)
{
	int result = DB_OK;
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, source, name, class, steps, content, lines,"
	    " hours FROM way"
	    " ORDER BY id");
	while ((result = db_step(s)) == DB_ROW) {
		size_t content_len = 0;
		struct way_row r = {
			.id = db_int(s, 0),
			.source = db_text(s, 1),
			.name = db_text(s, 2),
			.class = db_text(s, 3),
			.steps = db_int(s, 4) != 0,
			.content = db_blob(s, 5, &content_len),
		};
		if (content_len != CONTENT_HASH)
			r.content = NULL;
		r.lines = db_blob(s, 6, &r.lines_len);
		r.hours = db_text(s, 7);
		int stop = fn(arg, &r);
		if (stop < 0) {
			db_done(s);
			return stop;
		}
	}
	return result;
}

int
way_insert(struct db *db, struct way_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO way (source, name, class, steps, content, lines,"
	    " hours) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_bind_text(s, 1, r->source ? r->source : "");
	db_bind_text(s, 2, r->name ? r->name : "");
	db_bind_text(s, 3, r->class ? r->class : "");
	db_bind_int(s, 4, r->steps);
	db_bind_blob(s, 5, r->content, CONTENT_HASH);
	db_bind_blob(s, 6, r->lines, r->lines_len);
	db_bind_text(s, 7, r->hours ? r->hours : "");
	int result = db_run(s);
	r->id = db_last_id(db);
	return result;
}

int
way_delete(struct db *db, int64_t id)
{
	struct db_stmt *s = db_prepare(db, "DELETE FROM way WHERE id = $1");
	db_bind_int(s, 1, id);
	return db_run(s);
}

/* SPDX-License-Identifier: MIT */
/*
 * SQL of a drill's timetable.  An entry fires at most once: inject_fire()
 * takes only one that is still open.
 */
#include <stdio.h>
#include <stdlib.h>
#include "shelterd/room.h"
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/drill.h"

#define SELECT_INJECT                                                          \
	"SELECT id, kind, signal, text, planned_s, at_s, fired_s, late, who, " \
	"ref FROM drill_inject WHERE drill_id = $1"

static void
read_inject(struct db_stmt *s, struct inject_row *i)
{
	*i = (struct inject_row){
		.id = db_int(s, 0),
		.planned_s = db_int(s, 4),
		.at_s = db_int(s, 5),
		.fired_s = read_count(s, 6),
		.late = db_int(s, 7) != 0,
	};
	snprintf(i->kind, sizeof(i->kind), "%s", db_text(s, 1));
	snprintf(i->signal, sizeof(i->signal), "%s", db_text(s, 2));
	snprintf(i->text, sizeof(i->text), "%s", db_text(s, 3));
	snprintf(i->who, sizeof(i->who), "%s", db_text(s, 8));
	snprintf(i->ref, sizeof(i->ref), "%s", db_text(s, 9));
}

int
inject_add(struct db *db, int64_t drill, struct inject_row *i)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO drill_inject (drill_id, kind, signal, text, planned_s,"
	    " at_s, who, ref) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)");
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	db_bind_text(s, 2, i->kind);
	db_bind_text(s, 3, i->signal);
	db_bind_text(s, 4, i->text);
	db_bind_int(s, 5, i->at_s);
	db_bind_text(s, 6, i->who);
	db_bind_text(s, 7, i->ref);
	result = db_run(s);
	i->id = result == DB_OK ? db_last_id(db) : 0;
	i->planned_s = i->at_s;
	i->fired_s = -1;
	return result;
}

/* DB_ROW when the statement changed a row. */
static int
changed_one(struct db *db, struct db_stmt *s)
{
	int result = db_run(s);

	if (result == DB_OK && db_changes(db) == 1)
		return DB_ROW;
	return result;
}

int
inject_put(struct db *db, const struct inject_row *i)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE drill_inject SET kind = $2, signal = $3, text = $4,"
	    " planned_s = $5, at_s = $6, who = $7, ref = $8"
	    " WHERE id = $1 AND fired_s IS NULL");

	db_bind_int(s, 1, i->id);
	db_bind_text(s, 2, i->kind);
	db_bind_text(s, 3, i->signal);
	db_bind_text(s, 4, i->text);
	db_bind_int(s, 5, i->planned_s);
	db_bind_int(s, 6, i->at_s);
	db_bind_text(s, 7, i->who);
	db_bind_text(s, 8, i->ref);
	return changed_one(db, s);
}

int
inject_drop(struct db *db, int64_t id)
{
	struct db_stmt *s = db_prepare(
	    db, "DELETE FROM drill_inject WHERE id = $1 AND fired_s IS NULL");

	db_bind_int(s, 1, id);
	return changed_one(db, s);
}

int
injects_of(struct db *db, int64_t drill, struct inject_row **out, size_t *n)
{
	struct db_stmt *s = db_prepare(db, SELECT_INJECT " ORDER BY at_s, id");
	struct inject_row *rows = NULL, *more = NULL;
	size_t cap = 0;
	int result = DB_OK;

	*n = 0;
	db_bind_int(s, 1, drill);
	while ((result = db_step(s)) == DB_ROW) {
		more = room_for_one(rows, &cap, *n, sizeof(*rows));
		if (more == NULL) {
			db_done(s);
			free(rows);
			return DB_ERROR;
		}
		rows = more;
		read_inject(s, &rows[(*n)++]);
	}
	*out = rows;
	return result;
}

static int
one_number(struct db_stmt *s, int64_t drill, int64_t *out)
{
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	result = db_step(s);
	if (result == DB_ROW) {
		*out = db_int(s, 0);
		db_done(s);
	}
	return result;
}

int
inject_count(struct db *db, int64_t drill, int64_t *n)
{
	return one_number(db_prepare(db, "SELECT count(*) FROM drill_inject"
					 " WHERE drill_id = $1"),
	    drill, n);
}

int
inject_last(struct db *db, int64_t drill, int64_t *at_s)
{
	return one_number(
	    db_prepare(db, "SELECT coalesce(max(at_s), -1) FROM drill_inject"
			   " WHERE drill_id = $1 AND fired_s IS NULL"),
	    drill, at_s);
}

int
inject_next(
    struct db *db, int64_t drill, const char *signal, struct inject_row *i)
{
	struct db_stmt *s =
	    db_prepare(db, SELECT_INJECT " AND fired_s IS NULL AND ($2 = '' OR "
					 "(kind = 'signal' AND signal = $2))"
					 " ORDER BY at_s, id LIMIT 1");
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	db_bind_text(s, 2, signal);
	result = db_step(s);
	if (result == DB_ROW) {
		read_inject(s, i);
		db_done(s);
	}
	return result;
}

int
inject_fire(struct db *db, const struct inject_row *i)
{
	struct db_stmt *s =
	    db_prepare(db, "UPDATE drill_inject SET fired_s = $2, late = $3"
			   " WHERE id = $1 AND fired_s IS NULL");

	db_bind_int(s, 1, i->id);
	db_bind_int(s, 2, i->fired_s);
	db_bind_int(s, 3, i->late);
	return changed_one(db, s);
}

int
injects_postpone(struct db *db, int64_t drill, int64_t seconds)
{
	struct db_stmt *s =
	    db_prepare(db, "UPDATE drill_inject SET at_s = at_s + $2"
			   " WHERE drill_id = $1 AND fired_s IS NULL");

	db_bind_int(s, 1, drill);
	db_bind_int(s, 2, seconds);
	return db_run(s);
}

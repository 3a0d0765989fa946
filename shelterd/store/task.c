/* SPDX-License-Identifier: MIT */
/*
 * SQL of the table task.  State words are those of inspections/task.c.
 */
#include <stdio.h>
#include <string.h>
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/task.h"

#define SELECT_TASK                                                      \
	"SELECT id, version, shelter_id, unit_id, assignee, state, due," \
	" note, reason, created_by, created_at, origin, draw FROM task"

static const char *const origin_names[] = {
	[TASK_OF_OFFICE] = "office",
	[TASK_OF_SCHEDULE] = "schedule",
	[TASK_OF_DRAW] = "draw",
};

const char *
task_origin_name(enum task_origin o)
{
	return origin_names[o];
}

static enum task_origin
origin_parse(const char *word)
{
	if (strcmp(word, origin_names[TASK_OF_SCHEDULE]) == 0)
		return TASK_OF_SCHEDULE;
	return strcmp(word, origin_names[TASK_OF_DRAW]) == 0 ? TASK_OF_DRAW
							     : TASK_OF_OFFICE;
}

static void
read_row(struct db_stmt *s, struct task_row *t)
{
	*t = (struct task_row){
		.id = db_int(s, 0),
		.version = db_int(s, 1),
		.shelter_id = db_int(s, 2),
		.unit_id = db_int(s, 3),
		.assignee = db_int(s, 4),
		.state = task_state_parse(db_text(s, 5)),
		.due = db_int(s, 6),
		.created_by = db_int(s, 9),
		.created_at = db_int(s, 10),
		.origin = origin_parse(db_text(s, 11)),
		.draw = db_int(s, 12),
	};
	snprintf(t->note, sizeof(t->note), "%s", db_text(s, 7));
	snprintf(t->reason, sizeof(t->reason), "%s", db_text(s, 8));
}

static int
add(struct db *db, struct task_row *t, const char *items, bool told)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO task (kind, shelter_id, unit_id, assignee, state,"
	    " due, note, created_by, created_at, origin, items, draw, told)"
	    " VALUES ('inspection', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
	    " $11, $12)");
	int result = DB_OK;

	db_bind_int(s, 1, t->shelter_id);
	bind_id(s, 2, t->unit_id);
	bind_id(s, 3, t->assignee);
	db_bind_text(s, 4, task_state_name(t->state));
	db_bind_int(s, 5, t->due);
	db_bind_text(s, 6, t->note);
	db_bind_int(s, 7, t->created_by);
	db_bind_int(s, 8, t->created_at);
	db_bind_text(s, 9, task_origin_name(t->origin));
	db_bind_text(s, 10, items ? items : "[]");
	bind_id(s, 11, t->draw);
	db_bind_int(s, 12, told);
	result = db_run(s);
	t->id = result == DB_OK ? db_last_id(db) : 0;
	t->version = 1;
	return result;
}

int
task_add(struct db *db, struct task_row *t)
{
	return add(db, t, NULL, true);
}

int
task_add_untold(struct db *db, struct task_row *t, const char *items)
{
	return add(db, t, items, false);
}

static int
get_one(struct db_stmt *s, struct task_row *t)
{
	int result = db_step(s);

	if (result == DB_ROW) {
		read_row(s, t);
		db_done(s);
	}
	return result;
}

int
task_get(struct db *db, int64_t id, struct task_row *t)
{
	struct db_stmt *s = db_prepare(db, SELECT_TASK " WHERE id = $1");

	db_bind_int(s, 1, id);
	return get_one(s, t);
}

int
task_tell_next(struct db *db, struct task_row *t)
{
	struct db_stmt *s =
	    db_prepare(db, SELECT_TASK " WHERE told = 0 ORDER BY id LIMIT 1");
	int result = get_one(s, t);

	if (result != DB_ROW)
		return result;
	s = db_prepare(db, "UPDATE task SET told = 1 WHERE id = $1");
	db_bind_int(s, 1, t->id);
	result = db_run(s);
	return result < 0 ? result : DB_ROW;
}

char *
task_items(struct db *db, int64_t id)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT items FROM task WHERE id = $1");
	char *items = NULL;

	db_bind_int(s, 1, id);
	if (db_step(s) == DB_ROW) {
		items = strdup(db_text(s, 0));
		db_done(s);
	}
	return items;
}

/* One number of one row. */
static int
get_number(struct db_stmt *s, int64_t *n)
{
	int result = db_step(s);

	if (result == DB_ROW) {
		*n = db_int(s, 0);
		db_done(s);
	}
	return result;
}

int
task_scheduled_of(struct db *db, int64_t shelter_id, int64_t *id)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT id FROM task WHERE shelter_id = $1"
			   " AND origin = 'schedule' AND state <> 'done'");

	db_bind_int(s, 1, shelter_id);
	return get_number(s, id);
}

int64_t
task_system_maker(struct db *db)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT MIN(id) FROM account WHERE role = 1");
	int64_t id = 0;
	int result = get_number(s, &id);

	return result < 0 ? result : id;
}

int
task_put(struct db *db, struct task_row *t)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE task SET state = $2, assignee = $3, reason = $4,"
	    " version = version + 1 WHERE id = $1");

	db_bind_int(s, 1, t->id);
	db_bind_text(s, 2, task_state_name(t->state));
	bind_id(s, 3, t->assignee);
	db_bind_text(s, 4, t->reason);
	t->version++;
	return db_run(s);
}

int
task_each(struct db *db, const struct task_query *q,
    bool (*row)(void *, const struct task_row *), void *arg)
{
	struct db_stmt *s = db_prepare(db, SELECT_TASK
	    " WHERE id > $1"
	    " AND ($2 = '' OR state = $2) AND ($3 = 0 OR assignee = $3)"
	    " ORDER BY id");
	struct task_row t;
	int result = DB_OK;

	db_bind_int(s, 1, q->after);
	db_bind_text(
	    s, 2, q->state < TASK_STATES ? task_state_name(q->state) : "");
	db_bind_int(s, 3, q->assignee);
	while ((result = db_step(s)) == DB_ROW) {
		read_row(s, &t);
		if (!row(arg, &t)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * SQL of the table task.  State words are those of inspections/task.c.
 */
#include <stdio.h>
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/task.h"

#define SELECT_TASK                                                      \
	"SELECT id, version, shelter_id, unit_id, assignee, state, due," \
	" note, reason, created_by, created_at FROM task"

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
	};
	snprintf(t->note, sizeof(t->note), "%s", db_text(s, 7));
	snprintf(t->reason, sizeof(t->reason), "%s", db_text(s, 8));
}

int
task_add(struct db *db, struct task_row *t)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO task (kind, shelter_id, unit_id, assignee, state,"
	    " due, note, created_by, created_at)"
	    " VALUES ('inspection', $1, $2, $3, $4, $5, $6, $7, $8)");
	int result = DB_OK;

	db_bind_int(s, 1, t->shelter_id);
	bind_id(s, 2, t->unit_id);
	bind_id(s, 3, t->assignee);
	db_bind_text(s, 4, task_state_name(t->state));
	db_bind_int(s, 5, t->due);
	db_bind_text(s, 6, t->note);
	db_bind_int(s, 7, t->created_by);
	db_bind_int(s, 8, t->created_at);
	result = db_run(s);
	t->id = result == DB_OK ? db_last_id(db) : 0;
	t->version = 1;
	return result;
}

int
task_get(struct db *db, int64_t id, struct task_row *t)
{
	struct db_stmt *s = db_prepare(db, SELECT_TASK " WHERE id = $1");
	int result = DB_OK;

	db_bind_int(s, 1, id);
	result = db_step(s);
	if (result == DB_ROW) {
		read_row(s, t);
		db_done(s);
	}
	return result;
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

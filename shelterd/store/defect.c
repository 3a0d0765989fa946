/* SPDX-License-Identifier: MIT */
/*
 * SQL of the table defect.
 */
#include <stdio.h>
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/defect.h"

int
defect_add(struct db *db, struct defect_record *d)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO defect (shelter_id, unit_id, entrance_id, item,"
	    " effect, factor, severity, note, state, opened_by, opened_at,"
	    " notice_id)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11)");
	int result = DB_OK;

	db_bind_int(s, 1, d->shelter_id);
	bind_id(s, 2, d->unit_id);
	bind_id(s, 3, d->entrance_id);
	db_bind_text(s, 4, d->item);
	db_bind_text(s, 5, derating_effect_name(d->effect));
	db_bind_num(s, 6, d->factor);
	db_bind_text(s, 7, d->severity);
	db_bind_text(s, 8, d->note);
	db_bind_int(s, 9, d->opened_by);
	db_bind_int(s, 10, d->opened_at);
	bind_id(s, 11, d->notice_id);
	result = db_run(s);
	d->id = result == DB_OK ? db_last_id(db) : 0;
	return result;
}

int
defect_set_entrance(struct db *db, int64_t id, int64_t entrance_id)
{
	struct db_stmt *s =
	    db_prepare(db, "UPDATE defect SET entrance_id = $2 WHERE id = $1");

	db_bind_int(s, 1, id);
	bind_id(s, 2, entrance_id);
	return db_run(s);
}

int
defect_set_state(
    struct db *db, int64_t notice_id, const char *state, int64_t closed_at)
{
	struct db_stmt *s =
	    db_prepare(db, "UPDATE defect SET state = $2, closed_at = $3"
			   " WHERE notice_id = $1 AND state <> 'closed'");

	db_bind_int(s, 1, notice_id);
	db_bind_text(s, 2, state);
	bind_id(s, 3, closed_at);
	return db_run(s);
}

static void
read_row(struct db_stmt *s, struct defect_record *d)
{
	*d = (struct defect_record){
		.id = db_int(s, 0),
		.shelter_id = db_int(s, 1),
		.unit_id = db_int(s, 2),
		.entrance_id = db_int(s, 3),
		.effect = derating_effect_parse(db_text(s, 5)),
		.factor = db_num(s, 6),
		.opened_by = db_int(s, 10),
		.opened_at = db_int(s, 11),
		.notice_id = db_int(s, 12),
		.closed_at = db_int(s, 13),
	};
	snprintf(d->item, sizeof(d->item), "%s", db_text(s, 4));
	snprintf(d->severity, sizeof(d->severity), "%s", db_text(s, 7));
	snprintf(d->note, sizeof(d->note), "%s", db_text(s, 8));
	snprintf(d->state, sizeof(d->state), "%s", db_text(s, 9));
}

int
defect_each(struct db *db, const struct defect_query *q,
    bool (*row)(void *, const struct defect_record *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, shelter_id, unit_id, entrance_id, item, effect,"
	    " factor, severity, note, state, opened_by, opened_at, notice_id,"
	    " closed_at FROM defect WHERE id > $1"
	    " AND ($2 = 0 OR shelter_id = $2) AND ($3 = 0 OR notice_id = $3)"
	    " AND ($4 = '' OR state = $4"
	    "  OR ($4 = 'unclosed' AND state <> 'closed')) ORDER BY id");
	struct defect_record d;
	int result = DB_OK;

	db_bind_int(s, 1, q->after);
	db_bind_int(s, 2, q->shelter_id);
	db_bind_int(s, 3, q->notice_id);
	db_bind_text(s, 4, q->state ? q->state : "");
	while ((result = db_step(s)) == DB_ROW) {
		read_row(s, &d);
		if (!row(arg, &d)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * SQL of the table looked.
 */
#include <string.h>
#include "shelterd/store/db.h"
#include "shelterd/store/looked.h"

static const char absent[] = "na";

int
looked_note(struct db *db, int64_t shelter_id, const struct looked *l)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO looked (shelter_id, unit_id, item, work, at)"
	    " VALUES ($1, $2, $3, $4, $5)"
	    " ON CONFLICT (shelter_id, unit_id, item, work)"
	    " DO UPDATE SET at = excluded.at WHERE looked.at < excluded.at");

	db_bind_int(s, 1, shelter_id);
	db_bind_int(s, 2, l->unit_id);
	db_bind_text(s, 3, l->item);
	db_bind_text(s, 4, l->work < WORKS ? cycle_work_name(l->work) : absent);
	db_bind_int(s, 5, l->at);
	return db_run(s);
}

int
looked_each(struct db *db, int64_t shelter_id,
    void (*row)(void *, const struct looked *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT unit_id, item, work, at FROM looked WHERE shelter_id = $1");
	struct looked l;
	int result = DB_OK;

	db_bind_int(s, 1, shelter_id);
	while ((result = db_step(s)) == DB_ROW) {
		l = (struct looked){
			.unit_id = db_int(s, 0),
			.item = db_text(s, 1),
			.work = cycle_work_parse(db_text(s, 2)),
			.at = db_int(s, 3),
		};
		row(arg, &l);
	}
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * SQL of the tables inspection and finding.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/inspection.h"

int
inspection_of_op(struct db *db, const char *op, int64_t *inspector,
    char **content, char **answer)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT inspector, content, answer FROM inspection WHERE op = $1");
	int result = DB_OK;

	db_bind_text(s, 1, op);
	result = db_step(s);
	if (result != DB_ROW)
		return result;
	*inspector = db_int(s, 0);
	*content = strdup(db_text(s, 1));
	*answer = strdup(db_text(s, 2));
	db_done(s);
	return *content && *answer ? DB_ROW : DB_ERROR;
}

int
inspection_add(struct db *db, struct inspection_row *r, const char *content)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO inspection (op, content, task_id, shelter_id,"
	    " unit_id, inspector, at, received_at, work)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
	int result = DB_OK;

	db_bind_text(s, 1, r->op);
	db_bind_text(s, 2, content);
	bind_id(s, 3, r->task_id);
	db_bind_int(s, 4, r->shelter_id);
	bind_id(s, 5, r->unit_id);
	db_bind_int(s, 6, r->inspector);
	db_bind_int(s, 7, r->at);
	db_bind_int(s, 8, r->received_at);
	db_bind_text(s, 9, cycle_work_name(r->work));
	result = db_run(s);
	r->id = result == DB_OK ? db_last_id(db) : 0;
	return result;
}

int
inspection_set_answer(struct db *db, int64_t id, const char *answer)
{
	struct db_stmt *s =
	    db_prepare(db, "UPDATE inspection SET answer = $2 WHERE id = $1");

	db_bind_int(s, 1, id);
	db_bind_text(s, 2, answer);
	return db_run(s);
}

int
inspection_add_finding(
    struct db *db, int64_t id, int64_t seq, const struct inspection_finding *f)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO finding (inspection_id, seq, item, result, note,"
	    " entrance_id, factor, evidence, defect_id)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

	db_bind_int(s, 1, id);
	db_bind_int(s, 2, seq);
	db_bind_text(s, 3, f->item);
	db_bind_text(s, 4, finding_result_name(f->result));
	db_bind_text(s, 5, f->note);
	bind_id(s, 6, f->entrance_id);
	bind_measure(s, 7, f->factor);
	db_bind_text(s, 8, f->evidence);
	bind_id(s, 9, f->defect_id);
	return db_run(s);
}

static void
read_row(struct db_stmt *s, struct inspection_row *r)
{
	*r = (struct inspection_row){
		.id = db_int(s, 0),
		.task_id = db_int(s, 2),
		.shelter_id = db_int(s, 3),
		.unit_id = db_int(s, 4),
		.inspector = db_int(s, 5),
		.at = db_int(s, 6),
		.received_at = db_int(s, 7),
		.failed = db_int(s, 8),
		.work = cycle_work_parse(db_text(s, 9)),
	};
	snprintf(r->op, sizeof(r->op), "%s", db_text(s, 1));
}

int
inspection_each(struct db *db, const struct inspection_query *q,
    bool (*row)(void *, const struct inspection_row *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, op, task_id, shelter_id, unit_id, inspector, at,"
	    " received_at, (SELECT count(*) FROM finding WHERE"
	    "  inspection_id = inspection.id AND result = 'fail'), work"
	    " FROM inspection WHERE id > $1"
	    " AND ($2 = 0 OR shelter_id = $2) ORDER BY id");
	struct inspection_row r;
	int result = DB_OK;

	db_bind_int(s, 1, q->after);
	db_bind_int(s, 2, q->shelter_id);
	while ((result = db_step(s)) == DB_ROW) {
		read_row(s, &r);
		if (!row(arg, &r)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

int
inspection_each_finding(struct db *db, int64_t id,
    bool (*row)(void *, const struct inspection_finding *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT item, result, note, entrance_id, factor, evidence,"
	    " defect_id FROM finding WHERE inspection_id = $1 ORDER BY seq");
	struct inspection_finding f;
	int result = DB_OK;

	db_bind_int(s, 1, id);
	while ((result = db_step(s)) == DB_ROW) {
		f = (struct inspection_finding){
			.item = db_text(s, 0),
			.result = finding_result_parse(db_text(s, 1)),
			.note = db_text(s, 2),
			.entrance_id = db_int(s, 3),
			.factor = read_measure(s, 4),
			.evidence = db_text(s, 5),
			.defect_id = db_int(s, 6),
		};
		if (!row(arg, &f)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

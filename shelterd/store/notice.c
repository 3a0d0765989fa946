/* SPDX-License-Identifier: MIT */
/*
 * SQL of the tables notice and notice_step.  State words are those of
 * inspections/notice.c.
 */
#include <stdio.h>
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/notice.h"

int
notice_add(struct db *db, struct notice_row *n)
{
	struct db_stmt *s =
	    db_prepare(db, "INSERT INTO notice (shelter_id, state, created_at)"
			   " VALUES ($1, $2, $3)");
	int result = DB_OK;

	db_bind_int(s, 1, n->shelter_id);
	db_bind_text(s, 2, notice_state_name(n->state));
	db_bind_int(s, 3, n->created_at);
	result = db_run(s);
	n->id = result == DB_OK ? db_last_id(db) : 0;
	n->version = 1;
	return result;
}

#define SELECT_NOTICE                                                     \
	"SELECT id, version, number_year, number_seq, shelter_id, state," \
	" deadline, text, created_at, late_told FROM notice"

static void
read_row(struct db_stmt *s, struct notice_row *n)
{
	*n = (struct notice_row){
		.id = db_int(s, 0),
		.version = db_int(s, 1),
		.number_year = db_int(s, 2),
		.number_seq = db_int(s, 3),
		.shelter_id = db_int(s, 4),
		.state = notice_state_parse(db_text(s, 5)),
		.deadline = db_int(s, 6),
		.created_at = db_int(s, 8),
		.late_told = db_int(s, 9),
	};
	snprintf(n->text, sizeof(n->text), "%s", db_text(s, 7));
}

static int
read_one(struct db_stmt *s, struct notice_row *n)
{
	int result = db_step(s);

	if (result == DB_ROW) {
		read_row(s, n);
		db_done(s);
	}
	return result;
}

int
notice_get(struct db *db, int64_t id, struct notice_row *n)
{
	struct db_stmt *s = db_prepare(db, SELECT_NOTICE " WHERE id = $1");

	db_bind_int(s, 1, id);
	return read_one(s, n);
}

int
notice_draft_of(struct db *db, int64_t shelter_id, struct notice_row *n)
{
	struct db_stmt *s = db_prepare(
	    db, SELECT_NOTICE " WHERE shelter_id = $1 AND state = 'draft'");

	db_bind_int(s, 1, shelter_id);
	return read_one(s, n);
}

int
notice_overdue(struct db *db, int64_t now, struct notice_row *n)
{
	struct db_stmt *s = db_prepare(db, SELECT_NOTICE
	    " WHERE state = 'issued' AND deadline > 0 AND deadline < $1"
	    " AND late_told <> deadline ORDER BY deadline, id LIMIT 1");

	db_bind_int(s, 1, now);
	return read_one(s, n);
}

int
notice_put(struct db *db, struct notice_row *n)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE notice SET state = $2, number_year = $3, number_seq = $4,"
	    " deadline = $5, text = $6, late_told = $7, version = version + 1"
	    " WHERE id = $1");

	db_bind_int(s, 1, n->id);
	db_bind_text(s, 2, notice_state_name(n->state));
	bind_id(s, 3, n->number_year);
	bind_id(s, 4, n->number_seq);
	db_bind_int(s, 5, n->deadline);
	db_bind_text(s, 6, n->text);
	db_bind_int(s, 7, n->late_told);
	n->version++;
	return db_run(s);
}

/* One number of one row, `none` without a row. */
static int64_t
read_number(struct db_stmt *s, int64_t none)
{
	int result = db_step(s);
	int64_t n = none;

	if (result == DB_ROW) {
		n = db_int(s, 0);
		db_done(s);
	}
	return result < 0 ? result : n;
}

int64_t
notice_next_number(struct db *db, int64_t year)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT COALESCE(MAX(number_seq), 0) + 1 FROM notice"
			   " WHERE number_year = $1");

	db_bind_int(s, 1, year);
	return read_number(s, 1);
}

int
notice_each(struct db *db, const struct notice_query *q,
    bool (*row)(void *, const struct notice_row *), void *arg)
{
	struct db_stmt *s = db_prepare(db, SELECT_NOTICE
	    " WHERE id > $1"
	    " AND ($2 = 0 OR shelter_id = $2) AND ($3 = '' OR state = $3)"
	    " ORDER BY id");
	struct notice_row n;
	int result = DB_OK;

	db_bind_int(s, 1, q->after);
	db_bind_int(s, 2, q->shelter_id);
	db_bind_text(
	    s, 3, q->state < NOTICE_STATES ? notice_state_name(q->state) : "");
	while ((result = db_step(s)) == DB_ROW) {
		read_row(s, &n);
		if (!row(arg, &n)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

int
notice_add_step(struct db *db, int64_t id, const struct notice_step *step)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO notice_step (notice_id, seq, action, from_state,"
	    " to_state, account_id, at, text, evidence)"
	    " SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8"
	    " FROM notice_step WHERE notice_id = $1");

	db_bind_int(s, 1, id);
	db_bind_text(s, 2, step->action);
	db_bind_text(s, 3, step->from);
	db_bind_text(s, 4, step->to);
	bind_id(s, 5, step->user_id);
	db_bind_int(s, 6, step->at);
	db_bind_text(s, 7, step->text ? step->text : "");
	db_bind_text(s, 8, step->evidence ? step->evidence : "[]");
	return db_run(s);
}

int
notice_each_step(struct db *db, int64_t id,
    bool (*row)(void *, const struct notice_step *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT seq, action, from_state, to_state, account_id, at, text,"
	    " evidence FROM notice_step WHERE notice_id = $1 ORDER BY seq");
	struct notice_step step;
	int result = DB_OK;

	db_bind_int(s, 1, id);
	while ((result = db_step(s)) == DB_ROW) {
		step = (struct notice_step){
			.seq = db_int(s, 0),
			.action = db_text(s, 1),
			.from = db_text(s, 2),
			.to = db_text(s, 3),
			.user_id = db_int(s, 4),
			.at = db_int(s, 5),
			.text = db_text(s, 6),
			.evidence = db_text(s, 7),
		};
		if (!row(arg, &step)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

int
notice_finders(struct db *db, int64_t id, int64_t finders[NOTICE_FINDERS])
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT opened_by FROM defect WHERE notice_id = $1"
	    " UNION SELECT inspection.inspector FROM defect"
	    " JOIN finding ON finding.defect_id = defect.id"
	    " JOIN inspection ON inspection.id = finding.inspection_id"
	    " WHERE defect.notice_id = $1");
	int n = 0, result = DB_OK;

	db_bind_int(s, 1, id);
	while ((result = db_step(s)) == DB_ROW) {
		if (n == NOTICE_FINDERS) {
			db_done(s);
			return n;
		}
		finders[n++] = db_int(s, 0);
	}
	return result < 0 ? result : n;
}

int
notice_each_finding(struct db *db, int64_t id,
    void (*row)(void *, int64_t inspection, int64_t inspector), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT DISTINCT inspection.id, inspector FROM defect"
	    " JOIN finding ON finding.defect_id = defect.id"
	    " JOIN inspection ON inspection.id = finding.inspection_id"
	    " WHERE defect.notice_id = $1 ORDER BY inspection.id");
	int result = DB_OK;

	db_bind_int(s, 1, id);
	while ((result = db_step(s)) == DB_ROW)
		row(arg, db_int(s, 0), db_int(s, 1));
	return result;
}

int64_t
notice_answerer(struct db *db, int64_t id)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT account_id FROM notice_step WHERE notice_id = $1"
	    " AND action = 'reply' ORDER BY seq DESC LIMIT 1");

	db_bind_int(s, 1, id);
	return read_number(s, 0);
}

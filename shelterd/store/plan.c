/* SPDX-License-Identifier: MIT */
/* SQL of the plan aggregate; knows no more of planning than its columns. */
#include "shelterd/store/plan.h"

#include <stdlib.h>
#include <string.h>

#include "shelterd/store/db.h"

static const char *const states[] = { "draft", "approved", "superseded" };
static const char *const reasons[] = { "too_far", "full", "no_path" };

const char *
plan_state_name(enum plan_state s)
{
	return states[s];
}

const char *
left_reason_name(enum left_reason r)
{
	return reasons[r];
}

static int
word_index(const char *word, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return 0;
}

static int
insert_variant(struct db *db, int64_t plan, const char *told)
{
	struct db_stmt *s = db_prepare(
	    db, "INSERT INTO plan_variant (plan_id, told) VALUES ($1, $2)");

	db_bind_int(s, 1, plan);
	db_bind_text(s, 2, told);
	return db_run(s);
}

int
plan_insert(struct db *db, struct plan_row *p)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO plan (title, state, limit_kind, limit_value,"
	    " limit_metres, where_text, data_version, people, sheltered,"
	    " too_far, full, no_path, person_metres, bound, homes, shelters,"
	    " arcs, seconds, whole, created_by, created_at, profile,"
	    " minute) VALUES ($1,"
	    " 'draft', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
	    " $14, $15, $16, $17, $18, $19, $20, $21, $22)");
	const int64_t counts[] = { p->data_version, p->people, p->sheltered,
		p->left[LEFT_TOO_FAR], p->left[LEFT_FULL],
		p->left[LEFT_NO_PATH], p->person_metres, p->bound, p->homes,
		p->shelters, p->arcs };
	int rc;

	db_bind_text(s, 1, p->title);
	db_bind_text(s, 2, p->by_minutes ? "minutes" : "radius");
	db_bind_num(s, 3, p->limit);
	db_bind_num(s, 4, p->metres);
	db_bind_text(s, 5, p->where);
	for (int i = 0; i < 11; i++)
		db_bind_int(s, 6 + i, counts[i]);
	db_bind_num(s, 17, p->seconds);
	db_bind_text(s, 18, p->whole);
	db_bind_int(s, 19, p->created_by);
	db_bind_int(s, 20, p->created_at);
	db_bind_text(s, 21, p->without_steps ? "wheelchair" : "walk");
	if (p->minute >= 0)
		db_bind_int(s, 22, p->minute);
	else
		db_bind_null(s, 22);
	if ((rc = db_run(s)) == DB_OK)
		p->id = db_last_id(db);
	return rc < 0 || p->variant == NULL
		   ? rc
		   : insert_variant(db, p->id, p->variant);
}

int
plan_insert_assignment(
    struct db *db, int64_t plan, const struct assignment_row *a)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO assignment (plan_id, home_id, shelter_id,"
	    " entrance_id, people, metres) VALUES ($1, $2, $3, $4, $5, $6)");

	db_bind_int(s, 1, plan);
	db_bind_int(s, 2, a->home);
	db_bind_int(s, 3, a->shelter);
	db_bind_int(s, 4, a->entrance);
	db_bind_int(s, 5, a->people);
	db_bind_int(s, 6, a->metres);
	return db_run(s);
}

int
plan_insert_left(struct db *db, int64_t plan, const struct left_row *l)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO plan_left (plan_id, home_id, reason, people)"
	    " VALUES ($1, $2, $3, $4)");

	db_bind_int(s, 1, plan);
	db_bind_int(s, 2, l->home);
	db_bind_text(s, 3, reasons[l->reason]);
	db_bind_int(s, 4, l->people);
	return db_run(s);
}

int
plan_insert_problem(struct db *db, int64_t plan, const void *bytes, size_t len)
{
	struct db_stmt *s = db_prepare(
	    db, "INSERT INTO plan_problem (plan_id, packed) VALUES ($1, $2)");

	db_bind_int(s, 1, plan);
	db_bind_blob(s, 2, bytes, len);
	return db_run(s);
}

#define PLAN_COLUMNS                                                           \
	"SELECT id, version, title, state, limit_kind, limit_value,"           \
	" limit_metres, where_text, data_version, people, sheltered, too_far," \
	" full, no_path, person_metres, bound, homes, shelters, arcs,"         \
	" seconds, whole, created_by, created_at, approved_by, approved_at,"   \
	" profile, minute,"                                                    \
	" (SELECT told FROM plan_variant WHERE plan_id = plan.id)"             \
	" FROM plan"

struct db_stmt *
plan_find(struct db *db, int64_t id)
{
	struct db_stmt *s = db_prepare(db, PLAN_COLUMNS " WHERE id = $1");

	db_bind_int(s, 1, id);
	return s;
}

struct db_stmt *
plan_list(struct db *db, int64_t after, int64_t limit)
{
	struct db_stmt *s =
	    db_prepare(db, PLAN_COLUMNS " WHERE id > $1 ORDER BY id LIMIT $2");

	db_bind_int(s, 1, after);
	db_bind_int(s, 2, limit);
	return s;
}

int
plan_next(struct db_stmt *s, struct plan_row *p)
{
	int rc = db_step(s);

	if (rc != DB_ROW)
		return rc;
	*p = (struct plan_row){
		.id = db_int(s, 0),
		.version = db_int(s, 1),
		.title = db_text(s, 2),
		.state = (enum plan_state)word_index(db_text(s, 3), states, 3),
		.by_minutes = strcmp(db_text(s, 4), "minutes") == 0,
		.limit = db_num(s, 5),
		.metres = db_num(s, 6),
		.where = db_text(s, 7),
		.data_version = db_int(s, 8),
		.people = db_int(s, 9),
		.sheltered = db_int(s, 10),
		.left = { db_int(s, 11), db_int(s, 12), db_int(s, 13) },
		.person_metres = db_int(s, 14),
		.bound = db_int(s, 15),
		.homes = db_int(s, 16),
		.shelters = db_int(s, 17),
		.arcs = db_int(s, 18),
		.seconds = db_num(s, 19),
		.whole = db_null(s, 20) ? NULL : db_text(s, 20),
		.created_by = db_int(s, 21),
		.created_at = db_int(s, 22),
		.approved_by = db_int(s, 23),
		.approved_at = db_int(s, 24),
		.without_steps = strcmp(db_text(s, 25), "wheelchair") == 0,
		.minute = db_null(s, 26) ? -1 : db_int(s, 26),
		.variant = db_null(s, 27) ? NULL : db_text(s, 27),
	};
	return DB_ROW;
}

struct db_stmt *
assignment_list(struct db *db, int64_t plan, int64_t home, int64_t shelter,
    int64_t after, int64_t limit)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, home_id, shelter_id, entrance_id, people, metres"
	    " FROM assignment WHERE plan_id = $1 AND id > $2"
	    " AND ($3 = 0 OR home_id = $3) AND ($4 = 0 OR shelter_id = $4)"
	    " ORDER BY id LIMIT $5");

	db_bind_int(s, 1, plan);
	db_bind_int(s, 2, after);
	db_bind_int(s, 3, home);
	db_bind_int(s, 4, shelter);
	db_bind_int(s, 5, limit);
	return s;
}

int
assignment_next(struct db_stmt *s, struct assignment_row *a)
{
	int rc = db_step(s);

	if (rc != DB_ROW)
		return rc;
	*a = (struct assignment_row){ db_int(s, 0), db_int(s, 1), db_int(s, 2),
		db_int(s, 3), db_int(s, 4), db_int(s, 5) };
	return DB_ROW;
}

struct db_stmt *
left_list(struct db *db, int64_t plan)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT home_id, people, reason FROM plan_left WHERE plan_id = $1"
	    " ORDER BY home_id, reason");

	db_bind_int(s, 1, plan);
	return s;
}

int
left_next(struct db_stmt *s, struct left_row *l)
{
	int rc = db_step(s);

	if (rc != DB_ROW)
		return rc;
	*l = (struct left_row){ db_int(s, 0), db_int(s, 1),
		(enum left_reason)word_index(db_text(s, 2), reasons, 3) };
	return DB_ROW;
}

void *
plan_problem_read(struct db *db, int64_t plan, size_t *len)
{
	struct db_stmt *s = db_prepare(
	    db, "SELECT packed FROM plan_problem WHERE plan_id = $1");
	const void *bytes;
	void *copy = NULL;

	*len = 0;
	db_bind_int(s, 1, plan);
	if (db_step(s) != DB_ROW)
		return NULL;
	bytes = db_blob(s, 0, len);
	if ((copy = malloc(*len + 1)) != NULL && *len > 0)
		memcpy(copy, bytes, *len);
	db_done(s);
	return copy;
}

static int
approved_plan(struct db *db, int64_t *id)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT id FROM plan WHERE state = 'approved'"
			   " ORDER BY id DESC LIMIT 1");
	int rc = db_step(s);

	*id = 0;
	if (rc == DB_ROW) {
		*id = db_int(s, 0);
		db_done(s);
	}
	return rc < 0 ? rc : DB_OK;
}

int
plan_set_approved(
    struct db *db, int64_t plan, int64_t user, int64_t now, int64_t *superseded)
{
	struct db_stmt *s;
	int rc;

	if ((rc = approved_plan(db, superseded)) < 0)
		return rc;
	s = db_prepare(db,
	    "UPDATE plan SET state = 'superseded', version = version + 1"
	    " WHERE state = 'approved'");
	if ((rc = db_run(s)) < 0)
		return rc;
	s = db_prepare(db,
	    "UPDATE plan SET state = 'approved', version = version + 1,"
	    " approved_by = $2, approved_at = $3 WHERE id = $1");
	db_bind_int(s, 1, plan);
	db_bind_int(s, 2, user);
	db_bind_int(s, 3, now);
	return db_run(s);
}

int64_t
plan_that_counts(struct db *db, bool *approved)
{
	struct db_stmt *s;
	int64_t id;
	int rc = approved_plan(db, &id);

	*approved = id != 0;
	if (rc < 0 || id != 0)
		return rc < 0 ? rc : id;
	s = db_prepare(db, "SELECT id FROM plan ORDER BY id DESC LIMIT 1");
	if ((rc = db_step(s)) != DB_ROW)
		return rc;
	id = db_int(s, 0);
	db_done(s);
	return id;
}

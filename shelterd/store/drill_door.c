/* SPDX-License-Identifier: MIT */
/*
 * SQL of a drill's doors: whom the plan sends through them and who came.
 * The sum over drill_arrival equals the sum of drill_door.arrived.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/drill.h"
#include "shelterd/store/rows.h"

static int
copy_plan(struct db *db, int64_t drill, int64_t plan)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO drill_door (drill_id, shelter_id, entrance_id,"
	    " shelter_name, entrance_name, clear_width, expected)"
	    " SELECT $1, a.shelter_id, a.entrance_id,"
	    " substr(CASE coalesce(s.name, '') WHEN ''"
	    "   THEN coalesce(s.address, '') ELSE s.name END, 1, 100),"
	    " substr(coalesce(e.name, ''), 1, 100), e.clear_width, a.people"
	    " FROM (SELECT shelter_id, entrance_id, sum(people) AS people"
	    "   FROM assignment WHERE plan_id = $2"
	    "   GROUP BY shelter_id, entrance_id) a"
	    " LEFT JOIN shelter s ON s.id = a.shelter_id"
	    " LEFT JOIN entrance e ON e.id = a.entrance_id");

	db_bind_int(s, 1, drill);
	db_bind_int(s, 2, plan);
	return db_run(s);
}

int
drill_expect(struct db *db, struct drill_row *d)
{
	struct db_stmt *s = NULL;
	int result = copy_plan(db, d->id, d->plan_id);

	if (result != DB_OK)
		return result;
	s = db_prepare(db,
	    "UPDATE drill SET planned = (SELECT coalesce(sum(expected), 0)"
	    "   FROM drill_door WHERE drill_id = $1),"
	    " hidden = (SELECT coalesce(max(s.hidden), 0) FROM drill_door o"
	    "   JOIN shelter s ON s.id = o.shelter_id WHERE o.drill_id = $1)"
	    " WHERE id = $1 RETURNING planned, hidden");
	db_bind_int(s, 1, d->id);
	result = db_step(s);
	if (result == DB_ROW) {
		d->planned = db_int(s, 0);
		d->hidden = db_int(s, 1) != 0;
		result = db_step(s);
	}
	return result;
}

int
doors_each(struct db *db, int64_t drill,
    bool (*row)(void *, const struct door_row *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT d.shelter_id, d.entrance_id, d.clear_width, d.expected,"
	    " d.arrived, coalesce(s.hidden, 0), d.shelter_name,"
	    " d.entrance_name FROM drill_door d"
	    " LEFT JOIN shelter s ON s.id = d.shelter_id"
	    " WHERE d.drill_id = $1 ORDER BY d.shelter_id, d.entrance_id");
	struct door_row d;
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	while ((result = db_step(s)) == DB_ROW) {
		d = (struct door_row){ db_int(s, 0), db_int(s, 1),
			read_measure(s, 2), db_int(s, 3), db_int(s, 4),
			db_int(s, 5) != 0, "", "" };
		snprintf(d.shelter_name, sizeof(d.shelter_name), "%s",
		    db_text(s, 6));
		snprintf(d.entrance_name, sizeof(d.entrance_name), "%s",
		    db_text(s, 7));
		if (!row(arg, &d)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

int
door_find(struct db *db, struct door_row *d)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT substr(CASE s.name WHEN '' THEN s.address ELSE s.name END,"
	    " 1, 100), substr(coalesce(e.name, ''), 1, 100), e.clear_width,"
	    " s.hidden FROM shelter s"
	    " LEFT JOIN entrance e ON e.id = $2 AND e.shelter_id = s.id"
	    " WHERE s.id = $1 AND ($2 = 0 OR e.id IS NOT NULL)");
	int result = DB_OK;

	db_bind_int(s, 1, d->shelter);
	db_bind_int(s, 2, d->entrance);
	result = db_step(s);
	if (result != DB_ROW)
		return result;
	snprintf(d->shelter_name, sizeof(d->shelter_name), "%s", db_text(s, 0));
	snprintf(
	    d->entrance_name, sizeof(d->entrance_name), "%s", db_text(s, 1));
	d->clear_width = read_measure(s, 2);
	d->hidden = db_int(s, 3) != 0;
	db_done(s);
	return DB_ROW;
}

int
arrival_get(struct db *db, int64_t drill, const char *op, struct arrival_row *a)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT shelter_id, entrance_id, people, at_s, shelter_people,"
	    " overfull FROM drill_arrival WHERE drill_id = $1 AND op = $2");
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	db_bind_text(s, 2, op);
	result = db_step(s);
	if (result != DB_ROW)
		return result;
	*a = (struct arrival_row){ "", db_int(s, 0), db_int(s, 1), db_int(s, 2),
		db_int(s, 3), db_int(s, 4), db_int(s, 5) != 0 };
	snprintf(a->op, sizeof(a->op), "%s", op);
	db_done(s);
	return DB_ROW;
}

int
door_count(
    struct db *db, int64_t drill, const struct door_row *d, int64_t people)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO drill_door (drill_id, shelter_id, entrance_id,"
	    " shelter_name, entrance_name, clear_width, expected, arrived)"
	    " VALUES ($1, $2, $3, $4, $5, $6, 0, $7)"
	    " ON CONFLICT (drill_id, shelter_id, entrance_id)"
	    " DO UPDATE SET arrived = drill_door.arrived + excluded.arrived");

	db_bind_int(s, 1, drill);
	db_bind_int(s, 2, d->shelter);
	db_bind_int(s, 3, d->entrance);
	db_bind_text(s, 4, d->shelter_name);
	db_bind_text(s, 5, d->entrance_name);
	bind_measure(s, 6, d->clear_width);
	db_bind_int(s, 7, people);
	return db_run(s);
}

int
doors_arrived(struct db *db, int64_t drill, int64_t shelter, int64_t *people)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT coalesce(sum(arrived), 0) FROM drill_door"
			   " WHERE drill_id = $1 AND shelter_id = $2");
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	db_bind_int(s, 2, shelter);
	result = db_step(s);
	if (result == DB_ROW) {
		*people = db_int(s, 0);
		db_done(s);
	}
	return result;
}

#define INSERT                                                              \
	"INSERT INTO drill_arrival (drill_id, op, shelter_id, entrance_id," \
	" people, at_s, shelter_people, overfull) VALUES"
#define UNLESS_COUNTED " ON CONFLICT (drill_id, op) DO NOTHING"
enum { COLUMNS = 8 };

static char insert_rows[ROWS_SQL];

static void
make_insert_rows(void)
{
	rows_sql(insert_rows, INSERT, COLUMNS, UNLESS_COUNTED);
}

/* As the at-th row of the statement. */
static void
bind_arrival(
    struct db_stmt *s, int at, int64_t drill, const struct arrival_row *a)
{
	int n = at * COLUMNS;

	db_bind_int(s, n + 1, drill);
	db_lend_text(s, n + 2, a->op, strlen(a->op));
	db_bind_int(s, n + 3, a->shelter);
	db_bind_int(s, n + 4, a->entrance);
	db_bind_int(s, n + 5, a->people);
	db_bind_int(s, n + 6, a->at_s);
	db_bind_int(s, n + 7, a->shelter_people);
	db_bind_int(s, n + 8, a->overfull);
}

int
arrival_add(struct db *db, int64_t drill, const struct arrival_row *a)
{
	struct db_stmt *s = db_prepare(
	    db, INSERT " ($1, $2, $3, $4, $5, $6, $7, $8)" UNLESS_COUNTED);
	int result = DB_OK;

	bind_arrival(s, 0, drill, a);
	result = db_run(s);
	return result == DB_OK && db_changes(db) > 0 ? DB_ROW : result;
}

int
arrival_add_rows(struct db *db, int64_t drill,
    const struct arrival_row *const *a, int64_t *added)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct db_stmt *s;
	int result;

	pthread_once(&once, make_insert_rows);
	s = db_prepare(db, insert_rows);
	for (int i = 0; i < ROWS; i++)
		bind_arrival(s, i, drill, a[i]);
	result = db_run(s);
	*added = result == DB_OK ? db_changes(db) : 0;
	return result;
}

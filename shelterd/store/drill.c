/* SPDX-License-Identifier: MIT */
/*
 * SQL of drills and their clocks, and the drill's part of the event log.
 * State words are those of drills/state.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include "shelterd/room.h"
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/drill.h"

#define SELECT_DRILL                                                        \
	"SELECT id, version, clock, title, plan_id, state, speed, planned," \
	" hidden, created_by, created_at, started_at, ended_at FROM drill"

static void
read_drill(struct db_stmt *s, struct drill_row *d)
{
	*d = (struct drill_row){
		.id = db_int(s, 0),
		.version = db_int(s, 1),
		.clock = db_int(s, 2),
		.plan_id = db_int(s, 4),
		.state = drill_state_parse(db_text(s, 5)),
		.speed = db_int(s, 6),
		.planned = db_int(s, 7),
		.hidden = db_int(s, 8) != 0,
		.created_by = db_int(s, 9),
		.created_at = db_int(s, 10),
		.started_at = db_int(s, 11),
		.ended_at = db_int(s, 12),
	};
	snprintf(d->title, sizeof(d->title), "%s", db_text(s, 3));
}

int
drill_add(struct db *db, struct drill_row *d)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO drill (title, plan_id, state, speed, planned, hidden,"
	    " created_by, created_at) VALUES ($1, $2, $3, $4, 0, 0, $5, $6)");
	int result = DB_OK;

	db_bind_text(s, 1, d->title);
	db_bind_int(s, 2, d->plan_id);
	db_bind_text(s, 3, drill_state_name(d->state));
	db_bind_int(s, 4, d->speed);
	db_bind_int(s, 5, d->created_by);
	db_bind_int(s, 6, d->created_at);
	result = db_run(s);
	d->id = result == DB_OK ? db_last_id(db) : 0;
	d->version = d->clock = 1;
	return result;
}

int
drill_get(struct db *db, int64_t id, struct drill_row *d)
{
	struct db_stmt *s = db_prepare(db, SELECT_DRILL " WHERE id = $1");
	int result = DB_OK;

	db_bind_int(s, 1, id);
	result = db_step(s);
	if (result == DB_ROW) {
		read_drill(s, d);
		db_done(s);
	}
	return result;
}

int
drill_put(struct db *db, struct drill_row *d)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE drill SET state = $2, started_at = $3, ended_at = $4,"
	    " clock = $5,"
	    " version = version + 1 WHERE id = $1");
	int result = DB_OK;

	db_bind_int(s, 1, d->id);
	db_bind_text(s, 2, drill_state_name(d->state));
	bind_id(s, 3, d->started_at);
	bind_id(s, 4, d->ended_at);
	db_bind_int(s, 5, d->clock);
	result = db_run(s);
	d->version++;
	return result;
}

int
drill_each(struct db *db, int64_t after, enum drill_state state,
    bool (*row)(void *, const struct drill_row *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    SELECT_DRILL " WHERE id > $1 AND ($2 = '' OR state = $2)"
			 " ORDER BY id");
	struct drill_row d;
	int result = DB_OK;

	db_bind_int(s, 1, after);
	db_bind_text(
	    s, 2, state == DRILL_STATES ? "" : drill_state_name(state));
	while ((result = db_step(s)) == DB_ROW) {
		read_drill(s, &d);
		if (!row(arg, &d)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

int
drill_generation(struct db *db, int64_t *generation)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT coalesce(sum(clock), 0) FROM drill");
	int result = db_step(s);

	if (result == DB_ROW) {
		*generation = db_int(s, 0);
		db_done(s);
	}
	return result;
}

int
drill_plan_state(struct db *db, int64_t plan, bool *approved)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT state = 'approved' FROM plan WHERE id = $1");
	int result = DB_OK;

	db_bind_int(s, 1, plan);
	result = db_step(s);
	if (result == DB_ROW) {
		*approved = db_int(s, 0) != 0;
		db_done(s);
	}
	return result;
}

int
drill_mark_add(
    struct db *db, int64_t drill, size_t seq, const struct timeline_mark *m)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO drill_mark (drill_id, seq, wall_ms, drill_us, running)"
	    " VALUES ($1, $2, $3, $4, $5)");

	db_bind_int(s, 1, drill);
	db_bind_int(s, 2, (int64_t)seq);
	db_bind_int(s, 3, m->wall_ms);
	db_bind_int(s, 4, m->drill_us);
	db_bind_int(s, 5, m->running);
	return db_run(s);
}

int
drill_marks(struct db *db, int64_t drill, struct timeline_mark **out, size_t *n)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT wall_ms, drill_us, running FROM drill_mark"
			   " WHERE drill_id = $1 ORDER BY seq");
	struct timeline_mark *marks = NULL, *more = NULL;
	size_t cap = 0;
	int result = DB_OK;

	*n = 0;
	db_bind_int(s, 1, drill);
	while ((result = db_step(s)) == DB_ROW) {
		more = room_for_one(marks, &cap, *n, sizeof(*marks));
		if (more == NULL) {
			db_done(s);
			free(marks);
			return DB_ERROR;
		}
		marks = more;
		marks[(*n)++] = (struct timeline_mark){ db_int(s, 0),
			db_int(s, 1), (int)db_int(s, 2) };
	}
	*out = marks;
	return result;
}

int
drill_events(struct db *db, int64_t drill,
    bool (*row)(void *, const struct drill_event *), void *arg)
{
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, at, kind, body, hash FROM event"
	    " WHERE noun = 'drill' AND noun_id = $1 ORDER BY id");
	int result = DB_OK;

	db_bind_int(s, 1, drill);
	while ((result = db_step(s)) == DB_ROW) {
		size_t len = 0;
		struct drill_event e = {
			.id = db_int(s, 0),
			.at = db_int(s, 1),
			.kind = db_text(s, 2),
			.body = db_text(s, 3),
			.hash = db_blob(s, 4, &len),
		};

		if (!row(arg, &e)) {
			db_done(s);
			return DB_OK;
		}
	}
	return result;
}

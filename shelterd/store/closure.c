/* SPDX-License-Identifier: MIT */
/* SQL of the table closure. */
#include "shelterd/store/closure.h"
#include "shelterd/store/db.h"

int
closure_each(
    struct db *db, int (*fn)(void *, const struct closure_row *), void *arg)
{
	int result = DB_OK;
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, lon_a, lat_a, lon_b, lat_b, reason, closed_by,"
	    " closed_at FROM closure WHERE opened_at IS NULL ORDER BY id");
	while ((result = db_step(s)) == DB_ROW) {
		struct closure_row r = {
			.id = db_int(s, 0),
			.lonlat = { { db_num(s, 1), db_num(s, 2) },
			    { db_num(s, 3), db_num(s, 4) } },
			.reason = db_text(s, 5),
			.closed_by = db_int(s, 6),
			.closed_at = db_int(s, 7),
		};
		int stop = fn(arg, &r);
		if (stop < 0) {
			db_done(s);
			return stop;
		}
	}
	return result;
}

int
closure_insert(struct db *db, struct closure_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO closure (lon_a, lat_a, lon_b, lat_b, reason,"
	    " closed_by, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
	    " ON CONFLICT DO NOTHING RETURNING id");
	int result;

	r->id = 0;
	for (int end = 0; end < 2; end++) {
		db_bind_num(s, 1 + 2 * end, r->lonlat[end].x);
		db_bind_num(s, 2 + 2 * end, r->lonlat[end].y);
	}
	db_bind_text(s, 5, r->reason);
	db_bind_int(s, 6, r->closed_by);
	db_bind_int(s, 7, r->closed_at);
	result = db_step(s);
	if (result == DB_ROW) {
		r->id = db_int(s, 0);
		db_done(s);
		result = DB_OK;
	}
	return result;
}

int
closure_open(struct db *db, int64_t id, int64_t by, int64_t at)
{
	struct db_stmt *s =
	    db_prepare(db, "UPDATE closure SET opened_by = $2, opened_at = $3"
			   " WHERE id = $1 AND opened_at IS NULL RETURNING id");
	int result;

	db_bind_int(s, 1, id);
	db_bind_int(s, 2, by);
	db_bind_int(s, 3, at);
	result = db_step(s);
	if (result == DB_ROW)
		db_done(s);
	return result;
}

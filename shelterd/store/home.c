/* SPDX-License-Identifier: MIT */
/* Homes: rows in, rows out. */
#include "shelterd/store/home.h"
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"

static struct home_row
take(struct db_stmt *s)
{
	struct home_row r = {
		.id = db_int(s, 0),
		.version = db_int(s, 1),
		.register_id = db_text(s, 2),
		.name = db_text(s, 3),
		.people = db_int(s, 4),
		.households = read_count(s, 5),
		.lonlat = { db_num(s, 6), db_num(s, 7) },
	};
	r.shape = db_blob(s, 8, &r.shape_len);
	if (r.shape_len == 0)
		r.shape = NULL;
	return r;
}

static int
range(struct db *db, int64_t first, int64_t last,
    int (*fn)(void *, const struct home_row *), void *arg)
{
	int result = DB_OK;
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, version, register_id, name, people, households, lon,"
	    " lat, shape FROM home"
	    " WHERE id BETWEEN $1 AND $2 ORDER BY id");
	db_bind_int(s, 1, first);
	db_bind_int(s, 2, last);
	while ((result = db_step(s)) == DB_ROW) {
		struct home_row r = take(s);
		int stop = fn(arg, &r);
		if (stop < 0) {
			db_done(s);
			return stop;
		}
	}
	return result;
}

int
home_each(struct db *db, int (*fn)(void *, const struct home_row *), void *arg)
{
	return range(db, 0, INT64_MAX, fn, arg);
}

int
home_one(struct db *db, int64_t id, int (*fn)(void *, const struct home_row *),
    void *arg)
{
	return range(db, id, id, fn, arg);
}

static void
bind(struct db_stmt *s, const struct home_row *r)
{
	db_bind_text(s, 1, r->register_id ? r->register_id : "");
	db_bind_text(s, 2, r->name ? r->name : "");
	db_bind_int(s, 3, r->people);
	bind_count(s, 4, r->households);
	db_bind_num(s, 5, r->lonlat.x);
	db_bind_num(s, 6, r->lonlat.y);
	if (r->shape)
		db_bind_blob(s, 7, r->shape, r->shape_len);
	else
		db_bind_null(s, 7);
}

int
home_insert(struct db *db, struct home_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO home (register_id, name, people, households, lon,"
	    " lat, shape) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	bind(s, r);
	int result = db_run(s);
	r->id = db_last_id(db);
	r->version = 1;
	return result;
}

int
home_update(struct db *db, const struct home_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE home SET version = version + 1, register_id = $1,"
	    " name = $2, people = $3, households = $4, lon = $5, lat = $6,"
	    " shape = $7 WHERE id = $8");
	bind(s, r);
	db_bind_int(s, 8, r->id);
	return db_run(s);
}

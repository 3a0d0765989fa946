/* SPDX-License-Identifier: MIT */
/*
 * Reading: four statements in order of shelter id run side by side, each a
 * row ahead, so that 44,000 shelters are four scans and no lookups.
 */
#include "shelterd/store/shelter.h"
#include "shelterd/rules.h"
#include "shelterd/room.h"
#include "shelterd/store/bind.h"
#include "shelterd/store/db.h"
#include "shelterd/store/rowtext.h"
#include <stdlib.h>
#include <string.h>

/* One of the three part tables: rows of the shelter at hand are gathered into
 * `rows`; `ahead` tells that the statement stands on a row not yet used. */
struct part {
	struct db_stmt *stmt;
	bool ahead, ended;
	char *rows;
	size_t n, cap;
};

struct shelter_reader {
	struct db_stmt *shelters;
	struct part units, entrances, defects;
	struct rowtext text;
	struct shelter_full full;
	bool ended;
};

static void
bind_range(struct db_stmt *s, int64_t first, int64_t last)
{
	db_bind_int(s, 1, first);
	db_bind_int(s, 2, last);
}

static void
prepare(struct shelter_reader *r, struct db *db)
{
	r->shelters = db_prepare(db,
	    "SELECT id, version, register_id, name,"
	    " address, kind, precinct, org, floors, note, area, places, lon,"
	    " lat, hidden, closed FROM shelter"
	    " WHERE id BETWEEN $1 AND $2 ORDER BY id");
	r->units.stmt = db_prepare(db,
	    "SELECT shelter_id, id, name, sheltering_area, stated_places,"
	    " converted, closed FROM unit"
	    " WHERE shelter_id BETWEEN $1 AND $2 ORDER BY shelter_id, id");
	r->entrances.stmt = db_prepare(db,
	    "SELECT shelter_id, id, unit_id, name, lon, lat, clear_width,"
	    " usable FROM entrance"
	    " WHERE shelter_id BETWEEN $1 AND $2 ORDER BY shelter_id, id");
	r->defects.stmt = db_prepare(db,
	    "SELECT shelter_id, id, unit_id, entrance_id, effect, factor"
	    " FROM defect WHERE shelter_id BETWEEN $1 AND $2"
	    " AND state <> 'closed' ORDER BY shelter_id, id");
}

struct shelter_reader *
shelter_reader_new(struct db *db, int64_t first, int64_t last)
{
	struct shelter_reader *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	prepare(r, db);
	bind_range(r->shelters, first, last);
	bind_range(r->units.stmt, first, last);
	bind_range(r->entrances.stmt, first, last);
	bind_range(r->defects.stmt, first, last);
	return r;
}

void
shelter_reader_free(struct shelter_reader *r)
{
	if (!r)
		return;
	if (!r->ended)
		db_done(r->shelters);
	db_done(r->units.stmt);
	db_done(r->entrances.stmt);
	db_done(r->defects.stmt);
	free(r->units.rows);
	free(r->entrances.rows);
	free(r->defects.rows);
	rowtext_release(&r->text);
	free(r);
}

static void
take_unit(struct shelter_reader *r, struct db_stmt *s, void *row)
{
	*(struct unit_row *)row = (struct unit_row){
		.id = db_int(s, 1),
		.name = rowtext_add(&r->text, db_text(s, 2)),
		.sheltering_area = read_measure(s, 3),
		.stated_places = read_count(s, 4),
		.converted = (int)read_count(s, 5),
		.closed = db_int(s, 6) != 0,
	};
}

static void
take_entrance(struct shelter_reader *r, struct db_stmt *s, void *row)
{
	*(struct entrance_row *)row = (struct entrance_row){
		.id = db_int(s, 1),
		.unit_id = db_int(s, 2),
		.name = rowtext_add(&r->text, db_text(s, 3)),
		.lonlat = { db_num(s, 4), db_num(s, 5) },
		.clear_width = read_measure(s, 6),
		.usable = db_int(s, 7) != 0,
	};
}

static void
take_defect(struct shelter_reader *r, struct db_stmt *s, void *row)
{
	(void)r;
	*(struct defect_row *)row = (struct defect_row){
		.id = db_int(s, 1),
		.unit_id = db_int(s, 2),
		.entrance_id = db_int(s, 3),
		.effect = derating_effect_parse(db_text(s, 4)),
		.factor = db_num(s, 5),
	};
}

/* Gathers the part rows of one shelter; rows of a shelter that is not there
 * are passed over (foreign keys make that impossible). */
static int
gather(struct shelter_reader *r, struct part *p, int64_t shelter, size_t size,
    void (*take)(struct shelter_reader *, struct db_stmt *, void *))
{
	p->n = 0;
	while (!p->ended) {
		int step = p->ahead ? DB_ROW : db_step(p->stmt);
		p->ahead = step == DB_ROW;
		p->ended = step != DB_ROW;
		if (step < 0)
			return step;
		if (p->ended || db_int(p->stmt, 0) > shelter)
			break;
		p->ahead = false;
		if (db_int(p->stmt, 0) < shelter)
			continue;
		char *rows = room_for_one(p->rows, &p->cap, p->n, size);
		if (!rows)
			return DB_ERROR;
		p->rows = rows;
		take(r, p->stmt, p->rows + p->n++ * size);
	}
	return DB_OK;
}

static void
take_shelter(struct shelter_reader *r)
{
	struct db_stmt *s = r->shelters;
	r->full.row = (struct shelter_row){
		.id = db_int(s, 0),
		.version = db_int(s, 1),
		.register_id = rowtext_add(&r->text, db_text(s, 2)),
		.name = rowtext_add(&r->text, db_text(s, 3)),
		.address = rowtext_add(&r->text, db_text(s, 4)),
		.kind = rowtext_add(&r->text, db_text(s, 5)),
		.precinct = rowtext_add(&r->text, db_text(s, 6)),
		.org = rowtext_add(&r->text, db_text(s, 7)),
		.floors = rowtext_add(&r->text, db_text(s, 8)),
		.note = rowtext_add(&r->text, db_text(s, 9)),
		.area = read_measure(s, 10),
		.places = read_count(s, 11),
		.lonlat = { db_num(s, 12), db_num(s, 13) },
		.hidden = db_int(s, 14) != 0,
		.closed = db_int(s, 15) != 0,
	};
}

static int
take_parts(struct shelter_reader *r)
{
	struct shelter_full *f = &r->full;
	int64_t id = f->row.id;
	int result = gather(r, &r->units, id, sizeof(*f->units), take_unit);
	if (result == DB_OK)
		result = gather(
		    r, &r->entrances, id, sizeof(*f->entrances), take_entrance);
	if (result == DB_OK)
		result = gather(
		    r, &r->defects, id, sizeof(*f->defects), take_defect);
	f->units = (void *)r->units.rows;
	f->nunits = r->units.n;
	f->entrances = (void *)r->entrances.rows;
	f->nentrances = r->entrances.n;
	f->defects = (void *)r->defects.rows;
	f->ndefects = r->defects.n;
	return result;
}

int
shelter_reader_next(struct shelter_reader *r, const struct shelter_full **full)
{
	rowtext_clear(&r->text);
	int result = db_step(r->shelters);
	r->ended = result != DB_ROW;
	if (result != DB_ROW)
		return result;
	take_shelter(r);
	result = take_parts(r);
	if (result == DB_OK && rowtext_failed(&r->text))
		result = DB_ERROR;
	if (result < 0)
		return result;
	*full = &r->full;
	return DB_ROW;
}

static void
bind_shelter(struct db_stmt *s, const struct shelter_row *r)
{
	const char *text[] = { r->register_id, r->name, r->address, r->kind,
		r->precinct, r->org, r->floors, r->note };
	for (int i = 0; i < 8; i++)
		db_bind_text(s, i + 1, text[i] ? text[i] : "");
	bind_measure(s, 9, r->area);
	bind_count(s, 10, r->places);
	db_bind_num(s, 11, r->lonlat.x);
	db_bind_num(s, 12, r->lonlat.y);
	db_bind_int(s, 13, r->hidden);
	db_bind_int(s, 14, r->closed);
}

int
shelter_insert(struct db *db, struct shelter_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO shelter (register_id, name, address, kind, precinct,"
	    " org, floors, note, area, places, lon, lat, hidden, closed)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
	    " $14)");
	bind_shelter(s, r);
	int result = db_run(s);
	r->id = db_last_id(db);
	r->version = 1;
	return result;
}

int
shelter_update(struct db *db, const struct shelter_row *r)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE shelter SET version = version + 1, register_id = $1,"
	    " name = $2, address = $3, kind = $4, precinct = $5, org = $6,"
	    " floors = $7, note = $8, area = $9, places = $10, lon = $11,"
	    " lat = $12, hidden = $13, closed = $14 WHERE id = $15");
	bind_shelter(s, r);
	db_bind_int(s, 15, r->id);
	return db_run(s);
}

static void
bind_unit(struct db_stmt *s, const struct unit_row *u)
{
	db_bind_text(s, 1, u->name ? u->name : "");
	bind_measure(s, 2, u->sheltering_area);
	bind_count(s, 3, u->stated_places);
	bind_count(s, 4, u->converted);
	db_bind_int(s, 5, u->closed);
}

int
unit_insert(struct db *db, int64_t shelter_id, struct unit_row *u)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO unit (name, sheltering_area, stated_places, converted,"
	    " closed, shelter_id) VALUES ($1, $2, $3, $4, $5, $6)");
	bind_unit(s, u);
	db_bind_int(s, 6, shelter_id);
	int result = db_run(s);
	u->id = db_last_id(db);
	return result;
}

int
unit_update(struct db *db, const struct unit_row *u)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE unit SET name = $1, sheltering_area = $2,"
	    " stated_places = $3, converted = $4, closed = $5 WHERE id = $6");
	bind_unit(s, u);
	db_bind_int(s, 6, u->id);
	return db_run(s);
}

static void
bind_entrance(struct db_stmt *s, const struct entrance_row *e)
{
	db_bind_text(s, 1, e->name ? e->name : "");
	db_bind_num(s, 2, e->lonlat.x);
	db_bind_num(s, 3, e->lonlat.y);
	bind_measure(s, 4, e->clear_width);
	db_bind_int(s, 5, e->usable);
	bind_id(s, 6, e->unit_id);
}

int
entrance_insert(struct db *db, int64_t shelter_id, struct entrance_row *e)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO entrance (name, lon, lat, clear_width, usable,"
	    " unit_id, shelter_id) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	bind_entrance(s, e);
	db_bind_int(s, 7, shelter_id);
	int result = db_run(s);
	e->id = db_last_id(db);
	return result;
}

int
entrance_update(struct db *db, const struct entrance_row *e)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE entrance SET name = $1, lon = $2, lat = $3,"
	    " clear_width = $4, usable = $5, unit_id = $6 WHERE id = $7");
	bind_entrance(s, e);
	db_bind_int(s, 7, e->id);
	return db_run(s);
}

static int
follow_unit(struct db *db, const struct shelter_full *old,
    const struct shelter_row *now, const char *name)
{
	if (old->nunits != 1)
		return DB_OK;
	struct unit_row unit = old->units[0];
	if (unit.stated_places != old->row.places ||
	    unit.sheltering_area != old->row.area)
		return DB_OK;
	if (name)
		unit.name = name;
	unit.stated_places = now->places;
	unit.sheltering_area = now->area;
	return unit_update(db, &unit);
}

static int
follow_entrance(struct db *db, const struct shelter_full *old,
    const struct shelter_row *now)
{
	if (old->nentrances != 1)
		return DB_OK;
	struct entrance_row door = old->entrances[0];
	if (door.lonlat.x != old->row.lonlat.x ||
	    door.lonlat.y != old->row.lonlat.y)
		return DB_OK;
	door.lonlat = now->lonlat;
	return entrance_update(db, &door);
}

int
shelter_follow(struct db *db, const struct shelter_full *old,
    const struct shelter_row *now, const char *unit_name)
{
	int result = follow_unit(db, old, now, unit_name);
	return result < 0 ? result : follow_entrance(db, old, now);
}

int
unit_delete(struct db *db, int64_t id)
{
	struct db_stmt *s = db_prepare(db, "DELETE FROM unit WHERE id = $1");
	db_bind_int(s, 1, id);
	return db_run(s);
}

int
entrance_delete(struct db *db, int64_t id)
{
	struct db_stmt *s =
	    db_prepare(db, "DELETE FROM entrance WHERE id = $1");
	db_bind_int(s, 1, id);
	return db_run(s);
}

int
entrance_release_unit(struct db *db, int64_t unit_id)
{
	struct db_stmt *s = db_prepare(
	    db, "UPDATE entrance SET unit_id = NULL WHERE unit_id = $1");
	db_bind_int(s, 1, unit_id);
	return db_run(s);
}

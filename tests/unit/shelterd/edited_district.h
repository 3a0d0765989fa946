/* SPDX-License-Identifier: MIT */
/*
 * Random districts of points, areas and streets in a store, for tests, and
 * random edits of them: findings, other places, shelters that are added, closed,
 * opened, moved or hidden, doors blocked, people of homes, streets closed and
 * opened, nothing at all.
 */
#ifndef TESTS_UNIT_SHELTERD_EDITED_DISTRICT_H
#define TESTS_UNIT_SHELTERD_EDITED_DISTRICT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/snapshot.h"
#include "shelterd/store/closure.h"
#include "shelterd/store/db.h"
#include "shelterd/store/defect.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "shelterd/store/user.h"
#include "shelterd/store/way.h"
#include "tests/unit/shelterd/random.h"
#include "tests/unit/shelterd/rules_temp.h"

enum {
	SHELTERS = 40,
	HOMES = 90,
	WAYS = 60,
	BUSY = 6, /* shelters that every other edit is about */
	RASTER = 12
};

static struct db *db;
static int64_t nshelters;
static struct {
	int64_t id;
	struct gis_point end[2];
	bool shut;
} street[WAYS * 3];
static size_t nstreets;

static inline struct gis_point
somewhere(void)
{
	/* On a raster, so that places meet and distances come out even. */
	return (struct gis_point){ 121.5 + floor(chance() * 40) * 0.0003,
		25 + floor(chance() * 40) * 0.0003 };
}

/* ---- a district ---- */

static inline int64_t
add_shelter_at(struct gis_point at, bool hidden, bool closed)
{
	struct shelter_row s = { .name = chance() < 0.5 ? "one" : "two",
		.address = "a",
		.area = -1,
		.places = 1 + (int64_t)(chance() * 40),
		.lonlat = at,
		.hidden = hidden,
		.closed = closed };
	struct unit_row u = { .sheltering_area = -1,
		.stated_places = s.places,
		.converted = -1 };

	assert_int_equal(shelter_insert(db, &s), DB_OK);
	assert_int_equal(unit_insert(db, s.id, &u), DB_OK);
	for (int n = 0; n == 0 || chance() < 0.6; n++) {
		struct entrance_row e = { .unit_id = u.id,
			.lonlat = { at.x + n * 3e-4, at.y },
			.clear_width = -1,
			.usable = n == 0 || chance() < 0.7 };

		assert_int_equal(entrance_insert(db, s.id, &e), DB_OK);
	}
	return nshelters = s.id;
}

static inline int64_t
add_shelter(void)
{
	bool hidden = chance() < 0.2, closed = chance() < 0.1;

	return add_shelter_at(somewhere(), hidden, closed);
}

/* A line over crossings of a raster, as WKB. */
static inline void
add_way(void)
{
	enum { POINTS = 4 };
	unsigned char wkb[9 + POINTS * 16] = { 1, 2, 0, 0, 0, POINTS };
	unsigned char content[CONTENT_HASH] = { 0 };
	struct way_row w = { .source = "s",
		.name = "",
		.class = "",
		.content = content,
		.lines = wkb,
		.lines_len = sizeof(wkb),
		.steps = chance() < 0.2 };
	int x = (int)(chance() * RASTER), y = (int)(chance() * RASTER);
	struct gis_point p[POINTS];

	memcpy(content, &seed, sizeof(seed));
	for (int i = 0; i < POINTS; i++) {
		double lonlat[] = { 121.5 + x * 0.001, 25 + y * 0.001 };

		p[i] = (struct gis_point){ lonlat[0], lonlat[1] };
		memcpy(wkb + 9 + i * 16, lonlat, 16);
		if (i > 0) {
			street[nstreets].end[0] = p[i - 1];
			street[nstreets].end[1] = p[i];
			street[nstreets++].shut = false;
		}
		x += chance() < 0.5;
		y += (int)(chance() * 3) - 1;
	}
	assert_int_equal(way_insert(db, &w), DB_OK);
}

static inline struct snapshot *
district(int number)
{
	struct user inspector = { .name = "i", .role = ROLE_INSPECTOR };
	struct snapshot *s, *next;
	int64_t id = 1;

	db = db_open(temp_path(), false, err, sizeof(err));
	assert_non_null(db);
	assert_true(migrate(db, err, sizeof(err)) >= 0);
	seed = 700 + (uint64_t)number * 77;
	nstreets = 0;
	db_begin(db);
	assert_int_equal(user_add(db, &inspector, NULL, 1), USER_OK);
	for (int i = 0; i < HOMES; i++)
		random_home(db, somewhere(), number % 2 == 0 && i % 3 != 0);
	for (int i = 0; i < (number % 4 < 2 ? WAYS : WAYS / 3); i++)
		add_way();
	for (int i = 0; i < SHELTERS; i++)
		add_shelter();
	assert_int_equal(db_commit(db), DB_OK);
	s = snapshot_load(db, rules, err, sizeof(err));
	assert_non_null(s);
	/* A version nobody had, as each district has a store of its own. */
	next = snapshot_next(
	    s, db, rules, 0, &id, 1, 1 + number * 1000, err, sizeof(err));
	snapshot_unref(s);
	return next;
}

/* ---- edits ---- */

static inline int
other_people(void *arg, const struct home_row *r)
{
	struct home_row h = *r;

	(void)arg;
	h.people = (int64_t)(chance() * 40);
	return home_update(db, &h);
}

static inline unsigned
edit_homes(void)
{
	home_one(db, 1 + (int64_t)(chance() * HOMES), other_people, NULL);
	return SNAP_HOMES;
}

static inline unsigned
edit_street(void)
{
	/* Most of them near each other. */
	size_t i = (size_t)(chance() * chance() * (double)nstreets);
	struct closure_row r = { .lonlat = { street[i].end[0],
				     street[i].end[1] },
		.reason = "dug up",
		.closed_by = 1 };

	if (street[i].shut) {
		assert_int_equal(closure_open(db, street[i].id, 1, 5), DB_ROW);
	} else {
		assert_int_equal(closure_insert(db, &r), DB_OK);
		street[i].id = r.id;
	}
	street[i].shut = !street[i].shut && r.id != 0;
	return SNAP_CLOSURES;
}

/* What an inspector finds: the capacity falls, or there is none left. */
static inline void
find_defect(int64_t id, int64_t unit)
{
	struct defect_record d = { .effect = chance() < 0.3 ? DERATE_CLOSE
							    : DERATE_FACTOR,
		.factor = 0.7,
		.item = "door",
		.severity = "major",
		.state = "open",
		.shelter_id = id,
		.unit_id = unit,
		.opened_by = 1 };

	assert_int_equal(defect_add(db, &d), DB_OK);
}

static inline int64_t
shut(int64_t id)
{
	const struct shelter_full *f = NULL;
	struct shelter_reader *r = shelter_reader_new(db, id, id);
	struct shelter_row row;

	assert_int_equal(shelter_reader_next(r, &f), DB_ROW);
	row = f->row;
	row.closed = true;
	assert_int_equal(shelter_update(db, &row), DB_OK);
	shelter_reader_free(r);
	return id;
}

/* It may have other doors when it opens again. */
static inline void
open_or_close(struct shelter_row *row, const struct shelter_full *f)
{
	row->closed = !row->closed;
	for (size_t i = 0; i < f->nentrances && !row->closed; i++) {
		struct entrance_row e = f->entrances[i];

		if (chance() < 0.3)
			e.lonlat = somewhere();
		assert_int_equal(entrance_update(db, &e), DB_OK);
	}
}

/* One shelter's change in the store; its id. */
static inline int64_t
edit_shelter(void)
{
	int64_t id = 1 + (int64_t)(chance() *
				   (chance() < 0.5 ? BUSY : (double)nshelters));
	const struct shelter_full *f = NULL;
	struct shelter_reader *r;
	struct shelter_row row;
	struct unit_row unit;
	struct entrance_row door;
	double kind = chance();

	if (kind < 0.08)
		return add_shelter();
	r = shelter_reader_new(db, id, id);
	assert_int_equal(shelter_reader_next(r, &f), DB_ROW);
	row = f->row;
	unit = f->units[0];
	door = f->entrances[(size_t)(chance() * (double)f->nentrances)];
	if (kind < 0.25)
		open_or_close(&row, f);
	else if (kind < 0.32)
		row.hidden = !row.hidden;
	else if (kind < 0.5)
		unit.stated_places = (int64_t)(chance() * 4) * 12;
	else if (kind < 0.65)
		door.usable = !door.usable;
	else if (kind < 0.8)
		door.lonlat = somewhere();
	assert_int_equal(shelter_update(db, &row), DB_OK);
	assert_int_equal(unit_update(db, &unit), DB_OK);
	if (kind >= 0.5 && kind < 0.8)
		assert_int_equal(entrance_update(db, &door), DB_OK);
	if (kind >= 0.8 && kind < 0.95)
		find_defect(id, unit.id);
	shelter_reader_free(r);
	return id;
}

static inline struct snapshot *
edit(struct snapshot *s, int64_t version)
{
	int64_t ids[3];
	size_t n = 0;
	unsigned parts = 0;
	struct snapshot *next;
	double kind = chance();

	if (kind < 0.05)
		parts = edit_homes();
	else if (kind < 0.3)
		parts = edit_street();
	while (n < 3 && (n + parts == 0 || chance() < 0.3))
		ids[n++] = edit_shelter();
	next = snapshot_next(
	    s, db, rules, parts, ids, n, version, err, sizeof(err));
	if (next == NULL)
		fail_msg("%s", err);
	snapshot_unref(s);
	return next;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A coverage that follows the shelters from one data version to the next
 * against one computed anew: random districts of points and areas, random
 * edits (added, closed, opened, moved, other places, hidden, doors blocked,
 * nothing at all), several asks side by side, each of which skips versions now
 * and then.  Older coverages stay as they were.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "gis/coverage.h"
#include "shelterd/map/coverage.h"
#include "shelterd/net/request.h"
#include "shelterd/snapshot_part.h"
#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "tests/unit/shelterd/random.h"
#include "tests/unit/shelterd/rules_temp.h"

enum { DISTRICTS = 25, SHELTERS = 60, HOMES = 80, EDITS = 40, ASKS = 4 };

static struct db *db;

static struct gis_point
somewhere(void)
{
	/* On a raster, so that places meet and distances come out even. */
	return (struct gis_point){ 121.5 + floor(chance() * 40) * 0.0003,
		25 + floor(chance() * 40) * 0.0003 };
}

static int64_t
add_shelter(void)
{
	struct gis_point at = somewhere();
	struct shelter_row s = { .name = chance() < 0.5 ? "one" : "two",
		.address = "a",
		.area = -1,
		.places = 1 + (int64_t)(chance() * 90),
		.lonlat = at,
		.hidden = chance() < 0.2,
		.closed = chance() < 0.1 };
	struct unit_row u = { .sheltering_area = -1,
		.stated_places = s.places,
		.converted = -1 };

	assert_int_equal(shelter_insert(db, &s), DB_OK);
	assert_int_equal(unit_insert(db, s.id, &u), DB_OK);
	for (int n = 1 + (int)(chance() * 3); n > 0; n--) {
		struct entrance_row e = { .unit_id = u.id,
			.lonlat = { at.x + n * 3e-4, at.y },
			.clear_width = -1,
			.usable = chance() < 0.8 };

		assert_int_equal(entrance_insert(db, s.id, &e), DB_OK);
	}
	return s.id;
}

/* One shelter's change in the store; its id. */
static int64_t
edit(void)
{
	int64_t id = 1 + (int64_t)(chance() * SHELTERS);
	const struct shelter_full *f = NULL;
	struct shelter_reader *r;
	struct shelter_row row;
	struct unit_row unit;
	struct entrance_row door;
	double kind = chance();

	if (kind < 0.1)
		return add_shelter();
	r = shelter_reader_new(db, id, id);
	assert_int_equal(shelter_reader_next(r, &f), DB_ROW);
	row = f->row;
	unit = f->units[0];
	door = f->entrances[(size_t)(chance() * (double)f->nentrances)];
	if (kind < 0.35)
		row.closed = !row.closed;
	else if (kind < 0.5)
		row.hidden = !row.hidden;
	else if (kind < 0.6)
		unit.stated_places = (int64_t)(chance() * 3) * 20;
	else if (kind < 0.75)
		door.usable = !door.usable;
	else if (kind < 0.95)
		door.lonlat = somewhere();
	assert_int_equal(shelter_update(db, &row), DB_OK);
	assert_int_equal(unit_update(db, &unit), DB_OK);
	assert_int_equal(entrance_update(db, &door), DB_OK);
	shelter_reader_free(r);
	return id;
}

static void
same(const struct coverage *kept, const struct coverage *cold)
{
	const struct coverage_totals *a = coverage_totals(kept);
	const struct coverage_totals *b = coverage_totals(cold);
	size_t n, m;
	const struct coverage_home *x = coverage_homes(kept, &n);
	const struct coverage_home *y = coverage_homes(cold, &m);

	assert_int_equal(a->people, b->people);
	assert_int_equal(a->covered, b->covered);
	assert_true(a->exact == b->exact);
	assert_true(fabs(a->area - b->area) <= 1e-9 * b->area);
	assert_int_equal(a->usable_shelters, b->usable_shelters);
	assert_int_equal(a->places, b->places);
	assert_int_equal(a->data_version, b->data_version);
	assert_string_equal(a->hash, b->hash);
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(x[i].home, y[i].home);
		assert_true(x[i].share == y[i].share);
		assert_int_equal(x[i].covered, y[i].covered);
		assert_int_equal(x[i].placed, 0);
	}
}

/* The shape made when it is asked for is the one it would have had. */
static void
same_shape(struct coverage *kept, const struct coverage *cold,
    const struct coverage_ask *ask)
{
	struct gis *gis = gis_new();
	struct gis_fail fail;
	struct gis_shape *a, *b;

	assert_int_equal(coverage_need_geometry(kept, ask, &fail), 0);
	a = gis_coverage_area(gis, coverage_geometry(kept));
	b = gis_coverage_area(gis, coverage_geometry(cold));
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL) {
		double m2 = gis_shape_area(gis, b);

		assert_true(fabs(gis_shape_area(gis, a) - m2) <= 1e-9 * m2);
		/* Discs stand as polygons there, of their own area. */
		assert_true(
		    fabs(coverage_totals(kept)->area - m2) <= 1e-3 * m2);
	}
	gis_shape_free(gis, a);
	gis_shape_free(gis, b);
	gis_free(gis);
}

static struct coverage *
get(const struct snapshot *s, const struct coverage_ask *ask, bool cold)
{
	struct gis_fail fail = { -1, "" };
	struct coverage *c;

	assert_int_equal((cold ? coverage_make : coverage_get)(
			     s, ask, NULL, NULL, &c, &fail),
	    0);
	return c;
}

static void
run(int number, const struct coverage_ask *asks)
{
	struct coverage *first[ASKS], *cold, *kept;
	struct snapshot *s, *next, *start;

	db = db_open(temp_path(), false, err, sizeof(err));
	assert_non_null(db);
	assert_true(migrate(db, err, sizeof(err)) >= 0);
	seed = 9000 + (uint64_t)number * 77;
	db_begin(db);
	for (int i = 0; i < HOMES; i++)
		random_home(db, somewhere(), number % 2 == 0 && i % 3 != 0);
	for (int i = 0; i < SHELTERS; i++)
		add_shelter();
	assert_int_equal(db_commit(db), DB_OK);
	s = snapshot_load(db, rules, err, sizeof(err));
	assert_non_null(s);
	/* A version nobody had, as each district has a store of its own. */
	int64_t version = 1 + number * 1000, id = 1;
	next =
	    snapshot_next(s, db, rules, 0, &id, 1, version, err, sizeof(err));
	snapshot_unref(s);
	s = next;
	start = snapshot_ref(s);
	for (int k = 0; k < ASKS; k++)
		first[k] = get(s, &asks[k], false);
	for (int i = 0; i < EDITS; i++) {
		int64_t ids[3] = { edit(), 0, 0 };
		size_t n = 1;

		while (n < 3 && chance() < 0.3)
			ids[n++] = edit();
		next = snapshot_next(
		    s, db, rules, 0, ids, n, ++version, err, sizeof(err));
		if (next == NULL)
			fail_msg("%s", err);
		snapshot_unref(s);
		s = next;
		for (int k = 0; k < ASKS; k++) {
			if (chance() < 0.3)
				continue;
			kept = get(s, &asks[k], false);
			cold = get(s, &asks[k], true);
			same(kept, cold);
			if (i % 8 == k)
				same_shape(kept, cold, &asks[k]);
			coverage_unref(kept);
			coverage_unref(cold);
		}
	}
	for (int k = 0; k < ASKS; k++) {
		cold = get(start, &asks[k], true);
		same(first[k], cold);
		coverage_unref(cold);
		coverage_unref(first[k]);
	}
	snapshot_unref(start);
	snapshot_unref(s);
	db_close(db);
}

static void
test_edits(void **state)
{
	static const char text[] = "name = 'one' and places > 10";
	struct where_wrong wrong;
	struct where *where = where_parse(text, &wrong);
	struct coverage_ask ask[ASKS] = { 0 };
	uint64_t before = coverage_carried();

	(void)state;
	assert_non_null(where);
	for (int k = 0; k < ASKS; k++) {
		ask[k].limit.manner.minute = -1;
		ask[k].limit.metres = ask[k].limit.value = k < 2 ? 120 : 333.5;
		ask[k].where_text = k == 3 ? text : "";
		ask[k].where = k == 3 ? where : NULL;
		ask[k].hidden = k % 2;
	}
	for (int i = 0; i < DISTRICTS; i++)
		run(i, ask);
	/* It did follow: all but what a rest of old places ended. */
	assert_true(
	    coverage_carried() - before > DISTRICTS * EDITS * ASKS * 6 / 10);
	where_free(where);
}

/* What was kept for a district before an import does not keep the district:
 * homes, streets and shelters are all made anew with it. */
static void
test_import(void **state)
{
	struct coverage_ask ask[ASKS] = { 0 };
	struct snapshot *before, *after;
	int64_t version = 1000000;
	unsigned new;

	(void)state;
	db = db_open(temp_path(), false, err, sizeof(err));
	assert_true(migrate(db, err, sizeof(err)) >= 0);
	for (int i = 0; i < SHELTERS; i++)
		add_shelter();
	before = snapshot_load(db, rules, err, sizeof(err));
	after = snapshot_next(
	    before, db, rules, SNAP_HOMES, NULL, 0, version, err, sizeof(err));
	snapshot_unref(before);
	before = after;
	for (int k = 0; k < ASKS; k++) {
		ask[k].limit.manner.minute = -1;
		ask[k].limit.metres = ask[k].limit.value = 100 + k;
		ask[k].where_text = "";
		coverage_unref(get(before, &ask[k], false));
	}
	assert_true(before->refs > 1);
	random_home(db, somewhere(), true);
	after = snapshot_next(before, db, rules, SNAP_HOMES, NULL, 0,
	    version + 1, err, sizeof(err));
	coverage_unref(get(after, &ask[0], false));
	assert_int_equal(before->refs, 1);
	/* One of the old district that comes late goes, none of the new one. */
	new = after->refs;
	coverage_unref(get(before, &ask[0], false));
	coverage_unref(get(before, &ask[1], false));
	assert_int_equal(before->refs, 1);
	assert_int_equal(after->refs, new);
	snapshot_unref(before);
	snapshot_unref(after);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_import),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

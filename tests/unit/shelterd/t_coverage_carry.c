/* SPDX-License-Identifier: MIT */
/*
 * Coverage with capacity and by minutes, carried from one data version to the
 * next, against one computed anew: the same to the last seat of every home.
 * Random districts of points, areas and streets; random edits (findings, other
 * places, added, closed, opened, moved, hidden, doors blocked, people of homes,
 * streets closed and opened, nothing at all); several asks side by side, each
 * of which skips versions now and then and goes back to an older one.  What-ifs
 * on what was carried tell what they tell on a base of their own.  Older
 * coverages stay as they were.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/map/coverage_base.h"
#include "shelterd/map/whatif.h"
#include "shelterd/net/request.h"
#include "shelterd/net/route.h"
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
	DISTRICTS = 16,
	SHELTERS = 40,
	HOMES = 90,
	WAYS = 60,
	BUSY = 6, /* shelters that every other edit is about */
	EDITS = 50,
	ASKS = 5,
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

static struct gis_point
somewhere(void)
{
	/* On a raster, so that places meet and distances come out even. */
	return (struct gis_point){ 121.5 + floor(chance() * 40) * 0.0003,
		25 + floor(chance() * 40) * 0.0003 };
}

/* ---- a district ---- */

static int64_t
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

static int64_t
add_shelter(void)
{
	bool hidden = chance() < 0.2, closed = chance() < 0.1;

	return add_shelter_at(somewhere(), hidden, closed);
}

/* A line over crossings of a raster, as WKB. */
static void
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

static struct snapshot *
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

static int
other_people(void *arg, const struct home_row *r)
{
	struct home_row h = *r;

	(void)arg;
	h.people = (int64_t)(chance() * 40);
	return home_update(db, &h);
}

static unsigned
edit_homes(void)
{
	home_one(db, 1 + (int64_t)(chance() * HOMES), other_people, NULL);
	return SNAP_HOMES;
}

static unsigned
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
static void
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

static int64_t
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
static void
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
static int64_t
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

static struct snapshot *
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

/* ---- comparing ---- */

static void
same(const struct coverage *kept, const struct coverage *cold)
{
	const struct coverage_totals *a = coverage_totals(kept);
	const struct coverage_totals *b = coverage_totals(cold);
	size_t n, m;
	const struct coverage_home *x = coverage_homes(kept, &n);
	const struct coverage_home *y = coverage_homes(cold, &m);

	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(x[i].home, y[i].home);
		assert_true(x[i].share == y[i].share);
		assert_int_equal(x[i].covered, y[i].covered);
		assert_int_equal(x[i].placed, y[i].placed);
	}
	assert_int_equal(a->people, b->people);
	assert_int_equal(a->covered, b->covered);
	assert_int_equal(a->placed, b->placed);
	assert_true(a->exact == b->exact);
	assert_true(fabs(a->area - b->area) <= 1e-9 * b->area);
	assert_int_equal(a->usable_shelters, b->usable_shelters);
	assert_int_equal(a->places, b->places);
	assert_int_equal(a->data_version, b->data_version);
	assert_int_equal(a->capacity, b->capacity);
	assert_string_equal(a->hash, b->hash);
}

static struct coverage *
get(const struct snapshot *s, const struct coverage_ask *ask, bool cold)
{
	struct gis_fail fail = { -1, "" };
	struct coverage *c;
	int r = (cold ? coverage_make : coverage_get)(
	    s, ask, NULL, NULL, &c, &fail);

	if (r != 0)
		fail_msg("%s",
		    r == COVERAGE_GEOMETRY ? fail.what : assign_strerror(r));
	return c;
}

static struct whatif
ask_whatif(const struct snapshot *s, const struct whatif_ask *ask)
{
	struct gis_fail fail = { -1, "" };
	struct whatif w;

	assert_int_equal(whatif_make(s, ask, &w, &fail), 0);
	return w;
}

/* Another text for the same shelters has a base of its own. */
static void
same_whatif(const struct snapshot *s, const struct coverage_ask *ask)
{
	int64_t close[6], repair[6];
	struct whatif_site open[2] = { { somewhere(), 30 },
		{ somewhere(), 5 } };
	struct whatif_ask a = { *ask, rules->snap_reach, close, repair, open, 6,
		6, 2 };
	struct whatif w[2];
	char text[64];

	for (int i = 0; i < 6; i++) {
		close[i] = 1 + (int64_t)(chance() * (double)nshelters);
		repair[i] = 1 + (int64_t)(chance() * (double)nshelters);
	}
	w[0] = ask_whatif(s, &a);
	snprintf(text, sizeof(text), "%s of version %ld", ask->where_text,
	    (long)snapshot_version(s));
	a.coverage.where_text = text;
	w[1] = ask_whatif(s, &a);
	assert_memory_equal(&w[0].before, &w[1].before, sizeof(w[0].before));
	assert_memory_equal(&w[0].after, &w[1].after, sizeof(w[0].after));
	assert_int_equal(w[0].covered_lost, w[1].covered_lost);
	assert_int_equal(w[0].placed_lost, w[1].placed_lost);
	assert_int_equal(w[0].placed_gained, w[1].placed_gained);
	assert_int_equal(w[0].nhomes, w[1].nhomes);
	for (size_t i = 0; i < w[0].nhomes; i++) {
		assert_int_equal(w[0].homes[i].after, w[1].homes[i].after);
		assert_int_equal(w[0].homes[i].before, w[1].homes[i].before);
	}
	whatif_release(&w[0]);
	whatif_release(&w[1]);
}

struct arc {
	int64_t shelter, metres;
};

static int
by_shelter(const void *a, const void *b)
{
	const struct arc *x = a, *y = b;

	if (x->shelter != y->shelter)
		return x->shelter < y->shelter ? -1 : 1;
	return x->metres < y->metres ? -1 : x->metres > y->metres;
}

/* Arcs to shelters that are there, sorted. */
static size_t
arcs_of(const struct coverage_base *b, size_t slot, struct arc *out)
{
	struct coverage_row row = coverage_base_row(b, slot);
	size_t n = 0;

	for (size_t i = 0; i < row.n; i++)
		for (size_t k = 0; k < b->sites.n; k++)
			if (b->number[k] == row.to[i])
				out[n++] =
				    (struct arc){ b->sites.shelter[k]->id,
					    row.metres[i] };
	assert_true(n < SHELTERS * 16);
	qsort(out, n, sizeof(*out), by_shelter);
	return n;
}

/* Who stands where and may go where, also where no number tells of it yet. */
static void
same_base(const struct snapshot *s, const struct coverage_ask *ask)
{
	static struct arc x[SHELTERS * 16], y[SHELTERS * 16];
	struct coverage_base *kept, *anew;
	struct gis_fail fail;

	assert_int_equal(
	    coverage_base_take(s, ask, NULL, NULL, &kept, &fail), 0);
	assert_int_equal(coverage_base_make(s, ask,
			     ask->limit.by_minutes ? NULL : kept->coverage,
			     NULL, NULL, &anew),
	    0);
	if (ask->capacity)
		assert_int_equal(coverage_base_solve(anew, NULL, NULL), 0);
	assert_int_equal(kept->nhomes, anew->nhomes);
	for (size_t i = 0; i < kept->slot[kept->nhomes]; i++) {
		size_t n = arcs_of(kept, i, x);

		assert_int_equal(kept->arcs.people[i], anew->arcs.people[i]);
		if (kept->arcs.people[i] == 0)
			continue;
		assert_int_equal(n, arcs_of(anew, i, y));
		assert_memory_equal(x, y, n * sizeof(*x));
	}
	coverage_base_free(anew);
	coverage_base_give(kept);
}

static void
check(const struct snapshot *s, const struct coverage_ask *ask)
{
	struct coverage *kept = get(s, ask, false), *cold = get(s, ask, true);

	same(kept, cold);
	coverage_unref(kept);
	coverage_unref(cold);
}

static void
run(int number, const struct coverage_ask *asks)
{
	struct snapshot *s = district(number), *start = snapshot_ref(s);
	struct coverage *first[ASKS], *cold;
	int64_t version = snapshot_version(s);

	for (int k = 0; k < ASKS; k++)
		first[k] = get(s, &asks[k], false);
	for (int i = 0; i < EDITS; i++) {
		struct snapshot *older = snapshot_ref(s);

		s = edit(s, ++version);
		for (int k = 0; k < ASKS; k++) {
			if (chance() < 0.3)
				continue;
			check(s, &asks[k]);
			same_base(s, &asks[k]);
			if (chance() < 0.1 && k != 2)
				same_whatif(s, &asks[k]);
			if (chance() < 0.05)
				check(older, &asks[k]);
		}
		snapshot_unref(older);
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
	const struct coverage_ask ask[ASKS] = {
		{ .limit = { false, 150, 150, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = "" },
		{ .limit = { true, 5, 350, gis_on_foot, 500 },
		    .capacity = true,
		    .hidden = true,
		    .where_text = "" },
		{ .limit = { true, 6, 300, { GIS_WITHOUT_STEPS, -1 }, 500 },
		    .where_text = "" },
		{ .limit = { false, 290.5, 290.5, gis_on_foot, 500 },
		    .capacity = true,
		    .hidden = true,
		    .where_text = text,
		    .where = where },
		{ .limit = { true, 2, 160, gis_on_foot, 500 },
		    .where_text = "" },
	};
	uint64_t before = coverage_base_carried();

	(void)state;
	assert_non_null(where);
	for (int i = 0; i < DISTRICTS; i++)
		run(i, ask);
	before = coverage_base_carried() - before;
	print_message("carried %ld of about %d\n", (long)before,
	    DISTRICTS * EDITS * ASKS * 7 / 10);
	assert_true(before > DISTRICTS * EDITS * ASKS / 4);
	where_free(where);
}

/* More shelters come and go than there are spare numbers. */
static void
test_many_come(void **state)
{
	const struct coverage_ask ask[] = {
		{ .limit = { false, 200, 200, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = "many come" },
		{ .limit = { true, 5, 350, gis_on_foot, 500 },
		    .capacity = true,
		    .where_text = "many come" },
		{ .limit = { true, 6, 400, gis_on_foot, 500 },
		    .where_text = "many come" },
	};
	struct snapshot *s = district(51);
	int64_t version = snapshot_version(s);
	uint64_t before = coverage_base_carried();

	(void)state;
	for (int i = 0; i < COVERAGE_SPARE * 3 / 2; i++) {
		int64_t ids[2] = { add_shelter(), nshelters };
		struct snapshot *next;

		if (i >= 10)
			ids[0] = shut(nshelters - 10);
		next = snapshot_next(
		    s, db, rules, 0, ids, 2, ++version, err, sizeof(err));
		assert_non_null(next);
		snapshot_unref(s);
		s = next;
		for (int k = 0; k < 3; k++) {
			coverage_unref(get(s, &ask[k], false));
			if (i % 40 == 0) {
				check(s, &ask[k]);
				same_base(s, &ask[k]);
			}
		}
	}
	/* The one without a plan has to be made anew for once. */
	before = coverage_base_carried() - before;
	assert_true(before >= COVERAGE_SPARE * 3 / 2 * 3 - 3 - 1);
	snapshot_unref(s);
	db_close(db);
}

/* ---- several at once ---- */

enum { THREADS = 3, TURNS = 30, VERSIONS = 4 };

struct asking {
	pthread_t thread;
	struct snapshot *const *s;
	const struct coverage_ask *ask;
	const struct coverage *const *cold;
	int first;
	bool good;
};

static void *
ask_in_turn(void *arg)
{
	struct asking *a = arg;

	a->good = true;
	for (int i = 0; i < TURNS; i++) {
		int k = (a->first + i * (1 + a->first % 3)) % VERSIONS;
		struct gis_fail fail;
		struct coverage_base *b;
		struct coverage *c;

		if (coverage_base_take(
			a->s[k], a->ask, NULL, NULL, &b, &fail) != 0 ||
		    coverage_base_read(b, a->ask, &c) != 0) {
			a->good = false;
			return NULL;
		}
		coverage_base_give(b);
		a->good &= strcmp(coverage_totals(c)->hash,
			       coverage_totals(a->cold[k])->hash) == 0;
		coverage_unref(c);
	}
	return NULL;
}

/* Each has a base to itself, whatever version the others are at. */
static void
test_at_once(void **state)
{
	const struct coverage_ask ask = {
		.limit = { true, 5, 350, gis_on_foot, 500 },
		.capacity = true,
		.where_text = "at once",
	};
	struct snapshot *s[VERSIONS] = { district(61) };
	struct coverage *cold[VERSIONS];
	struct asking a[THREADS];

	(void)state;
	for (int k = 0; k < VERSIONS; k++) {
		if (k > 0)
			s[k] = edit(
			    snapshot_ref(s[k - 1]), snapshot_version(s[0]) + k);
		cold[k] = get(s[k], &ask, true);
	}
	for (int i = 0; i < THREADS; i++) {
		a[i] = (struct asking){ .s = s,
			.ask = &ask,
			.cold = (const struct coverage *const *)cold,
			.first = i };
		assert_int_equal(
		    pthread_create(&a[i].thread, NULL, ask_in_turn, &a[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(a[i].thread, NULL);
		assert_true(a[i].good);
	}
	for (int k = 0; k < VERSIONS; k++) {
		coverage_unref(cold[k]);
		snapshot_unref(s[k]);
	}
	db_close(db);
}

/* East and north of a home, m. */
static struct gis_point
at(double x, double y)
{
	return (struct gis_point){ 121.5 + x * 0.992e-5, 25 + y * 0.9027e-5 };
}

static void
add_street(double y, bool steps)
{
	unsigned char wkb[9 + 2 * 16] = { 1, 2, 0, 0, 0, 2 };
	unsigned char content[CONTENT_HASH] = { (unsigned char)(100 + y) };
	const struct gis_point p[2] = { at(-10, y), at(10, y) };
	struct way_row w = { .source = "s",
		.name = "",
		.class = "",
		.content = content,
		.lines = wkb,
		.lines_len = sizeof(wkb),
		.steps = steps };

	memcpy(wkb + 9, p, sizeof(p));
	assert_int_equal(way_insert(db, &w), DB_OK);
}

static struct snapshot *
next_snapshot(struct snapshot *s, unsigned parts, int64_t version)
{
	struct snapshot *next = snapshot_next(
	    s, db, rules, parts, NULL, 0, version, err, sizeof(err));

	assert_non_null(next);
	snapshot_unref(s);
	return next;
}

/* A home whose street closes goes to another one, from which it reaches a
 * shelter that is far from the closed one.  In a wheelchair its street may be
 * another than the nearest. */
static void
displace(bool wheels)
{
	struct closure_row shut = { .lonlat = { at(-10, 60), at(10, 60) },
		.reason = "dug up",
		.closed_by = 1 };
	struct coverage_ask ask = { .limit = { true, 2, 150,
					{ GIS_ON_FOOT, -1 }, 500 },
		.where_text = wheels ? "wheels" : "feet" };
	struct user inspector = { .name = "i", .role = ROLE_INSPECTOR };
	struct home_row h = {
		.name = "h", .people = 7, .lonlat = { 121.5, 25 }
	};
	struct snapshot *s;
	struct coverage *c;

	db = db_open(temp_path(), false, err, sizeof(err));
	assert_true(db != NULL && migrate(db, err, sizeof(err)) >= 0);
	assert_int_equal(user_add(db, &inspector, NULL, 1), USER_OK);
	assert_int_equal(home_insert(db, &h), DB_OK);
	add_street(60, false);
	add_street(-61, false);
	if (wheels)
		add_street(10, true);
	add_shelter_at(at(0, -140), false, false);
	if (wheels)
		ask.limit.manner.profile = GIS_WITHOUT_STEPS;
	s = snapshot_load(db, rules, err, sizeof(err));
	s = next_snapshot(s, SNAP_SHELTERS, 100001);
	for (int i = 0; i < 4; i++) {
		c = get(s, &ask, false);
		assert_int_equal(coverage_totals(c)->covered, i % 2 * 7);
		coverage_unref(c);
		check(s, &ask);
		if (i % 2 == 0)
			assert_int_equal(closure_insert(db, &shut), DB_OK);
		else
			assert_int_equal(
			    closure_open(db, shut.id, 1, 5), DB_ROW);
		s = next_snapshot(s, SNAP_CLOSURES, 100002 + i);
	}
	snapshot_unref(s);
	db_close(db);
}

static void
test_displaced(void **state)
{
	(void)state;
	displace(false);
	displace(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_many_come),
		cmocka_unit_test(test_displaced),
		cmocka_unit_test(test_at_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

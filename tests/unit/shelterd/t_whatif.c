/* SPDX-License-Identifier: MIT */
/*
 * What-if against the thing itself: a second store in which the change was
 * really made, and coverage computed there.  Points and areas, by radius and
 * on foot, with defects; several questions on one kept state, so that what one
 * leaves behind would be seen by the next.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/route.h"
#include "shelterd/store/closure.h"
#include "shelterd/store/db.h"
#include "shelterd/store/defect.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "shelterd/store/user.h"
#include "shelterd/store/way.h"
#include "shelterd/map/whatif.h"
#include "tests/unit/shelterd/random.h"
#include "tests/unit/shelterd/rules_temp.h"

enum { MOST = 40, HOMES = 60, WAYS = 60, DISTRICTS = 10, QUESTIONS = 6 };
enum { CLOSURES = 150 }; /* a fifth of which is a piece of a way */

static struct gis_point
somewhere(void)
{
	return (struct gis_point){ 121.5 + chance() * 0.012,
		25 + chance() * 0.012 };
}

/* What is asked, and what is then really done; ids are 1, 2, … */
struct change {
	int64_t close[MOST], repair[MOST];
	struct whatif_site open[MOST];
	size_t nclose, nrepair, nopen;
};

static bool
in(int64_t id, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static void
add_shelter(struct db *db, struct gis_point at, int64_t places, int doors,
    bool closed, enum derating_effect effect, bool mended)
{
	struct shelter_row s = { .name = "s",
		.address = "a",
		.area = -1,
		.places = places,
		.lonlat = at,
		.closed = closed };
	struct unit_row u = {
		.sheltering_area = -1, .stated_places = places, .converted = -1
	};
	struct defect_record d = { .effect = effect,
		.factor = 0.4,
		.item = "door",
		.severity = "major",
		.state = "open",
		.opened_by = 1 };

	assert_int_equal(shelter_insert(db, &s), DB_OK);
	assert_int_equal(unit_insert(db, s.id, &u), DB_OK);
	for (int n = 0; n < doors; n++) {
		struct entrance_row e = { .unit_id = u.id,
			.lonlat = { at.x + n * 3e-4, at.y },
			.clear_width = -1,
			.usable = n != 1 };

		assert_int_equal(entrance_insert(db, s.id, &e), DB_OK);
	}
	d.shelter_id = s.id;
	d.unit_id = u.id;
	if (effect != DERATE_NOTHING && !mended)
		assert_int_equal(defect_add(db, &d), DB_OK);
}

static void
add_shelters(struct db *db, const struct change *c)
{
	struct gis_point at = { 0, 0 };

	for (int64_t id = 1; id <= MOST; id++) {
		double kind = chance();
		enum derating_effect effect = kind < 0.2   ? DERATE_CLOSE
					      : kind < 0.4 ? DERATE_FACTOR
							   : DERATE_NOTHING;
		int64_t places = 5 + (int64_t)(chance() * 60);
		int doors = 1 + (int)(chance() * 3);
		bool closed = chance() < 0.1;
		struct gis_point p = somewhere();

		if (id == 1 || chance() < 0.9) /* else the same place again */
			at = p;
		add_shelter(db, at, places, doors,
		    closed || in(id, c->close, c->nclose), effect,
		    in(id, c->repair, c->nrepair));
	}
	for (size_t i = 0; i < c->nopen; i++)
		add_shelter(db, c->open[i].lonlat, c->open[i].places, 1, false,
		    DERATE_NOTHING, false);
}

/* A line over crossings of a raster, as WKB. */
static void
add_way(struct db *db)
{
	enum { POINTS = 4 };
	unsigned char wkb[9 + POINTS * 16] = { 1, 2, 0, 0, 0, POINTS };
	unsigned char content[CONTENT_HASH] = { 0 };
	struct way_row w = { .source = "s",
		.name = "",
		.class = "",
		.content = content,
		.lines = wkb,
		.lines_len = sizeof(wkb) };
	int x = (int)(chance() * 12), y = (int)(chance() * 12);

	memcpy(content, &seed, sizeof(seed));
	for (int i = 0; i < POINTS; i++) {
		double lonlat[] = { 121.5 + x * 0.001, 25 + y * 0.001 };

		memcpy(wkb + 9 + i * 16, lonlat, 16);
		x += chance() < 0.5;
		y += (int)(chance() * 3) - 1;
	}
	assert_int_equal(way_insert(db, &w), DB_OK);
}

/* Closes what lies between two crossings, if there is a way. */
static void
close_some(struct db *db)
{
	for (int i = 0; i < CLOSURES; i++) {
		int x = (int)(chance() * 12), y = (int)(chance() * 12);
		int to_x = x + (chance() < 0.5);
		int to_y = y + (int)(chance() * 3) - 1;
		struct closure_row r = { .reason = "",
			.lonlat = { { 121.5 + x * 0.001, 25 + y * 0.001 },
			    { 121.5 + to_x * 0.001, 25 + to_y * 0.001 } } };

		assert_int_equal(closure_insert(db, &r), DB_OK);
	}
}

/* The same district for the same number, but for the change. */
static struct snapshot *
district(int number, bool areas, const struct change *c)
{
	struct db *db = db_open(temp_path(), false, err, sizeof(err));
	struct user inspector = { .name = "i", .role = ROLE_INSPECTOR };
	struct snapshot *s;

	assert_non_null(db);
	assert_true(migrate(db, err, sizeof(err)) >= 0);
	db_begin(db);
	assert_int_equal(user_add(db, &inspector, NULL, 1), USER_OK);
	seed = 1000 + (uint64_t)number * 77;
	for (int i = 0; i < HOMES; i++)
		random_home(db, somewhere(), areas && i % 3 != 0);
	for (int i = 0; i < WAYS; i++)
		add_way(db);
	add_shelters(db, c);
	if (number % 2 == 1)
		close_some(db);
	assert_int_equal(db_commit(db), DB_OK);
	s = snapshot_load(db, rules, err, sizeof(err));
	if (s == NULL)
		fail_msg("%s", err);
	db_close(db);
	return s;
}

static struct change
draw_change(int kind)
{
	struct change c = { 0 };

	for (int64_t id = 1; id <= MOST; id++) {
		if (kind != 1 && chance() < 0.1)
			c.close[c.nclose++] = id;
		else if (kind > 1 && chance() < 0.3)
			c.repair[c.nrepair++] = id;
	}
	while (kind % 2 == 1 && c.nopen < 4)
		c.open[c.nopen++] = (struct whatif_site){ somewhere(),
			1 + (int64_t)(chance() * 50) };
	return c;
}

static void
compare(int number, const struct whatif *w, const struct coverage *before,
    const struct coverage *after)
{
	const struct coverage_totals *b = coverage_totals(before);
	const struct coverage_totals *a = coverage_totals(after);
	int64_t lost = 0, gained = 0;
	size_t n, changed = 0;
	const struct coverage_home *x = coverage_homes(before, &n);
	const struct coverage_home *y = coverage_homes(after, &n);

	if (w->after.covered != a->covered || w->after.placed != a->placed)
		fail_msg("district %d: covered %ld, really %ld; placed %ld, "
			 "really %ld",
		    number, (long)w->after.covered, (long)a->covered,
		    (long)w->after.placed, (long)a->placed);
	assert_int_equal(w->people, a->people);
	assert_int_equal(w->before.covered, b->covered);
	assert_int_equal(w->before.placed, b->placed);
	assert_int_equal(w->after.usable_shelters, a->usable_shelters);
	assert_int_equal(w->after.places, a->places);
	for (size_t i = 0; i < n; i++) {
		int64_t more = y[i].covered - x[i].covered;

		gained += more > 0 ? more : 0;
		lost -= more < 0 ? more : 0;
		if (more == 0)
			continue;
		assert_true(changed < w->nhomes);
		assert_int_equal(w->homes[changed].home->id, x[i].home->id);
		assert_int_equal(w->homes[changed].after, y[i].covered);
		changed++;
	}
	assert_int_equal(changed, w->nhomes);
	assert_int_equal(w->covered_lost, lost);
	assert_int_equal(w->covered_gained, gained);
	assert_int_equal(
	    w->placed_gained - w->placed_lost, a->placed - b->placed);
	assert_true(w->placed_gained >= 0 && w->placed_lost >= 0);
}

static struct coverage *
cover(const struct snapshot *s, const struct coverage_ask *ask)
{
	struct gis_fail fail;
	struct coverage *c;

	assert_int_equal(coverage_make(s, ask, NULL, NULL, &c, &fail), 0);
	return c;
}

static void
ask_and_do(int number, bool areas, const struct snapshot *s,
    const struct coverage_ask *ask, const struct coverage *before,
    const struct change *c)
{
	struct whatif_ask question = { *ask, rules->snap_reach, c->close,
		c->repair, c->open, c->nclose, c->nrepair, c->nopen };
	struct snapshot *really = district(number, areas, c);
	struct coverage *after = cover(really, ask);
	struct gis_fail fail = { -1, "" };
	struct whatif w;

	assert_int_equal(whatif_make(s, &question, &w, &fail), 0);
	compare(number, &w, before, after);
	whatif_release(&w);
	coverage_unref(after);
	snapshot_unref(really);
}

/* The text of the expression tells the cache districts apart: all these stores
 * have the same data version. */
static void
play(int number, bool areas, struct plan_limit limit)
{
	const struct change none = { 0 };
	struct snapshot *s = district(number, areas, &none);
	char name[32];
	struct coverage_ask ask = {
		.limit = limit, .capacity = true, .where_text = name
	};
	struct coverage *before;

	snprintf(name, sizeof(name), "district %d", number);
	before = cover(s, &ask);
	for (int i = 0; i < QUESTIONS; i++) {
		seed = 5 + (uint64_t)(number * QUESTIONS + i) * 1234567;
		for (int k = 0; k < 9; k++)
			chance();
		struct change c = draw_change(i % 4);

		ask_and_do(number, areas, s, &ask, before, &c);
	}
	coverage_unref(before);
	snapshot_unref(s);
}

static void
by_radius(void **state)
{
	(void)state;
	for (int i = 0; i < DISTRICTS; i++)
		play(i, i % 3 != 0,
		    (struct plan_limit){ .value = 80 + 20 * (i % 8),
			.metres = 80 + 20 * (i % 8),
			.manner = gis_on_foot });
}

static void
by_minutes(void **state)
{
	(void)state;
	for (int i = 100; i < 100 + DISTRICTS; i++)
		play(i, i % 3 != 0,
		    (struct plan_limit){ .by_minutes = true,
			.value = 3 + i % 4,
			.metres = 70.0 * (3 + i % 4),
			.snap_reach = rules->snap_reach,
			.manner = gis_on_foot });
}

/* More than can be opened is refused, and the kept state is still good. */
static void
too_many(void **state)
{
	const struct change none = { 0 };
	struct snapshot *s = district(500, false, &none);
	struct whatif_site open[WHATIF_MOST_OPEN + 1];
	struct whatif_ask ask = {
		.coverage = { .limit = { .value = 200, .metres = 200 },
		    .capacity = true,
		    .where_text = "too many" },
		.open = open,
		.nopen = WHATIF_MOST_OPEN + 1,
	};
	struct gis_fail fail;
	struct whatif w;

	(void)state;
	for (int i = 0; i <= WHATIF_MOST_OPEN; i++)
		open[i] = (struct whatif_site){ somewhere(), 10 };
	assert_int_equal(whatif_make(s, &ask, &w, &fail), WHATIF_TOO_MANY);
	whatif_release(&w);
	ask.nopen--;
	assert_int_equal(whatif_make(s, &ask, &w, &fail), 0);
	assert_int_equal(w.after.usable_shelters - w.before.usable_shelters,
	    WHATIF_MOST_OPEN);
	assert_true(w.after.placed > w.before.placed);
	assert_int_equal(w.placed_lost, 0);
	whatif_release(&w);
	snapshot_unref(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_radius),
		cmocka_unit_test(by_minutes),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

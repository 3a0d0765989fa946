/* SPDX-License-Identifier: MIT */
/*
 * Arcs of a plan over a network against the plain way: from every home an
 * unbounded walk to every door within the straight line.  Few shelters and few
 * homes by turns, so that both sides are searched from.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/plan/plan_arcs.h"
#include "shelterd/rules.h"
#include "shelterd/store/db.h"
#include "shelterd/store/home.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "shelterd/store/way.h"
#include "tests/unit/shelterd/random.h"
#include "tests/unit/shelterd/temp.h"

static struct rules *rules;
static char err[300];

static struct gis_point
somewhere(void)
{
	return (
	    struct gis_point){ 121.5 + chance() * 0.01, 25 + chance() * 0.01 };
}

static int
setup(void **state)
{
	if (temp_begin(state) != 0)
		return -1;
	seed = 11;
	rules = rules_load("etc/rules", err, sizeof(err));
	return rules == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	rules_free(rules);
	return temp_end(state);
}

static void
add_shelter(struct db *db)
{
	struct shelter_row s = { .name = "s",
		.address = "a",
		.area = -1,
		.places = 100,
		.lonlat = somewhere(),
		.closed = chance() < 0.1 };
	struct unit_row u = {
		.sheltering_area = -1, .stated_places = 100, .converted = -1
	};

	assert_int_equal(shelter_insert(db, &s), DB_OK);
	assert_int_equal(unit_insert(db, s.id, &u), DB_OK);
	for (int n = 1 + (chance() < 0.4) + (chance() < 0.2); n > 0; n--) {
		struct entrance_row e = { .unit_id = u.id,
			.lonlat = s.lonlat,
			.clear_width = -1,
			.usable = chance() < 0.8 };

		e.lonlat.x += n * 2e-4;
		assert_int_equal(entrance_insert(db, s.id, &e), DB_OK);
	}
}

static void
add_home(struct db *db)
{
	struct home_row h = { .name = "h",
		.people = chance() < 0.9 ? 5 : 0,
		.lonlat = somewhere() };

	assert_int_equal(home_insert(db, &h), DB_OK);
}

/* Which ways there are: all, or those a manner leaves. */
static struct gis_manner only = { GIS_ON_FOOT, GIS_ANY_TIME };

static bool
left(const struct way_row *w)
{
	struct gis_hours h;

	if (w->steps && only.profile == GIS_WITHOUT_STEPS)
		return false;
	return !*w->hours || only.minute == GIS_ANY_TIME ||
	       !gis_hours_read(w->hours, &h) || gis_hours_open(&h, only.minute);
}

/* A line over crossings of a raster, as WKB. */
static void
add_way(struct db *db)
{
	static const char *const hours[] = { "", "06:00-22:00", "22:00-06:00",
		"24/7", "08:00-12:00,14:00-18:00", "Mo 08:00-09:00" };
	enum { POINTS = 4 };
	unsigned char wkb[9 + POINTS * 16] = { 1, 2, 0, 0, 0, POINTS };
	unsigned char content[CONTENT_HASH] = { 0 };
	struct way_row w = { .source = "s",
		.name = "",
		.class = "",
		.content = content,
		.steps = chance() < 0.3,
		.hours = chance() < 0.5 ? "" : hours[(int)(chance() * 6)],
		.lines = wkb,
		.lines_len = sizeof(wkb) };
	int x = (int)(chance() * 10), y = (int)(chance() * 10);

	memcpy(content, &seed, sizeof(seed));
	for (int i = 0; i < POINTS; i++) {
		double lonlat[] = { 121.5 + x * 0.001, 25 + y * 0.001 };

		memcpy(wkb + 9 + i * 16, lonlat, 16);
		x += chance() < 0.5;
		y += (int)(chance() * 3) - 1;
	}
	if (left(&w))
		assert_int_equal(way_insert(db, &w), DB_OK);
}

static struct snapshot *
district(int shelters, int homes, int ways)
{
	struct db *db = db_open(temp_path(), false, err, sizeof(err));
	struct snapshot *s;

	assert_non_null(db);
	assert_true(migrate(db, err, sizeof(err)) >= 0);
	db_begin(db);
	while (shelters-- > 0)
		add_shelter(db);
	while (homes-- > 0)
		add_home(db);
	while (ways-- > 0)
		add_way(db);
	assert_int_equal(db_commit(db), DB_OK);
	s = snapshot_load(db, rules, err, sizeof(err));
	if (s == NULL)
		fail_msg("%s", err);
	db_close(db);
	return s;
}

/* Of one home: the nearest door of each shelter, and what was cut off. */
struct plain {
	int64_t metres[256];
	const struct snap_entrance *door[256];
	size_t near, cut_off, arcs;
};

static void
plain_home(struct plain *p, const struct snapshot *snap,
    const struct plan_sites *sites, const struct plan_limit *limit,
    const struct snap_home *h, struct gis_walk *w)
{
	const struct gis_network *net = snapshot_network(snap);
	struct gis_place from = gis_network_snap_as(
	    net, h->plane, rules->snap_reach, limit->manner);
	const struct snap_shelter *s;
	const struct snap_entrance *e;

	*p = (struct plain){ 0 };
	gis_walk_as(w, limit->manner);
	gis_walk_from(w, from, INFINITY);
	for (uint32_t item = 0; item < sites->nitems; item++) {
		uint32_t at = sites->of_item[item];
		double metres;

		snapshot_entrance(snap, item, &s, &e);
		if (at == UINT32_MAX ||
		    gis_distance(h->plane, e->plane) > limit->metres)
			continue;
		p->near++;
		metres = gis_walk_to(w, gis_network_snap_as(net, e->plane,
					    rules->snap_reach, limit->manner));
		p->cut_off += isinf(metres);
		if (isinf(metres) ||
		    (limit->by_minutes && metres > limit->metres))
			continue;
		p->arcs += p->door[at] == NULL;
		if (p->door[at] == NULL || llround(metres) < p->metres[at]) {
			p->door[at] = e;
			p->metres[at] = llround(metres);
		}
	}
}

static void
check(const struct snapshot *snap, const struct plan_limit *limit)
{
	struct gis_walk *w = gis_walk_new(snapshot_network(snap));
	struct plan_sites sites;
	struct plan_arcs a;
	struct plain p;

	assert_int_equal(plan_sites_init(&sites, snap, NULL, NULL), 0);
	assert_int_equal(
	    plan_arcs_build(&a, snap, &sites, limit, NULL, NULL), 0);
	for (size_t h = 0; h < a.nhomes; h++) {
		plain_home(&p, snap, &sites, limit, a.home[h], w);
		assert_int_equal(a.first[h + 1] - a.first[h], p.arcs);
		for (size_t i = a.first[h]; i < a.first[h + 1]; i++) {
			assert_non_null(p.door[a.to[i]]);
			assert_int_equal(a.metres[i], p.metres[a.to[i]]);
			/* Of equally near doors either. */
			if (a.shelter[a.to[i]]->nentrances == 1)
				assert_ptr_equal(a.door[i], p.door[a.to[i]]);
		}
		if (p.arcs == 0)
			assert_int_equal(a.without[h],
			    p.near > 0 && p.near == p.cut_off ? LEFT_NO_PATH
							      : LEFT_TOO_FAR);
	}
	plan_arcs_release(&a);
	plan_sites_release(&sites);
	gis_walk_free(w);
}

static void
test_arcs(void **state)
{
	struct plan_limit limits[] = {
		{ false, 300, 300, gis_on_foot, rules->snap_reach },
		{ true, 8, 640, gis_on_foot, rules->snap_reach },
		{ false, 2000, 2000, gis_on_foot, rules->snap_reach },
		{ true, 0, 0, gis_on_foot, rules->snap_reach },
		{ true, 8, 640, gis_without_steps, rules->snap_reach },
		{ false, 800, 800, gis_without_steps, rules->snap_reach },
		{ true, 8, 640, { GIS_ON_FOOT, 23 * 60 }, rules->snap_reach },
		{ true, 8, 640, { GIS_WITHOUT_STEPS, 480 }, rules->snap_reach },
	};

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct snapshot *snap = district(
		    round % 2 ? 90 : 12, round % 2 ? 20 : 90, 10 + round * 6);

		for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
			check(snap, &limits[i]);
		snapshot_unref(snap);
	}
}

/* The arcs in a manner are those on foot where the other ways are not. */
static void
test_manners(void **state)
{
	static const struct gis_manner manners[] = {
		{ GIS_WITHOUT_STEPS, GIS_ANY_TIME }, { GIS_ON_FOOT, 0 },
		{ GIS_ON_FOOT, 13 * 60 }, { GIS_ON_FOOT, 22 * 60 }
	};

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct gis_manner manner = manners[round % 4];
		struct plan_limit limit = { true, 9, 700, manner,
			rules->snap_reach };
		struct plan_sites sites[2];
		struct plan_arcs a, b;
		uint64_t start = seed;
		struct snapshot *all = district(20, 60, 60);

		only = manner;
		seed = start;
		struct snapshot *some = district(20, 60, 60);
		only = gis_on_foot;
		plan_sites_init(&sites[0], all, NULL, NULL);
		plan_sites_init(&sites[1], some, NULL, NULL);
		assert_int_equal(
		    plan_arcs_build(&a, all, &sites[0], &limit, NULL, NULL), 0);
		limit.manner = gis_on_foot;
		assert_int_equal(
		    plan_arcs_build(&b, some, &sites[1], &limit, NULL, NULL),
		    0);
		assert_int_equal(a.narcs, b.narcs);
		assert_true(a.narcs > 0);
		assert_memory_equal(
		    a.first, b.first, (a.nhomes + 1) * sizeof(*a.first));
		assert_memory_equal(a.to, b.to, a.narcs * sizeof(*a.to));
		assert_memory_equal(
		    a.metres, b.metres, a.narcs * sizeof(*a.metres));
		assert_memory_equal(
		    a.without, b.without, a.nhomes * sizeof(*a.without));
		plan_arcs_release(&a);
		plan_arcs_release(&b);
		plan_sites_release(&sites[0]);
		plan_sites_release(&sites[1]);
		snapshot_unref(all);
		snapshot_unref(some);
	}
}

static int
stop(void *arg, size_t done, size_t of)
{
	(void)arg;
	(void)done;
	(void)of;
	return 1;
}

static void
test_cancel(void **state)
{
	struct snapshot *snap = district(3, 3, 3);
	struct plan_limit limit = { false, 300, 300, gis_on_foot, 500 };
	struct plan_sites sites;
	struct plan_arcs a;

	(void)state;
	assert_int_equal(plan_sites_init(&sites, snap, NULL, NULL), 0);
	assert_int_equal(plan_arcs_build(&a, snap, &sites, &limit, stop, NULL),
	    ASSIGN_CANCELLED);
	plan_arcs_release(&a);
	plan_sites_release(&sites);
	snapshot_unref(snap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arcs),
		cmocka_unit_test(test_manners),
		cmocka_unit_test(test_cancel),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

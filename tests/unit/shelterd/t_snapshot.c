/* SPDX-License-Identifier: MIT */
/*
 * Snapshots: what one shelter's change copies and what it shares, that the
 * next one equals one loaded from nothing, and that old ones stay as they
 * were.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/request.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "tests/unit/shelterd/temp.h"

enum { N = 700 };

static struct db *db;
static struct rules *rules;
static char err[300];

static int64_t
add(double lon, double lat, int64_t places)
{
	struct shelter_row s = { .name = "s",
		.address = "a",
		.area = -1,
		.places = places,
		.lonlat = { lon, lat } };
	struct unit_row u = {
		.sheltering_area = -1, .stated_places = places, .converted = -1
	};
	assert_int_equal(shelter_insert(db, &s), DB_OK);
	assert_int_equal(unit_insert(db, s.id, &u), DB_OK);
	struct entrance_row e = { .unit_id = u.id,
		.lonlat = s.lonlat,
		.clear_width = -1,
		.usable = true };
	assert_int_equal(entrance_insert(db, s.id, &e), DB_OK);
	return s.id;
}

static int
setup(void **state)
{
	if (temp_begin(state) != 0)
		return -1;
	rules = rules_load("etc/rules", err, sizeof(err));
	db = db_open(temp_path(), false, err, sizeof(err));
	if (!rules || !db || migrate(db, err, sizeof(err)) < 0)
		return -1;
	db_begin(db);
	for (int i = 0; i < N; i++)
		add(121.5 + i * 1e-5, 25 + (i % 7) * 1e-4, 10 + i);
	return db_commit(db);
}

static int
teardown(void **state)
{
	db_close(db);
	rules_free(rules);
	return temp_end(state);
}

static struct snapshot *
load(void)
{
	struct snapshot *s = snapshot_load(db, rules, err, sizeof(err));
	if (!s)
		fail_msg("%s", err);
	return s;
}

static struct snapshot *
next(const struct snapshot *old, unsigned parts, int64_t shelter, int64_t event)
{
	struct snapshot *s = snapshot_next(old, db, rules, parts, &shelter,
	    shelter != 0, event, err, sizeof(err));
	if (!s)
		fail_msg("%s", err);
	return s;
}

static void
same(const struct snapshot *a, const struct snapshot *b)
{
	assert_int_equal(snapshot_shelters(a), snapshot_shelters(b));
	for (size_t i = 0; i < snapshot_shelters(a); i++) {
		const struct snap_shelter *x = snapshot_shelter_at(a, i);
		const struct snap_shelter *y = snapshot_shelter_at(b, i);
		assert_int_equal(x->id, y->id);
		assert_int_equal(x->version, y->version);
		assert_int_equal(x->usable, y->usable);
		assert_true(x->plane.x == y->plane.x);
		assert_true(x->entrances[0].plane.y == y->entrances[0].plane.y);
	}
}

static void
close_one(int64_t id)
{
	const struct shelter_full *f = NULL;
	struct shelter_reader *r = shelter_reader_new(db, id, id);
	assert_int_equal(shelter_reader_next(r, &f), DB_ROW);
	struct shelter_row row = f->row;
	row.closed = true;
	assert_int_equal(shelter_update(db, &row), DB_OK);
	shelter_reader_free(r);
}

static void
shares(void **state)
{
	struct snapshot *a = load();
	(void)state;
	close_one(300);
	struct snapshot *b = next(a, 0, 300, 42);
	assert_int_equal(snapshot_version(b), 42);
	for (size_t i = 0; i < N; i++) {
		bool changed = snapshot_shelter_at(a, i)->id == 300;
		assert_true((snapshot_shelter_at(a, i) ==
				snapshot_shelter_at(b, i)) == !changed);
	}
	assert_ptr_equal(
	    snapshot_entrance_index(a), snapshot_entrance_index(b));
	assert_int_equal(snapshot_shelter(a, 300)->usable, 309);
	assert_int_equal(snapshot_shelter(b, 300)->usable, 0);
	assert_int_equal(snapshot_shelter(b, 300)->binding, CAP_CLOSED);
	snapshot_unref(a);
	struct snapshot *fresh = load();
	same(b, fresh);
	snapshot_unref(fresh);
	snapshot_unref(b);
}

static void
grows(void **state)
{
	struct snapshot *s = load();
	(void)state;
	for (int i = 0; i < 100; i++) {
		size_t before = snapshot_shelters(s);
		int64_t id = add(121.5035, 25.0003, 5);
		struct snapshot *t = next(s, 0, id, 100 + i);
		assert_int_equal(snapshot_shelters(s), before);
		assert_int_equal(snapshot_shelters(t), before + 1);
		assert_int_equal(snapshot_shelter(t, id)->usable, 5);
		assert_null(snapshot_shelter(s, id));
		snapshot_unref(s);
		s = t;
	}
	struct snapshot *fresh = load();
	same(s, fresh);
	snapshot_unref(fresh);
	/* The index knows the new ones. */
	struct gis_hit hit;
	const struct snap_shelter *last =
	    snapshot_shelter_at(s, snapshot_shelters(s) - 1);
	const struct snap_shelter *found = NULL;
	assert_int_equal(
	    gis_index_nearest(snapshot_entrance_index(s), last->plane, 1, &hit),
	    1);
	snapshot_entrance(s, hit.item, &found, NULL);
	assert_true(hit.metres < 0.001 && found->usable == 5);
	snapshot_unref(s);
}

static void
versions(void **state)
{
	struct snapshot *a = load(), *b = next(a, SNAP_USERS, 0, 9);
	(void)state;
	assert_int_equal(snapshot_version(a), snapshot_version(b));
	assert_ptr_equal(snapshot_shelter_at(a, 0), snapshot_shelter_at(b, 0));
	struct snapshot *c = next(b, SNAP_SHELTERS, 0, 10);
	assert_int_equal(snapshot_version(c), 10);
	same(b, c);
	/* The plane is the same for a point alone. */
	const struct snap_shelter *s = snapshot_shelter_at(c, 5);
	struct gis_point p = snapshot_to_plane(c, s->lonlat);
	assert_true(p.x == s->plane.x && p.y == s->plane.y);
	snapshot_unref(a);
	snapshot_unref(b);
	snapshot_unref(c);
}

static void
move(int64_t id, double lon, double lat)
{
	const struct shelter_full *f = NULL;
	struct shelter_reader *r = shelter_reader_new(db, id, id);
	assert_int_equal(shelter_reader_next(r, &f), DB_ROW);
	struct shelter_row row = f->row;
	row.lonlat = (struct gis_point){ lon, lat };
	struct entrance_row door = f->entrances[0];
	door.lonlat = row.lonlat;
	assert_int_equal(shelter_update(db, &row), DB_OK);
	assert_int_equal(entrance_update(db, &door), DB_OK);
	shelter_reader_free(r);
}

struct seen {
	const struct snapshot *snap;
	size_t n;
	uint64_t last;
	struct gis_tile_at tile;
};

static int
see(void *arg, const struct snap_place *p)
{
	struct seen *s = arg;
	const struct snap_shelter *shelter =
	    snapshot_shelter_at(s->snap, p->at);
	struct gis_world w = gis_world_from_lonlat(shelter->lonlat);
	assert_true(p->key == shelter->key && p->key == gis_world_key(w));
	assert_true(p->key >= s->last);
	assert_true(
	    s->tile.z == 0 || (w.x >> (32 - s->tile.z) == s->tile.x &&
				  w.y >> (32 - s->tile.z) == s->tile.y));
	s->last = p->key;
	s->n++;
	return 0;
}

static size_t
count(const struct snapshot *snap, struct gis_tile_at tile)
{
	struct seen s = { .snap = snap, .tile = tile };
	assert_int_equal(snapshot_shelters_in(snap, tile, see, &s), 0);
	return s.n;
}

/* All shelters, each in the one tile its place says: pages that are left, come
 * to and split keep the order. */
static void
check_tiles(const struct snapshot *snap, unsigned z)
{
	struct gis_world w =
	    gis_world_from_lonlat((struct gis_point){ 121.51, 25.01 });
	uint32_t x = w.x >> (32 - z), y = w.y >> (32 - z);
	size_t n = 0;
	for (uint32_t i = x - 8; i <= x + 8; i++)
		for (uint32_t k = y - 8; k <= y + 8; k++)
			n += count(snap, (struct gis_tile_at){ z, i, k });
	assert_int_equal(n, snapshot_shelters(snap));
	assert_int_equal(count(snap, (struct gis_tile_at){ 0, 0, 0 }), n);
}

/* The index knows every door where it is, as one made anew does. */
static void
same_index(const struct snapshot *a, const struct snapshot *b)
{
	for (int i = 0; i < 60; i++) {
		struct gis_point p =
		    snapshot_to_plane(a, (struct gis_point){ 121.5 + i * 3e-4,
					     25 + i * 7 % 60 * 3e-4 });
		struct gis_hit x[40], y[40];
		size_t n =
		    gis_index_nearest(snapshot_entrance_index(a), p, 40, x);
		assert_int_equal(
		    gis_index_nearest(snapshot_entrance_index(b), p, 40, y), n);
		for (size_t k = 0; k < n; k++) {
			const struct snap_shelter *s, *t;
			const struct snap_entrance *e, *f;
			snapshot_entrance(a, x[k].item, &s, &e);
			snapshot_entrance(b, y[k].item, &t, &f);
			assert_true(x[k].metres == y[k].metres);
			assert_int_equal(s->id, t->id);
			assert_int_equal(e->id, f->id);
		}
	}
}

static void
places(void **state)
{
	struct snapshot *s = load(), *first = snapshot_ref(s);
	uint32_t seed = 5;
	(void)state;
	check_tiles(s, 16);
	for (int i = 0; i < 900; i++) {
		int64_t id = 1 + (seed = seed * 1664525u + 1013904223u) % N;
		/* Many to one corner, so that pages fill and empty. */
		double spread = i < 600 ? 1e-4 : 2e-2;
		move(id, 121.5 + spread * (seed >> 8 & 255) / 256,
		    25 + spread * (seed >> 16 & 255) / 256);
		struct snapshot *t = next(s, 0, id, 1000 + i);
		snapshot_unref(s);
		s = t;
		if (i % 60 == 0)
			check_tiles(s, 12 + (unsigned)i / 60 % 5);
		if (i % 90 == 0) {
			struct snapshot *anew = load();
			same_index(s, anew);
			snapshot_unref(anew);
		}
	}
	check_tiles(s, 15);
	check_tiles(first, 15);
	struct snapshot *fresh = load();
	same_index(s, fresh);
	for (uint32_t z = 0; z < 20; z++) {
		struct gis_world w = gis_world_from_lonlat(
		    snapshot_shelter_at(s, z * 20)->lonlat);
		struct gis_tile_at at = { z, z ? w.x >> (32 - z) : 0,
			z ? w.y >> (32 - z) : 0 };
		assert_true(count(s, at) > 0);
		assert_int_equal(count(s, at), count(fresh, at));
	}
	snapshot_unref(fresh);
	snapshot_unref(first);
	snapshot_unref(s);
}

/* A shelter that is not there any more cannot be reloaded. */
static void
fails(void **state)
{
	struct snapshot *a = load();
	int64_t nobody = 999999;
	(void)state;
	assert_null(
	    snapshot_next(a, db, rules, 0, &nobody, 1, 1, err, sizeof(err)));
	assert_true(err[0] != '\0');
	snapshot_unref(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares),
		cmocka_unit_test(grows),
		cmocka_unit_test(versions),
		cmocka_unit_test(places),
		cmocka_unit_test(fails),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT */
/* Plans without a daemon: comparing two, packing a problem, the store's life
 * of a plan and the view of the one that counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/plan/plan_diff.h"
#include "shelterd/plan/plan_pack.h"
#include "shelterd/plan/plan_view.h"
#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"

static void
test_diff(void **state)
{
	/* home 1: 5 stay, 3 move 10 -> 20; home 2: 4 lose their place;
	 * home 3: 6 get one; home 4: nothing changes */
	struct assignment_row a[] = { { 1, 4, 10, 0, 2, 9 },
		{ 2, 1, 10, 0, 8, 9 }, { 3, 2, 20, 0, 4, 9 } };
	struct assignment_row b[] = { { 4, 3, 10, 0, 6, 9 },
		{ 5, 1, 20, 0, 3, 9 }, { 6, 1, 10, 0, 5, 9 },
		{ 7, 4, 10, 0, 2, 9 } };
	const struct plan_move expect[] = { { 1, 3, 10, 20 }, { 2, 4, 20, 0 },
		{ 3, 6, 0, 10 } };
	size_t n;
	int64_t same;
	struct plan_move *m = plan_diff(a, 3, b, 4, &n, &same);

	(void)state;
	assert_non_null(m);
	assert_int_equal(n, 3);
	assert_memory_equal(m, expect, sizeof(expect));
	assert_int_equal(same, 7);
	free(m);
	m = plan_diff(b, 4, b, 4, &n, &same);
	assert_int_equal(n, 0);
	assert_int_equal(same, 16);
	free(m);
}

static const struct snap_home homes[] = { { .id = 7 }, { .id = 300 } };
static const struct snap_shelter shelters[] = { { .id = 1 },
	{ .id = (int64_t)1 << 40 } };
static const struct snap_entrance door = { .id = 5 };

static unsigned char *
pack_small(size_t *len)
{
	const struct snap_home *home[] = { &homes[0], &homes[1] };
	const struct snap_shelter *shelter[] = { &shelters[0], &shelters[1] };
	const struct snap_entrance *doors[] = { &door, &door, &door };
	int64_t people[] = { 10, 200 }, places[] = { 0, 127 };
	int64_t metres[] = { 128, 0, 16384 }, flow[] = { 0, 10, 117 };
	size_t first[] = { 0, 2, 3 };
	uint32_t to[] = { 0, 1, 1 };
	const struct plan_arcs a = { .nhomes = 2,
		.nshelters = 2,
		.narcs = 3,
		.home = home,
		.shelter = shelter,
		.people = people,
		.places = places,
		.metres = metres,
		.first = first,
		.to = to,
		.door = doors };

	return plan_pack(&a, flow, len);
}

static void
test_pack(void **state)
{
	size_t len;
	unsigned char *bytes = pack_small(&len);
	char *text;

	(void)state;
	assert_non_null(bytes);
	text = plan_unpack_json(bytes, len);
	assert_string_equal(text,
	    "{\"homes\":[[7,10],[300,200]],"
	    "\"shelters\":[[1,0],[1099511627776,127]],"
	    "\"arcs\":[[7,1,128],[7,1099511627776,0],"
	    "[300,1099511627776,16384]],"
	    "\"answer\":[[7,1099511627776,10],[300,1099511627776,117]]");
	free(text);
	for (size_t cut = 0; cut < len; cut++)
		assert_null(plan_unpack_json(bytes, cut));
	bytes[0] = 2;
	assert_null(plan_unpack_json(bytes, len));
	free(bytes);
}

static int64_t
store_plan(struct db *db, int64_t shelter, int64_t people)
{
	struct plan_row p = { .title = "",
		.where = "",
		.limit = 200,
		.metres = 200,
		.people = people,
		.sheltered = people,
		.variant = people == 3 ? "{\"late\":0}" : NULL };
	struct assignment_row a = { 0, 1, shelter, 1, people, 50 };

	assert_int_equal(plan_insert(db, &p), DB_OK);
	assert_int_equal(plan_insert_assignment(db, p.id, &a), DB_OK);
	a.home = 2;
	assert_int_equal(plan_insert_assignment(db, p.id, &a), DB_OK);
	return p.id;
}

static void
view_is(
    struct db *db, int64_t id, bool approved, int64_t shelter, int64_t assigned)
{
	char err[128] = "";
	struct plan_view *v = plan_view_load(db, err, sizeof(err));
	const struct plan_seat *seats;

	assert_string_equal(err, "");
	assert_int_equal(plan_view_id(v), id);
	assert_int_equal(plan_view_approved(v), approved);
	assert_int_equal(plan_view_assigned_to(v, shelter), assigned);
	assert_int_equal(plan_view_assigned_to(v, 999), 0);
	if (id != 0) {
		assert_int_equal(plan_view_of_home(v, 2, &seats), 1);
		assert_int_equal(seats[0].shelter, shelter);
	}
	assert_int_equal(plan_view_of_home(v, 3, &seats), 0);
	plan_view_unref(plan_view_ref(v));
	plan_view_unref(v);
}

static void
test_life(void **state)
{
	char err[256] = "";
	struct db *db = db_open(":memory:", false, err, sizeof(err));
	int64_t first, second, before;
	struct plan_row p;
	struct db_stmt *s;

	(void)state;
	assert_non_null(db);
	assert_int_equal(migrate(db, err, sizeof(err)), DB_OK);
	view_is(db, 0, false, 1, 0);
	first = store_plan(db, 10, 4);
	view_is(db, first, false, 10, 0);
	assert_int_equal(plan_set_approved(db, first, 1, 5, &before), DB_OK);
	assert_int_equal(before, 0);
	view_is(db, first, true, 10, 8);
	second = store_plan(db, 20, 3);
	view_is(db, first, true, 10, 8);
	assert_int_equal(plan_set_approved(db, second, 1, 6, &before), DB_OK);
	assert_int_equal(before, first);
	view_is(db, second, true, 20, 6);
	s = plan_find(db, first);
	assert_int_equal(plan_next(s, &p), DB_ROW);
	assert_int_equal(p.state, PLAN_SUPERSEDED);
	assert_int_equal(p.version, 3);
	assert_null(p.variant);
	db_done(s);
	s = plan_find(db, second);
	assert_int_equal(plan_next(s, &p), DB_ROW);
	assert_string_equal(p.variant, "{\"late\":0}");
	db_done(s);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

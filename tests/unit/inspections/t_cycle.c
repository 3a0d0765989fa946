/* SPDX-License-Identifier: MIT */
/*
 * What is due, from looks: a brute force over the rules as they are worded in
 * cycle.h, and the corners by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "inspections/cycle.h"

enum { DAY = 86400, NOW = 1767225600 /* 2026-01-01 */ };

static const struct checklist_item list[] = {
	{ .id = "closes" },
	{ .id = "seal" },
	{ .id = "paint" },
};

static struct cycle_item
doors(const char *checks)
{
	struct cycle_item item = { .id = "doors",
		.cycle = { CYCLE_MONTH, CYCLE_YEAR, CYCLE_10Y } };
	char why[200];

	strcpy(item.checks, checks);
	assert_null(cycle_resolve(&item, list, 3, why, sizeof(why)));
	return item;
}

static void
resolve(void **state)
{
	struct cycle_item item = { .id = "doors", .checks = "seal closes" };
	char why[200];

	(void)state;
	assert_null(cycle_resolve(&item, list, 3, why, sizeof(why)));
	assert_int_equal(item.nchecks, 2);
	assert_int_equal(item.check[0], 1);
	assert_int_equal(item.check[1], 0);
	strcpy(item.checks, "seal knob");
	assert_non_null(cycle_resolve(&item, list, 3, why, sizeof(why)));
	assert_string_equal(why, "doors: the checklist has no 'knob'");
	strcpy(item.checks, " ");
	assert_non_null(cycle_resolve(&item, list, 3, why, sizeof(why)));
	assert_non_null(strstr(why, "no checks"));
	item.checks[0] = '\0';
	for (int i = 0; i <= CYCLE_CHECKS; i++)
		strcat(item.checks, "seal ");
	assert_non_null(cycle_resolve(&item, list, 3, why, sizeof(why)));
	assert_non_null(strstr(why, "more than"));
	assert_ptr_equal(cycle_find(&item, 1, "doors"), &item);
	assert_null(cycle_find(&item, 1, "door"));
}

static void
words(void **state)
{
	(void)state;
	for (int i = 0; i < WORKS; i++)
		assert_int_equal(
		    cycle_work_parse(cycle_work_name((enum cycle_work)i)), i);
	assert_int_equal(cycle_work_parse("na"), WORKS);
	assert_int_equal(cycle_work_parse(NULL), WORKS);
	assert_string_equal(cycle_state_name(CYCLE_NEVER), "never");
	assert_string_equal(cycle_state_name(CYCLE_STATES), "unknown");
}

static void
due(void **state)
{
	struct cycle_item item = doors("closes seal");
	struct cycle_look looks[3] = { 0 };
	struct cycle_due d = cycle_due(&item, WORK_ROUTINE, looks, NOW);

	(void)state;
	assert_int_equal(d.state, CYCLE_NEVER);
	assert_int_equal(d.due, NOW);
	assert_int_equal(d.missed, 0);
	d = cycle_due(&item, WORK_REPLACE, looks, NOW);
	assert_int_equal(d.state, CYCLE_UNKNOWN);
	assert_true(d.due == INT64_MAX);

	/* One check alone is not the item. */
	looks[0].done[WORK_ROUTINE] = NOW - DAY;
	d = cycle_due(&item, WORK_ROUTINE, looks, NOW);
	assert_int_equal(d.state, CYCLE_NEVER);
	looks[1].done[WORK_ROUTINE] = NOW - 70 * DAY;
	d = cycle_due(&item, WORK_ROUTINE, looks, NOW);
	assert_int_equal(d.state, CYCLE_OVERDUE);
	assert_int_equal(d.last, NOW - 70 * DAY);
	assert_int_equal(d.missed, 2);
	assert_int_equal(d.due, schedule_next(d.last, CYCLE_MONTH));
	/* unless the other is not there */
	looks[1].absent = NOW - 60 * DAY;
	d = cycle_due(&item, WORK_ROUTINE, looks, NOW);
	assert_int_equal(d.state, CYCLE_CURRENT);
	assert_int_equal(d.last, NOW - DAY);
	/* until somebody finds it again. */
	looks[1].done[WORK_ROUTINE] = looks[1].absent;
	d = cycle_due(&item, WORK_ROUTINE, looks, NOW);
	assert_int_equal(d.last, NOW - 60 * DAY);

	/* A stronger work counts for the weaker, not the other way round. */
	d = cycle_due(&item, WORK_SPECIAL, looks, NOW);
	assert_int_equal(d.state, CYCLE_NEVER);
	looks[0].done[WORK_REPLACE] = looks[1].done[WORK_SPECIAL] = NOW;
	d = cycle_due(&item, WORK_SPECIAL, looks, NOW);
	assert_int_equal(d.state, CYCLE_CURRENT);
	d = cycle_due(&item, WORK_ROUTINE, looks, NOW);
	assert_int_equal(d.last, NOW);
	d = cycle_due(&item, WORK_REPLACE, looks, NOW);
	assert_int_equal(d.state, CYCLE_UNKNOWN);

	/* Nothing of it there; no cycle of that kind. */
	looks[0].absent = looks[1].absent = NOW + 1;
	d = cycle_due(&item, WORK_ROUTINE, looks, NOW);
	assert_int_equal(d.state, CYCLE_ABSENT);
	item.cycle[WORK_REPLACE] = CYCLE_NONE;
	looks[0].absent = 0;
	d = cycle_due(&item, WORK_REPLACE, looks, NOW);
	assert_int_equal(d.state, CYCLE_ABSENT);
	assert_true(d.due == INT64_MAX);
}

static void
on_the_day(void **state)
{
	struct cycle_item item = doors("closes");
	struct cycle_look looks[3] = { 0 };
	int64_t next;

	(void)state;
	looks[0].done[WORK_ROUTINE] = NOW;
	next = schedule_next(NOW, CYCLE_MONTH);
	assert_int_equal(cycle_due(&item, WORK_ROUTINE, looks, next - 1).state,
	    CYCLE_CURRENT);
	assert_int_equal(
	    cycle_due(&item, WORK_ROUTINE, looks, next).state, CYCLE_OVERDUE);
	assert_int_equal(cycle_due(&item, WORK_ROUTINE, looks, next).missed, 1);
}

static void
window(void **state)
{
	static const struct {
		enum cycle_state state;
		int64_t due;
		struct cycle_window w;
		bool listed, calls;
	} rows[] = {
		{ CYCLE_CURRENT, 20, { 0, INT64_MAX, false }, true, true },
		{ CYCLE_CURRENT, 20, { 0, 20, false }, true, true },
		{ CYCLE_CURRENT, 20, { 0, 19, false }, false, false },
		{ CYCLE_CURRENT, 20, { 20, 30, false }, true, true },
		{ CYCLE_CURRENT, 20, { 21, 30, false }, false, false },
		{ CYCLE_CURRENT, 20, { 0, INT64_MAX, true }, false, false },
		{ CYCLE_OVERDUE, 5, { 0, 20, true }, true, true },
		{ CYCLE_OVERDUE, 5, { 6, 20, true }, false, false },
		{ CYCLE_NEVER, 10, { 0, 10, true }, true, true },
		{ CYCLE_UNKNOWN, INT64_MAX, { 0, INT64_MAX, false }, true,
		    false },
		{ CYCLE_UNKNOWN, INT64_MAX, { 0, INT64_MAX, true }, false,
		    false },
		{ CYCLE_UNKNOWN, INT64_MAX, { 0, 10, false }, false, false },
		{ CYCLE_ABSENT, INT64_MAX, { 0, INT64_MAX, false }, false,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cycle_due d = { .state = rows[i].state,
			.due = rows[i].due };

		if (cycle_in_window(&d, &rows[i].w) != rows[i].listed ||
		    cycle_calls(&d, &rows[i].w) != rows[i].calls)
			fail_msg("row %zu", i);
	}
}

/* The wording, literally: an item's time is the smallest over the checks that
 * are there of the latest work at least as strong. */
static void
brute(void **state)
{
	struct cycle_item item = doors("closes seal paint");
	struct cycle_look looks[3];

	(void)state;
	srand(7);
	for (int round = 0; round < 20000; round++) {
		for (int i = 0; i < 3; i++) {
			for (int w = 0; w < WORKS; w++)
				looks[i].done[w] = (rand() % 4) * 1000 * DAY;
			looks[i].absent = (rand() % 4) * 1000 * DAY;
		}
		for (int w = 0; w < WORKS; w++) {
			int64_t want = INT64_MAX;

			for (int i = 0; i < 3; i++) {
				int64_t any = 0, done = 0;

				for (int x = 0; x < WORKS; x++) {
					int64_t at = looks[i].done[x];

					any = at > any ? at : any;
					if (x >= w)
						done = at > done ? at : done;
				}
				if (looks[i].absent <= any && done < want)
					want = done;
			}
			struct cycle_due d =
			    cycle_due(&item, (enum cycle_work)w, looks, NOW);
			if (want == INT64_MAX)
				assert_int_equal(d.state, CYCLE_ABSENT);
			else
				assert_int_equal(d.last, want);
		}
	}
}

static void
join(void **state)
{
	const struct cycle_look a = { { 1, 5, 0 }, 9 }, b = { { 2, 3, 4 }, 0 };
	const struct cycle_look j = cycle_look_join(&a, &b);

	(void)state;
	assert_int_equal(j.done[0], 2);
	assert_int_equal(j.done[1], 5);
	assert_int_equal(j.done[2], 4);
	assert_int_equal(j.absent, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolve),
		cmocka_unit_test(words),
		cmocka_unit_test(due),
		cmocka_unit_test(on_the_day),
		cmocka_unit_test(window),
		cmocka_unit_test(brute),
		cmocka_unit_test(join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

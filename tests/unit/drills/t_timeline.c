/* SPDX-License-Identifier: MIT */
/* The drill's clock against a clock that is stepped millisecond by
 * millisecond, and entries against a plain scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/timeline.h"

static void
test_by_hand(void **state)
{
	/* Start at 1000, pause at 3000, resume at 10000; 60 times as fast. */
	struct timeline_mark marks[3];
	struct timeline t = { 60000, marks, 0 };

	(void)state;
	assert_int_equal(timeline_second(&t, 5000), 0);
	assert_int_equal(timeline_wall(&t, 0), INT64_MAX);
	marks[t.nmarks] = timeline_mark_at(&t, 1000, 1);
	t.nmarks++;
	assert_int_equal(timeline_second(&t, 999), 0);
	assert_int_equal(timeline_second(&t, 3000), 120);
	assert_int_equal(timeline_wall(&t, 480), 9000);
	marks[t.nmarks] = timeline_mark_at(&t, 3000, 0);
	t.nmarks++;
	assert_int_equal(timeline_second(&t, 9999), 120);
	assert_int_equal(timeline_wall(&t, 480), INT64_MAX);
	marks[t.nmarks] = timeline_mark_at(&t, 10000, 1);
	t.nmarks++;
	assert_int_equal(timeline_wall(&t, 480), 16000);
	assert_int_equal(timeline_wall(&t, 7), 10000);
	assert_int_equal(timeline_second(&t, 16000), 480);
	/* What was in the past stays where it was. */
	assert_int_equal(timeline_second(&t, 2000), 60);
	assert_int_equal(timeline_second(&t, 5000), 120);
}

static void
test_stepped(void **state)
{
	struct timeline_mark marks[40];

	(void)state;
	srand(7);
	for (int round = 0; round < 60; round++) {
		static const int64_t speeds[] = { 100, 1000, 1500, 7333,
			3600000 };
		struct timeline t = { speeds[round % 5], marks, 0 };
		int64_t us = 0;
		int running = 0;

		for (int64_t ms = 0; ms < 3000; ms++) {
			if (rand() % 100 == 0 && t.nmarks < 40) {
				running = !running;
				marks[t.nmarks] =
				    timeline_mark_at(&t, ms, running);
				t.nmarks++;
			}
			assert_int_equal(timeline_us(&t, ms), us);
			if (running)
				us += t.speed;
		}
		for (int64_t s = 0; running && s < 3000; s += 17) {
			int64_t wall = timeline_wall(&t, s);

			assert_true(
			    timeline_us(&t, wall) >= s * TIMELINE_SECOND);
			if (wall > marks[t.nmarks - 1].wall_ms)
				assert_true(timeline_us(&t, wall - 1) <
					    s * TIMELINE_SECOND);
		}
	}
}

static void
test_wall_put_back(void **state)
{
	struct timeline_mark marks[2] = { { 100000, 0, 1 } };
	struct timeline t = { 1000, marks, 1 };

	(void)state;
	marks[1] = timeline_mark_at(&t, 160000, 0);
	t.nmarks = 2;
	assert_int_equal(marks[1].drill_us, 60000000);
	struct timeline_mark m = timeline_mark_at(&t, 50000, 1);
	assert_int_equal(m.wall_ms, 160000);
	assert_int_equal(m.drill_us, 60000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_stepped),
		cmocka_unit_test(test_wall_put_back),
	};

	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Seconds of sound against the published patterns, counted one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "drills/alarm.h"

static const struct alarm_signal table[] = {
	{ "pre-alarm", "预先警报", "Pre-alarm", 36, 24, 3, 180, "", "B" },
	{ "air-raid", "空袭警报", "Air raid", 6, 6, 15, 180, "", "B" },
	{ "all-clear", "解除警报", "All clear", 180, 0, 1, 180, "", "B" },
};

static void
test_sounds(void **state)
{
	static const struct {
		const char *word;
		int64_t t;
		int on;
	} rows[] = {
		{ "pre-alarm", -1, 0 },
		{ "pre-alarm", 0, 1 },
		{ "pre-alarm", 35, 1 },
		{ "pre-alarm", 36, 0 },
		{ "pre-alarm", 59, 0 },
		{ "pre-alarm", 60, 1 },
		{ "pre-alarm", 155, 1 },
		{ "pre-alarm", 156, 0 },
		{ "pre-alarm", 180, 0 },
		{ "air-raid", 5, 1 },
		{ "air-raid", 6, 0 },
		{ "air-raid", 12, 1 },
		{ "air-raid", 173, 1 },
		{ "air-raid", 174, 0 },
		{ "all-clear", 0, 1 },
		{ "all-clear", 179, 1 },
		{ "all-clear", 180, 0 },
		{ "all-clear", INT64_MAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct alarm_signal *a =
		    alarm_find(table, 3, rows[i].word);
		assert_non_null(a);
		if (alarm_sounds(a, rows[i].t) != rows[i].on)
			fail_msg(
			    "%s at %lld", rows[i].word, (long long)rows[i].t);
	}
}

static void
test_whole_signal(void **state)
{
	static const int seconds[] = { 108, 90, 180 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		int on = 0;

		for (int64_t t = -10; t < 400; t++)
			on += alarm_sounds(&table[i], t);
		assert_int_equal(on, seconds[i]);
		assert_true(alarm_consistent(&table[i]));
	}
}

static void
test_bad_rows(void **state)
{
	struct alarm_signal a = table[0];

	(void)state;
	a.total_s = 181;
	assert_false(alarm_consistent(&a));
	a = table[0];
	a.off_s = -24;
	assert_false(alarm_consistent(&a));
	a.on_s = a.off_s = 0;
	assert_false(alarm_sounds(&a, 0));
	a.on_s = INT64_MAX / 4;
	assert_false(alarm_consistent(&a));
	assert_null(alarm_find(table, 3, "real-war"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sounds),
		cmocka_unit_test(test_whole_signal),
		cmocka_unit_test(test_bad_rows),
	};

	return cmocka_run_group_tests_name("alarm", tests, NULL, NULL);
}

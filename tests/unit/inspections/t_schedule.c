/* SPDX-License-Identifier: MIT */
/*
 * Due dates; the calendar is checked against libc's timegm().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>
#include "inspections/schedule.h"

static int64_t
at(int y, int m, int d)
{
	struct tm tm = { .tm_year = y - 1900,
		.tm_mon = m - 1,
		.tm_mday = d,
		.tm_hour = 13,
		.tm_sec = 7 };

	return timegm(&tm);
}

static const struct {
	const char *cycle;
	int y, m, d, ny, nm, nd;
} rows[] = {
	{ "month", 2026, 1, 15, 2026, 2, 15 },
	{ "month", 2026, 1, 31, 2026, 2, 28 },
	{ "month", 2024, 1, 31, 2024, 2, 29 },
	{ "month", 2026, 12, 31, 2027, 1, 31 },
	{ "quarter", 2026, 11, 30, 2027, 2, 28 },
	{ "half-year", 2026, 8, 31, 2027, 2, 28 },
	{ "year", 2024, 2, 29, 2025, 2, 28 },
	{ "2y", 2026, 6, 1, 2028, 6, 1 },
	{ "5y", 2026, 6, 1, 2031, 6, 1 },
	{ "10y", 1990, 2, 28, 2000, 2, 28 },
};

static void
next(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    schedule_next(at(rows[i].y, rows[i].m, rows[i].d),
			schedule_cycle_parse(rows[i].cycle)),
		    at(rows[i].ny, rows[i].nm, rows[i].nd));
	assert_int_equal(schedule_next(0, CYCLE_NONE), INT64_MAX);
	assert_int_equal(schedule_next(0, CYCLES), INT64_MAX);
}

/* Every day of four hundred years and more, a year on. */
static void
calendar(void **state)
{
	(void)state;
	for (int64_t day = -200000; day < 200000; day += 7) {
		time_t t = (time_t)(day * 86400 + 11);
		struct tm tm;

		assert_non_null(gmtime_r(&t, &tm));
		if (tm.tm_mon == 1 && tm.tm_mday == 29)
			continue;
		tm.tm_year++;
		assert_int_equal(schedule_next(t, CYCLE_YEAR), timegm(&tm));
	}
}

static void
missed(void **state)
{
	(void)state;
	assert_int_equal(
	    schedule_missed(at(2026, 1, 1), CYCLE_MONTH, at(2026, 1, 31)), 0);
	assert_int_equal(
	    schedule_missed(at(2026, 1, 1), CYCLE_MONTH, at(2026, 2, 1)), 1);
	assert_int_equal(
	    schedule_missed(at(2020, 1, 31), CYCLE_MONTH, at(2026, 1, 31)), 72);
	assert_int_equal(
	    schedule_missed(at(2020, 1, 1), CYCLE_2Y, at(2026, 1, 1)), 3);
	assert_int_equal(schedule_missed(0, CYCLE_NONE, INT64_MAX - 1), 0);
}

static void
words(void **state)
{
	(void)state;
	for (int i = 0; i < CYCLES; i++)
		assert_int_equal(schedule_cycle_parse(schedule_cycle_name(
				     (enum schedule_cycle)i)),
		    i);
	assert_int_equal(schedule_cycle_parse("week"), CYCLES);
	assert_int_equal(schedule_cycle_parse(NULL), CYCLES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next),
		cmocka_unit_test(calendar),
		cmocka_unit_test(missed),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

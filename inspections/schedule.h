/* SPDX-License-Identifier: MIT */
/*
 * Due dates of maintenance work from the cycle words of etc/rules/cycles.csv
 * (DBJ33/T 1309-2023: monthly to ten-yearly).  Pure calendar arithmetic in
 * UTC seconds; what day it is, is an argument.
 */
#ifndef INSPECTIONS_SCHEDULE_H
#define INSPECTIONS_SCHEDULE_H

#include <stdint.h>

enum schedule_cycle {
	CYCLE_NONE,
	CYCLE_MONTH,
	CYCLE_QUARTER,
	CYCLE_HALF_YEAR,
	CYCLE_YEAR,
	CYCLE_2Y,
	CYCLE_5Y,
	CYCLE_10Y,
	CYCLES /* no cycle word */
};

/* "month" "quarter" "half-year" "year" "2y" "5y" "10y", "-" for none;
 * CYCLES for any other word. */
enum schedule_cycle schedule_cycle_parse(const char *word);
const char *schedule_cycle_name(enum schedule_cycle);

/* When the work is due again that was done at `done`: the same day of a later
 * month, or that month's last day.  INT64_MAX without a cycle. */
int64_t schedule_next(int64_t done, enum schedule_cycle);

/* How many periods have gone by unused at `now`; 0: not overdue. */
int64_t schedule_missed(int64_t done, enum schedule_cycle, int64_t now);

#endif

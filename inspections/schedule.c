/* SPDX-License-Identifier: MIT */
/*
 * Calendar arithmetic for maintenance cycles; knows no clock and no zone.
 * Days are counted in the proleptic Gregorian calendar from 1970-01-01, with
 * years that begin in March so that the leap day comes last.
 */
#include <string.h>
#include "inspections/schedule.h"

enum { DAY = 86400, ERA_DAYS = 146097, EPOCH = 719468 };

static const struct {
	const char *name;
	int months;
} cycles[CYCLES] = {
	[CYCLE_NONE] = { "-", 0 },
	[CYCLE_MONTH] = { "month", 1 },
	[CYCLE_QUARTER] = { "quarter", 3 },
	[CYCLE_HALF_YEAR] = { "half-year", 6 },
	[CYCLE_YEAR] = { "year", 12 },
	[CYCLE_2Y] = { "2y", 24 },
	[CYCLE_5Y] = { "5y", 60 },
	[CYCLE_10Y] = { "10y", 120 },
};

struct date {
	int64_t year;
	int month, day; /* from 1 */
};

enum schedule_cycle
schedule_cycle_parse(const char *word)
{
	for (int i = 0; word && i < CYCLES; i++)
		if (strcmp(word, cycles[i].name) == 0)
			return (enum schedule_cycle)i;
	return CYCLES;
}

const char *
schedule_cycle_name(enum schedule_cycle c)
{
	return (unsigned)c < CYCLES ? cycles[c].name : "-";
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
days_of(struct date d)
{
	int64_t y = d.month > 2 ? d.year : d.year - 1;
	int64_t era = floor_div(y, 400), in_era = y - era * 400;
	int64_t m = d.month > 2 ? d.month - 3 : d.month + 9;

	return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 +
	       (153 * m + 2) / 5 + d.day - 1 - EPOCH;
}

static struct date
date_of(int64_t days)
{
	int64_t era = floor_div(days + EPOCH, ERA_DAYS);
	int64_t n = days + EPOCH - era * ERA_DAYS;
	int64_t y = (n - n / 1460 + n / 36524 - n / 146096) / 365;
	int64_t yday = n - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * yday + 2) / 153;
	struct date d = { .year = era * 400 + y };

	d.day = (int)(yday - (153 * m + 2) / 5 + 1);
	d.month = (int)(m < 10 ? m + 3 : m - 9);
	d.year += d.month <= 2;
	return d;
}

static int
month_length(int64_t year, int month)
{
	struct date first = { year, month, 1 };
	struct date next = { month == 12 ? year + 1 : year,
		month == 12 ? 1 : month + 1, 1 };

	return (int)(days_of(next) - days_of(first));
}

static int64_t
add_months(int64_t at, int64_t months)
{
	int64_t days = floor_div(at, DAY), second = at - days * DAY, m = 0;
	struct date d = date_of(days);
	int last = 0;

	m = d.year * 12 + d.month - 1 + months;
	d.year = floor_div(m, 12);
	d.month = (int)(m - d.year * 12) + 1;
	last = month_length(d.year, d.month);
	d.day = d.day < last ? d.day : last;
	return days_of(d) * DAY + second;
}

int64_t
schedule_next(int64_t done, enum schedule_cycle c)
{
	if ((unsigned)c >= CYCLES || cycles[c].months == 0)
		return INT64_MAX;
	return add_months(done, cycles[c].months);
}

int64_t
schedule_missed(int64_t done, enum schedule_cycle c, int64_t now)
{
	int64_t n = 0, guess = 0;

	if (schedule_next(done, c) > now)
		return 0;
	guess = (now - done) / ((int64_t)cycles[c].months * 31 * DAY);
	for (n = guess; add_months(done, (n + 1) * cycles[c].months) <= now;)
		n++;
	return n;
}

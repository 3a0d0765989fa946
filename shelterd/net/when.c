/* SPDX-License-Identifier: MIT */
/*
 * RFC 3339 times.  Days are counted by the civil-calendar arithmetic of the
 * proleptic Gregorian calendar, so neither the C library's locale nor its
 * time zone has a say.
 */
#include <stdio.h>
#include <string.h>
#include "shelterd/net/when.h"

/* Days from 1970-01-01; years start in March, so the leap day is the last. */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2;
	era = year / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - 719468;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* n digits at s as a number, -1 if one is none. */
static int
digits(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

/* "Z" or "+hh:mm" as seconds east of UTC. */
static bool
offset(const char *s, int64_t *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if ((*s == 'Z' || *s == 'z') && s[1] == '\0')
		return true;
	if ((*s != '+' && *s != '-') || strlen(s) != 6 || s[3] != ':')
		return false;
	hours = digits(s + 1, 2);
	minutes = digits(s + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*seconds = (hours * 60 + minutes) * 60 * (*s == '-' ? -1 : 1);
	return true;
}

bool
when_parse(const char *s, int64_t *seconds)
{
	int64_t east;
	int year, month, day, hour, minute, second;

	if (strlen(s) < 20 || s[4] != '-' || s[7] != '-' ||
	    (s[10] != 'T' && s[10] != 't') || s[13] != ':' || s[16] != ':')
		return false;
	year = digits(s, 4);
	month = digits(s + 5, 2);
	day = digits(s + 8, 2);
	hour = digits(s + 11, 2);
	minute = digits(s + 14, 2);
	second = digits(s + 17, 2);
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month) || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	s += 19;
	if (*s == '.') {
		if (digits(++s, 1) < 0)
			return false;
		while (digits(s, 1) >= 0)
			s++;
	}
	if (!offset(s, &east))
		return false;
	*seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 +
		   minute * 60 + second - east;
	return true;
}

struct date {
	int64_t year;
	int month, day;
};

/* The inverse of days_from_civil(). */
static struct date
civil_from_days(int64_t days)
{
	int64_t era, doe, yoe;
	int doy, mp;
	struct date d;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = (int)(doe - (365 * yoe + yoe / 4 - yoe / 100));
	mp = (5 * doy + 2) / 153;
	d.day = doy - (153 * mp + 2) / 5 + 1;
	d.month = mp < 10 ? mp + 3 : mp - 9;
	d.year = yoe + era * 400 + (d.month <= 2);
	if (d.year < 0 || d.year > 9999)
		d.year = 9999;
	return d;
}

static int64_t
day_of(int64_t seconds)
{
	return (seconds - (seconds < 0 ? 86399 : 0)) / 86400;
}

int
when_year(int64_t seconds)
{
	return (int)civil_from_days(day_of(seconds)).year;
}

/* Two digits and what follows them. */
static char *
put_two(char *to, int value, char after)
{
	*to++ = (char)('0' + value / 10);
	*to++ = (char)('0' + value % 10);
	*to++ = after;
	return to;
}

/* Every event and many an answer holds one, so it is not left to printf. */
char *
when_print(int64_t seconds, char buf[WHEN_SIZE])
{
	int64_t day = day_of(seconds), rest = seconds - day * 86400;
	struct date d = civil_from_days(day);
	int n = 4;
	char *p;

	if (d.year < 0 || d.year > 9999)
		n = snprintf(buf, WHEN_SIZE, "%04d", (int)d.year);
	else
		for (int i = 3, year = (int)d.year; i >= 0; i--, year /= 10)
			buf[i] = (char)('0' + year % 10);
	p = buf + n;
	*p++ = '-';
	p = put_two(p, d.month, '-');
	p = put_two(p, d.day, 'T');
	p = put_two(p, (int)(rest / 3600), ':');
	p = put_two(p, (int)(rest / 60 % 60), ':');
	p = put_two(p, (int)(rest % 60), 'Z');
	*p = '\0';
	return buf;
}

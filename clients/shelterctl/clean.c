/* SPDX-License-Identifier: MIT */
/*
 * Reads numbers without the locale: digits are folded from full width and
 * copied into a small buffer, so that no text of any length reaches strtod.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/clean.h"

enum { NUMBER_MAX = 64 };

/* Length of the blank at p (ASCII, no-break, ideographic), 0: none. */
static size_t
blank(const char *p)
{
	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	if (!strncmp(p, "\xc2\xa0", 2))
		return 2;
	if (!strncmp(p, "\xe3\x80\x80", 3))
		return 3;
	return 0;
}

static const char *
skip_blanks(const char *p)
{
	size_t n;

	while ((n = blank(p)))
		p += n;
	return p;
}

bool
clean_blank(const char *text)
{
	return *skip_blanks(text) == '\0';
}

/*
 * Folds the full-width forms of ASCII (U+FF01..U+FF5E) at p into *out; the
 * bytes it took.
 */
static size_t
fold(const char *p, char *out)
{
	const unsigned char *u = (const unsigned char *)p;

	if (u[0] == 0xef && (u[1] == 0xbc || u[1] == 0xbd) && u[2] >= 0x80) {
		int code = ((u[1] & 0x3f) << 6) + (u[2] & 0x3f) + 0xf000;
		if (code >= 0xff01 && code <= 0xff5e) {
			*out = (char)(code - 0xff01 + '!');
			return 3;
		}
	}
	*out = *p;
	return 1;
}

static bool
refuse(char *why, const char *text, const char *what)
{
	int room = 100;

	while (room > 0 && (text[strnlen(text, (size_t)room)] & 0xc0) == 0x80)
		room--;
	snprintf(why, CLEAN_WHY, "'%.*s' %s", room, text, what);
	return false;
}

/*
 * The number at p without its thousands commas into *value; the place after
 * it, NULL: there is no number.
 */
static const char *
scan_number(const char *p, bool commas, double *value)
{
	char digits[NUMBER_MAX];
	size_t n = 0, seen = 0, group = 0;
	bool dot = false, grouped = false;
	char c;

	for (size_t len; *p; p += len) {
		len = fold(p, &c);
		if ((c == '-' || c == '+') && n == 0)
			;
		else if (c >= '0' && c <= '9') {
			seen++;
			group += !dot;
		} else if (c == '.' && !dot) {
			dot = true;
			if (grouped && group != 3)
				return NULL;
		} else if (c == ',' && commas && !dot && group >= 1 &&
			   group <= 3 && (!grouped || group == 3)) {
			grouped = true;
			group = 0;
			continue;
		} else
			break;
		if (n + 1 == sizeof(digits))
			return NULL;
		digits[n++] = c;
	}
	digits[n] = '\0';
	if (!seen || (grouped && !dot && group != 3))
		return NULL;
	*value = strtod(digits, NULL);
	return p;
}

/* One of the words, then nothing but blanks. */
static bool
ends_with_unit(const char *p, const char *const *units)
{
	p = skip_blanks(p);
	for (; *units; units++) {
		size_t n = strlen(*units);
		if (!strncmp(p, *units, n) && clean_blank(p + n))
			return true;
	}
	return clean_blank(p);
}

bool
clean_count(const char *text, int64_t *count, char why[CLEAN_WHY])
{
	static const char *const units[] = { "人次", "人", "名", "位",
		"persons", "people", "person", NULL };
	double value;
	const char *end = scan_number(skip_blanks(text), true, &value);

	if (!end || !ends_with_unit(end, units))
		return refuse(why, text, "is not a number");
	if (value < 0)
		return refuse(why, text, "is below zero");
	if (value != floor(value))
		return refuse(why, text, "is not a whole number");
	if (value > 1e9)
		return refuse(why, text, "is above 1,000,000,000");
	*count = (int64_t)value;
	return true;
}

bool
clean_area(const char *text, double *area, char why[CLEAN_WHY])
{
	static const char *const units[] = { "平方公尺", "平方米", "㎡", "m2",
		"m²", "sqm", NULL };
	const char *end = scan_number(skip_blanks(text), true, area);

	if (!end || !ends_with_unit(end, units))
		return refuse(why, text, "is not an area in square metres");
	if (*area < 0 || *area > 1e9)
		return refuse(why, text, "is not between 0 and 1e9 m2");
	return true;
}

bool
clean_coordinate(const char *text, double *value, char why[CLEAN_WHY])
{
	/* a comma left over from a pair is no reason to lose a place */
	static const char *const units[] = { "°", ",", "，", NULL };
	const char *end = scan_number(skip_blanks(text), false, value);

	if (clean_blank(text))
		return refuse(why, text, "is empty");
	if (!end || !ends_with_unit(end, units))
		return refuse(why, text, "is not a coordinate");
	return true;
}

bool
clean_pair(const char *text, double *first, double *second, char why[CLEAN_WHY])
{
	static const char *const apart[] = { ",", ";", "，", "、", "；", NULL };
	const char *p = scan_number(skip_blanks(text), false, first);
	const char *q = p ? skip_blanks(p) : NULL;

	if (!p)
		return refuse(why, text,
		    clean_blank(text) ? "is empty" : "is not two coordinates");
	for (size_t i = 0; apart[i]; i++)
		if (!strncmp(q, apart[i], strlen(apart[i]))) {
			q += strlen(apart[i]);
			break;
		}
	if (q == p)
		return refuse(why, text, "is not two coordinates");
	q = scan_number(skip_blanks(q), false, second);
	if (!q || !clean_blank(q))
		return refuse(why, text, "is not two coordinates");
	return true;
}

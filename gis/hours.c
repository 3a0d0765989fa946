/* SPDX-License-Identifier: MIT */
/* A span is painted into the day, over its end to its beginning. */
#include "gis/hours.h"

#include <stddef.h>
#include <string.h>

enum { CLOCK = 5, SPANS = 8 };

static int
two_digits(const char *p)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/* Minutes of the HH:MM at p, 24:00 included; -1. */
static int
clock_at(const char *p)
{
	int hours, minutes;

	if (strnlen(p, CLOCK) < CLOCK || p[2] != ':')
		return -1;
	hours = two_digits(p);
	minutes = two_digits(p + 3);
	if (hours < 0 || minutes < 0 || minutes > 59 ||
	    hours * 60 + minutes > GIS_DAY)
		return -1;
	return hours * 60 + minutes;
}

int
gis_clock_read(const char *text)
{
	int minute = clock_at(text);

	return text[0] != '\0' && strlen(text) == CLOCK && minute < GIS_DAY
		   ? minute
		   : -1;
}

static void
paint(struct gis_hours *h, int from, int to)
{
	int n = to > from ? to - from : to - from + GIS_DAY;

	for (int i = 0; i < n; i++) {
		int m = (from + i) % GIS_DAY;

		h->open[m / 8] |= (uint8_t)(1 << m % 8);
	}
}

bool
gis_hours_read(const char *text, struct gis_hours *h)
{
	int from, to;

	memset(h, 0, sizeof(*h));
	if (strcmp(text, "24/7") == 0) {
		paint(h, 0, GIS_DAY);
		return true;
	}
	if (strncmp(text, "Mo-Su ", 6) == 0)
		text += 6;
	for (int i = 0; i < SPANS; i++) {
		if ((from = clock_at(text)) < 0 || text[CLOCK] != '-' ||
		    (to = clock_at(text + CLOCK + 1)) < 0)
			return false;
		paint(h, from, to);
		text += 2 * CLOCK + 1;
		if (*text == '\0')
			return true;
		if (*text++ != ',')
			return false;
		text += *text == ' ';
	}
	return false;
}

bool
gis_hours_always(const struct gis_hours *h)
{
	for (size_t i = 0; i < sizeof(h->open); i++)
		if (h->open[i] != 0xff)
			return false;
	return true;
}

bool
gis_hours_open(const struct gis_hours *h, int minute)
{
	return h->open[minute / 8] >> minute % 8 & 1;
}

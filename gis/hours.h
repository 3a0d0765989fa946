/* SPDX-License-Identifier: MIT */
/*
 * When a way is open on any day: the simple forms of OpenStreetMap's
 * opening_hours, minute by minute.  Knows no weekdays, no holidays, no dates.
 */
#ifndef GIS_HOURS_H
#define GIS_HOURS_H

#include <stdbool.h>
#include <stdint.h>

enum { GIS_DAY = 1440, GIS_ANY_TIME = -1 }; /* minutes */

struct gis_hours {
	uint8_t open[GIS_DAY / 8]; /* a bit for each minute */
};

/* "24/7", or "HH:MM-HH:MM" up to eight times with commas between, "Mo-Su "
 * before it or not; a span that ends before it begins goes over midnight, one
 * that ends as it begins is the whole day.  false: anything else. */
bool gis_hours_read(const char *text, struct gis_hours *);
/* Open in every minute of the day. */
bool gis_hours_always(const struct gis_hours *);
bool gis_hours_open(const struct gis_hours *, int minute);

/* "HH:MM" as minutes, -1: it is none. */
int gis_clock_read(const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A line as a short text: the encoded polyline of Google's maps interface with
 * seven decimals, longitude before latitude.  Each number is the difference to
 * the one before in 1e-7 degrees, its sign in the lowest bit, in groups of five
 * bits, the least first, 32 added to all but the last of them, 63 to each.
 */
#ifndef GIS_PATH_H
#define GIS_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include "gis/point.h"

/* How many points the text has; of one that is none, no fewer than are read
 * before that is known. */
size_t gis_path_points(const char *text);
/* Fills in the points, *n of them: each the double nearest to its seven
 * decimals. false: not such a text, or a number beyond 1e9 degrees. */
bool gis_path_read(const char *text, struct gis_point *, size_t *n);

#endif

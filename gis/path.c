/* SPDX-License-Identifier: MIT */
/* Whole numbers until the end, so that no error adds up along a path. */
#include "gis/path.h"

#include <stdint.h>

static const int64_t MOST = 10000000000000000; /* 1e9 degrees */

size_t
gis_path_points(const char *text)
{
	size_t numbers = 0;

	for (; *text; text++)
		numbers += (unsigned char)*text - 63 < 32;
	return (numbers + 1) / 2;
}

/* The next difference; NULL: there is none. */
static const char *
difference(const char *p, int64_t *out)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 60; shift += 5, p++) {
		int c = (unsigned char)*p - 63;

		if (c < 0 || c > 63)
			return NULL;
		v |= (uint64_t)(c & 31) << shift;
		if (c < 32) {
			*out = (int64_t)(v >> 1 ^ (0 - (v & 1)));
			return p + 1;
		}
	}
	return NULL;
}

static bool
add(int64_t *sum, int64_t difference)
{
	*sum += difference;
	return *sum >= -MOST && *sum <= MOST;
}

bool
gis_path_read(const char *text, struct gis_point *out, size_t *n)
{
	int64_t x = 0, y = 0, dx, dy;

	for (*n = 0; *text; ++*n) {
		if ((text = difference(text, &dx)) == NULL ||
		    (text = difference(text, &dy)) == NULL || !add(&x, dx) ||
		    !add(&y, dy))
			return false;
		out[*n] =
		    (struct gis_point){ (double)x / 1e7, (double)y / 1e7 };
	}
	return true;
}

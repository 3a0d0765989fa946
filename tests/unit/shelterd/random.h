/* SPDX-License-Identifier: MIT */
/* Seeded chance, and homes by it, for tests that compare two ways. */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include "gis/point.h"
#include "shelterd/store/db.h"
#include "shelterd/store/home.h"

static uint64_t seed; /* not 0 */

/* From 0 up to, but not, 1. */
static inline double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* A home there: a point, or a triangle around it. */
static inline void
random_home(struct db *db, struct gis_point p, bool area)
{
	double w = chance() * 0.004 + 1e-4, h = chance() * 0.003 + 1e-4;
	double ring[8] = { p.x, p.y, p.x + w, p.y, p.x + w * chance(), p.y + h,
		p.x, p.y };
	unsigned char wkb[13 + sizeof(ring)] = { 1, 3, 0, 0, 0, 1, 0, 0, 0, 4 };
	struct home_row r = { .name = "h",
		.people = (int64_t)(chance() * chance() * 60),
		.lonlat = p };

	memcpy(wkb + 13, ring, sizeof(ring));
	if (area) {
		r.shape = wkb;
		r.shape_len = sizeof(wkb);
		r.lonlat.x += w / 4;
		r.lonlat.y += h / 8;
	}
	assert_int_equal(home_insert(db, &r), DB_OK);
}

#endif

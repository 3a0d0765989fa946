/* SPDX-License-Identifier: MIT */
/*
 * The covered area on tiles against the discs themselves, for districts in all
 * parts of the world: what lies within the radius of a door is in the area of
 * its tile, what does not is not, at every zoom.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "gis/crs.h"
#include "gis/world.h"
#include "shelterd/map/map_tile.h"
#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/shelter.h"
#include "tests/unit/read_tile.h"
#include "tests/unit/shelterd/random.h"
#include "tests/unit/shelterd/rules_temp.h"

enum { SHELTERS = 12, POINTS = 400 };
static const double radius = 150;
/* That a chord is from its circle, of which a tile's has 128 at most. */
static const double chord = 0.046;

static void
add_shelter(struct db *db, struct gis_point at)
{
	struct shelter_row s = { .name = "s",
		.address = "a",
		.area = -1,
		.places = 10,
		.lonlat = at };
	struct unit_row u = {
		.sheltering_area = -1, .stated_places = 10, .converted = -1
	};
	struct entrance_row e = {
		.lonlat = at, .clear_width = -1, .usable = true
	};

	assert_int_equal(shelter_insert(db, &s), DB_OK);
	assert_int_equal(unit_insert(db, s.id, &u), DB_OK);
	e.unit_id = u.id;
	assert_int_equal(entrance_insert(db, s.id, &e), DB_OK);
}

/* Some 1000 m across. */
static struct gis_point
near(struct gis_point middle)
{
	double wide = 0.01 / cos(middle.y * 3.14159265 / 180);

	return (struct gis_point){ middle.x + (chance() - 0.5) * wide,
		middle.y + (chance() - 0.5) * 0.01 };
}

static struct snapshot *
district(struct gis_point middle)
{
	struct db *db = db_open(temp_path(), false, err, sizeof(err));
	struct snapshot *s;

	assert_non_null(db);
	assert_true(migrate(db, err, sizeof(err)) >= 0);
	db_begin(db);
	seed = 77;
	for (int i = 0; i < SHELTERS; i++)
		add_shelter(db, near(middle));
	assert_int_equal(db_commit(db), DB_OK);
	s = snapshot_load(db, rules, err, sizeof(err));
	assert_non_null(s);
	db_close(db);
	return s;
}

/* Whether the area of layer "coverage" holds the point; even-odd. */
static bool
drawn(double x, double y)
{
	const struct read_layer *l = &layers[0];
	bool in = false;

	if (nlayers == 0)
		return false;
	assert_string_equal(l->name, "coverage");
	for (size_t i = 0; i < l->nfeatures; i++) {
		const uint32_t *w = words + l->features[i].first;
		const uint32_t *end = w + l->features[i].n;
		double ax = 0, ay = 0, fx = 0, fy = 0;

		while (w < end) {
			uint32_t what = *w & 7, n = *w++ >> 3;

			for (uint32_t k = 0; k < n; k++) {
				double bx = what == 7 ? fx : ax + unzigzag(*w);
				double by =
				    what == 7 ? fy : ay + unzigzag(w[1]);

				if (what == 1) {
					fx = bx;
					fy = by;
				} else if ((ay > y) != (by > y) &&
					   x < ax + (y - ay) / (by - ay) *
							(bx - ax))
					in = !in;
				w += what == 7 ? 0 : 2;
				if (what != 7) {
					ax = bx;
					ay = by;
				}
			}
		}
	}
	return in;
}

/* Metres from the nearest door. */
static double
off(const struct snapshot *s, struct gis_crs *plane, struct gis_world w)
{
	struct gis_point p = gis_world_to_lonlat(w);
	double best = INFINITY;

	gis_crs_from_lonlat(plane, &p, 1);
	for (size_t i = 0; i < snapshot_shelters(s); i++)
		best = fmin(best,
		    gis_distance(
			snapshot_shelter_at(s, i)->entrances[0].plane, p));
	return best;
}

static int
check_tile(const struct snapshot *s, struct coverage *c,
    const struct coverage_ask *ask, struct gis_world at, uint32_t z)
{
	uint32_t shift = GIS_WORLD_BITS - z;
	struct gis_tile_at tile = { z, z == 0 ? 0 : at.x >> shift,
		z == 0 ? 0 : at.y >> shift };
	double unit = ldexp(1, (int)shift - GIS_TILE_BITS);
	double metres = 40075016.7 / ldexp(1, (int)z + GIS_TILE_BITS);
	struct gis_crs *plane = snapshot_plane_new(s);
	size_t len = 0;
	unsigned char *bytes =
	    map_tile_coverage(c, ask, MAP_COVERED, tile, &len);
	int in = 0;

	read_tile_bytes(bytes, len);
	for (int i = 0; i < POINTS; i++) {
		/* Around the place, but on the tile. */
		double range = fmin(ldexp(1, (int)shift), 2e5);
		double x = fmin(fmax(at.x + (chance() - 0.5) * range,
				    tile.x * ldexp(1, (int)shift)),
		    (tile.x + 1.0) * ldexp(1, (int)shift) - 1);
		double y = fmin(fmax(at.y + (chance() - 0.5) * range,
				    tile.y * ldexp(1, (int)shift)),
		    (tile.y + 1.0) * ldexp(1, (int)shift) - 1);
		struct gis_world w = { (uint32_t)x, (uint32_t)y };
		double far = off(s, plane, w) - radius;
		double tx = w.x / unit - tile.x * 4096.0;
		double ty = w.y / unit - tile.y * 4096.0;

		if (fabs(far) < 2 * metres + chord)
			continue;
		if (drawn(tx, ty) != (far < 0))
			fail_msg("tile %u/%u/%u at %g %g: %g m from the rim", z,
			    tile.x, tile.y, tx, ty, far);
		in += far < 0;
	}
	gis_crs_free(plane);
	return in;
}

static void
check_district(struct gis_point middle)
{
	struct snapshot *s = district(middle);
	struct coverage_ask ask = { .limit = { .value = radius,
					.metres = radius,
					.manner = gis_on_foot },
		.where_text = "" };
	struct gis_fail fail;
	struct coverage *c;
	int in = 0;

	assert_int_equal(coverage_make(s, &ask, NULL, NULL, &c, &fail), 0);
	for (uint32_t z = 0; z <= GIS_DEEPEST_TILE; z++)
		for (int i = 0; i < 6; i++)
			in += check_tile(
			    s, c, &ask, gis_world_from_lonlat(near(middle)), z);
	assert_true(in > 1000);
	coverage_unref(c);
	snapshot_unref(s);
}

static void
everywhere(void **state)
{
	static const struct gis_point places[] = { { 121.53, 25.03 }, { 0, 0 },
		{ 178.44, -18.14 }, { 174.77, -36.85 }, { -179.2, -8.5 },
		{ -70.9, -53.16 }, { 15.65, 78.22 }, { -62.3, 82.5 },
		{ 166.6, -77.85 }, { 0.01, -84.9 } };

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		check_district(places[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everywhere),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT */
/* Coordinate systems: names, axes, round trips, the plane's scale, zones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gis/crs.h"

static void
test_names(void **state)
{
	static const struct {
		const char *name, *why; /* NULL: taken */
	} row[] = {
		{ "wgs84", NULL },
		{ "gcj02", NULL },
		{ "bd09", NULL },
		{ "EPSG:4326", NULL },
		{ "EPSG:4490", NULL },
		{ "EPSG:4549", NULL },
		{ "EPSG:3826", NULL },
		{ "EPSG:32733", NULL },
		{ "", "is not a coordinate system" },
		{ "WGS84", "is not a coordinate system" },
		{ "EPSG:", "is not a coordinate system" },
		{ "EPSG:1234567", "is not a coordinate system" },
		{ "EPSG:4549 ", "is not a coordinate system" },
		{ "+proj=merc", "is not a coordinate system" },
		{ "/etc/passwd", "is not a coordinate system" },
		{ "EPSG:999999", "no coordinate system EPSG:999999" },
		{ "EPSG:5773", "is not a system of points" },
		{ "EPSG:4979", "is not a system of points" },
	};
	struct gis_crs *crs;

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct gis_fail fail = { 0, "" };

		crs = gis_crs_new(row[i].name, &fail);
		if ((crs == NULL) != (row[i].why != NULL))
			print_message("%s: %s\n", row[i].name, fail.what);
		assert_int_equal(crs == NULL, row[i].why != NULL);
		if (row[i].why != NULL)
			assert_non_null(strstr(fail.what, row[i].why));
		gis_crs_free(crs);
	}
}

/* East is x everywhere, whatever the authority's axis order. */
static void
test_axes_and_back(void **state)
{
	static const struct {
		const char *name;
		struct gis_point lonlat, there;
	} row[] = {
		{ "EPSG:32651", { 123, 0 }, { 500000, 0 } },
		{ "EPSG:4549", { 120, 0 }, { 500000, 0 } },
		{ "EPSG:4490", { 116.3, 39.9 }, { 116.3, 39.9 } },
		/* By the Krueger series to the fourth order. */
		{ "EPSG:32651", { 121.5355, 25.031 },
		    { 352244.4295, 2769179.4304 } },
		{ "EPSG:32733", { 15, -33 }, { 500000, 6348713.0560 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct gis_point p = row[i].lonlat;
		struct gis_fail why;
		struct gis_crs *crs = gis_crs_new(row[i].name, &why);

		assert_non_null(crs);
		assert_int_equal(gis_crs_from_lonlat(crs, &p, 1), 0);
		if (gis_distance(p, row[i].there) > 1e-3)
			print_message("%s: %.4f %.4f\n", row[i].name, p.x, p.y);
		assert_true(gis_distance(p, row[i].there) < 1e-3);
		assert_int_equal(gis_crs_to_lonlat(crs, &p, 1), 0);
		assert_true(gis_distance(p, row[i].lonlat) < 1e-9);
		gis_crs_free(crs);
	}
}

static void
test_bad_points(void **state)
{
	struct gis_point p[] = { { NAN, 1 }, { 121, 25 }, { INFINITY, 3 },
		{ 121, 700 } };
	struct gis_fail why;
	struct gis_crs *crs = gis_crs_new("EPSG:32651", &why);

	(void)state;
	assert_int_equal(gis_crs_from_lonlat(crs, p, 4), 3);
	assert_true(isnan(p[0].x) && isnan(p[0].y));
	assert_true(isfinite(p[1].x));
	assert_true(isnan(p[3].x) && isnan(p[3].y));
	gis_crs_free(crs);
	assert_null(gis_crs_plane((struct gis_point){ NAN, 1 }, &why));
	assert_null(gis_crs_plane((struct gis_point){ 1, 90 }, &why));
}

/* Metres of one degree / 1000 north and east on WGS84 at a latitude. */
static struct gis_point
ground(double lat)
{
	double e2 = 0.00669437999014, s = sin(lat * M_PI / 180);
	double n = 6378137 / sqrt(1 - e2 * s * s);
	double m = n * (1 - e2) / (1 - e2 * s * s);

	return (struct gis_point){ n * cos(lat * M_PI / 180) * M_PI / 180000,
		m * M_PI / 180000 };
}

/* The promise of crs.h: lengths true within 1e-5 out to 28 km. */
static void
test_plane_scale(void **state)
{
	struct gis_point centre = { 121.5355, 25.031 };
	struct gis_fail why;
	struct gis_crs *crs = gis_crs_plane(centre, &why);

	(void)state;
	for (int i = 0; i < 8; i++) {
		double lon = centre.x + 0.275 * cos(i * M_PI / 4);
		double lat = centre.y + 0.25 * sin(i * M_PI / 4);
		struct gis_point want = ground(lat);
		struct gis_point p[] = { { lon, lat }, { lon + 0.001, lat },
			{ lon, lat - 0.0005 }, { lon, lat + 0.0005 } };

		assert_int_equal(gis_crs_from_lonlat(crs, p, 4), 0);
		assert_true(
		    fabs(gis_distance(p[0], p[1]) / want.x - 1) < 1.01e-5);
		assert_true(
		    fabs(gis_distance(p[2], p[3]) / want.y - 1) < 1.01e-5);
		assert_int_equal(gis_crs_to_lonlat(crs, p, 4), 0);
		assert_true(fabs(p[0].x - lon) < 1e-10);
	}
	gis_crs_free(crs);
}

static void
test_zones(void **state)
{
	static const struct {
		struct gis_point at;
		int epsg;
	} row[] = {
		{ { 116.32, 40 }, 4548 },    /* Beijing, 117 E */
		{ { 121.47, 31.23 }, 4549 }, /* Shanghai, 120 E */
		{ { 75, 39 }, 4534 },
		{ { 73.5, 39 }, 4534 },
		{ { 134.9, 48 }, 4554 },
		{ { 118.499, 30 }, 4548 },
		{ { 118.5, 30 }, 4549 },
		{ { 121.5355, 25.031 }, 32651 },
		{ { 2.35, 48.85 }, 32631 },
		{ { -70.6, -33.4 }, 32719 },
		{ { 180, 10 }, 32660 },
		{ { NAN, 10 }, 4326 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		assert_int_equal(gis_crs_zone(row[i].at), row[i].epsg);
}

/* Each zone of the table has the meridian we think, to the metre. */
static void
test_zone_meridians(void **state)
{
	char name[16];

	(void)state;
	for (int z = 0; z < 21; z++) {
		struct gis_point p = { 75 + 3 * z, 30 };
		struct gis_fail why;
		struct gis_crs *crs;

		snprintf(name, sizeof(name), "EPSG:%d", 4534 + z);
		crs = gis_crs_new(name, &why);
		assert_non_null(crs);
		gis_crs_from_lonlat(crs, &p, 1);
		assert_true(fabs(p.x - 500000) < 0.01);
		gis_crs_free(crs);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_axes_and_back),
		cmocka_unit_test(test_bad_points),
		cmocka_unit_test(test_plane_scale),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_zone_meridians),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

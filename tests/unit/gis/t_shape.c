/* SPDX-License-Identifier: MIT */
/* Shapes: what GeoJSON and WKB are taken, repaired or refused, and why. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gis/shape.h"

static struct gis *gis;

#define SQUARE "[[0,0],[10,0],[10,10],[0,10],[0,0]]"
#define HOLE   "[[2,2],[2,4],[4,4],[4,2],[2,2]]"

static struct gis_shape *
parse(const char *text, int *repaired, struct gis_fail *why)
{
	size_t n = strlen(text);
	char *exact = malloc(n + 1); /* so that a read beyond it is seen */
	struct gis_shape *s;

	memcpy(exact, text, n);
	exact = realloc(exact, n ? n : 1);
	s = gis_shape_from_geojson(gis, exact, n, repaired, why);
	free(exact);
	return s;
}

/* Text that is taken: its kind, area and what it is written as again. */
static const struct {
	const char *text;
	enum gis_kind kind;
	double area;
	int repaired;
	const char *again; /* NULL: the same text */
} taken[] = {
	{ "{\"type\":\"Point\",\"coordinates\":[1.5,-2]}", GIS_POINT, 0, 0,
	    NULL },
	{ " {\"coordinates\" : [ 1e1 , 2.50 , 77 ] ,\n\"bbox\":[1,{\"a\":"
	  "null}],\"type\":\"Point\"} ",
	    GIS_POINT, 0, 0, "{\"type\":\"Point\",\"coordinates\":[10,2.5]}" },
	{ "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2]]}", GIS_POINT, 0, 0,
	    "{\"type\":\"Point\",\"coordinates\":[1,2]}" },
	{ "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,1]]}", GIS_LINES,
	    0, 0, NULL },
	{ "{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,1]],[[5,"
	  "5],[6,6],[7,6]]]}",
	    GIS_LINES, 0, 0, NULL },
	{ "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}", GIS_AREA, 100,
	    0, NULL },
	{ "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "," HOLE "]}",
	    GIS_AREA, 96, 0, NULL },
	{ "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "," HOLE
	  "],[[[20,0],[21,0],[21,1],[20,0]]]]}",
	    GIS_AREA, 96.5, 0, NULL },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0,5],[10,0,5],[10,10,5],"
	  "[0,10,5],[0,0,6]]]}",
	    GIS_AREA, 100, 0,
	    "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}" },
	/* A bow-tie: both wings. */
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[2,0],[0,2],[0,"
	  "0]]]}",
	    GIS_AREA, 2, 1, "" },
	/* A hole outside its shell is land: GEOS takes it for an island. */
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,"
	  "0]],[[5,5],[6,5],[6,6],[5,5]]]}",
	    GIS_AREA, 1.5, 1, "" },
	/* A square with a spike: the spike is dropped. */
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[10,0],[10,10],[20,"
	  "10],[10,10],[0,10],[0,0]]]}",
	    GIS_AREA, 100, 1, "" },
	/* Two wings and a spike: areas and a line, of which the areas stay. */
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[5,2],[2,2],[2,"
	  "0],[0,2],[0,0]]]}",
	    GIS_AREA, 2, 1, "" },
};

static void
test_taken(void **state)
{
	struct gis_fail why = { 0, "" };
	struct gis_shape *s;
	int repaired;
	char *again;

	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		s = parse(taken[i].text, &repaired, &why);
		if (s == NULL)
			print_message("%s: %s\n", taken[i].text, why.what);
		assert_non_null(s);
		assert_int_equal(gis_shape_kind(s), taken[i].kind);
		again = gis_shape_to_geojson(gis, s, 7);
		if (fabs(gis_shape_area(gis, s) - taken[i].area) > 1e-9)
			fail_msg("%s became %s", taken[i].text, again);
		assert_int_equal(repaired, taken[i].repaired);
		if (taken[i].again == NULL)
			assert_string_equal(again, taken[i].text);
		else if (taken[i].again[0] != '\0')
			assert_string_equal(again, taken[i].again);
		free(again);
		gis_shape_free(gis, s);
	}
}

#define P(c) "{\"type\":\"Polygon\",\"coordinates\":" c "}"

static const struct {
	const char *text, *why;
} refused[] = {
	{ "", "is a JSON object" },
	{ "null", "is a JSON object" },
	{ "[]", "is a JSON object" },
	{ "{", "a string is missing" },
	{ "{}", "a string is missing" },
	{ "{\"type\":\"Point\"}", "no coordinates" },
	{ "{\"coordinates\":[1,2]}", "no type" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2]", "'}' is missing" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2]}x", "follows" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"type\":\"Point\"}",
	    "two members named type" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"coordinates\":[1,2]}",
	    "two members named coordinates" },
	{ "{\"type\":\"Point\",\"coordinates\":[]}", "a number is missing" },
	{ "{\"type\":\"Point\",\"coordinates\":[1]}", "one number only" },
	{ "{\"type\":\"Point\",\"coordinates\":[NaN,1]}", "not JSON" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,Infinity]}", "not JSON" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,1e999]}", "too large" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2e9]}", "too large" },
	{ "{\"type\":\"Point\",\"coordinates\":[01,2]}", "" },
	{ "{\"type\":\"Point\",\"coordinates\":[1,null]}", "number" },
	{ "{\"type\":\"Point\",\"coordinates\":[\"1\",2]}", "number" },
	{ "{\"type\":\"Point\",\"coordinates\":[[1,2]]}", "number" },
	{ "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}",
	    "2 points instead of one" },
	{ "{\"type\":\"LineString\",\"coordinates\":[]}", "empty" },
	{ "{\"type\":\"LineString\",\"coordinates\":[[1,2]]}",
	    "line 0 has one point" },
	{ "{\"type\":\"MultiLineString\",\"coordinates\":[]}", "empty" },
	{ "{\"type\":\"MultiLineString\",\"coordinates\":[[]]}", "empty" },
	{ "{\"type\":\"GeometryCollection\",\"geometries\":[]}",
	    "'GeometryCollection' is no kind" },
	{ "{\"type\":\"Feature\",\"geometry\":null}", "'Feature' is no kind" },
	{ "{\"type\":7,\"coordinates\":[1,2]}", "a string is missing" },
	{ P("[]"), "empty" },
	{ P("[[]]"), "empty" },
	{ P("[[[0,0],[1,0],[0,0]]]"), "ring 0 has fewer than four" },
	{ P("[[[0,0],[1,0],[1,1],[0,1]]]"), "ring 0 is not closed" },
	{ P("[" SQUARE ",[[1,1],[2,1],[2,2],[1,2]]]"), "ring 1 is not closed" },
	{ P(SQUARE), "wrong nesting" },
	{ P("[[" SQUARE "]]"), "number" },
	{ P("[[[1,1],[1,1],[1,1],[1,1]]]"), "encloses no area" },
	{ P("[[[0,0],[5,5],[0,0],[0,0]]]"), "encloses no area" },
};

static void
test_refused(void **state)
{
	struct gis_shape *s;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct gis_fail why = { 0, "" };

		s = parse(refused[i].text, NULL, &why);
		if (s != NULL || strstr(why.what, refused[i].why) == NULL)
			print_message("%s: %s\n", refused[i].text, why.what);
		assert_null(s);
		assert_non_null(strstr(why.what, refused[i].why));
		assert_true(why.what[0] != '\0');
	}
}

/* The byte that is wrong is named. */
static void
test_byte(void **state)
{
	const char *text = "{\"type\":\"Point\",\"coordinates\":[1,x]}";
	struct gis_fail why = { 0, "" };

	(void)state;
	assert_null(parse(text, NULL, &why));
	assert_int_equal(why.at, strchr(text, 'x') - text);
}

static void
test_deep(void **state)
{
	struct gis_fail why = { 0, "" };
	size_t n = 1000000;
	char *text = malloc(n + 64);

	(void)state;
	sprintf(text, "{\"type\":\"Polygon\",\"coordinates\":");
	memset(text + strlen(text), '[', n);
	text[n + 31] = '\0';
	assert_null(gis_shape_from_geojson(gis, text, n, NULL, &why));
	assert_non_null(strstr(why.what, "nested deeper"));
	free(text);
}

static void
test_huge(void **state)
{
	struct gis_fail why = { 0, "" };
	size_t n = (32u << 20) + 1;
	char *text = calloc(1, n);

	(void)state;
	assert_null(gis_shape_from_geojson(gis, text, n, NULL, &why));
	assert_non_null(strstr(why.what, "too long"));
	free(text);
}

/* A ring of random points: GEOS would repair it, in minutes and gigabytes. */
static void
test_tangled(void **state)
{
	struct gis_fail why = { 0, "" };
	int n = 3000, repaired;
	char *text = malloc(64 + 32 * (size_t)(n + 2)), *p = text;
	struct gis_shape *s;
	unsigned r = 1;

	(void)state;
	p += sprintf(p, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0]");
	for (int i = 0; i < n; i++) {
		r = r * 1664525 + 1013904223;
		p += sprintf(p, ",[%u,%u]", r >> 20, r >> 8 & 4095);
	}
	strcpy(p, ",[0,0]]]}");
	assert_null(parse(text, NULL, &why));
	assert_non_null(strstr(why.what, "too often"));
	/* Long but crossing once only: repaired. */
	p = text +
	    sprintf(text, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0]");
	for (int i = 1; i < n; i++)
		p += sprintf(p, ",[%d,%d]", i, i % 2);
	p += sprintf(p, ",[%d,50],[-5,60],[-5,50],[0,60]", n);
	strcpy(p, ",[0,0]]]}");
	s = parse(text, &repaired, &why);
	assert_non_null(s);
	assert_int_equal(repaired, 1);
	gis_shape_free(gis, s);
	free(text);
}

/* Every prefix of a good text is refused, whatever it ends in. */
static void
test_prefixes(void **state)
{
	const char *text = taken[7].text;
	struct gis_fail why;
	char part[256];

	(void)state;
	for (size_t n = 0; n < strlen(text); n++) {
		memcpy(part, text, n);
		part[n] = '\0';
		assert_null(parse(part, NULL, &why));
	}
}

static void
test_wkb(void **state)
{
	struct gis_fail why;
	struct gis_shape *a, *b;
	unsigned char *wkb;
	char *one, *two;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		a = parse(taken[i].text, NULL, &why);
		wkb = gis_shape_to_wkb(gis, a, &len);
		assert_non_null(wkb);
		b = gis_shape_from_wkb(gis, wkb, len, &why);
		assert_non_null(b);
		one = gis_shape_to_geojson(gis, a, 9);
		two = gis_shape_to_geojson(gis, b, 9);
		assert_string_equal(one, two);
		assert_null(gis_shape_from_wkb(gis, wkb, len - 1, &why));
		free(one);
		free(two);
		gis_shape_free(gis, a);
		gis_shape_free(gis, b);
		/* No byte may bring it down. */
		for (size_t k = 0; k < len; k++) {
			wkb[k] ^= 0x81;
			gis_shape_free(
			    gis, gis_shape_from_wkb(gis, wkb, len, &why));
			wkb[k] ^= 0x81;
		}
		free(wkb);
	}
}

static void
test_bad_wkb(void **state)
{
	/* A collection; a count of 2^32 - 1; a Z point. */
	static const unsigned char collection[] = { 1, 7, 0, 0, 0, 0, 0, 0, 0 };
	static const unsigned char many[] = { 1, 2, 0, 0, 0, 255, 255, 255,
		255 };
	static const unsigned char z[29] = { 1, 1, 0, 0, 0x80 };
	static const unsigned char nan[] = { 0, 0, 0, 0, 1, 0x7f, 0xf8, 0, 0, 0,
		0, 0, 0, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0 };
	struct gis_fail why;

	(void)state;
	assert_null(gis_shape_from_wkb(gis, "", 0, &why));
	assert_null(
	    gis_shape_from_wkb(gis, collection, sizeof(collection), &why));
	assert_null(gis_shape_from_wkb(gis, many, sizeof(many), &why));
	assert_null(gis_shape_from_wkb(gis, z, sizeof(z), &why));
	assert_null(gis_shape_from_wkb(gis, nan, sizeof(nan), &why));
}

static void
test_lines(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 1, 0 }, { 5, 5 }, { 6, 5 },
		{ 7, 5 } };
	size_t first[] = { 0, 2, 5 }, *back, n;
	struct gis_point *q;
	struct gis_fail why;
	struct gis_shape *s = gis_shape_from_lines(gis, p, first, 2, &why);

	(void)state;
	assert_non_null(s);
	assert_int_equal(gis_shape_kind(s), GIS_LINES);
	assert_int_equal(gis_shape_lines(gis, s, &q, &back, &n), 0);
	assert_int_equal(n, 2);
	assert_memory_equal(back, first, sizeof(first));
	assert_memory_equal(q, p, sizeof(p));
	free(q);
	free(back);
	gis_shape_free(gis, s);
	first[1] = 1;
	assert_null(gis_shape_from_lines(gis, p, first, 2, &why));
	assert_int_equal(why.at, 0);
	p[4].x = NAN;
	first[1] = 2;
	assert_null(gis_shape_from_lines(gis, p, first, 2, &why));
	assert_int_equal(why.at, 1);
	assert_null(gis_shape_from_lines(gis, p, first, 0, &why));
}

static void
test_move(void **state)
{
	struct gis_fail why;
	struct gis_crs *crs =
	    gis_crs_plane((struct gis_point){ 121.5, 25 }, &why);
	struct gis_shape *a, *b, *c;
	struct gis_point p;

	(void)state;
	a = parse(P("[[[121.5,25],[121.501,25],[121.501,25.001],[121.5,25.001],"
		    "[121.5,25]]]"),
	    NULL, &why);
	b = gis_shape_from_lonlat(gis, a, crs, &why);
	assert_non_null(b);
	/* 100.92 m by 110.78 m on the ellipsoid there */
	assert_true(fabs(gis_shape_area(gis, b) - 11180) < 5);
	assert_true(fabs(gis_shape_box(b).w) < 0.01);
	c = gis_shape_to_lonlat(gis, b, crs, &why);
	p = gis_shape_centroid(gis, c);
	assert_true(fabs(p.x - 121.5005) < 1e-7 && fabs(p.y - 25.0005) < 1e-7);
	p = gis_shape_inside(gis, c);
	assert_true(gis_box_has(gis_shape_box(c), p));
	gis_shape_free(gis, a);
	gis_shape_free(gis, b);
	gis_shape_free(gis, c);
	a = parse("{\"type\":\"Point\",\"coordinates\":[300,700]}", NULL, &why);
	assert_null(gis_shape_from_lonlat(gis, a, crs, &why));
	assert_non_null(strstr(why.what, "outside the coordinate system"));
	gis_shape_free(gis, a);
	gis_crs_free(crs);
}

static void
test_point(void **state)
{
	struct gis_shape *s;
	char *text;

	(void)state;
	assert_null(gis_shape_point(gis, (struct gis_point){ NAN, 0 }));
	s = gis_shape_point(gis, (struct gis_point){ -0.00000001, 1.25 });
	text = gis_shape_to_geojson(gis, s, 7);
	assert_string_equal(
	    text, "{\"type\":\"Point\",\"coordinates\":[0,1.25]}");
	free(text);
	gis_shape_free(gis, s);
	gis_shape_free(gis, NULL);
	gis_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_byte),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_tangled),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_wkb),
		cmocka_unit_test(test_bad_wkb),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_point),
	};
	int rc;

	gis = gis_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	gis_free(gis);
	return rc;
}

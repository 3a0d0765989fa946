/* SPDX-License-Identifier: MIT */
/*
 * Tiles read back by a decoder written here after the specification: what was
 * put in comes out, areas are valid, clipped and wound as they must be, and
 * have the area that clipping by hand gives; every place is in one tile.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "gis/outline.h"
#include "gis/shape.h"
#include "gis/tile.h"
#include "gis/world.h"
#include "tests/unit/read_tile.h"

static uint64_t seed = 11;

static uint32_t
dice(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % n);
}

static double
fraction(void)
{
	return dice(1 << 30) / (double)(1 << 30);
}

static void
read_tile(const struct gis_tile *t)
{
	size_t len;
	unsigned char *bytes = gis_tile_bytes(t, &len);

	read_tile_bytes(bytes, len);
}

/* Points with an id, whole numbers, texts and reals, many of them equal. */
static void
test_points(void **state)
{
	static struct gis_tile_xy at[MOST];
	static int64_t whole[MOST];
	static char text[50][8];
	struct gis_tile *t = gis_tile_new();
	enum { N = 1500 };

	(void)state;
	for (int i = 0; i < 50; i++)
		snprintf(text[i], sizeof(text[i]), "t%d", i);
	gis_tile_layer(t, "none");
	gis_tile_layer(t, "points");
	for (int i = 0; i < N; i++) {
		at[i] = (struct gis_tile_xy){ (int32_t)dice(9000) - 2000,
			(int32_t)dice(9000) - 2000 };
		whole[i] = (int64_t)dice(700) - 350;
		gis_tile_point(t, (uint64_t)i + 1, at[i]);
		gis_tile_int(t, "whole", whole[i]);
		gis_tile_text(t, "text", text[i % 50]);
		if (i % 3 == 0)
			gis_tile_real(t, "real", (double)(i % 7) / 3);
	}
	read_tile(t);
	gis_tile_free(t);
	assert_int_equal(nlayers, 1);
	assert_string_equal(layers[0].name, "points");
	assert_int_equal(layers[0].nfeatures, N);
	assert_int_equal(layers[0].nkeys, 3);
	assert_true(layers[0].nvalues <= 700 + 50 + 7);
	for (int i = 0; i < N; i++) {
		const struct read_feature *f = &layers[0].features[i];
		const uint32_t *w = &words[f->first];

		assert_int_equal(f->id, i + 1);
		assert_int_equal(f->kind, 1);
		assert_int_equal(f->n, 3);
		assert_int_equal(w[0], 1 | 1 << 3);
		assert_int_equal(unzigzag(w[1]), at[i].x);
		assert_int_equal(unzigzag(w[2]), at[i].y);
		assert_int_equal(f->ntags, i % 3 == 0 ? 6 : 4);
		assert_int_equal(value_of(&layers[0], f, 0)->whole, whole[i]);
		assert_string_equal(
		    value_of(&layers[0], f, 1)->text, text[i % 50]);
		if (i % 3 == 0)
			assert_true(value_of(&layers[0], f, 2)->real ==
				    (double)(i % 7) / 3);
	}
}

static void
test_empty(void **state)
{
	struct gis_tile *t = gis_tile_new();
	size_t len = 7;
	unsigned char *bytes;

	(void)state;
	gis_tile_layer(t, "a");
	bytes = gis_tile_bytes(t, &len);
	assert_non_null(bytes);
	assert_int_equal(len, 0);
	free(bytes);
	gis_tile_free(t);
	assert_null(gis_tile_bytes(NULL, &len));
}

static void
test_places(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct gis_point p = { fraction() * 360 - 180,
			fraction() * 170 - 85 };
		struct gis_world w = gis_world_from_lonlat(p), v;
		struct gis_point q = gis_world_to_lonlat(w);
		uint64_t key = gis_world_key(w), first, last;
		struct gis_tile_at at = { dice(21), 0, 0 };

		assert_true(fabs(p.x - q.x) < 1e-7 && fabs(p.y - q.y) < 1e-7);
		v = gis_world_of_key(key);
		assert_true(v.x == w.x && v.y == w.y);
		at.x = at.z == 0 ? 0 : w.x >> (32 - at.z);
		at.y = at.z == 0 ? 0 : w.y >> (32 - at.z);
		assert_true(gis_tile_is(at));
		gis_tile_keys(at, &first, &last);
		assert_true(first <= key && key <= last);
		if (at.z > 0) {
			at.x ^= 1;
			gis_tile_keys(at, &first, &last);
			assert_false(first <= key && key <= last);
		}
	}
	assert_false(gis_tile_is((struct gis_tile_at){ 2, 4, 0 }));
	assert_false(gis_tile_is((struct gis_tile_at){ 21, 0, 0 }));
	assert_int_equal(
	    gis_world_from_lonlat((struct gis_point){ 0, 90 }).y, 0);
	assert_int_equal(
	    gis_world_from_lonlat((struct gis_point){ 200, -90 }).x,
	    UINT32_MAX);
	/* A known place: tile 14/13724/7014 holds Taipei 101. */
	struct gis_world w =
	    gis_world_from_lonlat((struct gis_point){ 121.5645, 25.0337 });
	assert_int_equal(w.x >> 18, 13724);
	assert_int_equal(w.y >> 18, 7014);
}

/* A ring around the middle, its corners at random distances. */
enum { CORNERS = 60 };
struct blob {
	struct gis_point at; /* degrees */
	double size;	     /* degrees of latitude, about */
	struct gis_point p[CORNERS + 1], hole[CORNERS + 1];
};

static void
make_blob(struct blob *b, struct gis_point at, double size)
{
	b->at = at;
	for (int i = 0; i < CORNERS; i++) {
		double a = i * 6.283185307 / CORNERS;
		double r = size * (0.4 + 0.6 * fraction());

		b->p[i].x = at.x + r * cos(a);
		b->p[i].y = at.y + r * sin(a);
		b->hole[i].x = at.x + size * 0.3 * cos(a);
		b->hole[i].y = at.y + size * 0.3 * sin(a);
	}
	b->p[CORNERS] = b->p[0];
	b->hole[CORNERS] = b->hole[0];
}

static char *
blob_text(const struct blob *b)
{
	char *text = malloc(20000), *at = text;

	at += sprintf(at, "{\"type\":\"Polygon\",\"coordinates\":[[");
	for (int i = 0; i <= CORNERS; i++)
		at += sprintf(at, "%s[%.9f,%.9f]", i > 0 ? "," : "", b->p[i].x,
		    b->p[i].y);
	at += sprintf(at, "],[");
	for (int i = 0; i <= CORNERS; i++)
		at += sprintf(at, "%s[%.9f,%.9f]", i > 0 ? "," : "",
		    b->hole[i].x, b->hole[i].y);
	sprintf(at, "]]}");
	return text;
}

/* Corners in tile units, clipped at one side after the other (Sutherland and
 * Hodgman): overlapping seams have no area. */
static size_t
clip(const struct gis_point *in, size_t n, struct gis_point *out, int side)
{
	const double rim[] = { -64, 4160 };
	size_t m = 0;

#define V(p)  (side < 2 ? (p).x : (p).y)
#define IN(p) (side % 2 == 0 ? V(p) >= rim[0] : V(p) <= rim[1])
	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		if (IN(in[i]) != IN(in[j])) {
			double t =
			    (rim[side % 2] - V(in[j])) / (V(in[i]) - V(in[j]));

			out[m++] = (struct gis_point){
				in[j].x + t * (in[i].x - in[j].x),
				in[j].y + t * (in[i].y - in[j].y)
			};
		}
		if (IN(in[i]))
			out[m++] = in[i];
	}
#undef IN
#undef V
	return m;
}

static double
clipped_area(const struct gis_point *lonlat, struct gis_tile_at at)
{
	struct gis_point a[CORNERS * 8], b[CORNERS * 8];
	double sum = 0, scale = ldexp(1, 20 - (int)at.z);
	size_t n = CORNERS;

	for (size_t i = 0; i < n; i++) {
		struct gis_world w = gis_world_from_lonlat(lonlat[i]);

		a[i] = (struct gis_point){ w.x / scale - at.x * 4096.0,
			w.y / scale - at.y * 4096.0 };
	}
	for (int side = 0; side < 4 && n > 0; side++) {
		n = clip(a, n, b, side);
		memcpy(a, b, n * sizeof(*a));
	}
	for (size_t i = 0, j = n - 1; i < n; j = i++)
		sum += a[j].x * a[i].y - a[i].x * a[j].y;
	return fabs(sum) / 2;
}

/* The rings of the only feature as GeoJSON, and the sum of their areas. */
static double
rings_of(const struct read_feature *f, char *text, double *rim)
{
	const uint32_t *w = &words[f->first], *end = w + f->n;
	int32_t x = 0, y = 0;
	double all = 0;
	bool polygon = false;

	*rim = 0;
	text += sprintf(text, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
	while (w < end) {
		int32_t fx, fy, px, py;
		double sum = 0;
		uint32_t n;
		char ring[40000], *at = ring;

		assert_int_equal(*w++, 1 | 1 << 3);
		fx = x += unzigzag(*w++);
		fy = y += unzigzag(*w++);
		at += sprintf(at, "[[%d,%d]", x, y);
		assert_int_equal(*w & 7, 2);
		n = *w++ >> 3;
		assert_true(n >= 2);
		while (n-- > 0) {
			px = x;
			py = y;
			x += unzigzag(*w++);
			y += unzigzag(*w++);
			assert_true(x != px || y != py);
			assert_true(x >= -64 && x <= 4160);
			assert_true(y >= -64 && y <= 4160);
			at += sprintf(at, ",[%d,%d]", x, y);
			sum += (double)px * y - (double)x * py;
			*rim += hypot(x - px, y - py);
		}
		assert_int_equal(*w++, 7 | 1 << 3);
		*rim += hypot(x - fx, y - fy);
		sum += (double)x * fy - (double)fx * y;
		sprintf(at, ",[%d,%d]]", fx, fy);
		text += sprintf(text, "%s%s",
		    sum < 0   ? ","
		    : polygon ? "],["
			      : "[",
		    ring);
		assert_true(sum != 0 && (polygon || sum > 0));
		polygon = true;
		all += sum / 2;
	}
	sprintf(text, "]]}");
	return all;
}

static void
check_area(struct gis *gis, double wanted)
{
	static char text[400000];
	const struct read_feature *f = &layers[0].features[0];
	struct gis_fail fail = { -1, "" };
	struct gis_shape *shape;
	int repaired = 0;
	double rim, got = rings_of(f, text, &rim);

	assert_int_equal(f->kind, 3);
	assert_int_equal(f->id, 77);
	assert_true(fabs(got - wanted) <= rim * 0.8 + 2);
	shape =
	    gis_shape_from_geojson(gis, text, strlen(text), &repaired, &fail);
	if (shape == NULL)
		fail_msg("%s: %.300s", fail.what, text);
	assert_int_equal(repaired, 0);
	assert_true(fabs(gis_shape_area(gis, shape) - got) < 1e-6 * got + 1e-6);
	gis_shape_free(gis, shape);
}

static void
test_areas(void **state)
{
	struct gis *gis = gis_new();
	struct gis_fail fail;
	int drawn = 0, missed = 0, cut = 0;

	(void)state;
	for (int i = 0; i < 600; i++) {
		struct gis_tile_at at = { 8 + dice(11), 0, 0 };
		struct gis_point mid = { 121.5 + fraction() / 10,
			25 + fraction() / 10 };
		struct gis_world w = gis_world_from_lonlat(mid);
		double side = 360 / ldexp(1, (int)at.z);
		struct blob blob;
		struct gis_shape *shape;
		struct gis_outline *o;
		struct gis_tile *t = gis_tile_new();
		double wanted;
		char *text;
		int rc, fixed;

		at.x = w.x >> (32 - at.z);
		at.y = w.y >> (32 - at.z);
		mid.x += (fraction() - 0.5) * side * 2;
		mid.y += (fraction() - 0.5) * side * 2;
		make_blob(&blob, mid, side * pow(2, (int)dice(10) - 8));
		text = blob_text(&blob);
		shape = gis_shape_from_geojson(
		    gis, text, strlen(text), &fixed, &fail);
		assert_non_null(shape);
		o = gis_outline_new(gis, shape);
		assert_non_null(o);
		wanted = clipped_area(blob.p, at) - clipped_area(blob.hole, at);
		gis_tile_layer(t, "areas");
		rc = gis_outline_draw(gis, o, at, 77, t);
		assert_true(rc >= 0);
		read_tile(t);
		if (rc == 1) {
			assert_int_equal(nlayers, 1);
			check_area(gis, wanted);
			drawn++;
			cut += wanted <
			       clipped_area(blob.p,
				   (struct gis_tile_at){ at.z, at.x, at.y });
		} else {
			assert_int_equal(nlayers, 0);
			assert_true(wanted < 400);
			missed++;
		}
		gis_tile_free(t);
		gis_outline_free(o);
		gis_shape_free(gis, shape);
		free(text);
	}
	assert_true(drawn > 200 && missed > 50 && cut > 100);
	gis_free(gis);
}

static int
note(void *arg, uint32_t item)
{
	((unsigned char *)arg)[item]++;
	return 0;
}

/* The tree finds every outline that draws something, each once. */
static void
test_outlines(void **state)
{
	enum { N = 300 };
	struct gis *gis = gis_new();
	struct gis_outline *o[N];
	struct gis_outlines *all;
	struct gis_fail fail;

	(void)state;
	for (int i = 0; i < N; i++) {
		struct gis_point mid = { 121.5 + fraction() / 10,
			25 + fraction() / 10 };
		struct blob blob;
		struct gis_shape *shape;
		char *text;
		int fixed;

		make_blob(&blob, mid, 0.0005 + fraction() * 0.003);
		text = blob_text(&blob);
		shape = gis_shape_from_geojson(
		    gis, text, strlen(text), &fixed, &fail);
		o[i] = i % 10 == 0 ? NULL : gis_outline_new(gis, shape);
		gis_shape_free(gis, shape);
		free(text);
	}
	all = gis_outlines_new((const struct gis_outline *const *)o, N);
	assert_non_null(all);
	for (int i = 0; i < 100; i++) {
		struct gis_tile_at at = { 10 + dice(7), 0, 0 };
		struct gis_world w = gis_world_from_lonlat((struct gis_point){
		    121.5 + fraction() / 10, 25 + fraction() / 10 });
		unsigned char seen[N] = { 0 };

		at.x = w.x >> (32 - at.z);
		at.y = w.y >> (32 - at.z);
		assert_int_equal(gis_outlines_in(all, at, note, seen), 0);
		for (int k = 0; k < N; k++) {
			struct gis_tile *t = gis_tile_new();

			gis_tile_layer(t, "a");
			assert_true(seen[k] <= 1);
			if (o[k] != NULL &&
			    gis_outline_draw(gis, o[k], at, 1, t) == 1)
				assert_int_equal(seen[k], 1);
			if (o[k] == NULL)
				assert_int_equal(seen[k], 0);
			gis_tile_free(t);
		}
	}
	gis_outlines_free(all);
	all = gis_outlines_new(NULL, 0);
	assert_int_equal(
	    gis_outlines_in(all, (struct gis_tile_at){ 0, 0, 0 }, note, NULL),
	    0);
	gis_outlines_free(all);
	for (int i = 0; i < N; i++)
		gis_outline_free(o[i]);
	gis_free(gis);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_areas),
		cmocka_unit_test(test_outlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

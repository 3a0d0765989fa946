/* SPDX-License-Identifier: MIT */
/*
 * Streets in tiles: the lines of a tile are as long as the pieces of all
 * streets clipped one by one, whatever is shut is drawn by itself alone, and
 * thinned lines end where they ended.
 */
#include <math.h>
#include <stdbool.h>
#include "gis/network_draw.h"
#include "gis/world.h"
#include "tests/unit/read_tile.h"

enum { SPOTS = 250, LINES = 300, BENDS = 6, SHUT = 40 };

static uint64_t seed = 5;

static double
chance(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(seed >> 11) * 0x1p-53;
}

struct town {
	struct gis_point spot[SPOTS]; /* degrees */
	bool joined[SPOTS][SPOTS];
	struct gis_crs *plane;
	struct gis_network *net;
};

static void
make_town(struct town *t)
{
	struct gis_point p[LINES * BENDS];
	size_t first[LINES + 1], n = 0;
	struct gis_network_lines in = { p, first, LINES, NULL, NULL, NULL, 0 };
	struct gis_fail fail;

	*t = (struct town){ .plane = gis_crs_plane(
				(struct gis_point){ 121.5, 25.0 }, &fail) };
	for (int i = 0; i < SPOTS; i++)
		t->spot[i] = (struct gis_point){ 121.48 + chance() * 0.04,
			24.98 + chance() * 0.04 };
	for (int l = 0; l < LINES; l++) {
		int last = -1;

		first[l] = n;
		for (int b = 0; b < BENDS; b++) {
			int i = (int)(chance() * SPOTS);

			if (last >= 0)
				t->joined[last][i] = true;
			p[n++] = t->spot[i];
			last = i;
		}
	}
	first[LINES] = n;
	t->net = gis_network_on(t->plane, &in, &fail);
	assert_non_null(t->net);
}

static void
free_town(struct town *t)
{
	gis_network_free(t->net);
	gis_crs_free(t->plane);
}

static struct gis_point
in_tile(struct gis_point lonlat, struct gis_tile_at at)
{
	struct gis_world w = gis_world_from_lonlat(lonlat);
	double unit = ldexp(1, 20 - (int)at.z);

	return (struct gis_point){ w.x / unit - at.x * 4096.0,
		w.y / unit - at.y * 4096.0 };
}

static bool
inside(struct gis_point p)
{
	return p.x >= -64 && p.x <= 4160 && p.y >= -64 && p.y <= 4160;
}

/* By halves: what is inside of a straight piece is one piece. */
static double
length_inside(struct gis_point a, struct gis_point b, int depth)
{
	struct gis_point mid = { (a.x + b.x) / 2, (a.y + b.y) / 2 };

	if (inside(a) && inside(b))
		return gis_distance(a, b);
	if (fmax(a.x, b.x) < -64 || fmin(a.x, b.x) > 4160 ||
	    fmax(a.y, b.y) < -64 || fmin(a.y, b.y) > 4160 || depth == 0)
		return 0;
	return length_inside(a, mid, depth - 1) +
	       length_inside(mid, b, depth - 1);
}

/* Of all pieces, each once, and their number. */
static double
length_wanted(const struct town *t, struct gis_tile_at at, int *n)
{
	double sum = 0, one;

	*n = 0;
	for (int i = 0; i < SPOTS; i++)
		for (int k = 0; k < i; k++) {
			if (!t->joined[i][k] && !t->joined[k][i])
				continue;
			one = length_inside(in_tile(t->spot[i], at),
			    in_tile(t->spot[k], at), 24);
			*n += one > 0;
			sum += one;
		}
	return sum;
}

static struct gis_box
box_of(const struct town *t, struct gis_tile_at at)
{
	struct gis_box box = gis_box_empty();
	double side = ldexp(1, 32 - (int)at.z);

	for (int i = -1; i <= 11; i++)
		for (int k = -1; k <= 11; k++) {
			struct gis_point p =
			    gis_world_to_lonlat((struct gis_world){
				(uint32_t)((at.x + i / 10.0) * side),
				(uint32_t)((at.y + k / 10.0) * side) });

			gis_crs_from_lonlat(t->plane, &p, 1);
			box = gis_box_with(box, p);
		}
	return box;
}

/* Lines of the features of the only layer. */
static double
length_drawn(const struct gis_tile *tile)
{
	double sum = 0;

	read_tile(tile);
	for (size_t f = 0; nlayers > 0 && f < layers[0].nfeatures; f++) {
		const uint32_t *w = &words[layers[0].features[f].first];
		const uint32_t *end = w + layers[0].features[f].n;
		int32_t x = 0, y = 0;

		assert_int_equal(layers[0].features[f].kind, 2);
		while (w < end) {
			uint32_t what = *w & 7, n = *w++ >> 3;

			assert_true(what == 1 ? n == 1 : what == 2 && n >= 1);
			for (; n > 0; n--, w += 2) {
				int32_t dx = unzigzag(w[0]);
				int32_t dy = unzigzag(w[1]);

				x += dx;
				y += dy;
				assert_true(x >= -64 && x <= 4160 && y >= -64 &&
					    y <= 4160);
				if (what == 2)
					sum += hypot(dx, dy);
			}
		}
	}
	return sum;
}

static struct gis_tile_at
some_tile(const struct town *t)
{
	struct gis_world w =
	    gis_world_from_lonlat(t->spot[(int)(chance() * SPOTS)]);
	uint32_t z = 10 + (uint32_t)(chance() * 8);

	return (struct gis_tile_at){ z, w.x >> (32 - z), w.y >> (32 - z) };
}

static void
test_all(void **state)
{
	struct town t;

	(void)state;
	make_town(&t);
	for (int i = 0; i < 150; i++) {
		struct gis_tile_at at = some_tile(&t);
		struct gis_tile *tile = gis_tile_new();
		int n;
		double want = length_wanted(&t, at, &n), got;

		gis_tile_layer(tile, "streets");
		assert_int_equal(
		    gis_network_draw(t.net, box_of(&t, at), at, 0, tile), 0);
		got = length_drawn(tile);
		assert_true(want > 0);
		assert_true(fabs(got - want) <= 1.5 * n);
		assert_true(nlayers == 0 || layers[0].nfeatures == 1);
		gis_tile_free(tile);
	}
	free_town(&t);
}

static void
test_shut(void **state)
{
	struct town t;
	uint32_t edge[SHUT];
	struct gis_network *shut;

	(void)state;
	make_town(&t);
	for (uint32_t i = 0; i < SHUT; i++)
		edge[i] = i * 17;
	shut = gis_network_shut(t.net, edge, SHUT);
	for (int i = 0; i < 60; i++) {
		struct gis_tile_at at = some_tile(&t);
		struct gis_tile *open = gis_tile_new(), *all = gis_tile_new();
		int n, drawn = 0;
		double want = length_wanted(&t, at, &n), some;

		gis_tile_layer(open, "streets");
		gis_tile_layer(all, "streets");
		gis_network_draw(shut, box_of(&t, at), at, 0, open);
		gis_network_draw(shut, box_of(&t, at), at, 0, all);
		for (int k = 0; k < SHUT; k++)
			drawn += gis_network_draw_edge(
			    shut, edge[k], at, (uint64_t)k + 1, all);
		some = length_drawn(open);
		assert_true(fabs(length_drawn(all) - want) <= 1.5 * n);
		assert_true(drawn == 0 || some < want - drawn * 0.5 + 1.5 * n);
		assert_true(nlayers == 0 || layers[0].nfeatures <= SHUT + 1u);
		gis_tile_free(open);
		gis_tile_free(all);
	}
	assert_int_equal(gis_network_draw_edge(shut, UINT32_MAX,
			     (struct gis_tile_at){ 0, 0, 0 }, 1, NULL),
	    0);
	gis_network_free(shut);
	free_town(&t);
}

/* Many short bends in a row: fewer points, the same ends. */
static void
test_thin(void **state)
{
	enum { N = 900 };
	struct gis_point p[N];
	size_t first[] = { 0, N };
	struct gis_network_lines in = { p, first, 1, NULL, NULL, NULL, 0 };
	struct gis_tile_at at = { 11, 0, 0 };
	struct gis_tile *tile = gis_tile_new();
	struct gis_fail fail;
	struct gis_crs *plane =
	    gis_crs_plane((struct gis_point){ 121.5, 25.0 }, &fail);
	struct gis_network *net;
	struct town t = { .plane = plane };
	struct gis_world w;
	double length;

	(void)state;
	for (int i = 0; i < N; i++)
		p[i] = (struct gis_point){ 121.5 + i * 2e-5,
			25.0 + (i % 2) * 1e-5 };
	w = gis_world_from_lonlat(p[N / 2]);
	at.x = w.x >> 21;
	at.y = w.y >> 21;
	net = gis_network_on(plane, &in, &fail);
	gis_tile_layer(tile, "streets");
	gis_network_draw(net, box_of(&t, at), at, 8, tile);
	length = length_drawn(tile);
	assert_true(fabs(length - gis_distance(in_tile(p[0], at),
				      in_tile(p[N - 1], at))) < 4);
	assert_true(layers[0].features[0].n < N / 2);
	gis_tile_free(tile);
	gis_network_free(net);
	gis_crs_free(plane);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_shut),
		cmocka_unit_test(test_thin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Whole-city distances against Floyd and Warshall's table over whole
 * decimetres with the stops put in as nodes; fields kept up through random
 * closings against fresh ones; decimetres against the walk in doubles.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gis/reach_graph.h"

enum { MOST = 120, STOPS = 40, FAR = GIS_REACH_FAR };

static uint64_t seed = 7;

static uint32_t
draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 20) % below);
}

static double
chance(void)
{
	return draw(1 << 30) / (double)(1 << 30);
}

/* Lines over a raster of crossings with bends between: streets, rings, dead
 * ends and parts by themselves; in small towns edges of a few centimetres. */
static struct gis_network *
town(uint32_t side, size_t lines, double scale)
{
	struct gis_point p[4096];
	size_t first[1025] = { 0 }, n = 0;
	bool steps[1024];
	struct gis_fail why;
	struct gis_network *net;

	for (size_t l = 0; l < lines; l++) {
		struct gis_point at = { draw(side), draw(side) };

		for (uint32_t i = 0, m = 2 + draw(3); i < m; i++) {
			p[n++] =
			    (struct gis_point){ at.x * scale, at.y * scale };
			at.x += draw(3) - 1.0;
			at.y += draw(3) - 1.0;
			if (draw(4) == 0)
				at.x += chance();
		}
		steps[l] = draw(6) == 0;
		first[l + 1] = n;
	}
	net = gis_network_new(p, p, first, lines, steps, &why);
	assert_non_null(net);
	return net;
}

static void
draw_places(
    const struct gis_network *net, struct gis_place *q, size_t n, double width)
{
	for (size_t i = 0; i < n; i++) {
		struct gis_point p = { chance() * width, chance() * width };

		q[i] = gis_network_snap(net, p, draw(9) ? INFINITY : 0);
		if (draw(8) == 0 && net->nnodes > 0)
			q[i] = gis_network_snap(
			    net, net->at[draw((uint32_t)net->nnodes)], 1);
	}
}

/* Lengths between all nodes, then all stops. */
struct table {
	size_t n;
	uint32_t d[MOST + 2 * STOPS][MOST + 2 * STOPS];
};

static void
link_two(struct table *t, size_t a, size_t b, uint32_t dm)
{
	if (dm < t->d[a][b])
		t->d[a][b] = t->d[b][a] = dm;
}

static void
link_stop(
    struct table *t, const struct gis_stop *q, size_t n, size_t k, size_t nodes)
{
	if (q[k].edge == GIS_NONE)
		return;
	link_two(t, nodes + k, q[k].node[0], q[k].to[0] - q[k].off);
	link_two(t, nodes + k, q[k].node[1], q[k].to[1] - q[k].off);
	for (size_t i = 0; i < n; i++)
		if (q[i].edge == q[k].edge)
			link_two(t, nodes + k, nodes + i,
			    (uint32_t)abs((int)(q[k].to[0] - q[k].off) -
					  (int)(q[i].to[0] - q[i].off)));
}

static void
all_pairs(struct table *t, const struct gis_reach *r, const struct gis_stop *q,
    size_t n)
{
	const struct gis_network *net = r->net;
	struct gis_stop open[2 * STOPS];

	t->n = net->nnodes + n;
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->n; j++)
			t->d[i][j] = i == j ? 0 : FAR;
	for (uint32_t e = 0; e < net->nedges; e++)
		link_two(
		    t, net->edge[e].a, net->edge[e].b, gis_reach_edge_dm(r, e));
	for (size_t k = 0; k < n; k++) {
		open[k] = q[k];
		if (!gis_reach_usable(r, &q[k]))
			open[k].edge = GIS_NONE;
	}
	for (size_t k = 0; k < n; k++)
		link_stop(t, open, n, k, net->nnodes);
	for (size_t k = 0; k < t->n; k++)
		for (size_t i = 0; i < t->n; i++)
			for (size_t j = 0; j < t->n; j++)
				if (t->d[i][k] + t->d[k][j] < t->d[i][j])
					t->d[i][j] = t->d[i][k] + t->d[k][j];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < t->n; j++)
			if (t->d[net->nnodes + i][j] < FAR)
				t->d[net->nnodes + i][j] += q[i].off;
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < n; j++)
			if (t->d[i][net->nnodes + j] < FAR)
				t->d[i][net->nnodes + j] += q[j].off;
}

static struct gis_reach *
reach_of(const struct gis_network *net)
{
	struct gis_fail why;
	struct gis_reach *r = gis_reach_new(
	    net, draw(3) == 0 ? GIS_WITHOUT_STEPS : GIS_ON_FOOT, &why);

	assert_non_null(r);
	return r;
}

/* The pairs of one home the long way: nearest unused until there are k. */
static void
check_home(const struct gis_pairs_ask *ask, const struct gis_pairs *got,
    const uint32_t *dm, size_t home)
{
	const struct gis_pair *p = got->pair + got->first[home];
	bool taken[STOPS] = { false };
	size_t n = 0;

	for (;; n++) {
		size_t best = STOPS;

		for (size_t s = 0; s < ask->stops; s++)
			if (dm[s] <= ask->limit &&
			    !taken[ask->owner ? ask->owner[s] : s] &&
			    (best == STOPS || dm[s] < dm[best]))
				best = s;
		if (best == STOPS || (ask->k > 0 && n == ask->k))
			break;
		assert_true(got->first[home] + n < got->first[home + 1]);
		assert_int_equal(p[n].stop, best);
		assert_int_equal(p[n].dm, dm[best]);
		taken[ask->owner ? ask->owner[best] : best] = true;
	}
	assert_int_equal(got->first[home + 1] - got->first[home], n);
}

static void
check_pairs(const struct gis_reach *r, const struct gis_stop *q, size_t homes,
    size_t stops, const struct table *t)
{
	struct gis_mesh *mesh = gis_mesh_new(r);
	uint32_t owner[STOPS];
	struct gis_pairs got;
	struct gis_pairs_ask ask = { q, q + homes, homes, stops,
		draw(2) ? owner : NULL, draw(2) ? 900 : GIS_REACH_LIMIT,
		draw(5), 1 + draw(3) };

	assert_non_null(mesh);
	for (size_t i = 0; i < stops; i++)
		owner[i] = draw((uint32_t)stops);
	assert_int_equal(gis_mesh_pairs(mesh, &ask, &got), 0);
	for (size_t i = 0; i < homes; i++)
		check_home(&ask, &got,
		    &t->d[r->net->nnodes + i][r->net->nnodes + homes], i);
	gis_pairs_release(&got);
	gis_mesh_free(mesh);
}

static void
check_field(const struct gis_reach *r, const struct gis_field *f,
    const struct gis_stop *q, size_t n, const struct table *t)
{
	for (uint32_t v = 0; v < t->n; v++) {
		struct gis_pair best = { GIS_NONE, FAR }, got;

		for (uint32_t s = 0; s < n; s++)
			if (t->d[v][r->net->nnodes + s] < best.dm)
				best = (struct gis_pair){ s,
					t->d[v][r->net->nnodes + s] };
		got = (struct gis_pair){ gis_field_owner(f, v),
			gis_field_dm(f, v) };
		if (v >= r->net->nnodes)
			got = gis_field_at(f, q[v - r->net->nnodes]);
		if (v >= r->net->nnodes &&
		    !gis_reach_usable(r, &q[v - r->net->nnodes]))
			best = (struct gis_pair){ GIS_NONE, FAR };
		assert_int_equal(got.dm, best.dm);
		assert_int_equal(got.stop, best.stop);
	}
}

static void
test_random(void **state)
{
	static struct table t;

	(void)state;
	for (int round = 0; round < 300; round++) {
		double scale = round % 3 == 0 ? 0.03 : 31.7;
		uint32_t side = 3 + draw(6);
		struct gis_network *net = town(side, 1 + draw(24), scale);
		struct gis_reach *r = reach_of(net);
		struct gis_place place[2 * STOPS];
		struct gis_stop q[2 * STOPS];
		size_t homes = round % 2 ? 2 : STOPS - 4, stops = STOPS - homes;
		struct gis_field *f;

		if (net->nnodes > MOST)
			goto next;
		draw_places(net, place, STOPS, side * scale);
		for (size_t i = 0; i < STOPS; i++)
			q[i] = gis_reach_stop(r, place[i]);
		for (uint32_t i = draw(4); i > 0 && net->nedges > 0; i--)
			gis_reach_close(r, draw((uint32_t)net->nedges));
		all_pairs(&t, r, q, STOPS);
		check_pairs(r, q, homes, stops, &t);
		all_pairs(&t, r, q + homes, stops);
		f = gis_field_new(r, q + homes, stops);
		assert_non_null(f);
		check_field(r, f, q + homes, stops, &t);
		gis_field_free(f);
	next:
		gis_reach_free(r);
		gis_network_free(net);
	}
}

enum { CROWD = 300 };

static void
ask_one(const struct gis_mesh *mesh, const struct gis_stop *home,
    const struct gis_stop *stop, const struct gis_pair *all, size_t n)
{
	for (uint32_t k = 1; k < 8; k++) {
		struct gis_pairs_ask ask = { home, stop, 1, CROWD, NULL, 1500,
			k, 1 };
		struct gis_pairs got;

		assert_int_equal(gis_mesh_pairs(mesh, &ask, &got), 0);
		assert_int_equal(got.first[1], n < k ? n : k);
		assert_memory_equal(got.pair, all, got.first[1] * sizeof(*all));
		gis_pairs_release(&got);
	}
}

/* All pairs one way and the other; the first k are those asked for alone. */
static void
test_sides(void **state)
{
	struct gis_network *net = town(20, 700, 20);
	struct gis_fail why;
	struct gis_reach *r = gis_reach_new(net, GIS_ON_FOOT, &why);
	struct gis_mesh *mesh = gis_mesh_new(r);
	struct gis_place place[2 * CROWD];
	struct gis_stop q[2 * CROWD];
	struct gis_pairs there, back;
	struct gis_pairs_ask ask = { q, q + CROWD, CROWD, CROWD, NULL, 1500, 0,
		2 };
	uint32_t dm[CROWD][CROWD] = { 0 };

	(void)state;
	draw_places(net, place, 2 * CROWD, 400);
	for (size_t i = 0; i < 2 * CROWD; i++)
		q[i] = gis_reach_stop(r, place[i]);
	assert_int_equal(gis_mesh_pairs(mesh, &ask, &there), 0);
	ask.home = q + CROWD;
	ask.stop = q;
	assert_int_equal(gis_mesh_pairs(mesh, &ask, &back), 0);
	assert_true(there.first[CROWD] > 20 * CROWD);
	assert_int_equal(there.first[CROWD], back.first[CROWD]);
	for (size_t i = 0; i < CROWD; i++)
		for (size_t j = there.first[i]; j < there.first[i + 1]; j++)
			dm[i][there.pair[j].stop] = there.pair[j].dm + 1;
	for (size_t i = 0; i < CROWD; i++)
		for (size_t j = back.first[i]; j < back.first[i + 1]; j++)
			assert_int_equal(
			    dm[back.pair[j].stop][i], back.pair[j].dm + 1);
	for (size_t i = 0; i < CROWD; i++)
		ask_one(mesh, &q[i], q + CROWD, there.pair + there.first[i],
		    there.first[i + 1] - there.first[i]);
	gis_pairs_release(&there);
	gis_pairs_release(&back);
	gis_mesh_free(mesh);
	gis_reach_free(r);
	gis_network_free(net);
}

/* One random change, told to the field. */
static void
change(struct gis_reach *r, struct gis_field *f, struct gis_stop *now,
    const struct gis_stop *q)
{
	uint32_t s = draw(STOPS), e = draw((uint32_t)r->net->nedges);
	size_t n = 0;

	switch (draw(4)) {
	case 0:
		n = gis_field_close_stop(f, s);
		now[s].edge = GIS_NONE;
		break;
	case 1:
		n = gis_field_open_stop(f, s);
		now[s] = q[s];
		break;
	case 2:
		if (gis_reach_close(r, e))
			n = gis_field_edge_closed(f, e);
		break;
	default:
		if (gis_reach_open(r, e))
			n = gis_field_edge_opened(f, e);
	}
	assert_true(n <= r->net->nnodes);
}

static void
check_same(const struct gis_reach *r, const struct gis_field *f,
    const struct gis_stop *now)
{
	struct gis_field *fresh = gis_field_new(r, now, STOPS);

	assert_non_null(fresh);
	for (uint32_t v = 0; v < r->net->nnodes; v++) {
		assert_int_equal(gis_field_dm(f, v), gis_field_dm(fresh, v));
		assert_int_equal(
		    gis_field_owner(f, v), gis_field_owner(fresh, v));
	}
	for (size_t i = 0; i < STOPS; i++) {
		struct gis_stop s = now[i];
		struct gis_pair a = gis_field_at(f, s);
		struct gis_pair b = gis_field_at(fresh, s);

		assert_true(a.stop == b.stop && a.dm == b.dm);
	}
	gis_field_free(fresh);
}

static void
test_changes(void **state)
{
	(void)state;
	for (int round = 0; round < 1000; round++) {
		double scale = round % 3 == 0 ? 0.05 : 31.7;
		struct gis_network *net = town(6, 1 + draw(24), scale);
		struct gis_reach *r = reach_of(net);
		struct gis_place place[STOPS];
		struct gis_stop q[STOPS], now[STOPS];
		struct gis_field *f;

		draw_places(net, place, STOPS, 6 * scale);
		for (size_t i = 0; i < STOPS; i++)
			now[i] = q[i] = gis_reach_stop(r, place[i]);
		f = gis_field_new(r, q, STOPS);
		assert_non_null(f);
		for (int i = 0; i < 40 && net->nedges > 0; i++) {
			change(r, f, now, q);
			if (i % 8 == 7)
				check_same(r, f, now);
		}
		gis_field_free(f);
		gis_reach_free(r);
		gis_network_free(net);
	}
}

/* 0.05 m an edge, 0.1 m a very short one, 0.15 m at each end. */
static double
error_over(size_t edges, double scale)
{
	return 0.3 + 1e-6 + (double)edges * (scale < 1 ? 0.1 : 0.05);
}

/* The k nearest of all that are within the limit, cut from the whole answer. */
static size_t
first_owners(const struct gis_pairs *all, const struct gis_pairs_ask *ask,
    size_t home, struct gis_pair *out)
{
	size_t n = 0;

	for (size_t i = all->first[home];
	     i < all->first[home + 1] && n < ask->k; i++)
		out[n++] = all->pair[i];
	return n;
}

/* Where searches would go far beyond the k nearest they are bounded: the same
 * answer as of all cut off, looked at much less. */
static void
test_bounded(void **state)
{
	enum { HOMES = 1500, SHELTERS = 200, WIDE = 8 };
	static struct gis_place place[HOMES + SHELTERS];
	static struct gis_stop stop[HOMES + SHELTERS];
	uint32_t owner[SHELTERS];
	struct gis_pair cut[WIDE];

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct gis_network *net = town(28, 1000, 40);
		struct gis_reach *r = reach_of(net);

		for (int i = 0; round % 3 == 1 && i < 40; i++)
			gis_reach_close(r, draw((uint32_t)net->nedges));
		struct gis_mesh *m = gis_mesh_new(r);
		draw_places(net, place, HOMES + SHELTERS, 28 * 40);
		for (size_t i = 0; i < HOMES + SHELTERS; i++)
			stop[i] = gis_reach_stop(r, place[i]);
		for (size_t i = 0; i < SHELTERS; i++)
			owner[i] = draw(SHELTERS / 2);
		struct gis_pairs_ask ask = { .home = stop,
			.stop = stop + HOMES,
			.homes = HOMES,
			.stops = SHELTERS,
			.owner = round % 2 ? owner : NULL,
			.limit = 2000 + draw(20000),
			.k = 1 + draw(WIDE),
			.threads = 1 + draw(2) };
		struct gis_pairs got, all;
		struct gis_pairs_ask whole = ask;

		whole.k = 0;
		assert_int_equal(gis_mesh_pairs(m, &ask, &got), 0);
		assert_int_equal(gis_mesh_pairs(m, &whole, &all), 0);
		for (size_t h = 0; h < HOMES; h++) {
			size_t n = first_owners(&all, &ask, h, cut);

			assert_int_equal(n, got.first[h + 1] - got.first[h]);
			assert_memory_equal(
			    cut, got.pair + got.first[h], n * sizeof(*cut));
		}
		if (ask.limit > 15000)
			assert_true(got.settled < all.settled);
		gis_pairs_release(&got);
		gis_pairs_release(&all);
		gis_mesh_free(m);
		gis_reach_free(r);
		gis_network_free(net);
	}
}

static void
test_rounding(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		double scale = round % 2 ? 0.3 : 31.7;
		struct gis_network *net = town(6, 1 + draw(24), scale);
		struct gis_fail why;
		struct gis_reach *r = gis_reach_new(net, GIS_ON_FOOT, &why);
		struct gis_mesh *mesh = gis_mesh_new(r);
		struct gis_walk *walk = gis_walk_new(net);
		struct gis_place place[8];
		struct gis_stop q[8];
		struct gis_point *line;
		struct gis_pairs got;
		struct gis_pairs_ask ask = { q, q, 1, 8, NULL, GIS_REACH_LIMIT,
			0, 1 };

		draw_places(net, place, 8, 6 * scale);
		for (size_t i = 0; i < 8; i++)
			q[i] = gis_reach_stop(r, place[i]);
		assert_int_equal(gis_mesh_pairs(mesh, &ask, &got), 0);
		gis_walk_from(walk, place[0], INFINITY);
		for (size_t i = 0; i < got.first[1]; i++) {
			struct gis_place to = place[got.pair[i].stop];
			double metres = gis_walk_to(walk, to);
			double dm = got.pair[i].dm / 10.0;
			size_t n = gis_walk_path(walk, to, &line);

			assert_true(n >= 2);
			assert_true(dm - metres < error_over(n - 1, scale));
			assert_true(
			    metres - dm < error_over(net->nnodes, scale));
			free(line);
		}
		gis_pairs_release(&got);
		gis_walk_free(walk);
		gis_mesh_free(mesh);
		gis_reach_free(r);
		gis_network_free(net);
	}
}

/* Bends vanish, rings and long chains do not. */
static void
test_mesh(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 10, 0 }, { 20, 0 }, { 500, 0 },
		{ 510, 0 }, { 510, 10 }, { 500, 0 } };
	size_t first[] = { 0, 3, 7 };
	struct gis_fail why;
	struct gis_network *net = gis_network_new(p, p, first, 2, NULL, &why);
	struct gis_reach *r = gis_reach_new(net, GIS_ON_FOOT, &why);
	struct gis_mesh *mesh = gis_mesh_new(r);
	struct gis_stop q[2];
	struct gis_pairs got;
	struct gis_pairs_ask ask = { q, q + 1, 1, 1, NULL, 1000, 1, 1 };

	(void)state;
	q[0] = gis_reach_stop(
	    r, gis_network_snap(net, (struct gis_point){ 506, -1 }, 5));
	q[1] = gis_reach_stop(
	    r, gis_network_snap(net, (struct gis_point){ 503, 4 }, 5));
	assert_int_equal(gis_mesh_pairs(mesh, &ask, &got), 0);
	assert_int_equal(got.first[1], 1);
	/* 1 off, 6 along, 3.5 * sqrt(2) up the slope, sqrt(0.5) off */
	assert_int_equal(got.pair[0].dm, 10 + 60 + 49 + 7);
	gis_pairs_release(&got);
	ask.limit = GIS_REACH_LIMIT + 1;
	assert_int_equal(gis_mesh_pairs(mesh, &ask, &got), -1);
	gis_mesh_free(mesh);
	gis_reach_free(r);
	gis_network_free(net);
}

static void
test_refusals(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 200000, 0 } };
	size_t first[] = { 0, 2 };
	struct gis_fail why;
	struct gis_network *net = gis_network_new(p, p, first, 1, NULL, &why);

	(void)state;
	assert_null(gis_reach_new(net, GIS_ON_FOOT, &why));
	assert_string_equal(why.what, "an edge is longer than 100 km");
	gis_network_free(net);
	gis_reach_free(NULL);
	gis_mesh_free(NULL);
	gis_field_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_rounding),
		cmocka_unit_test(test_mesh),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Edges shut one after the other and opened again against a network built anew
 * from the segments that are left: where places snap and how far it is between
 * them; and against the field that follows each change (gis/reach.h).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gis/network.h"
#include "gis/reach.h"

enum { SIDE = 9, MOST = 4 * SIDE * SIDE, PLACES = 8, STOPS = 3 };

static uint64_t seed = 42;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* Segments between neighbours of a raster, some missing. */
struct town {
	struct gis_point p[2 * MOST];
	size_t n; /* segments */
	bool shut[MOST];
};

static void
add(struct town *t, int x, int y, int dx, int dy)
{
	if (chance() < 0.3)
		return;
	t->p[2 * t->n] = (struct gis_point){ x * 50, y * 50 + x };
	t->p[2 * t->n + 1] =
	    (struct gis_point){ (x + dx) * 50, (y + dy) * 50 + x + dx };
	t->shut[t->n++] = false;
}

static void
draw(struct town *t)
{
	t->n = 0;
	for (int x = 0; x < SIDE; x++)
		for (int y = 0; y < SIDE; y++) {
			if (x + 1 < SIDE)
				add(t, x, y, 1, 0);
			if (y + 1 < SIDE)
				add(t, x, y, 0, 1);
		}
}

static struct gis_network *
build(const struct town *t, bool all)
{
	struct gis_point p[2 * MOST];
	size_t first[MOST + 1] = { 0 }, n = 0;
	struct gis_fail why;
	struct gis_network *net;

	for (size_t i = 0; i < t->n; i++)
		if (all || !t->shut[i]) {
			memcpy(p + 2 * n, t->p + 2 * i, 2 * sizeof(*p));
			n++;
			first[n] = 2 * n;
		}
	net = gis_network_new(p, p, first, n, NULL, &why);
	assert_non_null(net);
	return net;
}

static struct gis_network *
shut_all(const struct town *t, const struct gis_network *whole)
{
	uint32_t edge[MOST + 2];
	size_t n = 0;
	struct gis_network *net;

	for (size_t i = 0; i < t->n; i++)
		if (t->shut[i])
			edge[n++] =
			    gis_network_edge_between(whole, t->p + 2 * i);
	net = gis_network_shut(whole, edge, n);
	assert_non_null(net);
	assert_int_equal(gis_network_shut_edges(net), n);
	/* Again, and what is none: no matter. */
	if (n > 0) {
		gis_network_free(net);
		edge[n] = edge[0];
		edge[n + 1] = UINT32_MAX;
		net = gis_network_shut(whole, edge, n + 2);
		assert_int_equal(gis_network_shut_edges(net), n);
	}
	return net;
}

static void
compare(const struct gis_network *shut, const struct gis_network *anew)
{
	struct gis_walk *w = gis_walk_new(shut), *v = gis_walk_new(anew);
	struct gis_place a[PLACES], b[PLACES];
	double x[PLACES], y[PLACES];

	for (int i = 0; i < PLACES; i++) {
		struct gis_point p = { chance() * SIDE * 50,
			chance() * SIDE * 50 };

		a[i] = gis_network_snap(shut, p, 200);
		b[i] = gis_network_snap(anew, p, 200);
		assert_int_equal(
		    a[i].edge == UINT32_MAX, b[i].edge == UINT32_MAX);
		if (a[i].edge != UINT32_MAX)
			assert_true(a[i].off == b[i].off);
		assert_false(gis_network_is_shut(shut, a[i].edge));
	}
	for (int i = 0; i < PLACES; i++) {
		double limit = chance() < 0.5 ? 400 : INFINITY;

		gis_walk_among(w, a[i], limit, a, PLACES, x);
		gis_walk_among(v, b[i], limit, b, PLACES, y);
		for (int k = 0; k < PLACES; k++)
			assert_true(x[k] == y[k]);
		gis_walk_from(w, a[i], limit);
		for (int k = 0; k < PLACES; k++)
			assert_true(gis_walk_to(w, a[k]) == y[k]);
	}
	gis_walk_free(w);
	gis_walk_free(v);
}

/* Parts and fields of the shut network are those of one kept up to date. */
static void
compare_field(const struct gis_network *shut, const struct gis_field *kept,
    const struct gis_place *place)
{
	struct gis_fail fail;
	struct gis_reach *r = gis_reach_new(shut, GIS_ON_FOOT, &fail);
	struct gis_field *f;
	struct gis_stop stop[STOPS];
	uint32_t *part = gis_network_parts_as(shut, gis_on_foot);
	size_t nodes = gis_network_summary(shut).nodes;

	for (int i = 0; i < STOPS; i++)
		stop[i] = gis_reach_stop(r, place[i]);
	f = gis_field_new(r, stop, STOPS);
	for (uint32_t i = 0; i < nodes; i++) {
		assert_int_equal(gis_field_dm(f, i), gis_field_dm(kept, i));
		assert_int_equal(
		    gis_field_owner(f, i), gis_field_owner(kept, i));
	}
	for (uint32_t e = 0; e < gis_network_summary(shut).edges; e++)
		assert_int_equal(
		    gis_network_is_shut(shut, e), part[e] == UINT32_MAX);
	free(part);
	gis_field_free(f);
	gis_reach_free(r);
}

static void
run(void)
{
	struct town t;
	struct gis_network *whole, *shut, *anew;
	struct gis_reach *reach;
	struct gis_field *field;
	struct gis_place place[STOPS];
	struct gis_stop stop[STOPS];
	struct gis_fail fail;

	draw(&t);
	whole = build(&t, true);
	reach = gis_reach_new(whole, GIS_ON_FOOT, &fail);
	for (int i = 0; i < STOPS; i++) {
		struct gis_point p = { chance() * SIDE * 50,
			chance() * SIDE * 50 };

		place[i] = gis_network_snap(whole, p, 200);
		stop[i] = gis_reach_stop(reach, place[i]);
	}
	field = gis_field_new(reach, stop, STOPS);
	for (int step = 0; step < 40; step++) {
		size_t i = (size_t)(chance() * (double)t.n);
		uint32_t e = gis_network_edge_between(whole, t.p + 2 * i);

		assert_true(e != UINT32_MAX);
		t.shut[i] = !t.shut[i];
		if (t.shut[i]) {
			assert_true(gis_reach_close(reach, e));
			assert_true(
			    gis_field_edge_closed(field, e) != SIZE_MAX);
		} else {
			assert_true(gis_reach_open(reach, e));
			assert_true(
			    gis_field_edge_opened(field, e) != SIZE_MAX);
		}
		shut = shut_all(&t, whole);
		assert_true(gis_network_is_shut(shut, e) == t.shut[i]);
		assert_false(gis_network_is_shut(whole, e));
		anew = build(&t, false);
		compare(shut, anew);
		compare_field(shut, field, place);
		gis_network_free(anew);
		gis_network_free(shut);
	}
	gis_field_free(field);
	gis_reach_free(reach);
	gis_network_free(whole);
}

static void
test_random(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		run();
}

static void
test_edges(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 100, 0 }, { 200, 5 } }, end[2];
	size_t first[] = { 0, 3 };
	struct gis_fail why;
	struct gis_network *net = gis_network_new(p, p, first, 1, NULL, &why);
	struct gis_place at =
	    gis_network_snap(net, (struct gis_point){ 150, 10 }, 50);
	double metres;

	(void)state;
	assert_true(gis_network_ends(net, at.edge, end, &metres));
	assert_true(fabs(metres - hypot(100, 5)) < 1e-6);
	assert_int_equal(gis_network_edge_between(net, end), at.edge);
	p[0] = end[0];
	end[0] = end[1];
	end[1] = p[0];
	assert_int_equal(gis_network_edge_between(net, end), at.edge);
	end[0].x += 0.01;
	assert_int_equal(gis_network_edge_between(net, end), UINT32_MAX);
	assert_false(gis_network_ends(net, 2, end, &metres));
	assert_int_equal(gis_network_shut_edges(net), 0);
	gis_network_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Isochrones: a point of a street is in a piece exactly where the walk to it is
 * within the limit; a point anywhere is in the area exactly where a piece is
 * within the width.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "gis/geos.h"
#include "gis/graph.h"
#include "gis/isochrone.h"

enum { SIDE = 6, LINES = 2 * SIDE };

static uint64_t seed = 3;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* Crooked streets, cut at random, some with steps. */
static struct gis_network *
town(void)
{
	struct gis_point at[SIDE][SIDE], p[LINES * SIDE];
	size_t first[LINES * SIDE + 1] = { 0 }, n = 0, lines = 0;
	bool steps[LINES * SIDE];
	struct gis_fail why;
	struct gis_network *net;

	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++)
			at[i][j] = (struct gis_point){ i * 100 + chance() * 50,
				j * 100 + chance() * 50 };
	for (int l = 0; l < LINES; l++)
		for (int i = 0; i < SIDE; i++) {
			p[n++] = l < SIDE ? at[l][i] : at[i][l - SIDE];
			if (i + 1 < SIDE && chance() > 0.2)
				continue;
			steps[lines] = chance() < 0.2;
			first[++lines] = n;
		}
	net = gis_network_new(p, p, first, lines, steps, &why);
	assert_non_null(net);
	return net;
}

static double
to_piece(struct gis_point p, struct gis_piece s)
{
	double dx = s.plane_to.x - s.plane_from.x;
	double dy = s.plane_to.y - s.plane_from.y;
	double t = ((p.x - s.plane_from.x) * dx + (p.y - s.plane_from.y) * dy) /
		   (dx * dx + dy * dy);

	t = dx * dx + dy * dy > 0 ? fmax(0, fmin(1, t)) : 0;
	return gis_distance(p, (struct gis_point){ s.plane_from.x + t * dx,
				   s.plane_from.y + t * dy });
}

static double
to_pieces(struct gis_point p, const struct gis_piece *s, size_t n)
{
	double best = INFINITY;

	for (size_t i = 0; i < n; i++)
		best = fmin(best, to_piece(p, s[i]));
	return best;
}

static void
check_streets(const struct gis_network *net, const struct gis_walk *w,
    const struct gis_walk *beyond, double limit, const struct gis_piece *s,
    size_t n)
{
	for (int i = 0; i < 200; i++) {
		uint32_t e = (uint32_t)(chance() * (double)net->nedges);
		const struct gis_edge *g = &net->edge[e];
		double t = chance(), metres;
		struct gis_point a = net->at[g->a], b = net->at[g->b];
		struct gis_place q = { e, gis_exact(t * g->metres), 0,
			{ a.x + t * (b.x - a.x), a.y + t * (b.y - a.y) } };

		metres = gis_walk_to(beyond, q);
		if (fabs(metres - limit) < 1e-6)
			continue;
		assert_true(isinf(gis_walk_to(w, q)) == (metres > limit));
		if (metres < limit)
			assert_true(to_pieces(q.plane_foot, s, n) < 1e-6);
		else /* streets only meet at nodes here */
			assert_true(to_pieces(q.plane_foot, s, n) > 1e-9);
	}
}

static void
check_area(struct gis *gis, const struct gis_shape *area, double width,
    const struct gis_piece *s, size_t n)
{
	for (int i = 0; i < 200; i++) {
		struct gis_point p = { chance() * 600, chance() * 600 };
		GEOSGeometry *g =
		    GEOSGeom_createPointFromXY_r(gis->h, p.x, p.y);
		double d = to_pieces(p, s, n);
		bool in = GEOSIntersects_r(gis->h, area->g, g) == 1;

		GEOSGeom_destroy_r(gis->h, g);
		if (d < width * 0.995)
			assert_true(in);
		if (d > width * 1.0001)
			assert_false(in);
	}
}

static void
test_random(void **state)
{
	struct gis *gis = gis_new();

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct gis_network *net = town();
		struct gis_walk *w = gis_walk_new(net);
		struct gis_walk *beyond = gis_walk_new(net);
		struct gis_point p = { chance() * 600, chance() * 600 };
		struct gis_manner profile =
		    round % 3 ? gis_on_foot : gis_without_steps;
		struct gis_place from =
		    gis_network_snap_as(net, p, INFINITY, profile);
		double limit = from.off + chance() * 400;
		struct gis_fail why;
		struct gis_piece *s;
		struct gis_shape *area;
		size_t n;

		gis_walk_as(w, profile);
		gis_walk_as(beyond, profile);
		gis_walk_from(w, from, limit);
		gis_walk_from(beyond, from, INFINITY);
		s = gis_walk_pieces(w, &n);
		assert_non_null(s);
		assert_true(n > 0);
		check_streets(net, w, beyond, limit, s, n);
		area = gis_isochrone(gis, w, 25, &why);
		assert_non_null(area);
		check_area(gis, area, 25, s, n);
		gis_shape_free(gis, area);
		free(s);
		gis_walk_free(w);
		gis_walk_free(beyond);
		gis_network_free(net);
	}
	gis_free(gis);
}

static void
test_nothing(void **state)
{
	struct gis *gis = gis_new();
	struct gis_network *net = town();
	struct gis_walk *w = gis_walk_new(net);
	struct gis_place nowhere = { .edge = UINT32_MAX };
	struct gis_fail why;

	(void)state;
	gis_walk_from(w, nowhere, 100);
	assert_null(gis_isochrone(gis, w, 25, &why));
	assert_string_equal(why.what, "nothing is within the limit");
	gis_walk_free(w);
	gis_network_free(net);
	gis_free(gis);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

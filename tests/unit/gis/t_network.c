/* SPDX-License-Identifier: MIT */
/*
 * The walking network against the plainest ways to the same answers: every
 * edge looked at for snapping, Floyd and Warshall's table with the places put
 * in as nodes for walking.
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

enum { LINES = 40 };

static uint64_t seed = 42;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

struct input {
	struct gis_point p[256];
	size_t first[LINES + 1], nlines;
};

static void
add(struct input *in, struct gis_point p)
{
	in->p[in->first[in->nlines]++] = p;
}

static void
next_line(struct input *in)
{
	in->nlines++;
	in->first[in->nlines] = in->first[in->nlines - 1];
}

/* Short random lines on a coarse raster, so that many vertices coincide,
 * with doubled vertices and doubled edges among them. */
static void
draw_lines(struct input *in, size_t nlines, double raster)
{
	memset(in, 0, sizeof(*in));
	while (in->nlines < nlines) {
		struct gis_point p = { floor(chance() * raster) * 10,
			floor(chance() * raster) * 10 };

		for (int i = 0; i < 5; i++) {
			add(in, p);
			if (chance() < 0.2)
				continue;
			p.x += floor(chance() * 3 - 1) * 10;
			p.y += floor(chance() * 3 - 1) * 10;
		}
		next_line(in);
	}
}

static struct gis_network *
build(const struct input *in)
{
	/* lines are first[i] … first[i + 1]: shift the running ends */
	size_t first[LINES + 2] = { 0 };
	struct gis_fail why;
	struct gis_network *net;

	for (size_t i = 0; i < in->nlines; i++)
		first[i + 1] = in->first[i];
	net = gis_network_new(in->p, in->p, first, in->nlines, NULL, &why);
	assert_non_null(net);
	return net;
}

/* The same graph told naively: distinct vertices and pairs of them. */
struct naive {
	struct gis_point node[256];
	size_t n, nedges;
	struct {
		size_t a, b;
	} edge[256];
};

static size_t
node_of(struct naive *g, struct gis_point p)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->node[i].x == p.x && g->node[i].y == p.y)
			return i;
	g->node[g->n] = p;
	return g->n++;
}

static void
tell(struct naive *g, const struct input *in)
{
	size_t i = 0, a, b, e;

	memset(g, 0, sizeof(*g));
	for (size_t l = 0; l < in->nlines; i = in->first[l++])
		for (; i + 1 < in->first[l]; i++) {
			if (gis_distance(in->p[i], in->p[i + 1]) == 0)
				continue;
			a = node_of(g, in->p[i]);
			b = node_of(g, in->p[i + 1]);
			for (e = 0; e < g->nedges; e++)
				if ((g->edge[e].a == a && g->edge[e].b == b) ||
				    (g->edge[e].a == b && g->edge[e].b == a))
					break;
			if (e < g->nedges)
				continue;
			g->edge[e].a = a;
			g->edge[e].b = b;
			g->nedges++;
		}
}

static double
to_segment(struct gis_point p, struct gis_point a, struct gis_point b)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	double t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);

	t = fmax(0, fmin(1, t));
	return gis_distance(
	    p, (struct gis_point){ a.x + t * dx, a.y + t * dy });
}

static void
check_snap(const struct gis_network *net, const struct naive *g,
    struct gis_point p, struct gis_place q)
{
	double best = INFINITY;

	(void)net;
	for (size_t e = 0; e < g->nedges; e++)
		best = fmin(best, to_segment(p, g->node[g->edge[e].a],
				      g->node[g->edge[e].b]));
	assert_true(fabs(q.off - best) < 1e-9);
	assert_true(fabs(gis_distance(p, q.plane_foot) - q.off) < 1e-9);
	/* Edges are numbered in the order they are met, here and there. */
	assert_true(to_segment(q.plane_foot, g->node[g->edge[q.edge].a],
			g->node[g->edge[q.edge].b]) < 1e-9);
	assert_true(
	    fabs(gis_distance(g->node[g->edge[q.edge].a], q.plane_foot) -
		 q.along) < 1e-9);
}

enum { PLACES = 6 };

/* Lengths between the places by Floyd and Warshall, places as nodes. */
static void
all_pairs(
    const struct naive *g, const struct gis_place *q, double d[PLACES][PLACES])
{
	static double t[256 + PLACES][256 + PLACES];
	size_t n = g->n + PLACES;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			t[i][j] = i == j ? 0 : INFINITY;
	for (size_t e = 0; e < g->nedges; e++) {
		size_t a = g->edge[e].a, b = g->edge[e].b;
		double w = gis_distance(g->node[a], g->node[b]);

		t[a][b] = t[b][a] = w;
		for (size_t k = 0; k < PLACES; k++) {
			size_t v = g->n + k;

			if (q[k].edge != e)
				continue;
			t[v][a] = t[a][v] = q[k].along;
			t[v][b] = t[b][v] = w - q[k].along;
			for (size_t l = 0; l < PLACES; l++)
				if (q[l].edge == e)
					t[v][g->n + l] =
					    fabs(q[k].along - q[l].along);
		}
	}
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++)
				t[i][j] = fmin(t[i][j], t[i][k] + t[k][j]);
	for (size_t i = 0; i < PLACES; i++)
		for (size_t j = 0; j < PLACES; j++)
			d[i][j] = t[g->n + i][g->n + j] + q[i].off + q[j].off;
}

static void
check_path(const struct gis_walk *w, struct gis_place from, struct gis_place to,
    double metres)
{
	struct gis_point *p;
	double sum = from.off + to.off;
	size_t n = gis_walk_path(w, to, &p);

	assert_true(n >= 2);
	assert_true(gis_distance(p[0], from.plane_foot) == 0);
	assert_true(gis_distance(p[n - 1], to.plane_foot) == 0);
	for (size_t i = 1; i < n; i++)
		sum += gis_distance(p[i - 1], p[i]);
	assert_true(fabs(sum - metres) < 1e-6);
	free(p);
}

static void
check_walks(const struct gis_network *net, const struct naive *g,
    const struct gis_place *q)
{
	double d[PLACES][PLACES], got, limit;
	struct gis_walk *w = gis_walk_new(net);
	struct gis_point *none;

	all_pairs(g, q, d);
	for (size_t i = 0; i < PLACES; i++) {
		limit = i % 2 == 0 ? INFINITY : 60;
		gis_walk_from(w, q[i], limit);
		for (size_t j = 0; j < PLACES; j++) {
			got = gis_walk_to(w, q[j]);
			if (fabs(d[i][j] - limit) < 1e-6)
				continue;
			if (d[i][j] > limit || isinf(d[i][j])) {
				assert_true(isinf(got));
				assert_int_equal(
				    gis_walk_path(w, q[j], &none), 0);
				continue;
			}
			assert_true(fabs(got - d[i][j]) < 1e-6);
			check_path(w, q[i], q[j], got);
		}
	}
	gis_walk_free(w);
}

/* Each of several as if alone, and from either end to the last bit. */
static void
check_among(const struct gis_network *net, const struct gis_place *q)
{
	struct gis_walk *w = gis_walk_new(net), *back = gis_walk_new(net);
	double got[PLACES];

	for (size_t i = 0; i < PLACES; i++) {
		double limit = i % 2 == 0 ? INFINITY : 60;

		for (size_t n = 0; n <= PLACES; n++) {
			gis_walk_among(w, q[i], limit, q + PLACES - n, n, got);
			for (size_t j = 0; j < n; j++) {
				struct gis_place to = q[PLACES - n + j];

				gis_walk_from(back, to, limit);
				assert_true(got[j] == gis_walk_to(back, q[i]));
			}
		}
	}
	gis_walk_free(w);
	gis_walk_free(back);
}

/* Number of parts, and which is how large, by painting. */
static void
check_parts(const struct gis_network *net, const struct naive *g)
{
	size_t colour[256], parts = 0, nodes = 0, last = SIZE_MAX;
	bool changed = true;

	for (size_t i = 0; i < g->n; i++)
		colour[i] = i;
	while (changed) {
		changed = false;
		for (size_t e = 0; e < g->nedges; e++) {
			size_t *a = &colour[g->edge[e].a];
			size_t *b = &colour[g->edge[e].b];

			changed |= *a != *b;
			*a = *b = *a < *b ? *a : *b;
		}
	}
	for (size_t i = 0; i < g->n; i++)
		parts += colour[i] == i;
	assert_int_equal(gis_network_summary(net).components, parts);
	for (uint32_t i = 0; i < parts; i++) {
		struct gis_network_part p = gis_network_part(net, i);

		assert_true(p.nodes <= last);
		last = p.nodes;
		nodes += p.nodes;
		assert_int_equal(gis_network_component(net, p.edge), i);
	}
	assert_int_equal(nodes, g->n);
	for (uint32_t e = 0; e < g->nedges; e++)
		for (uint32_t f = 0; f < e; f++)
			assert_int_equal(gis_network_component(net, e) ==
					     gis_network_component(net, f),
			    colour[g->edge[e].a] == colour[g->edge[f].a]);
}

static void
test_random(void **state)
{
	static struct input in;
	static struct naive g;

	(void)state;
	for (int round = 0; round < 120; round++) {
		struct gis_network *net;
		struct gis_place q[PLACES];

		draw_lines(&in, 1 + (size_t)(chance() * 12), 3 + round % 6);
		net = build(&in);
		tell(&g, &in);
		assert_int_equal(gis_network_summary(net).nodes, g.n);
		assert_int_equal(gis_network_summary(net).edges, g.nedges);
		if (g.nedges > 0) {
			check_parts(net, &g);
			for (size_t k = 0; k < PLACES; k++) {
				struct gis_point p = { chance() * 80 - 10,
					chance() * 80 - 10 };

				/* Some on a node, some where others are. */
				if (k == 3)
					p = g.node[0];
				q[k] = k == 4
					   ? q[0]
					   : gis_network_snap(net, p, INFINITY);
				if (k != 4)
					check_snap(net, &g, p, q[k]);
			}
			check_walks(net, &g, q);
			check_among(net, q);
		}
		gis_network_free(net);
	}
}

static void
test_edge_not_node(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 1000, 0 }, { 500, 60 },
		{ 501, 60 } };
	size_t first[] = { 0, 2, 4 };
	struct gis_fail why;
	struct gis_network *net = gis_network_new(p, p, first, 2, NULL, &why);
	struct gis_place q =
	    gis_network_snap(net, (struct gis_point){ 500, 10 }, 100);

	(void)state;
	assert_int_equal(q.edge, 0);
	assert_true(q.off == 10 && q.along == 500);
	q = gis_network_snap(net, (struct gis_point){ 500, -10 }, 9.99);
	assert_int_equal(q.edge, UINT32_MAX);
	q = gis_network_snap(net, (struct gis_point){ 500, -10 }, 10);
	assert_int_equal(q.edge, 0);
	q = gis_network_snap(net, (struct gis_point){ NAN, 0 }, 10);
	assert_int_equal(q.edge, UINT32_MAX);
	gis_network_free(net);
}

static void
test_steps(void **state)
{
	struct gis_point p[] = { { 0, 0 }, { 10, 0 }, { 20, 0 }, { 10, 0 },
		{ 0, 0 } };
	size_t first[] = { 0, 3, 5 };
	bool steps[] = { true, false };
	struct gis_fail why;
	struct gis_network *net = gis_network_new(p, p, first, 2, steps, &why);

	(void)state;
	assert_int_equal(gis_network_summary(net).edges, 2);
	assert_true(!gis_network_has_steps(net, 0));
	assert_true(gis_network_has_steps(net, 1));
	assert_true(gis_network_summary(net).metres == 20);
	gis_network_free(net);
}

/* Lines with steps taken out by the profile or before: the same ways. */
static void
check_flat(const struct gis_network *net, const struct gis_network *flat)
{
	struct gis_walk *w = gis_walk_new(net), *v = gis_walk_new(flat);
	struct gis_place a[PLACES], b[PLACES];
	double got[PLACES];

	gis_walk_as(w, gis_without_steps);
	for (size_t k = 0; k < PLACES; k++) {
		struct gis_point p = { chance() * 80, chance() * 80 };

		a[k] = gis_network_snap_as(net, p, 30, gis_without_steps);
		b[k] = gis_network_snap(flat, p, 30);
		assert_int_equal(
		    a[k].edge == UINT32_MAX, b[k].edge == UINT32_MAX);
		assert_true(a[k].off == b[k].off);
	}
	for (size_t i = 0; i < PLACES; i++) {
		gis_walk_from(v, b[i], 200);
		gis_walk_among(w, a[i], 200, a, PLACES, got);
		for (size_t j = 0; j < PLACES; j++)
			assert_true(got[j] == gis_walk_to(v, b[j]) ||
				    fabs(got[j] - gis_walk_to(v, b[j])) < 1e-8);
	}
	gis_walk_free(w);
	gis_walk_free(v);
}

static void
test_without_steps(void **state)
{
	static struct input in, without;

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t first[LINES + 2] = { 0 }, at = 0;
		bool steps[LINES];
		struct gis_fail why;
		struct gis_network *net, *flat;
		struct gis_place q;

		draw_lines(&in, 2 + (size_t)(chance() * 20), 8);
		memset(&without, 0, sizeof(without));
		for (size_t l = 0; l < in.nlines; at = in.first[l++]) {
			first[l + 1] = in.first[l];
			steps[l] = chance() < 0.3;
			for (size_t i = at; !steps[l] && i < in.first[l]; i++)
				add(&without, in.p[i]);
			if (!steps[l])
				next_line(&without);
		}
		net =
		    gis_network_new(in.p, in.p, first, in.nlines, steps, &why);
		flat = build(&without);
		check_flat(net, flat);
		q = gis_network_snap(net, in.p[0], 1);
		if (q.edge != UINT32_MAX &&
		    gis_network_has_steps(net, q.edge)) {
			struct gis_walk *w = gis_walk_new(net);

			gis_walk_as(w, gis_without_steps);
			gis_walk_from(w, q, 100);
			assert_true(isinf(gis_walk_to(w, q)));
			gis_walk_free(w);
		}
		gis_network_free(net);
		gis_network_free(flat);
	}
}

enum { SIDE = 12, CROOKED = 2 * SIDE * SIDE };

/* A raster of crooked streets of every length, two bends in each, where the
 * first way to a node is often not the shortest. */
static struct gis_network *
crooked(void)
{
	static struct gis_point at[SIDE][SIDE], p[CROOKED * 4];
	static size_t first[CROOKED + 1];
	size_t n = 0, lines = 0;
	struct gis_fail why;
	struct gis_network *net;

	for (int i = 0; i < SIDE * SIDE; i++)
		at[i / SIDE][i % SIDE] =
		    (struct gis_point){ i / SIDE * 10 + chance() * 9,
			    i % SIDE * 10 + chance() * 9 };
	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++)
			for (int down = 0; down < 2; down++) {
				if (i + down == SIDE || j + !down == SIDE)
					continue;
				p[n++] = at[i][j];
				for (int k = 0; k < 2; k++)
					p[n++] = (struct gis_point){
						at[i][j].x + chance() * 12,
						at[i][j].y + chance() * 12
					};
				p[n++] = at[i + down][j + !down];
				first[++lines] = n;
			}
	net = gis_network_new(p, p, first, lines, NULL, &why);
	assert_non_null(net);
	return net;
}

/* A walk that ends with the last place asked for, against one that goes on. */
static void
test_among(void **state)
{
	(void)state;
	for (int round = 0; round < 40; round++) {
		struct gis_network *net = crooked();
		struct gis_walk *w = gis_walk_new(net), *v = gis_walk_new(net);
		struct gis_place q[PLACES];
		double got[PLACES];

		for (size_t k = 0; k < PLACES; k++) {
			struct gis_point p = { chance() * 120, chance() * 120 };

			q[k] = gis_network_snap(net, p, INFINITY);
		}
		for (size_t k = 0; k < PLACES; k++)
			for (size_t n = 1; n + k < PLACES; n++) {
				gis_walk_among(
				    w, q[k], INFINITY, q + k + 1, n, got);
				gis_walk_from(v, q[k], INFINITY);
				for (size_t i = 0; i < n; i++)
					assert_true(
					    got[i] ==
					    gis_walk_to(v, q[k + 1 + i]));
			}
		gis_walk_free(w);
		gis_walk_free(v);
		gis_network_free(net);
	}
}

/* All at once as one by one. */
static void
test_snap_all(void **state)
{
	static struct input in;
	struct gis_point p[500];
	struct gis_place all[500], one;
	struct gis_network *net;

	(void)state;
	draw_lines(&in, 20, 8);
	net = build(&in);
	for (size_t i = 0; i < 500; i++)
		p[i] = (struct gis_point){ chance() * 200, chance() * 100 };
	assert_int_equal(gis_network_snap_all(net, p, 500, 40, all), 0);
	for (size_t i = 0; i < 500; i++) {
		one = gis_network_snap(net, p[i], 40);
		assert_true(one.edge == all[i].edge &&
			    one.along == all[i].along && one.off == all[i].off);
	}
	gis_network_free(net);
}

static void
test_nothing(void **state)
{
	struct gis_point p[] = { { 1, 1 }, { 1, 1 }, { -0.0, 2 }, { 0.0, 2 } };
	size_t first[] = { 0, 2, 4 };
	struct gis_place nowhere = { .edge = UINT32_MAX };
	struct gis_fail why;
	struct gis_network *net =
	    gis_network_new(NULL, NULL, NULL, 0, NULL, &why);
	struct gis_walk *w;

	(void)state;
	assert_non_null(net);
	w = gis_walk_new(net);
	gis_walk_from(w, nowhere, 100);
	assert_true(isinf(gis_walk_to(w, nowhere)));
	gis_walk_free(w);
	gis_network_free(net);
	net = gis_network_new(p, p, first, 2, NULL, &why);
	assert_int_equal(gis_network_summary(net).nodes, 0);
	assert_int_equal(
	    gis_network_snap(net, p[0], INFINITY).edge, UINT32_MAX);
	gis_network_free(net);
	p[2].x = NAN;
	assert_null(gis_network_new(p, p, first, 2, NULL, &why));
	assert_int_equal(why.at, 2);
	gis_network_free(NULL);
	gis_walk_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_edge_not_node),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_without_steps),
		cmocka_unit_test(test_among),
		cmocka_unit_test(test_snap_all),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

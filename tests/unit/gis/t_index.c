/* SPDX-License-Identifier: MIT */
/* Points by place, against looking at all of them. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gis/index.h"

static uint64_t seed = 1;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* How the points lie: each is hard on another part of the tree. */
static struct gis_point
draw(int how)
{
	struct gis_point p = { chance() * 1000, chance() * 1000 };

	if (how == 1) { /* many ties */
		p.x = floor(p.x / 100);
		p.y = floor(p.y / 100);
	} else if (how == 2) { /* all on one point, or one line */
		p.x = 7;
		p.y = chance() < 0.5 ? 7 : p.y;
	} else if (how == 3) { /* clusters far apart */
		p.x = p.x / 1e3 + 1e6 * floor(chance() * 4);
		p.y = p.y / 1e3 - 1e6 * floor(chance() * 4);
	} else if (how == 4 && chance() < 0.2) {
		p.x = chance() < 0.5 ? NAN : INFINITY;
	}
	return p;
}

static int
by_distance(const void *a, const void *b)
{
	const struct gis_hit *p = a, *q = b;

	if (p->metres != q->metres)
		return p->metres < q->metres ? -1 : 1;
	return p->item < q->item ? -1 : p->item > q->item;
}

static size_t
look_at_all(const struct gis_point *p, size_t n, struct gis_point q,
    struct gis_hit *out)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (isfinite(p[i].x) && isfinite(p[i].y))
			out[m++] = (struct gis_hit){ (uint32_t)i,
				gis_distance(p[i], q) };
	qsort(out, m, sizeof(*out), by_distance);
	return m;
}

static void
same(const struct gis_hit *a, const struct gis_hit *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(a[i].item, b[i].item);
		assert_true(a[i].metres == b[i].metres);
	}
}

static void
one_query(const struct gis_index *index, const struct gis_point *p, size_t n,
    struct gis_point q)
{
	static const size_t ks[] = { 0, 1, 2, 10, 32, 33, 100, 5000 };
	static struct gis_hit all[2048], got[5000], *within;
	size_t m = look_at_all(p, n, q, all), want, k;
	double r;

	for (size_t i = 0; i < sizeof(ks) / sizeof(ks[0]); i++) {
		want = ks[i] < m ? ks[i] : m;
		assert_int_equal(gis_index_nearest(index, q, ks[i], got), want);
		same(got, all, want);
	}
	/* A radius that a point lies on exactly, one of nothing. */
	r = m > 0 ? all[(size_t)(chance() * (double)m)].metres : 1;
	within = gis_index_within(index, q, r, &k);
	for (want = 0; want < m && all[want].metres <= r;)
		want++;
	assert_int_equal(k, want);
	same(within, all, want);
	free(within);
}

static void
test_brute_force(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 7, 8, 9, 16, 17, 100, 1000,
		2000 };
	static struct gis_point p[2048];

	(void)state;
	for (int how = 0; how < 5; how++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			struct gis_index *index;

			for (size_t i = 0; i < sizes[s]; i++)
				p[i] = draw(how);
			index = gis_index_new(p, sizes[s]);
			assert_non_null(index);
			for (int q = 0; q < 30; q++)
				one_query(index, p, sizes[s],
				    q % 3 == 0 && sizes[s] > 0 &&
					    isfinite(p[0].x)
					? p[0]
					: draw(how == 4 ? 0 : how));
			gis_index_free(index);
		}
}

/* Items move, some of them again and again, some come; the index before each
 * step says what it said. */
static void
test_moved(void **state)
{
	static const size_t sizes[] = { 0, 1, 40, 1000 };
	static struct gis_point p[2048], before[2048];

	(void)state;
	for (int how = 0; how < 5; how++)
		for (size_t s = 0; s < 4; s++) {
			struct gis_index *index, *next;
			size_t n = sizes[s], was, steps = 0;

			for (size_t i = 0; i < n; i++)
				p[i] = draw(how);
			index = gis_index_new(p, n);
			for (; steps < 400; steps++) {
				struct gis_moved moved[3];

				memcpy(before, p, n * sizeof(*p));
				was = n;
				for (int i = 0; i < 3; i++) {
					size_t at = (size_t)(chance() *
							     (double)(n + 1));

					n += at == n;
					p[at] = draw(how);
					moved[i] =
					    (struct gis_moved){ (uint32_t)at,
						    p[at] };
				}
				next = gis_index_with(index, moved, 3);
				if (next == NULL)
					break;
				one_query(next, p, n, draw(how == 4 ? 0 : how));
				one_query(index, before, was,
				    draw(how == 4 ? 0 : how));
				gis_index_free(index);
				index = next;
			}
			assert_true(sizes[s] < 300 || steps > 80);
			gis_index_free(index);
		}
}

static void
test_refusals(void **state)
{
	struct gis_point p[] = { { 1, 1 }, { 2, 2 } };
	struct gis_index *index = gis_index_new(p, 2);
	struct gis_point nowhere = { NAN, 0 };
	struct gis_hit hit[2], *within;
	size_t n = 9;

	(void)state;
	assert_int_equal(gis_index_nearest(index, nowhere, 2, hit), 0);
	within = gis_index_within(index, nowhere, 5, &n);
	assert_int_equal(n, 0);
	free(within);
	within = gis_index_within(index, p[0], -1, &n);
	assert_int_equal(n, 0);
	free(within);
	within = gis_index_within(index, p[0], 0, &n);
	assert_int_equal(n, 1);
	free(within);
	within = gis_index_within(index, p[0], INFINITY, &n);
	assert_int_equal(n, 2);
	free(within);
	gis_index_free(index);
	gis_index_free(NULL);
}

static int
differ(const struct gis_hit *a, const struct gis_hit *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (by_distance(&a[i], &b[i]) != 0)
			return 1;
	return 0;
}

static void *
ask(void *arg)
{
	struct gis_hit a[10], b[10];

	for (int i = 0; i < 2000; i++) {
		struct gis_point q = { i % 100 * 10, i / 100 * 50 };

		if (gis_index_nearest(arg, q, 10, a) != 10 ||
		    gis_index_nearest(arg, q, 10, b) != 10 || differ(a, b, 10))
			return arg;
	}
	return NULL;
}

static void
test_threads(void **state)
{
	static struct gis_point p[1000];
	struct gis_index *index;
	pthread_t thread[4];
	void *bad;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		p[i] = draw(0);
	index = gis_index_new(p, 1000);
	for (int i = 0; i < 4; i++)
		assert_int_equal(
		    pthread_create(&thread[i], NULL, ask, index), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &bad);
		assert_null(bad);
	}
	gis_index_free(index);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_brute_force),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Siting against every choice there is, on hundreds of small instances:
 * the bound is never below the best choice, the choice never above it, one
 * site is exact.  With places a choice is worth the largest flow from its
 * people.  And discs in cells against measuring every point.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gis/siting.h"

enum { POINTS = 40, CANDIDATES = 13, MOST_SITES = 4, ROUNDS = 700 };

static uint64_t seed = 3;

static double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

struct instance {
	size_t points, candidates, n;
	int64_t people[POINTS], places[CANDIDATES];
	bool in[CANDIDATES][POINTS];
	struct gis_run run[POINTS];
	bool capped;
};

static size_t
reach(void *arg, uint32_t candidate, const struct gis_run **runs)
{
	struct instance *x = arg;
	size_t n = 0;

	for (uint32_t i = 0; i < x->points; i++) {
		if (!x->in[candidate][i])
			continue;
		if (n > 0 && x->run[n - 1].to == i)
			x->run[n - 1].to++;
		else
			x->run[n++] = (struct gis_run){ i, i + 1 };
	}
	*runs = x->run;
	return n;
}

/* Discs in a square, or sets by chance; few people or many. */
static void
draw(struct instance *x, int round)
{
	struct gis_point p[POINTS], c;
	double r = 0.1 + chance() * 0.3, dense = 0.05 + chance() * 0.4;
	double most = round % 3 == 0 ? 2 : 300;

	*x = (struct instance){
		.points = 1 + (size_t)(chance() * (POINTS - 1)),
		.candidates = 1 + (size_t)(chance() * (CANDIDATES - 1)),
		.n = 1 + (size_t)(chance() * MOST_SITES),
		.capped = round % 4 == 3,
	};
	for (size_t i = 0; i < x->points; i++) {
		p[i] = (struct gis_point){ chance(), chance() };
		x->people[i] = (int64_t)(chance() * most);
	}
	for (size_t k = 0; k < x->candidates; k++) {
		c = (struct gis_point){ chance(), chance() };
		x->places[k] = (int64_t)(chance() * most * 8);
		for (size_t i = 0; i < x->points; i++)
			x->in[k][i] = round % 2 == 0
					  ? chance() < dense
					  : gis_distance(p[i], c) <= r;
	}
}

/* How many one more unit's worth of a point could reach a free place: a path
 * of reassignments, by depth first. */
struct flow {
	const struct instance *x;
	int64_t of[POINTS][MOST_SITES], free[MOST_SITES];
	const size_t *site;
	bool seen[MOST_SITES];
};

static int64_t
push(struct flow *f, size_t point, int64_t people)
{
	for (size_t k = 0; k < f->x->n; k++) {
		int64_t some = people;

		if (f->seen[k] || !f->x->in[f->site[k]][point])
			continue;
		f->seen[k] = true;
		if (f->free[k] > 0) {
			some = some < f->free[k] ? some : f->free[k];
			f->free[k] -= some;
			f->of[point][k] += some;
			return some;
		}
		for (size_t q = 0; q < f->x->points; q++) {
			int64_t moved = some < f->of[q][k] ? some : f->of[q][k];

			if (q == point || moved == 0)
				continue;
			moved = push(f, q, moved);
			if (moved == 0)
				continue;
			f->of[q][k] -= moved;
			f->of[point][k] += moved;
			return moved;
		}
	}
	return 0;
}

static int64_t
worth_capped(const struct instance *x, const size_t *site)
{
	struct flow f = { .x = x, .site = site };
	int64_t sum = 0, some;

	for (size_t k = 0; k < x->n; k++)
		f.free[k] = x->places[site[k]];
	for (size_t i = 0; i < x->points; i++)
		for (int64_t left = x->people[i]; left > 0; left -= some) {
			memset(f.seen, 0, sizeof(f.seen));
			some = push(&f, i, left);
			sum += some;
			if (some == 0)
				break;
		}
	return sum;
}

static int64_t
worth(const struct instance *x, const size_t *site)
{
	int64_t sum = 0;

	if (x->capped)
		return worth_capped(x, site);
	for (size_t i = 0; i < x->points; i++) {
		bool in = false;

		for (size_t k = 0; k < x->n; k++)
			in |= x->in[site[k]][i];
		sum += in ? x->people[i] : 0;
	}
	return sum;
}

/* Over all ascending choices of n (or of all candidates, if these are fewer). */
static int64_t
best_of_all(const struct instance *x, size_t *site, size_t from, size_t chosen)
{
	int64_t best = 0, one;

	if (chosen == x->n)
		return worth(x, site);
	for (size_t c = from; c < x->candidates; c++) {
		site[chosen] = c;
		one = best_of_all(x, site, c + 1, chosen + 1);
		best = one > best ? one : best;
	}
	return best;
}

static struct gis_siting
problem(struct instance *x)
{
	if (x->n > x->candidates)
		x->n = x->candidates;
	return (struct gis_siting){ .points = x->points,
		.candidates = x->candidates,
		.n = x->n,
		.people = x->people,
		.places = x->capped ? x->places : NULL,
		.reach = reach,
		.arg = x };
}

static void
check_choice(const struct instance *x, const struct gis_siting_answer *a)
{
	size_t site[MOST_SITES];
	int64_t sum = 0;

	assert_true(a->n <= x->n);
	for (size_t i = 0; i < x->n; i++)
		site[i] = a->site[i < a->n ? i : 0];
	for (size_t i = 0; i < a->n; i++) {
		assert_true(a->gain[i] > 0);
		assert_true(
		    i == 0 || x->capped || a->gain[i] <= a->gain[i - 1]);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(a->site[k], a->site[i]);
		sum += a->gain[i];
	}
	assert_int_equal(sum, a->reached);
	if (a->n > 0 && !x->capped)
		assert_int_equal(worth(x, site), a->reached);
}

static void
test_all_choices(void **state)
{
	static struct instance x;
	size_t site[MOST_SITES];
	int proved = 0, best = 0, many = 0;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct gis_siting in;
		struct gis_siting_answer a;
		int64_t optimum;

		draw(&x, round);
		in = problem(&x);
		optimum = best_of_all(&x, site, 0, 0);
		assert_int_equal(gis_siting(&in, &a), 0);
		if (a.bound < optimum || a.reached > optimum)
			fail_msg("round %d: %ld of at most %ld, really %ld",
			    round, (long)a.reached, (long)a.bound,
			    (long)optimum);
		if (x.n == 1) {
			assert_int_equal(a.reached, optimum);
			assert_int_equal(a.bound, optimum);
		}
		check_choice(&x, &a);
		if (x.n > 1 && !x.capped) {
			many++;
			proved += a.bound == a.reached;
			best += optimum == a.reached;
		}
		gis_siting_release(&a);
	}
	print_message("of %d: %d best, %d proved so\n", many, best, proved);
	assert_true(best > many * 95 / 100 && proved > many * 90 / 100);
}

/* No work allowed: the bound is weaker, and still one. */
static void
test_without_work(void **state)
{
	static struct instance x;
	size_t site[MOST_SITES];

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct gis_siting in;
		struct gis_siting_answer a;
		int64_t optimum;

		draw(&x, round);
		in = problem(&x);
		in.work = 1;
		optimum = best_of_all(&x, site, 0, 0);
		assert_int_equal(gis_siting(&in, &a), 0);
		assert_true(a.bound >= optimum && a.reached <= optimum);
		check_choice(&x, &a);
		gis_siting_release(&a);
	}
}

static int
stop(void *arg, size_t done, size_t total)
{
	(void)done;
	(void)total;
	return --*(int *)arg < 0;
}

static void
test_cancelled(void **state)
{
	static struct instance x;
	struct gis_siting in;
	struct gis_siting_answer a;
	int turns = 0;

	(void)state;
	draw(&x, 1);
	in = problem(&x);
	in.cancel = stop;
	in.cancel_arg = &turns;
	assert_int_equal(gis_siting(&in, &a), -2);
	gis_siting_release(&a);
}

static void
test_nothing(void **state)
{
	struct instance x = { 0 };
	struct gis_siting in = problem(&x);
	struct gis_siting_answer a;

	(void)state;
	in.n = 3;
	assert_int_equal(gis_siting(&in, &a), 0);
	assert_true(a.n == 0 && a.reached == 0 && a.bound == 0);
	gis_siting_release(&a);
	x = (struct instance){ .points = 2, .candidates = 2, .n = 2 };
	in = problem(&x); /* nobody lives there */
	x.in[0][0] = x.in[1][1] = true;
	assert_int_equal(gis_siting(&in, &a), 0);
	assert_true(a.n == 0 && a.reached == 0 && a.bound == 0);
	gis_siting_release(&a);
}

enum { MANY = 3000 };

static bool
within(const struct gis_run *run, size_t n, uint32_t i)
{
	for (size_t k = 0; k < n; k++)
		if (run[k].from <= i && i < run[k].to)
			return true;
	return false;
}

/* Round metres, so that many lie exactly on the rim. */
static void
test_discs(void **state)
{
	static struct gis_point p[MANY], c[50];

	(void)state;
	for (int round = 0; round < 40; round++) {
		double size = round % 4 == 0 ? 1e6 : 2000, r = 500;
		struct gis_discs *d;
		const struct gis_run *run;
		const uint32_t *order;

		for (int i = 0; i < MANY; i++)
			p[i] = (struct gis_point){
				floor(chance() * size / 100) * 100,
				floor(chance() * size / 100) * 100
			};
		for (int i = 0; i < 50; i++)
			c[i] =
			    (struct gis_point){ (chance() * 1.4 - 0.2) * size,
				    p[i].y };
		for (int i = 0; i < 50; i += 2)
			c[i] = p[i];
		c[1] = (struct gis_point){ NAN, 0 };
		c[3] = (struct gis_point){ 0, INFINITY };
		c[5] = (struct gis_point){ -1e300, 1e300 };
		d = gis_discs_new(p, round == 39 ? 0 : MANY, c, r);
		assert_non_null(d);
		order = gis_discs_order(d);
		for (uint32_t k = 0; k < 50; k++) {
			size_t n = gis_discs_reach(d, k, &run);

			for (size_t i = 1; i < n; i++)
				assert_true(run[i - 1].to < run[i].from);
			for (uint32_t i = 0; round < 39 && i < MANY; i++)
				assert_int_equal(within(run, n, i),
				    gis_distance(p[order[i]], c[k]) <= r);
		}
		gis_discs_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_choices),
		cmocka_unit_test(test_without_work),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_discs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

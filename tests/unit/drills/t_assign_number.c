/* SPDX-License-Identifier: MIT */
/*
 * Numbers by place, told from the arcs alone: each is given once, along a line
 * they follow the line, on a plain neighbours in number are neighbours in
 * place, and cities without a way between them do not mix.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/assign_number.h"

enum { SIDE = 40, MOST = SIDE * SIDE, HOMES = 6 * MOST, ARCS = 10 };

struct city {
	struct assign_problem p;
	int64_t x[MOST], y[MOST]; /* shelters */
	int64_t people[HOMES], places[MOST], metres[HOMES * ARCS];
	size_t first[HOMES + 1];
	uint32_t shelter[HOMES * ARCS];
	uint32_t number[MOST];
};

static uint64_t seed;

static size_t
below(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static int64_t
apart(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static struct city *
new_city(size_t shelters)
{
	struct city *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	c->p = (struct assign_problem){ 0, shelters, 0, c->people, c->places,
		c->first, c->shelter, c->metres };
	return c;
}

/* A home with arcs to all shelters within `far` of it, ways along streets that
 * go east and north. */
static void
add_home(struct city *c, int64_t x, int64_t y, int64_t far)
{
	size_t n = 0;

	for (uint32_t s = 0; s < c->p.shelters && n < ARCS; s++) {
		int64_t d = apart(c->x[s], x) + apart(c->y[s], y);

		if (d > far)
			continue;
		c->shelter[c->p.arcs] = s;
		c->metres[c->p.arcs++] = d;
		n++;
	}
	c->people[c->p.homes++] = 1;
	c->first[c->p.homes] = c->p.arcs;
}

/* Shelters stand in no order. */
static void
shuffle(struct city *c)
{
	for (size_t i = c->p.shelters; i > 1; i--) {
		size_t k = below(i);
		int64_t x = c->x[i - 1], y = c->y[i - 1];

		c->x[i - 1] = c->x[k];
		c->y[i - 1] = c->y[k];
		c->x[k] = x;
		c->y[k] = y;
	}
}

/* Numbers them; where[n] is the shelter of number n. */
static void
number(struct city *c, uint32_t *where)
{
	assert_int_equal(assign_number(&c->p, c->number), 0);
	memset(where, 0xff, c->p.shelters * sizeof(*where));
	for (uint32_t s = 0; s < c->p.shelters; s++) {
		assert_true(c->number[s] < c->p.shelters);
		assert_int_equal(where[c->number[s]], UINT32_MAX);
		where[c->number[s]] = s;
	}
}

static void
test_line(void **state)
{
	enum { N = 200 };
	struct city *c = new_city(N);
	uint32_t where[N];
	int64_t step;

	(void)state;
	seed = 1;
	for (size_t i = 0; i < N; i++)
		c->x[i] = (int64_t)i * 100;
	shuffle(c);
	for (int64_t i = 0; i < 3 * N; i++)
		add_home(c, i * 33, 0, 250);
	number(c, where);
	step = c->x[where[1]] - c->x[where[0]];
	assert_int_equal(apart(step, 0), 100);
	for (size_t n = 1; n < N; n++)
		assert_int_equal(c->x[where[n]] - c->x[where[n - 1]], step);
	free(c);
}

static void
test_plain(void **state)
{
	struct city *c = new_city(MOST);
	uint32_t where[MOST];
	int64_t sum = 0;

	(void)state;
	seed = 2;
	for (int64_t i = 0; i < MOST; i++) {
		c->x[i] = i % SIDE * 100;
		c->y[i] = i / SIDE * 100;
	}
	shuffle(c);
	for (int64_t i = 0; i < 4 * MOST; i++)
		add_home(c, (int64_t)below(SIDE * 100),
		    (int64_t)below(SIDE * 100), 200);
	number(c, where);
	for (size_t n = 1; n < MOST; n++)
		sum += apart(c->x[where[n]], c->x[where[n - 1]]) +
		       apart(c->y[where[n]], c->y[where[n - 1]]);
	/* in no order it would be 2,700 m to the next, along a Z-curve in the
	 * order of the streets 170 */
	assert_true(sum / (MOST - 1) < 400);
	free(c);
}

/* The second city far away, the third with one shelter and nobody near it. */
static void
test_apart(void **state)
{
	enum { N = 61 };
	struct city *c = new_city(N);
	uint32_t where[N];
	size_t changes = 0;

	(void)state;
	seed = 3;
	for (size_t i = 0; i < N; i++)
		c->x[i] = (int64_t)i * 100 + (i < 30 ? 0 : 100000);
	c->x[60] = 500000;
	shuffle(c);
	for (size_t i = 0; i < 60; i++)
		add_home(c, (int64_t)i * 100 + (i < 30 ? 50 : 100050), 0, 250);
	number(c, where);
	for (size_t n = 1; n < N; n++)
		changes +=
		    c->x[where[n]] / 100000 != c->x[where[n - 1]] / 100000;
	assert_true(changes == 2 || changes == 3);
	free(c);
}

static void
test_nothing(void **state)
{
	struct city *c = new_city(0);
	uint32_t where[5];

	(void)state;
	number(c, where);
	c->p.shelters = 5;
	number(c, where);
	add_home(c, 0, 0, -1);
	number(c, where);
	free(c);
}

/* Arcs that are out of bounds are somebody else's to refuse. */
static void
test_wrong_arcs(void **state)
{
	struct city *c = new_city(3);
	uint32_t where[3];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		add_home(c, 0, 0, 10);
	c->shelter[1] = 3;
	c->shelter[4] = UINT32_MAX;
	c->metres[5] = INT64_MAX;
	c->metres[7] = INT64_MIN;
	number(c, where);
	free(c);
}

static void
test_random(void **state)
{
	uint32_t where[30];

	(void)state;
	for (seed = 1; seed < 300; seed += 7) {
		struct city *c = new_city(1 + below(30));

		for (size_t s = 0; s < c->p.shelters; s++) {
			c->x[s] = (int64_t)below(1000);
			c->y[s] = (int64_t)below(1000);
		}
		for (size_t h = below(200); h > 0; h--)
			add_home(c, (int64_t)below(1000), (int64_t)below(1000),
			    (int64_t)below(600));
		number(c, where);
		free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_wrong_arcs),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * A plan re-solved after random changes against the changed problem solved
 * from nothing: same people, same metres, the judge agrees, and the same of
 * every home have a place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "drills/assign.h"

enum {
	SEQUENCES = 1000,
	CHANGES = 6, /* of a sequence, each re-solved */
	MAX_HOMES = 60,
	MAX_SHELTERS = 15,
	MAX_DEGREE = 10,
	MAX_ARCS = MAX_HOMES * MAX_DEGREE
};

struct city {
	struct assign_problem p;
	int64_t people[MAX_HOMES], places[MAX_SHELTERS], metres[MAX_ARCS];
	size_t first[MAX_HOMES + 1];
	uint32_t shelter[MAX_ARCS];
};

static uint64_t seed;

static int64_t
below(int64_t n)
{
	seed += 0x9e3779b97f4a7c15u;
	uint64_t z = seed;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return n > 0 ? (int64_t)((z ^ (z >> 31)) % (uint64_t)n) : 0;
}

struct kind {
	const char *name;
	int64_t homes, shelters, degree, people, places, metres;
};

static const struct kind kinds[] = {
	{ "plain", 60, 12, 8, 30, 180, 1000 },
	{ "tight", 60, 8, 6, 30, 100, 1000 },
	{ "saturated", 60, 8, 4, 50, 60, 500 },
	{ "tied", 40, 10, 8, 10, 40, 3 },
	{ "all equal", 30, 10, 10, 4, 10, 1 },
	{ "unit people", 40, 15, 5, 2, 4, 50 },
	{ "sparse", 60, 15, 2, 20, 60, 700 },
	{ "one shelter", 20, 1, 2, 10, 60, 100 },
	{ "huge", 20, 8, 6, (int64_t)1 << 31, (int64_t)1 << 31, 50 },
	{ "far", 60, 10, 6, 50, 200, ASSIGN_MAX_METRES + 1 },
};

static size_t
draw_arcs(const struct kind *k, size_t shelters, uint32_t *to, int64_t *metres)
{
	size_t n = (size_t)below(k->degree + 1);

	for (size_t i = 0; i < n; i++) {
		to[i] = (uint32_t)below((int64_t)shelters);
		metres[i] = below(k->metres);
	}
	return n;
}

static void
city_make(struct city *c, const struct kind *k)
{
	size_t homes = (size_t)below(k->homes) + 1, arcs = 0;
	size_t shelters = (size_t)below(k->shelters) + 1;

	for (size_t h = 0; h < homes; h++) {
		c->people[h] = below(k->people);
		c->first[h] = arcs;
		arcs +=
		    draw_arcs(k, shelters, c->shelter + arcs, c->metres + arcs);
	}
	c->first[homes] = arcs;
	for (size_t s = 0; s < shelters; s++)
		c->places[s] = below(k->places);
	c->p = (struct assign_problem){ homes, shelters, arcs, c->people,
		c->places, c->first, c->shelter, c->metres };
}

static void
change_one(struct assign_state *s, const struct city *c, const struct kind *k)
{
	size_t home = (size_t)below((int64_t)c->p.homes), n;
	size_t shelter = (size_t)below((int64_t)c->p.shelters);
	uint32_t to[MAX_DEGREE];
	int64_t metres[MAX_DEGREE];

	switch (below(5)) {
	case 0: /* closed */
		assert_int_equal(assign_set_places(s, shelter, 0), 0);
		break;
	case 1: /* as it was, opened again */
		assert_int_equal(
		    assign_set_places(s, shelter, c->places[shelter]), 0);
		break;
	case 2:
		assert_int_equal(
		    assign_set_places(s, shelter, below(k->places)), 0);
		break;
	case 3:
		assert_int_equal(
		    assign_set_people(s, home, below(k->people)), 0);
		break;
	default:
		n = draw_arcs(k, c->p.shelters, to, metres);
		assert_int_equal(assign_set_arcs(s, home, n, to, metres), 0);
	}
}

static void
compare(const struct assign_state *s, const struct kind *k, int sequence)
{
	struct assign_copy warm;
	struct assign_answer cold;
	struct assign_totals sum;
	char why[160] = "";

	assert_int_equal(assign_copy(s, &warm), 0);
	if (assign_check(&warm.problem, &warm.answer, why, sizeof(why)) != 0)
		fail_msg("%s %d: %s", k->name, sequence, why);
	assert_int_equal(assign_solve(&warm.problem, &cold, NULL, NULL), 0);
	assert_int_equal(warm.answer.sheltered, cold.sheltered);
	assert_int_equal(warm.answer.person_metres, cold.person_metres);
	assert_int_equal(assign_totals(s, &sum), 0);
	assert_int_equal(sum.people, cold.people);
	assert_int_equal(sum.sheltered, cold.sheltered);
	assert_int_equal(sum.person_metres, cold.person_metres);
	assign_release(&cold);
	assign_copy_release(&warm);
}

/* Of how many of each home there is one answer, however the plan was found. */
static void
compare_placed(const struct assign_state *s, const struct kind *k, int sequence)
{
	int64_t warm[MAX_HOMES], cold[MAX_HOMES], sum = 0;
	int64_t prices[MAX_SHELTERS];
	struct assign_copy copy;
	struct assign_state *anew;

	assert_int_equal(assign_copy(s, &copy), 0);
	assign_prices(s, prices);
	for (size_t i = 0; i < copy.problem.shelters; i += 4)
		prices[i] += below(100) - 50;
	assert_int_equal(
	    sequence % 2 == 0
		? assign_open(&copy.problem, &anew, NULL, NULL)
		: assign_open_near(&copy.problem, prices, &anew, NULL, NULL),
	    0);
	compare(anew, k, sequence);
	assert_int_equal(assign_placed(s, warm), 0);
	assert_int_equal(assign_placed(anew, cold), 0);
	for (size_t h = 0; h < copy.problem.homes; h++) {
		if (warm[h] != cold[h])
			fail_msg("%s %d: home %zu: %ld, anew %ld", k->name,
			    sequence, h, (long)warm[h], (long)cold[h]);
		assert_true(warm[h] >= 0 && warm[h] <= copy.people[h]);
		sum += warm[h];
	}
	assert_int_equal(sum, copy.answer.sheltered);
	assign_close(anew);
	assign_copy_release(&copy);
}

static void
test_sequences(void **state)
{
	static struct city c;

	(void)state;
	for (int i = 0; i < SEQUENCES; i++) {
		const struct kind *k =
		    &kinds[(size_t)i % (sizeof(kinds) / sizeof(kinds[0]))];
		struct assign_state *s;

		seed = (uint64_t)i;
		city_make(&c, k);
		assert_int_equal(assign_open(&c.p, &s, NULL, NULL), 0);
		compare(s, k, i);
		for (int j = 0; j < CHANGES; j++) {
			for (int64_t n = 1 + below(4); n > 0; n--)
				change_one(s, &c, k);
			assert_int_equal(assign_resolve(s, NULL, NULL), 0);
			compare(s, k, i);
			compare_placed(s, k, i);
		}
		assign_close(s);
	}
}

/* Small enough to weigh the order of homes in the metres themselves: metres x
 * ALL, less a weight for whose seat it is. */
enum { FEW = 5, PER_HOME = 3, ALL = 4 * 1024 };

static void
weigh(struct city *c)
{
	int64_t weight = 1;

	for (size_t h = c->p.homes; h-- > 0; weight *= PER_HOME + 1)
		for (size_t a = c->first[h]; a < c->first[h + 1]; a++)
			c->metres[a] = c->metres[a] * ALL + ALL / 4 - weight;
}

/* The rule told to the solver as prices of its own. */
static void
test_placed(void **state)
{
	static const struct kind few = { "few", FEW, 4, 4, PER_HOME + 1, 5, 3 };
	static struct city c;
	int swapped = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		int64_t placed[MAX_HOMES];
		struct assign_answer plain, weighed;
		struct assign_state *s;

		seed = (uint64_t)i;
		city_make(&c, &few);
		assert_int_equal(assign_open(&c.p, &s, NULL, NULL), 0);
		assert_int_equal(assign_placed(s, placed), 0);
		assert_int_equal(assign_solve(&c.p, &plain, NULL, NULL), 0);
		weigh(&c);
		assert_int_equal(assign_solve(&c.p, &weighed, NULL, NULL), 0);
		for (size_t h = 0; h < c.p.homes; h++) {
			int64_t there = 0, then = 0;

			for (size_t a = c.first[h]; a < c.first[h + 1]; a++) {
				there += weighed.flow[a];
				then += plain.flow[a];
			}
			assert_int_equal(placed[h], there);
			swapped += then != there;
		}
		assign_release(&plain);
		assign_release(&weighed);
		assign_close(s);
	}
	assert_true(swapped > 100);
}

static int
stop_at_once(void *arg, size_t done, size_t total)
{
	(void)arg;
	assert_true(done <= total);
	return 1;
}

/* A re-solve that was cancelled is gone on with by the next one. */
static void
test_cancel(void **state)
{
	static struct city c;
	struct assign_state *s;

	(void)state;
	seed = 5;
	city_make(&c, &kinds[0]);
	assert_int_equal(assign_open(&c.p, &s, NULL, NULL), 0);
	for (size_t i = 0; i < c.p.shelters; i += 2)
		assert_int_equal(assign_set_places(s, i, 0), 0);
	assert_int_equal(
	    assign_resolve(s, stop_at_once, NULL), ASSIGN_CANCELLED);
	assert_int_equal(assign_resolve(s, NULL, NULL), 0);
	compare(s, &kinds[0], 0);
	assign_close(s);
}

static void
test_bounds(void **state)
{
	const int64_t people = 5, places = 5, metres = 10;
	const size_t first[] = { 0, 1 };
	const uint32_t shelter = 0, wrong = 1;
	const int64_t far = ASSIGN_MAX_METRES + 1;
	const struct assign_problem p = { 1, 1, 1, &people, &places, first,
		&shelter, &metres };
	struct assign_state *s;

	(void)state;
	assert_int_equal(assign_open(&p, &s, NULL, NULL), 0);
	assert_int_equal(assign_set_places(s, 1, 1), ASSIGN_BAD_PROBLEM);
	assert_int_equal(assign_set_places(s, 0, -1), ASSIGN_BAD_PROBLEM);
	assert_int_equal(
	    assign_set_places(s, 0, (int64_t)1 << 31), ASSIGN_BAD_PROBLEM);
	assert_int_equal(assign_set_people(s, 1, 1), ASSIGN_BAD_PROBLEM);
	assert_int_equal(assign_set_people(s, 0, -1), ASSIGN_BAD_PROBLEM);
	assert_int_equal(
	    assign_set_arcs(s, 1, 1, &shelter, &metres), ASSIGN_BAD_PROBLEM);
	assert_int_equal(
	    assign_set_arcs(s, 0, 1, &wrong, &metres), ASSIGN_BAD_PROBLEM);
	assert_int_equal(
	    assign_set_arcs(s, 0, 1, &shelter, &far), ASSIGN_BAD_PROBLEM);
	assert_int_equal(assign_set_arcs(s, 0, 0, NULL, NULL), 0);
	assert_int_equal(assign_resolve(s, NULL, NULL), 0);
	compare(s, &kinds[0], 0);
	assign_close(s);
	assign_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_placed),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

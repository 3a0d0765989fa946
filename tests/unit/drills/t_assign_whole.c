/* SPDX-License-Identifier: MIT */
/*
 * Keeping homes whole: by hand where the answer is plain, and over random
 * problems what must hold whatever the heuristic does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/assign_whole.h"

enum { HOMES = 30, SHELTERS = 6, DEGREE = 4 };

static uint64_t seed;

static int64_t
below(int64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

static void
both(const struct assign_problem *p, struct assign_answer *a,
    struct assign_whole *w)
{
	assert_int_equal(assign_solve(p, a, NULL, NULL), 0);
	assert_int_equal(assign_whole(p, a, w), 0);
}

/* 6 + 6 people, 8 + 8 places: splitting 6 = 2 + 4 is cheaper, whole is not. */
static void
test_split_home(void **state)
{
	const int64_t people[] = { 6, 6 }, places[] = { 8, 8 };
	const int64_t metres[] = { 10, 90, 10, 50 };
	const size_t first[] = { 0, 2, 4 };
	const uint32_t shelter[] = { 0, 1, 0, 1 };
	const struct assign_problem p = { 2, 2, 4, people, places, first,
		shelter, metres };
	struct assign_answer a;
	struct assign_whole w;

	(void)state;
	both(&p, &a, &w);
	assert_int_equal(w.split, 1);
	assert_int_equal(w.sheltered, 12);
	assert_int_equal(w.person_metres, 6 * 10 + 6 * 50);
	assert_true(w.person_metres >= a.bound);
	assign_whole_release(&w);
	assign_release(&a);
}

/* 15 places hold 15 people, but of three fives only two fit in 7 and 8. */
static void
test_no_room_whole(void **state)
{
	const int64_t people[] = { 5, 5, 5 }, places[] = { 7, 8 };
	const int64_t metres[] = { 10, 20, 10, 30, 5 };
	const size_t first[] = { 0, 2, 4, 5 };
	const uint32_t shelter[] = { 0, 1, 0, 1, 0 };
	const struct assign_problem p = { 3, 2, 5, people, places, first,
		shelter, metres };
	struct assign_answer a;
	struct assign_whole w;

	(void)state;
	both(&p, &a, &w);
	assert_int_equal(a.sheltered, 15);
	assert_int_equal(w.sheltered, 10);
	assign_whole_release(&w);
	assign_release(&a);
}

static void
check_whole(const struct assign_problem *p, const struct assign_whole *w)
{
	int64_t room[SHELTERS], sheltered = 0, metres = 0;

	memcpy(room, p->places, sizeof(room));
	for (size_t h = 0; h < p->homes; h++) {
		size_t a = w->arc[h];

		if (a == SIZE_MAX)
			continue;
		assert_true(a >= p->first[h] && a < p->first[h + 1]);
		room[p->shelter[a]] -= p->people[h];
		assert_true(room[p->shelter[a]] >= 0);
		sheltered += p->people[h];
		metres += p->people[h] * p->metres[a];
	}
	assert_int_equal(sheltered, w->sheltered);
	assert_int_equal(metres, w->person_metres);
}

static void
test_random(void **state)
{
	int64_t people[HOMES], places[SHELTERS], metres[HOMES * DEGREE];
	size_t first[HOMES + 1];
	uint32_t shelter[HOMES * DEGREE];
	struct assign_problem p = { HOMES, SHELTERS, HOMES * DEGREE, people,
		places, first, shelter, metres };

	(void)state;
	for (uint64_t i = 0; i < 300; i++) {
		struct assign_answer a;
		struct assign_whole w;

		seed = i;
		for (size_t s = 0; s < SHELTERS; s++)
			places[s] = below(i % 2 ? 60 : 200);
		for (size_t h = 0; h <= HOMES; h++)
			first[h] = h * DEGREE;
		for (size_t h = 0; h < HOMES; h++)
			people[h] = below(20);
		for (size_t k = 0; k < HOMES * DEGREE; k++) {
			shelter[k] = (uint32_t)below(SHELTERS);
			metres[k] = below(500);
		}
		both(&p, &a, &w);
		check_whole(&p, &w);
		assert_true(w.sheltered <= a.sheltered);
		if (w.sheltered == a.sheltered)
			assert_true(w.person_metres >= a.bound);
		assign_whole_release(&w);
		assign_release(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split_home),
		cmocka_unit_test(test_no_room_whole),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

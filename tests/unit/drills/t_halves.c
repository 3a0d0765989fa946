/* SPDX-License-Identifier: MIT */
/*
 * The same plan, byte by byte, wherever the halves of the work meet and
 * whichever comes first: this program has a halves() of its own for that.  And
 * the real one, which does everything once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/assign.h"

#define halves real_halves
#include "drills/halves.c"
#undef halves

enum { HOMES = 5000, SHELTERS = 150, DEGREE = 24, ARCS = HOMES * DEGREE };

enum cut { WHOLE, BACKWARDS, A_THIRD, THREADS };

static uint64_t seed;

static uint64_t
below(uint64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % n;
}

static enum cut cut;
static size_t cuts;

void halves(size_t n, halves_fn *fn, void *arg, size_t ns);

void
halves(size_t n, halves_fn *fn, void *arg, size_t ns)
{
	size_t at = cut == A_THIRD ? n / 3 : n / 2;

	(void)ns;
	cuts++;
	if (cut == THREADS)
		real_halves(n, fn, arg, SIZE_MAX);
	else if (cut == WHOLE || at == 0)
		fn(arg, 0, n);
	else if (cut == BACKWARDS) {
		fn(arg, at, n);
		fn(arg, 0, at);
	} else {
		fn(arg, 0, at);
		fn(arg, at, n);
	}
}

struct city {
	struct assign_problem p;
	int64_t people[HOMES], places[SHELTERS], metres[ARCS];
	size_t first[HOMES + 1];
	uint32_t shelter[ARCS];
};

/* On a line, so that shelters are near to some homes only; many ties. */
static void
make(struct city *c, int64_t places)
{
	for (size_t h = 0; h < HOMES; h++) {
		size_t x = (size_t)below(SHELTERS);

		c->people[h] = (int64_t)below(20);
		c->first[h] = h * DEGREE;
		for (size_t i = 0; i < DEGREE; i++) {
			c->shelter[h * DEGREE + i] =
			    (uint32_t)((x + i) % SHELTERS);
			c->metres[h * DEGREE + i] =
			    (int64_t)(i * 40 + below(60));
		}
	}
	c->first[HOMES] = ARCS;
	for (size_t s = 0; s < SHELTERS; s++)
		c->places[s] = (int64_t)below((uint64_t)places);
	c->p = (struct assign_problem){ HOMES, SHELTERS, ARCS, c->people,
		c->places, c->first, c->shelter, c->metres };
}

static void
solve(const struct city *c, enum cut how, struct assign_answer *a)
{
	char why[160];

	cut = how;
	cuts = 0;
	assert_int_equal(assign_solve(&c->p, a, NULL, NULL), 0);
	assert_true(cuts > 3);
	if (assign_check(&c->p, a, why, sizeof(why)) != 0)
		fail_msg("%s", why);
}

static void
same(const struct assign_answer *a, const struct assign_answer *b)
{
	assert_memory_equal(a->flow, b->flow, ARCS * sizeof(*a->flow));
	assert_memory_equal(
	    a->home_price, b->home_price, HOMES * sizeof(*a->home_price));
	assert_memory_equal(a->shelter_price, b->shelter_price,
	    SHELTERS * sizeof(*a->shelter_price));
	assert_int_equal(a->sheltered, b->sheltered);
	assert_int_equal(a->person_metres, b->person_metres);
	assert_int_equal(a->bound, b->bound);
}

static void
the_same_plan(void **state)
{
	static struct city c;
	static const int64_t places[] = { 300, 700, 1500 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct assign_answer whole, other;

		seed = 40 + (uint64_t)i;
		make(&c, places[i]);
		solve(&c, WHOLE, &whole);
		for (enum cut how = BACKWARDS; how <= THREADS; how++) {
			solve(&c, how, &other);
			same(&whole, &other);
			assign_release(&other);
		}
		assign_release(&whole);
	}
}

static void
count(void *arg, size_t from, size_t to)
{
	unsigned char *times = arg;

	for (size_t i = from; i < to; i++)
		times[i]++;
}

static void
each_once(void **state)
{
	static const size_t ns[] = { 0, SIZE_MAX };
	unsigned char times[1000];

	(void)state;
	for (size_t n = 0; n <= 1000; n += n < 4 ? 1 : 83)
		for (int i = 0; i < 2; i++) {
			memset(times, 0, sizeof(times));
			real_halves(n, count, times, ns[i]);
			for (size_t k = 0; k < sizeof(times); k++)
				assert_int_equal(times[k], k < n);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once),
		cmocka_unit_test(the_same_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

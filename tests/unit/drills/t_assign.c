/* SPDX-License-Identifier: MIT */
/*
 * The solver against a slow successive-shortest-path flow written only for
 * this test, over random problems of every awkward kind, and the judge against
 * answers that were spoiled on purpose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/assign.h"

enum { MAX_HOMES = 40, MAX_SHELTERS = 15, MAX_ARCS = MAX_HOMES * 20 };

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

/* What may be odd about a random city. */
struct kind {
	const char *name;
	int64_t homes, shelters, degree, people, places, metres;
};

static const struct kind kinds[] = {
	{ "plain", 40, 8, 6, 30, 120, 1000 },
	{ "tied", 40, 8, 8, 10, 40, 3 },
	{ "all equal", 30, 10, 10, 4, 10, 1 },
	{ "unit people", 40, 15, 5, 2, 4, 50 },
	{ "infeasible", 30, 6, 3, 50, 20, 500 },
	{ "no places", 20, 5, 5, 10, 1, 100 },
	{ "no people", 20, 5, 5, 1, 10, 100 },
	{ "no arcs", 20, 5, 0, 10, 10, 100 },
	{ "one shelter", 20, 1, 2, 10, 60, 100 },
	{ "one home", 1, 15, 15, 100, 20, 100 },
	{ "sparse", 40, 15, 2, 20, 50, 700 },
	{ "huge", 30, 10, 6, (int64_t)1 << 31, (int64_t)1 << 31, 10000001 },
	{ "huge tight", 30, 10, 6, (int64_t)1 << 31, (int64_t)1 << 29,
	    10000001 },
};

static void
city_make(struct city *c, const struct kind *k)
{
	size_t homes = k->homes > 1 ? (size_t)below(k->homes) + 1 : 1;
	size_t shelters = (size_t)below(k->shelters) + 1, arcs = 0;

	memset(c, 0, sizeof(*c));
	for (size_t h = 0; h < homes; h++) {
		int64_t degree = below(k->degree + 1);

		c->people[h] = below(k->people);
		c->first[h] = arcs;
		for (int64_t i = 0; i < degree && arcs < MAX_ARCS; i++) {
			c->shelter[arcs] = (uint32_t)below((int64_t)shelters);
			c->metres[arcs++] = below(k->metres);
		}
	}
	c->first[homes] = arcs;
	for (size_t s = 0; s < shelters; s++)
		c->places[s] = below(k->places);
	c->p = (struct assign_problem){ homes, shelters, arcs, c->people,
		c->places, c->first, c->shelter, c->metres };
}

/*
 * The same question by the textbook: Bellman-Ford for the cheapest path that
 * shelters somebody more, push, repeat.  Distances of homes and shelters;
 * `via` is the arc a node was reached by.
 */
static int64_t
cheapest_path(const struct city *c, const int64_t *flow, const int64_t *rest,
    const int64_t *room, size_t *via_home, size_t *via_shelter, size_t *end)
{
	const struct assign_problem *p = &c->p;
	int64_t dh[MAX_HOMES], ds[MAX_SHELTERS], best = INT64_MAX;
	int changed = 1;

	for (size_t h = 0; h < p->homes; h++)
		dh[h] = rest[h] > 0 ? 0 : INT64_MAX / 4;
	for (size_t s = 0; s < p->shelters; s++)
		ds[s] = INT64_MAX / 4;
	memset(via_home, 0xff, p->homes * sizeof(*via_home));
	while (changed) {
		changed = 0;
		for (size_t h = 0; h < p->homes; h++)
			for (size_t a = c->first[h]; a < c->first[h + 1]; a++) {
				size_t s = c->shelter[a];

				if (dh[h] < INT64_MAX / 4 &&
				    dh[h] + c->metres[a] < ds[s]) {
					ds[s] = dh[h] + c->metres[a];
					via_shelter[s] = a;
					changed = 1;
				}
				if (flow[a] > 0 && ds[s] < INT64_MAX / 4 &&
				    ds[s] - c->metres[a] < dh[h]) {
					dh[h] = ds[s] - c->metres[a];
					via_home[h] = a;
					changed = 1;
				}
			}
	}
	for (size_t s = 0; s < p->shelters; s++)
		if (room[s] > 0 && ds[s] < INT64_MAX / 4 && ds[s] < best) {
			best = ds[s];
			*end = s;
		}
	return best;
}

static size_t
home_of(const struct city *c, size_t arc)
{
	size_t h = 0;

	while (c->first[h + 1] <= arc)
		h++;
	return h;
}

static int64_t
push(const struct city *c, int64_t *flow, int64_t *rest, int64_t *room,
    const size_t *via_home, const size_t *via_shelter, size_t end)
{
	int64_t most = room[end];
	size_t s = end, h;

	for (;;) {
		h = home_of(c, via_shelter[s]);
		if (via_home[h] == SIZE_MAX)
			break;
		if (flow[via_home[h]] < most)
			most = flow[via_home[h]];
		s = c->shelter[via_home[h]];
	}
	if (rest[h] < most)
		most = rest[h];
	rest[h] -= most;
	room[end] -= most;
	for (s = end;; s = c->shelter[via_home[h]]) {
		h = home_of(c, via_shelter[s]);
		flow[via_shelter[s]] += most;
		if (via_home[h] == SIZE_MAX)
			return most;
		flow[via_home[h]] -= most;
	}
}

static void
solve_slowly(const struct city *c, int64_t *sheltered, int64_t *metres)
{
	int64_t flow[MAX_ARCS] = { 0 }, rest[MAX_HOMES], room[MAX_SHELTERS];
	size_t via_home[MAX_HOMES], via_shelter[MAX_SHELTERS], end = 0;
	int64_t cost;

	memcpy(rest, c->people, sizeof(rest));
	memcpy(room, c->places, sizeof(room));
	*sheltered = *metres = 0;
	while ((cost = cheapest_path(c, flow, rest, room, via_home, via_shelter,
		    &end)) != INT64_MAX) {
		int64_t n =
		    push(c, flow, rest, room, via_home, via_shelter, end);

		*sheltered += n;
		*metres += n * cost;
	}
}

/* Some right, others from below nothing to beyond any price. */
static void
guess_wildly(const struct city *c, const int64_t *right, int64_t *guess)
{
	static const int64_t wild[] = { 0, 1, 1000, INT64_MAX };

	for (size_t i = 0; i < c->p.shelters; i++)
		guess[i] = below(2) > 0 ? right[i] : wild[below(4)] - below(3);
}

static void
judge(const struct city *c, const struct kind *k, int64_t sheltered,
    int64_t metres, const int64_t *guess, struct assign_answer *a)
{
	char why[128] = "";

	assert_int_equal(assign_solve_near(&c->p, guess, a, NULL, NULL), 0);
	if (assign_check(&c->p, a, why, sizeof(why)) != 0)
		fail_msg("%s: %s", k->name, why);
	assert_int_equal(a->sheltered, sheltered);
	assert_int_equal(a->person_metres, metres);
	assert_int_equal(a->bound, metres);
}

static void
test_random(void **state)
{
	struct city c;

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (uint64_t i = 0; i < 150; i++) {
			struct assign_answer a, near;
			int64_t sheltered, metres, guess[MAX_SHELTERS];

			seed = k * 1000 + i;
			city_make(&c, &kinds[k]);
			solve_slowly(&c, &sheltered, &metres);
			judge(&c, &kinds[k], sheltered, metres, NULL, &a);
			guess_wildly(&c, a.shelter_price, guess);
			judge(&c, &kinds[k], sheltered, metres, guess, &near);
			assign_release(&near);
			assign_release(&a);
		}
	}
}

static void
test_empty(void **state)
{
	size_t first[1] = { 0 };
	struct assign_problem p = { .first = first };
	struct assign_answer a;
	char why[64];

	(void)state;
	assert_int_equal(assign_solve(&p, &a, NULL, NULL), 0);
	assert_int_equal(assign_check(&p, &a, why, sizeof(why)), 0);
	assert_int_equal(a.people, 0);
	assign_release(&a);
}

static void
test_bounds(void **state)
{
	static const struct {
		int64_t people, places, metres;
		uint32_t shelter;
		int expect;
	} rows[] = {
		{ 5, 5, 10, 0, 0 },
		{ -1, 5, 10, 0, ASSIGN_BAD_PROBLEM },
		{ (int64_t)1 << 31, 5, 10, 0, ASSIGN_BAD_PROBLEM },
		{ 5, -1, 10, 0, ASSIGN_BAD_PROBLEM },
		{ 5, (int64_t)1 << 31, 10, 0, ASSIGN_BAD_PROBLEM },
		{ 5, 5, -1, 0, ASSIGN_BAD_PROBLEM },
		{ 5, 5, ASSIGN_MAX_METRES, 0, 0 },
		{ 5, 5, ASSIGN_MAX_METRES + 1, 0, ASSIGN_BAD_PROBLEM },
		{ 5, 5, 10, 1, ASSIGN_BAD_PROBLEM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t first[] = { 0, 1 };
		struct assign_problem p = { 1, 1, 1, &rows[i].people,
			&rows[i].places, first, &rows[i].shelter,
			&rows[i].metres };
		struct assign_answer a;

		assert_int_equal(
		    assign_solve(&p, &a, NULL, NULL), rows[i].expect);
		assign_release(&a);
	}
}

/* 2^31-1 people x 10^7 m fit a home; 500 such homes do not fit 63 bits. */
static void
test_overflow(void **state)
{
	enum { N = 500 };
	static int64_t people[N], places[N], metres[N];
	static size_t first[N + 1];
	static uint32_t shelter[N];
	struct assign_problem p = { N, N, N, people, places, first, shelter,
		metres };
	struct assign_answer a;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		people[i] = places[i] = INT32_MAX;
		metres[i] = ASSIGN_MAX_METRES;
		shelter[i] = (uint32_t)i;
		first[i + 1] = i + 1;
	}
	assert_int_equal(assign_solve(&p, &a, NULL, NULL), ASSIGN_OVERFLOW);
	assign_release(&a);
}

static int
stop_at_once(void *arg, size_t done, size_t total)
{
	(void)arg;
	assert_true(done <= total);
	return 1;
}

static void
test_cancel(void **state)
{
	enum { N = 60000 };
	static int64_t people[N], metres[N];
	static size_t first[N + 1];
	static uint32_t shelter[N];
	int64_t places = 100;
	struct assign_problem p = { N, 1, N, people, &places, first, shelter,
		metres };
	struct assign_answer a;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		people[i] = 1;
		first[i + 1] = i + 1;
	}
	assert_int_equal(
	    assign_solve(&p, &a, stop_at_once, NULL), ASSIGN_CANCELLED);
	assign_release(&a);
}

/* Two homes, two shelters: 10 near places, 10 far ones. */
static const int64_t small_people[] = { 8, 8 };
static const int64_t small_places[] = { 10, 10 };
static const size_t small_first[] = { 0, 2, 4 };
static const uint32_t small_shelter[] = { 0, 1, 0, 1 };
static const int64_t small_metres[] = { 10, 100, 20, 50 };

static void
test_judge(void **state)
{
	struct assign_problem p = { 2, 2, 4, small_people, small_places,
		small_first, small_shelter, small_metres };
	struct assign_answer a;
	char why[128];

	(void)state;
	assert_int_equal(assign_solve(&p, &a, NULL, NULL), 0);
	assert_int_equal(a.person_metres, 8 * 10 + 2 * 20 + 6 * 50);
	assert_int_equal(assign_check(&p, &a, why, sizeof(why)), 0);

#define SPOIL(field, by)                                        \
	do {                                                    \
		field += by;                                    \
		assert_int_not_equal(                           \
		    assign_check(&p, &a, why, sizeof(why)), 0); \
		assert_true(why[0] != '\0');                    \
		field -= by;                                    \
	} while (0)
	SPOIL(a.flow[0], 1);
	SPOIL(a.flow[0], -1);
	SPOIL(a.flow[1], -1);
	SPOIL(a.home_price[0], 1);
	SPOIL(a.home_price[0], -1);
	SPOIL(a.shelter_price[0], 1);
	SPOIL(a.shelter_price[1], -1);
	SPOIL(a.left_price, -100);
	SPOIL(a.sheltered, 1);
	SPOIL(a.person_metres, 1);
	SPOIL(a.bound, -1);
	assert_int_equal(assign_check(&p, &a, why, sizeof(why)), 0);
	assign_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_judge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

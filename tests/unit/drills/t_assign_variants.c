/* SPDX-License-Identifier: MIT */
/*
 * The variants of the plan against trying every flow of tiny problems, and by
 * hand where the answer is plain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/assign_keep.h"
#include "drills/assign_late.h"
#include "drills/assign_queue.h"

enum { HOMES = 3, SHELTERS = 3, ARCS = HOMES * SHELTERS, ROUNDS = 150 };

static uint64_t seed;

static int64_t
below(int64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

struct tiny {
	struct assign_problem p;
	int64_t people[HOMES], places[SHELTERS], metres[ARCS], stay[ARCS];
	int64_t per_hour[SHELTERS];
	size_t first[HOMES + 1];
	uint32_t shelter[ARCS];
};

static void
tiny_make(struct tiny *t)
{
	for (size_t h = 0; h < HOMES; h++) {
		t->people[h] = below(4);
		t->first[h] = h * SHELTERS;
	}
	t->first[HOMES] = ARCS;
	for (size_t s = 0; s < SHELTERS; s++) {
		t->places[s] = below(5);
		t->per_hour[s] = below(3) ? 60 * (1 + below(3)) : 0;
	}
	for (size_t a = 0; a < ARCS; a++) {
		t->shelter[a] = (uint32_t)(a % SHELTERS);
		t->metres[a] = below(12);
		t->stay[a] = below(3);
	}
	t->p = (struct assign_problem){ HOMES, SHELTERS, ARCS, t->people,
		t->places, t->first, t->shelter, t->metres };
}

/* Keys of a flow, less is better, the first one counts most. */
struct keys {
	int64_t key[4];
};

typedef struct keys weigh_fn(const struct tiny *, const int64_t *flow);

static int
compare(const struct keys *a, const struct keys *b)
{
	for (int i = 0; i < 4; i++)
		if (a->key[i] != b->key[i])
			return a->key[i] < b->key[i] ? -1 : 1;
	return 0;
}

static void
try_all(const struct tiny *t, size_t arc, int64_t *flow, int64_t *rest,
    int64_t *room, weigh_fn *weigh, struct keys *best)
{
	size_t h = arc / SHELTERS, s = arc % SHELTERS;

	if (arc == ARCS) {
		struct keys k = weigh(t, flow);

		if (compare(&k, best) < 0)
			*best = k;
		return;
	}
	for (int64_t n = 0; n <= rest[h] && n <= room[s]; n++) {
		flow[arc] = n;
		rest[h] -= n;
		room[s] -= n;
		try_all(t, arc + 1, flow, rest, room, weigh, best);
		rest[h] += n;
		room[s] += n;
	}
	flow[arc] = 0;
}

static struct keys
best_of(const struct tiny *t, weigh_fn *weigh)
{
	int64_t flow[ARCS] = { 0 }, rest[HOMES], room[SHELTERS];
	struct keys best = { { INT64_MAX, 0, 0, 0 } };

	memcpy(rest, t->people, sizeof(rest));
	memcpy(room, t->places, sizeof(room));
	try_all(t, 0, flow, rest, room, weigh, &best);
	return best;
}

static int64_t
sheltered(const int64_t *flow)
{
	int64_t n = 0;

	for (size_t a = 0; a < ARCS; a++)
		n += flow[a];
	return n;
}

static int64_t
walked(const struct tiny *t, const int64_t *flow)
{
	int64_t n = 0;

	for (size_t a = 0; a < ARCS; a++)
		n += flow[a] * t->metres[a];
	return n;
}

static int64_t
moved(const struct tiny *t, const int64_t *flow)
{
	int64_t n = 0;

	for (size_t a = 0; a < ARCS; a++)
		n += flow[a] > t->stay[a] ? flow[a] - t->stay[a] : 0;
	return n;
}

static int64_t price;

static struct keys
weigh_kept(const struct tiny *t, const int64_t *flow)
{
	return (struct keys){ { -sheltered(flow),
	    walked(t, flow) + price * moved(t, flow), 0, 0 } };
}

static void
test_keep(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		struct tiny t;
		struct assign_keep k;
		struct keys best;

		seed = i;
		tiny_make(&t);
		price = below(15);
		best = best_of(&t, weigh_kept);
		assert_int_equal(
		    assign_keep(&t.p, t.stay, price, &k, NULL, NULL), 0);
		assert_int_equal(-k.sheltered, best.key[0]);
		assert_int_equal(k.cost, best.key[1]);
		assert_int_equal(k.bound, k.cost);
		assert_int_equal(sheltered(k.flow), k.sheltered);
		assert_int_equal(walked(&t, k.flow), k.person_metres);
		assert_int_equal(moved(&t, k.flow), k.moved);
		assign_keep_release(&k);
	}
}

static struct keys
weigh_short_then_few(const struct tiny *t, const int64_t *flow)
{
	return (struct keys){ { -sheltered(flow), walked(t, flow),
	    moved(t, flow), 0 } };
}

static struct keys
weigh_few_then_short(const struct tiny *t, const int64_t *flow)
{
	return (struct keys){ { -sheltered(flow), moved(t, flow),
	    walked(t, flow), 0 } };
}

/* The ends by trying everything, and every whole price between them. */
static void
check_tradeoff(const struct tiny *t, const struct assign_tradeoff *o)
{
	struct keys low = best_of(t, weigh_short_then_few);
	struct keys high = best_of(t, weigh_few_then_short);
	const struct assign_choice *c = o->choice;

	assert_true(o->complete);
	assert_int_equal(c[0].person_metres, low.key[1]);
	assert_int_equal(c[0].moved, low.key[2]);
	assert_int_equal(c[o->n - 1].moved, high.key[1]);
	assert_int_equal(c[o->n - 1].person_metres, high.key[2]);
	assert_int_equal(c[0].from, 0);
	for (price = 0; price < 30; price++) {
		while (c->to < price)
			c++;
		assert_int_equal(c->person_metres + price * c->moved,
		    best_of(t, weigh_kept).key[1]);
	}
}

static void
test_tradeoff(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < ROUNDS / 5; i++) {
		struct tiny t;
		struct assign_tradeoff o;

		seed = 1000 + i;
		tiny_make(&t);
		assert_int_equal(
		    assign_tradeoff(&t.p, t.stay, 100, &o, NULL, NULL), 0);
		check_tradeoff(&t, &o);
		assign_tradeoff_release(&o);
		assert_int_equal(
		    assign_tradeoff(&t.p, t.stay, 2, &o, NULL, NULL), 0);
		assert_in_range(o.n, 1, 2);
		price = o.choice[0].at;
		assert_int_equal(
		    o.choice[0].person_metres + price * o.choice[0].moved,
		    best_of(&t, weigh_kept).key[1]);
		assign_tradeoff_release(&o);
	}
}

/* Half of a home's people stay, though it lost a third of them. */
static void
test_shrunk_split_home(void **state)
{
	const int64_t people[] = { 12 }, places[] = { 10, 10 };
	const int64_t metres[] = { 100, 10 }, stay[] = { 9, 9 };
	const size_t first[] = { 0, 2 };
	const uint32_t shelter[] = { 0, 1 };
	const struct assign_problem p = { 1, 2, 2, people, places, first,
		shelter, metres };
	struct assign_keep k;

	(void)state;
	assert_int_equal(assign_keep(&p, stay, 91, &k, NULL, NULL), 0);
	assert_int_equal(k.flow[0], 3);
	assert_int_equal(k.flow[1], 9);
	assert_int_equal(k.moved, 0);
	assign_keep_release(&k);
	assert_int_equal(assign_keep(&p, stay, 89, &k, NULL, NULL), 0);
	assert_int_equal(k.flow[1], 10);
	assert_int_equal(k.moved, 1);
	assign_keep_release(&k);
}

static struct assign_doors
doors_of(const struct tiny *t)
{
	return (struct assign_doors){ t->per_hour, 60, 100 };
}

/* A minute each n-th person, 6 m a minute. */
static struct keys
weigh_queued(const struct tiny *t, const int64_t *flow)
{
	int64_t cost = walked(t, flow);

	for (size_t s = 0; s < SHELTERS; s++) {
		int64_t load = 0, minute = t->per_hour[s] / 60;

		for (size_t h = 0; h < HOMES; h++)
			load += flow[h * SHELTERS + s];
		for (int64_t n = 0; n < load && minute > 0; n++)
			cost += n / minute * 6;
	}
	return (struct keys){ { -sheltered(flow), cost, 0, 0 } };
}

static void
test_queue(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		struct tiny t;
		struct assign_doors d = doors_of(&t);
		struct assign_queue q;
		struct keys best, mine;

		seed = 2000 + i;
		tiny_make(&t);
		best = best_of(&t, weigh_queued);
		assert_int_equal(assign_queue(&t.p, &d, &q, NULL, NULL), 0);
		mine = weigh_queued(&t, q.flow);
		assert_int_equal(compare(&mine, &best), 0);
		assert_int_equal(q.person_metres + q.waiting, best.key[1]);
		assert_int_equal(q.bound, best.key[1]);
		assert_int_equal(q.person_metres, walked(&t, q.flow));
		assign_queue_release(&q);
	}
}

static int64_t in_time;

static struct keys
weigh_late(const struct tiny *t, const int64_t *flow)
{
	struct keys k = { { -sheltered(flow), 0, 0, walked(t, flow) } };

	for (size_t a = 0; a < ARCS; a++) {
		if (t->metres[a] > in_time)
			k.key[1] += flow[a];
		if (flow[a] > 0 && t->metres[a] > k.key[2])
			k.key[2] = t->metres[a];
	}
	return k;
}

static void
test_late(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		struct tiny t;
		struct assign_late l;
		struct keys best, mine;

		seed = 3000 + i;
		tiny_make(&t);
		in_time = below(12);
		best = best_of(&t, weigh_late);
		assert_int_equal(assign_late(&t.p, in_time, &l, NULL, NULL), 0);
		mine = weigh_late(&t, l.flow);
		assert_int_equal(compare(&mine, &best), 0);
		assert_int_equal(l.late, best.key[1]);
		assert_int_equal(l.last, best.key[2]);
		assert_int_equal(l.person_metres, best.key[3]);
		assert_int_equal(l.bound, l.person_metres);
		assign_late_release(&l);
	}
}

static int
stop(void *arg, size_t done, size_t total)
{
	(void)arg;
	(void)done;
	(void)total;
	return 1;
}

static void
test_refused(void **state)
{
	struct tiny t;
	struct assign_doors d = doors_of(&t);
	struct assign_keep k;
	struct assign_late l;
	struct assign_queue q;

	(void)state;
	seed = 7;
	tiny_make(&t);
	t.metres[0] = 20;
	assert_int_equal(
	    assign_keep(&t.p, t.stay, ASSIGN_MAX_METRES - 19, &k, NULL, NULL),
	    ASSIGN_BAD_PROBLEM);
	assign_keep_release(&k);
	t.stay[3] = -1;
	assert_int_equal(
	    assign_keep(&t.p, t.stay, 1, &k, NULL, NULL), ASSIGN_BAD_PROBLEM);
	assign_keep_release(&k);
	assert_int_equal(
	    assign_late(&t.p, -1, &l, NULL, NULL), ASSIGN_BAD_PROBLEM);
	assign_late_release(&l);
	d.slot_s = 0;
	assert_int_equal(
	    assign_queue(&t.p, &d, &q, NULL, NULL), ASSIGN_BAD_PROBLEM);
	assign_queue_release(&q);
	assert_int_equal(
	    assign_late(&t.p, 5, &l, stop, NULL), ASSIGN_CANCELLED);
	assign_late_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_tradeoff),
		cmocka_unit_test(test_shrunk_split_home),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Lanes and the loop: order, bounds, results coming back, ends. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "shelterd/lane.h"

enum { N = 20000, THREADS = 4 };

static struct loop *loop;
static int seen, want;
static atomic_int ran;

struct item {
	struct lane_work work;
	struct loop_post post;
	int number;
};

static void
back(struct loop_post *post)
{
	struct item *item =
	    (struct item *)((char *)post - offsetof(struct item, post));

	assert_int_equal(item->number, seen);
	if (++seen == want)
		loop_break(loop);
}

static void
work(struct lane_work *w, void *context)
{
	struct item *item =
	    (struct item *)((char *)w - offsetof(struct item, work));

	assert_ptr_equal(context, &ran);
	atomic_fetch_add(&ran, 1);
	item->post.fn = back;
	loop_post(loop, &item->post);
}

static void
there_and_back(void **state)
{
	struct item *items = calloc(N, sizeof(*items));
	struct lane *lane;

	(void)state;
	loop = loop_new();
	lane = lane_start("test", N, &ran);
	seen = 0;
	want = N;
	atomic_store(&ran, 0);
	for (int i = 0; i < N; i++) {
		items[i].number = i;
		items[i].work.run = work;
		assert_true(lane_submit(lane, &items[i].work));
	}
	loop_run(loop);
	assert_int_equal(seen, N);
	assert_int_equal(atomic_load(&ran), N);
	lane_free(lane);
	loop_free(loop);
	free(items);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void
wait_at_gate(struct lane_work *w, void *context)
{
	(void)w;
	atomic_fetch_add((atomic_int *)context, 1);
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
}

static void
bounded(void **state)
{
	enum { ROOM = 3 };
	struct lane_work works[ROOM + 3] = { 0 };
	atomic_int started = 0;
	struct lane *lane;
	int taken = 0;

	(void)state;
	pthread_mutex_lock(&gate);
	lane = lane_start("test", ROOM, &started);
	works[0].run = wait_at_gate;
	assert_true(lane_submit(lane, &works[0]));
	while (atomic_load(&started) == 0)
		sched_yield();
	for (int i = 1; i < ROOM + 3; i++) {
		works[i].run = wait_at_gate;
		taken += lane_submit(lane, &works[i]);
	}
	assert_int_equal(taken, ROOM);
	assert_int_equal(lane_length(lane), ROOM);
	lane_close(lane);
	assert_false(lane_submit(lane, &works[ROOM + 2]));
	assert_false(lane_ended(lane));
	pthread_mutex_unlock(&gate);
	lane_free(lane);
	assert_int_equal(atomic_load(&started), 1 + ROOM);
}

static int posted[THREADS], total;

struct from {
	struct loop_post post;
	int thread, number;
};

static void
count(struct loop_post *post)
{
	struct from *from = (struct from *)post;

	/* In order for each thread. */
	assert_int_equal(posted[from->thread]++, from->number);
	if (++total == THREADS * N)
		loop_break(loop);
}

static void *
poster(void *arg)
{
	struct from *items = arg;

	for (int i = 0; i < N; i++)
		loop_post(loop, &items[i].post);
	return NULL;
}

static void
many_threads_post(void **state)
{
	struct from *items = calloc((size_t)THREADS * N, sizeof(*items));
	pthread_t threads[THREADS];

	(void)state;
	loop = loop_new();
	for (int i = 0; i < THREADS * N; i++)
		items[i] = (struct from){ { NULL, count }, i / N, i % N };
	for (int i = 0; i < THREADS; i++)
		pthread_create(
		    &threads[i], NULL, poster, &items[(size_t)i * N]);
	loop_run(loop);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(total, THREADS * N);
	loop_free(loop);
	free(items);
}

static int fired[3], nfired, dropped;

static void
fire(void *arg)
{
	fired[nfired++] = *(int *)arg;
	if (nfired == 3)
		loop_break(loop);
}

static void
drop(void *arg)
{
	(void)arg;
	dropped++;
}

static void
timers(void **state)
{
	static int numbers[] = { 0, 1, 2, 3 };

	(void)state;
	loop = loop_new();
	loop_after(loop, 30, fire, drop, &numbers[2]);
	loop_after(loop, 0, fire, drop, &numbers[0]);
	loop_after(loop, 15, fire, drop, &numbers[1]);
	loop_after(loop, 3600 * 1000, fire, drop, &numbers[3]);
	loop_run(loop);
	for (int i = 0; i < 3; i++)
		assert_int_equal(fired[i], i);
	loop_free(loop);
	assert_int_equal(dropped, 1);
}

static void
drain_without_running(void **state)
{
	struct item item = { .number = 0 };

	(void)state;
	loop = loop_new();
	seen = 0;
	want = 2;
	item.post.fn = back;
	loop_post(loop, &item.post);
	loop_drain(loop);
	assert_int_equal(seen, 1);
	loop_free(loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(bounded),
		cmocka_unit_test(many_threads_post),
		cmocka_unit_test(timers),
		cmocka_unit_test(drain_without_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

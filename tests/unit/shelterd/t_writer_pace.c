/* SPDX-License-Identifier: MIT */
/*
 * The pace of the writer in a model of its surroundings: clients that each
 * wait for their answer, a loop that takes `turn` to answer one and read its
 * next request, a writer that takes `work` a task and `commit` a batch.  On
 * two cores loop and clients leave the writer none until all that were
 * answered have asked again.  What the pace reaches is compared with the same
 * model without a limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "shelterd/writer_pace.h"

enum { US = 1000, CLIENTS = 512 };

struct model {
	int clients;
	int64_t turn, work, commit; /* ns */
	int64_t ready[CLIENTS];	    /* when their requests will be waiting */
	int64_t now, loop_free;
	int64_t done;
};

static void
begin(struct model *m)
{
	for (int i = 0; i < m->clients; i++)
		m->ready[i] = 0;
	m->now = m->loop_free = m->done = 0;
}

/* The client whose request came first, if before the time; -1: none. */
static int
first(const struct model *m, int64_t by)
{
	int best = -1;

	for (int i = 0; i < m->clients; i++)
		if (m->ready[i] <= by &&
		    (best < 0 || m->ready[i] < m->ready[best]))
			best = i;
	return best;
}

static struct pace_batch
batch(struct model *m, size_t limit)
{
	struct pace_batch b = { .commit_ns = m->commit };
	int members[CLIENTS], i = first(m, INT64_MAX);

	if (m->ready[i] > m->now) {
		b.idle_ns = m->ready[i] - m->now;
		m->now = m->ready[i];
	}
	for (int k = 0; k < m->clients; k++)
		b.waiting += m->ready[k] <= m->now;
	while (b.tasks < limit && (i = first(m, m->now)) >= 0) {
		m->ready[i] = INT64_MAX;
		m->now += m->work;
		members[b.tasks++] = i;
	}
	m->now += m->commit;
	if (m->loop_free < m->now)
		m->loop_free = m->now;
	m->loop_free += (int64_t)b.tasks * m->turn;
	for (size_t k = 0; k < b.tasks; k++)
		m->ready[members[k]] = m->loop_free;
	m->done += (int64_t)b.tasks;
	return b;
}

/* Tasks a second over some batches, after as many to settle. */
static double
rate(struct model *m, struct pace *p)
{
	int64_t done = 0, since = 0;

	begin(m);
	for (int i = 0; i < 2000; i++) {
		struct pace_batch b = batch(m, p ? p->limit : PACE_MOST);

		if (p != NULL)
			pace_note(p, &b);
		if (i == 1000) {
			done = m->done;
			since = m->now;
		}
	}
	return (double)(m->done - done) * 1e9 / (double)(m->now - since);
}

/* Hardly ever a loss, whatever the times. */
static void
it_never_costs_much(void **state)
{
	static const int64_t turns[] = { 2, 10, 40 }, works[] = { 5, 15, 60 },
			     commits[] = { 20, 100, 400, 1000, 3000 };
	static const int clients[] = { 1, 2, 8, 16, 17, 64, 200, 500 };

	(void)state;
	for (int i = 0; i < 3 * 3 * 5 * 8; i++) {
		struct model m = { .clients = clients[i % 8],
			.turn = turns[i / 8 % 3] * US,
			.work = works[i / 24 % 3] * US,
			.commit = commits[i / 72] * US };
		struct pace p;

		pace_init(&p);
		assert_true(rate(&m, &p) > rate(&m, NULL) * 0.97);
	}
}

/* A loop as busy as the writer and a quick disk. */
static void
it_gains_where_the_writer_would_wait(void **state)
{
	struct model m = { .clients = 64,
		.turn = 15 * US,
		.work = 15 * US,
		.commit = 100 * US };
	struct pace p;

	(void)state;
	pace_init(&p);
	assert_true(rate(&m, &p) > rate(&m, NULL) * 1.2);
}

static void
note(struct pace *p, int times, size_t waiting, size_t tasks, int64_t idle_us,
    int64_t commit_us)
{
	const struct pace_batch b = { waiting, tasks, idle_us * US,
		commit_us * US };

	for (int i = 0; i < times; i++)
		pace_note(p, &b);
}

static void
limits_come_and_go(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p);
	assert_int_equal(p.limit, PACE_MOST);
	note(&p, 7, 1, 64, 900, 300);
	assert_int_equal(p.limit, PACE_MOST); /* not in a hurry */
	note(&p, 1, 1, 64, 900, 300);
	assert_int_equal(p.limit, 32);
	note(&p, 50, 32, 32, 0, 300);
	assert_int_equal(p.limit, 32);
	note(&p, 20, 100, 32, 0, 300); /* more clients */
	assert_int_equal(p.limit, 64);
	note(&p, 50, 64, 64, 0, 2500); /* a slow disk */
	assert_int_equal(p.limit, PACE_MOST);
	note(&p, 80, 1, 33, 900, 300);
	assert_int_equal(p.limit, 17);
	note(&p, 1, 1, 1, 1000000, 300); /* a quiet second */
	assert_int_equal(p.limit, PACE_MOST);
	note(&p, 50, 1, 16, 900, 300); /* few clients */
	assert_int_equal(p.limit, PACE_MOST);
	pace_init(&p);
	note(&p, 50, 1, 64, 250, 300); /* nothing to gain */
	assert_int_equal(p.limit, PACE_MOST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_never_costs_much),
		cmocka_unit_test(it_gains_where_the_writer_would_wait),
		cmocka_unit_test(limits_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

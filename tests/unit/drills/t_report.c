/* SPDX-License-Identifier: MIT */
/* The report of a small drill by hand, and of random ones against plain
 * sums over the events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/report.h"

static struct report_event
expect(int64_t shelter, int64_t entrance, int64_t people, double width)
{
	return (struct report_event){ .kind = REPORT_EXPECT,
		.shelter = shelter,
		.entrance = entrance,
		.people = people,
		.clear_width = width,
		.shelter_name = "S",
		.entrance_name = "E" };
}

static struct report_event
arrive(const char *op, int64_t shelter, int64_t entrance, int64_t people,
    int64_t second)
{
	return (struct report_event){ .kind = REPORT_ARRIVAL,
		.op = op,
		.shelter = shelter,
		.entrance = entrance,
		.people = people,
		.second = second };
}

static void
test_by_hand(void **state)
{
	struct report_event e[] = {
		expect(7, 71, 100, 1.2),
		expect(7, 72, 50, -1),
		expect(9, 91, 10, 0.9),
		{ .kind = REPORT_SIGNAL,
		    .word = "pre-alarm",
		    .second = 1,
		    .at = 1000 },
		arrive("a", 7, 71, 40, 60),
		arrive("a", 7, 71, 40, 60),
		arrive("b", 7, 72, 35, 90),
		arrive("c", 7, 71, 60, 180),
		{ .kind = REPORT_SIGNAL,
		    .word = "air-raid",
		    .second = 481,
		    .planned_s = 480,
		    .at = 1008,
		    .late = 1 },
		arrive("d", 9, 91, 8, 500),
		arrive("e", 5, 0, 3, 20),
	};
	struct report r;

	(void)state;
	assert_int_equal(report_make(e, sizeof(e) / sizeof(*e), 0.3, &r), 0);
	assert_int_equal(r.planned, 160);
	assert_int_equal(r.actual, 146);
	assert_int_equal(r.nsignals, 2);
	assert_string_equal(r.signals[1].word, "air-raid");
	assert_int_equal(r.signals[1].at_s, 481);
	assert_int_equal(r.signals[1].planned_s, 480);
	assert_true(r.signals[1].late);
	assert_int_equal(r.nshelters, 3);
	assert_int_equal(r.shelters[0].id, 5);
	assert_int_equal(r.shelters[0].planned, 0);
	assert_int_equal(r.shelters[0].actual, 3);
	assert_int_equal(r.shelters[0].curve.t50, -1);
	const struct report_shelter *s = &r.shelters[1];
	assert_int_equal(s->curve.n, 3);
	assert_int_equal(s->curve.points[1].people, 75);
	assert_int_equal(s->curve.t50, 90);
	assert_int_equal(s->curve.t90, 180);
	assert_int_equal(s->curve.t100, -1);
	assert_int_equal(s->ndoors, 2);
	assert_true(s->doors[0].per_minute == 50);
	assert_true(s->doors[1].per_minute < 0);
	assert_true(s->doors[0].needed_width > 0.299 &&
		    s->doors[0].needed_width < 0.301);
	assert_int_equal(r.curve.t50, 180);
	assert_int_equal(r.curve.t90, 500);
	assert_int_equal(r.curve.t100, -1);
	assert_int_equal(r.bottleneck->id, 91);
	assert_int_equal(r.bottleneck_shelter->id, 9);
	report_release(&r);
}

static void
test_nothing(void **state)
{
	struct report_event e[] = { expect(1, 1, 5, -1) };
	struct report r;

	(void)state;
	assert_int_equal(report_make(NULL, 0, 0.3, &r), 0);
	assert_int_equal(r.planned, 0);
	report_release(&r);
	assert_int_equal(report_make(e, 1, 0.3, &r), 0);
	assert_int_equal(r.planned, 5);
	assert_null(r.bottleneck);
	assert_int_equal(r.curve.t50, -1);
	report_release(&r);
}

enum { RANDOM = 400 };

/* People of a shelter (0: all) by a second, each op once. */
static int64_t
by_then(const struct report_event *e, int64_t shelter, int64_t second)
{
	int64_t people = 0;

	for (int i = 0; i < RANDOM; i++) {
		int repeated = 0;

		if (e[i].kind != REPORT_ARRIVAL || e[i].second > second ||
		    (shelter != 0 && e[i].shelter != shelter))
			continue;
		for (int k = 0; k < i && !repeated; k++)
			repeated = e[k].kind == REPORT_ARRIVAL &&
				   strcmp(e[k].op, e[i].op) == 0;
		if (!repeated)
			people += e[i].people;
	}
	return people;
}

static void
check_curve(const struct report_event *e, int64_t shelter, int64_t planned,
    const struct report_curve *c)
{
	int64_t t[3] = { -1, -1, -1 };
	size_t at = 0;

	for (int64_t s = 0, last = 0; s < 300; s++) {
		int64_t people = by_then(e, shelter, s);
		static const int64_t percent[] = { 50, 90, 100 };

		for (int k = 0; k < 3; k++)
			if (t[k] < 0 && planned > 0 &&
			    people * 100 >= planned * percent[k])
				t[k] = s;
		if (people != last) {
			assert_true(at < c->n);
			assert_int_equal(c->points[at].second, s);
			assert_int_equal(c->points[at].people, people);
			at++;
		}
		last = people;
	}
	assert_int_equal(at, c->n);
	assert_int_equal(c->t50, t[0]);
	assert_int_equal(c->t90, t[1]);
	assert_int_equal(c->t100, t[2]);
}

static void
test_random(void **state)
{
	static struct report_event e[RANDOM];
	static char ops[RANDOM][8];
	struct report r, again;

	(void)state;
	srand(3);
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < RANDOM; i++) {
			/* The same op is always the same count, as the daemon
			 * sees to. */
			int k = rand() % 200;

			snprintf(ops[i], sizeof(ops[i]), "%d", k);
			e[i] = i < 20 ? expect(1 + i % 6, i, rand() % 60, 1)
				      : arrive(ops[i], 1 + k % 8, k % 3,
					    1 + k % 5, k * 7 % 300);
		}
		assert_int_equal(report_make(e, RANDOM, 0.3, &r), 0);
		assert_int_equal(report_make(e, RANDOM, 0.3, &again), 0);
		check_curve(e, 0, r.planned, &r.curve);
		for (size_t i = 0; i < r.nshelters; i++) {
			const struct report_shelter *s = &r.shelters[i];
			int64_t people = 0, planned = 0;

			check_curve(e, s->id, s->planned, &s->curve);
			for (size_t k = 0; k < s->ndoors; k++) {
				people += s->doors[k].people;
				planned += s->doors[k].planned;
			}
			assert_int_equal(people, s->actual);
			assert_int_equal(planned, s->planned);
		}
		assert_int_equal(r.bottleneck->id, again.bottleneck->id);
		report_release(&r);
		report_release(&again);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}

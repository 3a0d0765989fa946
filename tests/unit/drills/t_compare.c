/* SPDX-License-Identifier: MIT */
/* Two small drills compared by hand; random ones against plain counting over
 * their events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/compare.h"

static struct report_event
expect(int64_t shelter, int64_t people)
{
	return (struct report_event){ .kind = REPORT_EXPECT,
		.shelter = shelter,
		.entrance = 1,
		.people = people,
		.clear_width = -1,
		.shelter_name = "S" };
}

static struct report_event
arrive(const char *op, int64_t shelter, int64_t people, int64_t second)
{
	return (struct report_event){ .kind = REPORT_ARRIVAL,
		.op = op,
		.shelter = shelter,
		.entrance = 1,
		.people = people,
		.second = second };
}

static struct compare_event
entry(int64_t id, int64_t at, const char *word)
{
	return (struct compare_event){
		.kind = COMPARE_ENTRY, .inject = id, .at_s = at, .word = word
	};
}

static struct compare_event
told(int64_t id, int64_t due, int64_t at, const char *word, int late)
{
	return (struct compare_event){ .kind = COMPARE_TOLD,
		.inject = id,
		.at_s = due,
		.told_s = at,
		.word = word,
		.zh = word != NULL ? "警报" : NULL,
		.late = late };
}

static const struct compare_event seen = { .kind = COMPARE_SEEN };

/* The first drill: alarm at 10, air raid at 490; 100 + 50 expected. */
static const struct compare_event turns_a[] = {
	{ .kind = COMPARE_ENTRY, .inject = 1, .at_s = 0, .word = "pre-alarm" },
	{ .kind = COMPARE_ENTRY, .inject = 2, .at_s = 480, .word = "air-raid" },
	{ .kind = COMPARE_ENTRY,
	    .inject = 3,
	    .at_s = 960,
	    .word = "all-clear" },
	{ .kind = COMPARE_ENTRY, .inject = 4, .at_s = 60 },
	{ .kind = COMPARE_ENTRY, .inject = 5, .at_s = 70 },
	{ .kind = COMPARE_GONE, .inject = 5 },
	{ .kind = COMPARE_POSTPONED, .seconds = 10 },
	{ .kind = COMPARE_TOLD,
	    .inject = 1,
	    .at_s = 10,
	    .told_s = 10,
	    .word = "pre-alarm",
	    .zh = "预先警报" },
	{ .kind = COMPARE_TOLD,
	    .inject = 4,
	    .at_s = 70,
	    .told_s = 75,
	    .late = 1 },
	{ .kind = COMPARE_TOLD, .inject = 6, .at_s = 80, .told_s = 80 },
	{ .kind = COMPARE_SEEN },
	{ .kind = COMPARE_TOLD,
	    .inject = 2,
	    .at_s = 490,
	    .told_s = 494,
	    .word = "air-raid",
	    .zh = "空袭警报" },
};
enum { NTURNS_A = sizeof(turns_a) / sizeof(*turns_a) };

static void
test_round_by_hand(void **state)
{
	const struct report_event e[] = { expect(7, 100), expect(9, 50),
		arrive("a", 7, 60, 130), arrive("b", 9, 20, 310),
		arrive("c", 7, 40, 494), arrive("d", 9, 20, 900) };
	struct compare_round r;
	struct report report;

	(void)state;
	assert_int_equal(report_make(e, 6, 0.3, &report), 0);
	assert_int_equal(compare_round_make(&report, turns_a, NTURNS_A, &r), 0);
	assert_string_equal(r.alarm, "pre-alarm");
	assert_string_equal(r.alarm_zh, "预先警报");
	assert_true(r.alarm_s == 10);
	assert_true(r.times.first_s == 120);
	assert_true(r.times.t50_s == 300); /* 80 of 150 at 310 */
	assert_true(r.times.t90_s == 890); /* 140 of 150 at 900 */
	assert_true(r.times.last_s == 890);
	assert_true(r.in_time == 120);
	assert_int_equal(r.nsignals, 3);
	assert_true(r.signals[1].due_s == 490 && r.signals[1].told_s == 494);
	assert_true(r.signals[2].due_s == 970 && isinf(r.signals[2].told_s));
	assert_int_equal(r.injects, 1);
	assert_int_equal(r.done, 1);
	assert_int_equal(r.by_hand, 1);
	assert_int_equal(r.late, 1);
	assert_int_equal(r.observations, 1);
	compare_round_release(&r);

	/* Without an alarm no time is known; nobody came: never. */
	assert_int_equal(compare_round_make(&report, turns_a, 6, &r), 0);
	assert_null(r.alarm);
	assert_true(isnan(r.times.t50_s) && isnan(r.in_time));
	compare_round_release(&r);
	report_release(&report);
	assert_int_equal(report_make(e, 2, 0.3, &report), 0);
	assert_int_equal(compare_round_make(&report, turns_a, 8, &r), 0);
	assert_true(isinf(r.times.first_s) && isinf(r.times.t90_s));
	compare_round_release(&r);
	report_release(&report);
}

static void
test_compare_by_hand(void **state)
{
	const struct report_event ea[] = { expect(7, 100), expect(8, 10),
		expect(9, 50), arrive("a", 7, 50, 130), arrive("b", 7, 40, 400),
		arrive("c", 9, 45, 310), arrive("d", 8, 10, 900) };
	const struct report_event eb[] = { expect(7, 100), expect(9, 50),
		expect(11, 5), arrive("a", 7, 60, 120), arrive("b", 7, 35, 350),
		arrive("c", 9, 30, 200), arrive("d", 11, 5, 210) };
	const struct compare_event tb[] = { entry(1, 0, "pre-alarm"),
		entry(2, 300, "air-raid"), entry(9, 400, NULL),
		told(1, 0, 0, "pre-alarm", 0), told(2, 300, 301, "air-raid", 0),
		told(3, 500, 500, "air-raid", 0), seen, seen };
	const struct compare_pair *m;
	struct report report[2];
	struct compare_round a, b;
	struct compare c;

	(void)state;
	assert_int_equal(report_make(ea, 7, 0.3, &report[0]), 0);
	assert_int_equal(report_make(eb, 7, 0.3, &report[1]), 0);
	assert_int_equal(
	    compare_round_make(&report[0], turns_a, NTURNS_A, &a), 0);
	assert_int_equal(compare_round_make(&report[1], tb, 8, &b), 0);
	assert_int_equal(compare_make(&a, &b, &c), 0);
	m = c.measures;
	assert_true(m[COMPARE_SHARE].a == 145.0 / 160);
	assert_true(m[COMPARE_SHARE].b == 130.0 / 155);
	assert_int_equal(m[COMPARE_SHARE].verdict, COMPARE_WORSE);
	assert_true(m[COMPARE_T50].a == 300 && m[COMPARE_T50].b == 200);
	assert_int_equal(m[COMPARE_T50].verdict, COMPARE_BETTER);
	assert_true(m[COMPARE_T90].a == 890 && isinf(m[COMPARE_T90].b));
	assert_int_equal(m[COMPARE_T90].verdict, COMPARE_WORSE);
	assert_int_equal(c.verdict, COMPARE_MIXED);
	/* earlier, but fewer came */
	assert_true(m[COMPARE_LAST].a == 890 && m[COMPARE_LAST].b == 350);
	assert_int_equal(m[COMPARE_LAST].verdict, COMPARE_NONE);
	assert_true(m[COMPARE_IN_TIME].a == 135.0 / 160);
	assert_true(m[COMPARE_IN_TIME].b == 95.0 / 155);
	assert_true(m[COMPARE_DELAY].a == 2 && m[COMPARE_DELAY].b == 1.0 / 3);
	assert_int_equal(m[COMPARE_DELAY].verdict, COMPARE_BETTER);
	assert_true(m[COMPARE_DONE].a == 1 && m[COMPARE_DONE].b == 0);
	assert_int_equal(m[COMPARE_LATE].verdict, COMPARE_BETTER);
	assert_true(m[COMPARE_OBSERVED].b == 2);
	assert_int_equal(m[COMPARE_OBSERVED].verdict, COMPARE_NONE);

	assert_int_equal(c.nshelters, 4);
	assert_int_equal(c.shelters[0].id, 7); /* 95 of 100, earlier */
	assert_int_equal(c.shelters[0].verdict, COMPARE_BETTER);
	assert_true(c.shelters[0].times_a.t90_s == 390);
	assert_true(c.shelters[0].times_b.t90_s == 350);
	assert_int_equal(c.shelters[1].id, 8);
	assert_null(c.shelters[1].b);
	assert_int_equal(c.shelters[1].verdict, COMPARE_NONE);
	assert_int_equal(c.shelters[2].id, 9); /* fewer, half of them sooner */
	assert_int_equal(c.shelters[2].verdict, COMPARE_MIXED);
	assert_null(c.shelters[3].a);

	assert_int_equal(c.nsoundings, 4);
	assert_string_equal(c.soundings[1].a->word, "air-raid");
	assert_true(c.soundings[1].b->told_s == 301);
	assert_string_equal(c.soundings[2].a->word, "all-clear");
	assert_null(c.soundings[2].b);
	assert_null(c.soundings[3].a);
	assert_true(c.soundings[3].b->told_s == 500);
	assert_string_equal(compare_verdict_name(COMPARE_WORSE), "worse");
	assert_null(compare_verdict_name(COMPARE_NONE));
	assert_string_equal(compare_measure_name(COMPARE_T90), "t90_s");
	compare_release(&c);
	compare_round_release(&a);
	compare_round_release(&b);
	report_release(&report[0]);
	report_release(&report[1]);
}

/* Random drills. */
enum { SHELTERS = 4, EVENTS = 40, IDS = 12 };

struct made {
	struct report_event e[SHELTERS + EVENTS];
	size_t ne;
	char op[EVENTS][8];
	struct compare_event x[EVENTS];
	size_t nx;
	struct report report;
	struct compare_round round;
};

static const char *const words[] = { "pre-alarm", "air-raid", "all-clear", NULL,
	NULL, NULL };

static void
random_turns(struct made *d)
{
	int64_t now = 0;
	int done[IDS] = { 0 };

	d->nx = (size_t)rand() % EVENTS;
	for (size_t i = 0; i < d->nx; i++) {
		int64_t id = 1 + rand() % (IDS - 1);
		const char *word = words[id % 6];

		now += rand() % 30;
		d->x[i] = entry(id, now + rand() % 100, word);
		if (rand() % 8 == 0)
			d->x[i] = seen;
		else if (rand() % 8 == 0)
			d->x[i] =
			    (struct compare_event){ .kind = COMPARE_POSTPONED,
				    .seconds = rand() % 20 };
		else if (rand() % 6 == 0)
			d->x[i] = (struct compare_event){ .kind = COMPARE_GONE,
				.inject = id };
		else if (!done[id] && rand() % 2 == 0)
			d->x[i] =
			    told(id, now - rand() % 5, now, word, rand() % 2);
		done[id] |= d->x[i].kind == COMPARE_TOLD;
		if (done[id] && d->x[i].kind == COMPARE_ENTRY)
			d->x[i] = seen; /* no entry changes once told */
	}
}

static void
random_drill(struct made *d)
{
	d->ne = 0;
	for (int64_t s = 1; s <= SHELTERS; s++)
		if (rand() % 4 != 0)
			d->e[d->ne++] = expect(s, rand() % 60);
	for (int i = rand() % EVENTS; i > 0; i--) {
		snprintf(d->op[i], sizeof(d->op[i]), "%d", i);
		d->e[d->ne++] = arrive(d->op[i], 1 + rand() % SHELTERS,
		    1 + rand() % 20, rand() % 900);
	}
	random_turns(d);
	assert_int_equal(report_make(d->e, d->ne, 0.3, &d->report), 0);
	assert_int_equal(
	    compare_round_make(&d->report, d->x, d->nx, &d->round), 0);
}

static void
release_drill(struct made *d)
{
	compare_round_release(&d->round);
	report_release(&d->report);
}

/* What is asked of the events themselves; shelter 0: all. */
static double
planned_of(const struct made *d, int64_t shelter)
{
	double n = 0;

	for (size_t i = 0; i < d->ne; i++)
		if (d->e[i].kind == REPORT_EXPECT &&
		    (shelter == 0 || d->e[i].shelter == shelter))
			n += (double)d->e[i].people;
	return n;
}

static double
in_by(const struct made *d, int64_t shelter, double second)
{
	double n = 0;

	for (size_t i = 0; i < d->ne; i++)
		if (d->e[i].kind == REPORT_ARRIVAL &&
		    (double)d->e[i].second <= second &&
		    (shelter == 0 || d->e[i].shelter == shelter))
			n += (double)d->e[i].people;
	return n;
}

/* The first second told of a word; NULL: of an alarm. */
static double
sounded(const struct made *d, const char *word)
{
	double first = INFINITY;

	for (size_t i = 0; i < d->nx; i++) {
		const struct compare_event *x = &d->x[i];

		if (x->kind != COMPARE_TOLD || x->word == NULL ||
		    (word == NULL ? strcmp(x->word, "all-clear") == 0
				  : strcmp(x->word, word) != 0))
			continue;
		if ((double)x->told_s < first)
			first = (double)x->told_s;
	}
	return first;
}

/* Seconds from the alarm until so many are in, second by second. */
static double
until(const struct made *d, int64_t shelter, double people)
{
	double alarm = sounded(d, NULL);

	if (isinf(alarm))
		return NAN;
	for (int s = 0; s <= 900; s++)
		if (in_by(d, shelter, s) >= people)
			return s - alarm;
	return INFINITY;
}

static void
same(double got, double want)
{
	if (isnan(want) ? !isnan(got) : got != want)
		fail_msg("%g, not %g", got, want);
}

static void
check_times(const struct made *d, int64_t shelter, struct compare_times t)
{
	double planned = planned_of(d, shelter), all = in_by(d, shelter, 900);

	same(t.first_s, until(d, shelter, 1));
	same(t.last_s, all > 0 || isinf(sounded(d, NULL))
			   ? until(d, shelter, all)
			   : INFINITY);
	same(t.t50_s, planned > 0 ? until(d, shelter, planned * 0.5) : NAN);
	same(t.t90_s, planned > 0 ? until(d, shelter, planned * 0.9) : NAN);
}

/* The timetable id by id: only what was said of this one counts. */
static void
check_turns(const struct made *d)
{
	const struct compare_round *r = &d->round;
	int64_t injects = 0, done = 0, by_hand = 0, late = 0, seen_n = 0;
	size_t signals = 0;

	for (int64_t id = 1; id < IDS; id++) {
		int stands = 0, was_told = 0, hand = 0, was_late = 0;

		for (size_t i = 0; i < d->nx; i++) {
			const struct compare_event *x = &d->x[i];

			if (x->inject != id || was_told)
				continue;
			if (x->kind == COMPARE_TOLD) {
				hand = !stands;
				was_told = 1;
				was_late = x->late;
			} else {
				stands = x->kind == COMPARE_ENTRY;
			}
		}
		if (words[id % 6] != NULL) {
			signals += stands || was_told;
			continue;
		}
		injects += was_told ? !hand : stands;
		done += was_told && !hand;
		by_hand += hand;
		late += was_late;
	}
	for (size_t i = 0; i < d->nx; i++)
		seen_n += d->x[i].kind == COMPARE_SEEN;
	assert_int_equal(r->injects, injects);
	assert_int_equal(r->done, done);
	assert_int_equal(r->by_hand, by_hand);
	assert_int_equal(r->late, late);
	assert_int_equal(r->observations, seen_n);
	assert_int_equal(r->nsignals, signals);
	for (size_t i = 1; i < r->nsignals; i++) {
		const struct compare_signal *s = &r->signals[i];
		double x = isinf(s[-1].told_s) ? s[-1].due_s : s[-1].told_s;

		assert_true(x <= (isinf(s->told_s) ? s->due_s : s->told_s));
	}
}

/* Is b better (1), worse (-1), the same (0), or cannot be said (2)? */
static int
judge(double a, double b, int more)
{
	if (isnan(a) || isnan(b))
		return 2;
	if (a == b)
		return 0;
	return (a < b) == more ? 1 : -1;
}

static enum compare_verdict
judge_all(const int one[3])
{
	int up = 0, down = 0, equal = 0;

	for (int i = 0; i < 3; i++) {
		up += one[i] == 1;
		down += one[i] == -1;
		equal += one[i] == 0;
	}
	if (up > 0 && down > 0)
		return COMPARE_MIXED;
	if (up > 0 || down > 0)
		return up > 0 ? COMPARE_BETTER : COMPARE_WORSE;
	return equal > 0 ? COMPARE_SAME : COMPARE_NONE;
}

static enum compare_verdict
wanted(const struct made *a, const struct made *b, int64_t shelter)
{
	double pa = planned_of(a, shelter), pb = planned_of(b, shelter);
	int known = pa > 0 && pb > 0;
	int one[3] = { 2, 2, 2 };

	if (known) {
		one[0] = judge(in_by(a, shelter, 900) / pa,
		    in_by(b, shelter, 900) / pb, 1);
		one[1] = judge(until(a, shelter, pa * 0.5),
		    until(b, shelter, pb * 0.5), 0);
		one[2] = judge(until(a, shelter, pa * 0.9),
		    until(b, shelter, pb * 0.9), 0);
	}
	return judge_all(one);
}

static void
test_random(void **state)
{
	static struct made a, b;
	struct compare c;

	(void)state;
	srand(20261125);
	for (int turn = 0; turn < 1500; turn++) {
		random_drill(&a);
		random_drill(&b);
		check_turns(&a);
		check_times(&a, 0, a.round.times);
		same(a.round.in_time,
		    isinf(sounded(&a, "air-raid"))
			? NAN
			: in_by(&a, 0, sounded(&a, "air-raid")));
		assert_int_equal(compare_make(&a.round, &b.round, &c), 0);
		assert_int_equal(c.verdict, wanted(&a, &b, 0));
		for (size_t i = 0; i < c.nshelters; i++) {
			const struct compare_shelter *s = &c.shelters[i];

			if (s->a != NULL)
				check_times(&a, s->id, s->times_a);
			if (s->b != NULL)
				check_times(&b, s->id, s->times_b);
			assert_int_equal(s->verdict, wanted(&a, &b, s->id));
		}
		compare_release(&c);
		release_drill(&a);
		release_drill(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_by_hand),
		cmocka_unit_test(test_compare_by_hand),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

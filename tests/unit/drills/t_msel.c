/* SPDX-License-Identifier: MIT */
/* Seconds, kinds and rows as planners write them, by hand; and random tables
 * beside random timetables: what was done once is the same ever after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/msel.h"

static const struct alarm_signal table[] = {
	{ "pre-alarm", "预先警报", "Pre-alarm", 36, 24, 3, 180, "", "B" },
	{ "air-raid", "空袭警报", "Air raid", 6, 6, 15, 180, "", "B" },
	{ "all-clear", "解除警报", "All clear", 180, 0, 1, 180, "", "B" },
};

static void
test_seconds(void **state)
{
	static const struct {
		const char *text;
		int64_t second;
	} good[] = {
		{ "0", 0 },
		{ " 480 ", 480 },
		{ "480.0", 480 },
		{ "-0", 0 },
		{ "8:00", 480 },
		{ "08:05", 485 },
		{ "90:00", 5400 },
		{ "0:08:00", 480 },
		{ "1:00:00", 3600 },
		{ "00:08:00.000", 480 },
		{ "T+8:00", 480 },
		{ "H+0:08:00", 480 },
		{ "+30", 30 },
		{ "０８：３０", 510 },
		{ "8分", 480 },
		{ "8分30秒", 510 },
		{ "1小时8分", 4080 },
		{ "8 min", 480 },
		{ "1h", 3600 },
		{ "45 s", 45 },
		{ "PT00H08M00S", 480 },
		{ "PT1H30M0.000S", 5400 },
		{ "0.00555555555555556", 480 },
		{ "0.0416666666666667", 3600 },
		{ "168:00:00", 604800 },
	};
	static const char *const bad[] = { "", "  ", "-1", "-0:30", "−5",
		"T-10:00", "8:60", "1:60:00", "1:00:00:00", "8:", ":8", "30.5",
		"0.5", "0.1234567", "eight", "8分8分", "30秒1分", "1e3", "0x10",
		"PT", "PT8M0.5S", "P1D", "168:00:01", "604801", "9999999999",
		"8:0a",
		"00000000000000000000000000000000000000000000000000000001" };
	char why[MSEL_WHY];
	int64_t s;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		s = -7;
		if (msel_second(good[i].text, &s, why) != 0 ||
		    s != good[i].second)
			fail_msg("'%s': %lld", good[i].text, (long long)s);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		why[0] = '\0';
		if (msel_second(bad[i], &s, why) == 0 || why[0] == '\0')
			fail_msg("'%s' was taken", bad[i]);
	}
	msel_second("-0:30", &s, why);
	assert_non_null(strstr(why, "negative"));
	msel_second("9:00:00:00", &s, why);
	assert_non_null(strstr(why, "'9:00:00:00' is not whole seconds"));
}

static void
test_names(void **state)
{
	static const struct {
		const char *text, *word;
	} rows[] = { { "pre-alarm", "pre-alarm" }, { "PRE ALARM", "pre-alarm" },
		{ "预先警报", "pre-alarm" }, { " 预先　", "pre-alarm" },
		{ "Air raid", "air-raid" }, { "空袭", "air-raid" },
		{ "all_clear", "all-clear" }, { "解除警报 ", "all-clear" },
		{ "警报", NULL }, { "", NULL }, { "空袭警报x", NULL },
		{ "pre", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct alarm_signal *a =
		    alarm_named(table, 3, rows[i].text);
		if (rows[i].word == NULL
			? a != NULL
			: a == NULL || strcmp(a->word, rows[i].word) != 0)
			fail_msg("'%s'", rows[i].text);
	}
	assert_int_equal(msel_kind_of("警报"), MSEL_SIGNAL);
	assert_int_equal(msel_kind_of(" Order "), MSEL_ORDER);
	assert_int_equal(msel_kind_of("情况"), MSEL_INFO);
	assert_int_equal(msel_kind_of("orders"), MSEL_KINDS);
}

static void
test_rows(void **state)
{
	static const struct {
		struct msel_cells c;
		const char *field; /* NULL: taken */
		enum msel_kind kind;
		const char *signal;
	} rows[] = {
		{ { "1", "0", "警报", "预先警报", NULL, NULL }, NULL,
		    MSEL_SIGNAL, "pre-alarm" },
		{ { NULL, "0", NULL, "air-raid", NULL, NULL }, NULL,
		    MSEL_SIGNAL, "air-raid" },
		{ { NULL, "0", "解除", NULL, NULL, NULL }, NULL, MSEL_SIGNAL,
		    "all-clear" },
		{ { NULL, "0", "信号", "", NULL, "拉响空袭警报" }, NULL,
		    MSEL_SIGNAL, "air-raid" },
		{ { NULL, "0", NULL, NULL, NULL, "空袭警报" }, NULL,
		    MSEL_SIGNAL, "air-raid" },
		{ { NULL, "0", NULL, NULL, NULL, "听到空袭警报" }, NULL,
		    MSEL_INFO, "" },
		{ { NULL, "0", "命令", NULL, "消防", "出动" }, NULL, MSEL_ORDER,
		    "" },
		{ { NULL, NULL, "info", NULL, NULL, "x" }, "at", 0, NULL },
		{ { NULL, "-1", "info", NULL, NULL, "x" }, "at", 0, NULL },
		{ { NULL, "1", "war", NULL, NULL, "x" }, "kind", 0, NULL },
		{ { NULL, "1", "signal", "war", NULL, "x" }, "signal", 0,
		    NULL },
		{ { NULL, "1", "signal", NULL, NULL, "预先警报后空袭警报" },
		    "signal", 0, NULL },
		{ { NULL, "1", "info", "air-raid", NULL, "x" }, "signal", 0,
		    NULL },
		{ { NULL, "1", "info", NULL, "all", " " }, "text", 0, NULL },
		{ { "1234567890123456789012345678901234567890123456789012345678"
		    "9012345",
		      "1", NULL, NULL, NULL, "x" },
		    "id", 0, NULL },
	};
	struct msel_wrong w;
	struct msel_entry e;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int result = msel_read(&rows[i].c, table, 3, &e, &w);

		if (rows[i].field != NULL) {
			if (result == 0 || strcmp(w.field, rows[i].field) != 0)
				fail_msg("row %zu: not %s", i, rows[i].field);
		} else if (result != 0 || e.kind != rows[i].kind ||
			   strcmp(e.signal, rows[i].signal) != 0)
			fail_msg("row %zu: %s", i, result ? w.why : e.signal);
	}
}

/* What was said wrongly is shown whole characters only. */
static void
test_cut(void **state)
{
	char text[3 * 40 + 1] = "", why[MSEL_WHY];
	int64_t s;

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(text, "演");
	assert_int_equal(msel_second(text, &s, why), -1);
	text[60] = '\0';
	assert_non_null(strstr(why, text));
	assert_memory_equal(why + 61, "' is", 4);
}

static struct msel_entry
entry(const char *ref, enum msel_kind kind, const char *what, int64_t planned,
    int64_t at, int64_t fired)
{
	struct msel_entry e = { .kind = kind,
		.signal = kind == MSEL_SIGNAL ? what : "",
		.text = kind == MSEL_SIGNAL ? "" : what,
		.who = "",
		.planned_s = planned,
		.at_s = at,
		.fired_s = fired };

	snprintf(e.ref, sizeof(e.ref), "%s", ref);
	return e;
}

static void
test_match_by_hand(void **state)
{
	const struct msel_entry have[] = {
		entry("", MSEL_SIGNAL, "pre-alarm", 0, 0, 0),
		entry("", MSEL_SIGNAL, "air-raid", 480, 1080, -1),
		entry("7", MSEL_INFO, "road", 300, 900, -1),
		entry("8", MSEL_INFO, "fire", 10, 10, 10),
		entry("", MSEL_INFO, "kept", 500, 1100, -1),
	};
	const struct msel_entry rows[] = {
		entry("1", MSEL_SIGNAL, "pre-alarm", 0, 0, -1), /* told: same */
		entry("2", MSEL_SIGNAL, "air-raid", 480, 0, -1), /* numbered */
		entry("7", MSEL_INFO, "road", 360, 0, -1),	 /* moved */
		entry("8", MSEL_INFO, "flood", 10, 0, -1),	 /* told */
		entry("9", MSEL_INFO, "past", 99, 0, -1),
		entry("10", MSEL_INFO, "new", 700, 0, -1),
		entry("10", MSEL_INFO, "newer", 800, 0, -1), /* same number */
		entry("", MSEL_SIGNAL, "air-raid", 480, 0, -1), /* again */
		entry("", MSEL_INFO, "twice", 900, 0, -1),
		entry("", MSEL_INFO, "twice", 900, 0, -1),
	};
	static const struct {
		enum msel_outcome outcome;
		size_t at;
		int64_t at_s;
		const char *field;
	} want[] = {
		{ MSEL_SAME, 0, 0, NULL },
		{ MSEL_CHANGE, 1, 1080, NULL },
		{ MSEL_CHANGE, 2, 960, NULL },
		{ MSEL_REFUSE, 0, 0, "text" },
		{ MSEL_REFUSE, 0, 0, "at" },
		{ MSEL_ADD, 0, 700, NULL },
		{ MSEL_REFUSE, 0, 0, "id" },
		{ MSEL_REFUSE, 0, 0, "signal" },
		{ MSEL_ADD, 0, 900, NULL },
		{ MSEL_ADD, 0, 900, NULL },
	};
	struct msel_step steps[10];
	char taken[5];

	(void)state;
	assert_int_equal(msel_match(have, 5, rows, 10, 100, steps, taken), 0);
	for (size_t i = 0; i < 10; i++) {
		const struct msel_step *s = &steps[i];

		if (s->outcome != want[i].outcome)
			fail_msg("row %zu is %d", i, s->outcome);
		if (s->outcome == MSEL_REFUSE)
			assert_string_equal(s->wrong.field, want[i].field);
		if (s->outcome == MSEL_SAME || s->outcome == MSEL_CHANGE)
			assert_int_equal(s->at, want[i].at);
		if (s->outcome == MSEL_ADD || s->outcome == MSEL_CHANGE)
			assert_int_equal(s->at_s, want[i].at_s);
	}
	assert_int_equal(steps[9].twin, 8);
	assert_memory_equal(taken, "\1\1\1\1\0", 5);
	assert_int_equal(msel_match(have, 0, rows, 0, 0, steps, taken), 0);
}

/* A signal whose change is refused goes on sounding where it was. */
static void
test_signal_stays(void **state)
{
	const struct msel_entry have[] = { entry(
	    "6", MSEL_SIGNAL, "air-raid", 600, 600, -1) };
	const struct msel_entry rows[] = {
		entry("6", MSEL_SIGNAL, "air-raid", 50, 0, -1), /* past */
		entry("", MSEL_SIGNAL, "air-raid", 600, 0, -1),
	};
	struct msel_step steps[2];
	char taken[1];

	(void)state;
	assert_int_equal(msel_match(have, 1, rows, 2, 100, steps, taken), 0);
	assert_int_equal(steps[0].outcome, MSEL_REFUSE);
	assert_string_equal(steps[0].wrong.field, "at");
	assert_int_equal(steps[1].outcome, MSEL_REFUSE);
	assert_string_equal(steps[1].wrong.field, "signal");
	/* moved away for good, its place is free */
	assert_int_equal(msel_match(have, 1, rows, 2, 0, steps, taken), 0);
	assert_int_equal(steps[0].outcome, MSEL_CHANGE);
	assert_int_equal(steps[1].outcome, MSEL_ADD);
}

enum { MANY = 12 };

static struct msel_entry
random_entry(int refs)
{
	static const char *const ref[] = { "", "1", "2", "3", "4" };
	static const char *const text[] = { "a", "b" };
	static const char *const signal[] = { "pre-alarm", "air-raid" };
	enum msel_kind kind = rand() % 3 == 0 ? MSEL_SIGNAL : MSEL_INFO;
	struct msel_entry e = entry(ref[refs ? rand() % 5 : 0], kind,
	    kind == MSEL_SIGNAL ? signal[rand() % 2] : text[rand() % 2],
	    rand() % 4 * 10, 0, -1);

	e.who = rand() % 3 == 0 ? "x" : "";
	return e;
}

/* A timetable with different numbers and signals, some of it told. */
static size_t
random_timetable(struct msel_entry *have)
{
	size_t n = 0;

	for (int i = rand() % MANY; i > 0; i--) {
		int64_t shift = rand() % 2 * 15;
		struct msel_entry e = random_entry(1);
		size_t k = 0;

		for (; k < n; k++)
			if ((e.ref[0] && strcmp(e.ref, have[k].ref) == 0) ||
			    (e.kind == MSEL_SIGNAL &&
				have[k].kind == MSEL_SIGNAL &&
				e.planned_s == have[k].planned_s))
				break;
		if (k < n)
			continue;
		e.at_s = e.planned_s + shift;
		e.fired_s = e.at_s < 12 ? e.at_s : -1;
		have[n++] = e;
	}
	return n;
}

/* Does to the timetable what the steps say; its new length. */
static size_t
apply(struct msel_entry *have, size_t n, const struct msel_entry *rows,
    size_t nrows, const struct msel_step *steps)
{
	for (size_t r = 0; r < nrows; r++) {
		struct msel_entry e = rows[r];

		e.at_s = steps[r].at_s;
		if (steps[r].outcome == MSEL_ADD) {
			have[n++] = e;
		} else if (steps[r].outcome == MSEL_CHANGE) {
			struct msel_entry *old = &have[steps[r].at];
			if (e.ref[0] == '\0')
				strcpy(e.ref, old->ref);
			*old = e;
		}
	}
	return n;
}

/* How often the timetable has what the row says. */
static size_t
times(const struct msel_entry *have, size_t n, const struct msel_entry *row)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += have[i].planned_s == row->planned_s &&
			 have[i].kind == row->kind &&
			 strcmp(have[i].signal, row->signal) == 0 &&
			 (row->kind == MSEL_SIGNAL ||
			     (strcmp(have[i].text, row->text) == 0 &&
				 strcmp(have[i].who, row->who) == 0));
	return found;
}

static void
check_steps(const struct msel_entry *have, size_t n,
    const struct msel_entry *rows, size_t nrows, const struct msel_step *steps,
    const char *taken)
{
	int used[2 * MANY] = { 0 };

	for (size_t r = 0; r < nrows; r++) {
		const struct msel_step *s = &steps[r];

		assert_true(s->twin <= r);
		if (s->outcome == MSEL_SAME || s->outcome == MSEL_CHANGE) {
			assert_true(s->at < n && taken[s->at]);
			assert_int_equal(used[s->at]++, 0);
		}
		if (s->outcome == MSEL_CHANGE)
			assert_int_equal(have[s->at].fired_s, -1);
		if (s->outcome == MSEL_ADD)
			assert_true(
			    s->at_s >= 12 && s->at_s == rows[r].planned_s);
	}
}

/* Every row that was taken has an entry of its own. */
static void
check_done(const struct msel_entry *have, size_t n,
    const struct msel_entry *rows, size_t nrows, const struct msel_step *steps)
{
	struct msel_entry in[MANY];
	size_t nin = 0;

	for (size_t r = 0; r < nrows; r++)
		if (steps[r].outcome != MSEL_REFUSE)
			in[nin++] = rows[r];
	for (size_t r = 0; r < nin; r++)
		assert_true(times(have, n, &in[r]) >= times(in, nin, &in[r]));
}

static void
test_match_random(void **state)
{
	struct msel_entry have[3 * MANY], rows[MANY];
	struct msel_step first[MANY], second[MANY];
	char taken[3 * MANY];

	(void)state;
	srand(20261125);
	for (int turn = 0; turn < 30000; turn++) {
		size_t n = random_timetable(have),
		       nrows = (size_t)rand() % MANY;
		size_t before = n;

		for (size_t r = 0; r < nrows; r++)
			rows[r] = random_entry(turn % 2);
		assert_int_equal(
		    msel_match(have, n, rows, nrows, 12, first, taken), 0);
		check_steps(have, n, rows, nrows, first, taken);
		n = apply(have, n, rows, nrows, first);
		check_done(have, n, rows, nrows, first);
		assert_int_equal(
		    msel_match(have, n, rows, nrows, 12, second, taken), 0);
		for (size_t r = 0; r < nrows; r++)
			if (second[r].outcome !=
			    (first[r].outcome == MSEL_REFUSE ? MSEL_REFUSE
							     : MSEL_SAME))
				fail_msg("turn %d row %zu: %d, then %d", turn,
				    r, first[r].outcome, second[r].outcome);
		assert_true(n >= before);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_match_by_hand),
		cmocka_unit_test(test_signal_stays),
		cmocka_unit_test(test_match_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * A notice's past: a good one passes, and every single change of it that
 * makes it impossible is found at its step.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "inspections/notice_replay.h"

enum { LI = 3, WANG = 4, CHEN = 5, JIA = 6, STEPS = 8 };

static const struct notice_past good[STEPS] = {
	{ 1, "draft", "", "draft", LI, 100, 10 },
	{ 2, "add", "draft", "draft", LI, 100, 20 },
	{ 3, "issue", "draft", "issued", CHEN, 110, 30 },
	{ 4, "late", "issued", "issued", 0, 210, 40 },
	{ 5, "reply", "issued", "answered", JIA, 220, 50 },
	{ 6, "recheck-fail", "answered", "issued", WANG, 230, 60 },
	{ 7, "reply", "issued", "answered", JIA, 240, 70 },
	{ 8, "recheck-pass", "answered", "rechecked", WANG, 250, 80 },
};
/* Wang finds the same in the same second, but later, which does not undo her re-check. */
static const struct notice_finder finders[] = { { LI, 10 }, { WANG, 81 } };

/* The first step that cannot be, 0: none. */
static int64_t
first_bad(const struct notice_past *past, size_t n, char why[200])
{
	struct notice_replay r = {
		.finders = finders, .nfinders = 2, .deadline = 200
	};

	for (size_t i = 0; i < n; i++)
		if (notice_replay_step(&r, &past[i], why, 200))
			return past[i].seq;
	assert_int_equal(r.seq, (int64_t)n);
	return 0;
}

static void
passes(void **state)
{
	char why[200];

	(void)state;
	for (size_t n = 1; n <= STEPS; n++)
		assert_int_equal(first_bad(good, n, why), 0);
}

static const struct {
	size_t at;
	struct notice_past with;
	const char *why;
} rows[] = {
	{ 0, { 1, "issue", "draft", "issued", CHEN, 100, 10 }, "begins" },
	{ 0, { 2, "draft", "", "draft", LI, 100, 20 }, "missing" },
	{ 2, { 3, "close", "draft", "closed", CHEN, 110, 30 }, "takes no" },
	{ 2, { 3, "issue", "draft", "answered", CHEN, 110, 30 }, "elsewhere" },
	{ 2, { 3, "issue", "issued", "issued", CHEN, 110, 30 }, "elsewhere" },
	{ 2, { 3, "approve", "draft", "issued", CHEN, 110, 30 }, "no such" },
	{ 2, { 4, "issue", "draft", "issued", CHEN, 110, 40 }, "missing" },
	{ 3, { 4, "late", "issued", "issued", 0, 199, 40 }, "deadline" },
	{ 4, { 5, "reply", "issued", "answered", JIA, 209, 50 }, "earlier" },
	{ 5, { 6, "recheck-fail", "answered", "issued", LI, 230, 60 },
	    "found" },
	{ 7, { 8, "recheck-pass", "answered", "rechecked", JIA, 250, 80 },
	    "answered" },
	{ 7, { 8, "recheck-pass", "answered", "rechecked", WANG, 250, 81 },
	    "found" },
};

static void
refuses(void **state)
{
	struct notice_past past[STEPS];
	char why[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(past, good, sizeof(past));
		past[rows[i].at] = rows[i].with;
		if (first_bad(past, STEPS, why) != rows[i].with.seq ||
		    !strstr(why, rows[i].why))
			fail_msg("row %zu: %s", i, why);
	}
}

/* A step cut out of the middle. */
static void
hole(void **state)
{
	struct notice_past past[STEPS];
	char why[200];

	(void)state;
	for (size_t cut = 0; cut + 1 < STEPS; cut++) {
		memcpy(past, good, sizeof(past));
		memmove(past + cut, past + cut + 1,
		    (STEPS - cut - 1) * sizeof(past[0]));
		assert_int_equal(
		    first_bad(past, STEPS - 1, why), (int64_t)cut + 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes),
		cmocka_unit_test(refuses),
		cmocka_unit_test(hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

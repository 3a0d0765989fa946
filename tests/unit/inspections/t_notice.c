/* SPDX-License-Identifier: MIT */
/*
 * Every pair of state and event has its row; the guards are tried with every
 * person who might act.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "inspections/notice.h"

#define NO NOTICE_STATES
#define DR NOTICE_DRAFT
#define IS NOTICE_ISSUED
#define AN NOTICE_ANSWERED
#define RE NOTICE_RECHECKED
#define CL NOTICE_CLOSED

/* Where it leads when every guard is content; NO: no such transition. */
static const enum notice_state leads[NOTICE_STATES][NOTICE_EVENTS] = {
	/*	  add issue reply pass fail close late */
	[DR] = { DR, IS, NO, NO, NO, NO, NO },
	[IS] = { NO, NO, AN, NO, NO, NO, IS },
	[AN] = { NO, NO, NO, RE, IS, NO, NO },
	[RE] = { NO, NO, NO, NO, NO, CL, NO },
	[CL] = { NO, NO, NO, NO, NO, NO, NO },
};

static const int64_t finders[] = { 4, 5 };

static const struct notice_facts content = { .actor = 9,
	.finders = finders,
	.nfinders = 2,
	.answerer = 7,
	.defects = 1,
	.deadline = 100,
	.now = 101 };

static void
table(void **state)
{
	(void)state;
	for (int s = 0; s < NOTICE_STATES; s++)
		for (int e = 0; e < NOTICE_EVENTS; e++) {
			enum notice_state to = NOTICE_STATES;
			char why[160] = "";
			enum notice_refusal r = notice_next(
			    (enum notice_state)s, (enum notice_event)e,
			    &content, &to, why, sizeof(why));

			assert_int_equal(to, leads[s][e]);
			if (leads[s][e] != NO) {
				assert_int_equal(r, NOTICE_ALLOWED);
				continue;
			}
			assert_int_equal(r, NOTICE_ILLEGAL);
			assert_non_null(strstr(
			    why, notice_state_name((enum notice_state)s)));
			assert_non_null(strstr(
			    why, notice_event_name((enum notice_event)e)));
		}
}

static const struct {
	int64_t actor;
	enum notice_refusal want;
} people[] = {
	{ 4, NOTICE_SAME_PERSON }, /* found it */
	{ 5, NOTICE_SAME_PERSON }, /* found it too */
	{ 7, NOTICE_SAME_PERSON }, /* answered it */
	{ 8, NOTICE_ALLOWED },
};

static void
other_person(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		for (int e = NOTICE_PASS; e <= NOTICE_FAIL; e++) {
			struct notice_facts f = content;
			enum notice_state to = NOTICE_STATES;
			char why[160] = "";

			f.actor = people[i].actor;
			assert_int_equal(
			    notice_next(NOTICE_ANSWERED, (enum notice_event)e,
				&f, &to, why, sizeof(why)),
			    people[i].want);
			if (people[i].want == NOTICE_ALLOWED)
				continue;
			assert_int_equal(to, NOTICE_STATES);
			assert_non_null(strstr(why, "may not re-check"));
		}
}

static void
other_guards(void **state)
{
	struct notice_facts f = content;
	enum notice_state to = NOTICE_STATES;

	(void)state;
	f.defects = 0;
	assert_int_equal(
	    notice_next(NOTICE_DRAFT, NOTICE_ISSUE, &f, &to, NULL, 0),
	    NOTICE_EMPTY);
	f.now = f.deadline;
	assert_int_equal(
	    notice_next(NOTICE_ISSUED, NOTICE_LATE, &f, &to, NULL, 0),
	    NOTICE_NOT_YET);
	assert_int_equal(to, NOTICE_STATES);
}

static void
late(void **state)
{
	(void)state;
	assert_false(notice_is_late(NOTICE_ISSUED, 100, 100));
	assert_true(notice_is_late(NOTICE_ISSUED, 100, 101));
	assert_false(notice_is_late(NOTICE_ISSUED, 0, 101));
	assert_false(notice_is_late(NOTICE_DRAFT, 100, 101));
	assert_false(notice_is_late(NOTICE_ANSWERED, 100, 101));
	assert_false(notice_is_late(NOTICE_CLOSED, 100, 101));
}

static void
words(void **state)
{
	(void)state;
	for (int i = 0; i < NOTICE_STATES; i++)
		assert_int_equal(
		    notice_state_parse(notice_state_name((enum notice_state)i)),
		    i);
	assert_int_equal(notice_state_parse(""), NOTICE_STATES);
	assert_string_equal(notice_state_name(NOTICE_STATES), "unknown");
	assert_string_equal(notice_event_name(NOTICE_EVENTS), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(other_person),
		cmocka_unit_test(other_guards),
		cmocka_unit_test(late),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

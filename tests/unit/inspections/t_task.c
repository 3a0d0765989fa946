/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "inspections/task.h"

#define NO TASK_STATES

/* By the assignee; NO: no such transition. */
static const enum task_state leads[TASK_STATES][TASK_EVENTS] = {
	/* assign accept decline done */
	[TASK_OPEN] = { TASK_ASSIGNED, TASK_ACCEPTED, NO, TASK_DONE },
	[TASK_ASSIGNED] = { TASK_ASSIGNED, TASK_ACCEPTED, TASK_DECLINED,
	    TASK_DONE },
	[TASK_ACCEPTED] = { TASK_ASSIGNED, NO, TASK_DECLINED, TASK_DONE },
	[TASK_DECLINED] = { TASK_ASSIGNED, NO, NO, NO },
	[TASK_DONE] = { NO, NO, NO, NO },
};

static void
table(void **state)
{
	const struct task_facts facts = { .actor = 3, .assignee = 3 };

	(void)state;
	for (int s = 0; s < TASK_STATES; s++)
		for (int e = 0; e < TASK_EVENTS; e++) {
			enum task_state to = TASK_STATES;
			char why[160] = "";
			enum task_refusal r = task_next((enum task_state)s,
			    (enum task_event)e, &facts, &to, why, sizeof(why));

			assert_int_equal(to, leads[s][e]);
			assert_int_equal(
			    r, leads[s][e] == NO ? TASK_ILLEGAL : TASK_ALLOWED);
			if (r == TASK_ALLOWED)
				continue;
			assert_non_null(
			    strstr(why, task_state_name((enum task_state)s)));
			assert_non_null(
			    strstr(why, task_event_name((enum task_event)e)));
		}
}

static const struct {
	enum task_state from;
	enum task_event event;
	int manages;
	enum task_refusal want;
} strangers[] = {
	{ TASK_OPEN, TASK_ACCEPT, 0, TASK_ALLOWED },
	{ TASK_ASSIGNED, TASK_ACCEPT, 0, TASK_NOT_YOURS },
	{ TASK_ASSIGNED, TASK_ACCEPT, 1, TASK_NOT_YOURS },
	{ TASK_ASSIGNED, TASK_DECLINE, 1, TASK_NOT_YOURS },
	{ TASK_ASSIGNED, TASK_FINISH, 0, TASK_NOT_YOURS },
	{ TASK_ASSIGNED, TASK_FINISH, 1, TASK_ALLOWED },
	{ TASK_ACCEPTED, TASK_FINISH, 1, TASK_ALLOWED },
	{ TASK_ACCEPTED, TASK_ASSIGN, 1, TASK_ALLOWED },
};

static void
somebody_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		struct task_facts f = { .actor = 3,
			.assignee = strangers[i].from == TASK_OPEN ? 0 : 4,
			.manages = strangers[i].manages };
		enum task_state to = TASK_STATES;

		assert_int_equal(task_next(strangers[i].from,
				     strangers[i].event, &f, &to, NULL, 0),
		    strangers[i].want);
	}
}

static void
words(void **state)
{
	(void)state;
	for (int i = 0; i < TASK_STATES; i++)
		assert_int_equal(
		    task_state_parse(task_state_name((enum task_state)i)), i);
	assert_int_equal(task_state_parse("lost"), TASK_STATES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(somebody_else),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

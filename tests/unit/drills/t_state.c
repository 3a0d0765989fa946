/* SPDX-License-Identifier: MIT */
/* Every pair of state and event, legal or not, and each guard's edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/state.h"

static const struct drill_facts fine = { 100, 600, 960, 500, 400 };

/* What product and API promise, written down a second time: where each event
 * leads from each state; DRILL_STATES: nowhere. */
static const enum drill_state leads[DRILL_STATES][DRILL_ACTS] = {
#define NO DRILL_STATES
#define P  DRILL_PLANNED
#define R  DRILL_RUNNING
#define S  DRILL_PAUSED
#define E  DRILL_ENDED
	/* start pause resume postpone signal inject fire arrive observe end */
	{ R, NO, NO, P, NO, P, NO, NO, NO, NO },
	{ NO, S, NO, R, R, R, R, R, R, E },
	{ NO, NO, R, S, NO, S, NO, S, S, E },
	{ NO, NO, NO, NO, NO, NO, NO, NO, NO, NO },
};

static void
test_every_pair(void **state)
{
	(void)state;
	for (unsigned from = 0; from < DRILL_STATES; from++)
		for (unsigned act = 0; act < DRILL_ACTS; act++) {
			enum drill_state to = DRILL_STATES;
			char why[128] = "";
			enum drill_refusal r = drill_next(
			    (enum drill_state)from, (enum drill_act)act, &fine,
			    &to, why, sizeof(why));

			assert_int_equal(to, leads[from][act]);
			if (leads[from][act] != NO) {
				assert_int_equal(r, DRILL_OK);
				continue;
			}
			assert_int_equal(r, DRILL_ILLEGAL);
			assert_non_null(strstr(
			    why, drill_state_name((enum drill_state)from)));
			assert_non_null(
			    strstr(why, drill_act_name((enum drill_act)act)));
		}
}

static void
test_table_has_no_doubles(void **state)
{
	(void)state;
	for (size_t i = 0; i < drill_nsteps; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(
			    drill_steps[i].from == drill_steps[k].from &&
			    drill_steps[i].event == drill_steps[k].event);
}

static void
test_guards(void **state)
{
	static const struct {
		enum drill_state from;
		enum drill_act act;
		struct drill_facts f;
		enum drill_refusal want;
	} rows[] = {
		{ P, DRILL_START, { 0, 0, 0, 0, 0 }, DRILL_GUARDED },
		{ P, DRILL_START, { 1, 0, 0, 0, 0 }, DRILL_OK },
		{ R, DRILL_ARRIVE, { 0, 0, 0, 0, 0 }, DRILL_GUARDED },
		{ P, DRILL_POSTPONE, { 0, 0, 0, 0, 0 }, DRILL_GUARDED },
		{ R, DRILL_POSTPONE, { 0, -5, 0, 0, 0 }, DRILL_GUARDED },
		{ S, DRILL_POSTPONE, { 0, 1, -1, 0, 0 }, DRILL_OK },
		{ S, DRILL_POSTPONE, { 0, 604800, 0, 0, 0 }, DRILL_OK },
		{ S, DRILL_POSTPONE, { 0, 604800, 1, 0, 0 }, DRILL_GUARDED },
		{ S, DRILL_POSTPONE, { 0, INT64_MAX, 1, 0, 0 }, DRILL_GUARDED },
		{ R, DRILL_INJECT, { 0, 0, 0, 10, 11 }, DRILL_GUARDED },
		{ R, DRILL_INJECT, { 0, 0, 0, 11, 11 }, DRILL_OK },
		{ R, DRILL_INJECT, { 0, 0, 0, 604801, 11 }, DRILL_GUARDED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum drill_state to = DRILL_STATES;
		char why[128] = "";

		if (drill_next(rows[i].from, rows[i].act, &rows[i].f, &to, why,
			sizeof(why)) != rows[i].want)
			fail_msg("row %zu: %s", i, why);
		assert_int_equal(why[0] == '\0', rows[i].want == DRILL_OK);
	}
}

static void
test_words(void **state)
{
	(void)state;
	for (unsigned s = 0; s < DRILL_STATES; s++)
		assert_int_equal(
		    drill_state_parse(drill_state_name((enum drill_state)s)),
		    s);
	assert_int_equal(drill_state_parse("war"), DRILL_STATES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_table_has_no_doubles),
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}

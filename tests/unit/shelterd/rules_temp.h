/* SPDX-License-Identifier: MIT */
/* The set-up of tests that need a folder of their own and the shipped rules. */
#ifndef TESTS_UNIT_SHELTERD_RULES_TEMP_H
#define TESTS_UNIT_SHELTERD_RULES_TEMP_H

#include "shelterd/rules.h"
#include "tests/unit/shelterd/temp.h"

static struct rules *rules;
static char err[300];

static int
setup(void **state)
{
	if (temp_begin(state) != 0)
		return -1;
	rules = rules_load("etc/rules", err, sizeof(err));
	return rules == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	rules_free(rules);
	return temp_end(state);
}

#endif

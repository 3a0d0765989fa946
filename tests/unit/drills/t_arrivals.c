/* SPDX-License-Identifier: MIT */
/* Counts with repeats against a list that is searched from end to end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "drills/arrivals.h"

static void
test_bad_counts(void **state)
{
	char longest[ARRIVALS_OP_MAX + 2];
	struct arrivals *a = arrivals_new();
	struct arrival in = { "a", 1, 2, 3, 4 };

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[ARRIVALS_OP_MAX + 1] = '\0';
	in.op = longest;
	assert_int_equal(arrivals_add(a, &in), ARRIVAL_BAD);
	in.op = longest + 1;
	assert_int_equal(arrivals_add(a, &in), ARRIVAL_COUNTED);
	in.op = "";
	assert_int_equal(arrivals_add(a, &in), ARRIVAL_BAD);
	in.op = NULL;
	assert_int_equal(arrivals_add(a, &in), ARRIVAL_BAD);
	in.op = "b";
	in.people = 0;
	assert_int_equal(arrivals_add(a, &in), ARRIVAL_BAD);
	in.people = ARRIVALS_PEOPLE_MAX + 1;
	assert_int_equal(arrivals_add(a, &in), ARRIVAL_BAD);
	assert_int_equal(arrivals_total(a), 3);
	arrivals_free(a);
	arrivals_free(NULL);
}

static void
test_against_list(void **state)
{
	enum { OPS = 3000, SENDS = 9000, DOORS = 150 };
	static char seen[OPS];
	static struct arrival_door plain[DOORS];
	struct arrivals *a = arrivals_new();
	int64_t total = 0;
	size_t used = 0, n;

	(void)state;
	srand(11);
	assert_null(arrivals_door(a, 1, 1));
	for (int i = 0; i < SENDS; i++) {
		char op[16];
		int k = rand() % OPS, d = k % DOORS;
		struct arrival in = { op, d / 3, d % 3, 1 + k % 7,
			rand() % 900 };

		snprintf(op, sizeof(op), "op-%d", k);
		assert_int_equal(arrivals_add(a, &in),
		    seen[k] ? ARRIVAL_REPEATED : ARRIVAL_COUNTED);
		if (seen[k]++)
			continue;
		total += in.people;
		if (plain[d].people == 0) {
			plain[d].first_s = plain[d].last_s = in.second;
			used++;
		}
		plain[d].people += in.people;
		if (in.second < plain[d].first_s)
			plain[d].first_s = in.second;
		if (in.second > plain[d].last_s)
			plain[d].last_s = in.second;
	}
	assert_int_equal(arrivals_total(a), total);
	arrivals_doors(a, &n);
	assert_int_equal(n, used);
	for (int d = 0; d < DOORS; d++) {
		const struct arrival_door *door =
		    arrivals_door(a, d / 3, d % 3);

		if (plain[d].people == 0) {
			assert_null(door);
			continue;
		}
		assert_int_equal(door->people, plain[d].people);
		assert_int_equal(door->first_s, plain[d].first_s);
		assert_int_equal(door->last_s, plain[d].last_s);
	}
	arrivals_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_counts),
		cmocka_unit_test(test_against_list),
	};

	return cmocka_run_group_tests_name("arrivals", tests, NULL, NULL);
}

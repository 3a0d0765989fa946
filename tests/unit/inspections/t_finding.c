/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "inspections/finding.h"

static const struct checklist_item items[] = {
	{ .id = "door", .effect = DERATE_ENTRANCE },
	{ .id = "fan", .effect = DERATE_FACTOR, .factor = 0.5 },
	{ .id = "paint", .effect = DERATE_NOTHING, .factor = 1 },
	{ .id = "flood", .effect = DERATE_CLOSE },
};

static const struct finding_defect open_ones[] = {
	{ 1, 10, 100, "door" },
	{ 2, 10, 0, "door" },
	{ 3, 10, 0, "fan" },
	{ 4, 11, 101, "door" },
	{ 5, 12, 0, "door" },
};

enum { OPEN = sizeof(open_ones) / sizeof(open_ones[0]) };

static const struct {
	int item;
	int64_t unit, entrance;
	size_t joins;
} joins[] = {
	{ 0, 10, 100, 0 },    /* the same door */
	{ 0, 10, 0, 1 },      /* again without saying which */
	{ 0, 10, 102, 1 },    /* another door: the loose one is made precise */
	{ 0, 11, 102, OPEN }, /* another door, the open one is elsewhere */
	{ 0, 11, 0, 3 },      /* not said which: the open one */
	{ 0, 12, 7, 4 }, { 0, 13, 0, OPEN }, /* another unit */
	{ 1, 10, 0, 2 }, { 2, 10, 0, OPEN }, /* another item */
};

static void
joining(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		struct finding f = {
			.item = &items[joins[i].item],
			.result = FINDING_FAIL,
			.unit_id = joins[i].unit,
			.entrance_id = joins[i].entrance,
			.factor = -1,
		};

		assert_int_equal(
		    finding_joins(&f, open_ones, OPEN), joins[i].joins);
		assert_int_equal(finding_joins(&f, NULL, 0), 0);
	}
}

static const struct {
	int item;
	double own;
	enum derating_effect effect;
	double factor;
} effects[] = {
	{ 0, -1, DERATE_ENTRANCE, 0 },
	{ 0, 0.5, DERATE_ENTRANCE, 0 },
	{ 1, -1, DERATE_FACTOR, 0.5 },
	{ 1, 0.25, DERATE_FACTOR, 0.25 },
	{ 2, -1, DERATE_NOTHING, 1 },
	{ 2, 0.75, DERATE_FACTOR, 0.75 },
	{ 2, 3, DERATE_FACTOR, 1 },
	{ 3, 0.5, DERATE_CLOSE, 0 },
};

static void
effect(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++) {
		struct finding f = {
			.item = &items[effects[i].item],
			.entrance_id = 9,
			.factor = effects[i].own,
		};
		struct capacity_defect d = finding_effect(&f);

		assert_int_equal(d.effect, effects[i].effect);
		assert_true(d.factor == effects[i].factor);
		assert_int_equal(d.entrance_id, 9);
	}
}

static void
words(void **state)
{
	(void)state;
	for (int i = 0; i < FINDING_RESULTS; i++)
		assert_int_equal(finding_result_parse(finding_result_name(
				     (enum finding_result)i)),
		    i);
	assert_int_equal(finding_result_parse("maybe"), FINDING_RESULTS);
	assert_int_equal(finding_result_parse(NULL), FINDING_RESULTS);
}

static void
lookup(void **state)
{
	(void)state;
	assert_ptr_equal(checklist_find(items, 4, "paint"), &items[2]);
	assert_null(checklist_find(items, 4, "pain"));
	assert_null(checklist_find(items, 4, NULL));
	assert_null(checklist_find(NULL, 0, "paint"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joining),
		cmocka_unit_test(effect),
		cmocka_unit_test(words),
		cmocka_unit_test(lookup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

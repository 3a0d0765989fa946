/* SPDX-License-Identifier: MIT */
/*
 * Usable capacity: a table of cases worked out by hand, then properties that
 * must hold for any unit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include "inspections/capacity.h"

static const struct capacity_rules rules = { 1.0, 0.30, 700 };

enum { DOORS = 3, DEFECTS = 3 };

struct row {
	const char *what;
	double area;
	int64_t stated;
	int converted, closed;
	size_t ndoors;
	struct capacity_door doors[DOORS];
	size_t ndefects;
	struct capacity_defect defects[DEFECTS];
	int64_t usable, without;
	enum capacity_rule binding;
};

#define E DERATE_ENTRANCE
#define F DERATE_FACTOR
#define C DERATE_CLOSE
#define N DERATE_NOTHING

static const struct row rows[] = {
	{ "nothing known", -1, -1, -1, 0, 0, { { 0 } }, 0, { { 0 } }, 0, 0,
	    CAP_NONE },
	{ "the register's figure only", -1, 120, -1, 0, 1, { { 1, -1, 1 } }, 0,
	    { { 0 } }, 120, 120, CAP_UNIT_LIMIT },
	{ "area at 1.0 m2", 99.9, 120, -1, 0, 0, { { 0 } }, 0, { { 0 } }, 99,
	    99, CAP_SHELTERING_AREA },
	{ "door of 0.9 m: 300", 1000, 1000, -1, 0, 1, { { 1, 0.9, 1 } }, 0,
	    { { 0 } }, 300, 300, CAP_DOOR_WIDTH },
	{ "2.1 m are 700 sharp", -1, 1000, -1, 0, 1, { { 1, 2.1, 1 } }, 0,
	    { { 0 } }, 700, 700, CAP_DOOR_WIDTH },
	{ "wider than 2.1 m is still 700", -1, 5000, -1, 0, 2,
	    { { 1, 9.0, 1 }, { 2, 1.5, 1 } }, 0, { { 0 } }, 1200, 1200,
	    CAP_DOOR_WIDTH },
	{ "one unknown width: the term is unknown", -1, 5000, -1, 0, 2,
	    { { 1, 0.9, 1 }, { 2, -1, 1 } }, 0, { { 0 } }, 5000, 5000,
	    CAP_UNIT_LIMIT },
	{ "unknown width of a closed door does not matter", -1, 5000, -1, 0, 2,
	    { { 1, 0.9, 1 }, { 2, -1, 0 } }, 0, { { 0 } }, 300, 300,
	    CAP_DOOR_WIDTH },
	{ "all doors closed by hand", -1, 50, -1, 0, 1, { { 1, 0.9, 0 } }, 0,
	    { { 0 } }, 0, 0, CAP_DOOR_WIDTH },
	{ "equal terms: the first binds", 120, 120, -1, 0, 0, { { 0 } }, 0,
	    { { 0 } }, 120, 120, CAP_SHELTERING_AREA },
	{ "the only entrance, width unknown", -1, 120, -1, 0, 1,
	    { { 1, -1, 1 } }, 1, { { E, 0, 1 } }, 0, 120, CAP_DERATING },
	{ "one of two, widths unknown", -1, 121, -1, 0, 2,
	    { { 1, -1, 1 }, { 2, -1, 1 } }, 1, { { E, 0, 1 } }, 60, 121,
	    CAP_DERATING },
	{ "one of three, not said which", -1, 90, -1, 0, 3,
	    { { 1, -1, 1 }, { 2, -1, 1 }, { 3, -1, 1 } }, 1, { { E, 0, 0 } },
	    60, 90, CAP_DERATING },
	{ "two of three add up", -1, 90, -1, 0, 3,
	    { { 1, -1, 1 }, { 2, -1, 1 }, { 3, -1, 1 } }, 2,
	    { { E, 0, 1 }, { E, 0, 3 } }, 30, 90, CAP_DERATING },
	{ "the same door twice is one door", -1, 90, -1, 0, 3,
	    { { 1, -1, 1 }, { 2, -1, 1 }, { 3, -1, 1 } }, 2,
	    { { E, 0, 2 }, { E, 0, 2 } }, 60, 90, CAP_DERATING },
	{ "known widths: that door's persons go", -1, 500, -1, 0, 2,
	    { { 1, 0.9, 1 }, { 2, 1.2, 1 } }, 1, { { E, 0, 2 } }, 300, 500,
	    CAP_DERATING },
	{ "slack in the doors: nothing is lost", -1, 250, -1, 0, 2,
	    { { 1, 0.9, 1 }, { 2, 1.2, 1 } }, 1, { { E, 0, 2 } }, 250, 250,
	    CAP_UNIT_LIMIT },
	{ "known widths, which is not said: the average", -1, 700, -1, 0, 2,
	    { { 1, 0.9, 1 }, { 2, 1.2, 1 } }, 1, { { E, 0, 0 } }, 350, 700,
	    CAP_DERATING },
	{ "a door closed by hand is not lost again", -1, 500, -1, 0, 2,
	    { { 1, 0.9, 1 }, { 2, 1.2, 0 } }, 1, { { E, 0, 2 } }, 300, 300,
	    CAP_DOOR_WIDTH },
	{ "a door that is gone counts as one of n", -1, 100, -1, 0, 2,
	    { { 1, -1, 1 }, { 2, -1, 1 } }, 1, { { E, 0, 99 } }, 50, 100,
	    CAP_DERATING },
	{ "without doors one entrance is assumed", -1, 100, -1, 0, 0, { { 0 } },
	    1, { { E, 0, 0 } }, 0, 100, CAP_DERATING },
	{ "a factor", -1, 101, -1, 0, 0, { { 0 } }, 1, { { F, 0.5, 0 } }, 50,
	    101, CAP_DERATING },
	{ "factors multiply", -1, 100, -1, 0, 0, { { 0 } }, 2,
	    { { F, 0.5, 0 }, { F, 0.8, 0 } }, 40, 100, CAP_DERATING },
	{ "a factor on top of a lost door", -1, 100, -1, 0, 2,
	    { { 1, -1, 1 }, { 2, -1, 1 } }, 2, { { E, 0, 1 }, { F, 0.5, 0 } },
	    25, 100, CAP_DERATING },
	{ "a factor above one gives nothing", -1, 100, -1, 0, 0, { { 0 } }, 1,
	    { { F, 3, 0 } }, 100, 100, CAP_UNIT_LIMIT },
	{ "a defect without effect", -1, 100, -1, 0, 0, { { 0 } }, 1,
	    { { N, 0, 0 } }, 100, 100, CAP_UNIT_LIMIT },
	{ "a closing defect", -1, 100, -1, 0, 0, { { 0 } }, 2,
	    { { F, 0.5, 0 }, { C, 0, 0 } }, 0, 100, CAP_DERATING },
	{ "not converted", -1, 100, 0, 0, 0, { { 0 } }, 0, { { 0 } }, 0, 0,
	    CAP_CONVERSION },
	{ "converted", -1, 100, 1, 0, 0, { { 0 } }, 0, { { 0 } }, 100, 100,
	    CAP_UNIT_LIMIT },
	{ "closed by hand beats every other reason", -1, 100, 0, 1, 0,
	    { { 0 } }, 1, { { C, 0, 0 } }, 0, 0, CAP_CLOSED },
	{ "zero places stated", 50, 0, -1, 0, 0, { { 0 } }, 0, { { 0 } }, 0, 0,
	    CAP_UNIT_LIMIT },
};

static struct capacity
of_row(const struct row *r)
{
	struct capacity_unit u = {
		.sheltering_area = r->area,
		.stated_places = r->stated,
		.converted = r->converted,
		.closed = r->closed,
		.doors = r->doors,
		.ndoors = r->ndoors,
		.defects = r->defects,
		.ndefects = r->ndefects,
	};

	return capacity_of_unit(&u, &rules);
}

static void
cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capacity c = of_row(&rows[i]);

		if (c.usable != rows[i].usable || c.binding != rows[i].binding)
			print_message("%s: %lld by %s\n", rows[i].what,
			    (long long)c.usable, capacity_rule_name(c.binding));
		assert_int_equal(c.usable, rows[i].usable);
		assert_int_equal(c.without_defects, rows[i].without);
		assert_int_equal(c.binding, rows[i].binding);
	}
}

static struct row
random_row(void)
{
	struct row r = { .what = "random" };

	r.area = rand() % 3 ? (double)(rand() % 3000) / 2 : -1;
	r.stated = rand() % 3 ? rand() % 2000 : -1;
	r.converted = rand() % 8 ? rand() % 2 ? 1 : -1 : 0;
	r.closed = rand() % 16 == 0;
	r.ndoors = (size_t)(rand() % (DOORS + 1));
	for (size_t i = 0; i < r.ndoors; i++)
		r.doors[i] = (struct capacity_door){ (int64_t)i + 1,
			rand() % 4 ? (double)(rand() % 300) / 100 : -1,
			rand() % 5 != 0 };
	r.ndefects = (size_t)(rand() % (DEFECTS + 1));
	for (size_t i = 0; i < r.ndefects; i++)
		r.defects[i] = (struct capacity_defect){ (enum derating_effect)(
							     rand() % 4),
			(double)(rand() % 11) / 10, rand() % (DOORS + 2) };
	return r;
}

/* usable is the smallest known term, binding names it, and a defect less is
 * never a place less. */
static void
properties(void **state)
{
	(void)state;
	srand(7);
	for (int k = 0; k < 20000; k++) {
		struct row r = random_row();
		struct capacity c = of_row(&r);
		int64_t least = -1;

		for (int i = 1; i < CAP_RULES; i++)
			if (c.term[i] >= 0 && (least < 0 || c.term[i] < least))
				least = c.term[i];
		assert_int_equal(c.usable, least < 0 ? 0 : least);
		if (least >= 0)
			assert_int_equal(c.term[c.binding], c.usable);
		else
			assert_int_equal(c.binding, CAP_NONE);
		assert_true(c.usable <= c.without_defects);
		if (r.ndefects > 0) {
			r.ndefects--;
			assert_true(of_row(&r).usable >= c.usable);
			r.ndefects = 0;
			assert_int_equal(of_row(&r).usable, c.without_defects);
		}
	}
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(capacity_rule_name(CAP_DOOR_WIDTH), "door_width");
	assert_string_equal(capacity_rule_name((enum capacity_rule)99), "none");
	for (int i = DERATE_NOTHING; i <= DERATE_CLOSE; i++)
		assert_int_equal(derating_effect_parse(derating_effect_name(
				     (enum derating_effect)i)),
		    i);
	assert_int_equal(derating_effect_parse("nonsense"), DERATE_NOTHING);
	assert_int_equal(derating_effect_parse(NULL), DERATE_NOTHING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases),
		cmocka_unit_test(properties),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Texts of opening hours, read and looked at minute by minute. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include "gis/hours.h"

static int
minutes_open(const char *text)
{
	struct gis_hours h;
	int n = 0;

	if (!gis_hours_read(text, &h))
		return -1;
	for (int m = 0; m < GIS_DAY; m++)
		n += gis_hours_open(&h, m);
	assert_int_equal(gis_hours_always(&h), n == GIS_DAY);
	return n;
}

static void
test_forms(void **state)
{
	static const struct {
		const char *text;
		int minutes;
	} forms[] = { { "24/7", 1440 }, { "06:00-22:00", 960 },
		{ "22:00-06:00", 480 }, { "00:00-24:00", 1440 },
		{ "07:00-07:00", 1440 }, { "06:00-12:00,13:00-13:01", 361 },
		{ "06:00-12:00, 11:00-14:00", 480 },
		{ "Mo-Su 08:00-09:30", 90 }, { "", -1 }, { "6:00-22:00", -1 },
		{ "06:00-", -1 }, { "06:00-22:00;", -1 },
		{ "06:00-22:00,", -1 }, { "Mo-Fr 06:00-22:00", -1 },
		{ "sunrise-sunset", -1 }, { "06:60-22:00", -1 },
		{ "24:01-25:00", -1 }, { "06:00-22:00 off", -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		assert_int_equal(minutes_open(forms[i].text), forms[i].minutes);
}

/* Every span of whole quarters, minute by minute. */
static void
test_spans(void **state)
{
	struct gis_hours h;
	char text[40];

	(void)state;
	for (int from = 0; from < GIS_DAY; from += 15)
		for (int to = 0; to <= GIS_DAY; to += 45) {
			snprintf(text, sizeof(text), "%02d:%02d-%02d:%02d",
			    from / 60, from % 60, to / 60, to % 60);
			assert_true(gis_hours_read(text, &h));
			for (int m = 0; m < GIS_DAY; m++) {
				bool in = from < to   ? m >= from && m < to
					  : from > to ? m >= from || m < to
						      : true;

				assert_int_equal(gis_hours_open(&h, m), in);
			}
		}
}

static void
test_clock(void **state)
{
	(void)state;
	assert_int_equal(gis_clock_read("00:00"), 0);
	assert_int_equal(gis_clock_read("23:59"), 1439);
	assert_int_equal(gis_clock_read("24:00"), -1);
	assert_int_equal(gis_clock_read("8:00"), -1);
	assert_int_equal(gis_clock_read("08:00 "), -1);
	assert_int_equal(gis_clock_read(""), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

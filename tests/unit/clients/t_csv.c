/* SPDX-License-Identifier: MIT */
/* The reader of separated values, beside a table of texts and, on clean
   random tables, beside OGR's own reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <gdal.h>
#include <ogr_api.h>
#include <cpl_vsi.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/csv.h"

/* Records as "line:a|b|c", joined by "/"; a problem is marked with "!". */
static char *
read_all(const char *text, size_t len)
{
	struct csv c;
	struct csv_record r = { 0 };
	static char out[4096];
	size_t n = 0;

	out[0] = '\0';
	csv_init(&c, text, len);
	while (csv_next(&c, &r)) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%lld:%s",
		    n ? "/" : "", (long long)r.line, r.problem ? "!" : "");
		for (size_t i = 0; i < r.n; i++)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s",
			    i ? "|" : "", r.field[i]);
	}
	csv_record_release(&r);
	return out;
}

static void
test_texts(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "\n\n", "" },
		{ "a,b\n1,2\n", "1:a|b/2:1|2" },
		{ "a,b\n1,2", "1:a|b/2:1|2" },
		{ "a,b\r\n1,2\r\n", "1:a|b/2:1|2" },
		{ "a,b\r1,2\r", "1:a|b/2:1|2" },
		{ "a,b\n\n1,2\n", "1:a|b/3:1|2" },
		{ "a,b\n,\n", "1:a|b/2:|" },
		{ "a\n\"x\ny\"\nz\n", "1:a/2:x\ny/4:z" },
		{ "a,b\n\"1,5\",2\n", "1:a|b/2:1,5|2" },
		{ "a\n\"say \"\"hi\"\"\"\n", "1:a/2:say \"hi\"" },
		{ "a,b\n1\n1,2,3\n", "1:a|b/2:1/3:1|2|3" },
		{ "a\n5\" pipe\n", "1:a/2:5\" pipe" },
		{ "a\n\"x\"y\n", "1:a/2:xy" },
		{ "a\n\"open\nb\n", "1:a/2:!\"open/3:b" },
		{ "a;b\n1,5;2\n", "1:a|b/2:1,5|2" },
		{ "a\tb\n1\t2\n", "1:a|b/2:1|2" },
		{ "\"a,b\";c\n1;2\n", "1:a,b|c/2:1|2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
		    read_all(cases[i].text, strlen(cases[i].text)),
		    cases[i].want);
}

static void
test_blank_lines_are_counted(void **state)
{
	static const char text[] = "a\n\n\n1\n\n";
	struct csv c;
	struct csv_record r = { 0 };

	(void)state;
	csv_init(&c, text, sizeof(text) - 1);
	while (csv_next(&c, &r))
		;
	assert_int_equal(c.blank, 3);
	csv_record_release(&r);
}

static void
test_too_long_goes_on(void **state)
{
	size_t n = CSV_RECORD_MAX + 100;
	char *text = malloc(n + 16);
	struct csv c;
	struct csv_record r = { 0 };

	(void)state;
	memset(text, 'x', n);
	memcpy(text, "a\n", 2);
	memcpy(text + n, "\nb\n", 3);
	csv_init(&c, text, n + 3);
	assert_true(csv_next(&c, &r));
	assert_true(csv_next(&c, &r));
	assert_non_null(r.problem);
	assert_true(csv_next(&c, &r));
	assert_string_equal(r.field[0], "b");
	assert_null(r.problem);
	assert_int_equal(r.line, 3);
	csv_record_release(&r);
	free(text);
}

enum { COLUMNS = 3, ROWS = 12 };

/* A table of random fields, quoted where it must be. */
static size_t
random_table(char *text, unsigned *seed)
{
	static const char *const bits[] = { "a", "臺北", ",", "\"\"", "\n", " ",
		"7", "x", "路" };
	size_t n = (size_t)sprintf(text, "c1,c2,c3\n");

	for (int row = 0; row < ROWS; row++)
		for (int col = 0; col < COLUMNS; col++) {
			n += (size_t)sprintf(text + n, "\"r%d", row);
			for (int k = rand_r(seed) % 4; k > 0; k--)
				n += (size_t)sprintf(text + n, "%s",
				    bits[(size_t)rand_r(seed) %
					 (sizeof(bits) / sizeof(*bits))]);
			n += (size_t)sprintf(
			    text + n, "\"%s", col + 1 < COLUMNS ? "," : "\n");
		}
	return n;
}

static void
compare_with_ogr(const char *text, size_t len)
{
	struct csv c;
	struct csv_record r = { 0 };

	VSIFCloseL(VSIFileFromMemBuffer(
	    "/vsimem/t.csv", (GByte *)(uintptr_t)text, len, FALSE));
	GDALDatasetH d =
	    GDALOpenEx("/vsimem/t.csv", GDAL_OF_VECTOR, NULL, NULL, NULL);
	assert_non_null(d);
	OGRLayerH layer = GDALDatasetGetLayer(d, 0);
	csv_init(&c, text, len);
	assert_true(csv_next(&c, &r));
	for (int row = 0; row < ROWS; row++) {
		OGRFeatureH f = OGR_L_GetNextFeature(layer);
		assert_non_null(f);
		assert_true(csv_next(&c, &r));
		assert_int_equal(r.n, COLUMNS);
		for (int i = 0; i < COLUMNS; i++)
			assert_string_equal(
			    r.field[i], OGR_F_GetFieldAsString(f, i));
		OGR_F_Destroy(f);
	}
	assert_null(OGR_L_GetNextFeature(layer));
	assert_false(csv_next(&c, &r));
	GDALClose(d);
	VSIUnlink("/vsimem/t.csv");
	csv_record_release(&r);
}

static void
test_same_as_ogr(void **state)
{
	unsigned seed = 7;
	char text[8192];

	(void)state;
	GDALAllRegister();
	for (int i = 0; i < 200; i++)
		compare_with_ogr(text, random_table(text, &seed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_blank_lines_are_counted),
		cmocka_unit_test(test_too_long_goes_on),
		cmocka_unit_test(test_same_as_ogr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

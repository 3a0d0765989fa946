/* SPDX-License-Identifier: MIT */
/* Mapping files: grammar, fit, and the shipped files on real header lines. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/mappings.h"

static void
test_grammar(void **state)
{
	static const char *const wrong[] = { "id", "id =", "id = a | | b",
		"place = x", "for = \nid", "= x" };
	char why[200];

	(void)state;
	struct mapping *m = mapping_parse("t",
	    "# a comment\n\nfor = shelters\r\nid = A | b\n", why, sizeof(why));
	assert_non_null(m);
	mapping_free(m);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		why[0] = '\0';
		assert_null(mapping_parse("t", wrong[i], why, sizeof(why)));
		assert_non_null(strstr(why, "t line "));
	}
}

static void
test_fit(void **state)
{
	static const char *const header[] = { "電腦編號 serial number",
		"Latitude", "經度（度）", "other" };
	char why[200];
	struct mapping *m = mapping_parse("t",
	    "for = shelters\nid = 電腦編號\ny = latitude\nx = 經度\n"
	    "name = nothing\n",
	    why, sizeof(why));
	struct columns c = mapping_fit(m, "shelters", header, 4);

	(void)state;
	assert_int_equal(c.at[MAP_ID], 0);
	assert_int_equal(c.at[MAP_Y], 1);
	assert_int_equal(c.at[MAP_NAME], -1);
	assert_int_equal(c.unknown, 2); /* 經度度 is another word */
	c = mapping_fit(m, "homes", header, 4);
	assert_int_equal(c.score, 0);
	mapping_free(m);
}

static void
test_needs(void **state)
{
	static const char *const without[] = { "a", "b" };
	static const char *const with[] = { "a", "b", "c" };
	char why[200];
	struct mapping *m = mapping_parse(
	    "t", "for = shelters\nneeds = a | c\nid = a\n", why, sizeof(why));

	(void)state;
	assert_int_equal(mapping_fit(m, "shelters", without, 2).score, 0);
	assert_int_equal(mapping_fit(m, "shelters", with, 3).score, 1);
	mapping_free(m);
}

static void
test_column(void **state)
{
	static const char *const header[] = { "Name ", "name", "地址 address",
		"NAME2" };

	(void)state;
	assert_int_equal(mapping_column("name", header, 4), 1);
	assert_int_equal(mapping_column("Name ", header, 4), 0);
	assert_int_equal(mapping_column("地址", header, 4), 2);
	assert_int_equal(mapping_column("address", header, 4), 2);
	assert_int_equal(mapping_column("#4", header, 4), 3);
	assert_int_equal(mapping_column("#5", header, 4), -1);
	assert_int_equal(mapping_column("none", header, 4), -1);
	assert_int_equal(mapping_column("", header, 4), -1);
}

struct shipped {
	const char *header[12];
	int id, address, places, x, y, latlon;
	const char *mapping;
};

static void
test_shipped(void **state)
{
	static const struct shipped cases[] = {
		{ { "類別", "電腦編號", "村里別", "地址", "緯經度",
		      "地下樓層數", "可容納人數", "轄管分局", "備註" },
		    1, 3, 6, -1, -1, 4, "shelters.conf" },
		{ { "建築物名稱the names of the buildings",
		      "電腦編號 serial number", "村里別village", "地址 address",
		      "緯經度 latitude and longitude",
		      "地下樓層數number of basement levels",
		      "可容納人數capacity", "轄管分局jurisdiction",
		      "備駐 notes" },
		    1, 3, 6, -1, -1, 4, "shelters.conf" },
		{ { "地址", "可容納人數", "經度", "緯度",
		      "避難所在之地下樓層數", "轄管分局", "編號", "村里別" },
		    6, 0, 1, 2, 3, -1, "shelters.conf" },
		{ { "類別", "電腦編號", "里別", "座落", "緯度", "經度",
		      "新計算容量(值)", "轄管分局" },
		    1, 3, 6, 5, 4, -1, "shelters.conf" },
		{ { "unnamed (1)", "unnamed (3)", "unnamed (4)", "unnamed (5)",
		      "unnamed (6)", "unnamed (7)", "unnamed (8)",
		      "unnamed (9)", "placemark_address" },
		    0, 2, 6, 4, 3, -1, "shelters-xincheng.conf" },
	};
	struct mappings all;
	const struct mapping *which;
	char why[300];

	(void)state;
	setenv("SHELTER_MAPPINGS", "etc/mappings", 1);
	assert_true(mappings_load(&all, NULL, why, sizeof(why)));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct shipped *s = &cases[i];
		size_t n = 0;
		while (n < 12 && s->header[n])
			n++;
		struct columns c =
		    mappings_fit(&all, "shelters", s->header, n, &which);
		assert_non_null(which);
		assert_string_equal(mapping_name(which), s->mapping);
		assert_int_equal(c.at[MAP_ID], s->id);
		assert_int_equal(c.at[MAP_ADDRESS], s->address);
		assert_int_equal(c.at[MAP_PLACES], s->places);
		assert_int_equal(c.at[MAP_X], s->x);
		assert_int_equal(c.at[MAP_Y], s->y);
		assert_int_equal(c.at[MAP_LATLON], s->latlon);
		assert_int_equal(c.unknown, 0);
	}
	mappings_release(&all);
}

/* Timelines as planners head them: id, at, kind, signal, who, text. */
static void
test_timelines(void **state)
{
	static const enum mapping_field fields[] = { MAP_ID, MAP_AT, MAP_KIND,
		MAP_SIGNAL, MAP_WHO, MAP_TEXT };
	static const struct {
		const char *header[8];
		int at[6];
	} cases[] = {
		{ { "序号", "时间", "类型", "信号", "对象", "内容" },
		    { 0, 1, 2, 3, 4, 5 } },
		{ { "No.", "Time (mm:ss)", "Event Type", "To", "Inject" },
		    { 0, 1, 2, -1, 3, 4 } },
		{ { "时间（秒）", "导调内容", "受导单位", "警报种类" },
		    { -1, 0, -1, 3, 2, 1 } },
		{ { "编号 no", "时刻 at", "類別 kind", "對象 who", "內容 text",
		      "预期行动" },
		    { 0, 1, 2, -1, 3, 4 } },
		{ { "MSEL", "When", "Category", "Alarm", "Recipients",
		      "Description" },
		    { 0, 1, 2, 3, 4, 5 } },
	};
	struct mappings all;
	const struct mapping *which;
	char why[300];

	(void)state;
	setenv("SHELTER_MAPPINGS", "etc/mappings", 1);
	assert_true(mappings_load(&all, NULL, why, sizeof(why)));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = 0;
		while (n < 8 && cases[i].header[n])
			n++;
		struct columns c =
		    mappings_fit(&all, "injects", cases[i].header, n, &which);
		assert_non_null(which);
		assert_string_equal(mapping_name(which), "injects.conf");
		for (size_t f = 0; f < 6; f++)
			if (c.at[fields[f]] != cases[i].at[f])
				fail_msg("header %zu: %s at %d", i,
				    mapping_field_names[fields[f]],
				    c.at[fields[f]]);
	}
	mappings_release(&all);
}

static void
test_load_refuses(void **state)
{
	struct mappings all;
	char why[300];

	(void)state;
	assert_false(mappings_load(&all, "no-such", why, sizeof(why)));
	assert_non_null(strstr(why, "no-such"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_column),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_timelines),
		cmocka_unit_test(test_load_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Records of small files through source, layout and row, as the importer
   does it; and the walking profile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clients/shelterctl/mappings.h"
#include "clients/shelterctl/population.h"
#include "clients/shelterctl/rows.h"
#include "clients/shelterctl/walk.h"

static char folder[] = "/tmp/t_row.XXXXXX";
static struct mappings mappings;

static const char *
file(const char *name, const char *text)
{
	static char path[200];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return path;
}

/* Every record as JSON, "field: reason" or "excluded", joined by lines. */
static char *
rows(const char *path, const char *kind, enum row_kind k,
    struct population *people)
{
	static char out[8192];
	char why[300];
	const struct mapping *which;
	struct record r;
	struct refusal refusal;
	size_t n = 0;
	struct text row = { 0 };

	out[0] = '\0';
	struct source *s =
	    source_open(path, NULL, SOURCE_AREAS, true, why, sizeof(why));
	if (!s)
		return strcpy(out, why);
	struct layout l = { .kind = k,
		.source = s,
		.walk = true,
		.population = people,
		.key = 0 };
	l.columns = mappings_fit(&mappings, kind, s->header, s->n, &which);
	l.highway = mapping_column("highway", s->header, s->n);
	l.foot = mapping_column("foot", s->header, s->n);
	l.access = l.other = -1;
	while (s->next(s, &r)) {
		const char *text = NULL;
		row.n = 0;
		enum row_result got = row_make(&l, &r, &row, &refusal);
		if (row_blank(&r))
			n += (size_t)sprintf(out + n, "blank");
		else if (got == ROW_MADE)
			text = row.p;
		else if (got == ROW_REFUSED)
			n += (size_t)sprintf(
			    out + n, "%s: %s", refusal.field, refusal.reason);
		else
			n += (size_t)sprintf(out + n, "excluded");
		n += (size_t)sprintf(
		    out + n, "%s@%lld\n", text ? text : "", (long long)r.line);
	}
	text_free(&row);
	source_close(s);
	return out;
}

static void
test_shelters(void **state)
{
	(void)state;
	assert_string_equal(
	    rows(file("a.csv",
		     "電腦編號,地址,緯經度,可容納人數,類別\n"
		     "1.0,\"路一段\n二號\",\"25.1,121.5\",\"  1,041 \",住宅\n"
		     ",路,\"25.1, 121.5\",,\n"
		     "3,路,,88人,\n"
		     "4,路,\"25.1,121.5\",約百,\n"
		     ",,,,\n"
		     "6,路,\"25.1,121.5\",5, 住宅,extra\n"),
		"shelters", ROW_SHELTER, NULL),
	    "{\"register_id\":\"1.0\",\"address\":\"路一段\\n二號\",\"kind\":"
	    "\"住宅\",\"places\":1041,\"x\":121.5,\"y\":25.1}@2\n"
	    "{\"address\":\"路\",\"x\":121.5,\"y\":25.1}@4\n"
	    "latlon: '' is empty (column 緯經度)@5\n"
	    "places: '約百' is not a number (column 可容納人數)@6\n"
	    "blank@7\n"
	    "{\"register_id\":\"6\",\"address\":\"路\",\"kind\":\" 住宅\","
	    "\"warnings\":[\"6 fields where the header has 5\"],\"places\":5,"
	    "\"x\":121.5,\"y\":25.1}@8\n");
}

static void
test_without_coordinates(void **state)
{
	(void)state;
	assert_string_equal(rows(file("b.csv", "地址,容量\n路,5\n"), "shelters",
				ROW_SHELTER, NULL),
	    "x: no column holds coordinates@2\n");
	assert_string_equal(rows(file("c.csv", "A1,路,25.123,121.523,5\n"),
				"shelters", ROW_SHELTER, NULL),
	    "x: the file has no header; name the columns, for example "
	    "--field y=#4 --field x=#5@1\n");
	assert_string_equal(
	    rows(file("d.csv", ""), "shelters", ROW_SHELTER, NULL), "");
}

static const char areas[] =
    "{\"type\":\"FeatureCollection\",\"features\":["
    "{\"type\":\"Feature\",\"properties\":{\"CODEBASE\":\"A\"},\"geometry\":"
    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0,9],[1,0,9],[1,1,9],"
    "[0,0,9]]]}},"
    "{\"type\":\"Feature\",\"properties\":{\"CODEBASE\":\"B\"},\"geometry\":"
    "{\"type\":\"Point\",\"coordinates\":[2,3]}},"
    "{\"type\":\"Feature\",\"properties\":{\"CODEBASE\":\"C\"},\"geometry\":"
    "{\"type\":\"MultiPolygon\",\"coordinates\":[]}}]}";

static void
test_homes(void **state)
{
	struct population p;
	char path[200], why[300];

	(void)state;
	snprintf(path, sizeof(path), "%s",
	    file(
		"p.csv", "CODEBASE,H_CNT,P_CNT\nA,2.0,7.0\nZ,1,4\nY,1,many\n"));
	assert_true(population_load(
	    &p, path, "CODEBASE", "P_CNT", &mappings, why, sizeof(why)));
	assert_int_equal(p.refused, 1);
	assert_string_equal(
	    rows(file("h.geojson", areas), "homes", ROW_HOME, &p),
	    "{\"register_id\":\"A\",\"people\":7,\"households\":2,"
	    "\"geometry\":{ \"type\": \"Polygon\", \"coordinates\": [ [ "
	    "[ 0.0, 0.0 ], [ 1.0, 0.0 ], [ 1.0, 1.0 ], [ 0.0, 0.0 ] ] ] }}@1\n"
	    "{\"register_id\":\"B\",\"people\":0,\"x\":2,\"y\":3}@2\n"
	    "geometry: is empty@3\n");
	assert_int_equal(population_unused(&p), 1);
	population_release(&p);
	assert_string_equal(
	    rows(file("h.geojson", areas), "homes", ROW_HOME, NULL),
	    "people: no column holds people@1\n"
	    "people: no column holds people@2\n"
	    "people: no column holds people@3\n");
}

static void
test_population_refused(void **state)
{
	struct population p;
	char why[300];

	(void)state;
	assert_false(
	    population_load(&p, file("q.csv", "CODEBASE,P_CNT\nA,1\nA,2\n"),
		"CODEBASE", "P_CNT", &mappings, why, sizeof(why)));
	assert_non_null(strstr(why, "stands twice"));
	assert_false(population_load(&p, file("q.csv", "CODEBASE,P_CNT\n"),
	    "NOPE", "P_CNT", &mappings, why, sizeof(why)));
	assert_non_null(strstr(why, "no column 'NOPE'"));
}

static void
test_ways(void **state)
{
	(void)state;
	assert_string_equal(
	    rows(file("w.geojson",
		     "{\"type\":\"FeatureCollection\",\"features\":["
		     "{\"type\":\"Feature\",\"properties\":{\"name\":\"x\","
		     "\"highway\":\"steps\"},\"geometry\":{\"type\":"
		     "\"LineString\",\"coordinates\":[[0.1,0.2],[1,2]]}},"
		     "{\"type\":\"Feature\",\"properties\":{\"highway\":"
		     "\"motorway\"},\"geometry\":{\"type\":\"LineString\","
		     "\"coordinates\":[[0,0],[1,1]]}},"
		     "{\"type\":\"Feature\",\"properties\":{\"highway\":"
		     "\"path\"},\"geometry\":{\"type\":\"MultiLineString\","
		     "\"coordinates\":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]}},"
		     "{\"type\":\"Feature\",\"properties\":{\"highway\":"
		     "\"path\"},\"geometry\":{\"type\":\"Point\","
		     "\"coordinates\":[1,1]}}]}"),
		"network", ROW_WAY, NULL),
	    "{\"name\":\"x\",\"class\":\"steps\",\"steps\":true,"
	    "\"lines\":[[0.1,0.2,1,2]]}@1\n"
	    "excluded@2\n"
	    "{\"class\":\"path\",\"lines\":[[0,0,1,1],[2,2,3,3,4,4]]}@3\n"
	    "geometry: is a POINT without a walkable line@4\n");
}

static void
test_walk(void **state)
{
	static const struct {
		const char *highway, *foot, *access, *other;
		enum walk want;
	} cases[] = {
		{ "residential", NULL, NULL, NULL, WALK_YES },
		{ "steps", NULL, NULL, NULL, WALK_STEPS },
		{ "motorway", NULL, NULL, NULL, WALK_NO },
		{ "motorway_link", "yes", NULL, NULL, WALK_NO },
		{ "construction", NULL, NULL, NULL, WALK_NO },
		{ "platform", NULL, NULL, NULL, WALK_NO },
		{ NULL, NULL, NULL, NULL, WALK_NO },
		{ "", NULL, NULL, NULL, WALK_NO },
		{ "service", NULL, "private", NULL, WALK_NO },
		{ "service", "yes", "private", NULL, WALK_YES },
		{ "service", NULL, NULL, "\"access\"=>\"no\"", WALK_NO },
		{ "service", NULL, NULL,
		    "\"access\"=>\"private\",\"foot\"=>\"yes\"", WALK_YES },
		{ "primary", NULL, NULL, "\"bicycle\"=>\"no\"", WALK_YES },
		{ "primary", NULL, NULL, "\"x:foot\"=>\"no\"", WALK_YES },
		{ "primary", NULL, NULL, "\"foot\"=>\"no\"", WALK_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(walk_of(cases[i].highway, cases[i].foot,
				     cases[i].access, cases[i].other),
		    cases[i].want);
}

static void
test_files_that_are_none(void **state)
{
	(void)state;
	assert_non_null(
	    strstr(rows("/no/such.csv", "shelters", ROW_SHELTER, NULL),
		"/no/such.csv: No such file"));
	assert_non_null(
	    strstr(rows(file("z.geojson", "not json"), "homes", ROW_HOME, NULL),
		"z.geojson"));
}

static int
prepare(void **state)
{
	char why[300];

	(void)state;
	setenv("SHELTER_MAPPINGS", "etc/mappings", 1);
	return !mkdtemp(folder) ||
	       !mappings_load(&mappings, NULL, why, sizeof(why));
}

static int
clear(void **state)
{
	static const char *const names[] = { "a.csv", "b.csv", "c.csv", "d.csv",
		"p.csv", "q.csv", "h.geojson", "w.geojson", "z.geojson" };
	char path[200];

	(void)state;
	mappings_release(&mappings);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shelters),
		cmocka_unit_test(test_without_coordinates),
		cmocka_unit_test(test_homes),
		cmocka_unit_test(test_population_refused),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_files_that_are_none),
	};

	return cmocka_run_group_tests(tests, prepare, clear);
}

/* SPDX-License-Identifier: MIT */
/* Small files of OpenStreetMap by hand, and random ones in both forms beside
   OGR's reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/osm.h"
#include "clients/shelterctl/source.h"

static char folder[] = "/tmp/t_osm.XXXXXX";

static const char *
file(const char *name, const void *bytes, size_t n)
{
	static char path[200];
	char why[200];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_true(file_write(path, bytes, n, why, sizeof(why)));
	return path;
}

static const char *
value(const struct source *s, const struct record *r, const char *column)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->header[i], column))
			return r->value[i] ? r->value[i] : "-";
	return "-";
}

static void
add_points(struct text *t, const struct record *r)
{
	if (r->geometry)
		for (int i = 0; i < OGR_G_GetPointCount(r->geometry); i++)
			text_add(t, " %.7f,%.7f", OGR_G_GetX(r->geometry, i),
			    OGR_G_GetY(r->geometry, i));
	for (size_t l = 0; l < r->nlines; l++) {
		text_add(t, "%s", l ? " |" : "");
		for (size_t i = r->first[l]; i < r->first[l + 1]; i++)
			text_add(
			    t, " %.7f,%.7f", r->xy[2 * i], r->xy[2 * i + 1]);
	}
}

/* One line a record: id, highway, name, points; closes the source. */
static char *
dump(struct source *s, const char *why)
{
	struct text t = { 0 };
	struct record r;

	text_add(&t, "%s", s ? "" : why);
	while (s && s->next(s, &r)) {
		if (r.problem) {
			text_add(&t, "%s\n", r.problem);
			break;
		}
		text_add(&t, "%s %s %s:", value(s, &r, "osm_id"),
		    value(s, &r, "highway"), value(s, &r, "name"));
		add_points(&t, &r);
		text_add(&t, "\n");
	}
	source_close(s);
	return t.p;
}

static char *
streets(const char *path)
{
	char why[300];

	return dump(
	    source_open(path, NULL, SOURCE_LINES, true, why, sizeof(why)), why);
}

static void
check(const char *xml, const char *wanted)
{
	char *got = streets(file("a.osm", xml, strlen(xml)));

	assert_string_equal(got, wanted);
	free(got);
}

#define NODES                                              \
	"<node id='1' lat='25.0' lon='121.5'/>"            \
	"<node id='2' lat='25.1' lon=\"121.6\"><tag k='a'" \
	" v='>'/></node><!-- <node id='9' --> "            \
	"<node id='-3' lat='-0.5' lon='-121.1234567'/>"    \
	"<node id='4' lat='1' lon='2' action='delete'/>\n"

static void
test_xml(void **state)
{
	(void)state;
	check("<?xml version='1.0'?><osm>" NODES
	      "<way id='5'><nd ref='1'/><nd ref='2'/><tag k='highway' "
	      "v='path'/><tag k='name' v='A &amp; &quot;B&#x8def;&#49;&x'/>"
	      "</way><relation id='1'><tag k='highway' v='no'/></relation>"
	      "<way id='6'><tag k='highway' v='steps'/><nd ref='-3'/>"
	      "<nd ref='1' /></way></osm>",
	    "5 path A & \"B路1&x: 121.5000000,25.0000000 "
	    "121.6000000,25.1000000\n"
	    "6 steps -: -121.1234567,-0.5000000 121.5000000,25.0000000\n");
}

/* What is no street, what is walked round, what is torn. */
static void
test_left_out(void **state)
{
	(void)state;
	check("<osm>" NODES
	      "<way id='1'><nd ref='1'/><nd ref='2'/><tag k='waterway' "
	      "v='river'/></way>"
	      "<way id='2' visible='false'><nd ref='1'/><nd ref='2'/><tag "
	      "k='highway' v='path'/></way>"
	      "<way id='3'><nd ref='1'/><nd ref='2'/><nd ref='-3'/><nd "
	      "ref='1'/><tag k='highway' v='pedestrian'/><tag k='area' "
	      "v='yes'/></way><way id='8'/>"
	      "<way id='4'><nd ref='1'/><nd ref='2'/><nd ref='4'/><nd "
	      "ref='2'/><nd ref='77'/><nd ref='-3'/><nd ref='1'/><tag "
	      "k='highway' v='path'/></way>"
	      "<way id='5'><nd ref='1'/><nd ref='4'/><tag k='highway' "
	      "v='path'/></way></osm>",
	    "4 path -: 121.5000000,25.0000000 121.6000000,25.1000000 | "
	    "-121.1234567,-0.5000000 121.5000000,25.0000000\n"
	    "5 path -:\n");
}

static void
test_broken(void **state)
{
	static const char *const cut[] = { "<osm><node id='1' lat='1'",
		"<osm><way id='1'><nd ref='1'/>",
		"<osm><way id='1'><nd ref='x'/></way></osm>", "<osm>" };

	(void)state;
	for (size_t i = 0; i < sizeof(cut) / sizeof(*cut); i++) {
		char *got = streets(file("b.osm", cut[i], strlen(cut[i])));

		assert_non_null(strstr(got, "b.osm: "));
		assert_non_null(strstr(got, "near byte"));
		free(got);
	}
}

/* Any of its decimals read as the same double as by a reader of text. */
static void
test_degrees(void **state)
{
	char text[40];

	(void)state;
	srand(3);
	for (int i = 0; i < 20000; i++) {
		int64_t nano = (int64_t)rand() * 84 - 90000000000;

		if (i % 2)
			nano -= nano % 100;
		snprintf(text, sizeof(text), "%s%lld.%09lld",
		    nano < 0 ? "-" : "", llabs(nano / 1000000000),
		    llabs(nano % 1000000000));
		assert_true(osm_degrees(nano) == strtod(text, NULL));
	}
}

/* A town in both forms. */
enum { TOWN = 300 };
struct town {
	struct {
		int64_t id, lat, lon; /* 1e-7 degrees */
	} node[TOWN];
	struct {
		int64_t ref[12];
		int n, highway, name;
	} way[TOWN];
};
static const char *const kinds[] = { "path", "footway", "residential",
	"steps" };
static const char *const names[] = { "甲街", "B", "長路&東" };

static void
make_town(struct town *t)
{
	int64_t id = rand() % 1000;

	for (int i = 0; i < TOWN; i++) {
		id += 1 + rand() % 1000000;
		t->node[i].id = id;
		t->node[i].lat = rand() % 1800000000 - 900000000;
		t->node[i].lon = rand() % 2100000000 - 1050000000;
	}
	for (int w = 0; w < TOWN; w++) {
		t->way[w].n = 2 + rand() % 11;
		t->way[w].highway = rand() % 4;
		t->way[w].name = rand() % 4;
		for (int i = 0; i < t->way[w].n; i++)
			t->way[w].ref[i] = t->node[(w * 7 + i) % TOWN].id;
	}
}

static const char *
as_xml(const struct town *t)
{
	struct text x = { 0 };

	text_add(&x, "<osm version='0.6'>\n");
	for (int i = 0; i < TOWN; i++)
		text_add(&x, "<node id='%lld' lat='%.7f' lon='%.7f'/>\n",
		    (long long)t->node[i].id, (double)t->node[i].lat / 1e7,
		    (double)t->node[i].lon / 1e7);
	for (int w = 0; w < TOWN; w++) {
		text_add(&x, "<way id='%d'>", w + 1);
		for (int i = 0; i < t->way[w].n; i++)
			text_add(&x, "<nd ref='%lld'/>",
			    (long long)t->way[w].ref[i]);
		text_add(
		    &x, "<tag k='highway' v='%s'/>", kinds[t->way[w].highway]);
		if (t->way[w].name < 2)
			text_add(&x, "<tag k='name' v='%s'/>",
			    names[t->way[w].name]);
		if (t->way[w].name == 2)
			text_add(&x, "<tag k='name' v='長路&amp;東'/>");
		text_add(&x, "</way>\n");
	}
	text_add(&x, "</osm>\n");
	const char *path = file("t.osm", x.p, x.n);
	text_free(&x);
	return path;
}

static void
put(struct text *t, uint64_t v)
{
	for (; v > 127; v >>= 7)
		text_add_bytes(t, (char[]){ (char)(v | 128) }, 1);
	text_add_bytes(t, (char[]){ (char)v }, 1);
}

static void
put_signed(struct text *t, int64_t v)
{
	put(t, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

/* A field of bytes; frees them. */
static void
put_bytes(struct text *t, int field, struct text bytes)
{
	put(t, (uint64_t)field << 3 | 2);
	put(t, bytes.n);
	text_add_bytes(t, bytes.n ? bytes.p : "", bytes.n);
	text_free(&bytes);
}

static struct text
word(const char *s)
{
	struct text t = { 0 };

	text_add(&t, "%s", s);
	return t;
}

static void
put_blob(struct text *file, const char *kind, struct text block)
{
	struct text blob = { 0 }, head = { 0 };

	put_bytes(&blob, 1, block);
	put_bytes(&head, 1, word(kind));
	put(&head, 3 << 3);
	put(&head, blob.n);
	text_add_bytes(file, (char[]){ 0, 0, 0, (char)head.n }, 4);
	text_add_bytes(file, head.p, head.n);
	text_add_bytes(file, blob.p, blob.n);
	text_free(&head);
	text_free(&blob);
}

static struct text
dense(const struct town *t)
{
	struct text id = { 0 }, lat = { 0 }, lon = { 0 }, all = { 0 };

	for (int i = 0; i < TOWN; i++) {
		put_signed(&id, t->node[i].id - (i ? t->node[i - 1].id : 0));
		put_signed(&lat, t->node[i].lat - (i ? t->node[i - 1].lat : 0));
		put_signed(&lon, t->node[i].lon - (i ? t->node[i - 1].lon : 0));
	}
	put_bytes(&all, 1, id);
	put_bytes(&all, 8, lat);
	put_bytes(&all, 9, lon);
	return all;
}

static struct text
one_way(const struct town *t, int w)
{
	struct text keys = { 0 }, values = { 0 }, refs = { 0 }, way = { 0 };
	int64_t last = 0;

	put(&way, 1 << 3);
	put(&way, (uint64_t)w + 1);
	put(&keys, 1);
	put(&values, 3 + (uint64_t)t->way[w].highway);
	if (t->way[w].name < 3) {
		put(&keys, 2);
		put(&values, 7 + (uint64_t)t->way[w].name);
	}
	for (int i = 0; i < t->way[w].n; i++) {
		put_signed(&refs, t->way[w].ref[i] - last);
		last = t->way[w].ref[i];
	}
	put_bytes(&way, 2, keys);
	put_bytes(&way, 3, values);
	put_bytes(&way, 8, refs);
	return way;
}

static const char *
as_pbf(const struct town *t)
{
	struct text all = { 0 }, head = { 0 }, nodes = { 0 }, ways = { 0 };
	struct text strings = { 0 }, group = { 0 };

	put_bytes(&head, 4, word("OsmSchema-V0.6"));
	put_bytes(&head, 4, word("DenseNodes"));
	put_blob(&all, "OSMHeader", head);
	put_bytes(&strings, 1, word(""));
	put_bytes(&nodes, 1, strings);
	put_bytes(&group, 2, dense(t));
	put_bytes(&nodes, 2, group);
	put_blob(&all, "OSMData", nodes);
	strings = (struct text){ 0 };
	group = (struct text){ 0 };
	put_bytes(&strings, 1, word(""));
	put_bytes(&strings, 1, word("highway"));
	put_bytes(&strings, 1, word("name"));
	for (int i = 0; i < 4; i++)
		put_bytes(&strings, 1, word(kinds[i]));
	for (int i = 0; i < 3; i++)
		put_bytes(&strings, 1, word(names[i]));
	for (int w = 0; w < TOWN; w++)
		put_bytes(&group, 3, one_way(t, w));
	put_bytes(&ways, 2, group); /* before its texts: any order is allowed */
	put_bytes(&ways, 1, strings);
	put_blob(&all, "OSMData", ways);
	const char *path = file("t.osm.pbf", all.p, all.n);
	text_free(&all);
	return path;
}

static void
test_beside_ogr(void **state)
{
	static struct town town;
	char why[300];

	(void)state;
	srand(11);
	for (int i = 0; i < 12; i++) {
		make_town(&town);
		const char *path = as_xml(&town);
		char *ogr = dump(source_open_ogr(path, "lines", SOURCE_LINES,
				     true, why, sizeof(why)),
		    why);
		char *xml = streets(path);
		char *pbf = streets(as_pbf(&town));

		assert_string_equal(xml, ogr);
		assert_string_equal(pbf, ogr);
		free(ogr);
		free(xml);
		free(pbf);
	}
}

/* A PBF file that ends or is changed anywhere is read or refused, no more. */
static void
test_damaged_pbf(void **state)
{
	static struct town town;
	char why[300], *bytes;
	size_t n;

	(void)state;
	srand(12);
	make_town(&town);
	bytes = file_read(as_pbf(&town), &n, why, sizeof(why));
	assert_non_null(bytes);
	for (int i = 0; i < 300; i++) {
		size_t at = (size_t)rand() % n, len = i % 2 ? n : at;
		char was = bytes[at];

		bytes[at] = (char)(was ^ (1 << rand() % 8));
		char *got = streets(file("d.osm.pbf", bytes, len));
		assert_non_null(got);
		free(got);
		bytes[at] = was;
	}
	free(bytes);
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
	static const char *const made[] = { "a.osm", "b.osm", "t.osm",
		"t.osm.pbf", "d.osm.pbf" };
	char path[200];

	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, made[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_degrees),
		cmocka_unit_test(test_beside_ogr),
		cmocka_unit_test(test_damaged_pbf),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

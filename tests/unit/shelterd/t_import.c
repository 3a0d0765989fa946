/* SPDX-License-Identifier: MIT */
/*
 * Rows of an import: what is refused, rejected, warned of; and as a property
 * of random registers against the store, that the counts add up and that the
 * same rows, in any order, are unchanged when read again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/import/import.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"
#include "tests/unit/shelterd/temp.h"

static struct db *db;
static struct rules *rules;
static struct snapshot *snap;
static char err[300];

static int
setup(void **state)
{
	if (temp_begin(state) != 0)
		return -1;
	rules = rules_load("etc/rules", err, sizeof(err));
	db = db_open(temp_path(), false, err, sizeof(err));
	if (!rules || !db || migrate(db, err, sizeof(err)) < 0)
		return -1;
	snap = snapshot_load(db, rules, err, sizeof(err));
	return snap ? 0 : -1;
}

static int
teardown(void **state)
{
	snapshot_unref(snap);
	db_close(db);
	rules_free(rules);
	return temp_end(state);
}

static struct import *
import_new(const char *rows, struct import_wrong *wrong)
{
	static const char *files[] = { "a.csv", "b.csv" };
	struct import *im = calloc(1, sizeof(*im));
	cJSON *json = cJSON_Parse(rows);
	assert_non_null(json);
	strcpy(im->crs, "auto");
	im->files = files;
	im->nfiles = 2;
	bool ok = import_decode(im, json, wrong);
	cJSON_Delete(json);
	if (ok)
		return im;
	import_free(im);
	return NULL;
}

static void
rows(void **state)
{
	static const struct {
		const char *row, *field, *reason; /* NULL: pending */
		const char *warning;		  /* NULL: none */
	} cases[] = {
		{ "'places':5,'x':121.5,'y':25", NULL, NULL, NULL },
		{ "'x':121.5,'y':25", NULL, NULL, "neither" },
		{ "'places':5,'x':25,'y':121.5", NULL, NULL, "swapped" },
		{ "'places':5,'x':121.5", "y", "no coordinates", NULL },
		{ "'places':5", "x", "no coordinates", NULL },
		{ "'places':5,'x':0,'y':0", "x", "no position", NULL },
		{ "'places':5,'x':150,'y':100", "x", "no position", NULL },
		{ "'places':-1,'x':121.5,'y':25", "places", "between", NULL },
		{ "'area':-3,'x':121.5,'y':25", "area", "between", NULL },
		{ "'places':5,'kind':' k','x':121.5,'y':25", NULL, NULL,
		    "blank" },
		{ "'places':5,'kind':'k\xe3\x80\x80','x':121.5,'y':25", NULL,
		    NULL, "blank" },
		{ "'places':500,'area':100,'x':121.5,'y':25", NULL, NULL,
		    "5.00 a m2" },
		{ "'places':69,'area':100,'x':121.5,'y':25", NULL, NULL, NULL },
		{ "'reject':{'field':'f','reason':'r'},'x':121.5,'y':25", "f",
		    "r", NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[400];
		struct import_wrong wrong = { .why = "" };
		snprintf(text, sizeof(text), "[{'file':1,'line':3,%s}]",
		    cases[i].row);
		for (char *p = text; *p; p++)
			if (*p == '\'')
				*p = '"';
		struct import *im = import_new(text, &wrong);
		if (!im || !import_check(im, snap, rules, NULL, &wrong))
			fail_msg("%s: %s", text, wrong.why);
		const struct import_row *r = &im->rows[0];
		if (cases[i].reason) {
			assert_int_equal(r->outcome, OUT_REJECTED);
			assert_string_equal(r->field, cases[i].field);
			assert_non_null(strstr(r->reason, cases[i].reason));
		} else
			assert_int_equal(r->outcome, OUT_PENDING);
		if (!cases[i].warning)
			assert_null(r->warnings);
		else if (!r->warnings ||
			 !strstr(r->warnings->reason, cases[i].warning))
			fail_msg("%s: no warning", text);
		import_free(im);
	}
}

static void
refusals(void **state)
{
	static const struct {
		const char *rows, *field;
	} cases[] = {
		{ "[{\"file\":2,\"line\":1}]", "rows[0].file" },
		{ "[{\"file\":0}]", "rows[0].line" },
		{ "[{\"file\":0,\"line\":1},{\"line\":1}]", "rows[1].file" },
		{ "[{\"file\":0,\"line\":1,\"people\":1}]", "rows[0].people" },
		{ "[{\"file\":0,\"line\":1,\"x\":\"1\"}]", "rows[0].x" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct import_wrong wrong = { .field = "" };
		assert_null(import_new(cases[i].rows, &wrong));
		assert_string_equal(wrong.field, cases[i].field);
	}
}

static void
cutting(void **state)
{
	(void)state;
	assert_int_equal(import_cut("abc", 10), 3);
	assert_int_equal(import_cut("abcdef", 3), 3);
	assert_int_equal(import_cut("ab\xe4\xb8\xad", 4), 2);
	assert_int_equal(import_cut("ab\xe4\xb8\xad"
				    "c",
			     5),
	    5);
	assert_int_equal(import_cut("\xe4\xb8\xad\xe4\xb8\xad", 5), 3);
	assert_int_equal(import_cut("\xf0\x9f\x98\x80", 3), 0);
}

static void
append_row(char **text, size_t *len, size_t *cap, int line)
{
	if (*len + 200 > *cap)
		*text = realloc(*text, *cap = *cap * 2 + 1000);
	*len += (size_t)snprintf(*text + *len, 200,
	    "%s{\"file\":%d,\"line\":%d,\"register_id\":\"%.*s\","
	    "\"address\":\"%d\",\"places\":%d,\"x\":121.%d,\"y\":%s}",
	    line ? "," : "[", rand() % 2, line, rand() % 3, "W", rand() % 5,
	    rand() % 6, rand() % 4 + 5, rand() % 12 ? "25.1" : "95");
}

static int64_t
settled(const struct import *im)
{
	int64_t n = im->accepted + im->updated + im->unchanged;
	for (size_t i = 0; i < im->nrows; i++)
		n += im->rows[i].outcome == OUT_REJECTED;
	return n;
}

static struct import *
run(const char *text, bool turned)
{
	struct import_wrong wrong = { .why = "" };
	struct import *im = import_new(text, &wrong);
	assert_non_null(im);
	for (size_t i = 0; turned && i < im->nrows / 2; i++) {
		struct import_row r = im->rows[i];
		im->rows[i] = im->rows[im->nrows - 1 - i];
		im->rows[im->nrows - 1 - i] = r;
	}
	assert_true(import_check(im, snap, rules, NULL, &wrong));
	assert_int_equal(db_begin(db), DB_OK);
	assert_true(import_apply(im, db) >= 0);
	assert_int_equal(db_commit(db), DB_OK);
	assert_int_equal(settled(im), im->nrows);
	return im;
}

static void
again(void **state)
{
	(void)state;
	srand(11);
	for (int round = 0; round < 40; round++) {
		size_t len = 0, cap = 0;
		char *text = NULL;
		int n = 1 + rand() % 60;
		for (int i = 0; i < n; i++)
			append_row(&text, &len, &cap, i);
		strcpy(text + len, "]");
		import_free(run(text, false));
		struct import *im = run(text, round % 2);
		assert_int_equal(im->accepted + im->updated, 0);
		assert_false(im->changed);
		import_free(im);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(refusals),
		cmocka_unit_test(cutting),
		cmocka_unit_test(again),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

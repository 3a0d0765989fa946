/* SPDX-License-Identifier: MIT */
/* Migrations: applied once, in order; edited, newer and broken ones refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "shelterd/store/db.h"
#include "shelterd/store/migrate.h"
#include "tests/unit/shelterd/temp.h"

static const struct migration one[] = {
	{ "0001_a", "CREATE TABLE a (x TEXT) STRICT;" },
	{ NULL, NULL },
};
static const struct migration two[] = {
	{ "0001_a", "CREATE TABLE a (x TEXT) STRICT;" },
	{ "0002_b", "CREATE TABLE b (x TEXT) STRICT;" },
	{ NULL, NULL },
};
static const struct migration edited[] = {
	{ "0001_a", "CREATE TABLE a (x TEXT, y TEXT) STRICT;" },
	{ NULL, NULL },
};
static const struct migration hole[] = {
	{ "0002_b", "CREATE TABLE b (x TEXT) STRICT;" },
	{ NULL, NULL },
};
static const struct migration broken[] = {
	{ "0001_a", "CREATE TABLE a (x TEXT) STRICT;" },
	{ "0002_b", "CREATE TABLE b (x TEXT) STRICT; INSERT INTO nowhere"
		    " VALUES (1);" },
	{ NULL, NULL },
};

static struct db *
open_fresh(void)
{
	char err[200];
	struct db *db = db_open(temp_path(), false, err, sizeof(err));

	assert_non_null(db);
	return db;
}

static bool
has(struct db *db, const char *table)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT 1 FROM sqlite_schema WHERE name = $1");
	bool found;

	db_bind_text(s, 1, table);
	found = db_step(s) == DB_ROW;
	db_done(s);
	return found;
}

static void
steps_are_applied_once(void **state)
{
	struct db *db = open_fresh();
	char err[200] = "";

	(void)state;
	assert_int_equal(migrate_list(db, one, err, sizeof(err)), DB_OK);
	assert_false(has(db, "b"));
	assert_int_equal(migrate_list(db, two, err, sizeof(err)), DB_OK);
	assert_true(has(db, "b"));
	assert_int_equal(migrate_list(db, two, err, sizeof(err)), DB_OK);
	db_close(db);
}

static void
strange_stores_are_refused(void **state)
{
	static const struct {
		const struct migration *before, *after;
		const char *word;
	} rows[] = {
		{ two, one, "newer" },
		{ one, edited, "edited" },
		{ one, hole, "expects" },
	};
	char err[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct db *db = open_fresh();

		assert_int_equal(
		    migrate_list(db, rows[i].before, err, sizeof(err)), DB_OK);
		assert_true(
		    migrate_list(db, rows[i].after, err, sizeof(err)) < 0);
		assert_non_null(strstr(err, rows[i].word));
		db_close(db);
	}
}

static void
a_broken_step_leaves_the_one_before(void **state)
{
	struct db *db = open_fresh();
	char err[200];

	(void)state;
	assert_true(migrate_list(db, broken, err, sizeof(err)) < 0);
	assert_non_null(strstr(err, "0002_b"));
	assert_non_null(strstr(err, "nowhere"));
	assert_true(has(db, "a"));
	assert_false(has(db, "b"));
	assert_int_equal(migrate_list(db, two, err, sizeof(err)), DB_OK);
	db_close(db);
}

static void
our_own_apply(void **state)
{
	struct db *db = open_fresh();
	char err[200] = "";

	(void)state;
	assert_int_equal(migrate(db, err, sizeof(err)), DB_OK);
	assert_string_equal(err, "");
	assert_true(has(db, "event"));
	assert_int_equal(migrate_check(db, err, sizeof(err)), DB_OK);
	assert_int_equal(db_check(db, err, sizeof(err)), DB_OK);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_applied_once),
		cmocka_unit_test(strange_stores_are_refused),
		cmocka_unit_test(a_broken_step_leaves_the_one_before),
		cmocka_unit_test(our_own_apply),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

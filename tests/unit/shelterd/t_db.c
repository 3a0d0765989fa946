/* SPDX-License-Identifier: MIT */
/* The driver: statements, transactions that fail in every way, copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "shelterd/store/db.h"
#include "tests/unit/shelterd/temp.h"

static struct db *
fresh(void)
{
	char err[200] = "";
	struct db *db = db_open(temp_path(), false, err, sizeof(err));

	assert_string_equal(err, "");
	assert_non_null(db);
	assert_int_equal(db_script(db, "CREATE TABLE t (id INTEGER PRIMARY KEY,"
				       " a TEXT UNIQUE, b BLOB, r REAL) STRICT;"
				       "CREATE TABLE child (t INTEGER NOT NULL"
				       " REFERENCES t (id) DEFERRABLE INITIALLY"
				       " DEFERRED) STRICT"),
	    DB_OK);
	return db;
}

static int
insert(struct db *db, const char *a)
{
	struct db_stmt *s = db_prepare(db, "INSERT INTO t (a) VALUES ($1)");

	db_bind_text(s, 1, a);
	return db_run(s);
}

static int64_t
count(struct db *db)
{
	struct db_stmt *s = db_prepare(db, "SELECT count(*) FROM t");
	int64_t n;

	assert_int_equal(db_step(s), DB_ROW);
	n = db_int(s, 0);
	db_done(s);
	return n;
}

static void
values_come_back(void **state)
{
	struct db *db = fresh();
	struct db_stmt *s = db_prepare(
	    db, "INSERT INTO t (r, b, a, id) VALUES ($4, $3, $2, $1)");
	size_t len = 9;

	(void)state;
	db_bind_int(s, 1, INT64_MAX);
	db_bind_text(s, 2, "0123 '; DROP");
	db_bind_blob(s, 3, "a\0b", 3);
	db_bind_num(s, 4, 0.1);
	assert_int_equal(db_run(s), DB_OK);
	assert_int_equal(db_last_id(db), INT64_MAX);
	assert_int_equal(db_changes(db), 1);
	s = db_prepare(db, "SELECT id, a, b, r, NULL FROM t");
	assert_int_equal(db_step(s), DB_ROW);
	assert_int_equal(db_int(s, 0), INT64_MAX);
	assert_string_equal(db_text(s, 1), "0123 '; DROP");
	assert_memory_equal(db_blob(s, 2, &len), "a\0b", 3);
	assert_int_equal(len, 3);
	assert_true(db_num(s, 3) == 0.1);
	assert_true(db_null(s, 4));
	assert_string_equal(db_text(s, 4), "");
	assert_int_equal(db_step(s), DB_OK);
	db_close(db);
}

static void
numbered_parameters_may_repeat(void **state)
{
	struct db *db = fresh();
	struct db_stmt *s = db_prepare(db, "SELECT $2 || $1 || $2");

	(void)state;
	db_bind_text(s, 1, "a");
	db_bind_text(s, 2, "b");
	assert_int_equal(db_step(s), DB_ROW);
	assert_string_equal(db_text(s, 0), "bab");
	db_done(s);
	/* A statement prepared again has forgotten its values. */
	s = db_prepare(db, "SELECT $1 IS NULL");
	db_bind_int(s, 1, 5);
	assert_int_equal(db_run(s), DB_OK);
	s = db_prepare(db, "SELECT $1 IS NULL");
	assert_int_equal(db_step(s), DB_ROW);
	db_close(db);
}

static void
a_broken_statement_says_why(void **state)
{
	struct db *db = fresh();
	struct db_stmt *s = db_prepare(db, "SELECT x FROM nowhere");

	(void)state;
	db_bind_int(s, 1, 1);
	assert_int_equal(db_step(s), DB_ERROR);
	s = db_prepare(db, "SELECT x FROM nowhere");
	assert_int_equal(db_step(s), DB_ERROR);
	assert_non_null(strstr(db_error(db), "nowhere"));
	s = db_prepare(db, "SELECT $1");
	db_bind_int(s, 2, 1);
	assert_int_equal(db_step(s), DB_ERROR);
	db_close(db);
}

static void
types_are_strict_and_references_hold(void **state)
{
	struct db *db = fresh();

	(void)state;
	assert_int_equal(
	    db_run(db_prepare(db, "INSERT INTO t (id) VALUES ('x')")),
	    DB_CONSTRAINT);
	assert_int_equal(insert(db, "a"), DB_OK);
	assert_int_equal(insert(db, "a"), DB_CONSTRAINT);
	assert_int_equal(
	    db_run(db_prepare(db, "INSERT INTO child (t) VALUES (77)")),
	    DB_CONSTRAINT);
	db_close(db);
}

static void
savepoints_nest(void **state)
{
	struct db *db = fresh();

	(void)state;
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(insert(db, "kept"), DB_OK);
	assert_int_equal(db_save(db), DB_OK);
	assert_int_equal(insert(db, "kept too"), DB_OK);
	assert_int_equal(db_save(db), DB_OK);
	assert_int_equal(insert(db, "gone"), DB_OK);
	db_undo(db);
	assert_int_equal(db_release(db), DB_OK);
	assert_int_equal(db_release(db), DB_ERROR);
	assert_int_equal(db_commit(db), DB_OK);
	assert_int_equal(count(db), 2);
	assert_int_equal(db_save(db), DB_ERROR); /* outside */
	db_close(db);
}

static void
a_failed_commit_leaves_nothing(void **state)
{
	struct db *db = fresh();

	(void)state;
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(insert(db, "a"), DB_OK);
	assert_int_equal(
	    db_run(db_prepare(db, "INSERT INTO child (t) VALUES (77)")), DB_OK);
	assert_int_equal(db_commit(db), DB_CONSTRAINT);
	assert_false(db_in_transaction(db));
	assert_int_equal(count(db), 0);
	assert_int_equal(db_commit(db), DB_ERROR);
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(insert(db, "a"), DB_OK);
	assert_int_equal(db_commit(db), DB_OK);
	db_close(db);
}

static void
a_full_disk_is_told_apart(void **state)
{
	struct db *db = fresh();
	struct db_stmt *s;
	int rc = DB_OK;

	(void)state;
	assert_int_equal(db_script(db, "PRAGMA max_page_count=20"), DB_OK);
	assert_int_equal(db_begin(db), DB_OK);
	for (int i = 0; i < 100 && rc == DB_OK; i++) {
		s = db_prepare(db, "INSERT INTO t (b) VALUES (zeroblob(3000))");
		rc = db_run(s);
	}
	assert_int_equal(rc, DB_FULL);
	db_rollback(db);
	assert_int_equal(count(db), 0);
	db_close(db);
}

static void
a_second_writer_waits_or_is_told(void **state)
{
	char err[200];
	const char *path;
	struct db *a, *b;

	(void)state;
	path = temp_path();
	a = db_open(path, false, err, sizeof(err));
	b = db_open(path, false, err, sizeof(err));
	assert_int_equal(db_script(b, "PRAGMA busy_timeout=20"), DB_OK);
	assert_int_equal(db_begin(a), DB_OK);
	assert_int_equal(db_begin(b), DB_BUSY);
	assert_int_equal(db_commit(a), DB_OK);
	assert_int_equal(db_begin(b), DB_OK);
	db_rollback(b);
	/* Nor can a store in use be retired. */
	assert_int_equal(db_retire(b), DB_BUSY);
	db_close(a);
	assert_int_equal(db_retire(b), DB_OK);
	db_close(b);
}

static void
a_reader_cannot_write_and_a_copy_is_whole(void **state)
{
	char err[200] = "", from[80], to[80];
	struct db *db, *reader, *copy;

	(void)state;
	db = fresh();
	db_close(db);
	snprintf(from, sizeof(from), "%s", temp_path());
	snprintf(to, sizeof(to), "%s", temp_path());
	db = db_open(from, false, err, sizeof(err));
	assert_int_equal(
	    db_script(db, "CREATE TABLE t (a TEXT) STRICT"), DB_OK);
	assert_int_equal(insert(db, "one"), DB_OK);
	reader = db_open(from, true, err, sizeof(err));
	assert_non_null(reader);
	assert_int_not_equal(insert(reader, "two"), DB_OK);
	/* An open write does not disturb the copy, and is not in it. */
	assert_int_equal(db_begin(db), DB_OK);
	assert_int_equal(insert(db, "two"), DB_OK);
	assert_int_equal(db_backup(reader, to, err, sizeof(err)), DB_OK);
	assert_int_equal(db_commit(db), DB_OK);
	copy = db_open(to, true, err, sizeof(err));
	assert_int_equal(count(copy), 1);
	assert_int_equal(db_check(copy, err, sizeof(err)), DB_OK);
	assert_int_equal(count(reader), 2);
	db_close(copy);
	db_close(reader);
	db_close(db);
	assert_null(db_open("/nonexistent/x.db", false, err, sizeof(err)));
	assert_non_null(strstr(err, "/nonexistent/x.db"));
}

static void
the_journal_stays_bounded(void **state)
{
	char wal[80];
	struct db *db = fresh();
	struct db_stmt *s;
	FILE *f;

	(void)state;
	/* fresh() took the newest path; its journal is beside it. */
	s = db_prepare(db, "SELECT file FROM pragma_database_list");
	assert_int_equal(db_step(s), DB_ROW);
	snprintf(wal, sizeof(wal), "%s-wal", db_text(s, 0));
	db_done(s);
	for (int i = 0; i < 3000; i++) {
		s = db_prepare(db, "INSERT INTO t (b) VALUES (zeroblob(9000))");
		assert_int_equal(db_run(s), DB_OK);
		if (i % 100 == 0)
			db_idle(db);
	}
	f = fopen(wal, "r");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	assert_true(ftell(f) < 10 << 20);
	fclose(f);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back),
		cmocka_unit_test(numbered_parameters_may_repeat),
		cmocka_unit_test(a_broken_statement_says_why),
		cmocka_unit_test(types_are_strict_and_references_hold),
		cmocka_unit_test(savepoints_nest),
		cmocka_unit_test(a_failed_commit_leaves_nothing),
		cmocka_unit_test(a_full_disk_is_told_apart),
		cmocka_unit_test(a_second_writer_waits_or_is_told),
		cmocka_unit_test(a_reader_cannot_write_and_a_copy_is_whole),
		cmocka_unit_test(the_journal_stays_bounded),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

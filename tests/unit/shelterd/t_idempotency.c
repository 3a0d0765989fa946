/* SPDX-License-Identifier: MIT */
/* Answers kept under a key: found again, told apart, forgotten in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "shelterd/store/db.h"
#include "shelterd/store/idempotency.h"
#include "shelterd/store/migrate.h"
#include "tests/unit/shelterd/temp.h"

static const unsigned char request_a[IDEMPOTENCY_HASH] = "a";
static const unsigned char request_b[IDEMPOTENCY_HASH] = "b";

static struct db *
open_store(void)
{
	char err[200] = "";
	struct db *db = db_open(temp_path(), false, err, sizeof(err));

	assert_int_equal(migrate(db, err, sizeof(err)), DB_OK);
	return db;
}

static void
keep(struct db *db, int64_t account, const char *key, int64_t now)
{
	struct idempotency_answer a = {
		.status = ST_CREATED,
		.type = (char *)"application/json",
		.body = (char *)"{\"x\":\"\0\"}",
		.len = 9,
		.headers = (char *)"ETag: \"1\"\n",
	};

	assert_int_equal(
	    idempotency_keep(db, account, key, request_a, now, &a), DB_OK);
}

static void
the_answer_comes_back(void **state)
{
	struct db *db = open_store();
	struct idempotency_answer a;

	(void)state;
	keep(db, 1, "k", 1000);
	assert_int_equal(
	    idempotency_find(db, 1, "k", request_a, &a), IDEM_DONE);
	assert_int_equal(a.status, ST_CREATED);
	assert_string_equal(a.type, "application/json");
	assert_int_equal(a.len, 9);
	assert_memory_equal(a.body, "{\"x\":\"\0\"}", 9);
	assert_string_equal(a.headers, "ETag: \"1\"\n");
	idempotency_release(&a);
	db_close(db);
}

static void
others_are_told_apart(void **state)
{
	static const struct {
		int64_t account;
		const char *key;
		const unsigned char *request;
		enum idempotency found;
	} rows[] = {
		{ 1, "k", request_b, IDEM_OTHER },
		{ 1, "K", request_a, IDEM_NEW },
		{ 1, "", request_a, IDEM_NEW },
		{ 2, "k", request_a, IDEM_NEW },
	};
	struct db *db = open_store();
	struct idempotency_answer a;

	(void)state;
	keep(db, 1, "k", 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(idempotency_find(db, rows[i].account,
				     rows[i].key, rows[i].request, &a),
		    rows[i].found);
	db_close(db);
}

static void
old_answers_are_swept(void **state)
{
	struct db *db = open_store();
	struct idempotency_answer a;

	(void)state;
	keep(db, 1, "old", 1000);
	keep(db, 1, "new", 2 * 86400);
	assert_int_equal(idempotency_sweep(db, 2 * 86400, 1), DB_OK);
	assert_int_equal(
	    idempotency_find(db, 1, "old", request_a, &a), IDEM_NEW);
	assert_int_equal(
	    idempotency_find(db, 1, "new", request_a, &a), IDEM_DONE);
	idempotency_release(&a);
	assert_int_equal(db_script(db, "DROP TABLE idempotency"), DB_OK);
	assert_int_equal(
	    idempotency_find(db, 1, "new", request_a, &a), IDEM_ERROR);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_comes_back),
		cmocka_unit_test(others_are_told_apart),
		cmocka_unit_test(old_answers_are_swept),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

/* SPDX-License-Identifier: MIT */
/*
 * The event log: numbers without a hole, a chain that anyone can verify from
 * an export, tampering of every kind noticed, signed heads for a cut tail,
 * and the rule who sees what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "shelterd/net/route.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/head.h"
#include "shelterd/store/migrate.h"
#include "tests/unit/shelterd/temp.h"

static char store[80];

static struct db *
open_store(void)
{
	char err[200] = "";
	struct db *db;

	snprintf(store, sizeof(store), "%s", temp_path());
	db = db_open(store, false, err, sizeof(err));
	assert_int_equal(migrate(db, err, sizeof(err)), DB_OK);
	return db;
}

static struct event *
make_event(int n)
{
	struct event *e = event_make();

	e->at = 1800000000 + n;
	e->user_id = 1;
	snprintf(e->user, sizeof(e->user), "a\"d\\m\tin");
	snprintf(e->kind, sizeof(e->kind), "test.made");
	snprintf(e->noun, sizeof(e->noun), "test");
	e->noun_id = n;
	e->roles = ROLE_ANYONE;
	snprintf(e->scope_org, sizeof(e->scope_org), "防護團");
	assert_true(
	    asprintf(&e->body, "{\"n\":%d,\"name\":\"地下室\"}", n) > 0);
	return e;
}

/* As batches of three do. */
static void
append(struct db *db, int n)
{
	struct event *before = NULL;

	for (int i = 1; i <= n; i++) {
		struct event *e = make_event(i);

		assert_int_equal(
		    event_append(db, e, i % 3 != 1 ? before : NULL), DB_OK);
		assert_int_equal(e->id, i);
		event_unref(before);
		before = e;
	}
	event_unref(before);
}

static void
ids_and_pages(void **state)
{
	struct db *db = open_store();
	struct event *page[10];
	int64_t since = 0;
	int n;

	(void)state;
	assert_int_equal(event_last(db), 0);
	append(db, 25);
	assert_int_equal(event_last(db), 25);
	while ((n = event_list(db, since, 10, page)) > 0)
		for (int i = 0; i < n; i++) {
			assert_int_equal(page[i]->id, since + 1);
			since = page[i]->id;
			event_unref(page[i]);
		}
	assert_int_equal(n, 0);
	assert_int_equal(since, 25);
	/* One that was rolled back leaves no hole. */
	assert_int_equal(db_begin(db), DB_OK);
	struct event *e = make_event(26);
	assert_int_equal(event_append(db, e, NULL), DB_OK);
	event_unref(e);
	db_rollback(db);
	e = make_event(26);
	assert_int_equal(event_append(db, e, NULL), DB_OK);
	assert_int_equal(e->id, 26);
	event_unref(e);
	db_close(db);
}

/* Only the exported text is used here, as an outsider would. */
static void
an_export_can_be_verified(void **state)
{
	static const char cut[] = ",\"hash\":\"";
	struct db *db = open_store();
	unsigned char prev[32] = { 0 };
	struct event *page[5];

	(void)state;
	append(db, 5);
	assert_int_equal(event_list(db, 0, 5, page), 5);
	for (int i = 0; i < 5; i++) {
		char *line = event_json(page[i]), *hash = strstr(line, cut);
		crypto_hash_sha256_state st;
		char hex[65];

		assert_null(strchr(line, '\n'));
		crypto_hash_sha256_init(&st);
		crypto_hash_sha256_update(&st, prev, 32);
		crypto_hash_sha256_update(
		    &st, (unsigned char *)line, (size_t)(hash - line));
		crypto_hash_sha256_update(&st, (unsigned char *)"}", 1);
		crypto_hash_sha256_final(&st, prev);
		sodium_bin2hex(hex, sizeof(hex), prev, 32);
		hash[sizeof(cut) - 1 + 64] = '\0';
		assert_string_equal(hash + sizeof(cut) - 1, hex);
		free(line);
		event_unref(page[i]);
	}
	db_close(db);
}

static const char unlock[] =
    "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;";

static void
tampering_is_noticed(void **state)
{
	static const struct {
		const char *sql;
		int64_t bad;
	} rows[] = {
		{ "SELECT 1", 0 },
		{ "UPDATE event SET body = '{}' WHERE id = 4", 4 },
		{ "UPDATE event SET at = at + 1 WHERE id = 1", 1 },
		{ "UPDATE event SET user_name = 'x' WHERE id = 9", 9 },
		{ "UPDATE event SET hidden = 1 WHERE id = 3", 3 },
		{ "UPDATE event SET scope_org = '' WHERE id = 3", 3 },
		{ "UPDATE event SET hash = zeroblob(32) WHERE id = 5", 5 },
		{ "DELETE FROM event WHERE id = 6", 7 },
		{ "DELETE FROM event WHERE id = 1", 2 },
		{ "UPDATE event SET id = 100 WHERE id = 5;"
		  "UPDATE event SET id = 5 WHERE id = 6;"
		  "UPDATE event SET id = 6 WHERE id = 100",
		    5 },
		{ "DELETE FROM event WHERE id = 2;"
		  "UPDATE event SET id = id - 1 WHERE id > 2",
		    2 },
		{ "UPDATE event SET id = -1 WHERE id = 1", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct db *db = open_store();
		int64_t n, head, bad;
		char hex[65];

		append(db, 10);
		assert_int_equal(db_script(db, unlock), DB_OK);
		assert_int_equal(db_script(db, rows[i].sql), DB_OK);
		assert_int_equal(event_verify(db, &n, &head, &bad, hex), DB_OK);
		assert_int_equal(bad, rows[i].bad);
		db_close(db);
	}
}

static void
the_log_refuses_changes(void **state)
{
	struct db *db = open_store();

	(void)state;
	append(db, 2);
	assert_true(db_script(db, "UPDATE event SET body = '{}'") < 0);
	assert_true(db_script(db, "DELETE FROM event") < 0);
	db_close(db);
}

static void
check_heads(struct db *db, int result, int64_t last, int64_t bad)
{
	int64_t got_last = -1, got_bad = -1;
	char err[200] = "";

	assert_int_equal(
	    heads_check(store, db, &got_last, &got_bad, err, sizeof(err)),
	    result);
	assert_int_equal(got_last, last);
	assert_int_equal(got_bad, bad);
}

static void
a_cut_tail_is_noticed(void **state)
{
	struct db *db = open_store();
	char err[200] = "", path[100];
	struct heads *h;
	struct stat st;

	(void)state;
	append(db, 5);
	h = heads_open(store, db, err, sizeof(err));
	assert_non_null(h);
	check_heads(db, 0, 5, 0);
	snprintf(path, sizeof(path), "%s.key", store);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct event *e = make_event(6);
	assert_int_equal(event_append(db, e, NULL), DB_OK);
	heads_note(h, e);
	event_unref(e);
	heads_due(h); /* not yet */
	check_heads(db, 0, 5, 0);
	heads_close(h);
	check_heads(db, 0, 6, 0);
	assert_int_equal(db_script(db, unlock), DB_OK);
	assert_int_equal(
	    db_script(db, "DELETE FROM event WHERE id > 4"), DB_OK);
	check_heads(db, 0, 6, 5);
	db_close(db);
}

static void
a_forged_head_is_noticed(void **state)
{
	struct db *db = open_store();
	char err[200] = "", path[100];
	struct heads *h;
	FILE *f;

	(void)state;
	append(db, 3);
	h = heads_open(store, db, err, sizeof(err));
	assert_non_null(h);
	heads_close(h);
	snprintf(path, sizeof(path), "%s.heads", store);
	f = fopen(path, "a");
	fprintf(f, "3 torn by a cra");
	fclose(f);
	check_heads(db, 0, 3, 0);
	h = heads_open(store, db, err, sizeof(err)); /* closes the torn line */
	assert_non_null(h);
	heads_close(h);
	check_heads(db, 0, 3, 0);
	f = fopen(path, "a");
	fprintf(f, "2 %064d 1800000000 %0128d\n", 7, 8);
	fclose(f);
	check_heads(db, -1, 3, 0);
	db_close(db);
}

static void
who_sees_what(void **state)
{
	static const struct {
		unsigned roles;
		int64_t user;
		const char *org;
		bool hidden;
		int role;
		int64_t id;
		const char *as_org;
		bool sees;
	} rows[] = {
		{ 31, 0, "", false, ROLE_VIEWER, 5, "", true },
		{ 1, 0, "", false, ROLE_VIEWER, 5, "", false },
		{ 1, 0, "", true, ROLE_ADMIN, 5, "", true },
		{ 0, 0, "", false, ROLE_ADMIN, 5, "", true },
		{ 31, 0, "", true, ROLE_COORDINATOR, 5, "", true },
		{ 31, 0, "", true, ROLE_VIEWER, 5, "", false },
		{ 31, 0, "", true, ROLE_INSPECTOR, 5, "", false },
		{ 31, 5, "", false, ROLE_INSPECTOR, 5, "", true },
		{ 31, 6, "", false, ROLE_INSPECTOR, 5, "", false },
		{ 31, 6, "", false, ROLE_COORDINATOR, 5, "", true },
		{ 31, 0, "x", false, ROLE_UNIT, 5, "x", true },
		{ 31, 0, "x", false, ROLE_UNIT, 5, "y", false },
		{ 31, 0, "x", false, ROLE_INSPECTOR, 5, "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event e = { .roles = rows[i].roles,
			.scope_user = rows[i].user,
			.hidden = rows[i].hidden };

		snprintf(e.scope_org, sizeof(e.scope_org), "%s", rows[i].org);
		assert_int_equal(
		    event_visible(&e, rows[i].id, rows[i].role, rows[i].as_org),
		    rows[i].sees);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_and_pages),
		cmocka_unit_test(an_export_can_be_verified),
		cmocka_unit_test(tampering_is_noticed),
		cmocka_unit_test(the_log_refuses_changes),
		cmocka_unit_test(a_cut_tail_is_noticed),
		cmocka_unit_test(a_forged_head_is_noticed),
		cmocka_unit_test(who_sees_what),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

/* SPDX-License-Identifier: MIT */
/* Passwords, tokens, log-in attempts; accounts and the first administrator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>

#include "shelterd/net/auth.h"
#include "shelterd/first.h"
#include "shelterd/net/route.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/migrate.h"
#include "shelterd/store/token.h"
#include "shelterd/store/user.h"
#include "tests/unit/shelterd/temp.h"

static struct db *
open_store(void)
{
	char err[200] = "";
	struct db *db = db_open(temp_path(), false, err, sizeof(err));

	assert_int_equal(auth_init(), 0);
	assert_int_equal(migrate(db, err, sizeof(err)), DB_OK);
	return db;
}

static void
passwords(void **state)
{
	char hash[AUTH_PASSWORD], again[AUTH_PASSWORD];

	(void)state;
	assert_int_equal(auth_init(), 0);
	assert_int_equal(auth_password_hash("密碼 word", hash), 0);
	assert_int_equal(auth_password_hash("密碼 word", again), 0);
	assert_int_equal(strncmp(hash, "$argon2id$", 10), 0);
	assert_string_not_equal(hash, again); /* salted */
	assert_true(auth_password_check(hash, "密碼 word"));
	assert_false(auth_password_check(hash, "密碼 worD"));
	assert_false(auth_password_check(hash, ""));
	assert_false(auth_password_check(NULL, "no user has this password"));
	assert_false(auth_password_check("", "no user has this password"));
	assert_false(auth_password_check("garbage", "x"));
}

static void
tokens(void **state)
{
	char a[AUTH_TOKEN_TEXT], b[AUTH_TOKEN_TEXT];
	unsigned char x[AUTH_TOKEN], y[AUTH_TOKEN];

	(void)state;
	auth_token_new(a);
	auth_token_new(b);
	assert_int_equal(strlen(a), 4 + 43);
	assert_int_equal(strncmp(a, "shl_", 4), 0);
	assert_int_equal(
	    strspn(a, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
		      "UVWXYZ0123456789-_"),
	    strlen(a));
	assert_string_not_equal(a, b);
	auth_token_hash(a, x);
	auth_token_hash(a, y);
	assert_memory_equal(x, y, AUTH_TOKEN);
	auth_token_hash(b, y);
	assert_memory_not_equal(x, y, AUTH_TOKEN);
}

static void
roles(void **state)
{
	static const int all[] = { ROLE_ADMIN, ROLE_COORDINATOR, ROLE_INSPECTOR,
		ROLE_UNIT, ROLE_VIEWER };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(auth_role(auth_role_word(all[i])), all[i]);
	assert_int_equal(auth_role("root"), 0);
	assert_string_equal(auth_role_word(3), "");
}

static void
attempts_run_out_and_come_back(void **state)
{
	struct auth_limit *l = auth_limit_new();
	int64_t wait = 0, now = 1000;
	int n = 0;

	(void)state;
	while (auth_limit_take(l, "admin", "::1", now, &wait))
		n++;
	assert_int_equal(n, 10);
	assert_in_range(wait, 1, 30);
	assert_false(auth_limit_take(l, "admin", "::1", now + wait - 1, &wait));
	wait = 30;
	assert_true(auth_limit_take(l, "admin", "::1", now + wait, &wait));
	assert_false(auth_limit_take(l, "admin", "::1", now + 30, &wait));
	/* Others are not locked out with them. */
	assert_true(auth_limit_take(l, "admin", "::2", now, &wait));
	assert_true(auth_limit_take(l, "other", "::1", now, &wait));
	auth_limit_forget(l, "admin", "::1");
	for (n = 0; auth_limit_take(l, "admin", "::1", now, &wait);)
		n++;
	assert_int_equal(n, 10);
	auth_limit_free(l);
	auth_limit_free(NULL);
}

static void
the_last_admin_stays(void **state)
{
	struct db *db = open_store();
	struct user a = { .role = ROLE_ADMIN, .name = "a" };
	struct user b = { .role = ROLE_ADMIN, .name = "b" }, out;
	int viewer = ROLE_VIEWER;
	bool yes = true;
	const struct user_change lower = { .role = &viewer };
	const struct user_change disable = { .disabled = &yes };

	(void)state;
	assert_int_equal(user_add(db, &a, NULL, 1), USER_OK);
	assert_int_equal(
	    user_update(db, a.id, 1, &lower, &out), USER_LAST_ADMIN);
	assert_int_equal(
	    user_update(db, a.id, 1, &disable, &out), USER_LAST_ADMIN);
	assert_int_equal(user_add(db, &b, "hash", 1), USER_OK);
	assert_int_equal(user_update(db, a.id, 7, &lower, &out), USER_STALE);
	assert_int_equal(user_update(db, 99, 1, &lower, &out), USER_UNKNOWN);
	assert_int_equal(user_update(db, a.id, 1, &disable, &out), USER_OK);
	assert_int_equal(out.version, 2);
	assert_true(out.disabled);
	assert_int_equal(
	    user_update(db, b.id, 1, &lower, &out), USER_LAST_ADMIN);
	assert_int_equal(user_add(db, &b, NULL, 1), USER_TAKEN);
	db_close(db);
}

static void
log_in_rows(void **state)
{
	struct db *db = open_store();
	struct user u = { .role = ROLE_VIEWER, .name = "王" }, out;
	char hash[AUTH_PASSWORD];
	bool yes = true;
	const struct user_change disable = { .disabled = &yes };

	(void)state;
	assert_int_equal(user_add(db, &u, "hash", 1), USER_OK);
	assert_int_equal(user_login(db, "王", &out, hash), USER_OK);
	assert_string_equal(hash, "hash");
	assert_int_equal(user_login(db, "李", &out, hash), USER_UNKNOWN);
	assert_string_equal(hash, "");
	assert_int_equal(user_update(db, u.id, 1, &disable, &out), USER_OK);
	assert_int_equal(user_login(db, "王", &out, hash), USER_UNKNOWN);
	db_close(db);
}

static void
the_first_admin(void **state)
{
	struct db *db = open_store();
	char err[200], file[80], text[100] = "";
	unsigned char hash[AUTH_TOKEN];
	struct token t;
	struct stat st;
	FILE *f;

	(void)state;
	snprintf(file, sizeof(file), "%s/token", temp_dir);
	assert_int_equal(
	    first_admin(db, "/nonexistent/t", err, sizeof(err)), -1);
	assert_int_equal(user_count(db), 0);
	assert_int_equal(first_admin(db, file, err, sizeof(err)), 0);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	f = fopen(file, "r");
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	auth_token_hash(text, hash);
	assert_int_equal(token_find(db, hash, &t), 1);
	assert_int_equal(event_last(db), 1);
	/* Only once. */
	assert_int_equal(
	    first_admin(db, "/nonexistent/t", err, sizeof(err)), 0);
	assert_int_equal(user_count(db), 1);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords),
		cmocka_unit_test(tokens),
		cmocka_unit_test(roles),
		cmocka_unit_test(attempts_run_out_and_come_back),
		cmocka_unit_test(the_last_admin_stays),
		cmocka_unit_test(log_in_rows),
		cmocka_unit_test(the_first_admin),
	};

	return cmocka_run_group_tests(tests, temp_begin, temp_end);
}

/* SPDX-License-Identifier: MIT */
/*
 * Accounts: see user.h.  Knows nothing of tokens or of who asks.
 */
#include "shelterd/store/user.h"

#include <stdio.h>
#include <string.h>

#include "shelterd/net/route.h"
#include "shelterd/store/db.h"

#define COLUMNS                                               \
	"id, version, name, role, org, disabled, created_at," \
	" password IS NOT NULL"

static void
read_user(struct db_stmt *s, struct user *u)
{
	u->id = db_int(s, 0);
	u->version = db_int(s, 1);
	snprintf(u->name, sizeof(u->name), "%s", db_text(s, 2));
	u->role = (int)db_int(s, 3);
	snprintf(u->org, sizeof(u->org), "%s", db_text(s, 4));
	u->disabled = db_int(s, 5) != 0;
	u->created_at = db_int(s, 6);
	u->has_password = db_int(s, 7) != 0;
}

/* The one row a statement finds. */
static int
one(struct db_stmt *s, struct user *u)
{
	int rc = db_step(s);

	if (rc != DB_ROW)
		return rc < 0 ? USER_ERROR : USER_UNKNOWN;
	read_user(s, u);
	db_done(s);
	return USER_OK;
}

int
user_add(struct db *db, struct user *u, const char *password, int64_t now)
{
	struct db_stmt *s = db_prepare(db,
	    "INSERT INTO account (name, role, org, password, created_at)"
	    " VALUES ($1, $2, $3, $4, $5)");
	int rc;

	db_bind_text(s, 1, u->name);
	db_bind_int(s, 2, u->role);
	db_bind_text(s, 3, u->org);
	db_bind_text(s, 4, password);
	db_bind_int(s, 5, now);
	rc = db_run(s);
	if (rc == DB_CONSTRAINT)
		return USER_TAKEN;
	if (rc != DB_OK)
		return USER_ERROR;
	return user_get(db, db_last_id(db), u);
}

int
user_get(struct db *db, int64_t id, struct user *u)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT " COLUMNS " FROM account WHERE id = $1");

	db_bind_int(s, 1, id);
	return one(s, u);
}

static int64_t
other_admins(struct db *db, int64_t id)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT count(*) FROM account"
			   " WHERE role = $1 AND disabled = 0 AND id <> $2");
	int64_t n = -1;

	db_bind_int(s, 1, ROLE_ADMIN);
	db_bind_int(s, 2, id);
	if (db_step(s) == DB_ROW)
		n = db_int(s, 0);
	db_done(s);
	return n;
}

static int
store_user(struct db *db, const struct user *u, const char *password)
{
	struct db_stmt *s = db_prepare(db,
	    "UPDATE account SET version = version + 1, role = $2, org = $3,"
	    " disabled = $4, password = coalesce($5, password)"
	    " WHERE id = $1");

	db_bind_int(s, 1, u->id);
	db_bind_int(s, 2, u->role);
	db_bind_text(s, 3, u->org);
	db_bind_int(s, 4, u->disabled);
	db_bind_text(s, 5, password);
	return db_run(s) == DB_OK ? USER_OK : USER_ERROR;
}

int
user_update(struct db *db, int64_t id, int64_t version,
    const struct user_change *c, struct user *u)
{
	int rc = user_get(db, id, u);
	bool rules;

	if (rc != USER_OK)
		return rc;
	if (u->version != version)
		return USER_STALE;
	rules = u->role == ROLE_ADMIN && !u->disabled;
	if (c->role != NULL)
		u->role = *c->role;
	if (c->disabled != NULL)
		u->disabled = *c->disabled;
	if (c->org != NULL)
		snprintf(u->org, sizeof(u->org), "%s", c->org);
	if (rules && (u->role != ROLE_ADMIN || u->disabled) &&
	    other_admins(db, id) < 1)
		return USER_LAST_ADMIN;
	rc = store_user(db, u, c->password);
	return rc == USER_OK ? user_get(db, id, u) : rc;
}

int
user_list(struct db *db, int64_t after, int64_t limit,
    void (*fn)(void *, const struct user *), void *arg)
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT " COLUMNS " FROM account WHERE id > $1"
			   " ORDER BY id LIMIT $2");
	struct user u;
	int rc;

	db_bind_int(s, 1, after);
	db_bind_int(s, 2, limit);
	while ((rc = db_step(s)) == DB_ROW) {
		read_user(s, &u);
		fn(arg, &u);
	}
	return rc < 0 ? USER_ERROR : USER_OK;
}

int64_t
user_count(struct db *db)
{
	struct db_stmt *s = db_prepare(db, "SELECT count(*) FROM account");
	int64_t n = -1;

	if (db_step(s) == DB_ROW)
		n = db_int(s, 0);
	db_done(s);
	return n;
}

int
user_login(struct db *db, const char *name, struct user *u, char password[128])
{
	struct db_stmt *s =
	    db_prepare(db, "SELECT " COLUMNS ", password FROM account"
			   " WHERE name = $1 AND disabled = 0");
	int rc;

	password[0] = '\0';
	memset(u, 0, sizeof(*u));
	db_bind_text(s, 1, name);
	rc = db_step(s);
	if (rc != DB_ROW)
		return rc < 0 ? USER_ERROR : USER_UNKNOWN;
	read_user(s, u);
	snprintf(password, 128, "%s", db_text(s, 8));
	db_done(s);
	return USER_OK;
}

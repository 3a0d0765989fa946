/* SPDX-License-Identifier: MIT */
/* Users and their tokens, for letting requests in without the disk. */
#include <stdlib.h>
#include <string.h>
#include "shelterd/room.h"
#include "shelterd/snapshot_part.h"
#include "shelterd/store/db.h"

static int
add_user(struct snap_users *u, struct db_stmt *s)
{
	struct snap_user *users =
	    room_for_one(u->users, &u->users_cap, u->nusers, sizeof(*users));
	if (!users)
		return -1;
	u->users = users;
	u->users[u->nusers++] = (struct snap_user){
		.id = db_int(s, 0),
		.role = (int)db_int(s, 1),
		.name = rowtext_add(&u->text, db_text(s, 2)),
		.org = rowtext_add(&u->text, db_text(s, 3)),
	};
	return 0;
}

static int
by_user_id(const void *a, const void *b)
{
	const struct snap_user *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static int
by_hash(const void *a, const void *b)
{
	const struct snap_token *x = a, *y = b;
	return memcmp(x->hash, y->hash, sizeof(x->hash));
}

static int
add_token(struct snap_users *u, struct db_stmt *s)
{
	size_t len = 0;
	const void *hash = db_blob(s, 0, &len);
	struct snap_user key = { .id = db_int(s, 1) };
	const struct snap_user *user =
	    bsearch(&key, u->users, u->nusers, sizeof(key), by_user_id);
	if (!user || len != sizeof(u->tokens->hash))
		return 0;
	struct snap_token *tokens = room_for_one(
	    u->tokens, &u->tokens_cap, u->ntokens, sizeof(*tokens));
	if (!tokens)
		return -1;
	u->tokens = tokens;
	struct snap_token *t = &u->tokens[u->ntokens++];
	memcpy(t->hash, hash, len);
	t->expires = db_int(s, 2);
	t->user = (size_t)(user - u->users);
	return 0;
}

static int
load(struct snap_users *u, struct db *db)
{
	int step = DB_OK;
	struct db_stmt *s = db_prepare(db,
	    "SELECT id, role, name, org FROM account WHERE disabled = 0"
	    " ORDER BY id");
	while ((step = db_step(s)) == DB_ROW)
		if (add_user(u, s) < 0) {
			db_done(s);
			return -1;
		}
	if (step < 0)
		return step;
	s = db_prepare(db, "SELECT hash, account_id, expires_at FROM token");
	while ((step = db_step(s)) == DB_ROW)
		if (add_token(u, s) < 0) {
			db_done(s);
			return -1;
		}
	if (u->ntokens > 1)
		qsort(u->tokens, u->ntokens, sizeof(*u->tokens), by_hash);
	return step < 0 || rowtext_failed(&u->text) ? -1 : 0;
}

struct snap_users *
snap_users_load(const struct snap_load *l)
{
	struct snap_users *u = calloc(1, sizeof(*u));
	if (!u) {
		snap_fail(l, "users");
		return NULL;
	}
	u->refs = 1;
	if (load(u, l->db) < 0) {
		snap_fail(l, "users");
		snap_users_unref(u);
		return NULL;
	}
	return u;
}

void
snap_users_unref(struct snap_users *u)
{
	if (!u || atomic_fetch_sub(&u->refs, 1) != 1)
		return;
	free(u->users);
	free(u->tokens);
	rowtext_release(&u->text);
	free(u);
}

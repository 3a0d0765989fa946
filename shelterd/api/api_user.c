/* SPDX-License-Identifier: MIT */
/*
 * Accounts and their tokens, for administrators.  A password is hashed on the
 * worker before the writer is asked.  Disabling an account ends all its
 * tokens, a new password those made by logging in.
 */
#include <stdio.h>
#include <string.h>
#include "shelterd/net/auth.h"
#include "shelterd/conf.h"
#include "shelterd/daemon.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/token.h"
#include "shelterd/store/user.h"
#include "shelterd/net/when.h"
#include "shelterd/writer.h"

enum { DAY = 86400 };

static const struct event_scope admins = { .roles = ROLE_ADMIN };

static cJSON *
user_json(const struct user *u)
{
	char at[WHEN_SIZE];
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)u->id);
	cJSON_AddNumberToObject(o, "version", (double)u->version);
	cJSON_AddStringToObject(o, "name", u->name);
	cJSON_AddStringToObject(o, "role", auth_role_word(u->role));
	cJSON_AddStringToObject(o, "org", u->org);
	cJSON_AddBoolToObject(o, "disabled", u->disabled);
	cJSON_AddBoolToObject(o, "has_password", u->has_password);
	cJSON_AddStringToObject(o, "created_at", when_print(u->created_at, at));
	return o;
}

static enum status
user_failed(struct request *req, int result)
{
	switch (result) {
	case USER_UNKNOWN:
		return req_fail(req, ST_NOT_FOUND, "id", "no such user");
	case USER_STALE:
		return req_fail(req, ST_STALE, "If-Match",
		    "the user has another version by now");
	case USER_TAKEN:
		return req_fail(
		    req, ST_CONFLICT, "name", "there is a user of that name");
	case USER_LAST_ADMIN:
		return req_fail(req, ST_CONFLICT, "role",
		    "the last administrator has to stay one");
	default:
		return site_store_failed(req);
	}
}

static void
list_user(void *arg, const struct user *u)
{
	page_add(arg, u->id, user_json(u));
}

static enum status
get_users(struct request *req)
{
	struct page page;

	page_begin(&page, req);
	return page_reply(&page,
	    user_list(req->db, page.after, page.limit + 1, list_user, &page));
}

/* Control characters would make two names that look alike. */
static bool
plain(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

struct password {
	char hash[AUTH_PASSWORD]; /* empty: none given */
};

static enum status
hash_password(struct request *req, struct password *p)
{
	const char *password = body_str(req->body, "password", NULL);

	p->hash[0] = '\0';
	if (password == NULL)
		return ST_OK;
	if (strlen(password) < AUTH_PASSWORD_MIN)
		return req_fail(req, ST_INVALID, "password",
		    "shorter than %d bytes", AUTH_PASSWORD_MIN);
	if (auth_password_hash(password, p->hash) != 0)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	return ST_OK;
}

static enum status
changed(struct request *req, const struct user *u, enum status st)
{
	enum status done = req_event(
	    req, "user.changed", "user", u->id, admins, user_json(u), NULL);

	if (done != ST_OK)
		return done;
	req_touch(req, SNAP_USERS);
	reply_version(req, u->version);
	return reply_json(req, st, user_json(u));
}

static enum status
write_user(struct request *req, void *arg)
{
	struct password *p = arg;
	struct user u = { 0 };
	int result;

	snprintf(u.name, sizeof(u.name), "%s", body_str(req->body, "name", ""));
	snprintf(u.org, sizeof(u.org), "%s", body_str(req->body, "org", ""));
	u.role = auth_role(body_str(req->body, "role", ""));
	result = user_add(req->db, &u, p->hash[0] ? p->hash : NULL, req->now);
	if (result != USER_OK)
		return user_failed(req, result);
	return changed(req, &u, ST_CREATED);
}

static enum status
post_users(struct request *req)
{
	const char *name = body_str(req->body, "name", "");
	struct password p;
	enum status st;

	if (name[0] == '\0' || !plain(name))
		return req_fail(req, ST_INVALID, "name",
		    "empty, or with a control character");
	st = hash_password(req, &p);
	return st == ST_OK ? req_write(req, write_user, &p) : st;
}

static int
end_tokens(struct request *req, const struct user *u, bool new_password)
{
	if (u->disabled)
		return token_delete_of(req->db, u->id, NULL);
	if (new_password)
		return token_delete_of(req->db, u->id, "login");
	return DB_OK;
}

static enum status
change_user(struct request *req, void *arg)
{
	const char *word = body_str(req->body, "role", NULL);
	const char *org = body_str(req->body, "org", NULL);
	int role = word != NULL ? auth_role(word) : 0;
	bool disabled = body_bool(req->body, "disabled", false);
	bool has_disabled =
	    cJSON_GetObjectItemCaseSensitive(req->body, "disabled") != NULL;
	struct password *p = arg;
	const struct user_change c = {
		.role = word != NULL ? &role : NULL,
		.org = org,
		.password = p->hash[0] ? p->hash : NULL,
		.disabled = has_disabled ? &disabled : NULL,
	};
	struct user u;
	int result =
	    user_update(req->db, req_id(req, "id"), req->if_match, &c, &u);

	if (result != USER_OK)
		return user_failed(req, result);
	if (end_tokens(req, &u, c.password != NULL) < 0)
		return site_store_failed(req);
	return changed(req, &u, ST_OK);
}

static enum status
patch_user(struct request *req)
{
	struct password p;
	enum status st = hash_password(req, &p);

	return st == ST_OK ? req_write(req, change_user, &p) : st;
}

/* Tokens. */

static cJSON *
token_json(const struct token *t)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)t->id);
	cJSON_AddNumberToObject(o, "user", (double)t->account_id);
	cJSON_AddStringToObject(o, "label", t->label);
	site_add_time(o, "created_at", t->created_at);
	site_add_time(o, "expires", t->expires_at);
	return o;
}

static void
list_token(void *arg, const struct token *t)
{
	page_add(arg, t->id, token_json(t));
}

static enum status
get_tokens(struct request *req)
{
	struct page page;
	struct user u;
	int result = user_get(req->db, req_id(req, "id"), &u);

	if (result != USER_OK)
		return user_failed(req, result);
	page_begin(&page, req);
	return page_reply(&page, token_list(req->db, u.id, page.after,
				     page.limit + 1, list_token, &page));
}

static enum status
token_event(struct request *req, const struct token *t, bool ended)
{
	cJSON *body = token_json(t);

	cJSON_AddBoolToObject(body, "ended", ended);
	req_touch(req, SNAP_USERS);
	return req_event(
	    req, "token.changed", "token", t->id, admins, body, NULL);
}

static enum status
reply_token(struct request *req, const struct token *t, const char *text)
{
	cJSON *o = token_json(t);
	char *kept;

	cJSON_AddNullToObject(o, "token");
	kept = cJSON_PrintUnformatted(o);
	if (kept != NULL)
		req_keep_instead(req, kept);
	cJSON_free(kept);
	cJSON_ReplaceItemInObject(o, "token", cJSON_CreateString(text));
	return reply_json(req, ST_CREATED, o);
}

static enum status
post_tokens(struct request *req)
{
	int64_t days =
	    body_int(req->body, "days", daemon_conf(req->daemon)->token_days);
	struct token t = {
		.account_id = req_id(req, "id"),
		.created_at = req->now,
		.expires_at = req->now + days * DAY,
	};
	unsigned char hash[AUTH_TOKEN];
	char text[AUTH_TOKEN_TEXT];
	struct user u;
	enum status st;
	int result = user_get(req->db, t.account_id, &u);

	if (result != USER_OK)
		return user_failed(req, result);
	if (u.disabled)
		return req_fail(req, ST_CONFLICT, "id", "the user is disabled");
	snprintf(
	    t.label, sizeof(t.label), "%s", body_str(req->body, "label", ""));
	auth_token_new(text);
	auth_token_hash(text, hash);
	if (token_add(req->db, &t, hash) < 0)
		return site_store_failed(req);
	st = token_event(req, &t, false);
	return st == ST_OK ? reply_token(req, &t, text) : st;
}

static enum status
delete_token(struct request *req)
{
	struct token t;
	enum status st;
	int found = token_get(req->db, req_id(req, "id"), &t);

	if (found < 0 || (found == 1 && token_delete(req->db, t.id) < 0))
		return site_store_failed(req);
	if (found == 0)
		return req_fail(req, ST_NOT_FOUND, "id", "no such token");
	st = token_event(req, &t, true);
	return st == ST_OK ? reply_bytes(req, ST_NO_CONTENT, NULL, NULL, 0)
			   : st;
}

static const struct field list_query[] = {
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field user_body[] = {
	{ .name = "name", .type = F_STRING, .required = true, .maxlen = 63 },
	{ .name = "role",
	    .type = F_STRING,
	    .required = true,
	    .oneof = auth_role_words },
	{ .name = "org", .type = F_STRING, .nullable = true, .maxlen = 127 },
	{ .name = "password",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = 256,
	    .help = "without: only tokens open the account" },
	{ .name = NULL },
};

static const struct field change_body[] = {
	{ .name = "role", .type = F_STRING, .oneof = auth_role_words },
	{ .name = "org", .type = F_STRING, .maxlen = 127 },
	{ .name = "password", .type = F_STRING, .maxlen = 256 },
	{ .name = "disabled", .type = F_BOOL },
	{ .name = NULL },
};

static const struct field token_body[] = {
	{ .name = "label", .type = F_STRING, .required = true, .maxlen = 127 },
	{ .name = "days",
	    .type = F_INTEGER,
	    .min = 1,
	    .max = 3650,
	    .help = "how long it opens; without: token-days of the settings" },
	{ .name = NULL },
};

const struct route routes_user[] = {
	{ .method = "GET",
	    .path = "/v1/users",
	    .roles = ROLE_ADMIN,
	    .on = ON_READER,
	    .query = list_query,
	    .handle = get_users,
	    .summary = "All accounts" },
	{ .method = "POST",
	    .path = "/v1/users",
	    .roles = ROLE_ADMIN,
	    .on = ON_WORKER,
	    .body = user_body,
	    .handle = post_users,
	    .summary = "Add an account" },
	{ .method = "PATCH",
	    .path = "/v1/users/{id}",
	    .roles = ROLE_ADMIN,
	    .on = ON_WORKER,
	    .if_match = true,
	    .body = change_body,
	    .handle = patch_user,
	    .summary = "Change role, org or password, or disable" },
	{ .method = "GET",
	    .path = "/v1/users/{id}/tokens",
	    .roles = ROLE_ADMIN,
	    .on = ON_READER,
	    .query = list_query,
	    .handle = get_tokens,
	    .summary = "An account's tokens, without their text" },
	{ .method = "POST",
	    .path = "/v1/users/{id}/tokens",
	    .roles = ROLE_ADMIN,
	    .on = ON_WRITER,
	    .body = token_body,
	    .handle = post_tokens,
	    .summary = "Make a token; its text is shown this once" },
	{ .method = "DELETE",
	    .path = "/v1/tokens/{id}",
	    .roles = ROLE_ADMIN,
	    .on = ON_WRITER,
	    .handle = delete_token,
	    .summary = "End a token at once" },
	{ .path = NULL },
};

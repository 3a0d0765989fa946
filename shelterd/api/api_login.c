/* SPDX-License-Identifier: MIT */
/*
 * Logging in and out.  The worker checks the password (argon2id, slow on
 * purpose) and asks the writer for a token.  A wrong password, an unknown and
 * a disabled user get the same answer after the same time.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "shelterd/net/auth.h"
#include "shelterd/conf.h"
#include "shelterd/daemon.h"
#include "shelterd/log.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/token.h"
#include "shelterd/store/user.h"
#include "shelterd/net/when.h"
#include "shelterd/writer.h"

enum { DAY = 86400 };

static const struct event_scope admins = { .roles = ROLE_ADMIN };

/* One for the process: attempts count whoever asks. */
static struct auth_limit *limit;
static pthread_once_t limit_once = PTHREAD_ONCE_INIT;

static void
make_limit(void)
{
	limit = auth_limit_new();
}

static cJSON *
me_json(int64_t id, const char *name, int role, const char *org)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)id);
	cJSON_AddStringToObject(o, "name", name);
	cJSON_AddStringToObject(o, "role", auth_role_word(role));
	cJSON_AddStringToObject(o, "org", org);
	return o;
}

static enum status
get_me(struct request *req)
{
	const struct caller *c = &req->caller;

	return reply_json(req, ST_OK, me_json(c->id, c->name, c->role, c->org));
}

static enum status
token_event(struct request *req, const struct token *t, bool ended)
{
	cJSON *body = cJSON_CreateObject();

	cJSON_AddNumberToObject(body, "user", (double)t->account_id);
	cJSON_AddStringToObject(body, "label", t->label);
	site_add_time(body, "expires", t->expires_at);
	cJSON_AddBoolToObject(body, "ended", ended);
	req_touch(req, SNAP_USERS);
	return req_event(
	    req, "token.changed", "token", t->id, admins, body, NULL);
}

static void
set_cookie(struct request *req, const char *text, int64_t seconds)
{
	char cookie[160];

	snprintf(cookie, sizeof(cookie),
	    "shelter_token=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld",
	    text, (long long)seconds);
	reply_header(req, "Set-Cookie", cookie);
}

static enum status
refused(struct request *req)
{
	return req_fail(req, ST_UNAUTHENTICATED, NULL,
	    "no user of that name has that password");
}

static enum status
reply_login(struct request *req, const struct user *u, const struct token *t,
    const char *text)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "token", text);
	cJSON_AddItemToObject(
	    o, "user", me_json(u->id, u->name, u->role, u->org));
	site_add_time(o, "expires", t->expires_at);
	set_cookie(req, text, t->expires_at - t->created_at);
	/* Retried under a key, a log-in is a log-in again. */
	req_keep_instead(req, NULL);
	return reply_json(req, ST_OK, o);
}

/* The account may have been disabled, or got another password, while ours
 * was being checked. */
static enum status
write_login(struct request *req, void *arg)
{
	const struct user *checked = arg;
	int64_t days = daemon_conf(req->daemon)->token_days;
	struct token t = {
		.account_id = checked->id,
		.created_at = req->now,
		.expires_at = req->now + days * DAY,
		.label = "login",
	};
	unsigned char hash[AUTH_TOKEN];
	char text[AUTH_TOKEN_TEXT];
	struct user u;
	enum status st;
	int result = user_get(req->db, checked->id, &u);

	if (result == USER_ERROR)
		return site_store_failed(req);
	if (result != USER_OK || u.version != checked->version)
		return refused(req);
	/* From here on it is this user's doing. */
	req->caller.id = u.id;
	snprintf(req->caller.name, sizeof(req->caller.name), "%s", u.name);
	auth_token_new(text);
	auth_token_hash(text, hash);
	if (token_sweep(req->db, req->now) < 0 ||
	    token_add(req->db, &t, hash) < 0)
		return site_store_failed(req);
	st = token_event(req, &t, false);
	return st == ST_OK ? reply_login(req, &u, &t, text) : st;
}

static enum status
too_many(struct request *req, int64_t wait)
{
	char seconds[24];

	snprintf(seconds, sizeof(seconds), "%lld", (long long)wait);
	reply_header(req, "Retry-After", seconds);
	return req_fail(req, ST_TOO_MANY, "user",
	    "too many attempts; try again in %s s", seconds);
}

static enum status
post_login(struct request *req)
{
	const char *name = body_str(req->body, "user", "");
	const char *password = body_str(req->body, "password", "");
	const char *peer = req->caller.peer;
	char hash[AUTH_PASSWORD];
	struct user u;
	int64_t wait = 0;
	bool right;

	pthread_once(&limit_once, make_limit);
	if (limit == NULL)
		return site_store_failed(req);
	if (!auth_limit_take(limit, name, peer, req->now, &wait))
		return too_many(req, wait);
	if (user_login(req->db, name, &u, hash) == USER_ERROR)
		return site_store_failed(req);
	right = auth_password_check(hash, password);
	log_line(right ? LOG_INFO : LOG_WARN, "login",
	    "user=%lld peer=%s right=%d", (long long)u.id, peer, right);
	if (!right)
		return refused(req);
	auth_limit_forget(limit, name, peer);
	return req_write(req, write_login, &u);
}

static enum status
post_logout(struct request *req)
{
	struct token t;
	enum status st = ST_OK;
	int found = token_find(req->db, req->caller.token, &t);

	if (found < 0 || (found == 1 && token_delete(req->db, t.id) < 0))
		return site_store_failed(req);
	if (found == 1)
		st = token_event(req, &t, true);
	else
		req_no_event(req);
	if (st != ST_OK)
		return st;
	set_cookie(req, "", 0);
	return reply_bytes(req, ST_NO_CONTENT, NULL, NULL, 0);
}

static const struct field login_body[] = {
	{ .name = "user", .type = F_STRING, .required = true, .maxlen = 63 },
	{ .name = "password",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = 256 },
	{ .name = NULL },
};

static const struct field no_fields[] = { { .name = NULL } };

const struct route routes_login[] = {
	{ .method = "POST",
	    .path = "/v1/login",
	    .roles = ROLE_PUBLIC,
	    .on = ON_WORKER,
	    .body = login_body,
	    .handle = post_login,
	    .summary = "A token for a name and a password" },
	{ .method = "POST",
	    .path = "/v1/logout",
	    .roles = ROLE_ANYONE,
	    .on = ON_WRITER,
	    .body = no_fields,
	    .handle = post_logout,
	    .summary = "End the token of this request" },
	{ .method = "GET",
	    .path = "/v1/me",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .handle = get_me,
	    .summary = "Who this token belongs to" },
	{ .path = NULL },
};

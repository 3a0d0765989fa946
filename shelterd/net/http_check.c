/* SPDX-License-Identifier: MIT */
/* The checks before a handler, one function each; see http_check.h. */
#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "shelterd/net/auth.h"
#include "shelterd/net/http_check.h"
#include "shelterd/net/json.h"
#include "shelterd/net/query.h"
#include "shelterd/net/request_private.h"
#include "shelterd/net/schema.h"
#include "shelterd/snapshot.h"
#include "shelterd/net/utf8.h"

enum { KEY_MAX = 128, TOKEN_MAX = 256 };

static bool
reads_only(const struct http_message *msg)
{
	return strcmp(msg->method, "GET") == 0 ||
	       strcmp(msg->method, "HEAD") == 0;
}

/* Origin form, or the path of an absolute one. */
static const char *
path_of(const char *target)
{
	const char *scheme = strstr(target, "://");

	if (target[0] == '/' || scheme == NULL)
		return target;
	target = strchr(scheme + 3, '/');
	return target != NULL ? target : "/";
}

static enum status
take_args(struct request *req, const struct route_match *match)
{
	for (size_t i = 0; i < match->nargs; i++) {
		const struct route_arg *arg = &match->args[i];
		struct request_arg *out = &req->p->args[i];

		out->name = arg->name;
		out->id = -1;
		out->text = req_room(req, arg->value.len + 1);
		if (out->text == NULL)
			return req_fail(
			    req, ST_UNAVAILABLE, NULL, "out of memory");
		req->p->nargs = i + 1;
		if (percent_decode(
			out->text, arg->value.s, arg->value.len, false) < 0)
			return req_fail(
			    req, ST_NOT_FOUND, NULL, "no such path");
		if (route_arg_is_id(arg) &&
		    (!text_integer(out->text, &out->id) || out->id < 0))
			return req_fail(
			    req, ST_NOT_FOUND, "id", "the path holds no id");
	}
	return ST_OK;
}

static enum status
check_path(struct request *req, const struct http_message *msg,
    const struct route_set *set, const char *path, size_t len)
{
	struct route_match match;
	enum status st = route_find(set, msg->method, path, len, &match);

	if (st == ST_NOT_FOUND)
		return req_fail(req, st, NULL, "no route has this path");
	if (st == ST_BAD_METHOD) {
		reply_header(req, "Allow", match.allow);
		return req_fail(
		    req, st, NULL, "this path takes %s", match.allow);
	}
	req->route = match.route;
	return take_args(req, &match);
}

/* The token in the Authorization header or the cookie; false: none. */
static bool
find_token(const struct http_message *msg, const char **token, size_t *len,
    bool *cookie)
{
	static const char name[] = "shelter_token=";
	const char *value = http_field(msg, HTTP_AUTHORIZATION);

	*cookie = false;
	if (value != NULL && strncasecmp(value, "Bearer ", 7) == 0) {
		*token = value + 7 + strspn(value + 7, " ");
		*len = strcspn(*token, " ");
		return true;
	}
	value = http_field(msg, HTTP_COOKIE);
	while (value != NULL && strncmp(value, name, sizeof(name) - 1) != 0) {
		value = strchr(value, ';');
		if (value != NULL)
			value += 1 + strspn(value + 1, " ");
	}
	if (value == NULL)
		return false;
	*cookie = true;
	*token = value + sizeof(name) - 1;
	*len = strcspn(*token, "; ");
	return true;
}

/* Fills the caller; false: the token is not good. */
static bool
identify(struct request *req, const char *token, size_t len)
{
	const struct snap_user *user = NULL;
	unsigned char hash[AUTH_TOKEN];
	char text[TOKEN_MAX + 1];

	if (len == 0 || len > TOKEN_MAX || req->snap == NULL)
		return false;
	memcpy(text, token, len);
	text[len] = '\0';
	auth_token_hash(text, hash);
	user = snapshot_token(req->snap, hash, req->now);
	if (user == NULL)
		return false;
	memcpy(req->caller.token, hash, sizeof(req->caller.token));
	req->caller.id = user->id;
	req->caller.role = (enum role)user->role;
	strncpy(req->caller.name, user->name, sizeof(req->caller.name) - 1);
	strncpy(req->caller.org, user->org, sizeof(req->caller.org) - 1);
	return true;
}

static enum status
unauthenticated(struct request *req, const char *why)
{
	reply_header(req, "WWW-Authenticate", "Bearer");
	return req_fail(req, ST_UNAUTHENTICATED, "Authorization", "%s", why);
}

static enum status
check_caller(struct request *req, const struct http_message *msg)
{
	const char *token = NULL;
	size_t len = 0;
	bool cookie = false, sent = find_token(msg, &token, &len, &cookie);
	bool good = sent && identify(req, token, len);

	if (req->route->roles == ROLE_PUBLIC)
		return ST_OK;
	if (!sent)
		return unauthenticated(req, "a token is needed here");
	if (!good)
		return unauthenticated(
		    req, "the token is unknown, revoked or expired");
	if (!(req->route->roles & (unsigned)req->caller.role))
		return req_fail(
		    req, ST_FORBIDDEN, NULL, "your role may not do this");
	/* Another site's page can make a browser send the cookie, but not
	 * this header. */
	if (cookie && !reads_only(msg) &&
	    http_field(msg, HTTP_X_SHELTER_CLIENT) == NULL)
		return req_fail(req, ST_FORBIDDEN, "X-Shelter-Client",
		    "a write by cookie needs this header");
	return ST_OK;
}

static enum status
check_query(struct request *req, const char *query)
{
	struct query_wrong wrong;

	if (query_parse(&req->p->query, query,
		query != NULL ? strlen(query) : 0, &wrong) &&
	    query_check(&req->p->query, req->route->query, &wrong))
		return ST_OK;
	return req_fail(
	    req, ST_BAD_QUERY, wrong.name, "'%s' %s", wrong.name, wrong.why);
}

static bool
is_json_type(const char *type)
{
	static const char json[] = "application/json";

	return type != NULL && strncasecmp(type, json, sizeof(json) - 1) == 0 &&
	       strchr("; \t", type[sizeof(json) - 1]) != NULL;
}

static enum status
check_schema(struct request *req)
{
	struct schema_wrong wrong;

	if (schema_check(req->body, req->route->body, &wrong))
		return ST_OK;
	if (wrong.path[0] == '\0')
		return req_fail(
		    req, ST_INVALID, NULL, "the body %s", wrong.why);
	return req_fail(
	    req, ST_INVALID, wrong.path, "'%s' %s", wrong.path, wrong.why);
}

static enum status
parse_body(struct request *req, const struct http_message *msg)
{
	struct json_wrong wrong;
	size_t good = utf8_check(msg->body, msg->len);

	if (good != msg->len)
		return req_fail_byte(
		    req, ST_BAD_UTF8, good, "the body stops being UTF-8 here");
	req->body = json_parse(msg->body, msg->len, &wrong);
	if (req->body == NULL)
		return req_fail_byte(req, ST_BAD_JSON, wrong.byte, wrong.why);
	return check_schema(req);
}

static int64_t
body_limit(const struct request *req, int64_t max_body)
{
	return req->route->max_body > 0 ? req->route->max_body : max_body;
}

/* Of a body of that many bytes, come or announced. */
static enum status
check_size(struct request *req, const struct http_message *msg, uint64_t len,
    int64_t limit)
{
	if (!is_json_type(http_field(msg, HTTP_CONTENT_TYPE)))
		return req_fail(req, ST_BAD_TYPE, "Content-Type",
		    "the body must be application/json");
	if (len > (uint64_t)limit)
		return req_fail(req, ST_TOO_LARGE, NULL,
		    "the body is larger than %lld bytes", (long long)limit);
	return ST_OK;
}

static enum status
check_body(
    struct request *req, const struct http_message *msg, int64_t max_body)
{
	struct json_wrong wrong;
	enum status st;

	if (msg->len == 0) {
		if (schema_requires(req->route->body))
			return req_fail_byte(
			    req, ST_BAD_JSON, 0, "a body is needed here");
		if (req->route->body != NULL)
			req->body = json_parse("{}", 2, &wrong);
		return ST_OK;
	}
	st = check_size(req, msg, msg->len, body_limit(req, max_body));
	return st == ST_OK ? parse_body(req, msg) : st;
}

/* A strong entity tag holding a number; the quotes may be missing. */
static bool
parse_version(const char *s, int64_t *version)
{
	size_t n = strlen(s), quoted = n >= 2 && s[0] == '"' && s[n - 1] == '"';
	char digits[24];

	if (quoted) {
		s++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, s, n);
	digits[n] = '\0';
	return text_integer(digits, version) && *version >= 0;
}

static enum status
check_version(struct request *req, const struct http_message *msg)
{
	const char *value = http_field(msg, HTTP_IF_MATCH);

	if (!req->route->if_match)
		return ST_OK;
	if (value == NULL)
		return req_fail(req, ST_NEED_VERSION, "If-Match",
		    "say which version you change");
	if (!parse_version(value, &req->if_match))
		return req_fail(
		    req, ST_BAD_HEADER, "If-Match", "is no \"version\"");
	return ST_OK;
}

static enum status
check_known(struct request *req, const struct http_message *msg)
{
	const char *value = http_field(msg, HTTP_IF_NONE_MATCH);

	if (value == NULL || !reads_only(msg))
		return ST_OK;
	req->p->if_none_match = req_keep_text(req, value);
	return req->p->if_none_match != NULL
		   ? ST_OK
		   : req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
}

static void
hash_part(crypto_generichash_state *state, const char *s, size_t len)
{
	const unsigned char end = 0;

	crypto_generichash_update(state, (const unsigned char *)s, len);
	crypto_generichash_update(state, &end, 1);
}

static enum status
check_key(struct request *req, const struct http_message *msg)
{
	const char *key = http_field(msg, HTTP_IDEMPOTENCY_KEY);
	struct writer_task *task = &req->p->task;
	crypto_generichash_state state;
	size_t n;

	if (key == NULL || reads_only(msg))
		return ST_OK;
	for (n = 0; key[n] > ' ' && key[n] < 0x7f; n++)
		;
	if (key[n] != '\0' || n == 0 || n > KEY_MAX)
		return req_fail(req, ST_BAD_HEADER, "Idempotency-Key",
		    "is not 1 to %d visible characters", KEY_MAX);
	req->p->idempotency_key = req_keep_text(req, key);
	if (req->p->idempotency_key == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	task->idempotency_key = req->p->idempotency_key;
	crypto_generichash_init(&state, NULL, 0, sizeof(task->request_hash));
	hash_part(&state, msg->method, strlen(msg->method));
	hash_part(&state, msg->target, strlen(msg->target));
	hash_part(&state, msg->body, msg->len);
	crypto_generichash_final(
	    &state, task->request_hash, sizeof(task->request_hash));
	return ST_OK;
}

/* Path, caller, query. */
static enum status
check_target(struct request *req, const struct http_message *msg,
    const struct route_set *set)
{
	const char *path = path_of(msg->target);
	size_t len = strcspn(path, "?#");
	enum status st = check_path(req, msg, set, path, len);

	if (st == ST_OK)
		st = check_caller(req, msg);
	if (st == ST_OK)
		st = check_query(req, path[len] == '?' ? path + len + 1 : NULL);
	return st;
}

enum status
http_check(struct request *req, const struct http_message *msg,
    const struct route_set *set, int64_t max_body)
{
	enum status st = check_target(req, msg, set);

	if (st == ST_OK)
		st = check_body(req, msg, max_body);
	if (st == ST_OK)
		st = check_version(req, msg);
	if (st == ST_OK)
		st = check_known(req, msg);
	if (st == ST_OK)
		st = check_key(req, msg);
	return st;
}

enum status
http_check_head(struct request *req, const struct http_message *msg,
    const struct route_set *set, int64_t *most)
{
	int64_t length = msg->head->length;
	enum status st = check_target(req, msg, set);

	if (st != ST_OK)
		return st;
	*most = body_limit(req, *most);
	return length > 0 ? check_size(req, msg, (uint64_t)length, *most)
			  : ST_OK;
}

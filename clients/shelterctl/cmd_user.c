/* SPDX-License-Identifier: MIT */
/* shelterctl user …, token … and login.  Passwords come from stdin, never
   from the command line, where other processes could read them. */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column user_columns[] = {
	{ "id", "id", true },
	{ "name", "name", false },
	{ "role", "role", false },
	{ "org", "organisation", false },
	{ "disabled", "disabled", false },
	{ 0 },
};

static bool
read_line(char *line, size_t size)
{
	struct termios old, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &old) == 0;

	if (terminal) {
		fputs("Password 密码: ", stderr);
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	char *got = fgets(line, (int)size, stdin);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		fputc('\n', stderr);
	}
	if (!got)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* Puts the password from stdin into the body; false: there was none. */
static bool
add_password(struct call *c, cJSON *body)
{
	char line[1024];

	if (!read_line(line, sizeof(line))) {
		ask_failed(c, "no password on stdin");
		return false;
	}
	cJSON_AddStringToObject(body, "password", line);
	explicit_bzero(line, sizeof(line));
	return true;
}

static enum outcome
list(struct call *c)
{
	return ask_list(c, strdup("/v1/users"), user_columns);
}

static enum outcome
add(struct call *c)
{
	cJSON *body = cmd_body("name", c->operand[0]);

	if (!call_option(c, "role")) {
		cJSON_Delete(body);
		return ask_usage(c, "--role ROLE is missing");
	}
	cmd_add_text(body, "role", call_option(c, "role"));
	cmd_add_text(body, "org", call_option(c, "org"));
	if (call_flag(c, "password") && !add_password(c, body)) {
		cJSON_Delete(body);
		return REFUSED;
	}
	return ask_send(c, "POST", strdup("/v1/users"), body, user_columns);
}

static bool
is_user(const cJSON *user, const char *who)
{
	char *id = out_value(out_member(user, "id"));
	const char *name = cJSON_GetStringValue(out_member(user, "name"));
	bool same = (id && !strcmp(id, who)) || (name && !strcmp(name, who));

	free(id);
	return same;
}

/* Id and version of a user told by name or id; false: the refusal is shown. */
static bool
find_user(struct call *c, const char *who, char *id, char *version, size_t size)
{
	struct shelter_reply r;
	const cJSON *user;
	bool found = false;

	if (!shelter_list(c->daemon, "/v1/users", &r)) {
		ask_refused(c, &r);
		shelter_reply_release(&r);
		return false;
	}
	cJSON_ArrayForEach(user, r.json)
	{
		if (found || !is_user(user, who))
			continue;
		char *text = out_value(out_member(user, "id"));
		snprintf(id, size, "%s", text ? text : "");
		free(text);
		text = out_value(out_member(user, "version"));
		snprintf(version, size, "%s", text ? text : "");
		free(text);
		found = true;
	}
	if (!found)
		ask_failed(c, "there is no user '%s'", who);
	shelter_reply_release(&r);
	return found;
}

static enum outcome
set(struct call *c)
{
	cJSON *body = cJSON_CreateObject();
	char id[40], version[40];
	struct shelter_reply r;

	cmd_add_text(body, "role", call_option(c, "role"));
	cmd_add_text(body, "org", call_option(c, "org"));
	if (call_flag(c, "disable") || call_flag(c, "enable"))
		cJSON_AddBoolToObject(
		    body, "disabled", call_flag(c, "disable"));
	if ((call_flag(c, "password") && !add_password(c, body)) ||
	    !find_user(c, c->operand[0], id, version, sizeof(id))) {
		cJSON_Delete(body);
		return REFUSED;
	}
	if (!ask(c, "PATCH", ask_path("/v1/users/%s", id), body, version, &r))
		return REFUSED;
	c->out->object(c->out, r.json, user_columns);
	shelter_reply_release(&r);
	return DONE;
}

static enum outcome
token_add(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", false },
		{ "token", "token", false },
		{ 0 },
	};
	cJSON *body;
	char id[40], version[40];
	double days;
	bool given;

	if (!ask_number(c, "days", 1, 36500, &days, &given))
		return USAGE;
	if (!find_user(c, c->operand[0], id, version, sizeof(id)))
		return REFUSED;
	body = cmd_body("label",
	    call_option(c, "label") ? call_option(c, "label") : "shelterctl");
	if (given)
		cJSON_AddNumberToObject(body, "days", days);
	return ask_send(
	    c, "POST", ask_path("/v1/users/%s/tokens", id), body, columns);
}

static enum outcome
token_list(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", true },
		{ "label", "label", false },
		{ "created_at", "made", false },
		{ "expires", "ends", false },
		{ 0 },
	};
	char id[40], version[40];

	if (!find_user(c, c->operand[0], id, version, sizeof(id)))
		return REFUSED;
	return ask_items(c, ask_path("/v1/users/%s/tokens", id), columns);
}

static enum outcome
token_revoke(struct call *c)
{
	static const struct column none[] = { { 0 } };

	return ask_send(
	    c, "DELETE", ask_path("/v1/tokens/%s", c->operand[0]), NULL, none);
}

static enum outcome
login(struct call *c)
{
	cJSON *body = cmd_body("user", c->operand[0]);
	struct shelter_reply r;

	if (!add_password(c, body)) {
		cJSON_Delete(body);
		return REFUSED;
	}
	if (!ask(c, "POST", strdup("/v1/login"), body, NULL, &r))
		return REFUSED;
	const char *token = cJSON_GetStringValue(out_member(r.json, "token"));
	if (c->out->json)
		c->out->object(c->out, r.json, NULL);
	else
		c->out->note(c->out, "export SHELTER_URL=%s SHELTER_TOKEN=%s",
		    shelter_url(c->daemon), token ? token : "");
	shelter_reply_release(&r);
	return DONE;
}

static const struct option add_options[] = {
	{ "role", "ROLE", "admin, coordinator, inspector, unit or viewer",
	    false },
	{ "org", "NAME", "the organisation of a unit's user", false },
	{ "password", NULL, "read a password from stdin", false },
	{ 0 },
};
static const struct option set_options[] = {
	{ "role", "ROLE", "admin, coordinator, inspector, unit or viewer",
	    false },
	{ "org", "NAME", "the organisation of a unit's user", false },
	{ "password", NULL, "read a new password from stdin", false },
	{ "disable", NULL, "no log-in any more", false },
	{ "enable", NULL, "log-in again", false },
	{ 0 },
};
static const struct option token_options[] = {
	{ "label", "TEXT", "what it is for", false },
	{ "days", "N", "how long it lives", false },
	{ 0 },
};

const struct command commands_user[] = {
	{ "user", "list", "", 0, 0, NULL, "list users", "列出用户", list },
	{ "user", "add", "NAME", 1, 1, add_options, "add a user", "新增用户",
	    add },
	{ "user", "set", "NAME", 1, 1, set_options,
	    "change role, organisation, password, or disable", "修改用户",
	    set },
	{ 0 },
};
const struct command commands_token[] = {
	{ "token", "add", "USER", 1, 1, token_options,
	    "make a token; it is shown this once", "新建令牌（仅显示一次）",
	    token_add },
	{ "token", "list", "USER", 1, 1, NULL, "list a user's tokens",
	    "列出令牌", token_list },
	{ "token", "revoke", "ID", 1, 1, NULL, "end a token", "吊销令牌",
	    token_revoke },
	{ 0 },
};
const struct command commands_login[] = {
	{ "login", NULL, "USER", 1, 1, NULL,
	    "log in with a password from stdin; prints what to export", "登录",
	    login },
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* shelterctl notice …: the rectification notice from draft to closed. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column notice_columns[] = {
	{ "id", "id", true },
	{ "number", "number", false },
	{ "shelter", "shelter", true },
	{ "shelter_name", "name", false },
	{ "org", "organisation", false },
	{ "state", "state", false },
	{ "late", "late", false },
	{ "deadline", "deadline", false },
	{ 0 },
};
static const struct column step_columns[] = {
	{ "seq", "", true },
	{ "action", "action", false },
	{ "from", "from", false },
	{ "to", "to", false },
	{ "user", "user", false },
	{ "at", "at", false },
	{ "text", "text", false },
	{ 0 },
};

static enum outcome
list(struct call *c)
{
	return ask_list(c,
	    shelter_query("/v1/notices", "state", call_option(c, "state"),
		"shelter", call_option(c, "shelter"), NULL),
	    notice_columns);
}

static enum outcome
show(struct call *c)
{
	struct shelter_reply r;

	if (!ask(c, "GET", ask_path("/v1/notices/%s", c->operand[0]), NULL,
		NULL, &r))
		return REFUSED;
	c->out->object(c->out, r.json, notice_columns);
	if (!c->out->json)
		c->out->list(c->out, out_member(r.json, "steps"), step_columns);
	shelter_reply_release(&r);
	return DONE;
}

static enum outcome
step(struct call *c, const char *path, cJSON *body)
{
	return ask_send(
	    c, "POST", ask_path(path, c->operand[0]), body, notice_columns);
}

static enum outcome
issue(struct call *c)
{
	cJSON *body = cmd_body("deadline", call_option(c, "deadline"));

	cmd_add_text(body, "text", call_option(c, "text"));
	return step(c, "/v1/notices/%s/issue", body);
}

static enum outcome
reply(struct call *c)
{
	return step(c, "/v1/notices/%s/reply", cmd_body("text", c->operand[1]));
}

static enum outcome
recheck(struct call *c)
{
	bool pass = call_flag(c, "pass"), fail = call_flag(c, "fail");

	if (pass == fail)
		return ask_usage(c, "say --pass or --fail");
	cJSON *body = cmd_body("text", call_option(c, "text"));
	cJSON_AddBoolToObject(body, "pass", pass);
	return step(c, "/v1/notices/%s/recheck", body);
}

static enum outcome
close_notice(struct call *c)
{
	return step(c, "/v1/notices/%s/close", NULL);
}

static enum outcome
verify(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", true },
		{ "number", "number", false },
		{ "state", "state", false },
		{ "steps", "steps", true },
		{ "events", "events", false },
		{ "ok", "holds", false },
		{ "why", "why not", false },
		{ 0 },
	};
	struct shelter_reply r;

	if (!ask(c, "GET", ask_path("/v1/notices/%s/verify", c->operand[0]),
		NULL, NULL, &r))
		return REFUSED;
	c->out->object(c->out, r.json, columns);
	bool ok = cJSON_IsTrue(out_member(r.json, "ok"));
	shelter_reply_release(&r);
	return ok ? DONE : REFUSED;
}

static const struct option list_options[] = {
	{ "state", "STATE", "draft, issued, answered, rechecked or closed",
	    false },
	{ "shelter", "ID", "of this shelter", false },
	{ 0 },
};
static const struct option issue_options[] = {
	{ "deadline", "TIME", "RFC 3339; by severity if not said", false },
	{ "text", "TEXT", "what the notice says besides its defects", false },
	{ 0 },
};
static const struct option recheck_options[] = {
	{ "pass", NULL, "the repair holds", false },
	{ "fail", NULL, "it does not; the notice is issued again", false },
	{ "text", "TEXT", "what was seen", false },
	{ 0 },
};

const struct command commands_notice[] = {
	{ "notice", "list", "", 0, 0, list_options,
	    "list rectification notices", "列出整改通知书", list },
	{ "notice", "show", "ID", 1, 1, NULL, "show a notice and its steps",
	    "查看通知书及其经过", show },
	{ "notice", "issue", "ID", 1, 1, issue_options, "issue a draft",
	    "签发通知书", issue },
	{ "notice", "reply", "ID TEXT", 2, 2, NULL,
	    "answer for the maintenance unit", "维护单位答复", reply },
	{ "notice", "recheck", "ID", 1, 1, recheck_options,
	    "re-check the repair, by another person", "由他人复查", recheck },
	{ "notice", "close", "ID", 1, 1, NULL,
	    "close a re-checked notice and its defects", "销号", close_notice },
	{ "notice", "verify", "ID", 1, 1, NULL,
	    "hold its steps against its rules and the log",
	    "核验通知书的全过程与审计链", verify },
	{ 0 },
};

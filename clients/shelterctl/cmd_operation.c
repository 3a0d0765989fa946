/* SPDX-License-Identifier: MIT */
/* shelterctl audit, backup, stats, job and rule: running the daemon. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static enum outcome
verify(struct call *c)
{
	static const struct column columns[] = {
		{ "events", "events", false },
		{ "head", "head", false },
		{ "ok", "chain holds", false },
		{ "first_bad", "first bad event", false },
		{ 0 },
	};
	struct shelter_reply r;

	if (!ask(c, "GET", strdup("/v1/audit"), NULL, NULL, &r))
		return REFUSED;
	c->out->object(c->out, r.json, columns);
	bool ok = cJSON_IsTrue(out_member(r.json, "ok"));
	shelter_reply_release(&r);
	return ok ? DONE : REFUSED;
}

static enum outcome
backup(struct call *c)
{
	static const struct column columns[] = {
		{ "path", "written", false },
		{ "bytes", "bytes", false },
		{ "sha256", "sha256", false },
		{ 0 },
	};
	char name[64];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(name, sizeof(name), "shelterd-%Y%m%dT%H%M%SZ.db", &tm);
	return ask_send(c, "POST", strdup("/v1/backup"),
	    cmd_body("name", c->n ? c->operand[0] : name), columns);
}

/* Every member as a line: nouns are added without a change here. */
static enum outcome
stats(struct call *c)
{
	struct shelter_reply r;
	const cJSON *v;

	if (!ask(c, "GET", strdup("/v1/stats"), NULL, NULL, &r))
		return REFUSED;
	if (c->out->json)
		c->out->object(c->out, r.json, NULL);
	cJSON_ArrayForEach(v, r.json)
	{
		char *text = out_value(v);
		c->out->note(c->out, "%-18s %s", v->string, text ? text : "");
		free(text);
	}
	shelter_reply_release(&r);
	return DONE;
}

static const struct column job_columns[] = {
	{ "id", "id", true },
	{ "kind", "kind", false },
	{ "state", "state", false },
	{ "phase", "phase", false },
	{ "done", "done", true },
	{ "total", "of", true },
	{ 0 },
};

static enum outcome
jobs(struct call *c)
{
	return ask_items(c, strdup("/v1/jobs"), job_columns);
}

static enum outcome
cancel(struct call *c)
{
	return ask_send(c, "DELETE", ask_path("/v1/jobs/%s", c->operand[0]),
	    NULL, job_columns);
}

static enum outcome
rules(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "rule", false },
		{ "value", "value", true },
		{ "unit", "unit", false },
		{ "source", "source", false },
		{ "trust", "trust", false },
		{ "verified", "verified", false },
		{ 0 },
	};

	return ask_items(c, strdup("/v1/rules"), columns);
}

const struct command commands_operation[] = {
	{ "audit", "verify", "", 0, 0, NULL, "verify the chain of the log",
	    "校验审计链", verify },
	{ "backup", NULL, "[NAME]", 0, 1, NULL,
	    "copy the running store into the backup folder", "备份", backup },
	{ "stats", NULL, "", 0, 0, NULL, "how much of everything there is",
	    "统计", stats },
	{ "job", "list", "", 0, 0, NULL, "list jobs", "列出后台作业", jobs },
	{ "job", "cancel", "ID", 1, 1, NULL, "cancel a job", "取消作业",
	    cancel },
	{ "rule", "list", "", 0, 0, NULL, "every rule number with its source",
	    "规则数值及出处", rules },
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* shelterctl task …: who inspects what until when. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column task_columns[] = {
	{ "id", "id", true },
	{ "kind", "kind", false },
	{ "shelter", "shelter", true },
	{ "shelter_name", "name", false },
	{ "assignee_name", "assignee", false },
	{ "state", "state", false },
	{ "due", "due", false },
	{ "note", "note", false },
	{ 0 },
};

static enum outcome
list(struct call *c)
{
	return ask_list(c,
	    shelter_query("/v1/tasks", "state", call_option(c, "state"),
		"assignee", call_option(c, "assignee"), NULL),
	    task_columns);
}

static enum outcome
create(struct call *c)
{
	cJSON *body = cmd_body("kind", "inspection");
	const char *due = call_option(c, "due");

	if (!due) {
		cJSON_Delete(body);
		return ask_usage(c, "--due DAY is missing");
	}
	cmd_add_id(body, "shelter", c->operand[0]);
	cmd_add_id(body, "unit", call_option(c, "unit"));
	cmd_add_id(body, "assignee", call_option(c, "assignee"));
	cmd_add_day(body, "due", due, true);
	cmd_add_text(body, "note", call_option(c, "note"));
	return ask_send(c, "POST", strdup("/v1/tasks"), body, task_columns);
}

static enum outcome
assign(struct call *c)
{
	cJSON *body = cJSON_CreateObject();

	cmd_add_id(body, "assignee", c->operand[1]);
	return ask_send(c, "POST",
	    ask_path("/v1/tasks/%s/assign", c->operand[0]), body, task_columns);
}

static enum outcome
accept_task(struct call *c)
{
	return ask_send(c, "POST",
	    ask_path("/v1/tasks/%s/accept", c->operand[0]), NULL, task_columns);
}

static enum outcome
decline(struct call *c)
{
	return ask_send(c, "POST",
	    ask_path("/v1/tasks/%s/decline", c->operand[0]),
	    cmd_body("reason", c->operand[1]), task_columns);
}

static enum outcome
done(struct call *c)
{
	return ask_send(c, "POST", ask_path("/v1/tasks/%s/done", c->operand[0]),
	    NULL, task_columns);
}

static const struct option list_options[] = {
	{ "state", "STATE", "open, assigned, accepted, declined or done",
	    false },
	{ "assignee", "ID", "of this user; me for one's own", false },
	{ 0 },
};
static const struct option create_options[] = {
	{ "due", "DAY", "2026-12-31, or a whole RFC 3339 time", false },
	{ "assignee", "ID", "the inspector; open to all if not said", false },
	{ "unit", "ID", "only this protective unit", false },
	{ "note", "TEXT", "what to look at", false },
	{ 0 },
};

const struct command commands_task[] = {
	{ "task", "list", "", 0, 0, list_options, "list tasks", "列出任务",
	    list },
	{ "task", "create", "SHELTER", 1, 1, create_options,
	    "ask for an inspection", "下达检查任务", create },
	{ "task", "assign", "ID USER", 2, 2, NULL,
	    "give a task to an inspector", "指派任务", assign },
	{ "task", "accept", "ID", 1, 1, NULL, "take on a task", "接受任务",
	    accept_task },
	{ "task", "decline", "ID REASON", 2, 2, NULL, "refuse a task",
	    "拒绝任务", decline },
	{ "task", "done", "ID", 1, 1, NULL, "report a task as done", "完成任务",
	    done },
	{ 0 },
};

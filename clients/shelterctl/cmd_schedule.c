/* SPDX-License-Identifier: MIT */
/* shelterctl inspection schedule and draw: what is due, and who is inspected
   by chance. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

/* The daemon answers by shelter; a row here is an item of a unit. */
static cJSON *
flatten(const cJSON *shelters)
{
	cJSON *rows = cJSON_CreateArray(), *row = NULL;
	const cJSON *s = NULL, *item = NULL;

	cJSON_ArrayForEach(s, shelters)
	{
		cJSON_ArrayForEach(item, out_member(s, "items"))
		{
			row = cJSON_Duplicate(item, true);
			cJSON_AddItemToObject(row, "shelter",
			    cJSON_Duplicate(out_member(s, "shelter"), true));
			cJSON_AddItemToObject(row, "shelter_name",
			    cJSON_Duplicate(
				out_member(s, "shelter_name"), true));
			cJSON_AddItemToArray(rows, row);
		}
	}
	return rows;
}

static enum outcome
list_due(struct call *c)
{
	static const struct column columns[] = {
		{ "shelter", "shelter", true },
		{ "shelter_name", "name", false },
		{ "unit_name", "unit", false },
		{ "item", "item", false },
		{ "zh", "项目", false },
		{ "work", "work", false },
		{ "cycle", "cycle", false },
		{ "last", "last", false },
		{ "due", "due", false },
		{ "missed", "missed", true },
		{ "state", "state", false },
		{ 0 },
	};
	char from[64], until[64];
	char *path = shelter_query("/v1/schedule", "shelter",
	    call_option(c, "shelter"), "item", call_option(c, "item"), "from",
	    cmd_day(call_option(c, "from"), false, from), "until",
	    cmd_day(call_option(c, "until"), true, until), "overdue",
	    call_flag(c, "overdue") ? "true" : NULL, NULL);
	struct shelter_reply r;
	enum outcome end = DONE;

	if (!path)
		return ask_failed(c, "out of memory");
	if (shelter_list(c->daemon, path, &r)) {
		cJSON *rows = flatten(r.json);
		c->out->list(c->out, rows, columns);
		cJSON_Delete(rows);
	} else {
		end = ask_refused(c, &r);
	}
	free(path);
	shelter_reply_release(&r);
	return end;
}

static enum outcome
make_tasks(struct call *c)
{
	static const struct column columns[] = {
		{ "made", "tasks made", true },
		{ "waiting", "not done yet", true },
		{ "until", "due until", false },
		{ "tasks", "tasks", false },
		{ 0 },
	};
	cJSON *body = cJSON_CreateObject();

	cmd_add_id(body, "shelter", call_option(c, "shelter"));
	cmd_add_text(body, "item", call_option(c, "item"));
	cmd_add_day(body, "from", call_option(c, "from"), false);
	cmd_add_day(body, "until", call_option(c, "until"), true);
	cmd_add_id(body, "assignee", call_option(c, "assignee"));
	if (call_flag(c, "overdue"))
		cJSON_AddTrueToObject(body, "overdue");
	return ask_send(c, "POST", strdup("/v1/schedule/tasks"), body, columns);
}

static enum outcome
schedule(struct call *c)
{
	if (call_flag(c, "make-tasks"))
		return make_tasks(c);
	if (call_option(c, "assignee"))
		return ask_usage(c, "--assignee goes with --make-tasks");
	return list_due(c);
}

/* Shows a draw; DONE unless it was checked and does not hold. */
static enum outcome
show_draw(struct call *c, const cJSON *draw)
{
	static const struct column head[] = {
		{ "draw", "draw", true },
		{ "seed", "seed", false },
		{ "seed_by", "seed by", false },
		{ "list_hash", "hash of the lists", false },
		{ "ok", "holds", false },
		{ "why", "why not", false },
		{ 0 },
	};
	static const struct column pairs[] = {
		{ "shelter", "shelter", true },
		{ "shelter_name", "name", false },
		{ "inspector", "inspector", true },
		{ "inspector_name", "inspector", false },
		{ 0 },
	};

	c->out->object(c->out, draw, head);
	if (!c->out->json)
		c->out->list(c->out, out_member(draw, "drawn"), pairs);
	return cJSON_IsFalse(out_member(draw, "ok")) ? REFUSED : DONE;
}

static bool
draw_body(struct call *c, cJSON *body)
{
	double shelters = 0, inspectors = 0;
	bool s = false, i = false;

	if (!ask_number(c, "shelters", 1, 1000, &shelters, &s) ||
	    !ask_number(c, "inspectors", 1, 1000, &inspectors, &i))
		return false;
	if (!s || !i) {
		ask_usage(c, "say --shelters N and --inspectors M, or --check");
		return false;
	}
	cJSON_AddNumberToObject(body, "shelters", shelters);
	cJSON_AddNumberToObject(body, "inspectors", inspectors);
	cmd_add_text(body, "seed", call_option(c, "seed"));
	cmd_add_text(body, "where", call_option(c, "where"));
	cmd_add_day(body, "due", call_option(c, "due"), true);
	return true;
}

static enum outcome
draw(struct call *c)
{
	const char *check = call_option(c, "check");
	struct shelter_reply r;
	cJSON *body = check ? NULL : cJSON_CreateObject();
	bool asked = false;

	if (body && !draw_body(c, body)) {
		cJSON_Delete(body);
		return USAGE;
	}
	asked = check ? ask(c, "GET", ask_path("/v1/draws/%s", check), NULL,
			    NULL, &r)
		      : ask(c, "POST", strdup("/v1/draws"), body, NULL, &r);
	if (!asked)
		return REFUSED;
	enum outcome end = show_draw(c, r.json);
	shelter_reply_release(&r);
	return end;
}

static const struct option schedule_options[] = {
	{ "from", "DAY", "due on that day or later", false },
	{ "until", "DAY", "due on that day or earlier", false },
	{ "shelter", "ID", "of this shelter", false },
	{ "item", "ITEM", "only this of the cycles, for example doors", false },
	{ "overdue", NULL, "only what is late or was never done", false },
	{ "make-tasks", NULL, "a task for each shelter with due work", false },
	{ "assignee", "ID",
	    "the inspector of the tasks; open to all if not said", false },
	{ 0 },
};
static const struct option draw_options[] = {
	{ "shelters", "N", "how many shelters", false },
	{ "inspectors", "M", "how many inspectors, who take turns", false },
	{ "seed", "S", "decides the draw; by the daemon if not said", false },
	{ "where", "EXPR", "only of these shelters", false },
	{ "due", "DAY", "of the tasks", false },
	{ "check", "EVENT", "draw again what this event says was drawn",
	    false },
	{ 0 },
};

const struct command commands_schedule[] = {
	{ "inspection", "schedule", "", 0, 0, schedule_options,
	    "what is due for inspection when", "检查计划及到期情况", schedule },
	{ "inspection", "draw", "", 0, 0, draw_options,
	    "draw shelters and inspectors by chance", "双随机抽查", draw },
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* shelterctl drill …: an exercise from its plan to its report. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/cmd_drill.h"
#include "clients/shelterctl/file.h"

static const struct column drill_columns[] = {
	{ "id", "id", true },
	{ "title", "title", false },
	{ "plan", "plan", true },
	{ "state", "state", false },
	{ "speed", "speed", true },
	{ "started_at", "started", false },
	{ "elapsed_s", "seconds", true },
	{ 0 },
};
static const struct column inject_columns[] = {
	{ "id", "id", true },
	{ "at_s", "at s", true },
	{ "kind", "kind", false },
	{ "signal", "signal", false },
	{ "text", "text", false },
	{ "fired_at_s", "fired s", true },
	{ 0 },
};

static enum outcome
create(struct call *c)
{
	const char *file = call_option(c, "injects");
	cJSON *body = cJSON_CreateObject();
	double speed;
	bool given;
	char why[512];

	if (!ask_number(c, "speed", 0.001, 100000, &speed, &given)) {
		cJSON_Delete(body);
		return USAGE;
	}
	cmd_add_id(body, "plan", c->operand[0]);
	cmd_add_text(body, "title",
	    call_option(c, "title") ? call_option(c, "title") : "Drill 演练");
	if (given)
		cJSON_AddNumberToObject(body, "speed", speed);
	if (file) {
		cJSON *injects = file_read_json(file, why, sizeof(why));
		if (!injects) {
			cJSON_Delete(body);
			return ask_failed(c, "%s", why);
		}
		cJSON_AddItemToObject(body, "injects", injects);
	}
	return ask_send(c, "POST", strdup("/v1/drills"), body, drill_columns);
}

static enum outcome
list(struct call *c)
{
	return ask_list(c, strdup("/v1/drills"), drill_columns);
}

static enum outcome
show(struct call *c)
{
	struct shelter_reply r;

	if (!ask(c, "GET", ask_path("/v1/drills/%s", c->operand[0]), NULL, NULL,
		&r))
		return REFUSED;
	c->out->note(c->out, "EXERCISE 演练");
	c->out->object(c->out, r.json, drill_columns);
	if (!c->out->json)
		c->out->list(
		    c->out, out_member(r.json, "injects"), inject_columns);
	shelter_reply_release(&r);
	return DONE;
}

/* POST /v1/drills/{id}/<what>; body is given away. */
static enum outcome
act(struct call *c, const char *what, cJSON *body)
{
	char *path = NULL, *drill = ask_path("%s", c->operand[0]);

	if (!drill || asprintf(&path, "/v1/drills/%s/%s", drill, what) < 0)
		path = NULL;
	free(drill);
	return ask_send(c, "POST", path, body, drill_columns);
}

static enum outcome
plain(struct call *c)
{
	return act(c, c->command->verb, NULL);
}

static enum outcome
postpone(struct call *c)
{
	cJSON *body = cJSON_CreateObject();
	char *end;

	cJSON_AddNumberToObject(body, "seconds", strtod(c->operand[1], &end));
	if (!*c->operand[1] || *end) {
		cJSON_Delete(body);
		return ask_usage(c, "'%s' is not a number", c->operand[1]);
	}
	return act(c, "postpone", body);
}

static enum outcome
signal_now(struct call *c)
{
	return act(c, "signal", cmd_body("signal", c->operand[1]));
}

static enum outcome
inject(struct call *c)
{
	cJSON *body = cmd_body("text", c->operand[1]);
	double at;
	bool given;

	if (!ask_number(c, "at", 0, 1e6, &at, &given)) {
		cJSON_Delete(body);
		return USAGE;
	}
	if (given)
		cJSON_AddNumberToObject(body, "at_s", at);
	return act(c, "inject", body);
}

static enum outcome
observe(struct call *c)
{
	cJSON *body = cmd_body("text", c->operand[1]);

	cmd_add_id(body, "shelter", call_option(c, "shelter"));
	return act(c, "observe", body);
}

static enum outcome
arrive(struct call *c)
{
	cJSON *body = cJSON_CreateObject();
	cJSON *one = cJSON_CreateObject();
	const char *op = call_option(c, "op");
	char key[SHELTER_KEY_SIZE];
	double people = 1;
	bool given;

	cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "arrivals"), one);
	if (!ask_number(c, "people", 1, 1e6, &people, &given)) {
		cJSON_Delete(body);
		return USAGE;
	}
	shelter_key(key);
	cmd_add_text(one, "op", op ? op : key);
	cmd_add_id(one, "shelter", c->operand[1]);
	cmd_add_id(one, "entrance", call_option(c, "entrance"));
	cJSON_AddNumberToObject(one, "people", people);
	return act(c, "arrivals", body);
}

static enum outcome
report(struct call *c)
{
	static const struct column columns[] = {
		{ "drill", "drill", false },
		{ "planned", "people planned", false },
		{ "actual", "people arrived", false },
		{ "t50", "50 % after s", false },
		{ "t90", "90 % after s", false },
		{ "t100", "100 % after s", false },
		{ "bottleneck", "bottleneck", false },
		{ "events", "from events", false },
		{ 0 },
	};
	static const struct column signals[] = {
		{ "signal", "signal", false },
		{ "zh", "警报", false },
		{ "at_s", "at s", true },
		{ "at", "at", false },
		{ 0 },
	};
	static const struct column shelters[] = {
		{ "id", "id", true },
		{ "name", "name", false },
		{ "planned", "planned", true },
		{ "actual", "actual", true },
		{ "t50", "t50", true },
		{ "t90", "t90", true },
		{ "t100", "t100", true },
		{ 0 },
	};
	struct shelter_reply r;

	if (!ask(c, "GET", ask_path("/v1/drills/%s/report", c->operand[0]),
		NULL, NULL, &r))
		return REFUSED;
	c->out->note(c->out, "EXERCISE 演练");
	c->out->object(c->out, r.json, columns);
	if (!c->out->json) {
		c->out->list(c->out, out_member(r.json, "signals"), signals);
		c->out->list(c->out, out_member(r.json, "shelters"), shelters);
	}
	shelter_reply_release(&r);
	return DONE;
}

static const struct option create_options[] = {
	{ "title", "TEXT", "what the drill is called", false },
	{ "speed", "N", "its clock runs N times as fast as the wall's", false },
	{ "injects", "FILE.json", "timeline instead of the published one",
	    false },
	{ 0 },
};
static const struct option at_option[] = {
	{ "at", "S", "second of the drill; now if not said", false },
	{ 0 },
};
static const struct option shelter_option[] = {
	{ "shelter", "ID", "seen at this shelter", false },
	{ 0 },
};
static const struct option arrive_options[] = {
	{ "people", "N", "how many, 1 if not said", false },
	{ "entrance", "ID", "through this entrance", false },
	{ "op", "KEY", "operation id; a new one if not said", false },
	{ 0 },
};

static const struct option import_options[] = {
	{ "mapping", "M", "a mapping file, by name or path; auto tries all",
	    false },
	{ "field", "NAME=COLUMN", "this column is that field", true },
	{ "layer", "NAME", "of a file with several sheets", false },
	{ "exclude", "FIELD=VALUE", "leave these records out", true },
	{ "replace", NULL, "open entries that are not in the file go", false },
	{ "rejects", "OUT.csv", "write what was refused, with reasons", false },
	{ "dry-run", NULL, "check and count, store nothing", false },
	{ 0 },
};

static const struct option replay_options[] = {
	{ "speed", "N", "drill seconds in a second, 1 if not said; 0: at once",
	    false },
	{ "from", "S", "from this second of the drill", false },
	{ "to", "S", "up to this second of the drill", false },
	{ 0 },
};

const struct command commands_drill[] = {
	{ "drill", "create", "PLAN", 1, 1, create_options,
	    "make a drill from an approved plan", "由已批准方案建立演练",
	    create },
	{ "drill", "list", "", 0, 0, NULL, "list drills", "列出演练", list },
	{ "drill", "show", "ID", 1, 1, NULL, "show a drill and its timeline",
	    "查看演练及时间线", show },
	{ "drill", "start", "ID", 1, 1, NULL, "start the clock", "开始演练",
	    plain },
	{ "drill", "pause", "ID", 1, 1, NULL, "stop the clock for a while",
	    "暂停演练", plain },
	{ "drill", "resume", "ID", 1, 1, NULL, "let the clock run on",
	    "继续演练", plain },
	{ "drill", "postpone", "ID SECONDS", 2, 2, NULL,
	    "move all that is still to come", "推迟后续事项", postpone },
	{ "drill", "signal", "ID SIGNAL", 2, 2, NULL, "sound a signal now",
	    "立即鸣响警报", signal_now },
	{ "drill", "inject", "ID TEXT", 2, 2, at_option,
	    "add an inject to the timeline", "加入导调事件", inject },
	{ "drill", "import", "ID FILE", 2, 2, import_options,
	    "read the timeline from a sheet or table",
	    "从表格导入演练时间线（导调计划）", drill_import },
	{ "drill", "arrive", "ID SHELTER", 2, 2, arrive_options,
	    "count people at a door", "登记到达人数", arrive },
	{ "drill", "observe", "ID TEXT", 2, 2, shelter_option,
	    "write down what was seen", "记录观察", observe },
	{ "drill", "end", "ID", 1, 1, NULL, "end the drill", "结束演练",
	    plain },
	{ "drill", "report", "ID", 1, 1, NULL,
	    "planned against actual, from the log alone",
	    "由日志生成的演练报告", report },
	{ "drill", "replay", "ID", 1, 1, replay_options,
	    "the log once more, at its pace; changes nothing",
	    "按原节奏回放演练日志", drill_replay },
	{ "drill", "compare", "A B", 2, 2, NULL,
	    "two drills side by side, from the log alone", "由日志比较两次演练",
	    drill_compare },
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* shelterctl plan …: make, compare, approve, and write out what was solved. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/file.h"

static const struct column plan_columns[] = {
	{ "id", "id", true },
	{ "title", "title", false },
	{ "state", "state", false },
	{ "people", "people", true },
	{ "sheltered", "sheltered", true },
	{ "person_metres", "person metres", true },
	{ "created_at", "made", false },
	{ 0 },
};
static const struct column plan_detail[] = {
	{ "id", "id", false },
	{ "title", "title", false },
	{ "state", "state", false },
	{ "limit.radius", "within metres", false },
	{ "limit.minutes", "within minutes", false },
	{ "limit.profile", "profile", false },
	{ "limit.at", "at", false },
	{ "where", "shelters where", false },
	{ "people", "people", false },
	{ "sheltered", "sheltered", false },
	{ "left_over.too_far", "left over: too far", false },
	{ "left_over.full", "left over: full", false },
	{ "left_over.no_path", "left over: no path", false },
	{ "person_metres", "person metres", false },
	{ "bound", "proved bound", false },
	{ "homes", "homes", false },
	{ "shelters", "shelters", false },
	{ "arcs", "arcs", false },
	{ "seconds", "seconds", false },
	{ "whole.sheltered", "sheltered with homes whole", false },
	{ "whole.split", "homes the bound splits", false },
	{ "whole.gap_people", "people below the bound", false },
	{ "whole.gap_metres", "metres above the bound", false },
	{ "variant.keep", "kept near plan", false },
	{ "variant.move_price", "price of a move, metres", false },
	{ "variant.moved", "people moved", false },
	{ "variant.stayed", "people who stay", false },
	{ "variant.waiting_metres", "waiting, as metres walked", false },
	{ "variant.longest_s", "longest queue, seconds", false },
	{ "variant.doors_unknown", "shelters of unknown width", false },
	{ "variant.order", "order", false },
	{ "variant.in_time_metres", "in time within metres", false },
	{ "variant.late", "people late", false },
	{ "variant.last_metres", "last arrival, metres", false },
	{ "variant.last_s", "last arrival, seconds", false },
	{ "data_version", "data version", false },
	{ "created_at", "made", false },
	{ "approved_at", "approved", false },
	{ 0 },
};

/* A number that is only sent where it was given. */
static bool
add_number(struct call *c, cJSON *body, const char *option, const char *name,
    double least, double most)
{
	double value;
	bool given;

	if (!ask_number(c, option, least, most, &value, &given))
		return false;
	if (given)
		cJSON_AddNumberToObject(body, name, value);
	return true;
}

static enum outcome
make(struct call *c)
{
	cJSON *body = cJSON_CreateObject();

	if (!cmd_add_limit(c, body, 200) ||
	    !add_number(c, body, "keep", "keep", 1, 1e15) ||
	    !add_number(c, body, "move-price", "move_price", 0, 1000000)) {
		cJSON_Delete(body);
		return USAGE;
	}
	cmd_add_text(body, "profile", call_option(c, "profile"));
	cmd_add_text(body, "at", call_option(c, "at"));
	cmd_add_text(body, "title", call_option(c, "title"));
	cmd_add_text(body, "where", call_option(c, "where"));
	cmd_add_text(body, "order", call_option(c, "order"));
	if (call_flag(c, "whole-homes"))
		cJSON_AddTrueToObject(body, "whole_homes");
	if (call_flag(c, "door-queue"))
		cJSON_AddTrueToObject(body, "door_queue");
	return ask_send(c, "POST", strdup("/v1/plans"), body, plan_detail);
}

static enum outcome
tradeoff(struct call *c)
{
	static const struct column columns[] = {
		{ "from", "price from", true },
		{ "to", "to", true },
		{ "moved", "moved", true },
		{ "person_metres", "person metres", true },
		{ 0 },
	};
	cJSON *body = cJSON_CreateObject();
	struct shelter_reply r;

	if (!cmd_add_limit(c, body, 0) ||
	    !add_number(c, body, "choices", "choices", 2, 200)) {
		cJSON_Delete(body);
		return USAGE;
	}
	cmd_add_text(body, "where", call_option(c, "where"));
	cJSON_AddNumberToObject(body, "plan", atoll(c->operand[0]));
	if (!ask(c, "POST", strdup("/v1/tradeoffs"), body, NULL, &r))
		return REFUSED;
	if (c->out->json) {
		c->out->object(c->out, r.json, columns);
	} else {
		c->out->list(c->out, out_member(r.json, "items"), columns);
		c->out->note(c->out, "%s",
		    cJSON_IsTrue(out_member(r.json, "complete"))
			? "complete: no whole price has a cheaper plan"
			: "not complete: more --choices show more");
	}
	shelter_reply_release(&r);
	return DONE;
}

static enum outcome
queues(struct call *c)
{
	static const struct column columns[] = {
		{ "shelter", "shelter", true },
		{ "people", "people", true },
		{ "seconds", "seconds", true },
		{ 0 },
	};

	return ask_items(
	    c, ask_path("/v1/plans/%s/queues", c->operand[0]), columns);
}

static enum outcome
list(struct call *c)
{
	return ask_list(c, strdup("/v1/plans"), plan_columns);
}

static enum outcome
show(struct call *c)
{
	return ask_get(c, ask_path("/v1/plans/%s", c->operand[0]), plan_detail);
}

static enum outcome
approve(struct call *c)
{
	return ask_send(c, "POST",
	    ask_path("/v1/plans/%s/approve", c->operand[0]), NULL, plan_detail);
}

static enum outcome
diff(struct call *c)
{
	static const struct column columns[] = {
		{ "home", "home", true },
		{ "people", "people", true },
		{ "from", "from", true },
		{ "to", "to", true },
		{ 0 },
	};
	struct shelter_reply r;
	char *path = NULL;
	char *a = ask_path("/v1/plans/%s/diff/", c->operand[0]);
	char *b = ask_path("%s", c->operand[1]);

	if (!a || !b || asprintf(&path, "%s%s", a, b) < 0)
		path = NULL;
	free(a);
	free(b);
	if (!ask(c, "GET", path, NULL, NULL, &r))
		return REFUSED;
	if (c->out->json)
		c->out->object(c->out, r.json, columns);
	else
		c->out->list(c->out, out_member(r.json, "moved"), columns);
	shelter_reply_release(&r);
	return DONE;
}

static enum outcome
assignments(struct call *c)
{
	static const struct column columns[] = {
		{ "home", "home", true },
		{ "shelter", "shelter", true },
		{ "entrance", "entrance", true },
		{ "people", "people", true },
		{ "metres", "metres", true },
		{ 0 },
	};
	char *path = ask_path("/v1/plans/%s/assignments", c->operand[0]);
	char *full = path ? shelter_query(path, "home", call_option(c, "home"),
				"shelter", call_option(c, "shelter"), NULL)
			  : NULL;

	free(path);
	return ask_list(c, full, columns);
}

static enum outcome
left(struct call *c)
{
	static const struct column columns[] = {
		{ "home", "home", true },
		{ "people", "people", true },
		{ "reason", "reason", false },
		{ 0 },
	};

	return ask_items(
	    c, ask_path("/v1/plans/%s/left", c->operand[0]), columns);
}

/* One array of arrays as a CSV file with this header. */
static bool
save_table(const char *dir, const char *name, const char *header,
    const cJSON *rows, char *why, size_t size)
{
	struct text t = { 0 };
	const cJSON *row, *cell;
	char path[4096];

	text_add(&t, "%s\n", header);
	cJSON_ArrayForEach(row, rows)
	{
		cJSON_ArrayForEach(cell, row)
		{
			char *value = out_value(cell);
			text_add(&t, "%s%s", value ? value : "",
			    cell->next ? "," : "\n");
			free(value);
		}
	}
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	bool ok = !t.failed && (size_t)n < sizeof(path);
	if (ok)
		ok = file_write(path, t.p, t.n, why, size);
	else
		snprintf(why, size, "%s/%s: cannot be written", dir, name);
	text_free(&t);
	return ok;
}

static bool
save_summary(const char *dir, const cJSON *summary, char *why, size_t size)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/summary.json", dir) >=
	    (int)sizeof(path)) {
		snprintf(why, size, "%s: too long", dir);
		return false;
	}
	return file_write_json(path, summary, why, size);
}

/* The summary names the solved cost as other solvers do. */
static cJSON *
summary_of(cJSON *problem)
{
	cJSON *s = cJSON_GetObjectItemCaseSensitive(problem, "summary");
	const cJSON *cost = out_member(s, "person_metres");

	if (cJSON_IsNumber(cost) && !out_member(s, "cost"))
		cJSON_AddNumberToObject(s, "cost", cost->valuedouble);
	return s;
}

static enum outcome
problem(struct call *c)
{
	const char *dir = call_option(c, "out");
	struct shelter_reply r;
	char why[4200];

	if (!dir)
		return ask_usage(c, "--out DIR is missing");
	if (mkdir(dir, 0777) == -1 && errno != EEXIST)
		return ask_failed(c, "%s: %s", dir, strerror(errno));
	if (!ask(c, "GET", ask_path("/v1/plans/%s/problem", c->operand[0]),
		NULL, NULL, &r))
		return REFUSED;
	const cJSON *p = r.json;
	cJSON *summary = summary_of(r.json);
	bool ok = save_table(dir, "homes.csv", "home,people",
		      out_member(p, "homes"), why, sizeof(why)) &&
		  save_table(dir, "shelters.csv", "shelter,places",
		      out_member(p, "shelters"), why, sizeof(why)) &&
		  save_table(dir, "arcs.csv", "home,shelter,metres",
		      out_member(p, "arcs"), why, sizeof(why)) &&
		  save_table(dir, "answer.csv", "home,shelter,people",
		      out_member(p, "answer"), why, sizeof(why)) &&
		  save_summary(dir, summary, why, sizeof(why));
	if (ok)
		c->out->object(c->out, summary,
		    (const struct column[]){ { "cost", "person metres", false },
			{ "bound", "proved bound", false },
			{ "sheltered", "sheltered", false },
			{ "left_over", "left over", false }, { 0 } });
	else
		ask_failed(c, "%s", why);
	shelter_reply_release(&r);
	return ok ? DONE : REFUSED;
}

static const struct option make_options[] = {
	{ "radius", "M", "straight line in metres, 200 if not said", false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ "profile", "walk", "or wheelchair: without steps, slower", false },
	{ "at", "HH:MM", "without the ways that are closed then", false },
	{ "whole-homes", NULL, "also keep homes whole where possible", false },
	{ "where", "EXPR", "only these shelters", false },
	{ "title", "TEXT", "what the plan is called", false },
	{ "keep", "PLAN", "stay near this plan; with --move-price", false },
	{ "move-price", "M", "metres that moving a person must save", false },
	{ "door-queue", NULL, "waiting at the doors counts as walking", false },
	{ "order", "ORDER",
	    "walking, or late,last,walking: fewest late, then the earliest "
	    "last arrival, then the metres",
	    false },
	{ 0 },
};
static const struct option tradeoff_options[] = {
	{ "radius", "M", "straight line in metres, as the plan if not said",
	    false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ "where", "EXPR", "only these shelters, as the plan if not said",
	    false },
	{ "choices", "N", "at most so many, 20 if not said", false },
	{ 0 },
};
static const struct option problem_options[] = {
	{ "out", "DIR", "folder for the files", false },
	{ 0 },
};
static const struct option assignment_options[] = {
	{ "home", "ID", "only of this home", false },
	{ "shelter", "ID", "only to this shelter", false },
	{ 0 },
};

const struct command commands_plan[] = {
	{ "plan", "make", "", 0, 0, make_options,
	    "assign every home to a shelter, optimal and proved",
	    "为每户安排掩蔽位置并证明最优", make },
	{ "plan", "list", "", 0, 0, NULL, "list plans", "列出方案", list },
	{ "plan", "show", "ID", 1, 1, NULL, "show a plan", "查看方案", show },
	{ "plan", "assignments", "ID", 1, 1, assignment_options,
	    "who goes where", "查看人员去向", assignments },
	{ "plan", "left", "ID", 1, 1, NULL, "who is left over, and why",
	    "查看未安排人员及原因", left },
	{ "plan", "diff", "A B", 2, 2, NULL, "who moves between two plans",
	    "比较两个方案", diff },
	{ "plan", "tradeoff", "ID", 1, 1, tradeoff_options,
	    "how many moved people save how many metres, by price",
	    "比较少搬动与少走路的取舍", tradeoff },
	{ "plan", "queues", "ID", 1, 1, NULL,
	    "how long people queue at each shelter", "查看各掩蔽所门口排队时间",
	    queues },
	{ "plan", "approve", "ID", 1, 1, NULL, "approve a draft", "批准方案",
	    approve },
	{ "plan", "problem", "ID", 1, 1, problem_options,
	    "write the solved problem and its answer as CSV files",
	    "导出所求解的问题与答案", problem },
	{ 0 },
};

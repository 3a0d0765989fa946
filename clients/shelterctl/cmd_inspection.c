/* SPDX-License-Identifier: MIT */
/* shelterctl inspection …, defect, repair: findings and what they cost.  The
   offline client of inspectors is shelter-field. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static enum outcome
list(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", true },
		{ "shelter", "shelter", true },
		{ "at", "at", false },
		{ "user", "by", false },
		{ "findings", "findings", true },
		{ 0 },
	};

	return ask_list(c,
	    shelter_query(
		"/v1/inspections", "shelter", call_option(c, "shelter"), NULL),
	    columns);
}

static enum outcome
checklist(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", false },
		{ "discipline", "discipline", false },
		{ "zh", "检查项", false },
		{ "en", "item", false },
		{ "severity", "severity", false },
		{ "clause", "clause", false },
		{ 0 },
	};

	return ask_items(c, strdup("/v1/checklist"), columns);
}

/* ITEM=RESULT[:NOTE] into the findings. */
static bool
add_finding(cJSON *findings, const char *text)
{
	char item[80], result[8];
	int used = 0;

	if (sscanf(text, "%79[^=]=%7[a-z]%n", item, result, &used) != 2 ||
	    (text[used] && text[used] != ':'))
		return false;
	cJSON *f = cmd_body("item", item);
	cmd_add_text(f, "result", result);
	if (text[used])
		cmd_add_text(f, "note", text + used + 1);
	return cJSON_AddItemToArray(findings, f);
}

/* A random UUID (RFC 9562, version 4) from a key's digits. */
static void
make_op(char op[37])
{
	char k[SHELTER_KEY_SIZE];

	shelter_key(k);
	k[12] = '4';
	k[16] = "89ab"[k[16] & 3];
	snprintf(op, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", k, k + 8, k + 12, k + 16,
	    k + 20);
}

static enum outcome
submit(struct call *c)
{
	static const struct column columns[] = {
		{ "inspection", "inspection", false },
		{ "defects", "defects", false },
		{ "notice", "notice", false },
		{ "capacity.before", "places before", false },
		{ "capacity.after", "places after", false },
		{ "capacity.binding_rule", "bound by", false },
		{ 0 },
	};
	cJSON *body = cJSON_CreateObject();
	cJSON *findings = cJSON_AddArrayToObject(body, "findings");
	const char *text;
	char op[37];

	for (int i = 0; (text = call_nth(c, "finding", i)); i++)
		if (!add_finding(findings, text)) {
			cJSON_Delete(body);
			return ask_usage(c,
			    "--finding '%s' is not ITEM=pass|fail|na[:NOTE]",
			    text);
		}
	make_op(op);
	cmd_add_text(
	    body, "op", call_option(c, "op") ? call_option(c, "op") : op);
	cmd_add_id(body, "shelter", c->operand[0]);
	cmd_add_id(body, "unit", call_option(c, "unit"));
	cmd_add_id(body, "task", call_option(c, "task"));
	cmd_add_text(body, "work", call_option(c, "work"));
	cmd_add_text(body, "at", call_option(c, "at"));
	if (!call_option(c, "at"))
		cmd_add_now(body, "at");
	return ask_send(c, "POST", strdup("/v1/inspections"), body, columns);
}

static enum outcome
defects(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", true },
		{ "shelter", "shelter", true },
		{ "unit", "unit", true },
		{ "item", "item", false },
		{ "state", "state", false },
		{ "severity", "severity", false },
		{ "notice", "notice", true },
		{ 0 },
	};

	return ask_list(c,
	    shelter_query("/v1/defects", "shelter", call_option(c, "shelter"),
		"state", call_option(c, "state"), NULL),
	    columns);
}

static enum outcome
repairs(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "defect", true },
		{ "shelter", "shelter", true },
		{ "shelter_name", "name", false },
		{ "item", "item", false },
		{ "places", "places back", true },
		{ 0 },
	};

	return ask_items(c, strdup("/v1/repairs"), columns);
}

static const struct option shelter_option[] = {
	{ "shelter", "ID", "of this shelter", false },
	{ 0 },
};
static const struct option defect_options[] = {
	{ "shelter", "ID", "of this shelter", false },
	{ "state", "STATE", "open or closed", false },
	{ 0 },
};
static const struct option submit_options[] = {
	{ "finding", "ITEM=RESULT[:NOTE]", "pass, fail or na", true },
	{ "unit", "ID", "the protective unit", false },
	{ "task", "ID", "the task it answers", false },
	{ "work", "WORK", "routine (if not said), special or replace", false },
	{ "at", "TIME", "RFC 3339; now if not said", false },
	{ "op", "UUID", "operation id; a new one if not said", false },
	{ 0 },
};

const struct command commands_inspection[] = {
	{ "inspection", "list", "", 0, 0, shelter_option, "list inspections",
	    "列出检查记录", list },
	{ "inspection", "submit", "SHELTER", 1, 1, submit_options,
	    "submit findings", "提交检查结果", submit },
	{ "inspection", "checklist", "", 0, 0, NULL,
	    "the items with their clauses", "检查项目及条款", checklist },
	{ "defect", "list", "", 0, 0, defect_options, "list defects",
	    "列出缺陷", defects },
	{ "repair", "list", "", 0, 0, NULL,
	    "open defects, ranked by the places that come back",
	    "按可恢复位置排列的维修", repairs },
	{ 0 },
};

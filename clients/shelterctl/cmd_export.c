/* SPDX-License-Identifier: MIT */
/* shelterctl export …: what the daemon knows, for sheets and maps. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/export.h"

/* Takes items; counts them for the answer. */
static enum outcome
save(struct call *c, const cJSON *items)
{
	static const struct column columns[] = {
		{ "written", "written", false },
		{ "items", "items", false },
		{ 0 },
	};
	const char *path = call_option(c, "out");
	const cJSON *features = out_member(items, "features");
	char why[512];

	if (!export_write(path, c->command->verb, items, why, sizeof(why)))
		return ask_failed(c, "%s", why);
	cJSON *answer = cmd_body("written", path);
	cJSON_AddNumberToObject(
	    answer, "items", cJSON_GetArraySize(features ? features : items));
	c->out->object(c->out, answer, columns);
	cJSON_Delete(answer);
	return DONE;
}

/* Whether --out can be written; otherwise shown as wrong usage. */
static bool
has_out(struct call *c)
{
	const char *path = call_option(c, "out");

	if (path && export_knows(path))
		return true;
	ask_usage(c,
	    path ? "--out '%s' does not end with csv, xlsx, geojson "
		   "or gpkg"
		 : "--out FILE is missing%s",
	    path ? path : "");
	return false;
}

static enum outcome
save_list(struct call *c, char *path)
{
	struct shelter_reply r;
	enum outcome end = REFUSED;

	if (!path)
		return ask_failed(c, "out of memory");
	if (shelter_list(c->daemon, path, &r))
		end = save(c, r.json);
	else
		ask_refused(c, &r);
	shelter_reply_release(&r);
	free(path);
	return end;
}

static enum outcome
save_layer(struct call *c, char *path)
{
	struct shelter_reply r;

	if (!ask(c, "GET", path, NULL, NULL, &r))
		return REFUSED;
	enum outcome end = save(c, r.json);
	shelter_reply_release(&r);
	return end;
}

static enum outcome
shelters(struct call *c)
{
	if (!has_out(c))
		return USAGE;
	return save_list(c, shelter_query("/v1/shelters", "where",
				call_option(c, "where"), NULL));
}

static enum outcome
homes(struct call *c)
{
	return has_out(c) ? save_layer(c, strdup("/v1/map/homes")) : USAGE;
}

static enum outcome
network(struct call *c)
{
	return has_out(c) ? save_layer(c, strdup("/v1/map/network")) : USAGE;
}

static enum outcome
coverage(struct call *c)
{
	const char *minutes = call_option(c, "minutes");
	const char *radius = call_option(c, "radius");

	if (!has_out(c))
		return USAGE;
	return save_layer(
	    c, shelter_query("/v1/coverage/homes", "radius",
		   radius || minutes ? radius : "200", "minutes", minutes,
		   "capacity", call_flag(c, "capacity") ? "true" : NULL, NULL));
}

static enum outcome
plan(struct call *c)
{
	if (!has_out(c))
		return USAGE;
	return save_list(
	    c, ask_path("/v1/plans/%s/assignments", c->operand[0]));
}

static enum outcome
notices(struct call *c)
{
	return has_out(c) ? save_list(c, strdup("/v1/notices")) : USAGE;
}

static enum outcome
drill(struct call *c)
{
	struct shelter_reply r;

	if (!has_out(c))
		return USAGE;
	if (!ask(c, "GET", ask_path("/v1/drills/%s/report", c->operand[0]),
		NULL, NULL, &r))
		return REFUSED;
	const cJSON *rows = out_member(r.json, "shelters");
	enum outcome end =
	    rows ? save(c, rows) : ask_failed(c, "the report is empty");
	shelter_reply_release(&r);
	return end;
}

#define OUT_OPTION                                                         \
	{                                                                  \
		"out", "FILE", "ends with .csv, .xlsx, .geojson or .gpkg", \
		    false                                                  \
	}

static const struct option out_option[] = { OUT_OPTION, { 0 } };
static const struct option shelter_options[] = { OUT_OPTION,
	{ "where", "EXPR", "only these shelters", false }, { 0 } };
static const struct option coverage_options[] = { OUT_OPTION,
	{ "radius", "M", "straight line in metres, 200 if not said", false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ "capacity", NULL, "also who can have a place", false }, { 0 } };

const struct command commands_export[] = {
	{ "export", "shelters", "", 0, 0, shelter_options, "write the register",
	    "导出工程台账", shelters },
	{ "export", "homes", "", 0, 0, out_option, "write homes and people",
	    "导出居民点", homes },
	{ "export", "network", "", 0, 0, out_option, "write streets",
	    "导出道路网", network },
	{ "export", "coverage", "", 0, 0, coverage_options,
	    "write homes with their share of coverage", "导出覆盖情况",
	    coverage },
	{ "export", "plan", "ID", 1, 1, out_option, "write who goes where",
	    "导出方案", plan },
	{ "export", "notices", "", 0, 0, out_option, "write notices",
	    "导出整改通知书", notices },
	{ "export", "drill", "ID", 1, 1, out_option,
	    "write planned against actual per shelter", "导出演练结果", drill },
	{ 0 },
};

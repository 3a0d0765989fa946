/* SPDX-License-Identifier: MIT */
/* The list of nouns, and small things the nouns share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/out.h"

const struct command *const command_nouns[] = { commands_import,
	commands_export, commands_shelter, commands_coverage, commands_whatif,
	commands_siting, commands_street, commands_plan, commands_inspection,
	commands_schedule, commands_task, commands_notice, commands_drill,
	commands_event, commands_user, commands_token, commands_login,
	commands_operation, NULL };

const struct option command_global[] = {
	{ "json", NULL, "one JSON value on stdout, for scripts", false },
	{ "url", "URL", "the daemon, instead of SHELTER_URL", false },
	{ "help", NULL, "what this command takes", false },
	{ 0 },
};

void
cmd_version(const struct shelter_reply *r, char *version, size_t size)
{
	const cJSON *v = out_member(r->json, "version");

	if (r->etag[0])
		snprintf(version, size, "%s", r->etag);
	else if (cJSON_IsNumber(v))
		snprintf(version, size, "%.0f", v->valuedouble);
	else
		snprintf(version, size, "%s",
		    cJSON_IsString(v) ? v->valuestring : "0");
}

void
cmd_add_text(cJSON *body, const char *name, const char *text)
{
	if (text)
		cJSON_AddStringToObject(body, name, text);
}

void
cmd_add_id(cJSON *body, const char *name, const char *text)
{
	char *end;

	if (!text)
		return;
	double v = strtod(text, &end);
	if (*text && !*end && strspn(text, "0123456789") == strlen(text) &&
	    v < 9e15)
		cJSON_AddNumberToObject(body, name, v);
	else
		cJSON_AddStringToObject(body, name, text);
}

bool
cmd_add_limit(struct call *c, cJSON *body, double by)
{
	double radius = by, minutes;
	bool by_radius, by_minutes;

	if (!ask_number(c, "radius", 1, 100000, &radius, &by_radius) ||
	    !ask_number(c, "minutes", 0.1, 600, &minutes, &by_minutes))
		return false;
	if (by_radius && by_minutes) {
		ask_usage(c, "--radius and --minutes exclude another");
		return false;
	}
	if (by_minutes)
		cJSON_AddNumberToObject(body, "minutes", minutes);
	else if (by_radius || by > 0)
		cJSON_AddNumberToObject(body, "radius", radius);
	return true;
}

const char *
cmd_day(const char *text, bool last, char room[64])
{
	if (!text || strlen(text) != 10)
		return text;
	snprintf(room, 64, "%sT%sZ", text, last ? "23:59:59" : "00:00:00");
	return room;
}

void
cmd_add_day(cJSON *body, const char *name, const char *text, bool last)
{
	char room[64];

	cmd_add_text(body, name, cmd_day(text, last, room));
}

void
cmd_add_now(cJSON *body, const char *name)
{
	char text[SHELTER_TIME_SIZE];

	shelter_now(text);
	cmd_add_text(body, name, text);
}

cJSON *
cmd_body(const char *name, const char *text)
{
	cJSON *body = cJSON_CreateObject();

	if (body)
		cmd_add_text(body, name, text);
	return body;
}

/* SPDX-License-Identifier: MIT */
/* shelterctl shelter … and home …: the register, and what is near a place. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column shelter_columns[] = {
	{ "id", "id", true },
	{ "register_id", "register id", false },
	{ "name", "name", false },
	{ "address", "address", false },
	{ "kind", "kind", false },
	{ "places", "places", true },
	{ "usable", "usable", true },
	{ "binding_rule", "bound by", false },
	{ "open_defects", "defects", true },
	{ 0 },
};
static const struct column shelter_detail[] = {
	{ "id", "id", false },
	{ "version", "version", false },
	{ "register_id", "register id", false },
	{ "name", "name", false },
	{ "address", "address", false },
	{ "kind", "kind", false },
	{ "precinct", "precinct", false },
	{ "org", "organisation", false },
	{ "floors", "floors", false },
	{ "note", "note", false },
	{ "at", "lon,lat", false },
	{ "area", "area m2", false },
	{ "places", "places", false },
	{ "usable", "usable now", false },
	{ "without_defects", "without defects", false },
	{ "binding_rule", "bound by", false },
	{ "closed", "closed", false },
	{ "hidden", "hidden", false },
	{ "open_defects", "open defects", false },
	{ "units", "units", false },
	{ "entrances", "entrances", false },
	{ 0 },
};
static const struct column near_columns[] = {
	{ "id", "id", true },
	{ "name", "name", false },
	{ "address", "address", false },
	{ "metres", "metres", true },
	{ "walk_metres", "on foot", true },
	{ "usable", "usable", true },
	{ "free", "free", true },
	{ "binding_rule", "bound by", false },
	{ 0 },
};

enum { FIRST_SHELTERS = 100 };

static enum outcome
shelter_list_some(struct call *c, const char *where)
{
	char limit[16];
	struct shelter_reply r;

	snprintf(limit, sizeof(limit), "%d", FIRST_SHELTERS);
	char *path = shelter_query("/v1/shelters", "where", where, "bbox",
	    call_option(c, "bbox"), "limit", limit, NULL);
	if (!ask(c, "GET", path, NULL, NULL, &r))
		return REFUSED;
	c->out->list(c->out, out_member(r.json, "items"), shelter_columns);
	if (cJSON_IsNumber(out_member(r.json, "next")))
		c->out->note(c->out, "There are more; --all shows them.");
	shelter_reply_release(&r);
	return DONE;
}

static enum outcome
list(struct call *c)
{
	const char *where = call_option(c, "where");

	if (!call_flag(c, "all"))
		return shelter_list_some(c, where);
	return ask_list(c,
	    shelter_query("/v1/shelters", "where", where, "bbox",
		call_option(c, "bbox"), NULL),
	    shelter_columns);
}

static enum outcome
show(struct call *c)
{
	return ask_get(
	    c, ask_path("/v1/shelters/%s", c->operand[0]), shelter_detail);
}

/* One NAME=VALUE into the body; numbers and truths by the field's type. */
static bool
add_field(cJSON *body, const char *pair)
{
	static const char *const numbers[] = { "places", "area", NULL };
	static const char *const truths[] = { "closed", "hidden", NULL };
	char name[64];
	size_t n = strcspn(pair, "=");
	char *end;

	if (!pair[n] || n == 0 || n >= sizeof(name))
		return false;
	memcpy(name, pair, n);
	name[n] = '\0';
	const char *value = pair + n + 1;
	for (int i = 0; numbers[i]; i++) {
		if (strcmp(name, numbers[i]))
			continue;
		double v = strtod(value, &end);
		if (!*value)
			return cJSON_AddNullToObject(body, name) != NULL;
		return !*end && cJSON_AddNumberToObject(body, name, v);
	}
	for (int i = 0; truths[i]; i++) {
		if (strcmp(name, truths[i]))
			continue;
		bool yes = !strcmp(value, "true") || !strcmp(value, "yes");
		bool no = !strcmp(value, "false") || !strcmp(value, "no");
		return (yes || no) && cJSON_AddBoolToObject(body, name, yes);
	}
	return cJSON_AddStringToObject(body, name, value) != NULL;
}

/* The body of --field and --at; NULL: shown as wrong usage. */
static cJSON *
fields_of(struct call *c)
{
	cJSON *body = cJSON_CreateObject();
	const char *pair, *at = call_option(c, "at");
	double place[2];

	for (int i = 0; (pair = call_nth(c, "field", i)); i++)
		if (!add_field(body, pair)) {
			ask_usage(c, "--field '%s' is not NAME=VALUE", pair);
			goto wrong;
		}
	if (at) {
		if (!ask_position(at, &place[0], &place[1])) {
			ask_usage(c, "--at '%s' is not LON,LAT", at);
			goto wrong;
		}
		cJSON_AddItemToObject(
		    body, "at", cJSON_CreateDoubleArray(place, 2));
	}
	if (body && body->child)
		return body;
	ask_usage(c, "nothing to set: give --field or --at");
wrong:
	cJSON_Delete(body);
	return NULL;
}

static enum outcome
set(struct call *c)
{
	struct shelter_reply r;
	cJSON *body = fields_of(c);
	char version[80];

	if (!body)
		return USAGE;
	if (!ask(c, "GET", ask_path("/v1/shelters/%s", c->operand[0]), NULL,
		NULL, &r)) {
		cJSON_Delete(body);
		return REFUSED;
	}
	cmd_version(&r, version, sizeof(version));
	shelter_reply_release(&r);
	if (!ask(c, "PATCH", ask_path("/v1/shelters/%s", c->operand[0]), body,
		version, &r))
		return REFUSED;
	shelter_reply_release(&r);
	return show(c);
}

static enum outcome
add(struct call *c)
{
	cJSON *body = fields_of(c);

	if (!body)
		return USAGE;
	struct shelter_reply r;
	if (!ask(c, "POST", strdup("/v1/shelters"), body, NULL, &r))
		return REFUSED;
	char *id = out_value(out_member(r.json, "id"));
	char *path = ask_path("/v1/shelters/%s", id ? id : "");
	free(id);
	shelter_reply_release(&r);
	return ask_get(c, path, shelter_detail);
}

/* The operand LON,LAT as two texts of a query. */
static bool
place_of(struct call *c, char *lon, char *lat, size_t size)
{
	double x, y;

	if (!ask_position(c->operand[0], &x, &y)) {
		ask_usage(c, "'%s' is not LON,LAT", c->operand[0]);
		return false;
	}
	snprintf(lon, size, "%.10g", x);
	snprintf(lat, size, "%.10g", y);
	return true;
}

static enum outcome
near(struct call *c)
{
	char lon[32], lat[32];

	if (!place_of(c, lon, lat, sizeof(lon)))
		return USAGE;
	return ask_items(c,
	    shelter_query("/v1/shelters/near", "lon", lon, "lat", lat, "k",
		call_option(c, "k"), NULL),
	    near_columns);
}

/* What a person reads of an explanation, whatever its sections are. */
static void
tell(struct out *o, const cJSON *answer)
{
	const cJSON *v;

	cJSON_ArrayForEach(v, answer)
	{
		char *text = cJSON_IsArray(v) ? NULL : out_value(v);
		if (text)
			o->note(o, "%s: %s", v->string, text);
		free(text);
		const cJSON *item;
		if (!cJSON_IsArray(v))
			continue;
		o->note(o, "%s:", v->string);
		cJSON_ArrayForEach(item, v)
		{
			text = out_value(item);
			o->note(o, "  %s", text ? text : "");
			free(text);
		}
	}
}

static enum outcome
explain(struct call *c)
{
	static const struct column columns[] = {
		{ "id", "id", true },
		{ "name", "name", false },
		{ "address", "address", false },
		{ "metres", "metres", true },
		{ "walk_metres", "on foot", true },
		{ "usable", "usable", true },
		{ "free", "free", true },
		{ "reason", "reason", false },
		{ 0 },
	};
	char lon[32], lat[32];
	struct shelter_reply r;

	if (!place_of(c, lon, lat, sizeof(lon)))
		return USAGE;
	if (!ask(c, "GET",
		shelter_query("/v1/explain", "lon", lon, "lat", lat, "radius",
		    call_option(c, "radius"), "minutes",
		    call_option(c, "minutes"), NULL),
		NULL, NULL, &r))
		return REFUSED;
	if (c->out->json) {
		c->out->object(c->out, r.json, columns);
	} else {
		cJSON *items =
		    cJSON_DetachItemFromObjectCaseSensitive(r.json, "nearest");
		if (!items)
			items = cJSON_DetachItemFromObjectCaseSensitive(
			    r.json, "items");
		if (items)
			c->out->list(c->out, items, columns);
		cJSON_Delete(items);
		tell(c->out, r.json);
	}
	shelter_reply_release(&r);
	return DONE;
}

static const struct option list_options[] = {
	{ "all", NULL, "every shelter, not only the first hundred", false },
	{ "where", "EXPR", "for example \"kind != '一般住宅'\"", false },
	{ "bbox", "W,S,E,N", "only inside this box of degrees", false },
	{ 0 },
};
static const struct option set_options[] = {
	{ "field", "NAME=VALUE",
	    "name address kind precinct org floors note places area closed "
	    "hidden",
	    true },
	{ "at", "LON,LAT", "where it stands, WGS84", false },
	{ 0 },
};
static const struct option near_options[] = {
	{ "k", "N", "how many, 5 if not said", false },
	{ 0 },
};
static const struct option limit_options[] = {
	{ "radius", "M", "straight line in metres, 200 if not said", false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ 0 },
};

const struct command commands_shelter[] = {
	{ "shelter", "list", "", 0, 0, list_options, "list shelters",
	    "列出人防工程", list },
	{ "shelter", "show", "ID", 1, 1, NULL, "show one shelter",
	    "查看一个工程", show },
	{ "shelter", "add", "", 0, 0, set_options, "add one shelter",
	    "新增一个工程", add },
	{ "shelter", "set", "ID", 1, 1, set_options,
	    "change fields of a shelter", "修改工程的字段", set },
	{ "shelter", "near", "LON,LAT", 1, 1, near_options,
	    "the nearest shelters of a place", "离某处最近的工程", near },
	{ "shelter", "explain", "LON,LAT", 1, 1, limit_options,
	    "why a place is or is not covered, and what would change it",
	    "说明某处为何被覆盖或未被覆盖", explain },
	{ 0 },
};

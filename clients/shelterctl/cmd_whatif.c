/* SPDX-License-Identifier: MIT */
/* shelterctl coverage whatif: coverage before and after a change that is not
   made. */
#include <stdio.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"

static const struct column whatif_columns[] = {
	{ "people", "people", false },
	{ "before.covered", "covered now", false },
	{ "after.covered", "covered then", false },
	{ "covered_lost", "people who lose that", false },
	{ "covered_gained", "people who gain that", false },
	{ "homes_changed", "homes that change", false },
	{ "before.placed", "with a place now", false },
	{ "after.placed", "with a place then", false },
	{ "placed_lost", "places the closings take", false },
	{ "placed_gained", "places the rest gives", false },
	{ "after.too_far", "too far then", false },
	{ "after.full", "full then", false },
	{ "before.places", "usable places now", false },
	{ "after.places", "usable places then", false },
	{ "limit.radius", "within metres", false },
	{ "limit.minutes", "within minutes", false },
	{ "data_version", "data version", false },
	{ 0 },
};

static bool
add_ids(struct call *c, cJSON *body, const char *name)
{
	cJSON *ids = cJSON_AddArrayToObject(body, name);
	const char *text;
	long long id;
	char rest;

	for (int i = 0; (text = call_nth(c, name, i)) != NULL; i++) {
		if (sscanf(text, "%lld%c", &id, &rest) != 1 || id < 1) {
			ask_usage(c, "--%s '%s' is no id", name, text);
			return false;
		}
		cJSON_AddItemToArray(ids, cJSON_CreateNumber((double)id));
	}
	return true;
}

static bool
add_planned(struct call *c, cJSON *body)
{
	cJSON *sites = cJSON_AddArrayToObject(body, "open");
	double lon, lat;
	const char *text;
	long long places;
	char rest;

	for (int i = 0; (text = call_nth(c, "open", i)) != NULL; i++) {
		if (sscanf(text, "%lf,%lf,%lld%c", &lon, &lat, &places,
			&rest) != 3) {
			ask_usage(c, "--open '%s' is not LON,LAT,PLACES", text);
			return false;
		}
		cJSON *site = cJSON_CreateObject();
		cJSON_AddNumberToObject(site, "lon", lon);
		cJSON_AddNumberToObject(site, "lat", lat);
		cJSON_AddNumberToObject(site, "places", (double)places);
		cJSON_AddItemToArray(sites, site);
	}
	return true;
}

static enum outcome
whatif(struct call *c)
{
	cJSON *body = cJSON_CreateObject();

	if (!cmd_add_limit(c, body, 200) || !add_ids(c, body, "close") ||
	    !add_ids(c, body, "repair") || !add_planned(c, body)) {
		cJSON_Delete(body);
		return USAGE;
	}
	cJSON_AddBoolToObject(body, "capacity", call_flag(c, "capacity"));
	cmd_add_text(body, "where", call_option(c, "where"));
	return ask_send(
	    c, "POST", strdup("/v1/coverage/whatif"), body, whatif_columns);
}

static const struct option whatif_options[] = {
	{ "close", "ID", "a shelter to leave out", true },
	{ "open", "LON,LAT,PLACES", "a planned shelter", true },
	{ "repair", "ID", "a shelter whose open defects count as repaired",
	    true },
	{ "radius", "M", "straight line in metres, 200 if not said", false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ "capacity", NULL, "also who can have a place at the same time",
	    false },
	{ "where", "EXPR", "only these shelters", false },
	{ 0 },
};

const struct command commands_whatif[] = {
	{ "coverage", "whatif", "", 0, 0, whatif_options,
	    "coverage if shelters closed, opened or were repaired; changes "
	    "nothing",
	    "假设关闭、新建或修复掩蔽所后的覆盖情况，不改动任何数据", whatif },
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* shelterctl coverage: who has a place within the limit, and where the gaps
   are. */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/file.h"

static const struct column coverage_columns[] = {
	{ "people", "people", false },
	{ "covered", "covered by distance", false },
	{ "placed", "with a place", false },
	{ "too_far", "too far", false },
	{ "full", "full", false },
	{ "usable_shelters", "usable shelters", false },
	{ "places", "places", false },
	{ "access.mean", "places a person in reach, mean", false },
	{ "access.median", "the same, median", false },
	{ "access.people_below_one", "people with less than one", false },
	{ "access.people_without", "people with none", false },
	{ "limit.radius", "within metres", false },
	{ "limit.minutes", "within minutes", false },
	{ "limit.profile", "profile", false },
	{ "limit.at", "at", false },
	{ "data_version", "data version", false },
	{ "hash", "hash", false },
	{ 0 },
};

/* One of the layers of docs/api.md, saved as GeoJSON. */
static bool
save_layer(struct call *c, const char *route, const char *file, bool access)
{
	struct shelter_reply r;
	char why[256];

	if (!ask(c, "GET",
		shelter_query(route, "radius", call_option(c, "radius"),
		    "minutes", call_option(c, "minutes"), "capacity",
		    call_flag(c, "capacity") ? "true" : NULL, "profile",
		    call_option(c, "profile"), "at", call_option(c, "at"),
		    "where", call_option(c, "where"), "access",
		    access ? "true" : NULL, NULL),
		NULL, NULL, &r))
		return false;
	bool ok = file_write_json(file, r.json, why, sizeof(why));
	shelter_reply_release(&r);
	if (!ok)
		ask_failed(c, "%s", why);
	return ok;
}

static enum outcome
coverage(struct call *c)
{
	static const struct {
		const char *option, *route;
	} layers[] = { { "gaps", "/v1/coverage/gaps" },
		{ "area", "/v1/coverage/area" },
		{ "homes", "/v1/coverage/homes" } };
	double value;
	bool radius, minutes;

	if (!ask_number(c, "radius", 1, 100000, &value, &radius) ||
	    !ask_number(c, "minutes", 0.1, 600, &value, &minutes))
		return USAGE;
	if (radius && minutes)
		return ask_usage(c, "--radius and --minutes exclude another");
	bool access = call_flag(c, "access");
	for (size_t i = 0; i < sizeof(layers) / sizeof(*layers); i++) {
		const char *file = call_option(c, layers[i].option);
		bool homes = !strcmp(layers[i].option, "homes");
		if (file &&
		    !save_layer(c, layers[i].route, file, access && homes))
			return REFUSED;
	}
	return ask_get(c,
	    shelter_query("/v1/coverage", "radius",
		radius || minutes ? call_option(c, "radius") : "200", "minutes",
		call_option(c, "minutes"), "capacity",
		call_flag(c, "capacity") ? "true" : NULL, "profile",
		call_option(c, "profile"), "at", call_option(c, "at"), "where",
		call_option(c, "where"), "access", access ? "true" : NULL,
		NULL),
	    coverage_columns);
}

static const struct option coverage_options[] = {
	{ "radius", "M", "straight line in metres, 200 if not said", false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ "profile", "walk", "or wheelchair: without steps, slower", false },
	{ "at", "HH:MM", "without the ways that are closed then", false },
	{ "capacity", NULL, "also who can have a place at the same time",
	    false },
	{ "access", NULL, "also places per person in reach", false },
	{ "where", "EXPR", "only these shelters", false },
	{ "gaps", "OUT.geojson", "write the gaps and their people", false },
	{ "area", "OUT.geojson", "write the covered area", false },
	{ "homes", "OUT.geojson", "write the homes and their share", false },
	{ 0 },
};

const struct command commands_coverage[] = {
	{ "coverage", NULL, "", 0, 0, coverage_options,
	    "who has a usable place within the limit",
	    "谁在限定范围内有可用的掩蔽位置", coverage },
	{ 0 },
};

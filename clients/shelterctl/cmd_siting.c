/* SPDX-License-Identifier: MIT */
/* shelterctl siting: where the next shelters would help most. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/cmd.h"
#include "clients/shelterctl/csv.h"
#include "clients/shelterctl/file.h"

static const struct column site_columns[] = {
	{ "adds", "adds people", true },
	{ "lon", "lon", true },
	{ "lat", "lat", true },
	{ "places", "places", true },
	{ "candidate", "candidate", true },
	{ "home", "home", true },
	{ 0 },
};
static const struct column siting_columns[] = {
	{ "candidates", "candidates", false },
	{ "without", "people without", false },
	{ "reached", "of these reached", false },
	{ "bound", "proved bound", false },
	{ "gap", "gap", false },
	{ "proved", "proved best", false },
	{ "before.covered", "covered now", false },
	{ "after.covered", "covered then", false },
	{ "before.placed", "with a place now", false },
	{ "after.placed", "with a place then", false },
	{ "limit.radius", "within metres", false },
	{ "limit.minutes", "within minutes", false },
	{ "data_version", "data version", false },
	{ 0 },
};

/* "lon", "lat" and, if there is one, "places" of a record; false: no numbers
 * there. */
static bool
add_candidate(cJSON *candidates, const struct csv_record *r)
{
	static const char *const names[] = { "lon", "lat", "places" };
	cJSON *site = cJSON_CreateObject();
	bool good = !r->problem && r->n >= 2;

	for (size_t i = 0; good && i < r->n && i < 3; i++) {
		char *end;
		double v = strtod(r->field[i], &end);

		if (i == 2 && !r->field[i][0])
			break;
		good = end != r->field[i] && !end[strspn(end, " \t\r")];
		cJSON_AddNumberToObject(site, names[i], v);
	}
	if (good)
		cJSON_AddItemToArray(candidates, site);
	else
		cJSON_Delete(site);
	return good;
}

/* Lines of lon,lat[,places], after a heading or not. */
static bool
add_candidates(struct call *c, cJSON *body, const char *path)
{
	cJSON *candidates = cJSON_AddArrayToObject(body, "candidates");
	struct csv_record r = { 0 };
	struct csv csv;
	char why[256];
	size_t len;
	bool good = true, first = true;
	char *text = file_read(path, &len, why, sizeof(why));

	if (!text) {
		ask_failed(c, "%s", why);
		return false;
	}
	csv_init(&csv, text, len);
	while (good && csv_next(&csv, &r)) {
		good = add_candidate(candidates, &r) || first;
		if (!good)
			ask_failed(c, "%s:%lld: not lon,lat[,places]", path,
			    (long long)r.line);
		first = false;
	}
	csv_record_release(&r);
	free(text);
	if (good && cJSON_GetArraySize(candidates) == 0) {
		ask_failed(c, "%s: no candidates", path);
		good = false;
	}
	return good;
}

static enum outcome
show(struct call *c, cJSON *body)
{
	struct shelter_reply r;

	if (!ask(c, "POST", strdup("/v1/siting"), body, NULL, &r))
		return REFUSED;
	if (!c->out->json)
		c->out->list(c->out, out_member(r.json, "sites"), site_columns);
	c->out->object(c->out, r.json, siting_columns);
	shelter_reply_release(&r);
	return DONE;
}

static enum outcome
siting(struct call *c)
{
	const char *file = call_option(c, "candidates");
	cJSON *body = cJSON_CreateObject();
	double n = 1, places;
	bool given;

	if (!ask_number(c, "n", 1, 64, &n, &given) ||
	    !ask_number(c, "places", 1, 1000000, &places, &given) ||
	    !cmd_add_limit(c, body, 200)) {
		cJSON_Delete(body);
		return USAGE;
	}
	cJSON_AddNumberToObject(body, "n", n);
	if (given)
		cJSON_AddNumberToObject(body, "places", places);
	cJSON_AddBoolToObject(body, "capacity", call_flag(c, "capacity"));
	cmd_add_text(body, "where", call_option(c, "where"));
	if (file && !add_candidates(c, body, file)) {
		cJSON_Delete(body);
		return REFUSED;
	}
	return show(c, body);
}

static const struct option siting_options[] = {
	{ "n", "N", "how many shelters, 1 if not said", false },
	{ "candidates", "FILE",
	    "lines of lon,lat[,places]; the homes if not said", false },
	{ "radius", "M", "straight line in metres, 200 if not said", false },
	{ "minutes", "T", "minutes on foot instead", false },
	{ "capacity", NULL,
	    "count people without a place, each shelter takes its places",
	    false },
	{ "places", "P", "places of a new shelter", false },
	{ "where", "EXPR", "only these of the shelters that exist", false },
	{ 0 },
};

const struct command commands_siting[] = {
	{ "siting", NULL, "", 0, 0, siting_options,
	    "where the next shelters would help most, with a proved bound",
	    "再建掩蔽所选址：建在何处受益人数最多，并给出可证明的上界",
	    siting },
	{ 0 },
};

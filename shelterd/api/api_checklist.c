/* SPDX-License-Identifier: MIT */
/*
 * The checklist as it was loaded from etc/rules/checklists.csv.
 */
#include "shelterd/daemon.h"
#include "shelterd/net/request.h"

/* Which items of the cycles it is a check of. */
static void
add_cycles(cJSON *o, const struct rules *r, size_t item)
{
	cJSON *cycles = cJSON_AddArrayToObject(o, "cycles");

	for (size_t i = 0; i < r->ncycles; i++)
		for (size_t j = 0; j < r->cycles[i].nchecks; j++)
			if (r->cycles[i].check[j] == item)
				cJSON_AddItemToArray(cycles,
				    cJSON_CreateString(r->cycles[i].id));
}

static cJSON *
item_json(const struct rules *r, const struct checklist_item *item)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "id", item->id);
	cJSON_AddStringToObject(o, "discipline", item->discipline);
	cJSON_AddStringToObject(o, "zh", item->zh);
	cJSON_AddStringToObject(o, "en", item->en);
	cJSON_AddStringToObject(o, "clause", item->clause);
	cJSON_AddStringToObject(o, "clause_zh", item->clause_zh);
	cJSON_AddStringToObject(o, "severity", item->severity);
	cJSON_AddStringToObject(
	    o, "effect", derating_effect_name(item->effect));
	if (item->effect == DERATE_FACTOR)
		cJSON_AddNumberToObject(o, "factor", item->factor);
	cJSON_AddStringToObject(o, "trust", item->trust);
	cJSON_AddStringToObject(o, "scale", "own");
	add_cycles(o, r, (size_t)(item - r->items));
	return o;
}

static enum status
get_checklist(struct request *req)
{
	const struct rules *rules = snapshot_rules(req->snap);
	cJSON *o = cJSON_CreateObject();
	cJSON *items = cJSON_AddArrayToObject(o, "items");

	for (size_t i = 0; i < rules->nitems; i++)
		cJSON_AddItemToArray(items, item_json(rules, &rules->items[i]));
	cJSON_AddNullToObject(o, "next");
	return reply_json(req, ST_OK, o);
}

const struct route routes_checklist[] = {
	{ .method = "GET",
	    .path = "/v1/checklist",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .handle = get_checklist,
	    .summary = "The items an inspection looks at, with their clauses" },
	{ .path = NULL },
};

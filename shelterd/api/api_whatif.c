/* SPDX-License-Identifier: MIT */
/*
 * What-if over HTTP.  A POST for the length of its question; it changes
 * nothing.  Ids the caller may not see do not exist here either.
 */
#include <stdlib.h>
#include <string.h>

#include "shelterd/daemon.h"
#include "shelterd/rules.h"
#include "shelterd/site.h"
#include "shelterd/map/whatif_json.h"

enum { HOMES_SHOWN = 1000 };

/* An array of ids, malloc'd; ST_INVALID names the one that is nobody's. */
static enum status
read_ids(struct request *req, const char *name, int64_t **ids, size_t *n)
{
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(req->body, name);
	const cJSON *item;
	char field[64];

	*n = 0;
	*ids = malloc(((size_t)cJSON_GetArraySize(array) + 1) * sizeof(**ids));
	if (*ids == NULL)
		return site_store_failed(req);
	cJSON_ArrayForEach(item, array)
	{
		int64_t id = (int64_t)item->valuedouble;

		if (site_shelter(req, id) == NULL) {
			snprintf(field, sizeof(field), "%s[%zu]", name, *n);
			return req_fail(req, ST_INVALID, field,
			    "no shelter has the id %lld", (long long)id);
		}
		(*ids)[(*n)++] = id;
	}
	return ST_OK;
}

static enum status
read_open(struct request *req, struct whatif_site **open, size_t *n)
{
	const cJSON *array =
	    cJSON_GetObjectItemCaseSensitive(req->body, "open");
	const cJSON *item;

	*n = 0;
	*open =
	    malloc(((size_t)cJSON_GetArraySize(array) + 1) * sizeof(**open));
	if (*open == NULL)
		return site_store_failed(req);
	cJSON_ArrayForEach(item, array)(*open)[(*n)++] = (struct whatif_site){
		{ body_num(item, "lon", 0), body_num(item, "lat", 0) },
		body_int(item, "places", 1)
	};
	return ST_OK;
}

static enum status
compute(
    struct request *req, const struct whatif_ask *ask, struct whatif *result)
{
	struct gis_fail fail = { -1, "" };
	int r = whatif_make(req->snap, ask, result, &fail);

	if (r == WHATIF_TOO_MANY)
		return req_fail(req, ST_INVALID, "repair",
		    "more than %d shelters would be opened", WHATIF_MOST_OPEN);
	if (r == COVERAGE_GEOMETRY)
		return req_fail(req, ST_INTERNAL, NULL, "%s", fail.what);
	if (r < 0)
		return req_fail(
		    req, ST_UNAVAILABLE, NULL, "%s", assign_strerror(r));
	return ST_OK;
}

static void
add_homes(cJSON *o, const struct whatif *w)
{
	cJSON *homes = cJSON_AddArrayToObject(o, "homes");

	whatif_add_count(o, "homes_changed", true, (int64_t)w->nhomes);
	for (size_t i = 0; i < w->nhomes && i < HOMES_SHOWN; i++) {
		const struct whatif_home *h = &w->homes[i];
		cJSON *item = cJSON_CreateObject();

		site_add_id(item, "home", h->home->id);
		cJSON_AddStringToObject(item, "name", h->home->name);
		whatif_add_count(item, "people", true, h->home->people);
		whatif_add_count(item, "before", true, h->before);
		whatif_add_count(item, "after", true, h->after);
		cJSON_AddItemToArray(homes, item);
	}
}

static cJSON *
whatif_json(const struct whatif_ask *ask, const struct whatif *w)
{
	cJSON *o = cJSON_CreateObject();

	whatif_add_effect(o, &ask->coverage, w);
	add_homes(o, w);
	whatif_add_count(o, "data_version", true, w->data_version);
	return o;
}

static enum status
post_whatif(struct request *req)
{
	const char *text = body_str(req->body, "where", "");
	struct whatif_ask ask = {
		.coverage = { .capacity =
				  body_bool(req->body, "capacity", false),
		    .hidden = site_office(&req->caller),
		    .where_text = text,
		    .now = req->now },
		.snap_reach = snapshot_rules(req->snap)->snap_reach,
	};
	int64_t *close = NULL, *mend = NULL;
	struct whatif_site *open = NULL;
	struct where *where = NULL;
	struct whatif w = { 0 };
	enum status st = plan_limit_read(req, req->body, &ask.coverage.limit);

	if (st == ST_OK)
		st = plan_where_read(req, text, &where);
	if (st == ST_OK)
		st = read_ids(req, "close", &close, &ask.nclose);
	if (st == ST_OK)
		st = read_ids(req, "repair", &mend, &ask.nrepair);
	if (st == ST_OK)
		st = read_open(req, &open, &ask.nopen);
	ask.coverage.where = where;
	ask.close = close;
	ask.repair = mend;
	ask.open = open;
	if (st == ST_OK)
		st = compute(req, &ask, &w);
	if (st == ST_OK)
		st = reply_json(req, ST_OK, whatif_json(&ask, &w));
	whatif_release(&w);
	where_free(where);
	free(close);
	free(mend);
	free(open);
	return st;
}

static const struct field planned[] = {
	{ .name = "lon",
	    .type = F_NUMBER,
	    .required = true,
	    .min = -180,
	    .max = 180 },
	{ .name = "lat",
	    .type = F_NUMBER,
	    .required = true,
	    .min = -90,
	    .max = 90 },
	{ .name = "places",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 1,
	    .max = 1000000 },
	{ .name = NULL },
};

static const struct field whatif_body[] = {
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	PLAN_CAPACITY_FIELD,
	PLAN_WHERE_FIELD,
	{ .name = "close",
	    .type = F_ARRAY,
	    .item = F_INTEGER,
	    .maxlen = WHATIF_MOST,
	    .help = "shelters to leave out" },
	{ .name = "repair",
	    .type = F_ARRAY,
	    .item = F_INTEGER,
	    .maxlen = WHATIF_MOST,
	    .help = "shelters whose open defects count as repaired" },
	{ .name = "open",
	    .type = F_ARRAY,
	    .of = planned,
	    .maxlen = WHATIF_MOST_OPEN,
	    .help = "planned shelters" },
	{ .name = NULL },
};

const struct route routes_whatif[] = {
	{ .method = "POST",
	    .path = "/v1/coverage/whatif",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .body = whatif_body,
	    .handle = post_whatif,
	    .summary = "coverage if shelters closed, opened or were repaired" },
	{ .path = NULL },
};

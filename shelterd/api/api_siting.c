/* SPDX-License-Identifier: MIT */
/*
 * Siting over HTTP: where the next n shelters would help most, as a job.
 * Stores nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/daemon.h"
#include "shelterd/rules.h"
#include "shelterd/site.h"
#include "shelterd/map/siting.h"
#include "shelterd/map/whatif_json.h"

enum { BODY_BYTES = 16 << 20 };

/* What was asked, kept until the job ends. */
struct order {
	struct siting_ask ask;
	char *where_text;
	struct where *where;
	struct whatif_site *candidate;
	struct job *job;
};

static void
order_free(void *arg)
{
	struct order *o = arg;

	where_free(o->where);
	free(o->where_text);
	free(o->candidate);
	free(o);
}

static int
tell(void *arg, size_t done, size_t total)
{
	struct order *o = arg;

	if (total > 0)
		job_progress(o->job, "siting", (int64_t)done, (int64_t)total);
	return job_cancelled(o->job);
}

static cJSON *
site_item(const struct siting_site *s, bool places)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "lon", s->site.lonlat.x);
	cJSON_AddNumberToObject(o, "lat", s->site.lonlat.y);
	whatif_add_count(o, "places", places, s->site.places);
	whatif_add_count(
	    o, "candidate", s->home == NULL, (int64_t)s->candidate);
	site_add_id(o, "home", s->home != NULL ? s->home->id : 0);
	whatif_add_count(o, "adds", true, s->adds);
	return o;
}

static cJSON *
siting_json(const struct siting_ask *ask, const struct siting_result *r)
{
	cJSON *o = cJSON_CreateObject(), *sites;
	double gap =
	    r->bound > 0 ? 1 - (double)r->reached / (double)r->bound : 0;

	sites = cJSON_AddArrayToObject(o, "sites");
	for (size_t i = 0; i < r->n; i++)
		cJSON_AddItemToArray(
		    sites, site_item(&r->site[i], ask->coverage.capacity));
	whatif_add_count(o, "candidates", true, (int64_t)r->candidates);
	whatif_add_count(o, "without", true, r->people);
	whatif_add_count(o, "reached", true, r->reached);
	whatif_add_count(o, "bound", true, r->bound);
	cJSON_AddNumberToObject(o, "gap", round(gap * 1e6) / 1e6);
	cJSON_AddBoolToObject(o, "proved", r->reached == r->bound);
	whatif_add_effect(o, &ask->coverage, &r->effect);
	whatif_add_count(o, "data_version", true, r->effect.data_version);
	return o;
}

static enum status
run(struct job *job, void *arg)
{
	struct order *o = arg;
	struct gis_fail fail = { -1, "" };
	struct siting_result result = { 0 };
	enum status st = ST_OK;
	int r;

	o->job = job;
	r = siting_make(job_snapshot(job), &o->ask, tell, o, &result, &fail);
	if (r == 0)
		job_result(job, siting_json(&o->ask, &result));
	else if (r == ASSIGN_CANCELLED)
		st = job_fail(job, ST_CONFLICT, NULL, "cancelled");
	else if (r == SITING_TOO_MANY)
		st = job_fail(job, ST_INVALID, "candidates",
		    "more than %d homes in reach of all candidates; name "
		    "fewer candidates",
		    SITING_MOST_WAYS);
	else if (r == COVERAGE_GEOMETRY)
		st = job_fail(job, ST_INTERNAL, NULL, "%s", fail.what);
	else
		st = job_fail(
		    job, ST_UNAVAILABLE, NULL, "%s", assign_strerror(r));
	siting_release(&result);
	return st;
}

/* Candidates without places of their own get those of the request. */
static bool
read_candidates(struct request *req, struct order *o)
{
	const cJSON *array =
	    cJSON_GetObjectItemCaseSensitive(req->body, "candidates");
	const cJSON *item;

	o->candidate = malloc(
	    ((size_t)cJSON_GetArraySize(array) + 1) * sizeof(*o->candidate));
	if (o->candidate == NULL)
		return false;
	cJSON_ArrayForEach(item, array) o->candidate[o->ask.ncandidates++] =
	    (struct whatif_site){ { body_num(item, "lon", 0),
				      body_num(item, "lat", 0) },
		    body_int(item, "places", o->ask.places) };
	o->ask.candidate = o->candidate;
	return true;
}

static enum status
read_order(struct request *req, struct order *o)
{
	struct coverage_ask *c = &o->ask.coverage;
	enum status st = plan_limit_read(req, req->body, &c->limit);

	o->where_text = strdup(body_str(req->body, "where", ""));
	o->ask.n = (size_t)body_int(req->body, "n", 1);
	o->ask.places = body_int(req->body, "places", 1);
	o->ask.snap_reach = snapshot_rules(req->snap)->snap_reach;
	if (o->where_text == NULL || !read_candidates(req, o))
		return site_store_failed(req);
	if (st == ST_OK)
		st = plan_where_read(req, o->where_text, &o->where);
	c->capacity = body_bool(req->body, "capacity", false);
	c->hidden = site_office(&req->caller);
	c->where_text = o->where_text;
	c->where = o->where;
	c->now = req->now;
	if (st == ST_OK && c->capacity && body_int(req->body, "places", 0) == 0)
		return req_fail(req, ST_INVALID, "places",
		    "say how many places a new shelter has");
	return st;
}

static enum status
post_siting(struct request *req)
{
	struct order *o = calloc(1, sizeof(*o));
	enum status st;

	if (o == NULL)
		return site_store_failed(req);
	st = read_order(req, o);
	if (st != ST_OK) {
		order_free(o);
		return st;
	}
	return reply_job(req, req_job(req, "siting", run, o, order_free));
}

#define PLACES_FIELD                                                           \
	{                                                                      \
		.name = "places", .type = F_INTEGER, .min = 1, .max = 1000000, \
		.help = "places of a new shelter"                              \
	}

static const struct field candidate[] = {
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
	PLACES_FIELD,
	{ .name = NULL },
};

static const struct field siting_body[] = {
	{ .name = "n",
	    .type = F_INTEGER,
	    .min = 1,
	    .max = WHATIF_MOST_OPEN,
	    .help = "how many shelters, 1 if not said" },
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	{ .name = "capacity",
	    .type = F_BOOL,
	    .help = "people without a place count, places are bounded" },
	PLACES_FIELD,
	{ .name = "where",
	    .type = F_STRING,
	    .maxlen = WHERE_MAX,
	    .help = "which of the shelters that exist take part" },
	{ .name = "candidates",
	    .type = F_ARRAY,
	    .of = candidate,
	    .maxlen = SITING_MOST_CANDIDATES,
	    .help = "where one may be built; the homes if none" },
	{ .name = NULL },
};

const struct route routes_siting[] = {
	{ .method = "POST",
	    .path = "/v1/siting",
	    .roles = ROLE_OFFICE,
	    .on = ON_LOOP,
	    .max_body = BODY_BYTES,
	    .body = siting_body,
	    .handle = post_siting,
	    .summary = "where the next shelters would help most, as a job" },
	{ .path = NULL },
};

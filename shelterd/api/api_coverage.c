/* SPDX-License-Identifier: MIT */
/*
 * Coverage over HTTP.  Callers who may not see hidden works get the coverage
 * of the others: hidden works take no part, so that nothing about them follows
 * from any radius or expression.
 */
#include <stdlib.h>
#include <string.h>

#include "shelterd/api/tile_reply.h"
#include "shelterd/map/coverage_access.h"
#include "shelterd/map/coverage_json.h"
#include "shelterd/map/map_tile.h"
#include "shelterd/site.h"

/* *access, asked for by ?access=, may be NULL: nobody wants it. */
static enum status
compute(struct request *req, struct coverage **out, double **access)
{
	const char *text = req_query(req, "where", "");
	struct coverage_ask ask = { .capacity =
					req_query_bool(req, "capacity", false),
		.hidden = site_office(&req->caller),
		.where_text = text,
		.now = req->now };
	struct gis_fail fail = { -1, "" };
	struct where *where;
	enum status st = plan_limit_read(req, NULL, &ask.limit);
	int r;

	if (st == ST_OK)
		st = plan_where_read(req, text, &where);
	if (st != ST_OK)
		return st;
	if (!ask.limit.by_minutes && !plan_limit_plain(&ask.limit)) {
		where_free(where);
		return req_fail(req, ST_BAD_QUERY, "minutes",
		    "profile and at need minutes: a straight line has neither"
		    " steps nor hours");
	}
	ask.where = where;
	r = coverage_get(req->snap, &ask, NULL, NULL, out, &fail);
	if (r == 0 && access != NULL && req_query_bool(req, "access", false) &&
	    (*access = coverage_access(*out, &ask)) == NULL) {
		coverage_unref(*out);
		r = ASSIGN_NO_MEMORY;
	}
	where_free(where);
	if (r == COVERAGE_GEOMETRY)
		return req_fail(req, ST_INTERNAL, NULL, "%s", fail.what);
	if (r < 0)
		return req_fail(
		    req, ST_UNAVAILABLE, NULL, "%s", assign_strerror(r));
	return ST_OK;
}

static enum status
get_coverage(struct request *req)
{
	struct coverage *c;
	double *access = NULL;
	enum status st = compute(req, &c, &access);
	cJSON *o;

	if (st != ST_OK)
		return st;
	o = coverage_totals_json(c, access);
	coverage_unref(c);
	free(access);
	return reply_json(req, ST_OK, o);
}

static enum status
reply_geojson(struct request *req, char *text, const struct gis_fail *fail)
{
	if (text == NULL)
		return req_fail(req, ST_INTERNAL, NULL, "%s", fail->what);
	return reply_bytes(
	    req, ST_OK, "application/geo+json", text, strlen(text));
}

static enum status
reply_collection(struct request *req,
    char *(*print)(const struct coverage *, struct gis_fail *))
{
	struct gis_fail fail = { -1, "" };
	struct coverage *c;
	enum status st = compute(req, &c, NULL);
	char *text;

	if (st != ST_OK)
		return st;
	text = print(c, &fail);
	coverage_unref(c);
	return reply_geojson(req, text, &fail);
}

static enum status
get_area(struct request *req)
{
	return reply_collection(req, coverage_area_json);
}

static enum status
get_gaps(struct request *req)
{
	return reply_collection(req, coverage_gaps_json);
}

static enum status
get_homes(struct request *req)
{
	struct gis_fail fail = { -1, "" };
	struct coverage *c;
	double *access = NULL;
	enum status st = compute(req, &c, &access);
	char *text;

	if (st != ST_OK)
		return st;
	text = coverage_homes_json(c, access, &fail);
	coverage_unref(c);
	free(access);
	return reply_geojson(req, text, &fail);
}

static enum status
get_tile(struct request *req)
{
	struct gis_tile_at at;
	struct coverage *c;
	unsigned char *bytes;
	size_t len = 0;
	enum status st = tile_read(req, &at);

	if (st == ST_OK)
		st = compute(req, &c, NULL);
	if (st != ST_OK)
		return st;
	bytes = map_tile_coverage(c, at, &len);
	coverage_unref(c);
	return tile_reply(req, bytes, len);
}

static const struct field layer_query[] = {
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	PLAN_PROFILE_FIELD,
	PLAN_AT_FIELD,
	PLAN_CAPACITY_FIELD,
	PLAN_WHERE_FIELD,
	{ .name = NULL },
};

static const struct field coverage_query[] = {
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	PLAN_PROFILE_FIELD,
	PLAN_AT_FIELD,
	PLAN_CAPACITY_FIELD,
	PLAN_WHERE_FIELD,
	{ .name = "access",
	    .type = F_BOOL,
	    .help = "also places per person in reach" },
	{ .name = NULL },
};

const struct route routes_coverage[] = {
	{ .method = "GET",
	    .path = "/v1/coverage",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .query = coverage_query,
	    .handle = get_coverage,
	    .summary = "who has a place within the limit" },
	{ .method = "GET",
	    .path = "/v1/coverage/area",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .query = layer_query,
	    .handle = get_area,
	    .summary = "the covered area as GeoJSON" },
	{ .method = "GET",
	    .path = "/v1/coverage/gaps",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .query = layer_query,
	    .handle = get_gaps,
	    .summary = "who is left out, where and why, as GeoJSON" },
	{ .method = "GET",
	    .path = "/v1/coverage/homes",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .query = coverage_query,
	    .handle = get_homes,
	    .summary = "homes with their share as GeoJSON" },
	{ .method = "GET",
	    .path = "/v1/coverage/tiles/{z}/{x}/{y}",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .query = layer_query,
	    .handle = get_tile,
	    .summary = "the covered area and the homes as a vector tile" },
	{ .path = NULL },
};

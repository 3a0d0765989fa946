/* SPDX-License-Identifier: MIT */
/*
 * Coverage over HTTP.  Callers who may not see hidden works get the coverage
 * of the others: hidden works take no part, so that nothing about them follows
 * from any radius or expression.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/api/tile_reply.h"
#include "shelterd/map/coverage_access.h"
#include "shelterd/map/coverage_json.h"
#include "shelterd/map/map_tile.h"
#include "shelterd/site.h"

/* What was asked, and its answer; release also after failure. */
struct asked {
	struct coverage_ask ask;
	struct where *where;
	struct coverage *coverage;
	double *access; /* with ?access=, or NULL */
};

static void
asked_release(struct asked *a)
{
	coverage_unref(a->coverage);
	where_free(a->where);
	free(a->access);
}

static enum status
failed(struct request *req, int r, const struct gis_fail *fail)
{
	if (r == COVERAGE_GEOMETRY)
		return req_fail(req, ST_INTERNAL, NULL, "%s", fail->what);
	return req_fail(req, ST_UNAVAILABLE, NULL, "%s", assign_strerror(r));
}

static enum status
read_ask(struct request *req, struct asked *a)
{
	const char *text = req_query(req, "where", "");
	enum status st;

	*a = (struct asked){ .ask = { .capacity = req_query_bool(
					  req, "capacity", false),
				 .hidden = site_office(&req->caller),
				 .where_text = text,
				 .now = req->now } };
	st = plan_limit_read(req, NULL, &a->ask.limit);
	if (st == ST_OK)
		st = plan_where_read(req, text, &a->where);
	a->ask.where = a->where;
	if (st == ST_OK && !a->ask.limit.by_minutes &&
	    !plan_limit_plain(&a->ask.limit))
		st = req_fail(req, ST_BAD_QUERY, "minutes",
		    "profile and at need minutes: a straight line has neither"
		    " steps nor hours");
	return st;
}

static enum status
compute_asked(struct request *req, struct asked *a)
{
	struct gis_fail fail = { -1, "" };
	int r;

	r = coverage_get(req->snap, &a->ask, NULL, NULL, &a->coverage, &fail);
	if (r == 0 && req_query_bool(req, "access", false) &&
	    (a->access = coverage_access(a->coverage, &a->ask)) == NULL)
		r = ASSIGN_NO_MEMORY;
	return r < 0 ? failed(req, r, &fail) : ST_OK;
}

static enum status
compute(struct request *req, struct asked *a)
{
	enum status st = read_ask(req, a);

	return st == ST_OK ? compute_asked(req, a) : st;
}

static enum status
get_coverage(struct request *req)
{
	struct asked a;
	enum status st = compute(req, &a);

	if (st == ST_OK)
		st = reply_json(
		    req, ST_OK, coverage_totals_json(a.coverage, a.access));
	asked_release(&a);
	return st;
}

static enum status
reply_geojson(struct request *req, char *text, const struct gis_fail *fail)
{
	if (text == NULL)
		return req_fail(req, ST_INTERNAL, NULL, "%s", fail->what);
	return reply_bytes(
	    req, ST_OK, "application/geo+json", text, strlen(text));
}

/* Collections that show the geometry. */
static enum status
reply_collection(struct request *req,
    char *(*print)(const struct coverage *, size_t top, struct gis_fail *))
{
	struct gis_fail fail = { -1, "" };
	struct asked a;
	enum status st = compute(req, &a);
	int r = 0;

	if (st == ST_OK &&
	    (r = coverage_need_geometry(a.coverage, &a.ask, &fail)) < 0)
		st = failed(req, r, &fail);
	else if (st == ST_OK) {
		char *text = print(
		    a.coverage, (size_t)req_query_int(req, "top", 0), &fail);

		st = reply_geojson(req, text, &fail);
	}
	asked_release(&a);
	return st;
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
	struct asked a;
	enum status st = compute(req, &a);

	if (st == ST_OK) {
		char *text = coverage_homes_json(a.coverage, a.access, &fail);

		st = reply_geojson(req, text, &fail);
	}
	asked_release(&a);
	return st;
}

/* All that the tile depends on but the data version; malloc'd. */
static char *
tile_key(struct gis_tile_at at, unsigned layers, const struct asked *a)
{
	char *asked = coverage_key(NULL, &a->ask), *key = NULL;

	if (asked != NULL && asprintf(&key, "coverage %u %u/%u/%u %s", layers,
				 at.z, at.x, at.y, asked) < 0)
		key = NULL;
	free(asked);
	return key;
}

enum { SOON_FROM = 12 }; /* above, the covered area is that of thousands */

/* Areas of a large part of the city take their time, as does a coverage that
 * nobody asked for yet: that is the worker's. */
static bool
takes_long(struct request *req, struct gis_tile_at at, unsigned layers,
    struct asked *a)
{
	if (a->coverage == NULL)
		a->coverage = coverage_known(req->snap, &a->ask);
	return a->coverage == NULL ||
	       ((layers & MAP_GAPS) && at.z < MAP_TILE_SINGLE) ||
	       ((layers & MAP_COVERED) && at.z < SOON_FROM);
}

static enum status
make_tile(struct request *req, struct gis_tile_at at, unsigned layers,
    struct asked *a, const char *key)
{
	enum status st = ST_OK;
	unsigned char *bytes;
	size_t len = 0;

	if (takes_long(req, at, layers, a) && req_to_worker(req))
		return ST_OK;
	if (a->coverage == NULL)
		st = compute_asked(req, a);
	if (st != ST_OK)
		return st;
	bytes = map_tile_coverage(a->coverage, &a->ask, layers, at, &len);
	return tile_reply(req, key, bytes, len);
}

static enum status
get_tile(struct request *req)
{
	struct gis_tile_at at;
	struct asked a = { .coverage = NULL };
	unsigned layers;
	char *key = NULL;
	enum status st = tile_read(req, &at);

	if (st == ST_OK)
		st = tile_layers(req, MAP_COVERED | MAP_HOMES | MAP_GAPS,
		    MAP_COVERED | MAP_HOMES, &layers);
	if (st == ST_OK)
		st = read_ask(req, &a);
	if (st == ST_OK && (key = tile_key(at, layers, &a)) == NULL)
		st = req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	if (st == ST_OK && !tile_kept(req, key, &st))
		st = make_tile(req, at, layers, &a, key);
	asked_release(&a);
	free(key);
	return st;
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

static const struct field gaps_query[] = {
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	PLAN_PROFILE_FIELD,
	PLAN_AT_FIELD,
	PLAN_CAPACITY_FIELD,
	PLAN_WHERE_FIELD,
	{ .name = "top",
	    .type = F_INTEGER,
	    .min = 1,
	    .max = 10000,
	    .help = "only so many, those with most people first" },
	{ .name = NULL },
};

static const struct field tile_query[] = {
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	PLAN_PROFILE_FIELD,
	PLAN_AT_FIELD,
	PLAN_CAPACITY_FIELD,
	PLAN_WHERE_FIELD,
	TILE_LAYERS_FIELD,
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
	    .query = gaps_query,
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
	    .on = ON_TILES,
	    .query = tile_query,
	    .handle = get_tile,
	    .summary = "covered area, homes, gaps as a vector tile" },
	{ .path = NULL },
};

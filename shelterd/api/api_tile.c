/* SPDX-License-Identifier: MIT */
/*
 * The register's map as vector tiles.  Besides what is asked, a tile depends
 * on the data version and on whether hidden works are in it, nothing else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "shelterd/api/tile_reply.h"
#include "shelterd/daemon.h"
#include "shelterd/map/map_tile.h"
#include "shelterd/plan/plan_limit.h"
#include "shelterd/site.h"

enum { LAYERS = MAP_SHELTERS | MAP_HOMES | MAP_STREETS | MAP_ENTRANCES };

static enum status
answer(struct request *req, struct gis_tile_at at,
    const struct map_tile_ask *ask, const char *key)
{
	unsigned char *bytes;
	size_t len = 0;
	enum status st;

	if (tile_kept(req, key, &st))
		return st;
	bytes = map_tile(req->snap, ask, at, &len);
	return tile_reply(req, key, bytes, len);
}

static enum status
get_tile(struct request *req)
{
	const char *text = req_query(req, "where", "");
	struct map_tile_ask ask = { .hidden = site_office(&req->caller) };
	struct where *where = NULL;
	struct gis_tile_at at;
	char *key = NULL;
	enum status st = tile_read(req, &at);

	if (st == ST_OK)
		st = tile_layers(
		    req, LAYERS, MAP_SHELTERS | MAP_HOMES, &ask.layers);
	if (st == ST_OK)
		st = plan_where_read(req, text, &where);
	ask.where = where;
	if (st == ST_OK && asprintf(&key, "map %d %u %u/%u/%u %s", ask.hidden,
			       ask.layers, at.z, at.x, at.y, text) < 0) {
		key = NULL;
		st = req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	}
	if (st == ST_OK)
		st = answer(req, at, &ask, key);
	where_free(where);
	free(key);
	return st;
}

static const struct field tile_query[] = {
	TILE_LAYERS_FIELD,
	PLAN_WHERE_FIELD,
	{ .name = NULL },
};

const struct route routes_tile[] = {
	{ .method = "GET",
	    .path = "/v1/map/tiles/{z}/{x}/{y}",
	    .roles = ROLE_ANYONE,
	    .on = ON_TILES,
	    .query = tile_query,
	    .handle = get_tile,
	    .summary = "Shelters, homes, streets, entrances as a vector tile" },
	{ .path = NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * The map as vector tiles.  A tile is known by the data version, by whether
 * hidden works are in it and by the daemon's run: a restored store counts the
 * same versions again, and other rules give other capacities to one version.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "shelterd/api/tile_reply.h"
#include "shelterd/daemon.h"
#include "shelterd/map/map_tile.h"
#include "shelterd/site.h"

enum status
tile_read(struct request *req, struct gis_tile_at *at)
{
	int64_t z = req_id(req, "z"), x = req_id(req, "x"),
		y = req_id(req, "y");

	*at = (struct gis_tile_at){ (uint32_t)z, (uint32_t)x, (uint32_t)y };
	if (z <= GIS_DEEPEST_TILE && x <= UINT32_MAX && y <= UINT32_MAX &&
	    gis_tile_is(*at))
		return ST_OK;
	return req_fail(req, ST_NOT_FOUND, "z",
	    "no such tile: z is 0 to %d, x and y below 2^z", GIS_DEEPEST_TILE);
}

bool
tile_known(struct request *req)
{
	char etag[64];

	snprintf(etag, sizeof(etag), "\"%" PRId64 "%s-%" PRIx64 "\"",
	    snapshot_version(req->snap),
	    site_office(&req->caller) ? "-office" : "",
	    daemon_run_number(req->daemon));
	reply_header(req, "ETag", etag);
	reply_header(req, "Cache-Control", "private, no-cache");
	reply_header(req, "Vary", "Authorization, Cookie");
	if (!req_knows(req, etag))
		return false;
	reply_bytes(req, ST_NOT_MODIFIED, NULL, NULL, 0);
	return true;
}

enum status
tile_reply(struct request *req, unsigned char *take, size_t len)
{
	if (take == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	if (len > 0)
		return reply_bytes(req, ST_OK,
		    "application/vnd.mapbox-vector-tile", (char *)take, len);
	free(take);
	return reply_bytes(req, ST_NO_CONTENT, NULL, NULL, 0);
}

static enum status
get_tile(struct request *req)
{
	struct gis_tile_at at;
	enum status st = tile_read(req, &at);
	unsigned char *bytes;
	size_t len = 0;

	if (st != ST_OK)
		return st;
	if (tile_known(req))
		return ST_NOT_MODIFIED;
	bytes = map_tile(req->snap, at, site_office(&req->caller), &len);
	return tile_reply(req, bytes, len);
}

const struct route routes_tile[] = {
	{ .method = "GET",
	    .path = "/v1/map/tiles/{z}/{x}/{y}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = get_tile,
	    .summary = "Shelters and homes as a vector tile" },
	{ .path = NULL },
};

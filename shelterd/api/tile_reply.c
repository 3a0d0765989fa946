/* SPDX-License-Identifier: MIT */
/* A tile's address, its layers, and how it is answered. */
#include "shelterd/api/tile_reply.h"

#include <stdlib.h>
#include <string.h>

#include "shelterd/daemon.h"
#include "shelterd/map/map_tile.h"
#include "shelterd/map/tile_cache.h"

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

/* 0: no such layer. */
static unsigned
layer_named(const char *word, size_t len)
{
	static const struct {
		const char *name;
		unsigned bit;
	} names[] = {
		{ "shelters", MAP_SHELTERS },
		{ "homes", MAP_HOMES },
		{ "streets", MAP_STREETS },
		{ "entrances", MAP_ENTRANCES },
		{ "coverage", MAP_COVERED },
		{ "gaps", MAP_GAPS },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i].name) == len &&
		    memcmp(names[i].name, word, len) == 0)
			return names[i].bit;
	return 0;
}

enum status
tile_layers(
    struct request *req, unsigned may, unsigned absent, unsigned *layers)
{
	const char *at = req_query(req, "layers", NULL);
	size_t len;

	*layers = at == NULL ? absent : 0;
	for (; at != NULL; at = at[len] == ',' ? at + len + 1 : NULL) {
		unsigned bit;

		len = strcspn(at, ",");
		bit = layer_named(at, len) & may;
		if (bit == 0)
			return req_fail(req, ST_BAD_QUERY, "layers",
			    "no layer '%.*s' here", (int)len, at);
		*layers |= bit;
	}
	return ST_OK;
}

static void
put_headers(struct request *req, const char *tag)
{
	reply_header(req, "ETag", tag);
	reply_header(req, "Cache-Control", "private, no-cache");
	reply_header(req, "Vary", "Authorization, Cookie");
}

static enum status
not_modified(struct request *req)
{
	return reply_bytes(req, ST_NOT_MODIFIED, NULL, NULL, 0);
}

static enum status
answer(struct request *req, unsigned char *take, size_t len)
{
	if (len > 0)
		return reply_bytes(req, ST_OK,
		    "application/vnd.mapbox-vector-tile", (char *)take, len);
	free(take);
	return reply_bytes(req, ST_NO_CONTENT, NULL, NULL, 0);
}

bool
tile_kept(struct request *req, const char *key, enum status *st)
{
	struct tile_cache *cache = daemon_tiles(req->daemon);
	int64_t version = snapshot_version(req->snap);
	unsigned char *bytes = NULL;
	char tag[TILE_TAG];
	size_t len = 0;
	bool known;

	if (!tile_cache_tag(cache, key, version, tag))
		return false;
	known = req_knows(req, tag);
	if (!known)
		bytes = tile_cache_get(cache, key, version, &len);
	if (!known && bytes == NULL)
		return false;
	put_headers(req, tag);
	*st = known ? not_modified(req) : answer(req, bytes, len);
	return true;
}

enum status
tile_reply(
    struct request *req, const char *key, unsigned char *take, size_t len)
{
	char tag[TILE_TAG];

	if (take == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	tile_cache_put(daemon_tiles(req->daemon), key,
	    snapshot_version(req->snap), take, len, tag);
	put_headers(req, tag);
	if (!req_knows(req, tag))
		return answer(req, take, len);
	free(take);
	return not_modified(req);
}

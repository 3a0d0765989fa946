/* SPDX-License-Identifier: MIT */
/* The place in the grammar, over json_out. */
#include "shelterd/map/geojson.h"
#include <assert.h>
#include <stdlib.h>
#include "shelterd/net/json_out.h"

struct geojson {
	struct json_out out;
	bool features; /* past the members */
	bool in_feature;
	bool first_property;
};

static void
put(struct geojson *g, const char *s)
{
	json_out_raw(&g->out, s);
}

struct geojson *
geojson_new(void)
{
	struct geojson *g = calloc(1, sizeof(*g));
	if (g)
		put(g, "{\"type\":\"FeatureCollection\"");
	return g;
}

void
geojson_free(struct geojson *g)
{
	if (!g)
		return;
	json_out_release(&g->out);
	free(g);
}

static void
member(struct geojson *g, const char *name)
{
	assert(!g->features);
	put(g, ",");
	json_out_text(&g->out, name);
	put(g, ":");
}

void
geojson_member_int(struct geojson *g, const char *name, int64_t v)
{
	if (!g)
		return;
	member(g, name);
	json_out_int(&g->out, v);
}

static void
end_feature(struct geojson *g)
{
	if (g->in_feature)
		put(g, "}}");
	g->in_feature = false;
}

static void
begin_feature(struct geojson *g, int64_t id)
{
	end_feature(g);
	put(g, g->features ? ",\n" : ",\"features\":[\n");
	g->features = true;
	g->in_feature = true;
	g->first_property = true;
	put(g, "{\"type\":\"Feature\",");
	if (id != 0) {
		put(g, "\"id\":");
		json_out_int(&g->out, id);
		put(g, ",");
	}
	put(g, "\"geometry\":");
}

void
geojson_point(struct geojson *g, int64_t id, struct gis_point lonlat)
{
	if (!g)
		return;
	begin_feature(g, id);
	put(g, "{\"type\":\"Point\",\"coordinates\":[");
	json_out_num(&g->out, lonlat.x, 7);
	put(g, ",");
	json_out_num(&g->out, lonlat.y, 7);
	put(g, "]},\"properties\":{");
}

void
geojson_geometry(struct geojson *g, int64_t id, const char *geometry)
{
	if (!g)
		return;
	begin_feature(g, id);
	put(g, geometry ? geometry : "null");
	put(g, ",\"properties\":{");
	if (!geometry)
		g->out.failed = true;
}

static void
property(struct geojson *g, const char *name)
{
	assert(g->in_feature);
	if (!g->first_property)
		put(g, ",");
	g->first_property = false;
	json_out_text(&g->out, name);
	put(g, ":");
}

void
geojson_int(struct geojson *g, const char *name, int64_t v)
{
	if (!g)
		return;
	property(g, name);
	json_out_int(&g->out, v);
}

void
geojson_num(struct geojson *g, const char *name, double v, int decimals)
{
	if (!g)
		return;
	property(g, name);
	json_out_num(&g->out, v, decimals);
}

void
geojson_text(struct geojson *g, const char *name, const char *v)
{
	if (!g)
		return;
	property(g, name);
	json_out_text(&g->out, v);
}

void
geojson_bool(struct geojson *g, const char *name, bool v)
{
	if (!g)
		return;
	property(g, name);
	put(g, v ? "true" : "false");
}

void
geojson_null(struct geojson *g, const char *name)
{
	if (!g)
		return;
	property(g, name);
	put(g, "null");
}

char *
geojson_bytes(struct geojson *g, size_t *len)
{
	char *bytes = NULL;
	if (!g)
		return NULL;
	end_feature(g);
	put(g, g->features ? "\n]}\n" : ",\"features\":[]}\n");
	bytes = json_out_take(&g->out, len);
	geojson_free(g);
	return bytes;
}

enum status
geojson_reply(struct request *req, struct geojson *g)
{
	size_t len = 0;
	char *bytes = geojson_bytes(g, &len);
	if (!bytes)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	return reply_bytes(req, ST_OK, "application/geo+json", bytes, len);
}

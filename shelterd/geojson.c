/* SPDX-License-Identifier: MIT */
/* A growing buffer and the place in the grammar. */
#include "shelterd/geojson.h"
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/json_text.h"

struct geojson {
	char *bytes;
	size_t len, cap;
	bool failed;
	bool features; /* past the members */
	bool in_feature;
	bool first_property;
};

static bool
room(struct geojson *g, size_t more)
{
	if (g->failed)
		return false;
	if (g->len + more + 1 <= g->cap)
		return true;
	size_t cap = g->cap ? g->cap : 4096;
	while (cap < g->len + more + 1)
		cap *= 2;
	char *bytes = realloc(g->bytes, cap);
	if (!bytes) {
		g->failed = true;
		return false;
	}
	g->bytes = bytes;
	g->cap = cap;
	return true;
}

static void
put(struct geojson *g, const char *s)
{
	size_t n = strlen(s);
	if (!room(g, n))
		return;
	memcpy(g->bytes + g->len, s, n);
	g->len += n;
}

static void
put_int(struct geojson *g, int64_t v)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)v);
	put(g, text);
}

static void
put_num(struct geojson *g, double v, int decimals)
{
	char text[400];
	if (!isfinite(v)) {
		put(g, "null");
		return;
	}
	int n = snprintf(text, sizeof(text), "%.*f", decimals, v);
	while (decimals > 0 && text[n - 1] == '0')
		text[--n] = '\0';
	if (decimals > 0 && text[n - 1] == '.')
		text[--n] = '\0';
	put(g, strcmp(text, "-0") == 0 ? "0" : text);
}

static void
put_text(struct geojson *g, const char *s)
{
	if (room(g, JSON_TEXT_ROOM(strlen(s))))
		g->len += json_text(g->bytes + g->len, s);
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
	free(g->bytes);
	free(g);
}

static void
member(struct geojson *g, const char *name)
{
	assert(!g->features);
	put(g, ",");
	put_text(g, name);
	put(g, ":");
}

void
geojson_member_int(struct geojson *g, const char *name, int64_t v)
{
	if (!g)
		return;
	member(g, name);
	put_int(g, v);
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
		put_int(g, id);
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
	put_num(g, lonlat.x, 7);
	put(g, ",");
	put_num(g, lonlat.y, 7);
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
		g->failed = true;
}

static void
property(struct geojson *g, const char *name)
{
	assert(g->in_feature);
	if (!g->first_property)
		put(g, ",");
	g->first_property = false;
	put_text(g, name);
	put(g, ":");
}

void
geojson_int(struct geojson *g, const char *name, int64_t v)
{
	if (!g)
		return;
	property(g, name);
	put_int(g, v);
}

void
geojson_num(struct geojson *g, const char *name, double v, int decimals)
{
	if (!g)
		return;
	property(g, name);
	put_num(g, v, decimals);
}

void
geojson_text(struct geojson *g, const char *name, const char *v)
{
	if (!g)
		return;
	property(g, name);
	put_text(g, v);
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
	if (!g->failed) {
		g->bytes[g->len] = '\0';
		*len = g->len;
		bytes = g->bytes;
		g->bytes = NULL;
	}
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

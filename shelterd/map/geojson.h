/* SPDX-License-Identifier: MIT */
/*
 * Writing a GeoJSON FeatureCollection (RFC 7946) straight into bytes, because
 * a map of forty thousand features is too much for a tree of objects.  Calls
 * must come in this order, which asserts enforce:
 *
 *	geojson_new
 *	{ geojson_member_… }			of the collection
 *	{ geojson_point | geojson_geometry	begins a feature
 *	  { geojson_int | _num | _text | … } }	its properties
 *	geojson_reply | geojson_free
 *
 * Running out of memory is remembered and told by geojson_reply().
 */
#ifndef SHELTERD_GEOJSON_H
#define SHELTERD_GEOJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"
#include "shelterd/net/request.h"

struct geojson;

struct geojson *geojson_new(void); /* never NULL in use: see geojson_reply */
void geojson_free(struct geojson *);

void geojson_member_int(struct geojson *, const char *name, int64_t);

/* Begin a feature; id 0: without one. `geometry` is a GeoJSON geometry. */
void geojson_point(struct geojson *, int64_t id, struct gis_point lonlat);
void geojson_geometry(struct geojson *, int64_t id, const char *geometry);

void geojson_int(struct geojson *, const char *name, int64_t);
/* With at most that many decimals; what is not finite becomes null. */
void geojson_num(struct geojson *, const char *name, double, int decimals);
void geojson_text(struct geojson *, const char *name, const char *);
void geojson_bool(struct geojson *, const char *name, bool);
void geojson_null(struct geojson *, const char *name);

/* The bytes so far as a whole collection, malloc'd; NULL: memory is out.
 * Frees the collection. */
char *geojson_bytes(struct geojson *, size_t *len);
/* Answers with it; frees the collection. */
enum status geojson_reply(struct request *, struct geojson *);

#endif

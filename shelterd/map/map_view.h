/* SPDX-License-Identifier: MIT */
/*
 * The JSON of shelters, capacities and positions, and the bbox parameter, for
 * every handler that shows the map.
 */
#ifndef SHELTERD_MAP_VIEW_H
#define SHELTERD_MAP_VIEW_H

#include <cjson/cJSON.h>
#include "shelterd/net/request.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/shelter.h"

/* The fields of a shelter as lists show them. */
cJSON *map_shelter_json(const struct snap_shelter *);
/* {"usable","binding_rule","terms":{…}}: the capacity of a unit. */
cJSON *map_capacity_json(const struct capacity *);
/* "capacity":{"before","after","binding_rule"}: what a change did. */
void
map_add_change(cJSON *, int64_t before, const struct shelter_capacity *after);
/* [lon, lat] with 7 decimals. */
cJSON *map_at_json(struct gis_point lonlat);
/* Null when negative. */
void map_add_count(cJSON *, const char *name, int64_t);
void map_add_measure(cJSON *, const char *name, double);
/* Places of a shelter no approved plan has given away. */
int64_t map_free_places(const struct snapshot *, const struct snap_shelter *);

/* ?bbox=w,s,e,n; the whole world when absent. */
#define MAP_BBOX_FIELD                                           \
	{                                                        \
		.name = "bbox", .type = F_STRING, .maxlen = 200, \
		.help = "west,south,east,north"                  \
	}
enum status map_bbox(struct request *, struct gis_box *);
/* ?lon=&lat= as fields of a query, and read: in degrees and on the plane,
 * which has no place for points far away. */
#define MAP_LON_FIELD                                              \
	{                                                          \
		.name = "lon", .type = F_NUMBER, .required = true, \
		.min = -180, .max = 180, .help = "WGS84 degrees"   \
	}
#define MAP_LAT_FIELD                                                          \
	{                                                                      \
		.name = "lat", .type = F_NUMBER, .required = true, .min = -90, \
		.max = 90, .help = "WGS84 degrees"                             \
	}
enum status
map_lonlat(struct request *, struct gis_point *lonlat, struct gis_point *plane);
/* A body's [lon, lat]; `field` names it in the answer. */
enum status
map_at(struct request *, const cJSON *, const char *field, struct gis_point *);

#endif

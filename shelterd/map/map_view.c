/* SPDX-License-Identifier: MIT */
/* Words of the map; decides nothing. */
#include "shelterd/map/map_view.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/plan/plan_view.h"

cJSON *
map_at_json(struct gis_point p)
{
	double v[2] = { round(p.x * 1e7) / 1e7, round(p.y * 1e7) / 1e7 };
	return cJSON_CreateDoubleArray(v, 2);
}

void
map_add_count(cJSON *o, const char *name, int64_t v)
{
	if (v < 0)
		cJSON_AddNullToObject(o, name);
	else
		cJSON_AddNumberToObject(o, name, (double)v);
}

void
map_add_measure(cJSON *o, const char *name, double v)
{
	if (v < 0 || !isfinite(v))
		cJSON_AddNullToObject(o, name);
	else
		cJSON_AddNumberToObject(o, name, v);
}

cJSON *
map_shelter_json(const struct snap_shelter *s)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)s->id);
	cJSON_AddNumberToObject(o, "version", (double)s->version);
	cJSON_AddStringToObject(o, "register_id", s->register_id);
	cJSON_AddStringToObject(o, "name", s->name);
	cJSON_AddStringToObject(o, "address", s->address);
	cJSON_AddStringToObject(o, "kind", s->kind);
	cJSON_AddStringToObject(o, "precinct", s->precinct);
	cJSON_AddStringToObject(o, "org", s->org);
	cJSON_AddStringToObject(o, "floors", s->floors);
	cJSON_AddStringToObject(o, "note", s->note);
	map_add_measure(o, "area", s->area);
	map_add_count(o, "places", s->places);
	map_add_count(o, "usable", s->usable);
	map_add_count(o, "without_defects", s->without_defects);
	cJSON_AddStringToObject(
	    o, "binding_rule", capacity_rule_name(s->binding));
	cJSON_AddBoolToObject(o, "closed", s->closed);
	cJSON_AddBoolToObject(o, "hidden", s->hidden);
	cJSON_AddItemToObject(o, "at", map_at_json(s->lonlat));
	map_add_count(o, "open_defects", s->open_defects);
	return o;
}

cJSON *
map_capacity_json(const struct capacity *c)
{
	static const enum capacity_rule terms[] = { CAP_SHELTERING_AREA,
		CAP_DOOR_WIDTH, CAP_UNIT_LIMIT, CAP_DERATING, CAP_CONVERSION };
	cJSON *o = cJSON_CreateObject();
	map_add_count(o, "usable", c->usable);
	map_add_count(o, "without_defects", c->without_defects);
	cJSON_AddStringToObject(
	    o, "binding_rule", capacity_rule_name(c->binding));
	cJSON *t = cJSON_AddObjectToObject(o, "terms");
	for (size_t i = 0; i < sizeof(terms) / sizeof(*terms); i++)
		map_add_count(
		    t, capacity_rule_name(terms[i]), c->term[terms[i]]);
	return o;
}

void
map_add_change(cJSON *o, int64_t before, const struct shelter_capacity *after)
{
	cJSON *c = cJSON_AddObjectToObject(o, "capacity");
	cJSON_AddNumberToObject(c, "before", (double)before);
	cJSON_AddNumberToObject(c, "after", (double)after->usable);
	cJSON_AddStringToObject(
	    c, "binding_rule", capacity_rule_name(after->binding));
}

int64_t
map_free_places(const struct snapshot *snap, const struct snap_shelter *s)
{
	int64_t left =
	    s->usable - plan_view_assigned_to(snapshot_plan(snap), s->id);
	return left > 0 ? left : 0;
}

enum status
map_bbox(struct request *req, struct gis_box *box)
{
	const char *text = req_query(req, "bbox", NULL), *p = text;
	double v[4] = { -180, -90, 180, 90 };
	char *end = NULL;

	for (int i = 0; text && i < 4; i++) {
		v[i] = strtod(p, &end);
		if (end == p || !isfinite(v[i]) || *end != (i < 3 ? ',' : '\0'))
			return req_fail(req, ST_BAD_QUERY, "bbox",
			    "must be west,south,east,north in degrees");
		p = end + 1;
	}
	if (v[0] > v[2] || v[1] > v[3])
		return req_fail(req, ST_BAD_QUERY, "bbox",
		    "west must not be east of east, nor south north of north");
	*box = (struct gis_box){ v[0], v[1], v[2], v[3] };
	return ST_OK;
}

enum status
map_lonlat(
    struct request *req, struct gis_point *lonlat, struct gis_point *plane)
{
	lonlat->x = req_query_num(req, "lon", 0);
	lonlat->y = req_query_num(req, "lat", 0);
	*plane = snapshot_to_plane(req->snap, *lonlat);
	if (!isfinite(plane->x) || !isfinite(plane->y))
		return req_fail(
		    req, ST_BAD_QUERY, "lon", "is out of the district's plane");
	return ST_OK;
}

enum status
map_at(struct request *req, const cJSON *at, const char *field,
    struct gis_point *p)
{
	const cJSON *x = cJSON_GetArrayItem(at, 0);
	const cJSON *y = cJSON_GetArrayItem(at, 1);
	if (!cJSON_IsArray(at) || cJSON_GetArraySize(at) != 2 ||
	    !cJSON_IsNumber(x) || !cJSON_IsNumber(y) ||
	    fabs(x->valuedouble) > 180 || fabs(y->valuedouble) > 90)
		return req_fail(req, ST_INVALID, field,
		    "must be [longitude, latitude] in degrees");
	*p = (struct gis_point){ x->valuedouble, y->valuedouble };
	return ST_OK;
}

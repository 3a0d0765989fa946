/* SPDX-License-Identifier: MIT */
/* Limits and where-expressions of requests: see plan_limit.h. */
#include "shelterd/plan/plan_limit.h"

#include <stdio.h>
#include <string.h>

#include "shelterd/daemon.h"
#include "shelterd/rules.h"

const char *const plan_profiles[] = {
	[GIS_ON_FOOT] = "walk", [GIS_WITHOUT_STEPS] = "wheelchair", NULL
};

/* Texts of the query, or of the body. */
static const char *
text(struct request *req, const cJSON *body, const char *name)
{
	return body != NULL ? body_str(body, name, "")
			    : req_query(req, name, "");
}

static enum status
read_manner(struct request *req, const cJSON *body, struct gis_manner *manner)
{
	const char *profile = text(req, body, "profile");
	const char *at = text(req, body, "at");

	*manner = gis_on_foot;
	if (strcmp(profile, plan_profiles[GIS_WITHOUT_STEPS]) == 0)
		manner->profile = GIS_WITHOUT_STEPS;
	if (at[0] != '\0' && (manner->minute = gis_clock_read(at)) < 0)
		return req_fail(req, body != NULL ? ST_INVALID : ST_BAD_QUERY,
		    "at", "'%.20s' is not HH:MM", at);
	return ST_OK;
}

bool
plan_limit_plain(const struct plan_limit *limit)
{
	return limit->manner.profile == GIS_ON_FOOT &&
	       limit->manner.minute == GIS_ANY_TIME;
}

enum status
plan_limit_read(
    struct request *req, const cJSON *body, struct plan_limit *limit)
{
	enum status bad = body != NULL ? ST_INVALID : ST_BAD_QUERY;
	double radius = body != NULL ? body_num(body, "radius", 0)
				     : req_query_num(req, "radius", 0);
	double minutes = body != NULL ? body_num(body, "minutes", 0)
				      : req_query_num(req, "minutes", 0);
	const struct rules *rules = snapshot_rules(req->snap);
	enum status st = read_manner(req, body, &limit->manner);

	if (st != ST_OK)
		return st;
	if (radius > 0 && minutes > 0)
		return req_fail(
		    req, bad, "minutes", "give a radius or minutes, not both");
	if ((minutes > 0 || !plan_limit_plain(limit)) &&
	    snapshot_network(req->snap) == NULL)
		return req_fail(req, ST_CONFLICT,
		    minutes > 0 ? "minutes" : "profile",
		    "no walking network has been imported");
	limit->snap_reach = rules->snap_reach;
	limit->by_minutes = minutes > 0;
	limit->value = minutes > 0  ? minutes
		       : radius > 0 ? radius
				    : rules->cover_radius;
	limit->metres = limit->value;
	if (minutes > 0)
		limit->metres *=
		    60 * (limit->manner.profile == GIS_WITHOUT_STEPS
				 ? rules->wheelchair_speed
				 : rules->walking_speed);
	return ST_OK;
}

cJSON *
plan_limit_json(const struct plan_limit *limit)
{
	cJSON *o = cJSON_CreateObject();
	int minute = limit->manner.minute;
	char at[8];

	cJSON_AddNumberToObject(
	    o, limit->by_minutes ? "minutes" : "radius", limit->value);
	if (limit->by_minutes)
		cJSON_AddNumberToObject(o, "metres", limit->metres);
	if (limit->manner.profile != GIS_ON_FOOT)
		cJSON_AddStringToObject(
		    o, "profile", plan_profiles[limit->manner.profile]);
	if (minute >= 0) {
		snprintf(
		    at, sizeof(at), "%02d:%02d", minute / 60 % 24, minute % 60);
		cJSON_AddStringToObject(o, "at", at);
	}
	return o;
}

enum status
plan_where_read(struct request *req, const char *text, struct where **where)
{
	struct where_wrong wrong;

	*where = NULL;
	if (text[0] == '\0')
		return ST_OK;
	if ((*where = where_parse(text, &wrong)) != NULL)
		return ST_OK;
	return req_fail(req, req->body != NULL ? ST_INVALID : ST_BAD_QUERY,
	    "where", "at byte %zu: %s", wrong.byte, wrong.why);
}

bool
plan_admits(const void *arg, const struct snap_shelter *s)
{
	const struct plan_admit *admit = arg;

	if (s->hidden && !admit->hidden)
		return false;
	return where_picks(admit->where, s);
}

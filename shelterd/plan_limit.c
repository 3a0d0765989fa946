/* SPDX-License-Identifier: MIT */
/* Limits and where-expressions of requests: see plan_limit.h. */
#include "shelterd/plan_limit.h"

#include "shelterd/daemon.h"

enum status
plan_limit_read(
    struct request *req, const cJSON *body, struct plan_limit *limit)
{
	enum status bad = body != NULL ? ST_INVALID : ST_BAD_QUERY;
	double radius = body != NULL ? body_num(body, "radius", 0)
				     : req_query_num(req, "radius", 0);
	double minutes = body != NULL ? body_num(body, "minutes", 0)
				      : req_query_num(req, "minutes", 0);
	const struct rules *rules = daemon_rules(req->daemon);

	if (radius > 0 && minutes > 0)
		return req_fail(
		    req, bad, "minutes", "give a radius or minutes, not both");
	if (minutes > 0 && snapshot_network(req->snap) == NULL)
		return req_fail(req, ST_CONFLICT, "minutes",
		    "no walking network has been imported");
	if (minutes > 0)
		*limit = (struct plan_limit){ true, minutes,
			minutes * 60 * rules->walking_speed };
	else if (radius > 0)
		*limit = (struct plan_limit){ false, radius, radius };
	else
		*limit = (struct plan_limit){ false, rules->cover_radius,
			rules->cover_radius };
	return ST_OK;
}

cJSON *
plan_limit_json(const struct plan_limit *limit)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(
	    o, limit->by_minutes ? "minutes" : "radius", limit->value);
	if (limit->by_minutes)
		cJSON_AddNumberToObject(o, "metres", limit->metres);
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

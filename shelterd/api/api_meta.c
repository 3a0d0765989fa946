/* SPDX-License-Identifier: MIT */
/* What the daemon says about itself: health, metrics, its interface. */
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/net/metrics.h"
#include "shelterd/net/openapi.h"
#include "shelterd/store/event.h"

enum { STUCK = 30 /* s a write may wait before the writer counts as stuck */ };

static enum status
healthz(struct request *req)
{
	int64_t last = event_last(req->db);
	int64_t age = daemon_write_age(req->daemon);
	bool good = last >= 0 && age < STUCK;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddBoolToObject(o, "ok", good);
	cJSON_AddStringToObject(o, "store", last >= 0 ? "ok" : "unreadable");
	cJSON_AddStringToObject(o, "writer", age < STUCK ? "ok" : "stuck");
	cJSON_AddNumberToObject(o, "last_event", (double)last);
	cJSON_AddNumberToObject(
	    o, "data_version", (double)snapshot_version(req->snap));
	return reply_json(req, good ? ST_OK : ST_UNAVAILABLE, o);
}

static enum status
text_reply(struct request *req, const char *type, char *take)
{
	if (take == NULL)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	return reply_bytes(req, ST_OK, type, take, strlen(take));
}

static enum status
metrics(struct request *req)
{
	return text_reply(req, "text/plain; version=0.0.4; charset=utf-8",
	    metrics_print(daemon_metrics(req->daemon), req->daemon));
}

static enum status
openapi(struct request *req)
{
	return text_reply(req, "application/json", openapi_print(route_arrays));
}

const struct route routes_meta[] = {
	{ .method = "GET",
	    .path = "/healthz",
	    .roles = ROLE_PUBLIC,
	    .on = ON_READER,
	    .handle = healthz,
	    .summary = "Is the daemon well" },
	{ .method = "GET",
	    .path = "/metrics",
	    .roles = ROLE_PUBLIC,
	    .on = ON_LOOP,
	    .handle = metrics,
	    .summary = "Counters for Prometheus" },
	{ .method = "GET",
	    .path = "/openapi.json",
	    .roles = ROLE_PUBLIC,
	    .on = ON_READER,
	    .handle = openapi,
	    .summary = "This interface, made from the route table" },
	{ .path = NULL },
};

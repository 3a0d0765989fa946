/* SPDX-License-Identifier: MIT */
/*
 * Streets closed to everybody: the piece between two vertices that is nearest
 * to a place.  From the commit on nobody walks over it, in no plan, coverage
 * by minutes or explanation, until it is opened again.
 */
#include <math.h>

#include "shelterd/daemon.h"
#include "shelterd/map/map_view.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/closure.h"
#include "shelterd/store/db.h"

static cJSON *
ends_json(const struct gis_point lonlat[2])
{
	cJSON *a = cJSON_CreateArray();

	cJSON_AddItemToArray(a, map_at_json(lonlat[0]));
	cJSON_AddItemToArray(a, map_at_json(lonlat[1]));
	return a;
}

static enum status
list_closures(struct request *req)
{
	struct page page;
	size_t n;
	const struct snap_closure *c = snapshot_closures(req->snap, &n);

	page_begin(&page, req);
	for (size_t i = 0; i < n; i++) {
		cJSON *o;

		if (c[i].id <= page.after)
			continue;
		o = cJSON_CreateObject();
		cJSON_AddNumberToObject(o, "id", (double)c[i].id);
		cJSON_AddItemToObject(o, "ends", ends_json(c[i].lonlat));
		cJSON_AddStringToObject(o, "reason", c[i].reason);
		cJSON_AddStringToObject(
		    o, "closed_by", site_user(req, c[i].closed_by));
		site_add_time(o, "closed_at", c[i].closed_at);
		cJSON_AddBoolToObject(o, "in_network", c[i].edge != UINT32_MAX);
		if (!page_add(&page, c[i].id, o))
			break;
	}
	return page_reply(&page, DB_OK);
}

/* The open piece of street nearest to the body's `at`. */
static enum status
find_street(struct request *req, struct gis_point lonlat[2], double *metres,
    double *off)
{
	const struct gis_network *net = snapshot_network(req->snap);
	double reach = snapshot_rules(req->snap)->snap_reach;
	struct gis_point at, plane[2];
	struct gis_place place;
	enum status st = map_at(
	    req, cJSON_GetObjectItemCaseSensitive(req->body, "at"), "at", &at);

	if (st != ST_OK)
		return st;
	if (net == NULL)
		return req_fail(req, ST_CONFLICT, "at", "no network is loaded");
	place = gis_network_snap(net, snapshot_to_plane(req->snap, at), reach);
	if (!gis_network_ends(net, place.edge, plane, metres))
		return req_fail(req, ST_CONFLICT, "at",
		    "no open street within %g m", reach);
	for (int i = 0; i < 2; i++)
		lonlat[i] = snapshot_to_lonlat(req->snap, plane[i]);
	*off = place.off;
	return ST_OK;
}

static enum status
tell(struct request *req, const char *kind, int64_t id, cJSON *take)
{
	struct event_scope scope = { .roles = ROLE_ANYONE };

	req_touch(req, SNAP_CLOSURES);
	return req_event(req, kind, "closure", id, scope, take, NULL);
}

static enum status
close_street(struct request *req)
{
	struct closure_row row = { .reason = body_str(req->body, "reason", ""),
		.closed_by = req->caller.id,
		.closed_at = req->now };
	double metres = 0, off = 0;
	enum status st = find_street(req, row.lonlat, &metres, &off);
	cJSON *o;

	if (st != ST_OK)
		return st;
	if (closure_insert(req->db, &row) < 0)
		return site_store_failed(req);
	if (row.id == 0)
		return req_fail(
		    req, ST_CONFLICT, "at", "this piece is closed already");
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)row.id);
	cJSON_AddItemToObject(o, "ends", ends_json(row.lonlat));
	cJSON_AddNumberToObject(o, "metres", round(metres * 10) / 10);
	cJSON_AddNumberToObject(o, "off", round(off * 10) / 10);
	cJSON_AddStringToObject(o, "reason", row.reason);
	st = tell(req, "street.closed", row.id, cJSON_Duplicate(o, true));
	if (st == ST_OK)
		return reply_json(req, ST_CREATED, o);
	cJSON_Delete(o);
	return st;
}

static enum status
open_street(struct request *req)
{
	int64_t id = req_id(req, "id");
	int result = closure_open(req->db, id, req->caller.id, req->now);
	enum status st;

	if (result < 0)
		return site_store_failed(req);
	if (result != DB_ROW)
		return req_fail(req, ST_NOT_FOUND, "id",
		    "no street is closed under %lld", (long long)id);
	st = tell(req, "street.opened", id, cJSON_CreateObject());
	return st == ST_OK ? reply_bytes(req, ST_NO_CONTENT, NULL, NULL, 0)
			   : st;
}

static const struct field list_query[] = {
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field close_body[] = {
	{ .name = "at",
	    .type = F_ARRAY,
	    .item = F_NUMBER,
	    .required = true,
	    .maxlen = 2,
	    .help = "[lon, lat]: the nearest piece of street is meant" },
	{ .name = "reason", .type = F_STRING, .maxlen = 500 },
	{ .name = NULL },
};

const struct route routes_closure[] = {
	{ .method = "GET",
	    .path = "/v1/closures",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .query = list_query,
	    .handle = list_closures,
	    .summary = "Pieces of street that are closed" },
	{ .method = "POST",
	    .path = "/v1/closures",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = close_body,
	    .handle = close_street,
	    .summary = "Close the piece of street nearest to a place" },
	{ .method = "DELETE",
	    .path = "/v1/closures/{id}",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .handle = open_street,
	    .summary = "Open a closed piece of street again" },
	{ .path = NULL },
};

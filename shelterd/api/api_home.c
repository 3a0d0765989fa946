/* SPDX-License-Identifier: MIT */
/* Homes: a list without shapes, one with its shape. */
#include <stdlib.h>
#include "shelterd/map/map_view.h"
#include "shelterd/net/page.h"
#include "shelterd/net/request.h"
#include "shelterd/site.h"
#include "shelterd/snapshot.h"
#include "shelterd/store/db.h"
#include "shelterd/store/home.h"

static cJSON *
home_json(const struct snap_home *h)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)h->id);
	cJSON_AddStringToObject(o, "register_id", h->register_id);
	cJSON_AddStringToObject(o, "name", h->name);
	cJSON_AddNumberToObject(o, "people", (double)h->people);
	map_add_count(o, "households", h->households);
	cJSON_AddItemToObject(o, "at", map_at_json(h->lonlat));
	return o;
}

static enum status
list_homes(struct request *req)
{
	struct page page;
	struct gis_box box;
	enum status st = map_bbox(req, &box);
	if (st != ST_OK)
		return st;
	page_begin(&page, req);
	for (size_t i = 0; i < snapshot_homes(req->snap); i++) {
		const struct snap_home *h = snapshot_home_at(req->snap, i);
		if (h->id <= page.after || !gis_box_has(box, h->lonlat))
			continue;
		if (!page_add(&page, h->id, home_json(h)))
			break;
	}
	return page_reply(&page, DB_OK);
}

static void
add_geometry(cJSON *o, struct gis *gis, const void *wkb, size_t len)
{
	struct gis_fail fail;
	struct gis_shape *s = gis_shape_from_wkb(gis, wkb, len, &fail);
	char *text = s ? gis_shape_to_geojson(gis, s, 7) : NULL;
	cJSON *geometry = text ? cJSON_Parse(text) : NULL;
	if (geometry)
		cJSON_AddItemToObject(o, "geometry", geometry);
	free(text);
	if (s)
		gis_shape_free(gis, s);
}

struct detail {
	struct request *req;
	cJSON *o;
};

static int
add_detail(void *arg, const struct home_row *r)
{
	struct detail *d = arg;
	struct gis *gis = r->shape ? gis_new() : NULL;
	reply_version(d->req, r->version);
	cJSON_AddNumberToObject(d->o, "version", (double)r->version);
	if (gis) {
		add_geometry(d->o, gis, r->shape, r->shape_len);
		gis_free(gis);
	}
	return DB_OK;
}

static enum status
show_home(struct request *req)
{
	int64_t id = req_id(req, "id");
	const struct snap_home *h = snapshot_home(req->snap, id);
	if (!h)
		return req_fail(
		    req, ST_NOT_FOUND, "id", "no home %lld", (long long)id);
	struct detail d = { req, home_json(h) };
	if (home_one(req->db, id, add_detail, &d) < 0) {
		cJSON_Delete(d.o);
		return site_store_failed(req);
	}
	return reply_json(req, ST_OK, d.o);
}

static const struct field list_query[] = {
	MAP_BBOX_FIELD,
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

const struct route routes_home[] = {
	{ .method = "GET",
	    .path = "/v1/homes",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = list_query,
	    .handle = list_homes,
	    .summary = "Homes with their people" },
	{ .method = "GET",
	    .path = "/v1/homes/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = show_home,
	    .summary = "One home with its shape" },
	{ .method = NULL },
};

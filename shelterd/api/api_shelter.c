/* SPDX-License-Identifier: MIT */
/* Shelters: lists, one, the nearest; shelter_edit.c changes them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_defect.h"
#include "shelterd/daemon.h"
#include "shelterd/net/json_out.h"
#include "shelterd/map/map_view.h"
#include "shelterd/map/map_walk.h"
#include "shelterd/net/page.h"
#include "shelterd/plan/plan_limit.h"
#include "shelterd/api/shelter_edit.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"

enum { NEAR_MAX = 100 };

/* Whether name, address or register number hold the text, or it is the id. */
static bool
found_by(const char *text, const struct snap_shelter *s)
{
	char id[24];

	if (strstr(s->name, text) || strstr(s->address, text) ||
	    strstr(s->register_id, text))
		return true;
	snprintf(id, sizeof(id), "%lld", (long long)s->id);
	return strcmp(id, text) == 0;
}

static enum status
list_shelters(struct request *req)
{
	struct page page;
	struct gis_box box;
	struct where *where = NULL;
	const char *text = req_query(req, "search", "");
	enum status st = map_bbox(req, &box);
	if (st == ST_OK)
		st = plan_where_read(req, req_query(req, "where", ""), &where);
	if (st != ST_OK)
		return st;
	page_begin(&page, req);
	for (size_t i = 0; i < snapshot_shelters(req->snap); i++) {
		const struct snap_shelter *s =
		    snapshot_shelter_at(req->snap, i);
		if (s->id <= page.after || !gis_box_has(box, s->lonlat) ||
		    !site_visible(&req->caller, s) || !where_picks(where, s) ||
		    !found_by(text, s))
			continue;
		if (!page_add(&page, s->id, map_shelter_json(s)))
			break;
	}
	where_free(where);
	return page_reply(&page, DB_OK);
}

static void
add_units(cJSON *o, const struct shelter_full *f, const struct capacity *c)
{
	cJSON *units = cJSON_AddArrayToObject(o, "units");
	for (size_t i = 0; i < f->nunits; i++) {
		const struct unit_row *u = &f->units[i];
		cJSON *unit = cJSON_CreateObject();
		cJSON_AddNumberToObject(unit, "id", (double)u->id);
		cJSON_AddStringToObject(unit, "name", u->name);
		map_add_measure(unit, "sheltering_area", u->sheltering_area);
		map_add_count(unit, "stated_places", u->stated_places);
		if (u->converted < 0)
			cJSON_AddNullToObject(unit, "converted");
		else
			cJSON_AddBoolToObject(unit, "converted", u->converted);
		cJSON_AddBoolToObject(unit, "closed", u->closed);
		cJSON_AddItemToObject(
		    unit, "capacity", map_capacity_json(&c[i]));
		cJSON_AddNumberToObject(unit, "open_defects",
		    (double)shelter_unit_defects(f, u->id));
		cJSON_AddItemToArray(units, unit);
	}
}

static void
add_entrances(cJSON *o, const struct shelter_full *f)
{
	cJSON *doors = cJSON_AddArrayToObject(o, "entrances");
	for (size_t i = 0; i < f->nentrances; i++) {
		const struct entrance_row *e = &f->entrances[i];
		cJSON *door = cJSON_CreateObject();
		cJSON_AddNumberToObject(door, "id", (double)e->id);
		site_add_id(door, "unit", e->unit_id);
		cJSON_AddStringToObject(door, "name", e->name);
		cJSON_AddItemToObject(door, "at", map_at_json(e->lonlat));
		map_add_measure(door, "clear_width", e->clear_width);
		cJSON_AddBoolToObject(door, "usable", e->usable);
		cJSON_AddItemToArray(doors, door);
	}
}

/* The works as a whole: terms are sums where every unit knows them. */
static struct capacity
whole(
    const struct shelter_capacity *sum, const struct capacity *units, size_t n)
{
	struct capacity c = { .usable = sum->usable,
		.without_defects = sum->without_defects,
		.binding = sum->binding };
	for (int t = 0; t < CAP_RULES; t++) {
		c.term[t] = n > 0 ? 0 : -1;
		for (size_t i = 0; i < n && c.term[t] >= 0; i++)
			c.term[t] = units[i].term[t] < 0
					? -1
					: c.term[t] + units[i].term[t];
	}
	return c;
}

static int
add_parts(struct request *req, cJSON *o, const struct shelter_full *f)
{
	struct capacity *units = calloc(f->nunits + 1, sizeof(*units));
	struct defect_query query = { .shelter_id = f->row.id,
		.state = "unclosed" };
	if (!units)
		return DB_ERROR;
	struct shelter_capacity sum =
	    shelter_capacity_of(f, &snapshot_rules(req->snap)->capacity, units);
	struct capacity c = whole(&sum, units, f->nunits);
	add_units(o, f, units);
	add_entrances(o, f);
	cJSON_AddItemToObject(o, "capacity", map_capacity_json(&c));
	free(units);
	return defect_add_all(req, o, &query);
}

static enum status
show_shelter(struct request *req)
{
	const struct shelter_full *full = NULL;
	int64_t id = req_id(req, "id");
	const struct snap_shelter *s = site_shelter(req, id);
	cJSON *o = NULL;
	int result = DB_ERROR;
	if (!s)
		return req_fail(
		    req, ST_NOT_FOUND, "id", "no shelter %lld", (long long)id);
	struct shelter_reader *r = shelter_reader_new(req->db, id, id);
	if (r)
		result = shelter_reader_next(r, &full);
	if (result == DB_ROW) {
		o = map_shelter_json(s);
		result = add_parts(req, o, full);
		reply_version(req, s->version);
		cJSON_AddNumberToObject(
		    o, "free", (double)map_free_places(req->snap, s));
	}
	shelter_reader_free(r);
	if (result >= 0 && o)
		return reply_json(req, ST_OK, o);
	cJSON_Delete(o);
	return site_store_failed(req);
}

struct near {
	const struct snap_shelter *shelter;
	const struct snap_entrance *entrance;
	double metres, walk;
};

static size_t
add_near(struct near *found, size_t n, const struct snap_shelter *s,
    const struct snap_entrance *e, double metres)
{
	for (size_t i = 0; i < n; i++)
		if (found[i].shelter == s)
			return n;
	found[n] = (struct near){ s, e, metres, INFINITY };
	return n + 1;
}

/* The k nearest shelters the caller may see. */
static size_t
nearest(const struct request *req, struct gis_point plane, size_t k,
    struct near *found)
{
	const struct gis_index *index = snapshot_entrance_index(req->snap);
	struct gis_hit few[NEAR_MAX];
	size_t n = 0;
	for (size_t ask = k; n < k; ask *= 4) {
		struct gis_hit *hits =
		    ask <= NEAR_MAX ? few : malloc(ask * sizeof(*hits));
		size_t got =
		    hits ? gis_index_nearest(index, plane, ask, hits) : 0;
		n = 0;
		snapshot_entrances_soon(req->snap, hits, got < k ? got : k);
		for (size_t i = 0; i < got && n < k; i++) {
			const struct snap_shelter *s = NULL;
			const struct snap_entrance *e = NULL;
			snapshot_entrance(req->snap, hits[i].item, &s, &e);
			if (site_visible(&req->caller, s) &&
			    plan_door_open(s, e))
				n = add_near(found, n, s, e, hits[i].metres);
		}
		if (hits != few)
			free(hits);
		if (got < ask)
			break;
	}
	return n;
}

/* Walking lengths to the nearest of each shelter's usable entrances; nobody is
 * sent a way ten times the straight line. */
static void
walk(const struct request *req, struct gis_point plane, struct near *found,
    size_t n)
{
	const struct snap_shelter *shelter[NEAR_MAX];
	double metres[NEAR_MAX], limit;

	if (n == 0)
		return;
	limit = found[n - 1].metres * 10 + 500;
	for (size_t i = 0; i < n; i++)
		shelter[i] = found[i].shelter;
	map_walk(req->snap, plane, snapshot_rules(req->snap)->snap_reach,
	    limit > 5000 ? 5000 : limit, shelter, n, metres);
	for (size_t i = 0; i < n; i++)
		found[i].walk = metres[i];
}

/* A member that may be unknown. */
static void
put_known(struct json_out *o, const char *name, double v, int decimals)
{
	json_out_raw(o, name);
	json_out_num(o, v < 0 ? NAN : v, decimals);
}

static void
near_json(struct json_out *o, const struct request *req, const struct near *n)
{
	const struct snap_shelter *s = n->shelter;
	json_out_raw(o, "{\"id\":");
	json_out_int(o, s->id);
	json_out_raw(o, ",\"name\":");
	json_out_text(o, s->name);
	json_out_raw(o, ",\"address\":");
	json_out_text(o, s->address);
	json_out_raw(o, ",\"at\":[");
	json_out_num(o, n->entrance->lonlat.x, 7);
	json_out_raw(o, ",");
	json_out_num(o, n->entrance->lonlat.y, 7);
	json_out_raw(o, "],\"entrance\":");
	json_out_int(o, n->entrance->id);
	put_known(o, ",\"metres\":", n->metres, 1);
	put_known(o, ",\"walk_metres\":", n->walk, 1);
	put_known(o, ",\"usable\":", (double)s->usable, 0);
	put_known(o, ",\"free\":", (double)map_free_places(req->snap, s), 0);
	json_out_raw(o, ",\"binding_rule\":");
	json_out_text(o, capacity_rule_name(s->binding));
	json_out_raw(o, "}");
}

/* Asked more often than anything else, so written without a tree. */
static enum status
near_shelters(struct request *req)
{
	struct near found[NEAR_MAX];
	struct json_out o = { 0 };
	struct gis_point at, p;
	size_t len = 0;
	enum status st = map_lonlat(req, &at, &p);
	if (st != ST_OK)
		return st;
	size_t n = nearest(req, p, (size_t)req_query_int(req, "k", 5), found);
	walk(req, p, found, n);
	json_out_raw(&o, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		json_out_raw(&o, i > 0 ? "," : "");
		near_json(&o, req, &found[i]);
	}
	json_out_raw(&o, "]}");
	char *bytes = json_out_take(&o, &len);
	if (!bytes)
		return req_fail(req, ST_UNAVAILABLE, NULL, "out of memory");
	return reply_bytes(req, ST_OK, "application/json", bytes, len);
}

static const struct field list_query[] = {
	{ .name = "where",
	    .type = F_STRING,
	    .help = "places >= 100 and kind != '一般住宅'" },
	{ .name = "search",
	    .type = F_STRING,
	    .maxlen = 200,
	    .help = "part of the name, address or register number; or the id" },
	MAP_BBOX_FIELD,
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field near_query[] = {
	MAP_LON_FIELD,
	MAP_LAT_FIELD,
	{ .name = "k",
	    .type = F_INTEGER,
	    .min = 1,
	    .max = NEAR_MAX,
	    .help = "how many, default 5" },
	{ .name = NULL },
};

const struct route routes_shelter[] = {
	{ .method = "GET",
	    .path = "/v1/shelters",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = list_query,
	    .handle = list_shelters,
	    .summary = "Shelters with their usable capacity" },
	{ .method = "GET",
	    .path = "/v1/shelters/near",
	    .roles = ROLE_ANYONE,
	    .on = ON_LOOP,
	    .query = near_query,
	    .handle = near_shelters,
	    .summary = "The nearest shelters, straight and on foot" },
	{ .method = "GET",
	    .path = "/v1/shelters/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = show_shelter,
	    .summary = "One shelter with units, entrances and defects" },
	{ .method = "POST",
	    .path = "/v1/shelters",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = shelter_add_body,
	    .handle = shelter_add,
	    .summary = "Add a shelter" },
	{ .method = "PATCH",
	    .path = "/v1/shelters/{id}",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .if_match = true,
	    .body = shelter_change_body,
	    .handle = shelter_change,
	    .summary = "Change a shelter; given arrays replace" },
	{ .method = NULL },
};

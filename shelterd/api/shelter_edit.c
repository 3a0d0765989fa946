/* SPDX-License-Identifier: MIT */
/*
 * A shelter is read whole, the body's fields are laid over it, the event
 * tells capacity before and after.  Units and entrances that a body gives as
 * arrays replace what there was: with an id one stays, without it is new,
 * what is not named goes.
 */
#include "shelterd/api/shelter_edit.h"
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/map/map_view.h"
#include "shelterd/shelter_parts.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"

#define BODY_TEXT(n)                        \
	{                                   \
		.name = n, .type = F_STRING \
	}

/* The fields of a shelter; one to be added must have a name and a place. */
#define SHELTER_FIELDS(must)                                                \
	BODY_TEXT("register_id"),                                           \
	    { .name = "name", .type = F_STRING, .required = must },         \
	    BODY_TEXT("address"), BODY_TEXT("kind"), BODY_TEXT("precinct"), \
	    { .name = "org", .type = F_STRING, .maxlen = 127 },             \
	    BODY_TEXT("floors"), BODY_TEXT("note"),                         \
	    { .name = "area",                                               \
		    .type = F_NUMBER,                                       \
		    .nullable = true,                                       \
		    .min = 0,                                               \
		    .max = 1e8 },                                           \
	    { .name = "places",                                             \
		    .type = F_INTEGER,                                      \
		    .nullable = true,                                       \
		    .min = 0,                                               \
		    .max = 1e7 },                                           \
	    { .name = "at",                                                 \
		    .type = F_ARRAY,                                        \
		    .item = F_NUMBER,                                       \
		    .required = must,                                       \
		    .maxlen = 2 },                                          \
	    { .name = "closed", .type = F_BOOL },                           \
	    { .name = "hidden", .type = F_BOOL },                           \
	    { .name = "units",                                              \
		    .type = F_ARRAY,                                        \
		    .of = shelter_unit_fields,                              \
		    .maxlen = 1000 },                                       \
	    { .name = "entrances",                                          \
		    .type = F_ARRAY,                                        \
		    .of = shelter_entrance_fields,                          \
		    .maxlen = 1000 },                                       \
	{                                                                   \
		.name = NULL                                                \
	}

const struct field shelter_change_body[] = { SHELTER_FIELDS(false) };
const struct field shelter_add_body[] = { SHELTER_FIELDS(true) };

static const cJSON *
given(const struct request *req, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(req->body, name);
}

/* The body over the row; texts point into the body. */
static enum status
lay_over(struct request *req, struct shelter_row *r)
{
	const cJSON *b = req->body;
	r->register_id = body_str(b, "register_id", r->register_id);
	r->name = body_str(b, "name", r->name);
	r->address = body_str(b, "address", r->address);
	r->kind = body_str(b, "kind", r->kind);
	r->precinct = body_str(b, "precinct", r->precinct);
	r->org = body_str(b, "org", r->org);
	r->floors = body_str(b, "floors", r->floors);
	r->note = body_str(b, "note", r->note);
	if (given(req, "area"))
		r->area = body_num(b, "area", -1);
	if (given(req, "places"))
		r->places = body_int(b, "places", -1);
	r->closed = body_bool(b, "closed", r->closed);
	r->hidden = body_bool(b, "hidden", r->hidden);
	if (!given(req, "at"))
		return ST_OK;
	return map_at(req, given(req, "at"), "at", &r->lonlat);
}

static cJSON *
names_of(const cJSON *body)
{
	const cJSON *v = NULL;
	cJSON *a = cJSON_CreateArray();
	cJSON_ArrayForEach(v, body)
	    cJSON_AddItemToArray(a, cJSON_CreateString(v->string));
	return a;
}

static enum status
tell(struct request *req, const char *kind, const struct shelter_row *r,
    int64_t before, bool was_hidden)
{
	struct shelter_capacity after = { 0 };
	struct event_scope scope = { .roles = ROLE_ANYONE,
		.org = r->org,
		.hidden = r->hidden || was_hidden };
	if (r->org[0] == '\0')
		scope.org = NULL;
	if (store_shelter_capacity(
		req->db, snapshot_rules(req->snap), r->id, &after) != DB_ROW)
		return site_store_failed(req);
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "shelter", (double)r->id);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddItemToObject(o, "fields", names_of(req->body));
	map_add_change(o, before, &after);
	req_touch_shelter(req, r->id);
	return req_event(req, kind, "shelter", r->id, scope, o, NULL);
}

static enum status
answer(struct request *req, enum status st, int64_t id, int64_t version)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)id);
	cJSON_AddNumberToObject(o, "version", (double)version);
	reply_version(req, version);
	return reply_json(req, st, o);
}

/* One unit and one entrance for what the body did not give. */
static int
add_missing_parts(struct request *req, const struct shelter_row *r)
{
	struct unit_row unit = { .sheltering_area = r->area,
		.stated_places = r->places,
		.converted = -1 };
	struct entrance_row door = {
		.lonlat = r->lonlat, .clear_width = -1, .usable = true
	};
	int result = DB_OK;
	if (!given(req, "units"))
		result = unit_insert(req->db, r->id, &unit);
	door.unit_id = given(req, "units") ? 0 : unit.id;
	if (result >= 0 && !given(req, "entrances"))
		result = entrance_insert(req->db, r->id, &door);
	return result;
}

enum status
shelter_add(struct request *req)
{
	struct shelter_row row = { .register_id = "",
		.name = "",
		.address = "",
		.kind = "",
		.precinct = "",
		.org = "",
		.floors = "",
		.note = "",
		.area = -1,
		.places = -1 };
	struct shelter_full none = { 0 };
	enum status st = lay_over(req, &row);
	if (st != ST_OK)
		return st;
	if (shelter_insert(req->db, &row) < 0 ||
	    add_missing_parts(req, &row) < 0)
		return site_store_failed(req);
	none.row = row;
	st = shelter_put_parts(req, &none);
	if (st == ST_OK)
		st = tell(req, "shelter.added", &row, 0, row.hidden);
	return st == ST_OK ? answer(req, ST_CREATED, row.id, 1) : st;
}

static enum status
change(struct request *req, const struct shelter_full *old)
{
	struct shelter_row row = old->row;
	int64_t before =
	    shelter_capacity_of(old, &snapshot_rules(req->snap)->capacity, NULL)
		.usable;
	if (req->if_match != row.version)
		return req_fail(req, ST_STALE, "version",
		    "it is version %lld now", (long long)row.version);
	enum status st = lay_over(req, &row);
	if (st != ST_OK)
		return st;
	if (shelter_follow(req->db, old, &row, NULL) < 0 ||
	    shelter_update(req->db, &row) < 0)
		return site_store_failed(req);
	st = shelter_put_parts(req, old);
	if (st == ST_OK)
		st =
		    tell(req, "shelter.changed", &row, before, old->row.hidden);
	return st == ST_OK ? answer(req, ST_OK, row.id, row.version + 1) : st;
}

enum status
shelter_change(struct request *req)
{
	int64_t id = req_id(req, "id");
	const struct shelter_full *old = NULL;
	enum status st = ST_OK;
	int result = DB_ERROR;
	struct shelter_reader *r = shelter_reader_new(req->db, id, id);
	if (r)
		result = shelter_reader_next(r, &old);
	if (result == DB_ROW)
		st = change(req, old);
	else if (result == DB_OK)
		st = req_fail(
		    req, ST_NOT_FOUND, "id", "no shelter %lld", (long long)id);
	else
		st = site_store_failed(req);
	shelter_reader_free(r);
	return st;
}

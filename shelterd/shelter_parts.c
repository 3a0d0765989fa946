/* SPDX-License-Identifier: MIT */
/* See shelter_parts.h.  Entrances go before units, because they point. */
#include "shelterd/shelter_parts.h"
#include <stdio.h>
#include "shelterd/map/map_view.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"

const struct field shelter_unit_fields[] = {
	{ .name = "id", .type = F_INTEGER, .min = 1, .max = 0x1p53 },
	{ .name = "name", .type = F_STRING },
	{ .name = "sheltering_area",
	    .type = F_NUMBER,
	    .nullable = true,
	    .min = 0,
	    .max = 1e7,
	    .help = "m2" },
	{ .name = "stated_places",
	    .type = F_INTEGER,
	    .nullable = true,
	    .min = 0,
	    .max = 1e7 },
	{ .name = "converted", .type = F_BOOL, .nullable = true },
	{ .name = "closed", .type = F_BOOL },
	{ .name = NULL },
};

const struct field shelter_entrance_fields[] = {
	{ .name = "id", .type = F_INTEGER, .min = 1, .max = 0x1p53 },
	{ .name = "unit",
	    .type = F_INTEGER,
	    .nullable = true,
	    .min = 1,
	    .max = 0x1p53 },
	{ .name = "name", .type = F_STRING },
	{ .name = "at", .type = F_ARRAY, .item = F_NUMBER, .maxlen = 2 },
	{ .name = "clear_width",
	    .type = F_NUMBER,
	    .nullable = true,
	    .min = 0,
	    .max = 100,
	    .help = "m" },
	{ .name = "usable", .type = F_BOOL },
	{ .name = NULL },
};

static const cJSON *
field_of(const cJSON *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o, name);
}

/* Is an id named by one of the array's items? */
static bool
named(const cJSON *array, int64_t id)
{
	const cJSON *item = NULL;
	cJSON_ArrayForEach(
	    item, array) if (body_int(item, "id", 0) == id) return true;
	return false;
}

static const struct unit_row *
find_unit(const struct shelter_full *f, int64_t id)
{
	for (size_t i = 0; i < f->nunits; i++)
		if (f->units[i].id == id)
			return &f->units[i];
	return NULL;
}

static const struct entrance_row *
find_entrance(const struct shelter_full *f, int64_t id)
{
	for (size_t i = 0; i < f->nentrances; i++)
		if (f->entrances[i].id == id)
			return &f->entrances[i];
	return NULL;
}

static enum status
unknown(struct request *req, const char *array, int i, const char *field,
    int64_t id)
{
	char name[64];
	snprintf(name, sizeof(name), "%s[%d].%s", array, i, field);
	return req_fail(req, ST_INVALID, name,
	    "the shelter has none with id %lld", (long long)id);
}

static enum status
put_unit(struct request *req, const struct shelter_full *old, const cJSON *item,
    int i)
{
	struct unit_row u = { .name = "",
		.sheltering_area = -1,
		.stated_places = -1,
		.converted = -1 };
	int64_t id = body_int(item, "id", 0);
	if (id != 0) {
		const struct unit_row *was = find_unit(old, id);
		if (!was)
			return unknown(req, "units", i, "id", id);
		u = *was;
	}
	u.name = body_str(item, "name", u.name);
	if (field_of(item, "sheltering_area"))
		u.sheltering_area = body_num(item, "sheltering_area", -1);
	if (field_of(item, "stated_places"))
		u.stated_places = body_int(item, "stated_places", -1);
	const cJSON *converted = field_of(item, "converted");
	if (converted)
		u.converted =
		    cJSON_IsBool(converted) ? cJSON_IsTrue(converted) : -1;
	u.closed = body_bool(item, "closed", u.closed);
	int result = id != 0 ? unit_update(req->db, &u)
			     : unit_insert(req->db, old->row.id, &u);
	return result < 0 ? site_store_failed(req) : ST_OK;
}

static enum status
put_entrance(struct request *req, const struct shelter_full *old,
    const cJSON *item, int i)
{
	struct entrance_row e = { .name = "",
		.lonlat = old->row.lonlat,
		.clear_width = -1,
		.usable = true };
	char at[32];
	int64_t id = body_int(item, "id", 0);
	if (id != 0) {
		const struct entrance_row *was = find_entrance(old, id);
		if (!was)
			return unknown(req, "entrances", i, "id", id);
		e = *was;
	}
	if (field_of(item, "unit"))
		e.unit_id = body_int(item, "unit", 0);
	if (e.unit_id != 0 && !find_unit(old, e.unit_id))
		return unknown(req, "entrances", i, "unit", e.unit_id);
	e.name = body_str(item, "name", e.name);
	if (field_of(item, "clear_width"))
		e.clear_width = body_num(item, "clear_width", -1);
	e.usable = body_bool(item, "usable", e.usable);
	snprintf(at, sizeof(at), "entrances[%d].at", i);
	if (field_of(item, "at") &&
	    map_at(req, field_of(item, "at"), at, &e.lonlat) != ST_OK)
		return ST_INVALID;
	int result = id != 0 ? entrance_update(req->db, &e)
			     : entrance_insert(req->db, old->row.id, &e);
	return result < 0 ? site_store_failed(req) : ST_OK;
}

static enum status
put_all(struct request *req, const struct shelter_full *old, const char *array,
    enum status (*put)(
	struct request *, const struct shelter_full *, const cJSON *, int))
{
	const cJSON *item = NULL;
	const cJSON *items = field_of(req->body, array);
	int i = 0;
	if (items && cJSON_GetArraySize(items) == 0)
		return req_fail(
		    req, ST_INVALID, array, "a shelter has at least one");
	cJSON_ArrayForEach(item, items)
	{
		enum status st = put(req, old, item, i++);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

static int
drop_entrances(
    struct request *req, const struct shelter_full *old, const cJSON *keep)
{
	int result = DB_OK;
	for (size_t i = 0; i < old->nentrances && result >= 0; i++)
		if (!named(keep, old->entrances[i].id))
			result = entrance_delete(req->db, old->entrances[i].id);
	return result;
}

/* Entrances of a unit that goes belong to the works as a whole. */
static int
drop_units(
    struct request *req, const struct shelter_full *old, const cJSON *keep)
{
	int result = DB_OK;
	for (size_t i = 0; i < old->nunits && result >= 0; i++) {
		if (named(keep, old->units[i].id))
			continue;
		result = entrance_release_unit(req->db, old->units[i].id);
		if (result >= 0)
			result = unit_delete(req->db, old->units[i].id);
	}
	return result;
}

enum status
shelter_put_parts(struct request *req, const struct shelter_full *old)
{
	const cJSON *units = field_of(req->body, "units");
	const cJSON *doors = field_of(req->body, "entrances");
	enum status st = put_all(req, old, "units", put_unit);
	if (st == ST_OK)
		st = put_all(req, old, "entrances", put_entrance);
	if (st == ST_OK && doors && drop_entrances(req, old, doors) < 0)
		st = site_store_failed(req);
	if (st == ST_OK && units && drop_units(req, old, units) < 0)
		st = site_store_failed(req);
	return st;
}

/* SPDX-License-Identifier: MIT */
/*
 * Defects as they stand, and the order in which to repair them: by the
 * places that come back.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_defect.h"
#include "shelterd/daemon.h"
#include "shelterd/net/page.h"
#include "shelterd/room.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"

cJSON *
defect_json(const struct request *req, const struct defect_record *d)
{
	const struct rules *rules = snapshot_rules(req->snap);
	const struct checklist_item *item =
	    checklist_find(rules->items, rules->nitems, d->item);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)d->id);
	site_add_shelter(req, o, d->shelter_id);
	site_add_id(o, "unit", d->unit_id);
	site_add_id(o, "entrance", d->entrance_id);
	cJSON_AddStringToObject(o, "item", d->item);
	cJSON_AddStringToObject(o, "zh", item ? item->zh : "");
	cJSON_AddStringToObject(o, "en", item ? item->en : "");
	cJSON_AddStringToObject(o, "clause", item ? item->clause : "");
	cJSON_AddStringToObject(o, "severity", d->severity);
	cJSON_AddStringToObject(o, "effect", derating_effect_name(d->effect));
	if (d->effect == DERATE_FACTOR)
		cJSON_AddNumberToObject(o, "factor", d->factor);
	cJSON_AddStringToObject(o, "note", d->note);
	cJSON_AddStringToObject(o, "state", d->state);
	site_add_time(o, "opened_at", d->opened_at);
	cJSON_AddStringToObject(o, "opened_by", site_user(req, d->opened_by));
	site_add_id(o, "notice", d->notice_id);
	site_add_time(o, "closed_at", d->closed_at);
	return o;
}

struct array {
	const struct request *req;
	cJSON *items;
};

static bool
add_defect(void *arg, const struct defect_record *d)
{
	struct array *a = arg;

	return cJSON_AddItemToArray(a->items, defect_json(a->req, d));
}

int
defect_add_all(
    const struct request *req, cJSON *o, const struct defect_query *q)
{
	struct array a = { req, cJSON_AddArrayToObject(o, "defects") };

	return defect_each(req->db, q, add_defect, &a);
}

static bool
list_defect(void *arg, const struct defect_record *d)
{
	struct page *p = arg;

	if (!site_shelter(p->req, d->shelter_id))
		return true;
	return page_add(p, d->id, defect_json(p->req, d));
}

static enum status
get_defects(struct request *req)
{
	struct page page;
	struct defect_query q = {
		.shelter_id = req_query_int(req, "shelter", 0),
		.state = req_query(req, "state", NULL),
	};

	page_begin(&page, req);
	q.after = page.after;
	return page_reply(&page, defect_each(req->db, &q, list_defect, &page));
}

/* Repairs. */

struct repair {
	struct defect_record defect;
	int64_t places; /* that come back with this repair alone */
	int64_t all;	/* with every repair of the shelter */
};

struct repairs {
	struct request *req;
	struct repair *rows;
	size_t n, room;
	bool failed;
};

enum { REPAIRS_MAX = 100000 };

static bool
gather_repair(void *arg, const struct defect_record *d)
{
	struct repairs *r = arg;
	struct repair *grown = NULL;

	if (!site_shelter(r->req, d->shelter_id))
		return true;
	grown = room_for_one(r->rows, &r->room, r->n, sizeof(*grown));
	if (!grown) {
		r->failed = true;
		return false;
	}
	r->rows = grown;
	r->rows[r->n++] = (struct repair){ .defect = *d };
	return r->n < REPAIRS_MAX;
}

static int
by_shelter(const void *a, const void *b)
{
	const struct repair *x = a, *y = b;

	if (x->defect.shelter_id != y->defect.shelter_id)
		return x->defect.shelter_id < y->defect.shelter_id ? -1 : 1;
	return x->defect.id < y->defect.id ? -1 : 1;
}

static int
by_places(const void *a, const void *b)
{
	const struct repair *x = a, *y = b;

	if (x->places != y->places)
		return x->places > y->places ? -1 : 1;
	if (x->all != y->all)
		return x->all > y->all ? -1 : 1;
	return x->defect.id < y->defect.id ? -1 : 1;
}

/* Capacity of the shelter with the defect `id` left out. */
static int64_t
usable_without(
    const struct shelter_full *full, const struct rules *rules, int64_t id)
{
	struct shelter_full less = *full;
	struct shelter_capacity c = { .usable = 0 };

	less.defects = calloc(full->ndefects + 1, sizeof(*less.defects));
	if (!less.defects)
		return -1;
	less.ndefects = 0;
	for (size_t i = 0; i < full->ndefects; i++)
		if (full->defects[i].id != id)
			less.defects[less.ndefects++] = full->defects[i];
	c = shelter_capacity_of(&less, &rules->capacity, NULL);
	free(less.defects);
	return c.usable;
}

static void
weigh(const struct shelter_full *full, const struct rules *rules,
    struct repair *rows, size_t n)
{
	struct shelter_capacity c =
	    shelter_capacity_of(full, &rules->capacity, NULL);

	for (size_t i = 0; i < n; i++) {
		rows[i].places =
		    usable_without(full, rules, rows[i].defect.id) - c.usable;
		rows[i].all = c.without_defects - c.usable;
		if (rows[i].places < 0)
			rows[i].places = 0;
	}
}

static int
weigh_all(struct request *req, struct repairs *r)
{
	const struct rules *rules = snapshot_rules(req->snap);
	const struct shelter_full *full = NULL;
	struct shelter_reader *reader = NULL;
	int result = DB_OK;
	size_t n = 0;

	for (size_t i = 0; i < r->n && result >= 0; i += n) {
		int64_t id = r->rows[i].defect.shelter_id;

		for (n = 1;
		     i + n < r->n && r->rows[i + n].defect.shelter_id == id;)
			n++;
		reader = shelter_reader_new(req->db, id, id);
		if (!reader)
			return DB_ERROR;
		result = shelter_reader_next(reader, &full);
		if (result == DB_ROW)
			weigh(full, rules, &r->rows[i], n);
		shelter_reader_free(reader);
	}
	return result < 0 ? result : DB_OK;
}

static enum status
get_repairs(struct request *req)
{
	struct repairs r = { .req = req };
	struct defect_query q = { .state = "unclosed" };
	struct page page;
	cJSON *item = NULL;
	int result = defect_each(req->db, &q, gather_repair, &r);

	page_begin(&page, req);
	if (result == DB_OK && !r.failed && r.n > 0) {
		qsort(r.rows, r.n, sizeof(*r.rows), by_shelter);
		result = weigh_all(req, &r);
		qsort(r.rows, r.n, sizeof(*r.rows), by_places);
	}
	page.failed |= r.failed;
	for (size_t i = 0; i < r.n; i++) {
		item = defect_json(req, &r.rows[i].defect);
		cJSON_AddNumberToObject(
		    item, "places", (double)r.rows[i].places);
		cJSON_AddNumberToObject(
		    item, "shelter_places", (double)r.rows[i].all);
		if (!page_add(&page, 0, item))
			break;
	}
	free(r.rows);
	return page_reply(&page, result);
}

static const char *const state_words[] = { "open", "verified", "closed",
	"unclosed", NULL };

static const struct field defects_query[] = {
	SITE_ID_FIELD("shelter", .help = "only of this shelter"),
	{ .name = "state", .type = F_STRING, .oneof = state_words },
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field repairs_query[] = {
	PAGE_LIMIT_FIELD,
	{ .name = NULL },
};

const struct route routes_defect[] = {
	{ .method = "GET",
	    .path = "/v1/defects",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = defects_query,
	    .handle = get_defects,
	    .summary = "Defects and what they cost" },
	{ .method = "GET",
	    .path = "/v1/repairs",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = repairs_query,
	    .handle = get_repairs,
	    .summary = "Defects by the places that come back when repaired" },
	{ .path = NULL },
};

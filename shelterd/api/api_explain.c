/* SPDX-License-Identifier: MIT */
/* GET /v1/explain: an address, the shelters around it, and why. */
#include <math.h>
#include <stdio.h>

#include "shelterd/daemon.h"
#include "shelterd/map/explain.h"
#include "shelterd/map/map_view.h"
#include "shelterd/site.h"
#include "shelterd/store/defect.h"

static bool
may_see(const void *caller, const struct snap_shelter *s)
{
	return site_visible(caller, s);
}

struct items {
	cJSON *array;
	char first[64];
};

static bool
add_item(void *arg, const struct defect_record *d)
{
	struct items *items = arg;

	if (items->first[0] == '\0')
		snprintf(items->first, sizeof(items->first), "%s", d->item);
	cJSON_AddItemToArray(items->array, cJSON_CreateString(d->item));
	return true;
}

/* "defects":[item,…]; the first one into `first`. */
static int
add_defects(struct request *req, cJSON *o, const struct snap_shelter *s,
    char *first, size_t size)
{
	struct items items = { cJSON_AddArrayToObject(o, "defects"), "" };
	struct defect_query q = { .shelter_id = s->id, .state = "unclosed" };
	int rc = s->open_defects > 0
		     ? defect_each(req->db, &q, add_item, &items)
		     : 0;

	snprintf(first, size, "%s", items.first);
	return rc;
}

/* One sentence for people; the word beside it is for programs. */
static void
say_why(char *text, size_t size, const struct explain_site *s,
    const struct plan_limit *limit, const char *defect)
{
	switch (s->reason) {
	case EXPLAIN_ASSIGNED:
		snprintf(text, size, "assigned by the plan");
		break;
	case EXPLAIN_FREE:
		snprintf(text, size, "has free places");
		break;
	case EXPLAIN_FULL:
		snprintf(text, size, "full");
		break;
	case EXPLAIN_BEYOND:
		snprintf(text, size, "beyond %g %s", limit->value,
		    limit->by_minutes ? "min" : "m");
		break;
	case EXPLAIN_NO_PATH:
		snprintf(text, size, "no path");
		break;
	case EXPLAIN_DEFECT:
		snprintf(text, size, "defect: %s", defect);
		break;
	case EXPLAIN_CLOSED:
		snprintf(text, size, "closed");
		break;
	}
}

static cJSON *
site_json(struct request *req, const struct explain *x,
    const struct explain_site *s, const struct plan_limit *limit)
{
	cJSON *o = cJSON_CreateObject();
	char defect[64], why[128];

	cJSON_AddNumberToObject(o, "id", (double)s->shelter->id);
	cJSON_AddStringToObject(o, "name", s->shelter->name);
	cJSON_AddStringToObject(o, "address", s->shelter->address);
	cJSON_AddItemToObject(o, "at", map_at_json(s->entrance->lonlat));
	cJSON_AddNumberToObject(o, "entrance", (double)s->entrance->id);
	cJSON_AddNumberToObject(o, "metres", round(s->metres * 10) / 10);
	if (isfinite(s->walk))
		cJSON_AddNumberToObject(
		    o, "walk_metres", round(s->walk * 10) / 10);
	else
		cJSON_AddNullToObject(o, "walk_metres");
	cJSON_AddNumberToObject(o, "usable", (double)s->shelter->usable);
	cJSON_AddNumberToObject(
	    o, "free", (double)map_free_places(req->snap, s->shelter));
	cJSON_AddStringToObject(
	    o, "binding_rule", capacity_rule_name(s->shelter->binding));
	if (add_defects(req, o, s->shelter, defect, sizeof(defect)) < 0) {
		cJSON_Delete(o);
		return NULL;
	}
	say_why(why, sizeof(why), s, limit, defect);
	cJSON_AddBoolToObject(o, "is_place", s->reason == EXPLAIN_ASSIGNED);
	cJSON_AddStringToObject(o, "reason", explain_reason_word(s->reason));
	cJSON_AddStringToObject(o, "why", why);
	cJSON_AddNumberToObject(o, "repair_gives",
	    (double)(s->shelter->without_defects - s->shelter->usable));
	cJSON_AddBoolToObject(
	    o, "repair_matters", explain_repair_matters(x, s));
	return o;
}

/* Seats in works the caller may not see are not there. */
static void
add_seats(struct request *req, cJSON *o, const struct explain *x)
{
	cJSON *seats = cJSON_AddArrayToObject(o, "assigned");
	int64_t seated = 0;

	for (size_t i = 0; i < x->nseats; i++) {
		const struct plan_seat *seat = &x->seats[i];
		const struct snap_shelter *s = site_shelter(req, seat->shelter);
		cJSON *item;

		seated += seat->people;
		if (s == NULL)
			continue;
		item = cJSON_CreateObject();
		site_add_id(item, "shelter", seat->shelter);
		cJSON_AddStringToObject(item, "name", site_label(s));
		site_add_id(item, "entrance", seat->entrance);
		cJSON_AddNumberToObject(item, "people", (double)seat->people);
		cJSON_AddNumberToObject(item, "metres", (double)seat->metres);
		cJSON_AddItemToArray(seats, item);
	}
	if (x->home != NULL && plan_view_id(snapshot_plan(req->snap)) != 0)
		cJSON_AddNumberToObject(
		    o, "left_over", (double)(x->home->people - seated));
	else
		cJSON_AddNullToObject(o, "left_over");
}

static void
add_home_and_plan(struct request *req, cJSON *o, const struct explain *x)
{
	const struct plan_view *v = snapshot_plan(req->snap);
	cJSON *home, *plan;

	if (x->home == NULL) {
		cJSON_AddNullToObject(o, "home");
	} else {
		home = cJSON_AddObjectToObject(o, "home");
		cJSON_AddNumberToObject(home, "id", (double)x->home->id);
		cJSON_AddStringToObject(
		    home, "register_id", x->home->register_id);
		cJSON_AddStringToObject(home, "name", x->home->name);
		cJSON_AddNumberToObject(
		    home, "people", (double)x->home->people);
	}
	if (plan_view_id(v) == 0) {
		cJSON_AddNullToObject(o, "plan");
	} else {
		plan = cJSON_AddObjectToObject(o, "plan");
		cJSON_AddNumberToObject(plan, "id", (double)plan_view_id(v));
		cJSON_AddBoolToObject(plan, "approved", plan_view_approved(v));
	}
	add_seats(req, o, x);
}

static enum status
get_explain(struct request *req)
{
	struct plan_limit limit;
	struct gis_point at, plane;
	struct explain x;
	enum status st = map_lonlat(req, &at, &plane);
	cJSON *o, *nearest;

	if (st != ST_OK || (st = plan_limit_read(req, NULL, &limit)) != ST_OK)
		return st;
	if (!explain_at(&x, req->snap, plane, &limit,
		snapshot_rules(req->snap)->snap_reach, may_see, &req->caller))
		return site_store_failed(req);
	o = cJSON_CreateObject();
	cJSON_AddItemToObject(o, "at", map_at_json(at));
	cJSON_AddItemToObject(o, "limit", plan_limit_json(&limit));
	add_home_and_plan(req, o, &x);
	nearest = cJSON_AddArrayToObject(o, "nearest");
	for (size_t i = 0; i < x.n; i++) {
		cJSON *site = site_json(req, &x, &x.site[i], &limit);

		if (site == NULL) {
			cJSON_Delete(o);
			return site_store_failed(req);
		}
		cJSON_AddItemToArray(nearest, site);
	}
	return reply_json(req, ST_OK, o);
}

static const struct field explain_query[] = {
	MAP_LON_FIELD,
	MAP_LAT_FIELD,
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	{ .name = NULL },
};

const struct route routes_explain[] = {
	{ .method = "GET",
	    .path = "/v1/explain",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = explain_query,
	    .handle = get_explain,
	    .summary = "why this address goes where it goes" },
	{ .path = NULL },
};

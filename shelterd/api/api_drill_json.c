/* SPDX-License-Identifier: MIT */
/*
 * What the drill's handlers share: loading one, asking the table of its life,
 * and the JSON of drills, timetables and doors.  Hidden shelters are absent
 * for those who may not see them, not blank.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/store/db.h"
#include "shelterd/net/when.h"

enum status
drill_missing(struct request *r, int64_t id)
{
	return req_fail(r, ST_NOT_FOUND, "id", "no drill %lld", (long long)id);
}

enum status
drill_of_request(struct request *r, struct drill_now *d)
{
	int64_t id = req_id(r, "id");
	int result = drill_now_load(r->db, id, d);

	if (result == DB_ROW)
		return ST_OK;
	drill_now_release(d);
	if (result == DB_OK)
		return drill_missing(r, id);
	return site_store_failed(r);
}

enum status
drill_step_check(struct request *r, struct drill_now *d, enum drill_act act,
    const struct drill_facts *facts, const char *field)
{
	char why[160] = "";

	switch (drill_next(
	    d->row.state, act, facts, &d->row.state, why, sizeof(why))) {
	case DRILL_OK:
		return ST_OK;
	case DRILL_GUARDED:
		return req_fail(r, ST_INVALID, field, "%s", why);
	case DRILL_ILLEGAL:
		break;
	}
	return req_fail(r, ST_CONFLICT, "state", "%s", why);
}

bool
drill_hides(const struct request *r, int64_t shelter)
{
	const struct snap_shelter *s = NULL;

	if (site_office(&r->caller))
		return false;
	s = snapshot_shelter(r->snap, shelter);
	return s != NULL && s->hidden;
}

struct event_scope
drill_scope(bool hidden)
{
	return (struct event_scope){ ROLE_ANYONE, 0, NULL, hidden };
}

cJSON *
drill_event_body(const struct drill_now *d)
{
	cJSON *body = cJSON_CreateObject();

	cJSON_AddTrueToObject(body, "exercise");
	cJSON_AddNumberToObject(body, "at_s", (double)d->second);
	return body;
}

void
drill_add_pattern(cJSON *o, const struct alarm_signal *a)
{
	cJSON_AddStringToObject(o, "zh", a->zh);
	cJSON_AddStringToObject(o, "en", a->en);
	cJSON_AddNumberToObject(o, "on_s", (double)a->on_s);
	cJSON_AddNumberToObject(o, "off_s", (double)a->off_s);
	cJSON_AddNumberToObject(o, "cycles", (double)a->cycles);
	cJSON_AddNumberToObject(o, "total_s", (double)a->total_s);
}

void
inject_add_who(cJSON *o, const struct inject_row *i)
{
	if (i->who[0] != '\0')
		cJSON_AddStringToObject(o, "who", i->who);
}

cJSON *
inject_json(const struct inject_row *i)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)i->id);
	cJSON_AddNumberToObject(o, "at_s", (double)i->at_s);
	cJSON_AddNumberToObject(o, "planned_s", (double)i->planned_s);
	cJSON_AddStringToObject(o, "kind", i->kind);
	site_add_text(o, "signal", i->signal);
	site_add_text(o, "text", i->text);
	if (i->fired_s >= 0)
		cJSON_AddNumberToObject(o, "fired_at_s", (double)i->fired_s);
	else
		cJSON_AddNullToObject(o, "fired_at_s");
	cJSON_AddBoolToObject(o, "late", i->late);
	inject_add_who(o, i);
	if (i->ref[0] != '\0')
		cJSON_AddStringToObject(o, "ref", i->ref);
	return o;
}

static bool
add_injects(const struct request *r, cJSON *o, int64_t drill)
{
	struct inject_row *rows = NULL;
	size_t n = 0;
	cJSON *list = cJSON_AddArrayToObject(o, "injects");

	if (injects_of(r->db, drill, &rows, &n) != DB_OK)
		return false;
	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(list, inject_json(&rows[i]));
	free(rows);
	return true;
}

/* Doors come by shelter: the last object of the list is the open one. */
struct doors {
	const struct request *r;
	cJSON *shelters, *shelter, *entrances;
	int64_t id;
	int64_t people, arrived; /* of the open shelter */
	int64_t all_people, all_arrived;
};

static void
close_shelter(struct doors *d)
{
	const struct snap_shelter *s = NULL;

	if (d->shelter == NULL)
		return;
	s = snapshot_shelter(d->r->snap, d->id);
	cJSON_AddNumberToObject(d->shelter, "people", (double)d->people);
	cJSON_AddNumberToObject(d->shelter, "arrived", (double)d->arrived);
	if (s != NULL)
		cJSON_AddNumberToObject(
		    d->shelter, "usable", (double)s->usable);
	else
		cJSON_AddNullToObject(d->shelter, "usable");
	cJSON_AddBoolToObject(
	    d->shelter, "overfull", s != NULL && d->arrived > s->usable);
	cJSON_AddItemToObject(d->shelter, "entrances", d->entrances);
	cJSON_AddItemToArray(d->shelters, d->shelter);
	d->all_people += d->people;
	d->all_arrived += d->arrived;
	d->people = d->arrived = 0;
	d->shelter = NULL;
}

static void
add_width(cJSON *o, double clear_width)
{
	if (clear_width >= 0)
		cJSON_AddNumberToObject(o, "clear_width", clear_width);
	else
		cJSON_AddNullToObject(o, "clear_width");
}

static bool
door_json(void *arg, const struct door_row *door)
{
	struct doors *d = arg;
	cJSON *o = NULL;

	if (door->hidden && !site_office(&d->r->caller))
		return true;
	if (d->shelter == NULL || d->id != door->shelter) {
		close_shelter(d);
		d->id = door->shelter;
		d->shelter = cJSON_CreateObject();
		d->entrances = cJSON_CreateArray();
		cJSON_AddNumberToObject(d->shelter, "shelter", (double)d->id);
		cJSON_AddStringToObject(d->shelter, "name", door->shelter_name);
	}
	o = cJSON_CreateObject();
	site_add_id(o, "id", door->entrance);
	cJSON_AddStringToObject(o, "name", door->entrance_name);
	cJSON_AddNumberToObject(o, "people", (double)door->expected);
	cJSON_AddNumberToObject(o, "arrived", (double)door->arrived);
	add_width(o, door->clear_width);
	cJSON_AddItemToArray(d->entrances, o);
	d->people += door->expected;
	d->arrived += door->arrived;
	return true;
}

static bool
add_expected(const struct request *r, cJSON *o, int64_t drill)
{
	struct doors d = { .r = r };

	d.shelters = cJSON_AddArrayToObject(o, "expected");
	if (doors_each(r->db, drill, door_json, &d) != DB_OK) {
		cJSON_Delete(d.shelter);
		if (d.shelter != NULL)
			cJSON_Delete(d.entrances);
		return false;
	}
	close_shelter(&d);
	cJSON_AddNumberToObject(o, "planned", (double)d.all_people);
	cJSON_AddNumberToObject(o, "arrived", (double)d.all_arrived);
	return true;
}

cJSON *
drill_json(const struct request *r, const struct drill_now *d, bool whole)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)d->row.id);
	cJSON_AddTrueToObject(o, "exercise");
	cJSON_AddStringToObject(o, "title", d->row.title);
	cJSON_AddNumberToObject(o, "plan", (double)d->row.plan_id);
	cJSON_AddStringToObject(o, "state", drill_state_name(d->row.state));
	cJSON_AddNumberToObject(o, "speed", (double)d->row.speed / 1000);
	site_add_time(o, "created_at", d->row.created_at);
	site_add_time(o, "started_at", d->row.started_at);
	site_add_time(o, "ended_at", d->row.ended_at);
	cJSON_AddNumberToObject(o, "elapsed_s", (double)d->second);
	cJSON_AddNumberToObject(o, "version", (double)d->row.version);
	if (!add_injects(r, o, d->row.id) ||
	    (whole && !add_expected(r, o, d->row.id))) {
		cJSON_Delete(o);
		return NULL;
	}
	return o;
}

static bool
made_row(void *expected, const struct door_row *door)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "shelter", (double)door->shelter);
	cJSON_AddStringToObject(o, "name", door->shelter_name);
	site_add_id(o, "entrance", door->entrance);
	cJSON_AddStringToObject(o, "entrance_name", door->entrance_name);
	add_width(o, door->clear_width);
	cJSON_AddNumberToObject(o, "people", (double)door->expected);
	cJSON_AddItemToArray(expected, o);
	return true;
}

cJSON *
drill_made_json(const struct request *r, const struct drill_now *d)
{
	const struct rules *rules = snapshot_rules(r->snap);
	cJSON *o = drill_event_body(d);

	cJSON_AddStringToObject(o, "title", d->row.title);
	cJSON_AddNumberToObject(o, "plan", (double)d->row.plan_id);
	cJSON_AddNumberToObject(o, "speed", (double)d->row.speed / 1000);
	cJSON_AddNumberToObject(o, "planned", (double)d->row.planned);
	cJSON_AddNumberToObject(o, "door_width_per_hundred",
	    rules->capacity.door_width_per_hundred);
	if (!add_injects(r, o, d->row.id) ||
	    doors_each(r->db, d->row.id, made_row,
		cJSON_AddArrayToObject(o, "expected")) != DB_OK) {
		cJSON_Delete(o);
		return NULL;
	}
	return o;
}

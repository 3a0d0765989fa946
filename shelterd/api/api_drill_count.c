/* SPDX-License-Identifier: MIT */
/*
 * Counting people at the doors.  Each operation id counts once: sent again
 * with the same numbers it gets the same answer, with others it is refused.
 * Nobody is turned away: a shelter that takes more than it has places for is
 * flagged.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/store/db.h"
#include "shelterd/writer.h"

struct counting {
	struct request *r;
	struct drill_now d;
	cJSON *counted; /* of the event */
	cJSON *answers;
	bool hidden; /* one of them names a hidden shelter */
	int at;	     /* in the request */
};

static enum status wrong(struct counting *, enum status, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Names the member of the running arrival. */
static enum status
wrong(struct counting *c, enum status st, const char *member, const char *fmt,
    ...)
{
	char field[40], text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(field, sizeof(field), "arrivals[%d].%s", c->at, member);
	return req_fail(c->r, st, field, "%s", text);
}

static cJSON *
answer_json(const struct arrival_row *a)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "op", a->op);
	cJSON_AddNumberToObject(o, "shelter", (double)a->shelter);
	site_add_id(o, "entrance", a->entrance);
	cJSON_AddNumberToObject(o, "people", (double)a->people);
	cJSON_AddNumberToObject(o, "at_s", (double)a->at_s);
	cJSON_AddNumberToObject(o, "shelter_people", (double)a->shelter_people);
	cJSON_AddBoolToObject(o, "overfull", a->overfull);
	return o;
}

/* The drill's second at which they were counted. */
static enum status
second_of(struct counting *c, const cJSON *in, int64_t *second)
{
	enum { SKEW = 5 }; /* seconds a device's clock may be ahead */
	int64_t at = body_time(in, "at", -1);
	int64_t ms = at * 1000 + 999;

	*second = c->d.second;
	if (at < 0)
		return ST_OK;
	if (at < c->d.row.started_at)
		return wrong(
		    c, ST_INVALID, "at", "lies before the start of the drill");
	if (at > c->r->now + SKEW)
		return wrong(c, ST_INVALID, "at", "lies in the future");
	if (ms < c->d.wall_ms)
		*second = timeline_second(&c->d.line, ms);
	return ST_OK;
}

static enum status
find_door(
    struct counting *c, const struct arrival_row *a, struct door_row *door)
{
	int result = DB_OK;

	*door = (struct door_row){ .shelter = a->shelter };
	result = door_find(c->r->db, door);
	if (result < 0)
		return site_store_failed(c->r);
	if (result == DB_OK || (door->hidden && !site_office(&c->r->caller)))
		return wrong(c, ST_INVALID, "shelter", "no shelter %lld",
		    (long long)a->shelter);
	door->entrance = a->entrance;
	result = door_find(c->r->db, door);
	if (result < 0)
		return site_store_failed(c->r);
	if (result == DB_OK)
		return wrong(c, ST_INVALID, "entrance",
		    "shelter %lld has no entrance %lld", (long long)a->shelter,
		    (long long)a->entrance);
	c->hidden |= door->hidden;
	return ST_OK;
}

static enum status
count_new(struct counting *c, const cJSON *in, struct arrival_row *a)
{
	struct drill_facts facts = { .people = a->people };
	const struct snap_shelter *s = snapshot_shelter(c->r->snap, a->shelter);
	struct door_row door;
	cJSON *o = NULL;
	enum status st =
	    drill_step_check(c->r, &c->d, DRILL_ARRIVE, &facts, "people");

	if (st == ST_OK)
		st = find_door(c, a, &door);
	if (st == ST_OK)
		st = second_of(c, in, &a->at_s);
	if (st != ST_OK)
		return st;
	if (arrival_count(c->r->db, c->d.row.id, &door, a) != DB_OK)
		return site_store_failed(c->r);
	a->overfull = s != NULL && a->shelter_people > s->usable;
	if (arrival_add(c->r->db, c->d.row.id, a) != DB_OK)
		return site_store_failed(c->r);
	o = answer_json(a);
	cJSON_AddStringToObject(o, "name", door.shelter_name);
	cJSON_AddStringToObject(o, "entrance_name", door.entrance_name);
	cJSON_AddItemToArray(c->counted, o);
	return ST_OK;
}

static enum status
count_one(struct counting *c, const cJSON *in)
{
	struct arrival_row a = { .shelter = body_int(in, "shelter", 0),
		.entrance = body_int(in, "entrance", 0),
		.people = body_int(in, "people", 0) };
	const char *op = body_str(in, "op", "");
	struct arrival_row old;
	enum status st = ST_OK;
	int result = DB_OK;

	if (op[0] == '\0')
		return wrong(c, ST_INVALID, "op", "must not be empty");
	snprintf(a.op, sizeof(a.op), "%s", op);
	result = arrival_get(c->r->db, c->d.row.id, op, &old);
	if (result < 0)
		return site_store_failed(c->r);
	if (result == DB_ROW &&
	    (old.shelter != a.shelter || old.entrance != a.entrance ||
		old.people != a.people))
		return wrong(c, ST_CONFLICT, "op",
		    "was counted before with other numbers");
	if (result == DB_ROW)
		a = old;
	else
		st = count_new(c, in, &a);
	if (st == ST_OK)
		cJSON_AddItemToArray(c->answers, answer_json(&a));
	return st;
}

static enum status
append_event(struct counting *c)
{
	cJSON *body = NULL;

	if (cJSON_GetArraySize(c->counted) == 0) {
		req_no_event(c->r);
		return ST_OK;
	}
	body = drill_event_body(&c->d);
	cJSON_AddItemToObject(body, "arrivals", c->counted);
	c->counted = NULL;
	return req_event(c->r, "drill.arrival", "drill", c->d.row.id,
	    drill_scope(c->hidden), body, NULL);
}

enum status
drill_arrivals(struct request *r)
{
	struct counting c = { .r = r };
	const cJSON *in = NULL;
	cJSON *o = NULL;
	enum status st = drill_of_request(r, &c.d);

	if (st != ST_OK)
		return st;
	c.counted = cJSON_CreateArray();
	c.answers = cJSON_CreateArray();
	cJSON_ArrayForEach(
	    in, cJSON_GetObjectItemCaseSensitive(r->body, "arrivals"))
	{
		if (st == ST_OK)
			st = count_one(&c, in);
		c.at++;
	}
	if (st == ST_OK)
		st = append_event(&c);
	if (st == ST_OK) {
		o = cJSON_CreateObject();
		cJSON_AddNumberToObject(o, "drill", (double)c.d.row.id);
		cJSON_AddTrueToObject(o, "exercise");
		cJSON_AddItemToObject(o, "arrivals", c.answers);
		c.answers = NULL;
		st = reply_json(r, ST_OK, o);
	}
	cJSON_Delete(c.counted);
	cJSON_Delete(c.answers);
	drill_now_release(&c.d);
	return st;
}

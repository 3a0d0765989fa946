/* SPDX-License-Identifier: MIT */
/*
 * The steps of a drill's life: start, pause, resume, end, postpone, and what
 * is told by hand (signal, inject, observe).  What is legal stands in
 * drills/state.c; here each step changes the rows and appends its event.
 */
#include <stdio.h>
#include <string.h>
#include "drills/alarm.h"
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/store/db.h"

static enum status
answer(struct request *r, const struct drill_now *d)
{
	cJSON *o = drill_json(r, d, false);

	if (o == NULL)
		return site_store_failed(r);
	reply_version(r, d->row.version);
	return reply_json(r, ST_OK, o);
}

/* Stores the row with a new clock number, appends the event, sets the timers
 * anew and answers. Takes body. */
static enum status
settle(struct request *r, struct drill_now *d, const char *kind, cJSON *body)
{
	enum status st = ST_OK;

	d->row.clock++;
	if (drill_put(r->db, &d->row) != DB_OK) {
		cJSON_Delete(body);
		return site_store_failed(r);
	}
	st = req_event(
	    r, kind, "drill", d->row.id, drill_scope(false), body, NULL);
	if (st != ST_OK)
		return st;
	req_touch(r, SNAP_DRILLS);
	drill_clock_arm(r->daemon);
	return answer(r, d);
}

/* A step that starts or stops the clock. */
static enum status
turn_clock(struct request *r, enum drill_act act, const char *kind)
{
	struct drill_now d;
	struct drill_facts facts = { 0 };
	enum status st = drill_of_request(r, &d);
	bool was_paused = false;

	if (st != ST_OK)
		return st;
	facts.people = d.row.planned;
	was_paused = d.row.state == DRILL_PAUSED;
	st = drill_step_check(r, &d, act, &facts, "plan");
	if (st != ST_OK)
		goto out;
	if (act == DRILL_START)
		d.row.started_at = r->now;
	if (act == DRILL_END)
		d.row.ended_at = r->now;
	if (!(act == DRILL_END && was_paused) &&
	    drill_now_mark(r->db, &d, d.row.state == DRILL_RUNNING) != DB_OK)
		st = site_store_failed(r);
	else
		st = settle(r, &d, kind, drill_event_body(&d));
out:
	drill_now_release(&d);
	return st;
}

enum status
drill_start(struct request *r)
{
	return turn_clock(r, DRILL_START, "drill.started");
}

enum status
drill_pause(struct request *r)
{
	return turn_clock(r, DRILL_PAUSE, "drill.paused");
}

enum status
drill_resume(struct request *r)
{
	return turn_clock(r, DRILL_RESUME, "drill.resumed");
}

enum status
drill_end(struct request *r)
{
	return turn_clock(r, DRILL_END, "drill.ended");
}

enum status
drill_postpone(struct request *r)
{
	struct drill_now d;
	struct drill_facts facts = { .seconds =
					 body_int(r->body, "seconds", 0) };
	enum status st = drill_of_request(r, &d);
	cJSON *body = NULL;

	if (st != ST_OK)
		return st;
	if (inject_last(r->db, d.row.id, &facts.last_s) < 0) {
		st = site_store_failed(r);
		goto out;
	}
	st = drill_step_check(r, &d, DRILL_POSTPONE, &facts, "seconds");
	if (st != ST_OK)
		goto out;
	if (injects_postpone(r->db, d.row.id, facts.seconds) != DB_OK) {
		st = site_store_failed(r);
		goto out;
	}
	body = drill_event_body(&d);
	cJSON_AddNumberToObject(body, "seconds", (double)facts.seconds);
	st = settle(r, &d, "drill.postponed", body);
out:
	drill_now_release(&d);
	return st;
}

/* Fires an entry that was told by hand, and answers. */
static enum status
tell_now(struct request *r, struct drill_now *d, struct inject_row *i)
{
	enum status st = drill_fire(r, d, i);

	if (st != ST_OK)
		return st;
	d->row.clock++;
	if (drill_put(r->db, &d->row) != DB_OK)
		return site_store_failed(r);
	drill_clock_arm(r->daemon);
	return answer(r, d);
}

enum status
drill_signal(struct request *r)
{
	const struct rules *rules = snapshot_rules(r->snap);
	const char *word = body_str(r->body, "signal", "");
	struct inject_row i = { .kind = "signal" };
	struct drill_now d;
	enum status st = drill_of_request(r, &d);
	int result = DB_OK;

	if (st != ST_OK)
		return st;
	if (alarm_find(rules->signals, rules->nsignals, word) == NULL)
		st = req_fail(r, ST_INVALID, "signal", "no signal '%s'", word);
	else
		st = drill_step_check(r, &d, DRILL_SIGNAL, NULL, "signal");
	if (st != ST_OK)
		goto out;
	result = inject_next(r->db, d.row.id, word, &i);
	if (result == DB_OK) {
		snprintf(i.signal, sizeof(i.signal), "%s", word);
		i.at_s = d.second;
		result = inject_add(r->db, d.row.id, &i);
	}
	st = result < 0 ? site_store_failed(r) : tell_now(r, &d, &i);
out:
	drill_now_release(&d);
	return st;
}

/* An entry for later: the event says that it was added, not yet told. */
static enum status
tell_later(struct request *r, struct drill_now *d, const struct inject_row *i)
{
	cJSON *body = drill_event_body(d);

	cJSON_AddNumberToObject(body, "inject", (double)i->id);
	cJSON_AddStringToObject(body, "kind", i->kind);
	cJSON_AddStringToObject(body, "text", i->text);
	cJSON_AddNumberToObject(body, "planned_s", (double)i->at_s);
	cJSON_AddNullToObject(body, "fired_at_s");
	return settle(r, d, "drill.inject", body);
}

enum status
drill_inject(struct request *r)
{
	struct inject_row i = { 0 };
	struct drill_facts facts = { 0 };
	struct drill_now d;
	enum status st = drill_of_request(r, &d);
	int64_t n = 0;

	if (st != ST_OK)
		return st;
	facts.now_s = d.second;
	facts.at_s = i.at_s = body_int(r->body, "at_s", d.second);
	snprintf(
	    i.kind, sizeof(i.kind), "%s", body_str(r->body, "kind", "info"));
	snprintf(i.text, sizeof(i.text), "%s", body_str(r->body, "text", ""));
	st = drill_step_check(r, &d, DRILL_INJECT, &facts, "at_s");
	if (st != ST_OK)
		goto out;
	if (inject_count(r->db, d.row.id, &n) < 0 ||
	    (n < DRILL_ENTRIES && inject_add(r->db, d.row.id, &i) != DB_OK))
		st = site_store_failed(r);
	else if (n >= DRILL_ENTRIES)
		st = req_fail(r, ST_CONFLICT, NULL,
		    "the timetable is full: %d entries", DRILL_ENTRIES);
	else if (d.row.state == DRILL_RUNNING && i.at_s <= d.second)
		st = tell_now(r, &d, &i);
	else
		st = tell_later(r, &d, &i);
out:
	drill_now_release(&d);
	return st;
}

enum status
drill_observe(struct request *r)
{
	struct door_row door = { .shelter = body_int(r->body, "shelter", 0) };
	struct drill_now d;
	enum status st = drill_of_request(r, &d);
	cJSON *body = NULL;
	int result = DB_ROW;

	if (st != ST_OK)
		return st;
	st = drill_step_check(r, &d, DRILL_OBSERVE, NULL, NULL);
	if (st != ST_OK)
		goto out;
	if (door.shelter != 0)
		result = door_find(r->db, &door);
	if (result < 0)
		st = site_store_failed(r);
	else if (result == DB_OK || (door.hidden && !site_office(&r->caller)))
		st = req_fail(r, ST_INVALID, "shelter", "no shelter %lld",
		    (long long)door.shelter);
	if (st != ST_OK)
		goto out;
	body = drill_event_body(&d);
	site_add_id(body, "shelter", door.shelter);
	cJSON_AddStringToObject(body, "text", body_str(r->body, "text", ""));
	st = req_event(r, "drill.observed", "drill", d.row.id,
	    drill_scope(door.hidden), body, NULL);
	if (st == ST_OK)
		st = answer(r, &d);
out:
	drill_now_release(&d);
	return st;
}

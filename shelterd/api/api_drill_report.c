/* SPDX-License-Identifier: MIT */
/*
 * The after-action report: reads the drill's events from the log, hands them
 * to drills/report.c and prints what comes back.  Nothing but the log goes
 * in, so the same log gives the same bytes; of hidden shelters nothing comes
 * out for those who may not see them.
 */
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "drills/report.h"
#include "shelterd/api/api_drill.h"
#include "shelterd/room.h"
#include "shelterd/store/db.h"
#include "shelterd/net/when.h"

/* The log of one drill; the documents hold the texts of the events. */
struct reading {
	struct request *r;
	cJSON **docs;
	size_t ndocs, docs_room;
	struct report_event *events;
	size_t nevents, events_room;
	const cJSON *made;
	int64_t first, last;
	char head[2 * 32 + 1];
	bool failed;
};

static void
push(struct reading *g, const struct report_event *e)
{
	struct report_event *more =
	    room_for_one(g->events, &g->events_room, g->nevents, sizeof(*e));

	if (more == NULL) {
		g->failed = true;
		return;
	}
	g->events = more;
	g->events[g->nevents++] = *e;
}

/* Rows of drill.made's "expected" and drill.arrival's "arrivals" share their
 * member names. */
static void
push_rows(struct reading *g, const struct drill_event *e, enum report_kind kind,
    const cJSON *rows)
{
	const cJSON *o = NULL;

	cJSON_ArrayForEach(o, rows)
	{
		struct report_event x = { .kind = kind,
			.id = e->id,
			.at = e->at,
			.second = body_int(o, "at_s", 0),
			.shelter = body_int(o, "shelter", 0),
			.entrance = body_int(o, "entrance", 0),
			.people = body_int(o, "people", 0),
			.clear_width = body_num(o, "clear_width", -1),
			.op = body_str(o, "op", ""),
			.shelter_name = body_str(o, "name", NULL),
			.entrance_name = body_str(o, "entrance_name", NULL) };

		if (!drill_hides(g->r, x.shelter))
			push(g, &x);
	}
}

static void
push_signal(struct reading *g, const struct drill_event *e, const cJSON *o)
{
	struct report_event x = { .kind = REPORT_SIGNAL,
		.id = e->id,
		.at = e->at,
		.second = body_int(o, "fired_at_s", 0),
		.planned_s = body_int(o, "planned_s", 0),
		.late = body_bool(o, "late", false),
		.word = body_str(o, "signal", ""),
		.zh = body_str(o, "zh", "") };

	push(g, &x);
}

static void
note_place(struct reading *g, const struct drill_event *e)
{
	if (g->first == 0)
		g->first = e->id;
	g->last = e->id;
	sodium_bin2hex(g->head, sizeof(g->head), e->hash, 32);
}

static bool
read_event(void *arg, const struct drill_event *e)
{
	struct reading *g = arg;
	cJSON *doc = cJSON_Parse(e->body);
	cJSON **more =
	    room_for_one(g->docs, &g->docs_room, g->ndocs, sizeof(doc));

	if (more != NULL)
		g->docs = more;
	if (doc == NULL || more == NULL) {
		cJSON_Delete(doc);
		g->failed = true;
		return false;
	}
	g->docs[g->ndocs++] = doc;
	note_place(g, e);
	if (strcmp(e->kind, "drill.made") == 0) {
		g->made = doc;
		push_rows(g, e, REPORT_EXPECT,
		    cJSON_GetObjectItemCaseSensitive(doc, "expected"));
	} else if (strcmp(e->kind, "drill.signal") == 0) {
		push_signal(g, e, doc);
	} else if (strcmp(e->kind, "drill.arrival") == 0) {
		push_rows(g, e, REPORT_ARRIVAL,
		    cJSON_GetObjectItemCaseSensitive(doc, "arrivals"));
	}
	return !g->failed;
}

static void
add_second(cJSON *o, const char *name, int64_t s)
{
	if (s >= 0)
		cJSON_AddNumberToObject(o, name, (double)s);
	else
		cJSON_AddNullToObject(o, name);
}

/* A measured number with so many decimals; null below 0. */
static void
add_measure(cJSON *o, const char *name, double value, double scale)
{
	if (value >= 0)
		cJSON_AddNumberToObject(o, name, round(value * scale) / scale);
	else
		cJSON_AddNullToObject(o, name);
}

static void
add_curve(cJSON *o, const struct report_curve *c)
{
	cJSON *list = cJSON_AddArrayToObject(o, "curve");

	for (size_t i = 0; i < c->n; i++) {
		double point[2] = { (double)c->points[i].second,
			(double)c->points[i].people };

		cJSON_AddItemToArray(list, cJSON_CreateDoubleArray(point, 2));
	}
	add_second(o, "t50", c->t50);
	add_second(o, "t90", c->t90);
	add_second(o, "t100", c->t100);
}

static cJSON *
door_json(const struct report_door *d)
{
	cJSON *o = cJSON_CreateObject();

	site_add_id(o, "id", d->id);
	site_add_text(o, "name", d->name);
	cJSON_AddNumberToObject(o, "planned", (double)d->planned);
	cJSON_AddNumberToObject(o, "people", (double)d->people);
	add_second(o, "first_s", d->first_s);
	add_second(o, "last_s", d->last_s);
	add_second(o, "own90_s", d->own90_s);
	add_measure(o, "per_minute", d->per_minute, 10);
	add_measure(o, "clear_width", d->clear_width, 100);
	add_measure(o, "needed_width", d->needed_width, 100);
	if (d->clear_width >= 0)
		cJSON_AddBoolToObject(
		    o, "wide_enough", d->clear_width >= d->needed_width);
	else
		cJSON_AddNullToObject(o, "wide_enough");
	return o;
}

static cJSON *
shelter_json(const struct report_shelter *s)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *doors = NULL;

	cJSON_AddNumberToObject(o, "id", (double)s->id);
	site_add_text(o, "name", s->name);
	cJSON_AddNumberToObject(o, "planned", (double)s->planned);
	cJSON_AddNumberToObject(o, "actual", (double)s->actual);
	add_curve(o, &s->curve);
	doors = cJSON_AddArrayToObject(o, "entrances");
	for (size_t i = 0; i < s->ndoors; i++)
		cJSON_AddItemToArray(doors, door_json(&s->doors[i]));
	return o;
}

static cJSON *
signal_json(const struct report_signal *s)
{
	cJSON *o = cJSON_CreateObject();
	char at[WHEN_SIZE];

	cJSON_AddStringToObject(o, "signal", s->word);
	cJSON_AddStringToObject(o, "zh", s->zh);
	cJSON_AddNumberToObject(o, "planned_s", (double)s->planned_s);
	cJSON_AddNumberToObject(o, "at_s", (double)s->at_s);
	cJSON_AddStringToObject(o, "at", when_print(s->at, at));
	cJSON_AddBoolToObject(o, "late", s->late != 0);
	return o;
}

static void
add_bottleneck(cJSON *o, const struct report *r)
{
	cJSON *b = NULL;

	if (r->bottleneck == NULL) {
		cJSON_AddNullToObject(o, "bottleneck");
		return;
	}
	b = cJSON_AddObjectToObject(o, "bottleneck");
	cJSON_AddNumberToObject(
	    b, "shelter", (double)r->bottleneck_shelter->id);
	site_add_text(b, "name", r->bottleneck_shelter->name);
	cJSON_AddItemToObject(b, "entrance", door_json(r->bottleneck));
}

static void
add_method(cJSON *o)
{
	cJSON *how = cJSON_AddObjectToObject(o, "how");

	cJSON_AddStringToObject(how, "per_minute",
	    "people of the entrance / minutes between its first and last "
	    "count; null if all came at once");
	cJSON_AddStringToObject(how, "t50 t90 t100",
	    "first second with that share of the planned people; null: never");
	cJSON_AddStringToObject(how, "bottleneck",
	    "the entrance where nine tenths of its own people were in last");
	cJSON_AddStringToObject(how, "needed_width",
	    "people of the entrance / 100 x door_width_per_hundred");
}

static cJSON *
report_json(const struct reading *g, const struct report *r)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *list = NULL, *events = NULL;

	cJSON_AddNumberToObject(o, "drill", (double)req_id(g->r, "id"));
	cJSON_AddTrueToObject(o, "exercise");
	site_add_text(o, "title", body_str(g->made, "title", ""));
	site_add_id(o, "plan", body_int(g->made, "plan", 0));
	cJSON_AddNumberToObject(o, "planned", (double)r->planned);
	cJSON_AddNumberToObject(o, "actual", (double)r->actual);
	list = cJSON_AddArrayToObject(o, "signals");
	for (size_t i = 0; i < r->nsignals; i++)
		cJSON_AddItemToArray(list, signal_json(&r->signals[i]));
	add_curve(o, &r->curve);
	add_bottleneck(o, r);
	list = cJSON_AddArrayToObject(o, "shelters");
	for (size_t i = 0; i < r->nshelters; i++)
		cJSON_AddItemToArray(list, shelter_json(&r->shelters[i]));
	add_measure(o, "door_width_per_hundred",
	    body_num(g->made, "door_width_per_hundred", -1), 1000);
	add_method(o);
	events = cJSON_AddObjectToObject(o, "events");
	cJSON_AddNumberToObject(events, "first", (double)g->first);
	cJSON_AddNumberToObject(events, "last", (double)g->last);
	cJSON_AddStringToObject(events, "head", g->head);
	return o;
}

enum status
drill_report(struct request *r)
{
	struct reading g = { .r = r };
	struct report report;
	int64_t id = req_id(r, "id");
	enum status st = ST_OK;

	memset(&report, 0, sizeof(report));
	if (drill_events(r->db, id, read_event, &g) < 0 || g.failed)
		st = site_store_failed(r);
	else if (g.made == NULL)
		st = req_fail(
		    r, ST_NOT_FOUND, "id", "no drill %lld", (long long)id);
	else if (report_make(g.events, g.nevents,
		     body_num(g.made, "door_width_per_hundred", 0),
		     &report) != 0)
		st = req_fail(r, ST_UNAVAILABLE, NULL, "out of memory");
	else
		st = reply_json(r, ST_OK, report_json(&g, &report));
	report_release(&report);
	while (g.ndocs > 0)
		cJSON_Delete(g.docs[--g.ndocs]);
	free(g.docs);
	free(g.events);
	return st;
}

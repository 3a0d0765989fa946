/* SPDX-License-Identifier: MIT */
/* Events of a drill's log as what drills/report.c and drills/compare.c take. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/drill_log.h"
#include "shelterd/room.h"
#include "shelterd/store/db.h"

static void
push(struct drill_log *g, const struct report_event *e)
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

static void
push_turn(struct drill_log *g, const struct compare_event *e)
{
	struct compare_event *more =
	    room_for_one(g->turns, &g->turns_room, g->nturns, sizeof(*e));

	if (more == NULL) {
		g->failed = true;
		return;
	}
	g->turns = more;
	g->turns[g->nturns++] = *e;
}

/* Rows of drill.made's "expected" and drill.arrival's "arrivals" share their
 * member names.  False: the caller may see none of them. */
static bool
push_rows(struct drill_log *g, const struct drill_event *e,
    enum report_kind kind, const cJSON *rows)
{
	const cJSON *o = NULL;
	bool any = false;

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

		if (drill_hides(g->r, x.shelter))
			continue;
		push(g, &x);
		any = true;
	}
	return any;
}

static void
push_signal(struct drill_log *g, const struct drill_event *e, const cJSON *o)
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

/* An entry of a list: in drill.made, drill.imported. */
static void
push_entries(struct drill_log *g, const cJSON *list)
{
	const cJSON *o = NULL;

	cJSON_ArrayForEach(o, list)
	{
		struct compare_event x = { .kind = COMPARE_ENTRY,
			.inject = body_int(o, "id", 0),
			.at_s = body_int(o, "at_s", 0),
			.word = body_str(o, "signal", NULL) };

		push_turn(g, &x);
	}
}

static void
push_removed(struct drill_log *g, const cJSON *list)
{
	const cJSON *o = NULL;

	cJSON_ArrayForEach(o, list)
	{
		struct compare_event x = { .kind = COMPARE_GONE,
			.inject = (int64_t)o->valuedouble };

		push_turn(g, &x);
	}
}

/* drill.signal and drill.inject; one without a second is for later. */
static void
push_told(struct drill_log *g, const cJSON *o)
{
	int64_t told = body_int(o, "fired_at_s", -1);
	struct compare_event x = { .kind =
				       told < 0 ? COMPARE_ENTRY : COMPARE_TOLD,
		.inject = body_int(o, "inject", 0),
		.at_s = body_int(o, "planned_s", 0),
		.told_s = told,
		.late = body_bool(o, "late", false),
		.word = body_str(o, "signal", NULL),
		.zh = body_str(o, "zh", NULL) };

	push_turn(g, &x);
}

static void
note_place(struct drill_log *g, const struct drill_event *e)
{
	if (g->first == 0)
		g->first = e->id;
	g->last = e->id;
	sodium_bin2hex(g->head, sizeof(g->head), e->hash, 32);
}

static bool
take_made(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	g->made = doc;
	push_rows(g, e, REPORT_EXPECT,
	    cJSON_GetObjectItemCaseSensitive(doc, "expected"));
	push_entries(g, cJSON_GetObjectItemCaseSensitive(doc, "injects"));
	return true;
}

static bool
take_arrival(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	return push_rows(g, e, REPORT_ARRIVAL,
	    cJSON_GetObjectItemCaseSensitive(doc, "arrivals"));
}

static bool
take_signal(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	push_signal(g, e, doc);
	push_told(g, doc);
	return true;
}

static bool
take_inject(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	(void)e;
	push_told(g, doc);
	return true;
}

static bool
take_imported(
    struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	(void)e;
	push_removed(g, cJSON_GetObjectItemCaseSensitive(doc, "removed"));
	push_entries(g, cJSON_GetObjectItemCaseSensitive(doc, "changed"));
	push_entries(g, cJSON_GetObjectItemCaseSensitive(doc, "added"));
	return true;
}

static bool
take_postponed(
    struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	struct compare_event x = { .kind = COMPARE_POSTPONED,
		.seconds = body_int(doc, "seconds", 0) };

	(void)e;
	push_turn(g, &x);
	return true;
}

static bool
take_observed(
    struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	struct compare_event x = { .kind = COMPARE_SEEN };

	(void)e;
	if (drill_hides(g->r, body_int(doc, "shelter", 0)))
		return false;
	push_turn(g, &x);
	return true;
}

static bool
take_started(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	(void)e;
	(void)doc;
	return g->started = true;
}

static bool
take_ended(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	(void)e;
	(void)doc;
	return g->ended = true;
}

/* What is read out of an event; false: the caller may see nothing of it. */
static const struct {
	const char *kind;
	bool (*take)(
	    struct drill_log *, const struct drill_event *, const cJSON *);
} readers[] = {
	{ "drill.made", take_made },
	{ "drill.started", take_started },
	{ "drill.arrival", take_arrival },
	{ "drill.signal", take_signal },
	{ "drill.inject", take_inject },
	{ "drill.imported", take_imported },
	{ "drill.postponed", take_postponed },
	{ "drill.observed", take_observed },
	{ "drill.ended", take_ended },
	{ NULL, NULL },
};

static void
take(struct drill_log *g, const struct drill_event *e, const cJSON *doc)
{
	bool shown = true;

	for (size_t i = 0; readers[i].kind != NULL; i++)
		if (strcmp(e->kind, readers[i].kind) == 0)
			shown = readers[i].take(g, e, doc);
	if (shown)
		g->last_s = body_int(doc, "at_s", 0);
}

static bool
read_event(void *arg, const struct drill_event *e)
{
	struct drill_log *g = arg;
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
	take(g, e, doc);
	return !g->failed;
}

enum status
drill_log_read(struct request *r, const char *name, struct drill_log *g)
{
	*g = (struct drill_log){ .r = r, .drill = req_id(r, name) };
	if (drill_events(r->db, g->drill, read_event, g) < 0 || g->failed)
		return site_store_failed(r);
	if (g->made == NULL)
		return req_fail(r, ST_NOT_FOUND, name, "no drill %lld",
		    (long long)g->drill);
	return ST_OK;
}

void
drill_log_release(struct drill_log *g)
{
	while (g->ndocs > 0)
		cJSON_Delete(g->docs[--g->ndocs]);
	free(g->docs);
	free(g->events);
	free(g->turns);
}

void
drill_log_add_events(cJSON *o, const struct drill_log *g)
{
	cJSON *events = cJSON_AddObjectToObject(o, "events");

	cJSON_AddNumberToObject(events, "first", (double)g->first);
	cJSON_AddNumberToObject(events, "last", (double)g->last);
	cJSON_AddStringToObject(events, "head", g->head);
}

double
drill_log_width(const struct drill_log *g, double dflt)
{
	return body_num(g->made, "door_width_per_hundred", dflt);
}

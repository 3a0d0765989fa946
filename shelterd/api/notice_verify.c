/* SPDX-License-Identifier: MIT */
/*
 * Verifies a notice as a chain of evidence: its steps could have happened so
 * (inspections/notice_replay.h), each of them stands in the log as it stands
 * in the notice, and the log itself is whole up to its signed head.  Says the
 * first thing that does not fit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "inspections/notice_replay.h"
#include "shelterd/api/notice_life.h"
#include "shelterd/daemon.h"
#include "shelterd/room.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/head.h"

enum { EVENTS_MAX = 10000, WHY = 320 };

struct verifying {
	struct request *req;
	struct notice_row *notice;
	struct notice_replay replay;
	struct notice_finder *finders; /* by the event of their inspection */
	int64_t *inspections;	       /* beside them */
	size_t nfinders, room, inspections_room;
	int64_t *events; /* about the notice */
	int nevents, used;
	cJSON *ids;	   /* events that were found to fit */
	int64_t first_bad; /* step */
	char why[WHY];
	bool failed;
};

static void
gather_finder(void *arg, int64_t inspection, int64_t inspector)
{
	struct verifying *v = arg;
	struct notice_finder *f =
	    room_for_one(v->finders, &v->room, v->nfinders, sizeof(*f));
	int64_t *i = room_for_one(
	    v->inspections, &v->inspections_room, v->nfinders, sizeof(*i));

	if (f)
		v->finders = f;
	if (i)
		v->inspections = i;
	if (!f || !i) {
		v->failed = true;
		return;
	}
	f[v->nfinders] = (struct notice_finder){ .id = inspector };
	i[v->nfinders++] = inspection;
}

/* An inspection that no event tells of was there from the start. */
static bool
place_finders(struct verifying *v)
{
	for (size_t i = 0; i < v->nfinders; i++)
		if (event_ids_of(v->req->db, "inspection", v->inspections[i], 0,
			1, &v->finders[i].order) < 0)
			return false;
	return true;
}

static bool
gather(struct verifying *v)
{
	struct db *db = v->req->db;
	int64_t id = v->notice->id;

	v->events = calloc(EVENTS_MAX, sizeof(*v->events));
	if (!v->events || notice_each_finding(db, id, gather_finder, v) < 0 ||
	    v->failed || !place_finders(v))
		return false;
	v->replay.finders = v->finders;
	v->replay.nfinders = v->nfinders;
	v->replay.deadline = v->notice->deadline;
	v->nevents = event_ids_of(db, "notice", id, 0, EVENTS_MAX, v->events);
	return v->nevents >= 0 && v->nevents <= EVENTS_MAX;
}

/* The first thing that is wrong is the one that is told. */
static void
bad(struct verifying *v, const char *why)
{
	if (v->why[0] == '\0')
		snprintf(v->why, sizeof(v->why), "%s", why);
}

/* One inspection may stand for several steps. */
static void
add_event(struct verifying *v, int64_t id)
{
	int n = cJSON_GetArraySize(v->ids);
	const cJSON *last = n ? cJSON_GetArrayItem(v->ids, n - 1) : NULL;

	if (!last || last->valuedouble != (double)id)
		cJSON_AddItemToArray(v->ids, cJSON_CreateNumber((double)id));
}

/* Its event, one reference. */
static struct event *
load(struct verifying *v, int64_t id)
{
	struct event *e = NULL;

	return event_list(v->req->db, id - 1, 1, &e) == 1 ? e : NULL;
}

static const char *
kind_of(const char *action)
{
	static const char *const kinds[][2] = {
		{ "issue", "notice.issued" },
		{ "reply", "notice.answered" },
		{ "recheck-pass", "notice.rechecked" },
		{ "recheck-fail", "notice.rechecked" },
		{ "close", "notice.closed" },
		{ "late", "notice.late" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i][0], action) == 0)
			return kinds[i][1];
	return NULL; /* the inspection's event tells of it */
}

static bool
same_moment(const struct event *e, const struct notice_step *step)
{
	return event_sound(e) && e->at == step->at &&
	       e->user_id == step->user_id;
}

static bool
same_evidence(const cJSON *told, const char *text)
{
	char *said = cJSON_PrintUnformatted(
	    cJSON_GetObjectItemCaseSensitive(told, "evidence"));
	bool same = said && strcmp(said, text) == 0;

	cJSON_free(said);
	return same;
}

/* Number and deadline of the notice are those of every event after its issue;
 * what was said is in the event's step (events older than that have none). */
static bool
same_words(const struct verifying *v, const cJSON *body,
    const struct notice_step *step)
{
	const cJSON *told = cJSON_GetObjectItemCaseSensitive(body, "step");
	cJSON *head = notice_head(v->req, v->notice);
	bool same = strcmp(body_str(body, "state", ""), step->to) == 0 &&
		    strcmp(body_str(body, "number", ""),
			body_str(head, "number", "")) == 0 &&
		    strcmp(body_str(body, "deadline", ""),
			body_str(head, "deadline", "")) == 0;

	cJSON_Delete(head);
	if (!same || !told)
		return same;
	return body_int(told, "seq", 0) == step->seq &&
	       strcmp(body_str(told, "action", ""), step->action) == 0 &&
	       strcmp(body_str(told, "text", ""), step->text) == 0 &&
	       same_evidence(told, step->evidence);
}

static bool
has_item(const cJSON *body, int64_t notice, const char *item)
{
	const cJSON *d = NULL;

	if (body_int(body, "notice", 0) != notice)
		return false;
	cJSON_ArrayForEach(d, cJSON_GetObjectItemCaseSensitive(body, "defects"))
	{
		if (strcmp(body_str(d, "item", ""), item) == 0)
			return true;
	}
	return false;
}

/* The inspection's event that drafted the step; 0: none says so. */
static int64_t
event_of_draft(struct verifying *v, const struct notice_step *step)
{
	for (size_t i = 0; i < v->nfinders; i++) {
		int64_t id = v->finders[i].order;
		struct event *e = id ? load(v, id) : NULL;
		cJSON *body = e ? cJSON_Parse(e->body) : NULL;
		bool fits = e && same_moment(e, step) &&
			    has_item(body, v->notice->id, step->text);

		cJSON_Delete(body);
		event_unref(e);
		if (fits)
			return id;
	}
	return 0;
}

static bool
told_by(struct verifying *v, int64_t id, const struct notice_step *step)
{
	struct event *e = id ? load(v, id) : NULL;
	cJSON *body = e ? cJSON_Parse(e->body) : NULL;
	bool fits = e && strcmp(e->kind, kind_of(step->action)) == 0 &&
		    same_moment(e, step) && same_words(v, body, step);

	cJSON_Delete(body);
	event_unref(e);
	return fits;
}

/* Its event, 0: there is none; *fits: it says the same. */
static int64_t
event_of_step(struct verifying *v, const struct notice_step *step, bool *fits)
{
	int64_t id = 0;

	if (!kind_of(step->action)) {
		id = event_of_draft(v, step);
		*fits = id != 0;
		return id;
	}
	if (v->used < v->nevents)
		id = v->events[v->used++];
	*fits = told_by(v, id, step);
	return id;
}

static bool
walk_step(void *arg, const struct notice_step *step)
{
	struct verifying *v = arg;
	bool fits = false;
	const struct notice_past past = {
		.seq = step->seq,
		.action = step->action,
		.from = step->from,
		.to = step->to,
		.actor = step->user_id,
		.at = step->at,
		.order = event_of_step(v, step, &fits),
	};

	v->first_bad = step->seq;
	if (notice_replay_step(&v->replay, &past, v->why, sizeof(v->why)))
		return false;
	if (!fits) {
		snprintf(v->why, sizeof(v->why),
		    "step %lld (%s) does not stand in the log like this",
		    (long long)step->seq, step->action);
		return false;
	}
	v->first_bad = 0;
	add_event(v, past.order);
	return true;
}

/* What the steps alone cannot show. */
static void
check_whole(struct verifying *v)
{
	if (v->why[0])
		return;
	if (v->replay.seq == 0)
		bad(v, "it has no steps");
	else if (v->replay.state != v->notice->state)
		bad(v, "its state is not that of its last step");
	else if (v->used != v->nevents)
		bad(v, "the log tells of a step that is not there");
}

/* As GET /v1/audit does; a sentence in v->why. */
static bool
check_log(struct verifying *v, int64_t *head, char hash[EVENT_HASH * 2 + 1])
{
	int64_t count = 0, wrong = 0, signed_id = 0, cut = 0;
	char why[200] = "";

	if (event_verify(v->req->db, &count, head, &wrong, hash) < 0)
		return false;
	if (heads_check(daemon_store_path(v->req->daemon), v->req->db,
		&signed_id, &cut, why, sizeof(why)) != 0)
		bad(v, why[0] ? why : "no signed head");
	else if (wrong || cut)
		bad(v, "the log itself is not whole");
	return true;
}

static enum status
answer(struct verifying *v)
{
	const struct notice_row *n = v->notice;
	char hash[EVENT_HASH * 2 + 1] = "";
	int64_t head = 0;
	cJSON *o = NULL;

	if (!check_log(v, &head, hash))
		return site_store_failed(v->req);
	o = notice_head(v->req, n);
	cJSON_AddNumberToObject(o, "steps", (double)v->replay.seq);
	cJSON_AddItemToObject(o, "events", v->ids);
	v->ids = NULL;
	/* How much else was logged is the office's to know. */
	if (site_office(&v->req->caller)) {
		cJSON_AddNumberToObject(o, "head", (double)head);
		cJSON_AddStringToObject(o, "head_hash", hash);
	}
	cJSON_AddBoolToObject(o, "ok", v->why[0] == '\0');
	site_add_id(o, "first_bad", v->first_bad);
	site_add_text(o, "why", v->why);
	return reply_json(v->req, ST_OK, o);
}

/* All in one view of the store, as steps and events come together. */
static enum status
verify_now(struct verifying *v)
{
	enum status st = ST_OK;

	if (db_begin(v->req->db) < 0)
		return site_store_failed(v->req);
	st = notice_load(v->req, v->notice);
	if (st == ST_OK && (!gather(v) || notice_each_step(v->req->db,
					      v->notice->id, walk_step, v) < 0))
		st = site_store_failed(v->req);
	if (st == ST_OK) {
		check_whole(v);
		st = answer(v);
	}
	db_rollback(v->req->db);
	return st;
}

enum status
notice_verify(struct request *req)
{
	struct notice_row *n = calloc(1, sizeof(*n));
	struct verifying v = { .req = req, .notice = n };
	enum status st = ST_OK;

	v.ids = cJSON_CreateArray();
	st = n && v.ids ? verify_now(&v) : site_store_failed(req);
	cJSON_Delete(v.ids);
	free(v.events);
	free(v.finders);
	free(v.inspections);
	free(n);
	return st;
}

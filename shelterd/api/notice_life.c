/* SPDX-License-Identifier: MIT */
/*
 * How a notice moves, whoever moves it: a request, an inspection that adds to
 * the draft, or the clock when a deadline has passed.  The table stands in
 * inspections/notice.c; here its guards are given their facts and every step
 * is written down.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/api/notice_life.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/defect.h"
#include "shelterd/writer.h"

static void
add_number(cJSON *o, const struct notice_row *n)
{
	char text[48];

	if (!n->number_seq) {
		cJSON_AddNullToObject(o, "number");
		return;
	}
	snprintf(text, sizeof(text), "ZG-%lld-%04lld",
	    (long long)n->number_year, (long long)n->number_seq);
	cJSON_AddStringToObject(o, "number", text);
}

cJSON *
notice_head(const struct request *req, const struct notice_row *n)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, n->shelter_id);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)n->id);
	add_number(o, n);
	site_add_shelter(req, o, n->shelter_id);
	cJSON_AddStringToObject(o, "org", s ? s->org : "");
	cJSON_AddStringToObject(o, "state", notice_state_name(n->state));
	cJSON_AddBoolToObject(
	    o, "late", notice_is_late(n->state, n->deadline, req->now));
	site_add_time(o, "deadline", n->deadline);
	cJSON_AddStringToObject(o, "text", n->text);
	cJSON_AddNumberToObject(o, "version", (double)n->version);
	return o;
}

/* The newest step of a notice, its texts copied. */
static bool
keep_step(void *arg, const struct notice_step *step)
{
	cJSON *o = arg;

	cJSON_DeleteItemFromObjectCaseSensitive(o, "step");
	o = cJSON_AddObjectToObject(o, "step");
	cJSON_AddNumberToObject(o, "seq", (double)step->seq);
	cJSON_AddStringToObject(o, "action", step->action);
	cJSON_AddStringToObject(o, "text", step->text);
	site_add_array(o, "evidence", step->evidence);
	return true;
}

cJSON *
notice_told(const struct request *req, const struct notice_row *n)
{
	cJSON *o = notice_head(req, n);

	if (notice_each_step(req->db, n->id, keep_step, o) == DB_OK)
		return o;
	cJSON_Delete(o);
	return NULL;
}

bool
notice_visible(const struct request *req, const struct notice_row *n)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, n->shelter_id);

	/* A draft is the office's paper until it is issued. */
	if (req->caller.role == ROLE_UNIT && n->state == NOTICE_DRAFT)
		return false;
	return s && site_own_visible(&req->caller, s);
}

enum status
notice_load(struct request *req, struct notice_row *n)
{
	int64_t id = req_id(req, "id");
	int result = notice_get(req->db, id, n);

	if (result < 0)
		return site_store_failed(req);
	if (result != DB_ROW || !notice_visible(req, n))
		return req_fail(req, ST_NOT_FOUND, "id",
		    "no notice has the id %lld", (long long)id);
	return ST_OK;
}

static bool
count_defect(void *arg, const struct defect_record *d)
{
	size_t *n = arg;

	(void)d;
	++*n;
	return true;
}

/* What the table's guards look at. */
static enum status
gather_facts(struct request *req, const struct notice_row *n,
    int64_t finders[NOTICE_FINDERS], struct notice_facts *f)
{
	const struct defect_query q = {
		.notice_id = n->id,
		.state = "unclosed",
	};
	int nfinders = notice_finders(req->db, n->id, finders);

	*f = (struct notice_facts){
		.actor = req->caller.id,
		.finders = finders,
		.answerer = notice_answerer(req->db, n->id),
		.deadline = n->deadline,
		.now = req->now,
	};
	if (nfinders < 0 || f->answerer < 0 ||
	    defect_each(req->db, &q, count_defect, &f->defects) < 0)
		return site_store_failed(req);
	f->nfinders = (size_t)nfinders;
	return ST_OK;
}

enum status
notice_move(struct request *req, struct notice_row *n, enum notice_event event,
    const char *text, const char *evidence)
{
	int64_t finders[NOTICE_FINDERS];
	struct notice_facts facts;
	struct notice_step step = {
		.action = notice_event_name(event),
		.from = notice_state_name(n->state),
		.user_id = req->caller.id,
		.at = req->now,
		.text = text,
		.evidence = evidence,
	};
	char why[160] = "";
	enum status st = gather_facts(req, n, finders, &facts);

	if (st != ST_OK)
		return st;
	switch (
	    notice_next(n->state, event, &facts, &n->state, why, sizeof(why))) {
	case NOTICE_ALLOWED:
		break;
	case NOTICE_SAME_PERSON:
		return req_fail(req, ST_FORBIDDEN, "id", "%s", why);
	default:
		return req_fail(req, ST_CONFLICT, "state", "%s", why);
	}
	step.to = notice_state_name(n->state);
	if (notice_add_step(req->db, n->id, &step) < 0)
		return site_store_failed(req);
	return ST_OK;
}

enum status
notice_collect(
    struct request *req, int64_t shelter_id, const char *text, int64_t *id)
{
	struct notice_row n = {
		.shelter_id = shelter_id,
		.state = NOTICE_DRAFT,
		.created_at = req->now,
	};
	struct notice_step first = {
		.action = "draft",
		.from = "",
		.to = notice_state_name(NOTICE_DRAFT),
		.user_id = req->caller.id,
		.at = req->now,
		.text = text,
	};
	int result = notice_draft_of(req->db, shelter_id, &n);

	if (result == DB_OK) {
		result = notice_add(req->db, &n);
		if (result == DB_OK)
			result = notice_add_step(req->db, n.id, &first);
		*id = n.id;
		return result < 0 ? site_store_failed(req) : ST_OK;
	}
	*id = n.id;
	if (result < 0)
		return site_store_failed(req);
	if (notice_move(req, &n, NOTICE_ADD, text, NULL) != ST_OK ||
	    notice_put(req->db, &n) < 0)
		return site_store_failed(req);
	return ST_OK;
}

/* Deadlines. */

enum { WATCH_MS = 60 * 1000 };

/* One look at the deadlines; a write appends one event, so a look that found
 * something is followed by another at once. */
struct look {
	struct daemon *daemon;
	bool found;
};

static enum status
tell_late(struct request *req, void *arg)
{
	struct look *look = arg;
	struct notice_row n;
	const struct snap_shelter *s = NULL;
	int result = notice_overdue(req->db, req->now, &n);
	enum status st = ST_OK;
	cJSON *body = NULL;

	if (result != DB_ROW) {
		req_no_event(req);
		return result < 0 ? site_store_failed(req) : ST_OK;
	}
	s = snapshot_shelter(req->snap, n.shelter_id);
	st = notice_move(req, &n, NOTICE_LATE, NULL, NULL);
	n.late_told = n.deadline;
	if (st != ST_OK)
		return st;
	if (!s || notice_put(req->db, &n) < 0)
		return site_store_failed(req);
	look->found = true;
	body = notice_told(req, &n);
	if (!body)
		return site_store_failed(req);
	return req_event(req, "notice.late", "notice", n.id,
	    site_scope(s, NOTICE_AROUND), body, NULL);
}

static void look_again(void *arg);

static void
look(struct daemon *d)
{
	struct look *l = calloc(1, sizeof(*l));

	if (!l)
		return;
	l->daemon = d;
	daemon_submit_write(d, tell_late, l, look_again);
}

static void
look_again(void *arg)
{
	struct look *l = arg;
	struct daemon *d = l->daemon;
	bool found = l->found;

	free(l);
	if (found)
		look(d);
}

static void
watch(struct daemon *d, void *arg)
{
	(void)arg;
	look(d);
	daemon_timer(d, WATCH_MS, watch, NULL);
}

void
notice_watch(struct daemon *d)
{
	watch(d, NULL);
}

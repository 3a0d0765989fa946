/* SPDX-License-Identifier: MIT */
/*
 * Rectification notices: issue, reply, recheck, close, each one step of the
 * table in inspections/notice.c and one event.  A unit's user sees the
 * notices of its own org only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "shelterd/api_defect.h"
#include "shelterd/api_notice.h"
#include "shelterd/daemon.h"
#include "shelterd/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/notice.h"
#include "shelterd/store/shelter.h"
#include "shelterd/writer.h"

enum { DAY = 86400 };

/* JSON. */

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

static cJSON *
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

struct listing {
	const struct request *req;
	cJSON *array;
};

static bool
list_defect(void *arg, const struct defect_record *d)
{
	struct listing *l = arg;

	return cJSON_AddItemToArray(l->array, defect_json(l->req, d));
}

static bool
list_step(void *arg, const struct notice_step *step)
{
	struct listing *l = arg;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "seq", (double)step->seq);
	cJSON_AddStringToObject(o, "action", step->action);
	cJSON_AddStringToObject(o, "from", step->from);
	cJSON_AddStringToObject(o, "to", step->to);
	cJSON_AddStringToObject(o, "user", site_user(l->req, step->user_id));
	site_add_time(o, "at", step->at);
	cJSON_AddStringToObject(o, "text", step->text);
	site_add_array(o, "evidence", step->evidence);
	return cJSON_AddItemToArray(l->array, o);
}

/* With defects and steps; NULL when the store fails. */
static cJSON *
notice_json(const struct request *req, const struct notice_row *n)
{
	const struct defect_query q = { .notice_id = n->id };
	cJSON *o = notice_head(req, n);
	struct listing l = { .req = req };
	int result = DB_OK;

	l.array = cJSON_AddArrayToObject(o, "defects");
	result = defect_each(req->db, &q, list_defect, &l);
	l.array = cJSON_AddArrayToObject(o, "steps");
	if (result == DB_OK)
		result = notice_each_step(req->db, n->id, list_step, &l);
	if (result == DB_OK)
		return o;
	cJSON_Delete(o);
	return NULL;
}

/* Reading. */

static bool
notice_visible(const struct request *req, const struct notice_row *n)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, n->shelter_id);

	return s && site_own_visible(&req->caller, s);
}

static bool
list_notice(void *arg, const struct notice_row *n)
{
	struct page *p = arg;

	if (!notice_visible(p->req, n))
		return true;
	return page_add(p, n->id, notice_json(p->req, n));
}

static enum status
get_notices(struct request *req)
{
	struct page page;
	struct notice_query q = {
		.shelter_id = req_query_int(req, "shelter", 0),
		.state = notice_state_parse(req_query(req, "state", "")),
	};

	page_begin(&page, req);
	q.after = page.after;
	return page_reply(&page, notice_each(req->db, &q, list_notice, &page));
}

static enum status
load_notice(struct request *req, struct notice_row *n)
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

static enum status
reply_notice(struct request *req, const struct notice_row *n)
{
	cJSON *o = notice_json(req, n);

	if (!o)
		return site_store_failed(req);
	reply_version(req, n->version);
	return reply_json(req, ST_OK, o);
}

static enum status
get_notice(struct request *req)
{
	struct notice_row n;
	enum status st = load_notice(req, &n);

	return st == ST_OK ? reply_notice(req, &n) : st;
}

/* Steps. */

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

/* Asks the table and writes the step; *n is then in the next state and not
 * yet stored. */
static enum status
move_notice(struct request *req, struct notice_row *n, enum notice_event event,
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

/* Stores the notice, tells of it and answers.  `capacity` is taken. */
static enum status
save_notice(struct request *req, struct notice_row *n, const char *kind,
    unsigned roles, cJSON *capacity)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, n->shelter_id);
	enum status st = ST_OK;
	cJSON *body = NULL;

	if (!s || notice_put(req->db, n) < 0) {
		cJSON_Delete(capacity);
		return site_store_failed(req);
	}
	body = notice_head(req, n);
	if (capacity)
		cJSON_AddItemToObject(body, "capacity", capacity);
	st = req_event(
	    req, kind, "notice", n->id, site_scope(s, roles), body, NULL);
	return st == ST_OK ? reply_notice(req, n) : st;
}

enum { AROUND = ROLE_OFFICE | ROLE_INSPECTOR | ROLE_UNIT };

static int64_t
year_of(int64_t at)
{
	time_t t = (time_t)at;
	struct tm tm;

	return gmtime_r(&t, &tm) ? tm.tm_year + INT64_C(1900) : 1970;
}

static enum status
issue_notice(struct request *req)
{
	const struct rules *rules = daemon_rules(req->daemon);
	const char *text = body_str(req->body, "text", NULL);
	struct notice_row n;
	enum status st = load_notice(req, &n);
	int64_t deadline = 0;

	if (st == ST_OK)
		st = site_time(req, "deadline",
		    req->now + rules->notice_days * DAY, &deadline);
	if (st != ST_OK)
		return st;
	if (deadline <= req->now)
		return req_fail(req, ST_INVALID, "deadline",
		    "the deadline is not in the future");
	if ((st = move_notice(req, &n, NOTICE_ISSUE, text, NULL)) != ST_OK)
		return st;
	n.deadline = deadline;
	n.number_year = year_of(req->now);
	n.number_seq = notice_next_number(req->db, n.number_year);
	if (n.number_seq < 0)
		return site_store_failed(req);
	if (text)
		snprintf(n.text, sizeof(n.text), "%s", text);
	return save_notice(req, &n, "notice.issued", AROUND, NULL);
}

static enum status
answer_notice(struct request *req)
{
	const cJSON *array =
	    cJSON_GetObjectItemCaseSensitive(req->body, "evidence");
	char *evidence = NULL;
	struct notice_row n;
	enum status st = site_check_evidence(req, array, "evidence");

	if (st != ST_OK || (st = load_notice(req, &n)) != ST_OK)
		return st;
	evidence = cJSON_IsArray(array) ? cJSON_PrintUnformatted(array) : NULL;
	st = move_notice(
	    req, &n, NOTICE_REPLY, body_str(req->body, "text", ""), evidence);
	cJSON_free(evidence);
	return st == ST_OK
		   ? save_notice(req, &n, "notice.answered", AROUND, NULL)
		   : st;
}

static enum status
recheck_notice(struct request *req)
{
	bool pass = body_bool(req->body, "pass", false);
	struct notice_row n;
	enum status st = load_notice(req, &n);

	if (st != ST_OK)
		return st;
	st = move_notice(req, &n, pass ? NOTICE_PASS : NOTICE_FAIL,
	    body_str(req->body, "text", ""), NULL);
	if (st != ST_OK)
		return st;
	if (defect_set_state(req->db, n.id, pass ? "verified" : "open", 0) < 0)
		return site_store_failed(req);
	return save_notice(req, &n, "notice.rechecked", AROUND, NULL);
}

static enum status
close_notice(struct request *req)
{
	const struct rules *rules = daemon_rules(req->daemon);
	struct shelter_capacity before, after;
	struct notice_row n;
	enum status st = load_notice(req, &n);
	cJSON *capacity = NULL;

	if (st != ST_OK ||
	    (st = move_notice(req, &n, NOTICE_CLOSE, NULL, NULL)) != ST_OK)
		return st;
	if (store_shelter_capacity(req->db, rules, n.shelter_id, &before) !=
		DB_ROW ||
	    defect_set_state(req->db, n.id, "closed", req->now) < 0 ||
	    store_shelter_capacity(req->db, rules, n.shelter_id, &after) !=
		DB_ROW)
		return site_store_failed(req);
	req_touch_shelter(req, n.shelter_id);
	capacity = cJSON_CreateObject();
	cJSON_AddNumberToObject(capacity, "before", (double)before.usable);
	cJSON_AddNumberToObject(capacity, "after", (double)after.usable);
	cJSON_AddStringToObject(
	    capacity, "binding_rule", capacity_rule_name(after.binding));
	return save_notice(req, &n, "notice.closed", ROLE_ANYONE, capacity);
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
	if (move_notice(req, &n, NOTICE_ADD, text, NULL) != ST_OK ||
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

	if (result != DB_ROW) {
		req_no_event(req);
		return result < 0 ? site_store_failed(req) : ST_OK;
	}
	s = snapshot_shelter(req->snap, n.shelter_id);
	st = move_notice(req, &n, NOTICE_LATE, NULL, NULL);
	n.late_told = n.deadline;
	if (st != ST_OK)
		return st;
	if (!s || notice_put(req->db, &n) < 0)
		return site_store_failed(req);
	look->found = true;
	return req_event(req, "notice.late", "notice", n.id,
	    site_scope(s, AROUND), notice_head(req, &n), NULL);
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

/* Routes. */

static const char *const state_words[] = { "draft", "issued", "answered",
	"rechecked", "closed", NULL };

static const struct field notices_query[] = {
	{ .name = "state", .type = F_STRING, .oneof = state_words },
	{ .name = "shelter", .type = F_INTEGER, .min = 1, .max = 9e15 },
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field issue_body[] = {
	{ .name = "deadline",
	    .type = F_TIME,
	    .nullable = true,
	    .help = "without: the rule notice_days from now" },
	{ .name = "text",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = NOTICE_TEXT },
	{ .name = NULL },
};

static const struct field answer_body[] = {
	{ .name = "text",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = NOTICE_TEXT },
	{ .name = "evidence",
	    .type = F_ARRAY,
	    .item = F_STRING,
	    .maxlen = 50,
	    .help = "SHA-256 of each photo" },
	{ .name = NULL },
};

static const struct field recheck_body[] = {
	{ .name = "pass", .type = F_BOOL, .required = true },
	{ .name = "text",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = NOTICE_TEXT },
	{ .name = NULL },
};

static const struct field no_fields[] = { { .name = NULL } };

const struct route routes_notice[] = {
	{ .method = "GET",
	    .path = "/v1/notices",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = notices_query,
	    .handle = get_notices,
	    .summary = "Rectification notices; units see their own" },
	{ .method = "GET",
	    .path = "/v1/notices/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = get_notice,
	    .summary = "A notice with its defects and steps" },
	{ .method = "POST",
	    .path = "/v1/notices/{id}/issue",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = issue_body,
	    .handle = issue_notice,
	    .summary = "Number a draft and send it to the unit" },
	{ .method = "POST",
	    .path = "/v1/notices/{id}/reply",
	    .roles = ROLE_OFFICE | ROLE_UNIT,
	    .on = ON_WRITER,
	    .body = answer_body,
	    .handle = answer_notice,
	    .summary = "The unit says what it has put right" },
	{ .method = "POST",
	    .path = "/v1/notices/{id}/recheck",
	    .roles = ROLE_INSPECTOR,
	    .on = ON_WRITER,
	    .body = recheck_body,
	    .handle = recheck_notice,
	    .summary = "Re-check, by who neither found nor answered" },
	{ .method = "POST",
	    .path = "/v1/notices/{id}/close",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = no_fields,
	    .handle = close_notice,
	    .summary = "Close it and its defects; capacity returns" },
	{ .path = NULL },
};

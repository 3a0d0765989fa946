/* SPDX-License-Identifier: MIT */
/*
 * Rectification notices: issue, reply, recheck, close, each one step of the
 * table in inspections/notice.c and one event.  A unit's user sees the
 * notices of its own org only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_defect.h"
#include "shelterd/daemon.h"
#include "shelterd/map/map_view.h"
#include "shelterd/api/notice_life.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"
#include "shelterd/net/when.h"

enum { DAY = 86400 };

struct listing {
	const struct request *req;
	cJSON *array;
};

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
	int result = defect_add_all(req, o, &q);

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
	enum status st = notice_load(req, &n);

	return st == ST_OK ? reply_notice(req, &n) : st;
}

/* What closing does to the shelter. */
struct change {
	struct shelter_capacity before, after;
};

/* Stores the notice, tells of it and answers; `c` may be NULL. */
static enum status
save_notice(struct request *req, struct notice_row *n, const char *kind,
    unsigned roles, const struct change *c)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, n->shelter_id);
	enum status st = ST_OK;
	cJSON *body = NULL;

	if (!s || notice_put(req->db, n) < 0)
		return site_store_failed(req);
	body = notice_told(req, n);
	if (!body)
		return site_store_failed(req);
	if (c)
		map_add_change(body, c->before.usable, &c->after);
	st = req_event(
	    req, kind, "notice", n->id, site_scope(s, roles), body, NULL);
	return st == ST_OK ? reply_notice(req, n) : st;
}

static enum status
issue_notice(struct request *req)
{
	const struct rules *rules = snapshot_rules(req->snap);
	const char *text = body_str(req->body, "text", NULL);
	struct notice_row n;
	enum status st = notice_load(req, &n);
	int64_t deadline = 0;

	if (st == ST_OK)
		st = site_time(req, "deadline",
		    req->now + rules->notice_days * DAY, &deadline);
	if (st != ST_OK)
		return st;
	if (deadline <= req->now)
		return req_fail(req, ST_INVALID, "deadline",
		    "the deadline is not in the future");
	if ((st = notice_move(req, &n, NOTICE_ISSUE, text, NULL)) != ST_OK)
		return st;
	n.deadline = deadline;
	n.number_year = when_year(req->now);
	n.number_seq = notice_next_number(req->db, n.number_year);
	if (n.number_seq < 0)
		return site_store_failed(req);
	if (text)
		snprintf(n.text, sizeof(n.text), "%s", text);
	return save_notice(req, &n, "notice.issued", NOTICE_AROUND, NULL);
}

static enum status
answer_notice(struct request *req)
{
	const cJSON *array =
	    cJSON_GetObjectItemCaseSensitive(req->body, "evidence");
	char *evidence = NULL;
	struct notice_row n;
	enum status st = site_check_evidence(req, array, "evidence");

	if (st != ST_OK || (st = notice_load(req, &n)) != ST_OK)
		return st;
	evidence = cJSON_IsArray(array) ? cJSON_PrintUnformatted(array) : NULL;
	st = notice_move(
	    req, &n, NOTICE_REPLY, body_str(req->body, "text", ""), evidence);
	cJSON_free(evidence);
	return st == ST_OK ? save_notice(req, &n, "notice.answered",
				 NOTICE_AROUND, NULL)
			   : st;
}

static enum status
recheck_notice(struct request *req)
{
	bool pass = body_bool(req->body, "pass", false);
	struct notice_row n;
	enum status st = notice_load(req, &n);

	if (st != ST_OK)
		return st;
	st = notice_move(req, &n, pass ? NOTICE_PASS : NOTICE_FAIL,
	    body_str(req->body, "text", ""), NULL);
	if (st != ST_OK)
		return st;
	if (defect_set_state(req->db, n.id, pass ? "verified" : "open", 0) < 0)
		return site_store_failed(req);
	return save_notice(req, &n, "notice.rechecked", NOTICE_AROUND, NULL);
}

static enum status
close_notice(struct request *req)
{
	const struct rules *rules = snapshot_rules(req->snap);
	struct change c;
	struct notice_row n;
	enum status st = notice_load(req, &n);

	if (st != ST_OK ||
	    (st = notice_move(req, &n, NOTICE_CLOSE, NULL, NULL)) != ST_OK)
		return st;
	if (store_shelter_capacity(req->db, rules, n.shelter_id, &c.before) !=
		DB_ROW ||
	    defect_set_state(req->db, n.id, "closed", req->now) < 0 ||
	    store_shelter_capacity(req->db, rules, n.shelter_id, &c.after) !=
		DB_ROW)
		return site_store_failed(req);
	req_touch_shelter(req, n.shelter_id);
	return save_notice(req, &n, "notice.closed", ROLE_ANYONE, &c);
}

/* Routes. */

static const char *const state_words[] = { "draft", "issued", "answered",
	"rechecked", "closed", NULL };

static const struct field notices_query[] = {
	{ .name = "state", .type = F_STRING, .oneof = state_words },
	SITE_ID_FIELD("shelter", .help = "only of this shelter"),
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
	SITE_EVIDENCE_FIELD,
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
	{ .method = "GET",
	    .path = "/v1/notices/{id}/verify",
	    .roles = ROLE_ANYONE,
	    .on = ON_WORKER,
	    .handle = notice_verify,
	    .summary = "Hold a notice's steps against its rules and the log" },
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

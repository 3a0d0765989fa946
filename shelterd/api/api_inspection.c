/* SPDX-License-Identifier: MIT */
/*
 * Inspections.  Submitting one is the point where a basement meets the map:
 * in one transaction the findings are kept, failed ones open defects or join
 * open ones, the shelter's draft notice collects the new ones, the task is
 * done, and the capacity before and after is told in one event.
 *
 * The client's operation id makes it exactly once: what came under a known id
 * is answered as the first time, if it says the same, and refused if not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/api/inspection_submit.h"
#include "shelterd/map/map_view.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/shelter.h"
#include "shelterd/writer.h"

/* Submitting. */

static cJSON *
answer_json(const struct submission *sub, const struct shelter_capacity *before,
    const struct shelter_capacity *after)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "inspection", (double)sub->row.id);
	cJSON_AddItemReferenceToObject(o, "defects", sub->defects);
	site_add_id(o, "notice", sub->notice_id);
	map_add_change(o, before->usable, after);
	return o;
}

static cJSON *
event_json_of(const struct submission *sub, const struct task_row *task,
    const cJSON *answer)
{
	cJSON *o = cJSON_Duplicate(answer, true);

	site_add_shelter(sub->req, o, sub->shelter->id);
	site_add_id(o, "unit", sub->row.unit_id);
	site_add_id(o, "task", task->id);
	cJSON_AddStringToObject(o, "inspector", sub->req->caller.name);
	site_add_time(o, "at", sub->row.at);
	return o;
}

static enum status
answer(struct submission *sub, const struct task_row *task,
    const struct shelter_capacity *before, const struct shelter_capacity *after)
{
	struct request *req = sub->req;
	cJSON *out = answer_json(sub, before, after);
	char *text = cJSON_PrintUnformatted(out);
	enum status st = ST_OK;

	if (!text || inspection_set_answer(req->db, sub->row.id, text) < 0)
		st = site_store_failed(req);
	else
		st = req_event(req, "inspection.submitted", "inspection",
		    sub->row.id, site_scope(sub->shelter, ROLE_ANYONE),
		    event_json_of(sub, task, out), NULL);
	cJSON_Delete(out);
	if (st != ST_OK) {
		cJSON_free(text);
		return st;
	}
	return reply_bytes(
	    req, ST_CREATED, "application/json", text, strlen(text));
}

static enum status
apply(struct submission *sub, struct task_row *task, const char *content)
{
	struct request *req = sub->req;
	const struct rules *rules = snapshot_rules(req->snap);
	struct shelter_capacity before = { .usable = 0 }, after = before;
	int64_t id = sub->shelter->id;
	enum status st = ST_OK;

	if (store_shelter_capacity(req->db, rules, id, &before) != DB_ROW ||
	    inspection_add(req->db, &sub->row, content) < 0)
		return site_store_failed(req);
	if ((st = submission_keep(sub)) != ST_OK ||
	    (st = submission_finish_task(sub, task)) != ST_OK)
		return st;
	if (store_shelter_capacity(req->db, rules, id, &after) != DB_ROW)
		return site_store_failed(req);
	req_touch_shelter(req, id);
	return answer(sub, task, &before, &after);
}

/* Sets *known when the op settles the request. */
static enum status
answer_again(struct request *req, const char *content, bool *known)
{
	char *said = NULL, *answered = NULL;
	int64_t inspector = 0;
	enum status st = ST_OK;
	int result = inspection_of_op(req->db, body_str(req->body, "op", ""),
	    &inspector, &said, &answered);

	*known = result != DB_OK;
	if (result == DB_OK)
		return ST_OK;
	if (result < 0) {
		st = site_store_failed(req);
	} else if (inspector != req->caller.id || strcmp(said, content) != 0) {
		st = req_fail(req, ST_CONFLICT, "op",
		    "this operation id was used for another inspection");
	} else {
		req_no_event(req);
		reply_header(req, "Idempotent-Replay", "true");
		st = reply_bytes(req, ST_CREATED, "application/json", answered,
		    strlen(answered));
		answered = NULL;
	}
	free(said);
	free(answered);
	return st;
}

static enum status
post_inspections(struct request *req)
{
	struct submission *sub = calloc(1, sizeof(*sub));
	char *content = cJSON_PrintUnformatted(req->body);
	struct task_row task;
	bool known = false;
	enum status st = ST_UNAVAILABLE;

	if (!sub || !content || !(sub->defects = cJSON_CreateArray())) {
		st = site_store_failed(req);
		goto out;
	}
	sub->req = req;
	st = answer_again(req, content, &known);
	if (known)
		goto out;
	st = submission_decode(sub, &task);
	if (st == ST_OK)
		st = apply(sub, &task, content);
out:
	if (sub) {
		cJSON_Delete(sub->defects);
		free(sub->open);
		free(sub->known);
	}
	free(sub);
	cJSON_free(content);
	return st;
}

/* Reading. */

static bool
list_finding(void *arg, const struct inspection_finding *f)
{
	cJSON *findings = arg;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "item", f->item);
	cJSON_AddStringToObject(o, "result", finding_result_name(f->result));
	cJSON_AddStringToObject(o, "note", f->note);
	site_add_id(o, "entrance", f->entrance_id);
	if (f->factor >= 0)
		cJSON_AddNumberToObject(o, "factor", f->factor);
	site_add_array(o, "evidence", f->evidence);
	site_add_id(o, "defect", f->defect_id);
	return cJSON_AddItemToArray(findings, o);
}

static bool
list_inspection(void *arg, const struct inspection_row *r)
{
	struct page *p = arg;
	cJSON *o = NULL, *findings = NULL;

	if (!site_shelter(p->req, r->shelter_id))
		return true;
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)r->id);
	cJSON_AddStringToObject(o, "op", r->op);
	site_add_id(o, "task", r->task_id);
	site_add_shelter(p->req, o, r->shelter_id);
	site_add_id(o, "unit", r->unit_id);
	cJSON_AddStringToObject(
	    o, "inspector", site_user(p->req, r->inspector));
	site_add_time(o, "at", r->at);
	site_add_time(o, "received_at", r->received_at);
	cJSON_AddStringToObject(o, "work", cycle_work_name(r->work));
	cJSON_AddNumberToObject(o, "failed", (double)r->failed);
	findings = cJSON_AddArrayToObject(o, "findings");
	if (inspection_each_finding(p->req->db, r->id, list_finding, findings) <
	    0) {
		cJSON_Delete(o);
		o = NULL;
	}
	return page_add(p, r->id, o);
}

static enum status
get_inspections(struct request *req)
{
	struct page page;
	struct inspection_query q = {
		.shelter_id = req_query_int(req, "shelter", 0),
	};

	page_begin(&page, req);
	q.after = page.after;
	return page_reply(
	    &page, inspection_each(req->db, &q, list_inspection, &page));
}

static const struct field inspections_query[] = {
	SITE_ID_FIELD("shelter", .help = "only of this shelter"),
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const char *const work_words[] = { "routine", "special", "replace",
	NULL };
static const char *const result_words[] = { "pass", "fail", "na", NULL };

static const struct field finding_fields[] = {
	{ .name = "item", .type = F_STRING, .required = true, .maxlen = 31 },
	{ .name = "result",
	    .type = F_STRING,
	    .required = true,
	    .oneof = result_words },
	{ .name = "note",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = INSPECTION_NOTE },
	SITE_ID_FIELD("entrance", .nullable = true),
	{ .name = "factor",
	    .type = F_NUMBER,
	    .nullable = true,
	    .min = 0,
	    .max = 1,
	    .help = "what is left of the places" },
	SITE_EVIDENCE_FIELD,
	{ .name = NULL },
};

static const struct field inspection_body[] = {
	{ .name = "op",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = INSPECTION_OP,
	    .help = "the client's operation id" },
	SITE_ID_FIELD("task", .nullable = true),
	SITE_ID_FIELD("shelter", .required = true),
	SITE_ID_FIELD("unit", .nullable = true),
	{ .name = "at", .type = F_TIME, .required = true },
	{ .name = "work",
	    .type = F_STRING,
	    .nullable = true,
	    .oneof = work_words,
	    .help = "the maintenance it was part of; routine if not said" },
	{ .name = "findings",
	    .type = F_ARRAY,
	    .required = true,
	    .maxlen = FINDINGS_MAX,
	    .of = finding_fields },
	{ .name = NULL },
};

const struct route routes_inspection[] = {
	{ .method = "GET",
	    .path = "/v1/inspections",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = inspections_query,
	    .handle = get_inspections,
	    .summary = "Inspections with their findings" },
	{ .method = "POST",
	    .path = "/v1/inspections",
	    .roles = ROLE_INSPECTOR,
	    .on = ON_WRITER,
	    .body = inspection_body,
	    .handle = post_inspections,
	    .summary = "Submit an inspection; exactly once per op" },
	{ .path = NULL },
};

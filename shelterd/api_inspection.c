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
#include "inspections/finding.h"
#include "shelterd/api_notice.h"
#include "shelterd/api_task.h"
#include "shelterd/daemon.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/defect.h"
#include "shelterd/store/inspection.h"
#include "shelterd/store/shelter.h"
#include "shelterd/when.h"
#include "shelterd/writer.h"

enum { FINDINGS_MAX = 500, DEFECTS_MAX = 10000 };

/* An open defect as joining sees it, with what it needs kept beside it. */
struct known {
	int64_t notice_id;
	char item[32];
};

struct submission {
	struct request *req;
	const struct snap_shelter *shelter;
	struct inspection_row row;
	const cJSON *findings; /* the body's */
	struct finding found[FINDINGS_MAX];
	size_t nfound;
	struct finding_defect *open; /* unclosed ones of the shelter */
	struct known *known;	     /* beside them */
	size_t nopen, room;
	int64_t notice_id;
	cJSON *defects; /* of the answer */
};

/* Decoding. */

static bool
has_entrance(const struct snap_shelter *s, int64_t id, int64_t *unit)
{
	for (size_t i = 0; i < s->nentrances; i++)
		if (s->entrances[i].id == id) {
			if (s->entrances[i].unit_id)
				*unit = s->entrances[i].unit_id;
			return true;
		}
	return false;
}

static bool
has_unit(const struct snap_shelter *s, int64_t id)
{
	for (size_t i = 0; i < s->nunits; i++)
		if (s->units[i].id == id)
			return true;
	return false;
}

static enum status
bad_finding(struct request *req, size_t i, const char *part, const char *why,
    const char *what)
{
	char field[64];

	snprintf(field, sizeof(field), "findings[%zu].%s", i, part);
	return req_fail(req, ST_INVALID, field, why, what);
}

static bool
repeats(const struct submission *sub, const struct finding *f)
{
	for (size_t i = 0; i < sub->nfound; i++)
		if (sub->found[i].item == f->item &&
		    sub->found[i].entrance_id == f->entrance_id)
			return true;
	return false;
}

static enum status
decode_finding(struct submission *sub, const cJSON *in)
{
	const struct rules *rules = daemon_rules(sub->req->daemon);
	const char *item = body_str(in, "item", "");
	char field[64];
	size_t i = sub->nfound;
	struct finding f = {
		.item = checklist_find(rules->items, rules->nitems, item),
		.result = finding_result_parse(body_str(in, "result", "")),
		.unit_id = sub->row.unit_id,
		.entrance_id = body_int(in, "entrance", 0),
		.factor = body_num(in, "factor", -1),
	};

	if (!f.item)
		return bad_finding(
		    sub->req, i, "item", "no checklist item '%s'", item);
	if (f.entrance_id &&
	    !has_entrance(sub->shelter, f.entrance_id, &f.unit_id))
		return bad_finding(sub->req, i, "entrance", "%s",
		    "the shelter has no such entrance");
	if (repeats(sub, &f))
		return bad_finding(sub->req, i, "item",
		    "'%s' was said before of the same place", item);
	sub->found[sub->nfound++] = f;
	snprintf(field, sizeof(field), "findings[%zu].evidence", i);
	return site_check_evidence(
	    sub->req, cJSON_GetObjectItemCaseSensitive(in, "evidence"), field);
}

static enum status
decode_findings(struct submission *sub)
{
	const cJSON *f = NULL;
	enum status st = ST_OK;

	cJSON_ArrayForEach(f, sub->findings)
	{
		st = decode_finding(sub, f);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* The shelter must exist for the caller; a hidden one does for the inspector
 * who has a task there. */
static enum status
decode_shelter(struct submission *sub, const struct task_row *task)
{
	struct request *req = sub->req;
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, sub->row.shelter_id);
	bool mine = task->id && task->assignee == req->caller.id &&
		    task->shelter_id == sub->row.shelter_id;

	if (!s || !(mine || site_visible(&req->caller, s)))
		return req_fail(req, ST_INVALID, "shelter",
		    "no shelter has the id %lld",
		    (long long)sub->row.shelter_id);
	if (task->id && task->shelter_id != s->id)
		return req_fail(req, ST_INVALID, "task",
		    "task %lld is about another shelter", (long long)task->id);
	if (sub->row.unit_id && !has_unit(s, sub->row.unit_id))
		return req_fail(req, ST_INVALID, "unit",
		    "shelter %lld has no unit %lld", (long long)s->id,
		    (long long)sub->row.unit_id);
	if (!sub->row.unit_id && s->nunits == 1)
		sub->row.unit_id = s->units[0].id;
	sub->shelter = s;
	return ST_OK;
}

static enum status
decode_task(struct submission *sub, struct task_row *task)
{
	int result = DB_OK;

	task->id = 0;
	if (!sub->row.task_id)
		return ST_OK;
	result = task_get(sub->req->db, sub->row.task_id, task);
	if (result == DB_ROW)
		return ST_OK;
	if (result < 0)
		return site_store_failed(sub->req);
	return req_fail(sub->req, ST_INVALID, "task", "no task has the id %lld",
	    (long long)sub->row.task_id);
}

static enum status
decode(struct submission *sub, struct task_row *task)
{
	struct request *req = sub->req;
	enum status st = ST_OK;

	sub->row = (struct inspection_row){
		.task_id = body_int(req->body, "task", 0),
		.shelter_id = body_int(req->body, "shelter", 0),
		.unit_id = body_int(req->body, "unit", 0),
		.inspector = req->caller.id,
		.received_at = req->now,
	};
	snprintf(sub->row.op, sizeof(sub->row.op), "%s",
	    body_str(req->body, "op", ""));
	sub->findings = cJSON_GetObjectItemCaseSensitive(req->body, "findings");
	if ((st = site_time(req, "at", req->now, &sub->row.at)) != ST_OK ||
	    (st = decode_task(sub, task)) != ST_OK ||
	    (st = decode_shelter(sub, task)) != ST_OK)
		return st;
	return decode_findings(sub);
}

/* Defects. */

static bool
remember(struct submission *sub, const struct defect_record *d)
{
	struct finding_defect *open = NULL;
	struct known *known = NULL;
	size_t room = sub->room ? sub->room * 2 : 32;

	if (sub->nopen == sub->room) {
		open = realloc(sub->open, room * sizeof(*open));
		if (open)
			sub->open = open;
		known = realloc(sub->known, room * sizeof(*known));
		if (known)
			sub->known = known;
		if (!open || !known || room > DEFECTS_MAX)
			return false;
		sub->room = room;
	}
	sub->open[sub->nopen] = (struct finding_defect){
		.id = d->id,
		.unit_id = d->unit_id,
		.entrance_id = d->entrance_id,
	};
	sub->known[sub->nopen].notice_id = d->notice_id;
	memcpy(sub->known[sub->nopen].item, d->item, sizeof(d->item));
	sub->nopen++;
	return true;
}

static bool
remember_row(void *arg, const struct defect_record *d)
{
	return remember(arg, d);
}

/* Items point into `known`, which moves while it grows. */
static void
name_items(struct submission *sub)
{
	for (size_t i = 0; i < sub->nopen; i++)
		sub->open[i].item = sub->known[i].item;
}

static enum status
load_open(struct submission *sub)
{
	const struct defect_query q = {
		.shelter_id = sub->shelter->id,
		.state = "unclosed",
	};

	if (defect_each(sub->req->db, &q, remember_row, sub) < 0)
		return site_store_failed(sub->req);
	name_items(sub);
	return ST_OK;
}

static void
say_defect(struct submission *sub, int64_t id, const char *item, bool joined)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)id);
	cJSON_AddStringToObject(o, "item", item);
	cJSON_AddBoolToObject(o, "joined", joined);
	cJSON_AddItemToArray(sub->defects, o);
}

static enum status
join_defect(struct submission *sub, const struct finding *f, size_t i)
{
	struct finding_defect *d = &sub->open[i];

	if (!d->entrance_id && f->entrance_id) {
		d->entrance_id = f->entrance_id;
		if (defect_set_entrance(sub->req->db, d->id, d->entrance_id) <
		    0)
			return site_store_failed(sub->req);
	}
	if (!sub->notice_id)
		sub->notice_id = sub->known[i].notice_id;
	say_defect(sub, d->id, d->item, true);
	return ST_OK;
}

static enum status
open_defect(struct submission *sub, const struct finding *f, const char *note,
    int64_t *id)
{
	struct capacity_defect effect = finding_effect(f);
	struct defect_record d = {
		.shelter_id = sub->shelter->id,
		.unit_id = f->unit_id,
		.entrance_id = f->entrance_id,
		.effect = effect.effect,
		.factor = effect.factor,
		.opened_by = sub->req->caller.id,
		.opened_at = sub->req->now,
	};
	enum status st =
	    notice_collect(sub->req, d.shelter_id, f->item->id, &d.notice_id);

	if (st != ST_OK)
		return st;
	memcpy(d.item, f->item->id, sizeof(d.item));
	memcpy(d.severity, f->item->severity, sizeof(d.severity));
	snprintf(d.note, sizeof(d.note), "%s", note);
	if (defect_add(sub->req->db, &d) < 0 || !remember(sub, &d))
		return site_store_failed(sub->req);
	name_items(sub);
	sub->notice_id = d.notice_id;
	*id = d.id;
	say_defect(sub, d.id, d.item, false);
	return ST_OK;
}

static enum status
keep_finding(struct submission *sub, size_t i, const cJSON *in)
{
	const struct finding *f = &sub->found[i];
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(in, "evidence");
	char *evidence =
	    cJSON_IsArray(array) ? cJSON_PrintUnformatted(array) : NULL;
	struct inspection_finding row = {
		.item = f->item->id,
		.note = body_str(in, "note", ""),
		.evidence = evidence ? evidence : "[]",
		.result = f->result,
		.entrance_id = f->entrance_id,
		.factor = f->factor,
	};
	size_t at = finding_joins(f, sub->open, sub->nopen);
	enum status st = ST_OK;

	if (f->result == FINDING_FAIL && at < sub->nopen) {
		row.defect_id = sub->open[at].id;
		st = join_defect(sub, f, at);
	} else if (f->result == FINDING_FAIL) {
		st = open_defect(sub, f, row.note, &row.defect_id);
	}
	if (st == ST_OK && inspection_add_finding(
			       sub->req->db, sub->row.id, (int64_t)i, &row) < 0)
		st = site_store_failed(sub->req);
	cJSON_free(evidence);
	return st;
}

static enum status
keep_findings(struct submission *sub)
{
	const cJSON *in = NULL;
	enum status st = load_open(sub);
	size_t i = 0;

	cJSON_ArrayForEach(in, sub->findings)
	{
		if (st == ST_OK)
			st = keep_finding(sub, i++, in);
	}
	return st;
}

/* An inspection is a fact even if its task has meanwhile gone to somebody
 * else or was done: then the task stays as it is. */
static enum status
finish_task(struct submission *sub, struct task_row *task)
{
	const struct task_facts facts = {
		.actor = sub->req->caller.id,
		.assignee = task->assignee,
	};

	if (!task->id || task_next(task->state, TASK_FINISH, &facts,
			     &task->state, NULL, 0) != TASK_ALLOWED)
		return ST_OK;
	if (task_put(sub->req->db, task) < 0)
		return site_store_failed(sub->req);
	return ST_OK;
}

/* Answer and event. */

static cJSON *
answer_json(const struct submission *sub, const struct shelter_capacity *before,
    const struct shelter_capacity *after)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *capacity = NULL;

	cJSON_AddNumberToObject(o, "inspection", (double)sub->row.id);
	cJSON_AddItemReferenceToObject(o, "defects", sub->defects);
	site_add_id(o, "notice", sub->notice_id);
	capacity = cJSON_AddObjectToObject(o, "capacity");
	cJSON_AddNumberToObject(capacity, "before", (double)before->usable);
	cJSON_AddNumberToObject(capacity, "after", (double)after->usable);
	cJSON_AddStringToObject(
	    capacity, "binding_rule", capacity_rule_name(after->binding));
	return o;
}

static cJSON *
event_json_of(const struct submission *sub, const struct task_row *task,
    const cJSON *answer)
{
	cJSON *o = cJSON_Duplicate(answer, true);

	cJSON_AddNumberToObject(o, "shelter", (double)sub->shelter->id);
	cJSON_AddStringToObject(o, "shelter_name", sub->shelter->name);
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
	const struct rules *rules = daemon_rules(req->daemon);
	struct shelter_capacity before = { .usable = 0 }, after = before;
	int64_t id = sub->shelter->id;
	enum status st = ST_OK;

	if (store_shelter_capacity(req->db, rules, id, &before) != DB_ROW ||
	    inspection_add(req->db, &sub->row, content) < 0)
		return site_store_failed(req);
	if ((st = keep_findings(sub)) != ST_OK ||
	    (st = finish_task(sub, task)) != ST_OK)
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
	st = decode(sub, &task);
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

struct page {
	struct request *req;
	struct site_list list;
	cJSON *findings; /* of the row at hand */
};

static bool
list_finding(void *arg, const struct inspection_finding *f)
{
	struct page *p = arg;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "item", f->item);
	cJSON_AddStringToObject(o, "result", finding_result_name(f->result));
	cJSON_AddStringToObject(o, "note", f->note);
	site_add_id(o, "entrance", f->entrance_id);
	if (f->factor >= 0)
		cJSON_AddNumberToObject(o, "factor", f->factor);
	site_add_array(o, "evidence", f->evidence);
	site_add_id(o, "defect", f->defect_id);
	return cJSON_AddItemToArray(p->findings, o);
}

static bool
list_inspection(void *arg, const struct inspection_row *r)
{
	struct page *p = arg;
	const struct snap_shelter *s = site_shelter(p->req, r->shelter_id);
	cJSON *o = NULL;

	if (!s)
		return true;
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "id", (double)r->id);
	cJSON_AddStringToObject(o, "op", r->op);
	site_add_id(o, "task", r->task_id);
	cJSON_AddNumberToObject(o, "shelter", (double)r->shelter_id);
	cJSON_AddStringToObject(o, "shelter_name", s->name);
	site_add_id(o, "unit", r->unit_id);
	cJSON_AddStringToObject(
	    o, "inspector", site_user(p->req, r->inspector));
	site_add_time(o, "at", r->at);
	site_add_time(o, "received_at", r->received_at);
	cJSON_AddNumberToObject(o, "failed", (double)r->failed);
	p->findings = cJSON_AddArrayToObject(o, "findings");
	if (inspection_each_finding(p->req->db, r->id, list_finding, p) < 0) {
		cJSON_Delete(o);
		o = NULL;
	}
	return site_list_add(&p->list, r->id, o);
}

static enum status
get_inspections(struct request *req)
{
	struct page p = { .req = req };
	struct inspection_query q = {
		.shelter_id = req_query_int(req, "shelter", 0),
	};

	site_list_begin(req, &p.list);
	q.after = p.list.after;
	return site_list_reply(
	    req, &p.list, inspection_each(req->db, &q, list_inspection, &p));
}

static const struct field inspections_query[] = {
	{ .name = "shelter", .type = F_INTEGER, .min = 1, .max = 9e15 },
	{ .name = "limit", .type = F_INTEGER, .min = 1, .max = 10000 },
	{ .name = "after", .type = F_INTEGER, .min = 0, .max = 9e15 },
	{ .name = NULL },
};

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
	{ .name = "entrance",
	    .type = F_INTEGER,
	    .nullable = true,
	    .min = 1,
	    .max = 9e15 },
	{ .name = "factor",
	    .type = F_NUMBER,
	    .nullable = true,
	    .min = 0,
	    .max = 1,
	    .help = "what is left of the places" },
	{ .name = "evidence",
	    .type = F_ARRAY,
	    .item = F_STRING,
	    .maxlen = 50,
	    .help = "SHA-256 of each photo" },
	{ .name = NULL },
};

static const struct field inspection_body[] = {
	{ .name = "op",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = INSPECTION_OP,
	    .help = "the client's operation id" },
	{ .name = "task",
	    .type = F_INTEGER,
	    .nullable = true,
	    .min = 1,
	    .max = 9e15 },
	{ .name = "shelter",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 1,
	    .max = 9e15 },
	{ .name = "unit",
	    .type = F_INTEGER,
	    .nullable = true,
	    .min = 1,
	    .max = 9e15 },
	{ .name = "at", .type = F_TIME, .required = true },
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

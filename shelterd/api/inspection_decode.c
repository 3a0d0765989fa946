/* SPDX-License-Identifier: MIT */
/*
 * Reads a submitted inspection: do shelter, unit, task, items and entrances
 * exist and belong together.  Writes nothing.
 */
#include <stdio.h>
#include <string.h>
#include "shelterd/daemon.h"
#include "shelterd/api/inspection_submit.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"

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
	const struct rules *rules = snapshot_rules(sub->req->snap);
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
check_op(struct request *req, const char *op)
{
	size_t n = strlen(op);

	if (n >= 8 && strspn(op, "0123456789abcdefABCDEF-") == n)
		return ST_OK;
	return req_fail(req, ST_INVALID, "op", "'%s' is no UUID", op);
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

enum status
submission_decode(struct submission *sub, struct task_row *task)
{
	struct request *req = sub->req;
	enum status st = ST_OK;

	sub->row = (struct inspection_row){
		.task_id = body_int(req->body, "task", 0),
		.shelter_id = body_int(req->body, "shelter", 0),
		.unit_id = body_int(req->body, "unit", 0),
		.inspector = req->caller.id,
		.received_at = req->now,
		.work =
		    cycle_work_parse(body_str(req->body, "work", "routine")),
	};
	snprintf(sub->row.op, sizeof(sub->row.op), "%s",
	    body_str(req->body, "op", ""));
	sub->findings = cJSON_GetObjectItemCaseSensitive(req->body, "findings");
	if ((st = check_op(req, sub->row.op)) != ST_OK ||
	    (st = site_time(req, "at", req->now, &sub->row.at)) != ST_OK ||
	    (st = decode_task(sub, task)) != ST_OK ||
	    (st = decode_shelter(sub, task)) != ST_OK)
		return st;
	return decode_findings(sub);
}

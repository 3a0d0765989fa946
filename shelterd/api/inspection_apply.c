/* SPDX-License-Identifier: MIT */
/*
 * What a submitted inspection does to the store: findings, defects opened or
 * joined, the shelter's draft notice, the task.  Runs on the writer inside
 * the request's transaction; knows nothing of the answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/notice_life.h"
#include "shelterd/api/inspection_submit.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/defect.h"
#include "shelterd/store/looked.h"

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

/* Due dates are counted from this.  What failed was looked at, but not put in
 * order; what one entrance has not, another may have; a clock that runs ahead
 * puts nothing off. */
static int
note_look(struct submission *sub, const struct finding *f)
{
	const struct inspection_row *r = &sub->row;
	struct looked l = {
		.unit_id = f->unit_id,
		.item = f->item->id,
		.work = r->work,
		.at = r->at < r->received_at ? r->at : r->received_at,
	};

	if (f->result == FINDING_NA && f->entrance_id)
		return DB_OK;
	if (f->result == FINDING_FAIL)
		l.work = WORK_ROUTINE;
	else if (f->result == FINDING_NA)
		l.work = WORKS;
	return looked_note(sub->req->db, r->shelter_id, &l);
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
	if (st == ST_OK && (inspection_add_finding(sub->req->db, sub->row.id,
				(int64_t)i, &row) < 0 ||
			       note_look(sub, f) < 0))
		st = site_store_failed(sub->req);
	cJSON_free(evidence);
	return st;
}

enum status
submission_keep(struct submission *sub)
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
enum status
submission_finish_task(struct submission *sub, struct task_row *task)
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

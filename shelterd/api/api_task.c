/* SPDX-License-Identifier: MIT */
/*
 * Tasks: made and handed out by the office, pushed to the inspector it is
 * for, accepted or declined.  An inspector sees her own tasks and those that
 * are nobody's yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_task.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/task.h"

static bool
task_visible(const struct request *req, const struct task_row *t)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, t->shelter_id);
	int64_t me = req->caller.id;

	if (!s)
		return false;
	/* An unannounced inspection is nobody else's to know of. */
	if (t->origin == TASK_OF_DRAW && !site_office(&req->caller))
		return t->assignee == me;
	if (req->caller.role == ROLE_INSPECTOR && t->assignee)
		return t->assignee == me;
	return site_visible(&req->caller, s);
}

/* What was due when the schedule made it. */
static void
add_items(const struct request *req, cJSON *o, const struct task_row *t)
{
	char *items = NULL;

	if (t->origin == TASK_OF_SCHEDULE)
		items = task_items(req->db, t->id);
	site_add_array(o, "items", items ? items : "[]");
	free(items);
}

cJSON *
task_json(const struct request *req, const struct task_row *t)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)t->id);
	cJSON_AddStringToObject(o, "kind", "inspection");
	site_add_shelter(req, o, t->shelter_id);
	site_add_id(o, "unit", t->unit_id);
	site_add_id(o, "assignee", t->assignee);
	cJSON_AddStringToObject(
	    o, "assignee_name", site_user(req, t->assignee));
	cJSON_AddStringToObject(o, "state", task_state_name(t->state));
	site_add_time(o, "due", t->due);
	cJSON_AddStringToObject(o, "note", t->note);
	cJSON_AddStringToObject(o, "reason", t->reason);
	cJSON_AddStringToObject(o, "origin", task_origin_name(t->origin));
	site_add_id(o, "draw", t->draw);
	add_items(req, o, t);
	cJSON_AddNumberToObject(o, "version", (double)t->version);
	return o;
}

static bool
list_task(void *arg, const struct task_row *t)
{
	struct page *p = arg;

	if (!task_visible(p->req, t))
		return true;
	return page_add(p, t->id, task_json(p->req, t));
}

static enum status
query_assignee(struct request *req, int64_t *id)
{
	const char *word = req_query(req, "assignee", "");
	char *end = NULL;

	*id = 0;
	if (!*word)
		return ST_OK;
	if (strcmp(word, "me") == 0) {
		*id = req->caller.id;
		return ST_OK;
	}
	*id = strtoll(word, &end, 10);
	if (*end || *id < 1)
		return req_fail(req, ST_BAD_QUERY, "assignee",
		    "'%s' is neither 'me' nor an id", word);
	return ST_OK;
}

static enum status
get_tasks(struct request *req)
{
	struct page page;
	struct task_query q = {
		.state = task_state_parse(req_query(req, "state", "")),
	};
	enum status st = query_assignee(req, &q.assignee);

	if (st != ST_OK)
		return st;
	page_begin(&page, req);
	q.after = page.after;
	return page_reply(&page, task_each(req->db, &q, list_task, &page));
}

enum status
task_check_assignee(struct request *req, int64_t id)
{
	const struct snap_user *u = id ? snapshot_user(req->snap, id) : NULL;

	if (id && (!u || u->role != ROLE_INSPECTOR))
		return req_fail(req, ST_INVALID, "assignee",
		    "no inspector has the id %lld", (long long)id);
	return ST_OK;
}

static enum status
check_unit(struct request *req, const struct snap_shelter *s, int64_t unit)
{
	for (size_t i = 0; i < s->nunits; i++)
		if (s->units[i].id == unit)
			return ST_OK;
	if (unit == 0)
		return ST_OK;
	return req_fail(req, ST_INVALID, "unit",
	    "shelter %lld has no unit %lld", (long long)s->id, (long long)unit);
}

enum status
task_event(struct request *req, const struct task_row *t, const char *kind,
    bool everyone)
{
	const struct snap_shelter *s =
	    snapshot_shelter(req->snap, t->shelter_id);
	struct event_scope scope = {
		.roles = ROLE_OFFICE | ROLE_INSPECTOR,
		.user = everyone ? 0 : t->assignee,
	};

	scope.hidden = s && s->hidden && scope.user == 0;
	return req_event(
	    req, kind, "task", t->id, scope, task_json(req, t), NULL);
}

static enum status
post_tasks(struct request *req)
{
	const struct snap_shelter *s = NULL;
	struct task_row t = {
		.shelter_id = body_int(req->body, "shelter", 0),
		.unit_id = body_int(req->body, "unit", 0),
		.assignee = body_int(req->body, "assignee", 0),
		.created_by = req->caller.id,
		.created_at = req->now,
		.state = TASK_OPEN,
	};
	enum status st = ST_OK;

	s = site_shelter(req, t.shelter_id);
	if (!s)
		return req_fail(req, ST_INVALID, "shelter",
		    "no shelter has the id %lld", (long long)t.shelter_id);
	if ((st = check_unit(req, s, t.unit_id)) != ST_OK ||
	    (st = task_check_assignee(req, t.assignee)) != ST_OK ||
	    (st = site_time(req, "due", req->now, &t.due)) != ST_OK)
		return st;
	snprintf(t.note, sizeof(t.note), "%s", body_str(req->body, "note", ""));
	if (t.assignee)
		t.state = TASK_ASSIGNED;
	if (task_add(req->db, &t) < 0)
		return site_store_failed(req);
	st = task_event(req, &t, "task.assigned", false);
	return st == ST_OK ? reply_json(req, ST_CREATED, task_json(req, &t))
			   : st;
}

/* The task of the path if the caller may see it. */
static enum status
load_task(struct request *req, struct task_row *t)
{
	int64_t id = req_id(req, "id");
	int result = task_get(req->db, id, t);

	if (result < 0)
		return site_store_failed(req);
	if (result != DB_ROW || !task_visible(req, t))
		return req_fail(req, ST_NOT_FOUND, "id",
		    "no task has the id %lld", (long long)id);
	return ST_OK;
}

/* Asks the table; *t is then in the next state. */
static enum status
move_task(struct request *req, struct task_row *t, enum task_event event)
{
	const struct task_facts facts = {
		.actor = req->caller.id,
		.assignee = t->assignee,
		.manages = site_office(&req->caller),
	};
	char why[160] = "";

	switch (
	    task_next(t->state, event, &facts, &t->state, why, sizeof(why))) {
	case TASK_ALLOWED:
		return ST_OK;
	case TASK_NOT_YOURS:
		return req_fail(req, ST_FORBIDDEN, "id", "%s", why);
	default:
		return req_fail(req, ST_CONFLICT, "state", "%s", why);
	}
}

static enum status
save_task(
    struct request *req, struct task_row *t, const char *kind, bool everyone)
{
	enum status st = ST_OK;

	if (task_put(req->db, t) < 0)
		return site_store_failed(req);
	st = task_event(req, t, kind, everyone);
	return st == ST_OK ? reply_json(req, ST_OK, task_json(req, t)) : st;
}

static enum status
assign_task(struct request *req)
{
	int64_t assignee = body_int(req->body, "assignee", 0);
	struct task_row t;
	enum status st = ST_OK;

	if ((st = load_task(req, &t)) != ST_OK ||
	    (st = task_check_assignee(req, assignee)) != ST_OK ||
	    (st = move_task(req, &t, TASK_ASSIGN)) != ST_OK)
		return st;
	t.assignee = assignee;
	t.reason[0] = '\0';
	return save_task(req, &t, "task.assigned", false);
}

static enum status
accept_task(struct request *req)
{
	struct task_row t;
	enum status st = ST_OK;
	bool was_open = false;

	if ((st = load_task(req, &t)) != ST_OK)
		return st;
	was_open = t.assignee == 0;
	if ((st = move_task(req, &t, TASK_ACCEPT)) != ST_OK)
		return st;
	t.assignee = req->caller.id;
	return save_task(req, &t, "task.changed", was_open);
}

static enum status
decline_task(struct request *req)
{
	struct task_row t;
	enum status st = ST_OK;

	if ((st = load_task(req, &t)) != ST_OK ||
	    (st = move_task(req, &t, TASK_DECLINE)) != ST_OK)
		return st;
	snprintf(t.reason, sizeof(t.reason), "%s",
	    body_str(req->body, "reason", ""));
	return save_task(req, &t, "task.changed", false);
}

static enum status
finish_task(struct request *req)
{
	struct task_row t;
	enum status st = ST_OK;

	if ((st = load_task(req, &t)) != ST_OK ||
	    (st = move_task(req, &t, TASK_FINISH)) != ST_OK)
		return st;
	return save_task(req, &t, "task.changed", t.assignee == 0);
}

static const char *const state_words[] = { "open", "assigned", "accepted",
	"declined", "done", NULL };
static const char *const kind_words[] = { "inspection", NULL };

static const struct field tasks_query[] = {
	{ .name = "state", .type = F_STRING, .oneof = state_words },
	{ .name = "assignee",
	    .type = F_STRING,
	    .maxlen = 20,
	    .help = "'me' or a user's id" },
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field task_body[] = {
	{ .name = "kind",
	    .type = F_STRING,
	    .required = true,
	    .oneof = kind_words },
	SITE_ID_FIELD("shelter", .required = true),
	SITE_ID_FIELD("unit", .nullable = true),
	SITE_ID_FIELD("assignee", .nullable = true,
	    .help = "an inspector; without: open to all"),
	{ .name = "due", .type = F_TIME, .required = true },
	{ .name = "note", .type = F_STRING, .maxlen = TASK_TEXT },
	{ .name = NULL },
};

static const struct field assign_body[] = {
	SITE_ID_FIELD("assignee", .required = true),
	{ .name = NULL },
};

static const struct field decline_body[] = {
	{ .name = "reason",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = TASK_TEXT },
	{ .name = NULL },
};

static const struct field no_fields[] = { { .name = NULL } };

const struct route routes_task[] = {
	{ .method = "GET",
	    .path = "/v1/tasks",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = tasks_query,
	    .handle = get_tasks,
	    .summary = "Tasks; inspectors see their own and the open ones" },
	{ .method = "POST",
	    .path = "/v1/tasks",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = task_body,
	    .handle = post_tasks,
	    .summary = "Make a task and push it to its inspector" },
	{ .method = "POST",
	    .path = "/v1/tasks/{id}/assign",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = assign_body,
	    .handle = assign_task,
	    .summary = "Hand a task to an inspector" },
	{ .method = "POST",
	    .path = "/v1/tasks/{id}/accept",
	    .roles = ROLE_INSPECTOR,
	    .on = ON_WRITER,
	    .body = no_fields,
	    .handle = accept_task,
	    .summary = "Take a task on" },
	{ .method = "POST",
	    .path = "/v1/tasks/{id}/decline",
	    .roles = ROLE_INSPECTOR,
	    .on = ON_WRITER,
	    .body = decline_body,
	    .handle = decline_task,
	    .summary = "Give a task back, with why" },
	{ .method = "POST",
	    .path = "/v1/tasks/{id}/done",
	    .roles = ROLE_OFFICE | ROLE_INSPECTOR,
	    .on = ON_WRITER,
	    .body = no_fields,
	    .handle = finish_task,
	    .summary = "Mark a task done without an inspection" },
	{ .path = NULL },
};

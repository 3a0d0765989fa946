/* SPDX-License-Identifier: MIT */
/*
 * The schedule of inspections: what of which unit was last looked at when and
 * is due when, by the cycles of the rules, and tasks made of what is due.
 */
#include <stdlib.h>
#include "shelterd/api/api_task.h"
#include "shelterd/api/schedule_make.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"

/* A page ends early when so many rows stand on it. */
enum { PAGE_ROWS = 20000 };

/* What was never done is due at once, which is no date. */
static void
add_due(cJSON *o, const struct cycle_due *d)
{
	bool dated = d->state == CYCLE_CURRENT || d->state == CYCLE_OVERDUE;

	site_add_time(o, "last", d->last);
	site_add_time(o, "due", dated ? d->due : 0);
	cJSON_AddNumberToObject(o, "missed", (double)d->missed);
	cJSON_AddStringToObject(o, "state", cycle_state_name(d->state));
}

static cJSON *
row_json(const struct schedule_row *r)
{
	cJSON *o = cJSON_CreateObject();

	site_add_id(o, "unit", r->unit ? r->unit->id : 0);
	cJSON_AddStringToObject(o, "unit_name", r->unit ? r->unit->name : "");
	cJSON_AddStringToObject(o, "item", r->item->id);
	cJSON_AddStringToObject(o, "zh", r->item->zh);
	cJSON_AddStringToObject(o, "en", r->item->en);
	cJSON_AddStringToObject(o, "clause", r->item->clause);
	cJSON_AddStringToObject(o, "work", cycle_work_name(r->work));
	cJSON_AddStringToObject(
	    o, "cycle", schedule_cycle_name(r->item->cycle[r->work]));
	add_due(o, &r->due);
	return o;
}

static cJSON *
shelter_json(const struct request *req, const struct snap_shelter *s,
    const struct schedule_row *rows, long n)
{
	cJSON *o = cJSON_CreateObject(), *items = NULL;

	site_add_shelter(req, o, s->id);
	items = cJSON_AddArrayToObject(o, "items");
	for (long i = 0; i < n; i++)
		cJSON_AddItemToArray(items, row_json(&rows[i]));
	return o;
}

/* false: the page is full, or the store failed. */
static bool
list_shelter(struct page *page, const struct snap_shelter *s,
    const struct schedule_ask *ask, int64_t *rows_left)
{
	struct schedule_row *rows = NULL;
	long n = schedule_rows(page->req, s, ask, &rows);
	bool on = true;

	if (n < 0)
		page->failed = true;
	else if (n > 0)
		on = page_add(page, s->id, shelter_json(page->req, s, rows, n));
	free(rows);
	*rows_left -= n;
	if (*rows_left <= 0)
		page->limit = 0;
	return on && n >= 0;
}

static enum status
get_schedule(struct request *req)
{
	int64_t shelter = req_query_int(req, "shelter", 0), left = PAGE_ROWS;
	struct schedule_ask ask;
	struct page page;
	enum status st = schedule_ask_read(req, NULL, &ask);

	if (st != ST_OK)
		return st;
	page_begin(&page, req);
	for (size_t i = 0; i < snapshot_shelters(req->snap); i++) {
		const struct snap_shelter *s =
		    snapshot_shelter_at(req->snap, i);

		if (s->id <= page.after || (shelter && s->id != shelter) ||
		    !schedule_in_use(s) || !site_own_visible(&req->caller, s))
			continue;
		if (!list_shelter(&page, s, &ask, &left))
			break;
	}
	return page_reply(&page, DB_OK);
}

static enum status
check_shelter(struct request *req, int64_t id)
{
	const struct snap_shelter *s = id ? site_shelter(req, id) : NULL;

	if (!id || (s && schedule_in_use(s)))
		return ST_OK;
	return req_fail(req, ST_INVALID, "shelter",
	    s ? "shelter %lld is closed" : "no shelter has the id %lld",
	    (long long)id);
}

static enum status
post_tasks(struct request *req)
{
	struct schedule_made m = {
		.assignee = body_int(req->body, "assignee", 0),
		.shelter = body_int(req->body, "shelter", 0),
	};
	cJSON *o = NULL;
	enum status st = ST_OK;

	if ((st = schedule_ask_read(req, req->body, &m.ask)) != ST_OK ||
	    (st = check_shelter(req, m.shelter)) != ST_OK ||
	    (st = task_check_assignee(req, m.assignee)) != ST_OK)
		return st;
	if (m.ask.window.until == INT64_MAX)
		m.ask.window.until = schedule_horizon(req);
	m.tasks = cJSON_CreateArray();
	st = schedule_make(req, &m);
	if (st != ST_OK) {
		cJSON_Delete(m.tasks);
		return st;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "made", (double)m.made);
	cJSON_AddNumberToObject(o, "waiting", (double)m.waiting);
	site_add_time(o, "until", m.ask.window.until);
	cJSON_AddItemToObject(o, "tasks", m.tasks);
	return reply_json(req, m.made ? ST_CREATED : ST_OK, o);
}

#define ITEM_FIELD                                              \
	{                                                       \
		.name = "item", .type = F_STRING, .maxlen = 31, \
		.help = "only this one of"                      \
			" the cycles"                           \
	}
#define FROM_FIELD                                                \
	{                                                         \
		.name = "from", .type = F_TIME,                   \
		.help = "due then or later; what was never done " \
			"is due now"                              \
	}
#define UNTIL_FIELD                                                            \
	{                                                                      \
		.name = "until", .type = F_TIME, .help = "due then or earlier" \
	}
#define OVERDUE_FIELD                                         \
	{                                                     \
		.name = "overdue", .type = F_BOOL,            \
		.help = "only what is late or was never done" \
	}

static const struct field schedule_query[] = {
	SITE_ID_FIELD("shelter", .help = "only of this shelter"),
	ITEM_FIELD,
	FROM_FIELD,
	UNTIL_FIELD,
	OVERDUE_FIELD,
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field tasks_body[] = {
	SITE_ID_FIELD("shelter", .help = "only of this shelter"),
	ITEM_FIELD,
	FROM_FIELD,
	UNTIL_FIELD,
	OVERDUE_FIELD,
	SITE_ID_FIELD("assignee", .nullable = true,
	    .help = "an inspector; without: open to all"),
	{ .name = NULL },
};

const struct route routes_schedule[] = {
	{ .method = "GET",
	    .path = "/v1/schedule",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = schedule_query,
	    .handle = get_schedule,
	    .summary = "What of which unit is due for inspection when" },
	{ .method = "POST",
	    .path = "/v1/schedule/tasks",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = tasks_body,
	    .handle = post_tasks,
	    .summary = "Make a task for each shelter with due work" },
	{ .path = NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * From due rows to tasks; see schedule_make.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_task.h"
#include "shelterd/api/schedule_make.h"
#include "shelterd/daemon.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/writer.h"

enum { DAY = 86400, HOUR_MS = 3600 * 1000, ROUND = 200 };

/* The entry of the item and work, made if it is not there. */
static cJSON *
entry_of(cJSON *items, const struct schedule_row *r)
{
	const char *work = cycle_work_name(r->work);
	cJSON *o = NULL;

	cJSON_ArrayForEach(o, items)
	{
		if (strcmp(body_str(o, "item", ""), r->item->id) == 0 &&
		    strcmp(body_str(o, "work", ""), work) == 0)
			return o;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "item", r->item->id);
	cJSON_AddStringToObject(o, "work", work);
	cJSON_AddArrayToObject(o, "units");
	cJSON_AddItemToArray(items, o);
	return o;
}

/* By item and work, each with its units. */
static cJSON *
items_of(const struct schedule_row *rows, long n)
{
	cJSON *items = cJSON_CreateArray();

	for (long i = 0; i < n; i++) {
		cJSON *o = entry_of(items, &rows[i]);

		if (rows[i].unit)
			cJSON_AddItemToArray(
			    cJSON_GetObjectItemCaseSensitive(o, "units"),
			    cJSON_CreateNumber((double)rows[i].unit->id));
	}
	return items;
}

/* "到期 12 项 / 12 items due: doors fans …", whole words only. */
static void
note_of(const cJSON *items, char note[TASK_TEXT + 1])
{
	int n = cJSON_GetArraySize(items);
	size_t len = (size_t)snprintf(
	    note, TASK_TEXT + 1, "到期检查 %d 项 / %d items due:", n, n);
	const char *before = "";
	const cJSON *o = NULL;

	cJSON_ArrayForEach(o, items)
	{
		const char *item = body_str(o, "item", "");

		if (strcmp(item, before) == 0)
			continue;
		before = item;
		if (len + strlen(item) + sizeof(" …") > TASK_TEXT) {
			snprintf(note + len, TASK_TEXT + 1 - len, " …");
			return;
		}
		len += (size_t)snprintf(
		    note + len, TASK_TEXT + 1 - len, " %s", item);
	}
}

static int64_t
first_due(const struct schedule_row *rows, long n)
{
	int64_t due = INT64_MAX;

	for (long i = 0; i < n; i++)
		if (rows[i].due.due < due)
			due = rows[i].due.due;
	return due;
}

static int64_t
maker_of(struct request *req)
{
	return req->caller.id ? req->caller.id : task_system_maker(req->db);
}

static enum status
make_one(struct request *req, struct schedule_made *m,
    const struct snap_shelter *s, const struct schedule_row *rows, long n)
{
	struct task_row t = {
		.shelter_id = s->id,
		.assignee = m->assignee,
		.due = first_due(rows, n),
		.created_by = maker_of(req),
		.created_at = req->now,
		.origin = TASK_OF_SCHEDULE,
		.state = m->assignee ? TASK_ASSIGNED : TASK_OPEN,
	};
	cJSON *items = items_of(rows, n);
	char *text = cJSON_PrintUnformatted(items);
	int result = DB_ERROR;

	note_of(items, t.note);
	if (text && t.created_by > 0)
		result = task_add_untold(req->db, &t, text);
	cJSON_Delete(items);
	cJSON_free(text);
	if (result < 0)
		return site_store_failed(req);
	m->made++;
	cJSON_AddItemToArray(m->tasks, cJSON_CreateNumber((double)t.id));
	return ST_OK;
}

/* Asking for the task costs next to nothing, asking what is due does. */
static enum status
make_for(
    struct request *req, struct schedule_made *m, const struct snap_shelter *s)
{
	struct schedule_row *rows = NULL;
	int64_t task = 0;
	enum status st = ST_OK;
	int result = task_scheduled_of(req->db, s->id, &task);
	long n = 0;

	if (result == DB_ROW) {
		m->waiting++;
		return ST_OK;
	}
	if (result == DB_OK)
		n = schedule_rows(req, s, &m->ask, &rows);
	if (n < 0 || result < 0)
		st = site_store_failed(req);
	else if (n > 0)
		st = make_one(req, m, s, rows, n);
	free(rows);
	return st;
}

static enum status
tell_made(struct request *req, const struct schedule_made *m)
{
	const struct event_scope scope = { .roles = ROLE_OFFICE };
	cJSON *o = cJSON_CreateObject();

	if (m->made == 0) {
		cJSON_Delete(o);
		req_no_event(req);
		return ST_OK;
	}
	cJSON_AddNumberToObject(o, "made", (double)m->made);
	cJSON_AddNumberToObject(o, "waiting", (double)m->waiting);
	site_add_time(o, "until", m->ask.window.until);
	cJSON_AddItemToObject(o, "tasks", cJSON_Duplicate(m->tasks, true));
	task_tell(req->daemon);
	return req_event(req, "schedule.made", "task", 0, scope, o, NULL);
}

static bool
is_meant(const struct schedule_made *m, const struct snap_shelter *s)
{
	return s->id > m->after && (!m->shelter || m->shelter == s->id) &&
	       schedule_in_use(s);
}

enum status
schedule_make(struct request *req, struct schedule_made *m)
{
	enum status st = ST_OK;
	size_t n = snapshot_shelters(req->snap), looked = 0;

	m->more = false;
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		const struct snap_shelter *s =
		    snapshot_shelter_at(req->snap, i);

		if (!is_meant(m, s))
			continue;
		m->more = m->most && looked++ == m->most;
		if (m->more)
			break;
		m->after = s->id;
		st = make_for(req, m, s);
	}
	return st == ST_OK ? tell_made(req, m) : st;
}

int64_t
schedule_horizon(const struct request *req)
{
	return req->now + daemon_conf(req->daemon)->schedule_days * DAY;
}

/* By itself: some shelters a write, so that other writers need not wait. */

struct round {
	struct daemon *daemon;
	struct schedule_made made;
};

static enum status
make_due(struct request *req, void *arg)
{
	struct schedule_made *m = &((struct round *)arg)->made;
	enum status st = ST_OK;

	m->ask.now = req->now;
	m->ask.window.until = schedule_horizon(req);
	m->made = m->waiting = 0;
	m->tasks = cJSON_CreateArray();
	st = schedule_make(req, m);
	cJSON_Delete(m->tasks);
	return st;
}

static void go_on(void *arg);

static void
look(struct daemon *d, int64_t after)
{
	struct round *r = calloc(1, sizeof(*r));

	if (!r)
		return;
	r->daemon = d;
	r->made.after = after;
	r->made.most = ROUND;
	daemon_submit_write(d, make_due, r, go_on);
}

static void
go_on(void *arg)
{
	struct round *r = arg;

	if (r->made.more)
		look(r->daemon, r->made.after);
	free(r);
}

static void
watch(struct daemon *d, void *arg)
{
	(void)arg;
	look(d, 0);
	daemon_timer(d, daemon_conf(d)->schedule_every * HOUR_MS, watch, NULL);
}

void
schedule_watch(struct daemon *d)
{
	if (daemon_conf(d)->schedule_every > 0)
		watch(d, NULL);
}

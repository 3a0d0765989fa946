/* SPDX-License-Identifier: MIT */
/*
 * The double random draw (双随机): which works are inspected unannounced and
 * by whom.  The event inspection.drawn proves it; tasks tell each inspector
 * of her own alone.  Works that are closed or hidden are not drawn from: who
 * may enter a hidden one is not left to chance.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/api_task.h"
#include "shelterd/api/draw_proof.h"
#include "shelterd/api/schedule_make.h"
#include "shelterd/net/page.h"
#include "shelterd/plan/plan_limit.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"
#include "shelterd/store/event.h"
#include "shelterd/store/user.h"
#include "shelterd/writer.h"

enum { DRAW_MAX = 1000, LISTED_MAX = 10000 };

/* What is drawn from. */

struct listing {
	struct draw_list *list;
	int64_t last;
	bool failed;
};

static void
add_inspector(void *arg, const struct user *u)
{
	struct listing *l = arg;

	l->last = u->id;
	if (u->role == ROLE_INSPECTOR && !u->disabled &&
	    !draw_list_add(l->list, u->id))
		l->failed = true;
}

static enum status
list_inspectors(struct request *req, struct draw_list *list)
{
	struct listing l = { .list = list };
	int64_t before = 0;

	do {
		before = l.last;
		if (user_list(req->db, before, LISTED_MAX, add_inspector, &l) <
			0 ||
		    l.failed)
			return site_store_failed(req);
	} while (l.last != before);
	return ST_OK;
}

static enum status
list_shelters(struct request *req, struct draw_list *list)
{
	struct where *where = NULL;
	enum status st =
	    plan_where_read(req, body_str(req->body, "where", ""), &where);

	for (size_t i = 0; st == ST_OK && i < snapshot_shelters(req->snap);
	     i++) {
		const struct snap_shelter *s =
		    snapshot_shelter_at(req->snap, i);

		if (!schedule_in_use(s) || s->hidden || !where_picks(where, s))
			continue;
		if (!draw_list_add(list, s->id))
			st = site_store_failed(req);
	}
	where_free(where);
	return st;
}

static enum status
choose_seed(struct request *req, struct draw *d)
{
	const char *seed = body_str(req->body, "seed", NULL);
	unsigned char bytes[DRAW_SEED / 2];

	d->given = seed != NULL;
	if (!seed) {
		randombytes_buf(bytes, sizeof(bytes));
		sodium_bin2hex(d->seed, sizeof(d->seed), bytes, sizeof(bytes));
		return ST_OK;
	}
	if (!draw_seed_good(seed))
		return req_fail(req, ST_INVALID, "seed",
		    "a seed has 1 to %d visible ASCII characters", DRAW_SEED);
	snprintf(d->seed, sizeof(d->seed), "%s", seed);
	return ST_OK;
}

static enum status
too_many(struct request *req, const char *field, size_t wanted, size_t have)
{
	return req_fail(
	    req, ST_INVALID, field, "%zu cannot be drawn of %zu", wanted, have);
}

static enum status
prepare(struct request *req, struct draw *d)
{
	enum status st = ST_OK;

	d->k = (size_t)body_int(req->body, "shelters", 0);
	d->m = (size_t)body_int(req->body, "inspectors", 0);
	if ((st = choose_seed(req, d)) != ST_OK ||
	    (st = list_shelters(req, &d->shelters)) != ST_OK ||
	    (st = list_inspectors(req, &d->inspectors)) != ST_OK)
		return st;
	if (d->k > d->shelters.n)
		return too_many(req, "shelters", d->k, d->shelters.n);
	if (d->m > d->inspectors.n)
		return too_many(req, "inspectors", d->m, d->inspectors.n);
	if (d->m > d->k)
		return req_fail(req, ST_INVALID, "inspectors",
		    "more inspectors than shelters");
	return draw_do(d) ? ST_OK : site_store_failed(req);
}

/* Drawing. */

static void
add_names(const struct request *req, cJSON *body)
{
	cJSON *pair = NULL;
	const struct snap_shelter *s = NULL;

	cJSON_ArrayForEach(
	    pair, cJSON_GetObjectItemCaseSensitive(body, "drawn"))
	{
		s = snapshot_shelter(req->snap, body_int(pair, "shelter", 0));
		cJSON_AddStringToObject(
		    pair, "shelter_name", s ? site_label(s) : "");
		cJSON_AddStringToObject(pair, "inspector_name",
		    site_user(req, body_int(pair, "inspector", 0)));
	}
}

static cJSON *
event_body(struct request *req, const struct draw *d, int64_t due)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "where", body_str(req->body, "where", ""));
	site_add_time(o, "due", due);
	if (draw_add_json(d, o))
		return o;
	cJSON_Delete(o);
	return NULL;
}

static enum status
make_tasks(struct request *req, const struct draw *d, int64_t due,
    int64_t event, cJSON *tasks)
{
	struct task_row t = {
		.due = due,
		.created_by = req->caller.id,
		.created_at = req->now,
		.draw = event,
		.origin = TASK_OF_DRAW,
		.state = TASK_ASSIGNED,
	};

	snprintf(t.note, sizeof(t.note),
	    "双随机抽查 / random inspection, draw %lld", (long long)event);
	for (size_t i = 0; i < d->k; i++) {
		t.shelter_id = d->to[i];
		t.assignee = draw_by(d, i);
		if (task_add_untold(req->db, &t, NULL) < 0)
			return site_store_failed(req);
		cJSON_AddItemToArray(tasks, task_json(req, &t));
	}
	task_tell(req->daemon);
	return ST_OK;
}

static enum status
draw_now(struct request *req, const struct draw *d, int64_t due)
{
	const struct event_scope scope = { .roles = ROLE_OFFICE };
	cJSON *body = event_body(req, d, due), *out = NULL;
	int64_t event = 0;
	enum status st = ST_OK;

	if (!body)
		return site_store_failed(req);
	out = cJSON_Duplicate(body, true);
	st = req_event(req, "inspection.drawn", "draw", 0, scope, body, &event);
	cJSON_AddNumberToObject(out, "draw", (double)event);
	add_names(req, out);
	if (st == ST_OK)
		st = make_tasks(
		    req, d, due, event, cJSON_AddArrayToObject(out, "tasks"));
	if (st == ST_OK)
		return reply_json(req, ST_CREATED, out);
	cJSON_Delete(out);
	return st;
}

static enum status
post_draws(struct request *req)
{
	struct draw d = { .k = 0 };
	int64_t due = 0;
	enum status st = site_time(req, "due", schedule_horizon(req), &due);

	if (st == ST_OK)
		st = prepare(req, &d);
	if (st == ST_OK)
		st = draw_now(req, &d, due);
	draw_release(&d);
	return st;
}

/* Reading and checking. */

/* The draw of that event, one reference; NULL: there is none. */
static struct event *
load_draw(struct request *req, int64_t id)
{
	struct event *e = NULL;

	if (id < 1 || event_list(req->db, id - 1, 1, &e) != 1)
		return NULL;
	if (e->id == id && strcmp(e->kind, "inspection.drawn") == 0)
		return e;
	event_unref(e);
	return NULL;
}

static void
add_head(cJSON *o, const struct event *e)
{
	cJSON_AddNumberToObject(o, "draw", (double)e->id);
	site_add_time(o, "at", e->at);
	cJSON_AddStringToObject(o, "user", e->user);
}

static cJSON *
checked_json(const struct request *req, const struct event *e)
{
	cJSON *o = cJSON_Parse(e->body);
	const char *why = draw_check_json(o);
	char hex[EVENT_HASH * 2 + 1];

	if (!why && !event_sound(e))
		why = "the event is not the one that was logged";
	if (!o)
		o = cJSON_CreateObject();
	add_head(o, e);
	add_names(req, o);
	sodium_bin2hex(hex, sizeof(hex), e->hash, EVENT_HASH);
	cJSON_AddStringToObject(o, "event_hash", hex);
	cJSON_AddBoolToObject(o, "ok", !why);
	site_add_text(o, "why", why);
	return o;
}

static enum status
get_draw(struct request *req)
{
	int64_t id = req_id(req, "id");
	struct event *e = load_draw(req, id);
	cJSON *o = NULL;

	if (!e)
		return req_fail(req, ST_NOT_FOUND, "id",
		    "event %lld is no draw", (long long)id);
	o = checked_json(req, e);
	event_unref(e);
	return reply_json(req, ST_OK, o);
}

static cJSON *
listed_json(const struct event *e)
{
	cJSON *body = cJSON_Parse(e->body), *o = cJSON_CreateObject();

	add_head(o, e);
	cJSON_AddNumberToObject(o, "shelters",
	    cJSON_GetArraySize(
		cJSON_GetObjectItemCaseSensitive(body, "drawn")));
	cJSON_AddNumberToObject(
	    o, "inspectors", (double)body_int(body, "inspectors", 0));
	cJSON_AddStringToObject(o, "seed_by", body_str(body, "seed_by", ""));
	cJSON_Delete(body);
	return o;
}

static enum status
get_draws(struct request *req)
{
	int64_t *ids = calloc(LISTED_MAX, sizeof(*ids));
	struct event *e = NULL;
	struct page page;
	int n = 0;

	page_begin(&page, req);
	if (ids)
		n = event_ids_of(
		    req->db, "draw", 0, page.after, LISTED_MAX, ids);
	for (int i = 0; i < n && i < LISTED_MAX; i++) {
		e = load_draw(req, ids[i]);
		if (!e || !page_add(&page, ids[i], listed_json(e)))
			n = e ? 0 : -1;
		event_unref(e);
	}
	free(ids);
	return page_reply(&page, ids && n >= 0 ? DB_OK : DB_ERROR);
}

static const struct field draws_query[] = {
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field draw_body[] = {
	{ .name = "shelters",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 1,
	    .max = DRAW_MAX },
	{ .name = "inspectors",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 1,
	    .max = DRAW_MAX,
	    .help = "who take turns at them" },
	{ .name = "seed",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = DRAW_SEED,
	    .help = "without: drawn by the daemon" },
	PLAN_WHERE_FIELD,
	{ .name = "due",
	    .type = F_TIME,
	    .nullable = true,
	    .help = "without: schedule-days from now" },
	{ .name = NULL },
};

const struct route routes_draw[] = {
	{ .method = "GET",
	    .path = "/v1/draws",
	    .roles = ROLE_OFFICE,
	    .on = ON_READER,
	    .query = draws_query,
	    .handle = get_draws,
	    .summary = "Draws that were made" },
	{ .method = "GET",
	    .path = "/v1/draws/{id}",
	    .roles = ROLE_OFFICE,
	    .on = ON_READER,
	    .handle = get_draw,
	    .summary = "A draw, done again from its event" },
	{ .method = "POST",
	    .path = "/v1/draws",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .body = draw_body,
	    .handle = post_draws,
	    .summary = "Draw shelters and inspectors by chance" },
	{ .path = NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * Counting people at the doors.  Each operation id counts once: sent again
 * with the same numbers it gets the same answer, with others it is refused.
 * Nobody is turned away: a shelter that takes more than it has places for is
 * flagged.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "shelterd/api/api_drill.h"
#include "shelterd/api/drill_batch.h"
#include "shelterd/daemon.h"
#include "shelterd/net/json_out.h"
#include "shelterd/net/reply.h"
#include "shelterd/store/db.h"
#include "shelterd/store/rows.h"
#include "shelterd/writer.h"

enum { ROOM = 2048 /* for the texts of a usual request */ };

struct counting {
	struct request *r;
	struct drill_batch *batch;
	struct drill_now *d;
	struct json_out event, answer;
	int counted; /* of them new */
	bool hidden; /* one of them names a hidden shelter */
	int at;	     /* in the request */
};

static enum status wrong(struct counting *, enum status, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Names the member of the running arrival. */
static enum status
wrong(struct counting *c, enum status st, const char *member, const char *fmt,
    ...)
{
	char field[40], text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(field, sizeof(field), "arrivals[%d].%s", c->at, member);
	return req_fail(c->r, st, field, "%s", text);
}

/* Leaves the object open. */
static void
put_arrival(struct json_out *o, const struct arrival_row *a)
{
	json_out_raw(o, "{\"op\":");
	json_out_text(o, a->op);
	json_out_raw(o, ",\"shelter\":");
	json_out_int(o, a->shelter);
	json_out_raw(o, ",\"entrance\":");
	if (a->entrance != 0)
		json_out_int(o, a->entrance);
	else
		json_out_raw(o, "null");
	json_out_raw(o, ",\"people\":");
	json_out_int(o, a->people);
	json_out_raw(o, ",\"at_s\":");
	json_out_int(o, a->at_s);
	json_out_raw(o, ",\"shelter_people\":");
	json_out_int(o, a->shelter_people);
	json_out_raw(
	    o, a->overfull ? ",\"overfull\":true" : ",\"overfull\":false");
}

/* The drill's second at which they were counted. */
static enum status
second_of(struct counting *c, const cJSON *in, int64_t *second)
{
	enum { SKEW = 5 }; /* seconds a device's clock may be ahead */
	int64_t at = body_time(in, "at", -1);
	int64_t ms = at * 1000 + 999;

	*second = c->d->second;
	if (at < 0)
		return ST_OK;
	if (at < c->d->row.started_at)
		return wrong(
		    c, ST_INVALID, "at", "lies before the start of the drill");
	if (at > c->r->now + SKEW)
		return wrong(c, ST_INVALID, "at", "lies in the future");
	if (ms < c->d->wall_ms)
		*second = timeline_second(&c->d->line, ms);
	return ST_OK;
}

/* Says what there is none of: a hidden shelter is none. */
static enum status
no_door(struct counting *c, const struct arrival_row *a)
{
	struct door_row shelter = { .shelter = a->shelter };
	int result = door_find(c->r->db, &shelter);

	if (result < 0)
		return site_store_failed(c->r);
	if (result == DB_OK || (shelter.hidden && !site_office(&c->r->caller)))
		return wrong(c, ST_INVALID, "shelter", "no shelter %lld",
		    (long long)a->shelter);
	return wrong(c, ST_INVALID, "entrance",
	    "shelter %lld has no entrance %lld", (long long)a->shelter,
	    (long long)a->entrance);
}

static enum status
find_door(
    struct counting *c, const struct arrival_row *a, struct batch_door **door)
{
	int result =
	    drill_batch_door(c->batch, c->r->db, a->shelter, a->entrance, door);

	if (result < 0)
		return site_store_failed(c->r);
	if (result == DB_OK ||
	    ((*door)->row.hidden && !site_office(&c->r->caller)))
		return no_door(c, a);
	return ST_OK;
}

static enum status
check_new(struct counting *c, const cJSON *in, struct arrival_row *a,
    struct batch_door **door)
{
	struct drill_facts facts = { .people = a->people };
	enum status st =
	    drill_step_check(c->r, c->d, DRILL_ARRIVE, &facts, "people");

	if (st == ST_OK)
		st = find_door(c, a, door);
	return st == ST_OK ? second_of(c, in, &a->at_s) : st;
}

/* With so many people inside before them. */
static void
judge(struct counting *c, struct arrival_row *a, int64_t before)
{
	const struct snap_shelter *s = snapshot_shelter(c->r->snap, a->shelter);

	a->shelter_people = before + a->people;
	a->overfull = s != NULL && a->shelter_people > s->usable;
}

/* `from` is where the answer tells of it. */
static void
counted(struct counting *c, const struct arrival_row *a, struct batch_door *d,
    size_t from)
{
	struct json_out *o = &c->event;

	drill_batch_count(d, a->people);
	c->hidden |= d->row.hidden;
	if (c->counted++ > 0)
		json_out_raw(o, ",");
	if (!c->answer.failed)
		json_out_bytes(o, c->answer.bytes + from, c->answer.len - from);
	json_out_raw(o, ",\"name\":");
	json_out_text(o, d->row.shelter_name);
	json_out_raw(o, ",\"entrance_name\":");
	json_out_text(o, d->row.entrance_name);
	json_out_raw(o, "}");
}

/* In the answer and, if it was counted now, at that door, in the event. */
static void
tell(struct counting *c, const struct arrival_row *a, struct batch_door *d)
{
	size_t from;

	if (c->at > 0)
		json_out_raw(&c->answer, ",");
	from = c->answer.len;
	put_arrival(&c->answer, a);
	if (d != NULL)
		counted(c, a, d, from);
	json_out_raw(&c->answer, "}");
}

/* One that cannot be counted anew: `st` says why unless its op was counted
 * before, with the same numbers (it gets the same answer) or with others. */
static enum status
count_again(struct counting *c, struct arrival_row *a, enum status st)
{
	struct arrival_row old;
	int result = arrival_get(c->r->db, c->d->row.id, a->op, &old);

	if (result < 0)
		return site_store_failed(c->r);
	if (result == DB_OK)
		return st;
	if (old.shelter != a->shelter || old.entrance != a->entrance ||
	    old.people != a->people)
		return wrong(c, ST_CONFLICT, "op",
		    "was counted before with other numbers");
	*a = old;
	return ST_OK;
}

/* One pass; the schema knows the names, by their first letters here. */
static enum status
read_arrival(struct counting *c, const cJSON *in, struct arrival_row *a)
{
	const cJSON *v;
	const char *op = "";

	*a = (struct arrival_row){ 0 };
	cJSON_ArrayForEach(v, in)
	{
		if (v->string[0] == 'o')
			op = v->valuestring;
		else if (v->string[0] == 's')
			a->shelter = (int64_t)v->valuedouble;
		else if (v->string[0] == 'e' && cJSON_IsNumber(v))
			a->entrance = (int64_t)v->valuedouble;
		else if (v->string[0] == 'p')
			a->people = (int64_t)v->valuedouble;
	}
	if (op[0] == '\0')
		return wrong(c, ST_INVALID, "op", "must not be empty");
	memcpy(a->op, op, strnlen(op, sizeof(a->op) - 1)); /* the rest is 0 */
	return ST_OK;
}

static enum status
count_one(struct counting *c, const cJSON *in)
{
	struct batch_door *door = NULL;
	struct arrival_row a;
	enum status st = read_arrival(c, in, &a);
	int result = DB_OK;

	if (st != ST_OK)
		return st;
	st = check_new(c, in, &a, &door);
	if (st == ST_OK) {
		judge(c, &a, door->shelter->people);
		result = arrival_add(c->r->db, c->d->row.id, &a);
	}
	if (result < 0)
		return site_store_failed(c->r);
	if (result != DB_ROW)
		st = count_again(c, &a, st);
	if (st == ST_OK)
		tell(c, &a, result == DB_ROW ? door : NULL);
	return st;
}

/* Several at once. */

struct several {
	struct arrival_row a[ROWS];
	struct batch_door *door[ROWS];
};

/* Are all of them right, were they new?  Their errors are told one by one. */
static bool
check_several(struct counting *c, const cJSON *in, struct several *s)
{
	int64_t before;

	if (drill_batch_room(c->batch, c->r->db, ROWS) != DB_OK)
		return false;
	for (int i = 0; i < ROWS; i++, in = in->next) {
		if (read_arrival(c, in, &s->a[i]) != ST_OK ||
		    check_new(c, in, &s->a[i], &s->door[i]) != ST_OK)
			return false;
		before = s->door[i]->shelter->people;
		for (int k = 0; k < i; k++)
			if (s->door[k]->shelter == s->door[i]->shelter)
				before += s->a[k].people;
		judge(c, &s->a[i], before);
	}
	return true;
}

/* ROWS of them from there on.  *done: they are dealt with; otherwise nothing
 * was changed and they are to be counted one by one. */
static enum status
count_several(struct counting *c, const cJSON *in, bool *done)
{
	const struct arrival_row *rows[ROWS];
	struct several s;
	int64_t added = 0;

	*done = false;
	if (!check_several(c, in, &s)) {
		reply_clear(c->r->reply);
		return ST_OK;
	}
	for (int i = 0; i < ROWS; i++)
		rows[i] = &s.a[i];
	if (arrival_add_rows(c->r->db, c->d->row.id, rows, &added) < 0)
		return site_store_failed(c->r);
	if (added == 0)
		return ST_OK;
	/* Which of them is not known: the batch will run again. */
	if (added < ROWS)
		return wrong(c, ST_CONFLICT, "op", "was counted before");
	*done = true;
	for (int i = 0; i < ROWS; i++, c->at++)
		tell(c, &s.a[i], s.door[i]);
	return ST_OK;
}

static bool
are_several(const cJSON *in)
{
	int n = 0;

	for (; in != NULL && n < ROWS; in = in->next)
		n++;
	return n == ROWS;
}

static void
begin_texts(struct counting *c)
{
	json_out_raw(&c->event, "{\"exercise\":true,\"at_s\":");
	json_out_int(&c->event, c->d->second);
	json_out_raw(&c->event, ",\"arrivals\":[");
	json_out_raw(&c->answer, "{\"drill\":");
	json_out_int(&c->answer, c->d->row.id);
	json_out_raw(&c->answer, ",\"exercise\":true,\"arrivals\":[");
}

static const char *
end_text(struct json_out *o)
{
	json_out_raw(o, "]}");
	return json_out_end(o);
}

static enum status
append_event(struct counting *c)
{
	const char *text;

	if (c->counted == 0) {
		req_no_event(c->r);
		return ST_OK;
	}
	text = end_text(&c->event);
	return req_event_text(c->r, "drill.arrival", "drill", c->d->row.id,
	    drill_scope(c->hidden), text, c->event.len, NULL);
}

static enum status
answer(struct counting *c)
{
	const char *text = end_text(&c->answer);

	if (text == NULL)
		return req_fail(c->r, ST_UNAVAILABLE, NULL, "out of memory");
	return reply_copy(c->r, ST_OK, "application/json", text, c->answer.len);
}

/* The next ones; moves on. */
static enum status
count_next(struct counting *c, const cJSON **in)
{
	bool several = req_may_run_again(c->r) && are_several(*in);
	enum status st = ST_OK;
	int n = several ? ROWS : 1;

	if (several)
		st = count_several(c, *in, &several);
	for (; n > 0 && st == ST_OK; n--, *in = (*in)->next)
		if (!several) {
			st = count_one(c, *in);
			c->at += st == ST_OK;
		}
	return st;
}

static enum status
count_all(struct counting *c)
{
	const cJSON *all =
	    cJSON_GetObjectItemCaseSensitive(c->r->body, "arrivals");
	const cJSON *in = all->child;
	enum status st = ST_OK;

	while (in != NULL && st == ST_OK)
		st = count_next(c, &in);
	if (st == ST_OK)
		st = append_event(c);
	return st == ST_OK ? answer(c) : st;
}

enum status
drill_arrivals(struct request *r)
{
	struct counting c = { .r = r };
	char event[ROOM], answer[ROOM];
	int64_t id = req_id(r, "id");
	int result = drill_batch_of(r, id, &c.batch);
	enum status st = ST_OK;

	if (result < 0)
		return site_store_failed(r);
	if (result == DB_OK)
		return drill_missing(r, id);
	c.d = drill_batch_now(c.batch);
	json_out_lend(&c.event, event, sizeof(event));
	json_out_lend(&c.answer, answer, sizeof(answer));
	begin_texts(&c);
	st = count_all(&c);
	json_out_release(&c.event);
	json_out_release(&c.answer);
	return st;
}

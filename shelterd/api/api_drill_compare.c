/* SPDX-License-Identifier: MIT */
/*
 * Two drills side by side: reads both logs, hands them to drills/report.c and
 * drills/compare.c and prints what comes back.  A drill that has not ended is
 * compared up to its last event, and said to be.
 */
#include <math.h>
#include <string.h>
#include "drills/compare.h"
#include "shelterd/api/drill_log.h"

/* One of the two. */
struct side {
	struct drill_log log;
	struct report report;
	struct compare_round round;
};

/* Thousandths are enough; null: not known, never. */
static void
add_number(cJSON *o, const char *name, double v)
{
	if (isfinite(v))
		cJSON_AddNumberToObject(o, name, round(v * 1000) / 1000);
	else
		cJSON_AddNullToObject(o, name);
}

/* Of the two numbers as they are shown, so that everybody finds the same. */
static void
add_difference(cJSON *o, const char *name, double a, double b)
{
	add_number(o, name, (round(b * 1000) - round(a * 1000)) / 1000);
}

static void
add_verdict(cJSON *o, enum compare_verdict v)
{
	const char *name = compare_verdict_name(v);

	if (name != NULL)
		cJSON_AddStringToObject(o, "verdict", name);
	else
		cJSON_AddNullToObject(o, "verdict");
}

static void
add_times(cJSON *o, const struct compare_times *t)
{
	add_number(o, "first_s", t->first_s);
	add_number(o, "t50_s", t->t50_s);
	add_number(o, "t90_s", t->t90_s);
	add_number(o, "last_s", t->last_s);
}

static void
add_alarm(cJSON *o, const struct compare_round *r)
{
	cJSON *a = NULL;

	if (r->alarm == NULL) {
		cJSON_AddNullToObject(o, "alarm");
		return;
	}
	a = cJSON_AddObjectToObject(o, "alarm");
	cJSON_AddStringToObject(a, "signal", r->alarm);
	site_add_text(a, "zh", r->alarm_zh != NULL ? r->alarm_zh : "");
	add_number(a, "at_s", r->alarm_s);
}

static void
add_injects(cJSON *o, const struct compare_round *r)
{
	cJSON *i = cJSON_AddObjectToObject(o, "injects");

	cJSON_AddNumberToObject(i, "planned", (double)r->injects);
	cJSON_AddNumberToObject(i, "done", (double)r->done);
	cJSON_AddNumberToObject(i, "by_hand", (double)r->by_hand);
	cJSON_AddNumberToObject(i, "late", (double)r->late);
}

static cJSON *
side_json(const struct side *s)
{
	const struct compare_round *r = &s->round;
	const cJSON *made = s->log.made;
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "drill", (double)s->log.drill);
	site_add_text(o, "title", body_str(made, "title", ""));
	site_add_id(o, "plan", body_int(made, "plan", 0));
	cJSON_AddBoolToObject(o, "ended", s->log.ended);
	cJSON_AddNumberToObject(o, "up_to_s", (double)s->log.last_s);
	cJSON_AddNumberToObject(o, "planned", (double)s->report.planned);
	cJSON_AddNumberToObject(o, "actual", (double)s->report.actual);
	add_alarm(o, r);
	add_times(o, &r->times);
	add_number(o, "in_time", r->in_time);
	add_injects(o, r);
	cJSON_AddNumberToObject(o, "observations", (double)r->observations);
	drill_log_add_events(o, &s->log);
	return o;
}

static cJSON *
measure_json(enum compare_measure m, const struct compare_pair *p)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "name", compare_measure_name(m));
	add_number(o, "a", p->a);
	add_number(o, "b", p->b);
	add_difference(o, "difference", p->a, p->b);
	add_verdict(o, p->verdict);
	return o;
}

static void
add_sounding(cJSON *o, const char *name, const struct compare_signal *s)
{
	cJSON *x = NULL;

	if (s == NULL) {
		cJSON_AddNullToObject(o, name);
		return;
	}
	x = cJSON_AddObjectToObject(o, name);
	add_number(x, "planned_s", s->due_s);
	add_number(x, "at_s", s->told_s);
	add_number(x, "delay_s", s->told_s - s->due_s);
}

/* A name is in the log once a signal has sounded. */
static const char *
zh_of(const struct compare_sounding *s)
{
	if (s->a != NULL && s->a->zh != NULL)
		return s->a->zh;
	return s->b != NULL && s->b->zh != NULL ? s->b->zh : "";
}

static double
delay_of(const struct compare_signal *s)
{
	return s != NULL ? s->told_s - s->due_s : NAN;
}

static cJSON *
sounding_json(const struct compare_sounding *s)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(
	    o, "signal", s->a != NULL ? s->a->word : s->b->word);
	site_add_text(o, "zh", zh_of(s));
	add_sounding(o, "a", s->a);
	add_sounding(o, "b", s->b);
	add_difference(o, "difference_s", delay_of(s->a), delay_of(s->b));
	return o;
}

static void
add_part(cJSON *o, const char *name, const struct report_shelter *s,
    const struct compare_times *t, double share)
{
	cJSON *x = NULL;

	if (s == NULL) {
		cJSON_AddNullToObject(o, name);
		return;
	}
	x = cJSON_AddObjectToObject(o, name);
	cJSON_AddNumberToObject(x, "planned", (double)s->planned);
	cJSON_AddNumberToObject(x, "actual", (double)s->actual);
	add_number(x, "share", share);
	add_times(x, t);
}

static cJSON *
shelter_json(const struct compare_shelter *s)
{
	cJSON *o = cJSON_CreateObject(), *d = NULL;

	cJSON_AddNumberToObject(o, "id", (double)s->id);
	site_add_text(o, "name", s->name != NULL ? s->name : "");
	add_part(o, "a", s->a, &s->times_a, s->share.a);
	add_part(o, "b", s->b, &s->times_b, s->share.b);
	d = cJSON_AddObjectToObject(o, "difference");
	if (s->a != NULL && s->b != NULL)
		cJSON_AddNumberToObject(
		    d, "actual", (double)(s->b->actual - s->a->actual));
	else
		cJSON_AddNullToObject(d, "actual");
	add_difference(d, "share", s->share.a, s->share.b);
	add_difference(d, "first_s", s->times_a.first_s, s->times_b.first_s);
	add_difference(d, "t50_s", s->times_a.t50_s, s->times_b.t50_s);
	add_difference(d, "t90_s", s->times_a.t90_s, s->times_b.t90_s);
	add_difference(d, "last_s", s->times_a.last_s, s->times_b.last_s);
	add_verdict(o, s->verdict);
	return o;
}

/* The shelters of this verdict by name. */
static void
add_names(cJSON *o, const struct compare *c, enum compare_verdict v)
{
	cJSON *list = cJSON_AddArrayToObject(o, compare_verdict_name(v));

	for (size_t i = 0; i < c->nshelters; i++) {
		cJSON *one = NULL;

		if (c->shelters[i].verdict != v)
			continue;
		one = cJSON_CreateObject();
		cJSON_AddNumberToObject(one, "id", (double)c->shelters[i].id);
		site_add_text(one, "name",
		    c->shelters[i].name != NULL ? c->shelters[i].name : "");
		cJSON_AddItemToArray(list, one);
	}
}

static void
add_method(cJSON *o)
{
	cJSON *how = cJSON_AddObjectToObject(o, "how");

	cJSON_AddStringToObject(how, "first_s t50_s t90_s last_s",
	    "seconds from the alarm, the first signal that sounded and is no "
	    "all-clear; t50 and t90 of the planned people; null: never, or no "
	    "alarm");
	cJSON_AddStringToObject(how, "in_time",
	    "people in by the first air raid signal; null: it did not sound");
	cJSON_AddStringToObject(how, "signal_delay_s",
	    "mean of |at_s - planned_s| over the signals that sounded, planned "
	    "as postponed");
	cJSON_AddStringToObject(how, "verdict",
	    "of b against a; for a shelter and in all: by share, t50_s and "
	    "t90_s, mixed when they disagree");
}

static cJSON *
compare_json(
    const struct side *a, const struct side *b, const struct compare *c)
{
	cJSON *o = cJSON_CreateObject(), *list = NULL;

	cJSON_AddTrueToObject(o, "exercise");
	cJSON_AddItemToObject(o, "a", side_json(a));
	cJSON_AddItemToObject(o, "b", side_json(b));
	add_verdict(o, c->verdict);
	list = cJSON_AddArrayToObject(o, "measures");
	for (int i = 0; i < COMPARE_MEASURES; i++)
		cJSON_AddItemToArray(list,
		    measure_json((enum compare_measure)i, &c->measures[i]));
	list = cJSON_AddArrayToObject(o, "signals");
	for (size_t i = 0; i < c->nsoundings; i++)
		cJSON_AddItemToArray(list, sounding_json(&c->soundings[i]));
	list = cJSON_AddArrayToObject(o, "shelters");
	for (size_t i = 0; i < c->nshelters; i++)
		cJSON_AddItemToArray(list, shelter_json(&c->shelters[i]));
	add_names(o, c, COMPARE_BETTER);
	add_names(o, c, COMPARE_WORSE);
	add_names(o, c, COMPARE_MIXED);
	add_method(o);
	return o;
}

static enum status
side_read(struct request *r, const char *name, struct side *s)
{
	enum status st = drill_log_read(r, name, &s->log);

	if (st != ST_OK)
		return st;
	if (!s->log.started)
		return req_fail(r, ST_CONFLICT, name,
		    "drill %lld has not started: there is nothing to compare",
		    (long long)s->log.drill);
	if (report_make(s->log.events, s->log.nevents,
		drill_log_width(&s->log, 0), &s->report) != 0 ||
	    compare_round_make(
		&s->report, s->log.turns, s->log.nturns, &s->round) != 0)
		return req_fail(r, ST_UNAVAILABLE, NULL, "out of memory");
	return ST_OK;
}

static void
side_release(struct side *s)
{
	compare_round_release(&s->round);
	report_release(&s->report);
	drill_log_release(&s->log);
}

enum status
drill_compare(struct request *r)
{
	struct side a, b;
	struct compare c;
	enum status st = ST_OK;

	if (req_id(r, "a") == req_id(r, "b"))
		return req_fail(r, ST_INVALID, "b",
		    "drill %lld is not compared with itself",
		    (long long)req_id(r, "b"));
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	memset(&c, 0, sizeof(c));
	st = side_read(r, "a", &a);
	if (st == ST_OK)
		st = side_read(r, "b", &b);
	if (st == ST_OK && compare_make(&a.round, &b.round, &c) != 0)
		st = req_fail(r, ST_UNAVAILABLE, NULL, "out of memory");
	else if (st == ST_OK)
		st = reply_json(r, ST_OK, compare_json(&a, &b, &c));
	compare_release(&c);
	side_release(&a);
	side_release(&b);
	return st;
}

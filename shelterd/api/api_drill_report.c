/* SPDX-License-Identifier: MIT */
/*
 * The after-action report: hands the drill's log to drills/report.c and prints
 * what comes back.  The same log gives the same bytes.
 */
#include <math.h>
#include <string.h>
#include "shelterd/api/drill_log.h"
#include "shelterd/net/when.h"

static void
add_second(cJSON *o, const char *name, int64_t s)
{
	if (s >= 0)
		cJSON_AddNumberToObject(o, name, (double)s);
	else
		cJSON_AddNullToObject(o, name);
}

/* A measured number with so many decimals; null below 0. */
static void
add_measure(cJSON *o, const char *name, double value, double scale)
{
	if (value >= 0)
		cJSON_AddNumberToObject(o, name, round(value * scale) / scale);
	else
		cJSON_AddNullToObject(o, name);
}

static void
add_curve(cJSON *o, const struct report_curve *c)
{
	cJSON *list = cJSON_AddArrayToObject(o, "curve");

	for (size_t i = 0; i < c->n; i++) {
		double point[2] = { (double)c->points[i].second,
			(double)c->points[i].people };

		cJSON_AddItemToArray(list, cJSON_CreateDoubleArray(point, 2));
	}
	add_second(o, "t50", c->t50);
	add_second(o, "t90", c->t90);
	add_second(o, "t100", c->t100);
}

static cJSON *
door_json(const struct report_door *d)
{
	cJSON *o = cJSON_CreateObject();

	site_add_id(o, "id", d->id);
	site_add_text(o, "name", d->name);
	cJSON_AddNumberToObject(o, "planned", (double)d->planned);
	cJSON_AddNumberToObject(o, "people", (double)d->people);
	add_second(o, "first_s", d->first_s);
	add_second(o, "last_s", d->last_s);
	add_second(o, "own90_s", d->own90_s);
	add_measure(o, "per_minute", d->per_minute, 10);
	add_measure(o, "clear_width", d->clear_width, 100);
	add_measure(o, "needed_width", d->needed_width, 100);
	if (d->clear_width >= 0)
		cJSON_AddBoolToObject(
		    o, "wide_enough", d->clear_width >= d->needed_width);
	else
		cJSON_AddNullToObject(o, "wide_enough");
	return o;
}

static cJSON *
shelter_json(const struct report_shelter *s)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *doors = NULL;

	cJSON_AddNumberToObject(o, "id", (double)s->id);
	site_add_text(o, "name", s->name);
	cJSON_AddNumberToObject(o, "planned", (double)s->planned);
	cJSON_AddNumberToObject(o, "actual", (double)s->actual);
	add_curve(o, &s->curve);
	doors = cJSON_AddArrayToObject(o, "entrances");
	for (size_t i = 0; i < s->ndoors; i++)
		cJSON_AddItemToArray(doors, door_json(&s->doors[i]));
	return o;
}

static cJSON *
signal_json(const struct report_signal *s)
{
	cJSON *o = cJSON_CreateObject();
	char at[WHEN_SIZE];

	cJSON_AddStringToObject(o, "signal", s->word);
	cJSON_AddStringToObject(o, "zh", s->zh);
	cJSON_AddNumberToObject(o, "planned_s", (double)s->planned_s);
	cJSON_AddNumberToObject(o, "at_s", (double)s->at_s);
	cJSON_AddStringToObject(o, "at", when_print(s->at, at));
	cJSON_AddBoolToObject(o, "late", s->late != 0);
	return o;
}

static void
add_bottleneck(cJSON *o, const struct report *r)
{
	cJSON *b = NULL;

	if (r->bottleneck == NULL) {
		cJSON_AddNullToObject(o, "bottleneck");
		return;
	}
	b = cJSON_AddObjectToObject(o, "bottleneck");
	cJSON_AddNumberToObject(
	    b, "shelter", (double)r->bottleneck_shelter->id);
	site_add_text(b, "name", r->bottleneck_shelter->name);
	cJSON_AddItemToObject(b, "entrance", door_json(r->bottleneck));
}

static void
add_method(cJSON *o)
{
	cJSON *how = cJSON_AddObjectToObject(o, "how");

	cJSON_AddStringToObject(how, "per_minute",
	    "people of the entrance / minutes between its first and last "
	    "count; null if all came at once");
	cJSON_AddStringToObject(how, "t50 t90 t100",
	    "first second with that share of the planned people; null: never");
	cJSON_AddStringToObject(how, "bottleneck",
	    "the entrance where nine tenths of its own people were in last");
	cJSON_AddStringToObject(how, "needed_width",
	    "people of the entrance / 100 x door_width_per_hundred");
}

static cJSON *
report_json(const struct drill_log *g, const struct report *r)
{
	cJSON *o = cJSON_CreateObject();
	cJSON *list = NULL;

	cJSON_AddNumberToObject(o, "drill", (double)g->drill);
	cJSON_AddTrueToObject(o, "exercise");
	site_add_text(o, "title", body_str(g->made, "title", ""));
	site_add_id(o, "plan", body_int(g->made, "plan", 0));
	cJSON_AddNumberToObject(o, "planned", (double)r->planned);
	cJSON_AddNumberToObject(o, "actual", (double)r->actual);
	list = cJSON_AddArrayToObject(o, "signals");
	for (size_t i = 0; i < r->nsignals; i++)
		cJSON_AddItemToArray(list, signal_json(&r->signals[i]));
	add_curve(o, &r->curve);
	add_bottleneck(o, r);
	list = cJSON_AddArrayToObject(o, "shelters");
	for (size_t i = 0; i < r->nshelters; i++)
		cJSON_AddItemToArray(list, shelter_json(&r->shelters[i]));
	add_measure(o, "door_width_per_hundred", drill_log_width(g, -1), 1000);
	add_method(o);
	drill_log_add_events(o, g);
	return o;
}

enum status
drill_report(struct request *r)
{
	struct drill_log g;
	struct report report;
	enum status st = drill_log_read(r, "id", &g);

	memset(&report, 0, sizeof(report));
	if (st == ST_OK && report_make(g.events, g.nevents,
			       drill_log_width(&g, 0), &report) != 0)
		st = req_fail(r, ST_UNAVAILABLE, NULL, "out of memory");
	else if (st == ST_OK)
		st = reply_json(r, ST_OK, report_json(&g, &report));
	report_release(&report);
	drill_log_release(&g);
	return st;
}

/* SPDX-License-Identifier: MIT */
/*
 * Drills: making one from an approved plan, showing them, and the route rows
 * of the noun.  Every drill is an exercise; no route leads to a siren.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "drills/alarm.h"
#include "shelterd/api/api_drill.h"
#include "shelterd/daemon.h"
#include "shelterd/net/page.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"

enum {
	MAX_INJECTS = 1000,
	MAX_ARRIVALS = 1000,
	MAX_ROWS = DRILL_ENTRIES,
	CELL_BYTES = 65536,
	TABLE_BYTES = 16 << 20
};

static const char *const inject_kinds[] = { "signal", "order", "info", NULL };

/* The three signals with the gap of the published timetable. */
static enum status
add_timetable(struct request *r, int64_t drill)
{
	static const char *const words[] = { "pre-alarm", "air-raid",
		"all-clear" };
	int64_t gap = llround(snapshot_rules(r->snap)->alarm_gap);

	for (int k = 0; k < 3; k++) {
		struct inject_row i = { .kind = "signal", .at_s = k * gap };

		snprintf(i.signal, sizeof(i.signal), "%s", words[k]);
		if (inject_add(r->db, drill, &i) != DB_OK)
			return site_store_failed(r);
	}
	return ST_OK;
}

static enum status
read_inject(struct request *r, const cJSON *o, int at, struct inject_row *i)
{
	const struct rules *rules = snapshot_rules(r->snap);
	const char *word = body_str(o, "signal", "");
	const char *kind =
	    body_str(o, "kind", word[0] != '\0' ? "signal" : "info");
	bool is_signal = strcmp(kind, "signal") == 0;
	char field[40];

	snprintf(field, sizeof(field), "injects[%d].signal", at);
	if (is_signal &&
	    alarm_find(rules->signals, rules->nsignals, word) == NULL)
		return req_fail(r, ST_INVALID, field, "no signal '%s'", word);
	if (!is_signal && word[0] != '\0')
		return req_fail(r, ST_INVALID, field,
		    "an inject of kind %s has no signal", kind);
	*i = (struct inject_row){ .at_s = body_int(o, "at_s", 0) };
	snprintf(i->kind, sizeof(i->kind), "%s", kind);
	snprintf(i->signal, sizeof(i->signal), "%s", word);
	snprintf(i->text, sizeof(i->text), "%s", body_str(o, "text", ""));
	return ST_OK;
}

static enum status
add_injects(struct request *r, int64_t drill)
{
	const cJSON *list =
	    cJSON_GetObjectItemCaseSensitive(r->body, "injects");
	const cJSON *o = NULL;
	enum status st = ST_OK;
	int at = 0;

	if (list == NULL || cJSON_IsNull(list))
		return add_timetable(r, drill);
	cJSON_ArrayForEach(o, list)
	{
		struct inject_row i;

		st = read_inject(r, o, at++, &i);
		if (st != ST_OK)
			return st;
		if (inject_add(r->db, drill, &i) != DB_OK)
			return site_store_failed(r);
	}
	return ST_OK;
}

static enum status
check_plan(struct request *r, int64_t plan)
{
	bool approved = false;
	int result = drill_plan_state(r->db, plan, &approved);

	if (result < 0)
		return site_store_failed(r);
	if (result == DB_OK)
		return req_fail(
		    r, ST_INVALID, "plan", "no plan %lld", (long long)plan);
	if (!approved)
		return req_fail(r, ST_CONFLICT, "plan",
		    "plan %lld is not approved", (long long)plan);
	return ST_OK;
}

static enum status
answer(struct request *r, enum status st, const struct drill_now *d)
{
	cJSON *o = drill_json(r, d, true);

	if (o == NULL)
		return site_store_failed(r);
	reply_version(r, d->row.version);
	return reply_json(r, st, o);
}

static enum status
drill_make(struct request *r)
{
	struct drill_now d = { .row = { .state = DRILL_PLANNED,
				   .plan_id = body_int(r->body, "plan", 0),
				   .created_by = r->caller.id,
				   .created_at = r->now } };
	enum status st = check_plan(r, d.row.plan_id);
	cJSON *body = NULL;

	if (st != ST_OK)
		return st;
	d.row.speed = llround(body_num(r->body, "speed", 1) * 1000);
	snprintf(d.row.title, sizeof(d.row.title), "%s",
	    body_str(r->body, "title", ""));
	if (drill_add(r->db, &d.row) != DB_OK ||
	    drill_expect(r->db, &d.row) != DB_OK)
		return site_store_failed(r);
	st = add_injects(r, d.row.id);
	if (st != ST_OK)
		return st;
	body = drill_made_json(r, &d);
	if (body == NULL)
		return site_store_failed(r);
	st = req_event(r, "drill.made", "drill", d.row.id,
	    drill_scope(d.row.hidden), body, NULL);
	req_touch(r, SNAP_DRILLS);
	return st == ST_OK ? answer(r, ST_CREATED, &d) : st;
}

static enum status
drill_show(struct request *r)
{
	struct drill_now d;
	enum status st = drill_of_request(r, &d);

	if (st != ST_OK)
		return st;
	st = answer(r, ST_OK, &d);
	drill_now_release(&d);
	return st;
}

static bool
list_row(void *arg, const struct drill_row *row)
{
	struct page *p = arg;
	struct drill_now d = { 0 };
	cJSON *o = NULL;

	if (drill_now_load(p->req->db, row->id, &d) == DB_ROW)
		o = drill_json(p->req, &d, false);
	drill_now_release(&d);
	return page_add(p, row->id, o);
}

static enum status
drill_list(struct request *r)
{
	struct page page;

	page_begin(&page, r);
	return page_reply(&page,
	    drill_each(r->db, page.after, DRILL_STATES, list_row, &page));
}

static const struct field list_query[] = {
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field inject_fields[] = {
	{ .name = "at_s",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 0,
	    .max = DRILL_MAX_SECONDS,
	    .help = "second of the drill's clock" },
	{ .name = "kind",
	    .type = F_STRING,
	    .oneof = inject_kinds,
	    .help = "signal when a signal is given, else info" },
	{ .name = "signal",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = 23,
	    .help = "pre-alarm, air-raid or all-clear" },
	{ .name = "text",
	    .type = F_STRING,
	    .nullable = true,
	    .maxlen = DRILL_TEXT,
	    .help = "what is told" },
	{ .name = NULL },
};

static const struct field make_body[] = {
	{ .name = "title",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = DRILL_TITLE,
	    .help = "name of the exercise" },
	SITE_ID_FIELD("plan", .required = true, .help = "an approved plan"),
	{ .name = "speed",
	    .type = F_NUMBER,
	    .min = 0.1,
	    .max = 3600,
	    .help = "drill seconds in a second, default 1" },
	{ .name = "injects",
	    .type = F_ARRAY,
	    .nullable = true,
	    .maxlen = MAX_INJECTS,
	    .of = inject_fields,
	    .help = "default: the three signals of the published timetable" },
	{ .name = NULL },
};

static const struct field no_body[] = { { .name = NULL } };

static const struct field postpone_body[] = {
	{ .name = "seconds",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 1,
	    .max = DRILL_MAX_SECONDS,
	    .help = "of the drill's clock" },
	{ .name = NULL },
};

static const struct field signal_body[] = {
	{ .name = "signal",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = 23,
	    .help = "sounds now; the next open one of that word is used up" },
	{ .name = NULL },
};

static const char *const told_kinds[] = { "order", "info", NULL };

static const struct field inject_body[] = {
	{ .name = "at_s",
	    .type = F_INTEGER,
	    .nullable = true,
	    .min = 0,
	    .max = DRILL_MAX_SECONDS,
	    .help = "absent: now" },
	{ .name = "kind",
	    .type = F_STRING,
	    .oneof = told_kinds,
	    .help = "default info" },
	{ .name = "text",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = DRILL_TEXT,
	    .help = "what is told" },
	{ .name = NULL },
};

/* A cell of the planner's table, as it stands there. */
#define CELL(n, text)                                          \
	{                                                      \
		.name = n, .type = F_STRING, .nullable = true, \
		.maxlen = CELL_BYTES, .help = text             \
	}

static const struct field timeline_fields[] = {
	{ .name = "line",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 0,
	    .max = 9e15,
	    .help = "what the row is called in the answer" },
	CELL("id", "the planner's number: found again by it"),
	CELL("at", "seconds from the start, mm:ss or h:mm:ss"),
	CELL("kind", "signal, order or info, or 警报 命令 情况"),
	CELL("signal", "its word or name"),
	CELL("who", "whom it is told to"),
	CELL("text", "what is told"),
	{ .name = NULL },
};

static const struct field import_body[] = {
	{ .name = "rows",
	    .type = F_ARRAY,
	    .required = true,
	    .maxlen = MAX_ROWS,
	    .of = timeline_fields,
	    .help = "of one table, in its order" },
	{ .name = "file",
	    .type = F_STRING,
	    .maxlen = DRILL_TITLE,
	    .help = "its name, for the log" },
	{ .name = "replace",
	    .type = F_BOOL,
	    .help = "open entries that are not in the table go, unless a row "
		    "was rejected" },
	{ .name = "dry_run",
	    .type = F_BOOL,
	    .help = "say what would be done, do nothing" },
	{ .name = NULL },
};

static const struct field observe_body[] = {
	{ .name = "text",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = DRILL_TEXT,
	    .help = "what was seen" },
	SITE_ID_FIELD("shelter", .nullable = true, .help = "where"),
	{ .name = NULL },
};

static const struct field arrival_fields[] = {
	{ .name = "op",
	    .type = F_STRING,
	    .required = true,
	    .maxlen = ARRIVALS_OP_MAX,
	    .help = "counts once, made by the device" },
	SITE_ID_FIELD("shelter", .required = true, .help = "id"),
	SITE_ID_FIELD(
	    "entrance", .nullable = true, .help = "id of one of its entrances"),
	{ .name = "people",
	    .type = F_INTEGER,
	    .required = true,
	    .min = 1,
	    .max = ARRIVALS_PEOPLE_MAX,
	    .help = "who came in" },
	{ .name = "at",
	    .type = F_TIME,
	    .nullable = true,
	    .help = "when they were counted, default now" },
	{ .name = NULL },
};

static const struct field arrivals_body[] = {
	{ .name = "arrivals",
	    .type = F_ARRAY,
	    .required = true,
	    .maxlen = MAX_ARRIVALS,
	    .of = arrival_fields,
	    .help = "counts at doors" },
	{ .name = NULL },
};

enum {
	LEADS = ROLE_COORDINATOR | ROLE_ADMIN,
	COUNTS = LEADS | ROLE_INSPECTOR | ROLE_UNIT
};

/* A step of the drill's life. */
#define STEP(verb, fields, handler, text)                          \
	{                                                          \
		.method = "POST", .path = "/v1/drills/{id}/" verb, \
		.roles = LEADS, .on = ON_WRITER, .body = fields,   \
		.handle = handler, .summary = text                 \
	}

const struct route routes_drill[] = {
	{ .method = "GET",
	    .path = "/v1/drills",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = list_query,
	    .handle = drill_list,
	    .summary = "Drills with their timetables" },
	{ .method = "POST",
	    .path = "/v1/drills",
	    .roles = LEADS,
	    .on = ON_WRITER,
	    .body = make_body,
	    .handle = drill_make,
	    .summary = "Make a drill from an approved plan" },
	{ .method = "GET",
	    .path = "/v1/drills/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = drill_show,
	    .summary = "A drill, expected and arrived per entrance" },
	STEP("start", no_body, drill_start, "Start the drill's clock"),
	STEP("pause", no_body, drill_pause, "Stop the drill's clock"),
	STEP("resume", no_body, drill_resume, "Let the clock go on"),
	STEP("end", no_body, drill_end, "End the drill"),
	STEP("postpone", postpone_body, drill_postpone,
	    "Move every open entry of the timetable"),
	STEP("signal", signal_body, drill_signal, "Sound a signal now"),
	STEP("inject", inject_body, drill_inject,
	    "Add an entry to the timetable, or tell it now"),
	{ .method = "POST",
	    .path = "/v1/drills/{id}/import",
	    .roles = LEADS,
	    .on = ON_WRITER,
	    .max_body = TABLE_BYTES,
	    .body = import_body,
	    .handle = drill_import,
	    .summary = "Read a planner's table into the timetable" },
	{ .method = "POST",
	    .path = "/v1/drills/{id}/observe",
	    .roles = COUNTS,
	    .on = ON_WRITER,
	    .body = observe_body,
	    .handle = drill_observe,
	    .summary = "Note what was seen" },
	{ .method = "POST",
	    .path = "/v1/drills/{id}/arrivals",
	    .roles = COUNTS,
	    .on = ON_WRITER,
	    .body = arrivals_body,
	    .twice = true,
	    .handle = drill_arrivals,
	    .summary = "Count people at the doors, each op once" },
	{ .method = "GET",
	    .path = "/v1/drills/{id}/report",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = drill_report,
	    .summary = "The report, from the event log alone" },
	{ .method = "GET",
	    .path = "/v1/drills/{a}/compare/{b}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = drill_compare,
	    .summary = "Two drills side by side, from the event log alone" },
	{ .path = NULL },
};

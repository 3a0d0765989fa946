/* SPDX-License-Identifier: MIT */
/*
 * Plans over HTTP: ordered, listed, compared, approved, handed out for others
 * to check.  Seats in hidden works are shown to the office only.
 */
#include <stdlib.h>
#include <string.h>

#include "shelterd/daemon.h"
#include "shelterd/net/page.h"
#include "shelterd/plan/plan_diff.h"
#include "shelterd/plan/plan_make.h"
#include "shelterd/plan/plan_pack.h"
#include "shelterd/plan/plan_queues.h"
#include "shelterd/plan/plan_seats.h"
#include "shelterd/plan/plan_tradeoff.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"

enum { TITLE_MAX = 200, CHOICES = 20, CHOICES_MAX = 200 };

static enum status
post_plans(struct request *req)
{
	struct plan_order *o = calloc(1, sizeof(*o));
	const char *where = body_str(req->body, "where", "");
	enum status st;
	struct job *job;

	if (o == NULL)
		return site_store_failed(req);
	o->title = strdup(body_str(req->body, "title", ""));
	o->where_text = strdup(where);
	o->whole = body_bool(req->body, "whole_homes", false);
	st = plan_limit_read(req, req->body, &o->limit);
	if (st == ST_OK)
		st = plan_where_read(req, where, &o->where);
	if (st == ST_OK)
		st = plan_variant_read(req, req->body, &o->variant);
	if (st == ST_OK && (o->title == NULL || o->where_text == NULL))
		st = site_store_failed(req);
	if (st != ST_OK) {
		plan_order_free(o);
		return st;
	}
	job = req_job(req, "plan", plan_make, o, plan_order_free);
	return reply_job(req, job);
}

static enum status
get_plans(struct request *req)
{
	struct page page;
	struct plan_row p;
	struct db_stmt *s;
	int rc;

	page_begin(&page, req);
	s = plan_list(req->db, page.after, page.limit + 1);
	while ((rc = plan_next(s, &p)) == DB_ROW)
		if (!page_add(&page, p.id, plan_json(&p))) {
			db_done(s);
			break;
		}
	return page_reply(&page, rc);
}

/* The plan of path parameter `name`: DB_ROW and *p, whose texts stay valid
 * until the statement *s is done with. */
static enum status
find_plan(struct request *req, const char *name, struct plan_row *p,
    struct db_stmt **s)
{
	int64_t id = req_id(req, name);
	int rc;

	*s = plan_find(req->db, id);
	rc = plan_next(*s, p);
	if (rc < 0)
		return site_store_failed(req);
	if (rc != DB_ROW)
		return req_fail(req, ST_NOT_FOUND, name,
		    "no plan has the id %lld", (long long)id);
	return ST_OK;
}

static enum status
get_plan(struct request *req)
{
	struct plan_row p;
	struct db_stmt *s;
	enum status st = find_plan(req, "id", &p, &s);
	cJSON *o;

	if (st != ST_OK)
		return st;
	o = plan_json(&p);
	db_done(s);
	reply_version(req, p.version);
	return reply_json(req, ST_OK, o);
}

static bool
seat_visible(const struct request *req, int64_t shelter)
{
	return site_office(&req->caller) || site_shelter(req, shelter);
}

static cJSON *
assignment_json(const struct assignment_row *a)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)a->id);
	cJSON_AddNumberToObject(o, "home", (double)a->home);
	cJSON_AddNumberToObject(o, "shelter", (double)a->shelter);
	cJSON_AddNumberToObject(o, "entrance", (double)a->entrance);
	cJSON_AddNumberToObject(o, "people", (double)a->people);
	cJSON_AddNumberToObject(o, "metres", (double)a->metres);
	return o;
}

static enum status
get_assignments(struct request *req)
{
	struct page page;
	struct plan_row p;
	struct assignment_row a;
	struct db_stmt *s;
	enum status st = find_plan(req, "id", &p, &s);
	int rc;

	if (st != ST_OK)
		return st;
	db_done(s);
	page_begin(&page, req);
	s = assignment_list(req->db, p.id, req_query_int(req, "home", 0),
	    req_query_int(req, "shelter", 0), page.after, INT64_MAX);
	while ((rc = assignment_next(s, &a)) == DB_ROW) {
		if (!seat_visible(req, a.shelter))
			continue;
		if (!page_add(&page, a.id, assignment_json(&a))) {
			db_done(s);
			break;
		}
	}
	return page_reply(&page, rc);
}

static enum status
get_left(struct request *req)
{
	struct plan_row p;
	struct left_row l;
	struct db_stmt *s;
	enum status st = find_plan(req, "id", &p, &s);
	cJSON *out, *items;
	int rc;

	if (st != ST_OK)
		return st;
	db_done(s);
	out = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(out, "items");
	s = left_list(req->db, p.id);
	while ((rc = left_next(s, &l)) == DB_ROW) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddNumberToObject(o, "home", (double)l.home);
		cJSON_AddNumberToObject(o, "people", (double)l.people);
		cJSON_AddStringToObject(
		    o, "reason", left_reason_name(l.reason));
		cJSON_AddItemToArray(items, o);
	}
	if (rc < 0) {
		cJSON_Delete(out);
		return site_store_failed(req);
	}
	return reply_json(req, ST_OK, out);
}

static enum status
get_problem(struct request *req)
{
	struct plan_row p;
	struct db_stmt *s;
	enum status st = find_plan(req, "id", &p, &s);
	unsigned char *packed;
	char *arrays = NULL, *summary, *text = NULL;
	size_t len = 0;
	cJSON *o;
	int n = -1;

	if (st != ST_OK)
		return st;
	o = plan_json(&p);
	db_done(s);
	summary = cJSON_PrintUnformatted(o);
	cJSON_Delete(o);
	packed = plan_problem_read(req->db, p.id, &len);
	if (packed != NULL)
		arrays = plan_unpack_json(packed, len);
	if (summary != NULL && arrays != NULL)
		n = asprintf(&text, "%s,\"summary\":%s}", arrays, summary);
	free(packed);
	free(arrays);
	cJSON_free(summary);
	if (n < 0)
		return req_fail(req, ST_INTERNAL, "id",
		    "the problem of plan %lld cannot be read", (long long)p.id);
	return reply_bytes(req, ST_OK, "application/json", text, (size_t)n);
}

static enum status
approve(struct request *req)
{
	struct plan_row p;
	struct db_stmt *s;
	int64_t before;
	enum status st = find_plan(req, "id", &p, &s);
	cJSON *o;

	if (st != ST_OK)
		return st;
	db_done(s);
	if (p.state != PLAN_DRAFT)
		return req_fail(req, ST_CONFLICT, "state",
		    "plan %lld is %s, only a draft can be approved",
		    (long long)p.id, plan_state_name(p.state));
	if (plan_set_approved(
		req->db, p.id, req->caller.id, req->now, &before) < 0)
		return site_store_failed(req);
	if ((st = find_plan(req, "id", &p, &s)) != ST_OK)
		return st;
	o = plan_json(&p);
	db_done(s);
	reply_version(req, p.version);
	req_touch(req, SNAP_PLANS);
	site_add_id(o, "supersedes", before);
	st = req_event(req, "plan.approved", "plan", p.id,
	    (struct event_scope){ .roles = ROLE_ANYONE },
	    cJSON_Duplicate(o, true), NULL);
	if (st == ST_OK)
		return reply_json(req, ST_OK, o);
	cJSON_Delete(o);
	return st;
}

/* {"moved":[…],"people":n moved,"same":n}; moves from or to a hidden work are
 * not there for those who may not see it. */
static cJSON *
moves_json(const struct request *req, const struct plan_move *m, size_t n,
    int64_t same)
{
	cJSON *out = cJSON_CreateObject();
	cJSON *items = cJSON_AddArrayToObject(out, "moved");
	int64_t people = 0;

	for (size_t i = 0; i < n; i++) {
		cJSON *o;

		if ((m[i].from != 0 && !seat_visible(req, m[i].from)) ||
		    (m[i].to != 0 && !seat_visible(req, m[i].to)))
			continue;
		o = cJSON_CreateObject();
		cJSON_AddNumberToObject(o, "home", (double)m[i].home);
		cJSON_AddNumberToObject(o, "people", (double)m[i].people);
		site_add_id(o, "from", m[i].from);
		site_add_id(o, "to", m[i].to);
		cJSON_AddItemToArray(items, o);
		people += m[i].people;
	}
	cJSON_AddNumberToObject(out, "people", (double)people);
	cJSON_AddNumberToObject(out, "same", (double)same);
	return out;
}

static enum status
get_diff(struct request *req)
{
	struct assignment_row *a = NULL, *b = NULL;
	struct plan_move *moves = NULL;
	struct plan_row p;
	struct db_stmt *s;
	size_t na, nb, n;
	int64_t same;
	enum status st;

	if ((st = find_plan(req, "a", &p, &s)) != ST_OK)
		return st;
	db_done(s);
	if ((st = find_plan(req, "b", &p, &s)) != ST_OK)
		return st;
	db_done(s);
	a = plan_seats_read(req->db, req_id(req, "a"), &na);
	b = plan_seats_read(req->db, req_id(req, "b"), &nb);
	if (a != NULL && b != NULL)
		moves = plan_diff(a, na, b, nb, &n, &same);
	st = moves != NULL
		 ? reply_json(req, ST_OK, moves_json(req, moves, n, same))
		 : site_store_failed(req);
	free(a);
	free(b);
	free(moves);
	return st;
}

static enum status
get_queues(struct request *req)
{
	struct assignment_row *seats;
	struct plan_row p;
	struct db_stmt *s;
	size_t n;
	cJSON *o = NULL;
	enum status st = find_plan(req, "id", &p, &s);

	if (st != ST_OK)
		return st;
	db_done(s);
	if ((seats = plan_seats_read(req->db, p.id, &n)) != NULL)
		o = plan_queues_json(req, seats, n, seat_visible);
	free(seats);
	return o != NULL ? reply_json(req, ST_OK, o) : site_store_failed(req);
}

static enum status
post_tradeoff(struct request *req)
{
	struct tradeoff_order *o = calloc(1, sizeof(*o));
	const char *where = body_str(req->body, "where", "");
	enum status st;

	if (o == NULL)
		return site_store_failed(req);
	o->plan = body_int(req->body, "plan", 0);
	o->choices = body_int(req->body, "choices", CHOICES);
	o->own_limit = body_num(req->body, "radius", 0) > 0 ||
		       body_num(req->body, "minutes", 0) > 0;
	o->own_where = where[0] != '\0';
	st = plan_limit_read(req, req->body, &o->limit);
	if (st == ST_OK)
		st = plan_where_read(req, where, &o->where);
	if (st != ST_OK) {
		tradeoff_order_free(o);
		return st;
	}
	return reply_job(req,
	    req_job(req, "tradeoff", plan_tradeoff, o, tradeoff_order_free));
}

static const struct field make_body[] = {
	{ .name = "title",
	    .type = F_STRING,
	    .maxlen = TITLE_MAX,
	    .help = "what the plan is called" },
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	PLAN_PROFILE_FIELD,
	PLAN_AT_FIELD,
	{ .name = "where",
	    .type = F_STRING,
	    .maxlen = WHERE_MAX,
	    .help = "which shelters take part" },
	{ .name = "whole_homes",
	    .type = F_BOOL,
	    .help = "keep each home in one shelter" },
	PLAN_VARIANT_FIELDS,
	{ .name = NULL },
};

static const struct field tradeoff_body[] = {
	SITE_ID_FIELD("plan", .required = true, .help = "the earlier plan"),
	PLAN_RADIUS_FIELD,
	PLAN_MINUTES_FIELD,
	{ .name = "where",
	    .type = F_STRING,
	    .maxlen = WHERE_MAX,
	    .help = "which shelters take part" },
	{ .name = "choices",
	    .type = F_INTEGER,
	    .min = 2,
	    .max = CHOICES_MAX,
	    .help = "at most so many" },
	{ .name = NULL },
};

static const struct field page_query[] = {
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

static const struct field assignments_query[] = {
	SITE_ID_FIELD("home", .help = "only this home"),
	SITE_ID_FIELD("shelter", .help = "only this shelter"),
	PAGE_LIMIT_FIELD,
	PAGE_AFTER_FIELD,
	{ .name = NULL },
};

const struct route routes_plan[] = {
	{ .method = "POST",
	    .path = "/v1/plans",
	    .roles = ROLE_OFFICE,
	    .on = ON_LOOP,
	    .body = make_body,
	    .handle = post_plans,
	    .summary = "make a plan (a job)" },
	{ .method = "GET",
	    .path = "/v1/plans",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = page_query,
	    .handle = get_plans,
	    .summary = "list plans" },
	{ .method = "GET",
	    .path = "/v1/plans/{id}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = get_plan,
	    .summary = "one plan" },
	{ .method = "GET",
	    .path = "/v1/plans/{id}/assignments",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .query = assignments_query,
	    .handle = get_assignments,
	    .summary = "who goes where" },
	{ .method = "GET",
	    .path = "/v1/plans/{id}/left",
	    .roles = ROLE_OFFICE,
	    .on = ON_READER,
	    .handle = get_left,
	    .summary = "who is left, and why" },
	{ .method = "GET",
	    .path = "/v1/plans/{a}/diff/{b}",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = get_diff,
	    .summary = "who moves between two plans" },
	{ .method = "GET",
	    .path = "/v1/plans/{id}/queues",
	    .roles = ROLE_ANYONE,
	    .on = ON_READER,
	    .handle = get_queues,
	    .summary = "how long people queue at each shelter" },
	{ .method = "POST",
	    .path = "/v1/tradeoffs",
	    .roles = ROLE_OFFICE,
	    .on = ON_LOOP,
	    .body = tradeoff_body,
	    .handle = post_tradeoff,
	    .summary = "moved people against metres (a job)" },
	{ .method = "POST",
	    .path = "/v1/plans/{id}/approve",
	    .roles = ROLE_OFFICE,
	    .on = ON_WRITER,
	    .handle = approve,
	    .summary = "approve a draft" },
	{ .method = "GET",
	    .path = "/v1/plans/{id}/problem",
	    .roles = ROLE_OFFICE,
	    .on = ON_READER,
	    .handle = get_problem,
	    .summary = "the problem exactly as it was solved" },
	{ .path = NULL },
};

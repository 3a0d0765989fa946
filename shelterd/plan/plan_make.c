/* SPDX-License-Identifier: MIT */
/* From an order to a stored draft: see plan_make.h. */
#include "shelterd/plan/plan_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drills/assign_made.h"
#include "drills/assign_whole.h"
#include "shelterd/plan/plan_pack.h"
#include "shelterd/plan/plan_seats.h"
#include "shelterd/site.h"
#include "shelterd/store/db.h"

struct making {
	struct job *job;
	const char *phase;
	const struct plan_order *order;
	struct plan_sites sites;
	struct plan_arcs arcs;
	struct assign_answer answer;
	struct assign_whole whole;
	int64_t *flow; /* what is stored: of the answer, or of whole homes */
	char *whole_json, *variant_json;
	struct assignment_row *seats; /* of the plan to keep */
	size_t nseats;
	unsigned char *packed;
	size_t packed_len;
	struct plan_row row;
	cJSON *result;
};

void
plan_order_free(void *arg)
{
	struct plan_order *o = arg;

	if (o == NULL)
		return;
	where_free(o->where);
	free(o->title);
	free(o->where_text);
	free(o);
}

static void
add_number(cJSON *o, const char *name, int64_t n)
{
	cJSON_AddNumberToObject(o, name, (double)n);
}

struct plan_limit
plan_row_limit(const struct plan_row *p)
{
	return (struct plan_limit){ .by_minutes = p->by_minutes,
		.value = p->limit,
		.metres = p->metres,
		.manner = { p->without_steps ? GIS_WITHOUT_STEPS : GIS_ON_FOOT,
		    (int)p->minute } };
}

cJSON *
plan_json(const struct plan_row *p)
{
	const struct plan_limit limit = plan_row_limit(p);
	cJSON *o = cJSON_CreateObject(), *left;

	add_number(o, "id", p->id);
	cJSON_AddStringToObject(o, "title", p->title);
	cJSON_AddStringToObject(o, "state", plan_state_name(p->state));
	cJSON_AddItemToObject(o, "limit", plan_limit_json(&limit));
	cJSON_AddStringToObject(o, "where", p->where);
	add_number(o, "data_version", p->data_version);
	add_number(o, "people", p->people);
	add_number(o, "sheltered", p->sheltered);
	left = cJSON_AddObjectToObject(o, "left_over");
	for (int i = 0; i < LEFT_REASONS; i++)
		add_number(
		    left, left_reason_name((enum left_reason)i), p->left[i]);
	add_number(o, "person_metres", p->person_metres);
	add_number(o, "bound", p->bound);
	add_number(o, "homes", p->homes);
	add_number(o, "shelters", p->shelters);
	add_number(o, "arcs", p->arcs);
	cJSON_AddNumberToObject(o, "seconds", p->seconds);
	site_add_id(o, "created_by", p->created_by);
	site_add_time(o, "created_at", p->created_at);
	site_add_id(o, "approved_by", p->approved_by);
	site_add_time(o, "approved_at", p->approved_at);
	add_number(o, "version", p->version);
	cJSON_AddItemToObject(o, "whole",
	    p->whole != NULL ? cJSON_Parse(p->whole) : cJSON_CreateNull());
	cJSON_AddItemToObject(o, "variant",
	    p->variant != NULL ? cJSON_Parse(p->variant) : cJSON_CreateNull());
	return o;
}

static int
tell(void *arg, size_t done, size_t total)
{
	struct making *m = arg;

	job_progress(m->job, m->phase, (int64_t)done, (int64_t)total);
	return job_cancelled(m->job);
}

/* People of home h the answer (or the whole homes) leaves out. */
static int64_t
left_of(const struct making *m, const int64_t *flow, size_t h)
{
	int64_t left = m->arcs.people[h];

	for (size_t a = m->arcs.first[h]; a < m->arcs.first[h + 1]; a++)
		left -= flow[a];
	return left;
}

static enum left_reason
reason_of(const struct making *m, size_t h)
{
	return m->arcs.first[h] < m->arcs.first[h + 1] ? LEFT_FULL
						       : m->arcs.without[h];
}

static int
keep_whole(struct making *m, const struct assign_problem *p)
{
	const struct assign_answer *a = &m->answer;
	char text[256];
	int r = assign_whole(p, a, &m->whole);

	if (r < 0)
		return r;
	m->flow = calloc(p->arcs + 1, sizeof(*m->flow));
	if (m->flow == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t h = 0; h < p->homes; h++)
		if (m->whole.arc[h] != SIZE_MAX)
			m->flow[m->whole.arc[h]] = p->people[h];
	snprintf(text, sizeof(text),
	    "{\"sheltered\":%lld,\"left_over\":%lld,\"person_metres\":%lld,"
	    "\"split\":%zu,\"gap_people\":%lld,\"gap_metres\":%lld}",
	    (long long)m->whole.sheltered,
	    (long long)(a->people - m->whole.sheltered),
	    (long long)m->whole.person_metres, m->whole.split,
	    (long long)(a->sheltered - m->whole.sheltered),
	    (long long)(m->whole.person_metres - a->bound));
	m->whole_json = strdup(text);
	return m->whole_json != NULL ? 0 : ASSIGN_NO_MEMORY;
}

static int
pack(struct making *m)
{
	m->packed = plan_pack(&m->arcs, m->answer.flow, &m->packed_len);
	return m->packed != NULL ? 0 : ASSIGN_NO_MEMORY;
}

static int
solve(struct making *m, char *why, size_t whysize)
{
	struct assign_problem p = plan_arcs_problem(&m->arcs);
	int r;

	m->phase = "solve";
	if (m->order->variant.mind != MIND_METRES) {
		r = plan_variant_solve(&m->order->variant, &m->arcs, m->seats,
		    m->nseats, &m->answer, &m->variant_json, tell, m);
		return r < 0 ? r : pack(m);
	}
	if ((r = assign_solve(&p, &m->answer, tell, m)) < 0)
		return r;
	if ((r = assign_check(&p, &m->answer, why, whysize)) != 0)
		return r;
	if (m->order->whole && (r = keep_whole(m, &p)) < 0)
		return r;
	return pack(m);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fill_row(struct making *m, double took)
{
	const struct plan_order *o = m->order;

	m->row = (struct plan_row){ .version = 1,
		.title = o->title,
		.by_minutes = o->limit.by_minutes,
		.limit = o->limit.value,
		.metres = o->limit.metres,
		.without_steps = o->limit.manner.profile == GIS_WITHOUT_STEPS,
		.minute = o->limit.manner.minute,
		.where = o->where_text,
		.data_version = snapshot_version(job_snapshot(m->job)),
		.people = m->answer.people,
		.sheltered = m->answer.sheltered,
		.person_metres = m->answer.person_metres,
		.bound = m->answer.bound,
		.homes = (int64_t)m->arcs.nhomes,
		.shelters = (int64_t)m->arcs.nshelters,
		.arcs = (int64_t)m->arcs.narcs,
		.seconds = took,
		.whole = m->whole_json,
		.variant = m->variant_json };
	for (size_t h = 0; h < m->arcs.nhomes; h++)
		m->row.left[reason_of(m, h)] += left_of(m, m->answer.flow, h);
}

static int
store_home(struct making *m, struct db *db, size_t h)
{
	const struct plan_arcs *a = &m->arcs;
	const int64_t *flow = m->flow != NULL ? m->flow : m->answer.flow;
	struct left_row left = { a->home[h]->id, left_of(m, flow, h),
		reason_of(m, h) };

	for (size_t i = a->first[h]; i < a->first[h + 1]; i++) {
		struct assignment_row row = { 0, a->home[h]->id,
			a->shelter[a->to[i]]->id, a->door[i]->id, flow[i],
			a->metres[i] };
		int rc = flow[i] > 0
			     ? plan_insert_assignment(db, m->row.id, &row)
			     : DB_OK;

		if (rc < 0)
			return rc;
	}
	return left.people > 0 ? plan_insert_left(db, m->row.id, &left) : DB_OK;
}

static enum status
store(struct request *req, void *arg)
{
	struct making *m = arg;
	int rc;

	m->row.created_by = req->caller.id;
	m->row.created_at = req->now;
	rc = plan_insert(req->db, &m->row);
	for (size_t h = 0; rc >= 0 && h < m->arcs.nhomes; h++)
		rc = store_home(m, req->db, h);
	if (rc >= 0)
		rc = plan_insert_problem(
		    req->db, m->row.id, m->packed, m->packed_len);
	if (rc < 0)
		return site_store_failed(req);
	m->result = plan_json(&m->row);
	req_touch(req, SNAP_PLANS);
	return req_event(req, "plan.made", "plan", m->row.id,
	    (struct event_scope){ .roles = ROLE_ANYONE }, plan_json(&m->row),
	    NULL);
}

static enum status
failed(struct making *m, int r, const char *why)
{
	if (r == ASSIGN_CANCELLED)
		return job_fail(m->job, ST_CONFLICT, NULL, "cancelled");
	if (r == ASSIGN_OVERFLOW || r == ASSIGN_BAD_PROBLEM)
		return job_fail(
		    m->job, ST_INVALID, NULL, "%s", assign_strerror(r));
	if (r > 0 || r == ASSIGN_NOT_PROVED)
		return job_fail(m->job, ST_INTERNAL, NULL,
		    "the answer is not proved: %s", why);
	return job_fail(m->job, ST_UNAVAILABLE, NULL, "%s", assign_strerror(r));
}

static int
compute(struct making *m, char *why, size_t whysize)
{
	const struct snapshot *snap = job_snapshot(m->job);
	const struct plan_admit admit = { m->order->where, true };
	int r;

	m->phase = "arcs";
	if (plan_sites_init(&m->sites, snap, plan_admits, &admit) < 0)
		return ASSIGN_NO_MEMORY;
	r = plan_arcs_build(
	    &m->arcs, snap, &m->sites, &m->order->limit, tell, m);
	return r < 0 ? r : solve(m, why, whysize);
}

static void
making_release(struct making *m)
{
	plan_sites_release(&m->sites);
	plan_arcs_release(&m->arcs);
	assign_release(&m->answer);
	assign_whole_release(&m->whole);
	free(m->flow);
	free(m->whole_json);
	free(m->variant_json);
	free(m->seats);
	free(m->packed);
	cJSON_Delete(m->result);
}

/* The seats of the plan to keep. */
static enum status
read_kept(struct making *m)
{
	int64_t id = m->order->variant.keep;
	struct plan_row p;
	struct db_stmt *s;

	if (id == 0)
		return ST_OK;
	s = plan_find(job_db(m->job), id);
	if (plan_next(s, &p) != DB_ROW)
		return job_fail(m->job, ST_INVALID, "keep",
		    "no plan has the id %lld", (long long)id);
	db_done(s);
	m->seats = plan_seats_read(job_db(m->job), id, &m->nseats);
	if (m->seats != NULL)
		return ST_OK;
	return job_fail(m->job, ST_UNAVAILABLE, NULL, "plan %lld is not read",
	    (long long)id);
}

enum status
plan_make(struct job *job, void *order)
{
	struct making m = { .job = job, .order = order };
	double start = seconds();
	char why[160] = "";
	enum status st = read_kept(&m);
	int r = 0;

	if (st == ST_OK && (r = compute(&m, why, sizeof(why))) != 0) {
		st = failed(&m, r, why);
	} else if (st == ST_OK) {
		fill_row(&m, seconds() - start);
		job_progress(job, "store", 0, 1);
		st = job_write(job, store, &m);
		if (m.result != NULL && status_http(st) < 300) {
			job_result(job, m.result);
			m.result = NULL;
		}
	}
	making_release(&m);
	return st;
}

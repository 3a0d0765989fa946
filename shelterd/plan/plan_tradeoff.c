/* SPDX-License-Identifier: MIT */
/* From an order to a list of choices: see plan_tradeoff.h. */
#include "shelterd/plan/plan_tradeoff.h"

#include <stdlib.h>

#include "drills/assign_keep.h"
#include "drills/assign_made.h"
#include "shelterd/plan/plan_make.h"
#include "shelterd/plan/plan_seats.h"
#include "shelterd/store/db.h"

struct weighing {
	struct job *job;
	struct tradeoff_order *order;
	struct assignment_row *seats;
	size_t nseats;
	struct plan_sites sites;
	struct plan_arcs arcs;
	struct assign_tradeoff tradeoff;
};

void
tradeoff_order_free(void *arg)
{
	struct tradeoff_order *o = arg;

	if (o == NULL)
		return;
	where_free(o->where);
	free(o);
}

static int
tell(void *arg, size_t done, size_t total)
{
	struct weighing *w = arg;

	job_progress(w->job, "solve", (int64_t)done, (int64_t)total);
	return job_cancelled(w->job);
}

/* What the order leaves open is as it was in the plan. */
static enum status
read_plan(struct weighing *w)
{
	struct tradeoff_order *o = w->order;
	struct db_stmt *s = plan_find(job_db(w->job), o->plan);
	struct where_wrong wrong;
	struct plan_row p;

	if (plan_next(s, &p) != DB_ROW)
		return job_fail(w->job, ST_INVALID, "plan",
		    "no plan has the id %lld", (long long)o->plan);
	if (!o->own_limit) {
		double snap_reach = o->limit.snap_reach;

		o->limit = plan_row_limit(&p);
		o->limit.snap_reach = snap_reach;
	}
	if (!o->own_where && p.where[0] != '\0')
		o->where = where_parse(p.where, &wrong);
	db_done(s);
	if (o->limit.by_minutes &&
	    snapshot_network(job_snapshot(w->job)) == NULL)
		return job_fail(w->job, ST_CONFLICT, "minutes",
		    "no walking network has been imported");
	w->seats = plan_seats_read(job_db(w->job), o->plan, &w->nseats);
	if (w->seats != NULL)
		return ST_OK;
	return job_fail(w->job, ST_UNAVAILABLE, NULL, "plan %lld is not read",
	    (long long)o->plan);
}

static int
compute(struct weighing *w)
{
	const struct snapshot *snap = job_snapshot(w->job);
	const struct plan_admit admit = { w->order->where, true };
	struct assign_problem p;
	int64_t *stay;
	int r;

	if (plan_sites_init(&w->sites, snap, plan_admits, &admit) < 0)
		return ASSIGN_NO_MEMORY;
	r = plan_arcs_build(
	    &w->arcs, snap, &w->sites, &w->order->limit, tell, w);
	if (r < 0)
		return r;
	p = plan_arcs_problem(&w->arcs);
	stay = plan_seats_stay(&w->arcs, w->seats, w->nseats);
	if (stay == NULL)
		return ASSIGN_NO_MEMORY;
	r = assign_tradeoff(
	    &p, stay, (size_t)w->order->choices, &w->tradeoff, tell, w);
	free(stay);
	return r;
}

/* {"plan","limit","people","sheltered","complete",
 * "items":[{"from","to"|null,"moved","person_metres"}]} */
static cJSON *
tradeoff_json(const struct weighing *w)
{
	const struct assign_tradeoff *t = &w->tradeoff;
	cJSON *o = cJSON_CreateObject(), *items;

	cJSON_AddNumberToObject(o, "plan", (double)w->order->plan);
	cJSON_AddItemToObject(o, "limit", plan_limit_json(&w->order->limit));
	cJSON_AddNumberToObject(o, "people", (double)t->people);
	cJSON_AddNumberToObject(o, "sheltered", (double)t->sheltered);
	cJSON_AddBoolToObject(o, "complete", t->complete);
	items = cJSON_AddArrayToObject(o, "items");
	for (size_t i = 0; i < t->n; i++) {
		const struct assign_choice *c = &t->choice[i];
		cJSON *row = cJSON_CreateObject();

		cJSON_AddNumberToObject(row, "from", (double)c->from);
		if (c->to == INT64_MAX)
			cJSON_AddNullToObject(row, "to");
		else
			cJSON_AddNumberToObject(row, "to", (double)c->to);
		cJSON_AddNumberToObject(row, "moved", (double)c->moved);
		cJSON_AddNumberToObject(
		    row, "person_metres", (double)c->person_metres);
		cJSON_AddItemToArray(items, row);
	}
	return o;
}

static enum status
ended(struct weighing *w, int r)
{
	if (r == 0) {
		job_result(w->job, tradeoff_json(w));
		return ST_OK;
	}
	if (r == ASSIGN_CANCELLED)
		return job_fail(w->job, ST_CONFLICT, NULL, "cancelled");
	if (r == ASSIGN_NOT_PROVED)
		return job_fail(
		    w->job, ST_INTERNAL, NULL, "an answer is not proved");
	return job_fail(w->job,
	    r == ASSIGN_NO_MEMORY ? ST_UNAVAILABLE : ST_INVALID, NULL, "%s",
	    assign_strerror(r));
}

enum status
plan_tradeoff(struct job *job, void *order)
{
	struct weighing w = { .job = job, .order = order };
	enum status st = read_plan(&w);

	if (st == ST_OK)
		st = ended(&w, compute(&w));
	assign_tradeoff_release(&w.tradeoff);
	plan_sites_release(&w.sites);
	plan_arcs_release(&w.arcs);
	free(w.seats);
	return st;
}

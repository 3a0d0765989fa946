/* SPDX-License-Identifier: MIT */
/* From the order's words to the exact solvers: see plan_variant.h. */
#include "shelterd/plan/plan_variant.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drills/assign_keep.h"
#include "drills/assign_late.h"
#include "drills/assign_made.h"
#include "drills/assign_queue.h"
#include "shelterd/daemon.h"
#include "shelterd/plan/plan_seats.h"

enum { SLOT_S = 10 }; /* of a queue at the doors; our own choice */

static const char late_order[] = "late,last,walking";
const char *const plan_orders[] = { "walking", late_order, NULL };

enum status
plan_variant_read(
    struct request *req, const cJSON *body, struct plan_variant *v)
{
	const struct rules *rules = snapshot_rules(req->snap);
	bool doors = body_bool(body, "door_queue", false);
	bool late = !strcmp(body_str(body, "order", ""), late_order);

	*v = (struct plan_variant){ .keep = body_int(body, "keep", 0),
		.price = body_int(body, "move_price", -1),
		.door_flow = rules->door_flow,
		.speed = rules->walking_speed,
		.in_time = rules->alarm_gap };
	if ((v->keep > 0) + doors + late > 1)
		return req_fail(req, ST_INVALID, "order",
		    "a plan minds one of keep, door_queue and order");
	if ((v->keep > 0) != (v->price >= 0))
		return req_fail(req, ST_INVALID, "move_price",
		    "keep and move_price go together");
	if ((v->keep > 0 || doors || late) &&
	    body_bool(body, "whole_homes", false))
		return req_fail(req, ST_INVALID, "whole_homes",
		    "homes stay whole only in a plan that minds metres alone");
	v->mind = v->keep > 0 ? MIND_PLAN
		  : doors     ? MIND_DOORS
		  : late      ? MIND_LATE
			      : MIND_METRES;
	return ST_OK;
}

int64_t
plan_variant_doors(const struct snap_shelter *s, double door_flow)
{
	double width = 0;

	for (size_t i = 0; i < s->nentrances; i++) {
		if (!plan_door_open(s, &s->entrances[i]))
			continue;
		if (s->entrances[i].clear_width <= 0)
			return 0;
		width += s->entrances[i].clear_width;
	}
	return llround(width * door_flow * 3600);
}

/* Text as malloc'd JSON; 0 or ASSIGN_NO_MEMORY. */
__attribute__((format(printf, 2, 3))) static int
tell(char **json, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(json, format, ap);
	va_end(ap);
	if (n >= 0)
		return 0;
	*json = NULL;
	return ASSIGN_NO_MEMORY;
}

static int
keep(const struct plan_variant *v, const struct plan_arcs *arcs,
    struct assignment_row *seats, size_t nseats, struct assign_answer *out,
    char **json, assign_progress *progress, void *arg)
{
	struct assign_problem p = plan_arcs_problem(arcs);
	int64_t *stay = plan_seats_stay(arcs, seats, nseats);
	struct assign_keep k = { 0 };
	int r = ASSIGN_NO_MEMORY;

	if (stay != NULL)
		r = assign_keep(&p, stay, v->price, &k, progress, arg);
	free(stay);
	*out = (struct assign_answer){ .flow = k.flow,
		.people = k.people,
		.sheltered = k.sheltered,
		.person_metres = k.person_metres,
		.bound = k.bound - v->price * k.moved };
	if (r == 0)
		r = tell(json,
		    "{\"keep\":%lld,\"move_price\":%lld,\"moved\":%lld,"
		    "\"stayed\":%lld}",
		    (long long)v->keep, (long long)v->price, (long long)k.moved,
		    (long long)(k.sheltered - k.moved));
	return r;
}

/* Seconds until the last one at any shelter is in. */
static double
longest_queue(
    const struct plan_arcs *a, const int64_t *flow, const int64_t *per_hour)
{
	int64_t *load = calloc(a->nshelters + 1, sizeof(*load));
	double most = 0;

	if (load == NULL)
		return -1;
	for (size_t i = 0; i < a->narcs; i++)
		load[a->to[i]] += flow[i];
	for (size_t s = 0; s < a->nshelters; s++)
		if (per_hour[s] > 0)
			most = fmax(
			    most, (double)load[s] * 3600 / (double)per_hour[s]);
	free(load);
	return most;
}

static int
queue(const struct plan_variant *v, const struct plan_arcs *arcs,
    struct assign_answer *out, char **json, assign_progress *progress,
    void *arg)
{
	struct assign_problem p = plan_arcs_problem(arcs);
	int64_t *per_hour = calloc(arcs->nshelters + 1, sizeof(*per_hour));
	struct assign_doors doors = { per_hour, SLOT_S,
		llround(v->speed * 1000) };
	struct assign_queue q = { 0 };
	size_t unknown = 0;
	int r = ASSIGN_NO_MEMORY;

	if (per_hour == NULL)
		return r;
	for (size_t s = 0; s < arcs->nshelters; s++) {
		per_hour[s] =
		    plan_variant_doors(arcs->shelter[s], v->door_flow);
		unknown += per_hour[s] == 0;
	}
	r = assign_queue(&p, &doors, &q, progress, arg);
	*out = (struct assign_answer){ .flow = q.flow,
		.people = q.people,
		.sheltered = q.sheltered,
		.person_metres = q.person_metres,
		.bound = q.bound - q.waiting };
	if (r == 0)
		r = tell(json,
		    "{\"door_queue\":true,\"waiting_metres\":%lld,"
		    "\"longest_s\":%.0f,\"doors_unknown\":%zu}",
		    (long long)q.waiting, longest_queue(arcs, q.flow, per_hour),
		    unknown);
	free(per_hour);
	return r;
}

static int
late(const struct plan_variant *v, const struct plan_arcs *arcs,
    struct assign_answer *out, char **json, assign_progress *progress,
    void *arg)
{
	struct assign_problem p = plan_arcs_problem(arcs);
	int64_t in_time = (int64_t)(v->in_time * v->speed);
	struct assign_late l;
	int r = assign_late(&p, in_time, &l, progress, arg);

	*out = (struct assign_answer){ .flow = l.flow,
		.people = l.people,
		.sheltered = l.sheltered,
		.person_metres = l.person_metres,
		.bound = l.bound };
	if (r == 0)
		r = tell(json,
		    "{\"order\":\"%s\",\"in_time_metres\":%lld,\"late\":%lld,"
		    "\"last_metres\":%lld,\"last_s\":%.0f}",
		    late_order, (long long)in_time, (long long)l.late,
		    (long long)l.last, (double)l.last / v->speed);
	return r;
}

int
plan_variant_solve(const struct plan_variant *v, const struct plan_arcs *arcs,
    struct assignment_row *seats, size_t nseats, struct assign_answer *out,
    char **json, assign_progress *progress, void *arg)
{
	int r;

	if (v->mind == MIND_PLAN)
		r = keep(v, arcs, seats, nseats, out, json, progress, arg);
	else if (v->mind == MIND_DOORS)
		r = queue(v, arcs, out, json, progress, arg);
	else
		r = late(v, arcs, out, json, progress, arg);
	if (r == 0 && out->bound != out->person_metres)
		r = ASSIGN_NOT_PROVED;
	return r;
}

/* SPDX-License-Identifier: MIT */
/*
 * Making a plan: a job on the worker from the order to the stored draft.  The
 * answer is proved before it is stored; a plan whose proof fails is an
 * internal error, never a plan.
 */
#ifndef SHELTERD_PLAN_MAKE_H
#define SHELTERD_PLAN_MAKE_H

#include "shelterd/plan/plan_limit.h"
#include "shelterd/plan/plan_variant.h"

struct plan_order {
	char *title, *where_text;
	struct where *where;
	struct plan_limit limit;
	bool whole;
	struct plan_variant variant;
};

void plan_order_free(void *order);
/* For req_job(); the job's result is the plan. */
enum status plan_make(struct job *, void *order);
/* What a stored plan was made with. */
struct plan_limit plan_row_limit(const struct plan_row *);
/* A plan as the API shows it. */
cJSON *plan_json(const struct plan_row *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How many people a new plan would move for how many person-metres less: the
 * trade-off between an earlier plan and the shortest one, for all prices of a
 * moved person, as a job on the worker.  Stores nothing.
 */
#ifndef SHELTERD_PLAN_TRADEOFF_H
#define SHELTERD_PLAN_TRADEOFF_H

#include "shelterd/plan/plan_limit.h"

struct tradeoff_order {
	int64_t plan;
	struct where *where;
	bool own_limit, own_where; /* else those of the plan */
	struct plan_limit limit;
	int64_t choices; /* at most so many */
};

void tradeoff_order_free(void *order);
/* For req_job(). */
enum status plan_tradeoff(struct job *, void *order);

#endif

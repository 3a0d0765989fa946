/* SPDX-License-Identifier: MIT */
/*
 * How long the queues at the doors of a plan are: its people per shelter
 * against the clear widths as they are now.
 */
#ifndef SHELTERD_PLAN_QUEUES_H
#define SHELTERD_PLAN_QUEUES_H

#include <stddef.h>
#include "shelterd/net/request.h"
#include "shelterd/store/plan.h"

/* {"items":[{"shelter","people","seconds"|null}]}, longest first; shelters for
 * which `visible` is false are not there.  Sorts the seats; NULL when out of
 * memory. */
cJSON *plan_queues_json(const struct request *, struct assignment_row *,
    size_t n, bool (*visible)(const struct request *, int64_t shelter));

#endif

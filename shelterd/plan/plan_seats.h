/* SPDX-License-Identifier: MIT */
/*
 * Who sits where in a stored plan: read whole, and laid over the arcs of a new
 * problem.
 */
#ifndef SHELTERD_PLAN_SEATS_H
#define SHELTERD_PLAN_SEATS_H

#include "shelterd/plan/plan_arcs.h"

struct db;

/* All seats of a plan, malloc'd; NULL when the store or memory fails. */
struct assignment_row *plan_seats_read(struct db *, int64_t plan, size_t *n);

/* People per arc who had its shelter; sorts the seats. malloc'd [arcs], NULL
 * when out of memory. */
int64_t *
plan_seats_stay(const struct plan_arcs *, struct assignment_row *, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
/* How many rows of each noun the store holds. */
#ifndef SHELTERD_STORE_COUNT_H
#define SHELTERD_STORE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

struct db;

struct store_counts {
	int64_t ways, users, tasks, inspections, defects, notices, plans;
	int64_t drills, events;
};
/* An enum db_result. What belongs to a hidden work counts if `hidden`. */
int store_count(struct db *, bool hidden, struct store_counts *);

#endif

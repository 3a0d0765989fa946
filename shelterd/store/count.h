/* SPDX-License-Identifier: MIT */
/* How many rows of each noun the store holds. */
#ifndef SHELTERD_STORE_COUNT_H
#define SHELTERD_STORE_COUNT_H

#include <stdint.h>

struct db;

struct store_counts {
	int64_t ways, users, tasks, inspections, defects, notices, plans;
	int64_t drills, events;
};
/* An enum db_result. */
int store_count(struct db *, struct store_counts *);

#endif

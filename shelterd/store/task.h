/* SPDX-License-Identifier: MIT */
/*
 * Tasks in the store.  Knows the table, not who may see or do what.
 * Functions return enum db_result; ids of 0 stand for nobody or none.
 */
#ifndef SHELTERD_STORE_TASK_H
#define SHELTERD_STORE_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include "inspections/task.h"

struct db;

enum { TASK_TEXT = 1000 };

struct task_row {
	int64_t id, version, shelter_id, unit_id, assignee, due;
	int64_t created_by, created_at;
	enum task_state state;
	char note[TASK_TEXT + 1], reason[TASK_TEXT + 1];
};

/* Stores a new one, fills id and version. */
int task_add(struct db *, struct task_row *);
/* DB_ROW when there is one. */
int task_get(struct db *, int64_t id, struct task_row *);
/* Writes state, assignee and reason; counts the version up. */
int task_put(struct db *, struct task_row *);

struct task_query {
	int64_t after;
	enum task_state state; /* TASK_STATES: any */
	int64_t assignee;      /* 0: any */
};
/* In order of id until `row` says false. */
int task_each(struct db *, const struct task_query *,
    bool (*row)(void *, const struct task_row *), void *);

#endif

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

enum task_origin { TASK_OF_OFFICE, TASK_OF_SCHEDULE, TASK_OF_DRAW };
const char *task_origin_name(enum task_origin);

struct task_row {
	int64_t id, version, shelter_id, unit_id, assignee, due;
	int64_t created_by, created_at;
	int64_t draw; /* the event of TASK_OF_DRAW */
	enum task_origin origin;
	enum task_state state;
	char note[TASK_TEXT + 1], reason[TASK_TEXT + 1];
};

/* Stores a new one, fills id and version. */
int task_add(struct db *, struct task_row *);
/* The same for one of many: `items` (JSON, NULL: none) is what is due, and
 * task.assigned is told later. */
int task_add_untold(struct db *, struct task_row *, const char *items);
/* The oldest one not told of is told now: DB_ROW when there is one. */
int task_tell_next(struct db *, struct task_row *);
/* JSON array of what was due when the schedule made it, malloc'd; NULL on
 * failure. */
char *task_items(struct db *, int64_t id);
/* Is there one of the schedule that is not done? DB_ROW if so. */
int task_scheduled_of(struct db *, int64_t shelter_id, int64_t *id);
/* The administrator whom the daemon's own tasks stand under, as a row needs an
 * account; who really made one is told by its event. */
int64_t task_system_maker(struct db *);
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

/* SPDX-License-Identifier: MIT */
/*
 * The plan aggregate in the store: the plan's own row, its assignments, who is
 * left, and the packed problem.  A plan's content is written once and never
 * changes; only its state moves: draft, approved, superseded.
 *
 * Functions that return int give an enum db_result unless a line says more.
 */
#ifndef SHELTERD_STORE_PLAN_H
#define SHELTERD_STORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

enum plan_state { PLAN_DRAFT, PLAN_APPROVED, PLAN_SUPERSEDED };
const char *plan_state_name(enum plan_state);

enum left_reason { LEFT_TOO_FAR, LEFT_FULL, LEFT_NO_PATH, LEFT_REASONS };
const char *left_reason_name(enum left_reason);

struct plan_row {
	int64_t id, version;
	const char *title;
	enum plan_state state;
	bool by_minutes;
	double limit, metres; /* m or min; the same in metres */
	bool without_steps;
	int64_t minute; /* of the day, -1: any */
	const char *where;
	int64_t data_version;
	int64_t people, sheltered, left[LEFT_REASONS];
	int64_t person_metres, bound;
	int64_t homes, shelters, arcs;
	double seconds;
	const char *whole;   /* JSON, NULL: homes may be split */
	const char *variant; /* JSON, NULL: minds people and metres alone */
	int64_t created_by, created_at, approved_by, approved_at; /* 0: not */
};

struct assignment_row {
	int64_t id, home, shelter, entrance, people, metres;
};

struct left_row {
	int64_t home, people;
	enum left_reason reason;
};

/* Stores a draft; sets row->id. */
int plan_insert(struct db *, struct plan_row *);
int plan_insert_assignment(
    struct db *, int64_t plan, const struct assignment_row *);
int plan_insert_left(struct db *, int64_t plan, const struct left_row *);
int plan_insert_problem(struct db *, int64_t plan, const void *, size_t);

/* One plan, or the plans with id > after. plan_next() gives DB_ROW with texts
 * valid until the next call, then DB_OK. */
struct db_stmt *plan_find(struct db *, int64_t id);
struct db_stmt *plan_list(struct db *, int64_t after, int64_t limit);
int plan_next(struct db_stmt *, struct plan_row *);

/* home, shelter 0: all of them. */
struct db_stmt *assignment_list(struct db *, int64_t plan, int64_t home,
    int64_t shelter, int64_t after, int64_t limit);
int assignment_next(struct db_stmt *, struct assignment_row *);
struct db_stmt *left_list(struct db *, int64_t plan);
int left_next(struct db_stmt *, struct left_row *);

/* malloc'd; NULL if there is none or memory is out. */
void *plan_problem_read(struct db *, int64_t plan, size_t *len);

/* Draft -> approved, and the approved one before -> superseded (*superseded,
 * 0: none).  The caller has checked the state. */
int plan_set_approved(
    struct db *, int64_t plan, int64_t user, int64_t now, int64_t *superseded);
/* The newest approved plan, else the newest draft, else 0; negative on error. */
int64_t plan_that_counts(struct db *, bool *approved);

#endif

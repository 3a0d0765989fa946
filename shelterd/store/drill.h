/* SPDX-License-Identifier: MIT */
/*
 * Drills in the store: the drill, its clock's marks, its timetable, its doors
 * and counts.  Knows the tables, not who may do what nor what is legal.
 *
 * Functions give enum db_result: those that look for one row DB_ROW when it
 * is there, those that list DB_OK.  Ids of 0 stand for none.
 */
#ifndef SHELTERD_STORE_DRILL_H
#define SHELTERD_STORE_DRILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "drills/arrivals.h"
#include "drills/msel.h"
#include "drills/state.h"
#include "drills/timeline.h"

struct db;

enum {
	DRILL_TITLE = 200,
	DRILL_TEXT = MSEL_TEXT,
	DRILL_NAME = 400,
	DRILL_WHO = MSEL_WHO,
	DRILL_REF = MSEL_REF,
	DRILL_ENTRIES = 10000 /* of a timetable, at most */
};

struct drill_row {
	int64_t id, version, clock, plan_id;
	enum drill_state state;
	int64_t speed;	 /* thousandths */
	int64_t planned; /* people expected */
	bool hidden;	 /* has a hidden shelter */
	int64_t created_by, created_at;
	int64_t started_at, ended_at; /* 0: not yet */
	char title[DRILL_TITLE + 1];
};

/* Fills id and version 1. */
int drill_add(struct db *, struct drill_row *);
int drill_get(struct db *, int64_t id, struct drill_row *);
/* Writes state, started_at, ended_at and clock; counts the version up. */
int drill_put(struct db *, struct drill_row *);
/* In order of id, after `after`, of a state (DRILL_STATES: any), until `row`
 * says false. */
int drill_each(struct db *, int64_t after, enum drill_state,
    bool (*row)(void *, const struct drill_row *), void *);
/* The sum of all drills' clock numbers: changes whenever one of them does. */
int drill_generation(struct db *, int64_t *);
/* DB_ROW if there is such a plan. */
int drill_plan_state(struct db *, int64_t plan, bool *approved);

int drill_mark_add(
    struct db *, int64_t drill, size_t seq, const struct timeline_mark *);
/* malloc'd, in order. */
int drill_marks(struct db *, int64_t drill, struct timeline_mark **, size_t *n);

struct inject_row {
	int64_t id, planned_s, at_s;
	int64_t fired_s; /* -1: open */
	bool late;
	char kind[8], signal[24];
	char text[DRILL_TEXT + 1];
	char who[DRILL_WHO + 1]; /* whom it is told to, "" */
	char ref[DRILL_REF + 1]; /* the planner's number, "" */
};

/* Fills id. */
int inject_add(struct db *, int64_t drill, struct inject_row *);
/* Writes all but fired_s and late. DB_ROW when it was open until now. */
int inject_put(struct db *, const struct inject_row *);
/* DB_ROW when it was open until now. */
int inject_drop(struct db *, int64_t id);
/* malloc'd, by at_s, then id. */
int injects_of(struct db *, int64_t drill, struct inject_row **, size_t *n);
int inject_count(struct db *, int64_t drill, int64_t *n);
/* The open one that comes first, of a signal's word or ("") of any. */
int inject_next(
    struct db *, int64_t drill, const char *signal, struct inject_row *);
/* Second of the last open one, -1. */
int inject_last(struct db *, int64_t drill, int64_t *at_s);
/* DB_ROW when it was open until now. */
int inject_fire(struct db *, const struct inject_row *);
int injects_postpone(struct db *, int64_t drill, int64_t seconds);

struct door_row {
	int64_t shelter, entrance;
	double clear_width; /* m, < 0 unknown */
	int64_t expected, arrived;
	bool hidden; /* the shelter is, today */
	char shelter_name[DRILL_NAME + 1], entrance_name[DRILL_NAME + 1];
};

/* Copies the people per door of the drill's plan, and sets planned and hidden
 * in the row and the store. */
int drill_expect(struct db *, struct drill_row *);
/* By shelter, then entrance, until `row` says false. */
int doors_each(struct db *, int64_t drill,
    bool (*row)(void *, const struct door_row *), void *);
/* DB_ROW if there is such a shelter (and entrance, unless 0, of it): its
 * names and clear width. */
int door_find(struct db *, struct door_row *);

struct arrival_row {
	char op[ARRIVALS_OP_MAX + 1];
	int64_t shelter, entrance, people, at_s, shelter_people;
	bool overfull;
};

int
arrival_get(struct db *, int64_t drill, const char *op, struct arrival_row *);
/* DB_ROW when it was added, DB_OK when its op was counted before. */
int arrival_add(struct db *, int64_t drill, const struct arrival_row *);
/* ROWS of them (store/rows.h) in one statement; `added` says how many were, those
 * whose op was not counted before. */
int arrival_add_rows(struct db *, int64_t drill,
    const struct arrival_row *const *, int64_t *added);
/* Adds people of arrivals to their door, which is made when it is new. */
int
door_count(struct db *, int64_t drill, const struct door_row *, int64_t people);
/* DB_ROW: how many the doors of a shelter have counted. */
int doors_arrived(struct db *, int64_t drill, int64_t shelter, int64_t *people);

/* One event of a drill as the log has it; text lives until the next. */
struct drill_event {
	int64_t id, at;
	const char *kind, *body;
	const unsigned char *hash; /* 32 bytes */
};
/* In order of the log until `row` says false. */
int drill_events(struct db *, int64_t drill,
    bool (*row)(void *, const struct drill_event *), void *);

#endif

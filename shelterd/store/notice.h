/* SPDX-License-Identifier: MIT */
/*
 * Rectification notices and their steps in the store.  Invariant: a shelter
 * has at most one draft; numbers run 1, 2, 3 … within a year.
 */
#ifndef SHELTERD_STORE_NOTICE_H
#define SHELTERD_STORE_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "inspections/notice.h"

struct db;

enum { NOTICE_TEXT = 4000, NOTICE_FINDERS = 256 };

struct notice_row {
	int64_t id, version, number_year, number_seq, shelter_id;
	int64_t deadline, created_at, late_told;
	enum notice_state state;
	char text[NOTICE_TEXT + 1];
};

struct notice_step {
	int64_t seq, user_id, at; /* user 0: the daemon */
	const char *action, *from, *to, *text;
	const char *evidence; /* JSON array */
};

int notice_add(struct db *, struct notice_row *); /* fills id and version */
/* DB_ROW when there is one. */
int notice_get(struct db *, int64_t id, struct notice_row *);
int notice_draft_of(struct db *, int64_t shelter_id, struct notice_row *);
/* Writes state, number, deadline, text, late_told; counts version up. */
int notice_put(struct db *, struct notice_row *);
/* The next free number of the year, negative on error. */
int64_t notice_next_number(struct db *, int64_t year);
/* The oldest issued one past its deadline that was not told of yet. */
int notice_overdue(struct db *, int64_t now, struct notice_row *);

struct notice_query {
	int64_t after, shelter_id;
	enum notice_state state; /* NOTICE_STATES: any */
};
int notice_each(struct db *, const struct notice_query *,
    bool (*row)(void *, const struct notice_row *), void *);

/* Numbered by itself. */
int notice_add_step(struct db *, int64_t id, const struct notice_step *);
int notice_each_step(struct db *, int64_t id,
    bool (*row)(void *, const struct notice_step *), void *);
/* Who found its defects, joined findings included; how many there are (at
 * most NOTICE_FINDERS are written), negative on error. */
int notice_finders(struct db *, int64_t id, int64_t finders[NOTICE_FINDERS]);
/* Each inspection that found one of its defects, and by whom. */
int notice_each_finding(struct db *, int64_t id,
    void (*row)(void *, int64_t inspection, int64_t inspector), void *arg);
/* Who answered last; 0 nobody, negative on error. */
int64_t notice_answerer(struct db *, int64_t id);

#endif

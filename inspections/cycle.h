/* SPDX-License-Identifier: MIT */
/*
 * What of a protective unit is due: the rows of etc/rules/cycles.csv against
 * when each check of the unit was last looked at.  Pure; times are arguments.
 *
 * An item is done when all its checks are, so its time is that of the check
 * left longest.  A check said not to be there ('na') is left out until
 * somebody finds it; an item without any check left is not scheduled.
 * Special work includes the routine look, and replacing is special work
 * (DBJ33/T 1309-2023 counts repair and replacement under 专项维护).
 */
#ifndef INSPECTIONS_CYCLE_H
#define INSPECTIONS_CYCLE_H

#include <stdbool.h>
#include "inspections/checklist.h"
#include "inspections/schedule.h"

/* Each counts for those before it, too. */
enum cycle_work { WORK_ROUTINE, WORK_SPECIAL, WORK_REPLACE, WORKS };
enum cycle_work cycle_work_parse(const char *word); /* or WORKS */
const char *cycle_work_name(enum cycle_work);

enum { CYCLE_CHECKS = 12 };

struct cycle_item {
	char id[32]; /* "doors" */
	char zh[160], en[160];
	char clause[64];
	char trust[4];
	enum schedule_cycle cycle[WORKS];
	char checks[240]; /* ids of the checklist, with blanks between */
	size_t check[CYCLE_CHECKS], nchecks; /* their positions in it */
};

/* Finds the item's checks in the checklist.  NULL, or a sentence: an unknown
 * one, none, too many.  The sentence stands in `why`. */
const char *cycle_resolve(struct cycle_item *, const struct checklist_item *,
    size_t n, char *why, size_t whysize);
/* NULL if there is no such item. */
const struct cycle_item *
cycle_find(const struct cycle_item *, size_t n, const char *id);

/* One check of one unit: when each work was last done to it, and when it was
 * last said not to be there; UTC seconds, 0 never. */
struct cycle_look {
	int64_t done[WORKS];
	int64_t absent;
};
/* What is known of the works as a whole holds for each of its units. */
struct cycle_look
cycle_look_join(const struct cycle_look *, const struct cycle_look *);

enum cycle_state {
	CYCLE_CURRENT, /* not due yet */
	CYCLE_OVERDUE,
	CYCLE_NEVER,   /* nobody ever looked: due now */
	CYCLE_UNKNOWN, /* a replacement nobody has told of: not due */
	CYCLE_ABSENT,  /* the unit has no such thing, or no such cycle */
	CYCLE_STATES
};
const char *cycle_state_name(enum cycle_state);

struct cycle_due {
	enum cycle_state state;
	int64_t last;	/* 0 never */
	int64_t due;	/* INT64_MAX: not at all */
	int64_t missed; /* whole periods since; 0 when never done */
};
/* `looks` is by position in the checklist. */
struct cycle_due cycle_due(const struct cycle_item *, enum cycle_work,
    const struct cycle_look *looks, int64_t now);

/* What is asked for: due from … to …, both included. */
struct cycle_window {
	int64_t from, until;
	bool overdue; /* only what is late or was never done */
};
bool cycle_in_window(const struct cycle_due *, const struct cycle_window *);
/* Due within the window, so that somebody should go. */
bool cycle_calls(const struct cycle_due *, const struct cycle_window *);

#endif

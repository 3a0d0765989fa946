/* SPDX-License-Identifier: MIT */
/*
 * A timeline as planners write it (MSEL, 导调计划): one row of a table for each
 * inject, and what becomes of the rows beside the entries a drill has already.
 * Pure: knows no file, store or clock; a cell is a text, seconds are the
 * drill's.
 *
 * Invariant: what msel_match() says of rows, done, makes it say MSEL_SAME of
 * those that it took and refuse those that it refused; so a table read twice
 * adds nothing.
 */
#ifndef DRILLS_MSEL_H
#define DRILLS_MSEL_H

#include <stddef.h>
#include <stdint.h>
#include "drills/alarm.h"

enum { MSEL_REF = 64, MSEL_WHO = 200, MSEL_TEXT = 1000, MSEL_WHY = 160 };

enum msel_kind { MSEL_SIGNAL, MSEL_ORDER, MSEL_INFO, MSEL_KINDS };

/* "signal", "order", "info". */
const char *msel_kind_name(enum msel_kind);
/* By those words or 警报 命令 情况 and the like; MSEL_KINDS: none. */
enum msel_kind msel_kind_of(const char *text);

/*
 * Seconds from the start: "480", "8:00", "0:08:00", "T+8:00", "8分30秒", "8
 * min", "PT8M", in wide digits too; with six decimals or more a sheet's share of a day.
 * 0; or -1 and why: a sentence without a subject.
 */
int msel_second(const char *text, int64_t *second, char why[MSEL_WHY]);

/* One row as read; NULL: no such column, or nothing in it. */
struct msel_cells {
	const char *ref; /* the planner's own number */
	const char *at, *kind, *signal, *who, *text;
};

/* One entry. Texts are borrowed, never NULL. */
struct msel_entry {
	char ref[MSEL_REF + 1]; /* "": none */
	enum msel_kind kind;
	const char *signal; /* the word in the table of signals, "" */
	const char *who, *text;
	int64_t planned_s;     /* as first written */
	int64_t at_s, fired_s; /* now; -1: open.  Of entries that are there */
};

/* Where and why a row cannot be an entry. */
struct msel_wrong {
	const char *field; /* "at", "kind", "signal", "who", "text", "id" */
	char why[MSEL_WHY];
};

/* 0, or -1 with *wrong.  A row without kind that has a signal, or whose text
 * is the name of one, is a signal; others are info. */
int msel_read(const struct msel_cells *, const struct alarm_signal *, size_t n,
    struct msel_entry *, struct msel_wrong *);

enum msel_outcome {
	MSEL_ADD,
	MSEL_CHANGE, /* the entry `at` becomes this row */
	MSEL_SAME,   /* the entry `at` is this row */
	MSEL_REFUSE
};

struct msel_step {
	enum msel_outcome outcome;
	size_t at;    /* MSEL_CHANGE, MSEL_SAME: index of the entry */
	int64_t at_s; /* MSEL_ADD, MSEL_CHANGE: when it falls due */
	size_t twin;  /* an equal row before it, else its own index */
	struct msel_wrong wrong; /* MSEL_REFUSE */
};

/*
 * Rows beside the entries of a drill whose clock says now_s.  A row with a
 * number is the entry of that number, whatever else changed; one without (or
 * with a new one) is an entry that says the same for the same second, each for
 * one row.  A signal is not added where it sounds already.  What has been told
 * is not changed, nothing is added to the past, and a changed second keeps what
 * a postponement added.  `taken[i]` becomes 1 where entry i is one of the rows.
 * 0, or -1 when memory ran out.
 */
int msel_match(const struct msel_entry *entries, size_t n,
    const struct msel_entry *rows, size_t nrows, int64_t now_s,
    struct msel_step *steps, char *taken);

#endif

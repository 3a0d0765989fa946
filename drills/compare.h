/* SPDX-License-Identifier: MIT */
/*
 * Two drills side by side, and each against its own plan: who came, how long
 * after the alarm, what was told when.  Computed from the reports of both
 * (drills/report.h) and from what their logs say of the timetable; nothing is
 * typed in.  Pure: no clock, no store.
 *
 * A number is a double: NAN is not known (no alarm, nobody expected), INFINITY
 * is never.  Seconds count from the alarm: the first signal that sounded,
 * unless it was the all-clear.
 */
#ifndef DRILLS_COMPARE_H
#define DRILLS_COMPARE_H

#include <stddef.h>
#include <stdint.h>
#include "drills/report.h"

enum compare_kind {
	COMPARE_ENTRY,	   /* stands in the timetable, anew or changed */
	COMPARE_GONE,	   /* does not any more */
	COMPARE_POSTPONED, /* all that are open fall due `seconds` later */
	COMPARE_TOLD,
	COMPARE_SEEN /* an observation */
};

/* One line of the log, in its order. Texts are borrowed. */
struct compare_event {
	enum compare_kind kind;
	int64_t inject;	 /* id of the entry */
	int64_t at_s;	 /* ENTRY, TOLD: second it is, was due */
	int64_t told_s;	 /* TOLD */
	int64_t seconds; /* POSTPONED */
	int late;
	const char *word, *zh; /* of a signal, else NULL */
};

struct compare_times {
	double first_s, t50_s, t90_s, last_s; /* from the alarm */
};

struct compare_signal {
	const char *word, *zh;
	double due_s, told_s; /* of the drill; INFINITY: not told */
};

/* One drill against its plan. */
struct compare_round {
	const struct report *report;  /* borrowed */
	const char *alarm, *alarm_zh; /* NULL: none sounded */
	double alarm_s;
	struct compare_times times;
	double in_time; /* people who were in by the air raid signal */
	struct compare_signal *signals; /* as they fall due or sounded */
	size_t nsignals;
	/* Orders and information: on the timetable, told of those, told without
	 * standing there, told late. */
	int64_t injects, done, by_hand, late;
	int64_t observations;
};

/* 0, or -1 when memory ran out; release in both cases. */
int compare_round_make(const struct report *, const struct compare_event *,
    size_t n, struct compare_round *);
void compare_round_release(struct compare_round *);

enum compare_verdict {
	COMPARE_NONE, /* one of the numbers is not known, or means nothing */
	COMPARE_SAME,
	COMPARE_BETTER, /* the second drill was */
	COMPARE_WORSE,
	COMPARE_MIXED /* better in one, worse in another */
};

/* null for COMPARE_NONE, else "same", "better", "worse", "mixed". */
const char *compare_verdict_name(enum compare_verdict);

enum compare_measure {
	COMPARE_SHARE, /* people arrived / planned */
	COMPARE_FIRST,
	COMPARE_T50, /* so much of the planned */
	COMPARE_T90,
	/* Better only when at least the same share came, worse only when at
	 * most the same did. */
	COMPARE_LAST,
	COMPARE_IN_TIME, /* share of the planned in by the air raid signal */
	COMPARE_DELAY,	 /* mean of |told - due| of the signals that sounded */
	COMPARE_DONE,	 /* share of the injects */
	COMPARE_LATE,
	COMPARE_OBSERVED, /* has no verdict */
	COMPARE_MEASURES
};

/* "share", "first_s", … */
const char *compare_measure_name(enum compare_measure);

struct compare_pair {
	double a, b;
	enum compare_verdict verdict;
};

struct compare_shelter {
	int64_t id;
	const char *name;
	const struct report_shelter *a, *b; /* NULL: has no part in it */
	struct compare_times times_a, times_b;
	struct compare_pair share;
	enum compare_verdict verdict; /* of share, t50 and t90 together */
};

/* The n-th sounding of a signal in both. */
struct compare_sounding {
	const struct compare_signal *a, *b; /* NULL: not so often */
};

struct compare {
	struct compare_pair measures[COMPARE_MEASURES];
	enum compare_verdict verdict;	  /* of share, t50 and t90 together */
	struct compare_shelter *shelters; /* by id */
	size_t nshelters;
	struct compare_sounding *soundings; /* as in the first, then the rest */
	size_t nsoundings;
};

/* Of two rounds that live longer.  0, or -1 when memory ran out; release in
 * both cases. */
int compare_make(const struct compare_round *a, const struct compare_round *b,
    struct compare *);
void compare_release(struct compare *);

#endif

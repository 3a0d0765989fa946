/* SPDX-License-Identifier: MIT */
/*
 * The after-action report of a drill, from its events and nothing else: the
 * same events give the same report.  Pure: no clock, no store; whoever reads
 * the log turns it into struct report_event, in the order of the log.
 *
 * Invariants: people of a shelter = sum over its doors = last point of its
 * curve; actual = sum over shelters; curves rise strictly in both numbers.
 * A second of -1 means "never".
 */
#ifndef DRILLS_REPORT_H
#define DRILLS_REPORT_H

#include <stddef.h>
#include <stdint.h>

enum report_kind {
	REPORT_EXPECT, /* shelter, entrance, people, names, clear_width */
	REPORT_SIGNAL, /* word, zh, planned_s, late */
	REPORT_ARRIVAL /* op, shelter, entrance, people, names */
};

/* Texts are borrowed: they must live as long as the report. */
struct report_event {
	enum report_kind kind;
	int64_t id, at;	  /* of the log: number, UTC seconds */
	int64_t second;	  /* of the drill's clock */
	int64_t shelter;  /* > 0 */
	int64_t entrance; /* 0: not said */
	int64_t people;
	double clear_width; /* m, < 0 unknown */
	int64_t planned_s;
	int late;
	const char *op, *word, *zh;
	const char *shelter_name, *entrance_name; /* may be NULL */
};

struct report_point {
	int64_t second, people; /* so many in all by then */
};

/* Time to 50, 90 and 100 per cent of those planned. */
struct report_curve {
	struct report_point *points;
	size_t n, room;
	int64_t t50, t90, t100;
};

struct report_door {
	int64_t id;
	const char *name;
	int64_t planned, people;
	int64_t first_s, last_s; /* first and last count, -1 */
	/* people / (last_s - first_s) in minutes; < 0 when all came in one
	 * second or nobody came. */
	double per_minute;
	int64_t own90_s; /* nine tenths of its own people were in, -1 */
	double clear_width, needed_width; /* m; clear < 0 unknown */
};

struct report_shelter {
	int64_t id;
	const char *name;
	int64_t planned, actual;
	struct report_curve curve;
	struct report_door *doors;
	size_t ndoors;
};

struct report_signal {
	const char *word, *zh;
	int64_t planned_s, at_s, at;
	int late;
};

struct report {
	int64_t planned, actual;
	struct report_signal *signals;
	size_t nsignals;
	struct report_shelter *shelters; /* by id */
	size_t nshelters;
	struct report_curve curve;
	/* The door where nine tenths of its own people were in last; of equal
	 * ones the door with more people, then the smaller ids. NULL: nobody
	 * came. */
	const struct report_shelter *bottleneck_shelter;
	const struct report_door *bottleneck;
};

/* `width_per_hundred`: metres of door per 100 persons (domain rules, section
 * on capacity: 0.30). 0, or -1 when memory ran out; release in both cases. */
int report_make(const struct report_event *, size_t n, double width_per_hundred,
    struct report *out);
void report_release(struct report *);

#endif

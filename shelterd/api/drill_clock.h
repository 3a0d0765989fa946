/* SPDX-License-Identifier: MIT */
/*
 * Drills on the wall's clock: where a drill is now, and the timers that fire
 * its timetable.  Every firing is one write of the system user, taken only if
 * the entry is still open, so that each fires exactly once however often the
 * daemon is killed; what fell due meanwhile fires at once and is marked late.
 *
 * Keeps nothing in memory between two calls: a timer carries the generation
 * of the drills' clocks it was set in, and does nothing in a later one.
 * Must not know HTTP.
 */
#ifndef SHELTERD_DRILL_CLOCK_H
#define SHELTERD_DRILL_CLOCK_H

#include <stdint.h>
#include "shelterd/net/request.h"
#include "shelterd/store/drill.h"

struct daemon;

/* A drill and its clock at one moment. */
struct drill_now {
	struct drill_row row;
	struct timeline_mark *marks;
	struct timeline line;
	int64_t wall_ms; /* the moment */
	int64_t second;	 /* the drill's */
};

/* As of this moment; DB_ROW when there is such a drill. */
int drill_now_load(struct db *, int64_t id, struct drill_now *);
void drill_now_release(struct drill_now *);
/* The same drill, unchanged since it was loaded, at this moment. */
void drill_now_again(struct drill_now *);
/* Adds the mark of a start, pause or resume at this moment, in the store and
 * in the clock. */
int drill_now_mark(struct db *, struct drill_now *, int running);

/* Once the daemon takes writes, and after every change of a drill's times:
 * sets the timers anew. Any thread. */
void drill_clock_arm(struct daemon *);

/* ON_WRITER: fires this open entry now, as the one event of the request. */
enum status
drill_fire(struct request *, const struct drill_now *, struct inject_row *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The drill's clock, a list of marks:
 * at each start, pause and resume one says how far the drill was then and
 * whether it runs from there.  Pure: the wall's time comes in as
 * milliseconds, nothing here asks for it.
 *
 * Invariant: the drill's clock never runs backwards.  Times of the drill are
 * microseconds, so that any speed of whole thousandths is exact.
 */
#ifndef DRILLS_TIMELINE_H
#define DRILLS_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

enum {
	TIMELINE_SECOND = 1000000,	 /* microseconds */
	TIMELINE_SPEED_ONE = 1000,	 /* real time */
	TIMELINE_SPEED_MIN = 100,	 /* a tenth of it */
	TIMELINE_SPEED_MAX = 3600 * 1000 /* an hour in a second */
};

struct timeline_mark {
	int64_t wall_ms;
	int64_t drill_us; /* the drill's time at that moment */
	int running;	  /* from there on */
};

struct timeline {
	int64_t speed;			   /* thousandths */
	const struct timeline_mark *marks; /* in order; none: not started */
	size_t nmarks;
};

/* The drill's microsecond at a moment of the wall's clock; 0 before the start.
 * A wall clock put back never makes it smaller than the last mark says. */
int64_t timeline_us(const struct timeline *, int64_t wall_ms);
/* The same in whole seconds, rounded down. */
int64_t timeline_second(const struct timeline *, int64_t wall_ms);
/* The first wall ms at which drill second `s` has come, if the clock goes on
 * as it does now; INT64_MAX while it stands still. */
int64_t timeline_wall(const struct timeline *, int64_t s);
/* The mark for a start, pause or resume at `wall_ms`. */
struct timeline_mark
timeline_mark_at(const struct timeline *, int64_t wall_ms, int running);

#endif

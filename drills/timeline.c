/* SPDX-License-Identifier: MIT */
/*
 * The drill's clock: wall milliseconds to drill seconds and back, through
 * speed and pauses.  Must not know of the timetable.
 */
#include "drills/timeline.h"

/* The mark in force at a moment, NULL before the first one. */
static const struct timeline_mark *
mark_at(const struct timeline *t, int64_t wall_ms)
{
	const struct timeline_mark *m = NULL;

	for (size_t i = 0; i < t->nmarks; i++)
		if (t->marks[i].wall_ms <= wall_ms)
			m = &t->marks[i];
	return m;
}

int64_t
timeline_us(const struct timeline *t, int64_t wall_ms)
{
	const struct timeline_mark *m = mark_at(t, wall_ms);
	int64_t us = 0;

	if (m == NULL)
		return 0;
	if (!m->running)
		return m->drill_us;
	if (__builtin_mul_overflow(wall_ms - m->wall_ms, t->speed, &us) ||
	    __builtin_add_overflow(us, m->drill_us, &us))
		return INT64_MAX;
	return us;
}

int64_t
timeline_second(const struct timeline *t, int64_t wall_ms)
{
	return timeline_us(t, wall_ms) / TIMELINE_SECOND;
}

int64_t
timeline_wall(const struct timeline *t, int64_t s)
{
	const struct timeline_mark *m;
	int64_t left;

	if (t->nmarks == 0)
		return INT64_MAX;
	m = &t->marks[t->nmarks - 1];
	if (!m->running || t->speed <= 0)
		return INT64_MAX;
	left = s * TIMELINE_SECOND - m->drill_us;
	if (left <= 0)
		return m->wall_ms;
	return m->wall_ms + (left + t->speed - 1) / t->speed;
}

/* A wall clock that was put back since the last mark adds no time. */
struct timeline_mark
timeline_mark_at(const struct timeline *t, int64_t wall_ms, int running)
{
	struct timeline_mark m = { wall_ms, 0, running };
	const struct timeline_mark *last;

	if (t->nmarks == 0)
		return m;
	last = &t->marks[t->nmarks - 1];
	if (m.wall_ms < last->wall_ms)
		m.wall_ms = last->wall_ms;
	m.drill_us = timeline_us(t, m.wall_ms);
	return m;
}

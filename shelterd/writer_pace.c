/* SPDX-License-Identifier: MIT */
/* Halves and doubles: see writer_pace.h. */
#include "shelterd/writer_pace.h"

enum {
	LEAST = 16,		    /* tasks: smaller batches are not cut */
	QUIET_NS = 5 * 1000 * 1000, /* idle for longer: nobody is in a hurry */
	NEWEST = 8		    /* batches that the means are of, about */
};

static void
set_limit(struct pace *p, size_t limit, int64_t saved_ns)
{
	p->limit = limit < PACE_MOST ? limit : PACE_MOST;
	p->saved_ns = saved_ns;
	p->seen = 0;
}

void
pace_init(struct pace *p)
{
	*p = (struct pace){ .limit = PACE_MOST };
}

static void
note_times(struct pace *p, const struct pace_batch *b)
{
	if (p->seen++ == 0) {
		p->commit_ns = b->commit_ns;
		p->idle_ns = b->idle_ns;
	}
	p->commit_ns += (b->commit_ns - p->commit_ns) / NEWEST;
	p->idle_ns += (b->idle_ns - p->idle_ns) / NEWEST;
}

void
pace_note(struct pace *p, const struct pace_batch *b)
{
	note_times(p, b);
	if (b->idle_ns > QUIET_NS)
		set_limit(p, PACE_MOST, 0);
	else if (p->seen < NEWEST)
		return;
	else if (p->saved_ns > 0 && p->commit_ns > p->saved_ns * 3 / 2)
		set_limit(p, PACE_MOST, 0); /* the disk has become slower */
	else if (p->idle_ns > p->commit_ns && b->tasks > LEAST)
		set_limit(p, (b->tasks + 1) / 2, p->idle_ns);
	else if (p->limit < PACE_MOST && b->waiting >= 2 * p->limit)
		set_limit(p, p->limit * 2, p->saved_ns); /* more clients */
}

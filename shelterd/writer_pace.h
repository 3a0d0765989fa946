/* SPDX-License-Identifier: MIT */
/*
 * How many tasks the writer takes before it commits.  All that wait, as a rule:
 * a commit costs the same for one as for many.  But clients that all got their
 * answers at once all ask again at once, and while the loop reads what they
 * say the writer has nothing to do.  Where it idles for longer than a commit
 * takes, two batches of half the size keep both threads busy and bring more
 * tasks through.  Pure: times come in.
 */
#ifndef SHELTERD_WRITER_PACE_H
#define SHELTERD_WRITER_PACE_H

#include <stddef.h>
#include <stdint.h>

enum { PACE_MOST = 256 /* tasks of a batch */ };

struct pace {
	size_t limit;
	int64_t commit_ns, idle_ns; /* means of the newest batches */
	int64_t saved_ns; /* the idle time for which the limit was lowered */
	int seen;	  /* batches since it last changed */
};

struct pace_batch {
	size_t waiting;	 /* tasks, when it began */
	size_t tasks;	 /* in it */
	int64_t idle_ns; /* for which the writer had waited before it */
	int64_t commit_ns;
};

void pace_init(struct pace *);
/* After each commit; sets the limit of the next batch. */
void pace_note(struct pace *, const struct pace_batch *);

#endif

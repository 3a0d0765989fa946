/* SPDX-License-Identifier: MIT */
/*
 * Due work becomes tasks: one for each shelter, as an inspector would walk,
 * with all its due items; none where one of the schedule is not done yet.
 * Asked for by the office or done by the daemon itself.
 */
#ifndef SHELTERD_SCHEDULE_MAKE_H
#define SHELTERD_SCHEDULE_MAKE_H

#include "shelterd/api/schedule_due.h"

struct daemon;

struct schedule_made {
	int64_t assignee; /* 0: open to all */
	int64_t shelter;  /* 0: all */
	int64_t after;	  /* only shelters with a larger id; kept up */
	size_t most;	  /* look at so many of them; 0: at all */
	bool more;	  /* set when that left some */
	struct schedule_ask ask;
	int64_t made, waiting; /* waiting: a task is not done yet */
	cJSON *tasks;	       /* ids; the caller's to delete */
};
/* On the writer: the tasks and the event schedule.made, or none of either. */
enum status schedule_make(struct request *, struct schedule_made *);

/* How far ahead tasks are made when nobody says. */
int64_t schedule_horizon(const struct request *);

/* Makes them now and every schedule-every hours, if that is not 0.  Call once,
 * on the loop, when the daemon serves. */
void schedule_watch(struct daemon *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A notice's past walked once more through the table of its life: could it
 * have happened so?  Knows the steps as they were written down, not whether
 * they were; that is the log's business.
 */
#ifndef INSPECTIONS_NOTICE_REPLAY_H
#define INSPECTIONS_NOTICE_REPLAY_H

#include "inspections/notice.h"

/* The action of a notice's first step, which is no event of the table. */
extern const char notice_replay_draft[];

struct notice_past {
	int64_t seq; /* 1, 2, 3 … */
	const char *action, *from, *to;
	int64_t actor, at; /* 0: the daemon; UTC seconds */
	int64_t order;	   /* where it stands in the log */
};

/* Who found a defect of the notice; `order` as above, since many things
 * happen in a second. */
struct notice_finder {
	int64_t id, order;
};

struct notice_replay {
	const struct notice_finder *finders;
	size_t nfinders;
	int64_t deadline; /* of the notice; 0 none */
	/* Kept by the walk. */
	enum notice_state state;
	int64_t seq, at, answerer;
};

/* The next step; NULL when it could be, else `why` holds a sentence. */
const char *notice_replay_step(struct notice_replay *,
    const struct notice_past *, char *why, size_t whysize);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The life of a rectification notice (整改通知书) as a table read by one
 * function.  A notice is drafted by the first defect, collects further ones
 * until it is issued, is answered by the unit, re-checked by somebody who
 * neither found nor answered, and closed; a failed re-check sends it back.
 * Pure: who acts and what time it is are arguments.  Roles are not its
 * business; they stand in the daemon's route table.
 */
#ifndef INSPECTIONS_NOTICE_H
#define INSPECTIONS_NOTICE_H

#include <stddef.h>
#include <stdint.h>

enum notice_state {
	NOTICE_DRAFT,
	NOTICE_ISSUED,
	NOTICE_ANSWERED,
	NOTICE_RECHECKED,
	NOTICE_CLOSED,
	NOTICE_STATES
};

enum notice_event {
	NOTICE_ADD, /* one more defect */
	NOTICE_ISSUE,
	NOTICE_REPLY,
	NOTICE_PASS,
	NOTICE_FAIL,
	NOTICE_CLOSE,
	NOTICE_LATE, /* the deadline has gone by */
	NOTICE_EVENTS
};

/* What the guards look at. */
struct notice_facts {
	int64_t actor;		/* who acts */
	const int64_t *finders; /* who found its defects */
	size_t nfinders;
	int64_t answerer; /* who answered last; 0 nobody */
	size_t defects;
	int64_t deadline; /* UTC seconds; 0 none */
	int64_t now;
};

enum notice_refusal {
	NOTICE_ALLOWED,
	NOTICE_ILLEGAL,	    /* no such transition */
	NOTICE_SAME_PERSON, /* found it or answered it */
	NOTICE_EMPTY,	    /* nothing to put right */
	NOTICE_NOT_YET	    /* deadline not passed */
};

enum notice_state notice_state_parse(const char *word); /* or NOTICE_STATES */
const char *notice_state_name(enum notice_state);
const char *notice_event_name(enum notice_event);

/*
 * May `event` happen in `from`?  Sets *to when allowed; otherwise *to is
 * untouched and `why` (may be NULL) gets a sentence; that of an illegal
 * transition says both names.
 */
enum notice_refusal notice_next(enum notice_state from, enum notice_event,
    const struct notice_facts *, enum notice_state *to, char *why,
    size_t whysize);

/* Waiting for the unit past its deadline: what "late" means. */
int notice_is_late(enum notice_state, int64_t deadline, int64_t now);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The life of a task (任务) as a table read by one function: handed out or
 * left open, accepted or declined by the one it is for, done when the
 * inspection arrives.  Pure; roles stand in the daemon's route table.
 */
#ifndef INSPECTIONS_TASK_H
#define INSPECTIONS_TASK_H

#include <stddef.h>
#include <stdint.h>

enum task_state {
	TASK_OPEN, /* nobody's yet: any inspector may take it */
	TASK_ASSIGNED,
	TASK_ACCEPTED,
	TASK_DECLINED,
	TASK_DONE,
	TASK_STATES
};

enum task_event {
	TASK_ASSIGN,
	TASK_ACCEPT,
	TASK_DECLINE,
	TASK_FINISH,
	TASK_EVENTS
};

struct task_facts {
	int64_t actor;
	int64_t assignee; /* 0 nobody */
	int manages;	  /* actor is coordinator or administrator */
};

enum task_refusal {
	TASK_ALLOWED,
	TASK_ILLEGAL,  /* no such transition */
	TASK_NOT_YOURS /* it is somebody else's */
};

enum task_state task_state_parse(const char *word); /* or TASK_STATES */
const char *task_state_name(enum task_state);
const char *task_event_name(enum task_event);

/* As notice_next(): an illegal transition's sentence says both names. */
enum task_refusal task_next(enum task_state from, enum task_event,
    const struct task_facts *, enum task_state *to, char *why, size_t whysize);

#endif

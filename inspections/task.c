/* SPDX-License-Identifier: MIT */
/*
 * The table of a task's life and its one reader.  Knows no store.
 */
#include <stdio.h>
#include <string.h>
#include "inspections/task.h"

enum guard {
	GUARD_NONE,
	GUARD_ASSIGNEE, /* only the one it is for */
	GUARD_ASSIGNEE_OR_MANAGER
};

static const struct transition {
	enum task_state from;
	enum task_event event;
	enum guard guard;
	enum task_state to;
} transitions[] = {
	{ TASK_OPEN, TASK_ASSIGN, GUARD_NONE, TASK_ASSIGNED },
	{ TASK_OPEN, TASK_ACCEPT, GUARD_NONE, TASK_ACCEPTED },
	{ TASK_OPEN, TASK_FINISH, GUARD_NONE, TASK_DONE },
	{ TASK_ASSIGNED, TASK_ASSIGN, GUARD_NONE, TASK_ASSIGNED },
	{ TASK_ASSIGNED, TASK_ACCEPT, GUARD_ASSIGNEE, TASK_ACCEPTED },
	{ TASK_ASSIGNED, TASK_DECLINE, GUARD_ASSIGNEE, TASK_DECLINED },
	{ TASK_ASSIGNED, TASK_FINISH, GUARD_ASSIGNEE_OR_MANAGER, TASK_DONE },
	{ TASK_ACCEPTED, TASK_ASSIGN, GUARD_NONE, TASK_ASSIGNED },
	{ TASK_ACCEPTED, TASK_DECLINE, GUARD_ASSIGNEE, TASK_DECLINED },
	{ TASK_ACCEPTED, TASK_FINISH, GUARD_ASSIGNEE_OR_MANAGER, TASK_DONE },
	{ TASK_DECLINED, TASK_ASSIGN, GUARD_NONE, TASK_ASSIGNED },
};

enum { TRANSITIONS = sizeof(transitions) / sizeof(transitions[0]) };

static const char *const state_names[TASK_STATES] = {
	[TASK_OPEN] = "open",
	[TASK_ASSIGNED] = "assigned",
	[TASK_ACCEPTED] = "accepted",
	[TASK_DECLINED] = "declined",
	[TASK_DONE] = "done",
};

static const char *const event_names[TASK_EVENTS] = {
	[TASK_ASSIGN] = "assign",
	[TASK_ACCEPT] = "accept",
	[TASK_DECLINE] = "decline",
	[TASK_FINISH] = "done",
};

enum task_state
task_state_parse(const char *word)
{
	for (int i = 0; word && i < TASK_STATES; i++)
		if (strcmp(word, state_names[i]) == 0)
			return (enum task_state)i;
	return TASK_STATES;
}

const char *
task_state_name(enum task_state s)
{
	return (unsigned)s < TASK_STATES ? state_names[s] : "unknown";
}

const char *
task_event_name(enum task_event e)
{
	return (unsigned)e < TASK_EVENTS ? event_names[e] : "unknown";
}

static int
guard_passes(enum guard g, const struct task_facts *f)
{
	if (g == GUARD_NONE || f->actor == f->assignee)
		return 1;
	return g == GUARD_ASSIGNEE_OR_MANAGER && f->manages;
}

static const struct transition *
transition_find(enum task_state from, enum task_event event)
{
	for (int i = 0; i < TRANSITIONS; i++)
		if (transitions[i].from == from &&
		    transitions[i].event == event)
			return &transitions[i];
	return NULL;
}

enum task_refusal
task_next(enum task_state from, enum task_event event,
    const struct task_facts *facts, enum task_state *to, char *why,
    size_t whysize)
{
	const struct transition *t = transition_find(from, event);

	if (!t) {
		if (why)
			snprintf(why, whysize,
			    "a task that is '%s' takes no '%s'",
			    task_state_name(from), task_event_name(event));
		return TASK_ILLEGAL;
	}
	if (!guard_passes(t->guard, facts)) {
		if (why)
			snprintf(why, whysize, "the task is somebody else's");
		return TASK_NOT_YOURS;
	}
	*to = t->to;
	return TASK_ALLOWED;
}

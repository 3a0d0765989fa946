/* SPDX-License-Identifier: MIT */
/*
 * The table of a notice's life and its one reader.  Knows nothing of users
 * beyond their ids.  The separation of finder, answerer and re-checker is
 * our rule; the law only asks for an order with a deadline.
 */
#include <stdio.h>
#include <string.h>
#include "inspections/notice.h"

enum guard { GUARD_NONE, GUARD_DEFECTS, GUARD_OTHER_PERSON, GUARD_OVERDUE };

static const struct transition {
	enum notice_state from;
	enum notice_event event;
	enum guard guard;
	enum notice_state to;
} transitions[] = {
	{ NOTICE_DRAFT, NOTICE_ADD, GUARD_NONE, NOTICE_DRAFT },
	{ NOTICE_DRAFT, NOTICE_ISSUE, GUARD_DEFECTS, NOTICE_ISSUED },
	{ NOTICE_ISSUED, NOTICE_REPLY, GUARD_NONE, NOTICE_ANSWERED },
	{ NOTICE_ISSUED, NOTICE_LATE, GUARD_OVERDUE, NOTICE_ISSUED },
	{ NOTICE_ANSWERED, NOTICE_PASS, GUARD_OTHER_PERSON, NOTICE_RECHECKED },
	{ NOTICE_ANSWERED, NOTICE_FAIL, GUARD_OTHER_PERSON, NOTICE_ISSUED },
	{ NOTICE_RECHECKED, NOTICE_CLOSE, GUARD_NONE, NOTICE_CLOSED },
};

enum { TRANSITIONS = sizeof(transitions) / sizeof(transitions[0]) };

static const char *const state_names[NOTICE_STATES] = {
	[NOTICE_DRAFT] = "draft",
	[NOTICE_ISSUED] = "issued",
	[NOTICE_ANSWERED] = "answered",
	[NOTICE_RECHECKED] = "rechecked",
	[NOTICE_CLOSED] = "closed",
};

static const char *const event_names[NOTICE_EVENTS] = {
	[NOTICE_ADD] = "add",
	[NOTICE_ISSUE] = "issue",
	[NOTICE_REPLY] = "reply",
	[NOTICE_PASS] = "recheck-pass",
	[NOTICE_FAIL] = "recheck-fail",
	[NOTICE_CLOSE] = "close",
	[NOTICE_LATE] = "late",
};

enum notice_state
notice_state_parse(const char *word)
{
	for (int i = 0; word && i < NOTICE_STATES; i++)
		if (strcmp(word, state_names[i]) == 0)
			return (enum notice_state)i;
	return NOTICE_STATES;
}

const char *
notice_state_name(enum notice_state s)
{
	return (unsigned)s < NOTICE_STATES ? state_names[s] : "unknown";
}

const char *
notice_event_name(enum notice_event e)
{
	return (unsigned)e < NOTICE_EVENTS ? event_names[e] : "unknown";
}

static const char *
other_person(const struct notice_facts *f)
{
	for (size_t i = 0; i < f->nfinders; i++)
		if (f->finders[i] == f->actor)
			return "who found the defect may not re-check it";
	if (f->answerer == f->actor)
		return "who answered the notice may not re-check it";
	return NULL;
}

/* NULL: the guard lets pass; else the sentence, and *refusal set. */
static const char *
guard_refuses(
    enum guard g, const struct notice_facts *f, enum notice_refusal *refusal)
{
	switch (g) {
	case GUARD_NONE:
		return NULL;
	case GUARD_DEFECTS:
		*refusal = NOTICE_EMPTY;
		return f->defects ? NULL : "the notice has no open defect";
	case GUARD_OTHER_PERSON:
		*refusal = NOTICE_SAME_PERSON;
		return other_person(f);
	case GUARD_OVERDUE:
		*refusal = NOTICE_NOT_YET;
		return f->deadline > 0 && f->now > f->deadline
			   ? NULL
			   : "the deadline has not passed";
	}
	return NULL;
}

static const struct transition *
transition_find(enum notice_state from, enum notice_event event)
{
	for (int i = 0; i < TRANSITIONS; i++)
		if (transitions[i].from == from &&
		    transitions[i].event == event)
			return &transitions[i];
	return NULL;
}

enum notice_refusal
notice_next(enum notice_state from, enum notice_event event,
    const struct notice_facts *facts, enum notice_state *to, char *why,
    size_t whysize)
{
	const struct transition *t = transition_find(from, event);
	enum notice_refusal refusal = NOTICE_ALLOWED;
	const char *sentence = NULL;

	if (!t) {
		if (why)
			snprintf(why, whysize,
			    "a notice that is '%s' takes no '%s'",
			    notice_state_name(from), notice_event_name(event));
		return NOTICE_ILLEGAL;
	}
	sentence = guard_refuses(t->guard, facts, &refusal);
	if (sentence) {
		if (why)
			snprintf(why, whysize, "%s", sentence);
		return refusal;
	}
	*to = t->to;
	return NOTICE_ALLOWED;
}

int
notice_is_late(enum notice_state state, int64_t deadline, int64_t now)
{
	const struct notice_facts facts = { .deadline = deadline, .now = now };
	enum notice_state to = state;

	return notice_next(state, NOTICE_LATE, &facts, &to, NULL, 0) ==
	       NOTICE_ALLOWED;
}

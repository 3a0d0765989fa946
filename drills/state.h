/* SPDX-License-Identifier: MIT */
/*
 * The life of a drill (演练) as one const table {from, event, guard, to}:
 * planned, then running and paused in turn, then ended for good.  Pure: knows
 * no clock, store or user.  Invariant: a pair (from, event) stands in the
 * table at most once; what does not stand there is illegal.
 */
#ifndef DRILLS_STATE_H
#define DRILLS_STATE_H

#include <stddef.h>
#include <stdint.h>

enum drill_state {
	DRILL_PLANNED,
	DRILL_RUNNING,
	DRILL_PAUSED,
	DRILL_ENDED,
	DRILL_STATES
};

enum drill_act {
	DRILL_START,
	DRILL_PAUSE,
	DRILL_RESUME,
	DRILL_POSTPONE,
	DRILL_SIGNAL, /* by hand, at once */
	DRILL_INJECT, /* one more entry of the timeline */
	DRILL_FIRE,   /* an entry falls due on the drill's clock */
	DRILL_ARRIVE,
	DRILL_OBSERVE,
	DRILL_END,
	DRILL_ACTS
};

/* Bound of every drill second: a week. */
enum { DRILL_MAX_SECONDS = 7 * 86400 };

/* What the guards may look at; unused ones stay zero. */
struct drill_facts {
	int64_t people;	 /* START: expected by the plan; ARRIVE: counted */
	int64_t seconds; /* POSTPONE: by how many */
	int64_t last_s;	 /* POSTPONE: second of the last open entry */
	int64_t at_s;	 /* INJECT: wished second */
	int64_t now_s;	 /* INJECT: the drill's clock */
};

/* NULL when the step may be taken, else the sentence that says why not. */
typedef const char *drill_guard(const struct drill_facts *);

struct drill_step {
	enum drill_state from;
	enum drill_act event;
	drill_guard *guard; /* NULL: always */
	enum drill_state to;
};

extern const struct drill_step drill_steps[];
extern const size_t drill_nsteps;

enum drill_refusal { DRILL_OK = 0, DRILL_ILLEGAL = -1, DRILL_GUARDED = -2 };

/* Sets *to on DRILL_OK; else `why` holds a sentence: an illegal step names
 * state and event, a guarded one its reason. */
enum drill_refusal
drill_next(enum drill_state from, enum drill_act, const struct drill_facts *,
    enum drill_state *to, char *why, size_t whysize);

/* "planned", … and back; DRILL_STATES for an unknown word. */
const char *drill_state_name(enum drill_state);
enum drill_state drill_state_parse(const char *);
/* "start", … */
const char *drill_act_name(enum drill_act);

#endif

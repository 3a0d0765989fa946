/* SPDX-License-Identifier: MIT */
/*
 * The life of a drill: the table and the one function that reads it.  Guards
 * are sentences about numbers; they must not look at anything but the facts
 * handed in.
 */
#include <stdio.h>
#include <string.h>
#include "drills/state.h"

static const char *
guard_peopled(const struct drill_facts *f)
{
	return f->people > 0 ? NULL : "the plan expects nobody at any shelter";
}

static const char *
guard_postponement(const struct drill_facts *f)
{
	if (f->seconds <= 0 || f->seconds > DRILL_MAX_SECONDS)
		return "seconds must be 1 to 604800";
	if (f->last_s > DRILL_MAX_SECONDS - f->seconds)
		return "the last entry would fall more than a week in";
	return NULL;
}

static const char *
guard_not_past(const struct drill_facts *f)
{
	if (f->at_s < f->now_s)
		return "at_s lies before the drill's clock";
	if (f->at_s > DRILL_MAX_SECONDS)
		return "at_s lies more than a week in";
	return NULL;
}

const struct drill_step drill_steps[] = {
	/* from		event		guard		    to */
	{ DRILL_PLANNED, DRILL_START, guard_peopled, DRILL_RUNNING },
	{ DRILL_PLANNED, DRILL_POSTPONE, guard_postponement, DRILL_PLANNED },
	{ DRILL_PLANNED, DRILL_INJECT, guard_not_past, DRILL_PLANNED },
	{ DRILL_RUNNING, DRILL_PAUSE, NULL, DRILL_PAUSED },
	{ DRILL_RUNNING, DRILL_POSTPONE, guard_postponement, DRILL_RUNNING },
	{ DRILL_RUNNING, DRILL_SIGNAL, NULL, DRILL_RUNNING },
	{ DRILL_RUNNING, DRILL_INJECT, guard_not_past, DRILL_RUNNING },
	{ DRILL_RUNNING, DRILL_FIRE, NULL, DRILL_RUNNING },
	{ DRILL_RUNNING, DRILL_ARRIVE, guard_peopled, DRILL_RUNNING },
	{ DRILL_RUNNING, DRILL_OBSERVE, NULL, DRILL_RUNNING },
	{ DRILL_RUNNING, DRILL_END, NULL, DRILL_ENDED },
	{ DRILL_PAUSED, DRILL_RESUME, NULL, DRILL_RUNNING },
	{ DRILL_PAUSED, DRILL_POSTPONE, guard_postponement, DRILL_PAUSED },
	{ DRILL_PAUSED, DRILL_INJECT, guard_not_past, DRILL_PAUSED },
	{ DRILL_PAUSED, DRILL_ARRIVE, guard_peopled, DRILL_PAUSED },
	{ DRILL_PAUSED, DRILL_OBSERVE, NULL, DRILL_PAUSED },
	{ DRILL_PAUSED, DRILL_END, NULL, DRILL_ENDED },
};
const size_t drill_nsteps = sizeof(drill_steps) / sizeof(*drill_steps);

static const char *const states[DRILL_STATES] = { "planned", "running",
	"paused", "ended" };
static const char *const acts[DRILL_ACTS] = { "start", "pause", "resume",
	"postpone", "signal", "inject", "fire", "arrive", "observe", "end" };

const char *
drill_state_name(enum drill_state s)
{
	return (unsigned)s < DRILL_STATES ? states[s] : "?";
}

enum drill_state
drill_state_parse(const char *word)
{
	unsigned s = 0;

	while (s < DRILL_STATES && strcmp(states[s], word) != 0)
		s++;
	return (enum drill_state)s;
}

const char *
drill_act_name(enum drill_act a)
{
	return (unsigned)a < DRILL_ACTS ? acts[a] : "?";
}

enum drill_refusal
drill_next(enum drill_state from, enum drill_act event,
    const struct drill_facts *facts, enum drill_state *to, char *why,
    size_t whysize)
{
	static const struct drill_facts none;
	const char *reason = NULL;

	for (size_t i = 0; i < drill_nsteps; i++) {
		const struct drill_step *s = &drill_steps[i];

		if (s->from != from || s->event != event)
			continue;
		if (s->guard != NULL)
			reason = s->guard(facts != NULL ? facts : &none);
		if (reason == NULL) {
			*to = s->to;
			return DRILL_OK;
		}
		snprintf(why, whysize, "%s", reason);
		return DRILL_GUARDED;
	}
	snprintf(why, whysize, "the drill is %s: %s is not possible",
	    drill_state_name(from), drill_act_name(event));
	return DRILL_ILLEGAL;
}

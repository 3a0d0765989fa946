/* SPDX-License-Identifier: MIT */
/*
 * Walks a notice's past; see notice_replay.h.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "inspections/notice_replay.h"

enum { FINDERS = 256 };

const char notice_replay_draft[] = "draft";

static enum notice_event
event_parse(const char *word)
{
	for (int i = 0; i < NOTICE_EVENTS; i++)
		if (strcmp(word, notice_event_name((enum notice_event)i)) == 0)
			return (enum notice_event)i;
	return NOTICE_EVENTS;
}

static bool
begins(const struct notice_past *p)
{
	return strcmp(p->action, notice_replay_draft) == 0 &&
	       p->from[0] == '\0' &&
	       strcmp(p->to, notice_state_name(NOTICE_DRAFT)) == 0;
}

/* Those who had found something by then. */
static size_t
finders_before(
    const struct notice_replay *r, int64_t order, int64_t out[FINDERS])
{
	size_t n = 0;

	for (size_t i = 0; i < r->nfinders && n < FINDERS; i++)
		if (r->finders[i].order <= order)
			out[n++] = r->finders[i].id;
	return n;
}

static const char *
wrong(char *why, size_t size, const struct notice_past *p, const char *what)
{
	snprintf(why, size, "step %lld (%s): %s", (long long)p->seq, p->action,
	    what);
	return why;
}

static const char *
move(struct notice_replay *r, const struct notice_past *p, char *why,
    size_t whysize)
{
	enum notice_event event = event_parse(p->action);
	int64_t finders[FINDERS];
	char sentence[160] = "no such step";
	struct notice_facts facts = {
		.actor = p->actor,
		.finders = finders,
		.nfinders = finders_before(r, p->order, finders),
		.answerer = r->answerer,
		.defects = r->nfinders,
		.deadline = r->deadline,
		.now = p->at,
	};

	if (event == NOTICE_EVENTS ||
	    notice_next(r->state, event, &facts, &r->state, sentence,
		sizeof(sentence)) != NOTICE_ALLOWED)
		return wrong(why, whysize, p, sentence);
	if (strcmp(p->to, notice_state_name(r->state)) != 0)
		return wrong(why, whysize, p, "it leads elsewhere");
	if (event == NOTICE_REPLY)
		r->answerer = p->actor;
	return NULL;
}

const char *
notice_replay_step(struct notice_replay *r, const struct notice_past *p,
    char *why, size_t whysize)
{
	if (p->seq != r->seq + 1)
		return wrong(why, whysize, p, "a step is missing before it");
	if (p->at < r->at)
		return wrong(why, whysize, p, "it is earlier than the last");
	r->seq = p->seq;
	r->at = p->at;
	if (p->seq == 1) {
		r->state = NOTICE_DRAFT;
		return begins(p) ? NULL
				 : wrong(why, whysize, p, "not how one begins");
	}
	if (strcmp(p->from, notice_state_name(r->state)) != 0)
		return wrong(why, whysize, p, "it starts elsewhere");
	return move(r, p, why, whysize);
}

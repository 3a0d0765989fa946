/* SPDX-License-Identifier: MIT */
/*
 * A drill's log told again: which of its events, when, and in which words.
 * Pure: knows no clock and no daemon; seconds are the drill's.
 */
#ifndef SHELTERCTL_REPLAY_H
#define SHELTERCTL_REPLAY_H

#include <stdbool.h>
#include <stdint.h>
#include <cjson/cJSON.h>
#include "clients/shelterctl/file.h"

struct replay {
	double speed;	  /* drill seconds in a second; 0: at once */
	int64_t from, to; /* of the drill; from -1: the first event */
	int64_t second;	  /* of the last event told */
	int64_t people;	  /* in by then, with those before `from` */
	bool begun;
};

/* The drill's second of an event. */
int64_t replay_second(const cJSON *event);

/* Takes the next event of the log.  False: it is not told.  Else *due_ms is
   how long after the beginning; it never runs backwards. */
bool replay_next(struct replay *, const cJSON *event, int64_t *due_ms);

/* What happened, in words of both languages. */
void replay_words(const struct replay *, const cJSON *event, struct text *);

#endif

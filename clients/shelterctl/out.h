/* SPDX-License-Identifier: MIT */
/*
 * How answers are shown: as tables for people or as JSON for scripts.  A
 * command hands over the daemon's answer and which of its members a person
 * wants to see; it does not know which instance it writes to.
 */
#ifndef SHELTERCTL_OUT_H
#define SHELTERCTL_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cjson/cJSON.h>

struct column {
	const char *key;   /* "left_over.full" looks into objects */
	const char *title; /* NULL ends the list */
	bool right;	   /* numbers */
};

struct out {
	bool json;
	FILE *f;
	void (*list)(struct out *, const cJSON *items, const struct column *);
	void (*object)(
	    struct out *, const cJSON *object, const struct column *);
	/* a sentence for people; JSON drops it */
	void (*note)(struct out *, const char *format, ...)
	    __attribute__((format(printf, 2, 3)));
};

void out_text(struct out *, FILE *);
void out_json(struct out *, FILE *);

/* Columns a text takes on a terminal: wide characters take two. */
int out_width(const char *utf8);

/* Writes text, control characters and broken UTF-8 replaced, cut to `most`
   columns with an ellipsis (0: not cut) and filled up to `least`; a negative
   `least` fills from the left. */
void out_cell(FILE *, const char *utf8, int least, int most);

/* The member of a dotted key, NULL: absent. */
const cJSON *out_member(const cJSON *object, const char *key);

/* A value as a person reads it; the caller frees it. */
char *out_value(const cJSON *);

#endif

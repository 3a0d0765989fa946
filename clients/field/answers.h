/* SPDX-License-Identifier: MIT */
/*
 * The answers of one inspection: an item's result, note, entrance, and the
 * body they make.  Pure JSON in, JSON out; what is asked of whom, and where
 * it goes, is others' business.
 */
#ifndef FIELD_ANSWERS_H
#define FIELD_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>
#include <cjson/cJSON.h>

enum { ANSWERS_WHY = 200 };

/* One answer; text may be NULL, numbers absent when < 0 (factor) or 0. */
struct answer {
	const char *item, *result, *note;
	int64_t entrance;
	double factor;
};

/* Puts it into the object {item: finding, …}, over an earlier one. */
bool answers_put(cJSON *answers, const struct answer *);
/* Is there such an item on the checklist? */
const cJSON *answers_item(const cJSON *items, const char *id);

/*
 * The body of POST /v1/inspections: a finding per item in the checklist's
 * order; an item without an answer passes.  NULL and a sentence when an
 * answer names no item of the checklist or the entrance is not the shelter's
 * (checked when `shelter`, as the server gave it, is not NULL).
 */
cJSON *answers_body(const cJSON *answers, const cJSON *items, const cJSON *task,
    const cJSON *shelter, const char *op, const char *at,
    char why[ANSWERS_WHY]);

/* The kinds of work a task of the schedule says are due of this item of the
 * checklist, with blanks between; "" if none. */
enum { ANSWERS_DUE = 64 };
const char *
answers_due(const cJSON *task, const cJSON *item, char due[ANSWERS_DUE]);

/* How many of the body's findings failed. */
int answers_failed(const cJSON *body);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the files of the drill routes share: loading a drill for a request,
 * asking the table of its life, and its JSON.  Handlers are named after their
 * route; the rows stand in api_drill.c.
 */
#ifndef SHELTERD_API_DRILL_H
#define SHELTERD_API_DRILL_H

#include <stdbool.h>
#include "drills/alarm.h"
#include "shelterd/api/drill_clock.h"
#include "shelterd/net/request.h"
#include "shelterd/site.h"
#include "shelterd/store/drill.h"

/* The drill {id} of the path; 404 or 503 otherwise. Release when ST_OK. */
enum status drill_of_request(struct request *, struct drill_now *);
enum status drill_missing(struct request *, int64_t id); /* the 404 */
/* 409 when the step is not in the table, 422 (naming `field`) when its guard
 * says no; else the new state is set in the row. */
enum status drill_step_check(struct request *, struct drill_now *,
    enum drill_act, const struct drill_facts *, const char *field);

/* Is this shelter hidden from this caller? By the snapshot. */
bool drill_hides(const struct request *, int64_t shelter);

/* {"exercise":true,"at_s":…}: how every event of a running drill begins. */
cJSON *drill_event_body(const struct drill_now *);
/* Who may see an event of a drill; `hidden`: it names a hidden shelter. */
struct event_scope drill_scope(bool hidden);
/* With its timetable; expected doors only when `whole`. NULL: store failed. */
cJSON *drill_json(const struct request *, const struct drill_now *, bool whole);
/* The body of drill.made: what the report is later computed from. */
cJSON *drill_made_json(const struct request *, const struct drill_now *);
/* A signal's two names and its tone and silence. */
void drill_add_pattern(cJSON *, const struct alarm_signal *);
cJSON *inject_json(const struct inject_row *);
/* "who", if it is told to somebody in particular. */
void inject_add_who(cJSON *, const struct inject_row *);

enum status drill_start(struct request *);
enum status drill_pause(struct request *);
enum status drill_resume(struct request *);
enum status drill_end(struct request *);
enum status drill_postpone(struct request *);
enum status drill_signal(struct request *);
enum status drill_inject(struct request *);
enum status drill_import(struct request *);
enum status drill_observe(struct request *);
enum status drill_arrivals(struct request *);
enum status drill_report(struct request *);
enum status drill_compare(struct request *);

#endif

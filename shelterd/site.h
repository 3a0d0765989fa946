/* SPDX-License-Identifier: MIT */
/*
 * What the handlers of tasks, inspections, defects and notices share: whose
 * business a shelter is, and the small JSON words.  It decides nothing about transitions; those stand in inspections/.
 */
#ifndef SHELTERD_SITE_H
#define SHELTERD_SITE_H

#include "shelterd/request.h"
#include "shelterd/snapshot.h"

/* Hidden works exist for administrators and coordinators only. */
bool site_visible(const struct caller *, const struct snap_shelter *);
/* As above, and a unit's user sees the works of its own org only. */
bool site_own_visible(const struct caller *, const struct snap_shelter *);
/* The shelter if the caller may see it, else NULL. */
const struct snap_shelter *site_shelter(const struct request *, int64_t id);

/* Who may see an event about this shelter: everyone of `roles`, of units its
 * org's only, of a hidden one the office only. */
struct event_scope site_scope(const struct snap_shelter *, unsigned roles);

/* Null for 0, and times as RFC 3339. */
void site_add_id(cJSON *, const char *name, int64_t id);
void site_add_time(cJSON *, const char *name, int64_t at);
/* The user's name, "" for nobody. */
const char *site_user(const struct request *, int64_t id);
/* A JSON array kept as text, back as an array. */
void site_add_array(cJSON *, const char *name, const char *text);

/* The body field `name` as a time: dflt when absent, ST_INVALID when it is
 * no time. */
enum status
site_time(struct request *, const char *name, int64_t dflt, int64_t *out);

/* ST_INVALID unless every element is a SHA-256 in lower-case hexadecimal;
 * `field` names the array in the answer. NULL is fine. */
enum status
site_check_evidence(struct request *, const cJSON *array, const char *field);

/* The store did not do as asked: logs nothing, answers 503. */
enum status site_store_failed(struct request *);

#endif

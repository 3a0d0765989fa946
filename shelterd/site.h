/* SPDX-License-Identifier: MIT */
/*
 * What handlers share that answer about a shelter: whose business it is, what
 * it is called, and the small JSON words.  It decides nothing about
 * transitions; those stand in inspections/.
 */
#ifndef SHELTERD_SITE_H
#define SHELTERD_SITE_H

#include "shelterd/net/request.h"
#include "shelterd/snapshot.h"

/* An administrator or a coordinator: hidden works exist for them only. */
bool site_office(const struct caller *);
/* A hidden work, by the office only. */
bool site_visible(const struct caller *, const struct snap_shelter *);
/* As above, and a unit's user sees the works of its own org only. */
bool site_own_visible(const struct caller *, const struct snap_shelter *);
/* The shelter if the caller may see it, else NULL. */
const struct snap_shelter *site_shelter(const struct request *, int64_t id);

/* Who may see an event about this shelter: everyone of `roles`, of units its
 * org's only, of a hidden one the office only. */
struct event_scope site_scope(const struct snap_shelter *, unsigned roles);

/* What people call it: its name, or its address if it has none. */
const char *site_label(const struct snap_shelter *);
/* "shelter":id and "shelter_name":label, "" when it is gone. */
void site_add_shelter(const struct request *, cJSON *, int64_t id);

/* A field that is an id; its other members follow the name. */
#define SITE_ID_FIELD(n, ...)                                        \
	{                                                            \
		.name = n, .type = F_INTEGER, .min = 1, .max = 9e15, \
		__VA_ARGS__                                          \
	}
/* What site_check_evidence() checks. */
#define SITE_EVIDENCE_FIELD                                            \
	{                                                              \
		.name = "evidence", .type = F_ARRAY, .item = F_STRING, \
		.maxlen = 50, .help = "SHA-256 of each photo"          \
	}

/* Null for 0 and for ""; times as RFC 3339. */
void site_add_id(cJSON *, const char *name, int64_t id);
void site_add_text(cJSON *, const char *name, const char *text);
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

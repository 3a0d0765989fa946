/* SPDX-License-Identifier: MIT */
/*
 * The event log: the spine.  Every write appends exactly one event in its own
 * transaction; the log is the audit trail, the push feed, the drill's
 * recording.  Each event's hash covers the one before it, so a changed or
 * removed event breaks the chain (see event.c for the canonical line).
 * Invariant: ids are 1, 2, 3 … without a hole.
 */
#ifndef SHELTERD_STORE_EVENT_H
#define SHELTERD_STORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

enum { EVENT_HASH = 32 };

/* A committed event, refcounted so that stream clients can share it. */
struct event {
	int64_t id, at; /* UTC seconds */
	int64_t user_id;
	char user[64];
	char kind[40], noun[24];
	int64_t noun_id;
	unsigned roles; /* who may see it */
	int64_t scope_user;
	char scope_org[128];
	bool hidden;
	unsigned char prev[EVENT_HASH], hash[EVENT_HASH];
	char *body; /* JSON text: malloc'd, or event_set_body()'s */
};

/* All zero, one reference. */
struct event *event_make(void);
/* Copies it; once per event.  false: memory is out. */
bool event_set_body(struct event *, const char *text, size_t len);
void event_ref(struct event *);
void event_unref(struct event *); /* any thread */

/* Inside a transaction: numbers, chains and stores it; fills id, prev, hash.
 * `before` is the newest one if this transaction has appended it, else NULL:
 * the store is asked. */
int event_append(struct db *, struct event *, const struct event *before);
/* event_append() in two steps, for those of which many are stored together. */
int event_number(struct db *, struct event *, const struct event *before);
int event_store(struct db *, struct event *const *, size_t n);
/* Up to `limit` events with id > since, oldest first; each with one
 * reference. Returns how many, negative on error. */
int event_list(struct db *, int64_t since, int limit, struct event **out);
int64_t event_last(struct db *);
/* Ids of the events about one thing, in order; how many there are, of which
 * at most `limit` are written; negative on error. */
int event_ids_of(struct db *, const char *noun, int64_t noun_id, int64_t after,
    int limit, int64_t *ids);
/* Does its hash cover what it says and the event before it? */
bool event_sound(const struct event *);
/* May this caller see it? The only place that decides. */
bool
event_visible(const struct event *, int64_t user_id, int role, const char *org);
/* {"id",…,"hash"} as one line of JSON, malloc'd; NULL without memory. */
char *event_json(const struct event *);
/* Walks the chain: count, last id, first bad id (0: none), hash of the last
 * event as 64 hex digits. A cut tail needs a signed head (store/head.h). */
int event_verify(struct db *, int64_t *count, int64_t *head, int64_t *first_bad,
    char *headhash_hex65);

#endif

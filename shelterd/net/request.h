/* SPDX-License-Identifier: MIT */
/*
 * What a handler sees of a request and how it answers.  A handler decodes,
 * checks, does, and returns a status; it never sends.  The same functions
 * serve all four lanes (enum runs_on); which of `db` and `snap` is set
 * depends on the lane:
 *
 *	ON_LOOP			snap set, db NULL
 *	ON_READER, ON_WORKER	snap set, db = the lane's read-only connection
 *	ON_WRITER		snap set (the state before), db = the writer's
 *				connection inside a transaction
 *
 * By the time a handler runs the row has already been enforced: role, query
 * names and types, body schema, UTF-8, size, If-Match syntax.  Handlers check
 * only what a row cannot say (does the id exist, may this user see it, is the
 * transition legal).
 */
#ifndef SHELTERD_REQUEST_H
#define SHELTERD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cjson/cJSON.h>
#include "shelterd/net/route.h"

struct db;
struct snapshot;
struct daemon;

/* The caller; a copy taken when the request was let in. */
struct caller {
	int64_t id;
	enum role role;
	char name[64];
	char org[128]; /* maintenance unit, empty if none */
	char peer[48]; /* address without port; empty for the daemon itself */
	unsigned char token[32]; /* hash of the token it came with, else 0 */
};

struct request {
	const struct route *route;
	struct daemon *daemon; /* settings, rules, jobs; never the loop */
	struct caller caller;
	cJSON *body;		     /* parsed and schema-checked, or NULL */
	struct db *db;		     /* see above */
	const struct snapshot *snap; /* a reference held for this request */
	int64_t now;		     /* UTC seconds */
	int64_t if_match;	     /* version, -1 when absent */
	struct reply *reply;
	struct request_private *p; /* http.c's own part */
	struct writer_private *w;  /* writer.c's own part, NULL elsewhere */
};

/* Path parameter {name} as an id; a path whose id is no number is a 404
 * before the handler runs. */
int64_t req_id(const struct request *, const char *name);
/* Path parameter {name} as text (percent-decoded), never NULL. */
const char *req_param(const struct request *, const char *name);

/* Query parameters: absent ones give the default. */
const char *
req_query(const struct request *, const char *name, const char *dflt);
int64_t req_query_int(const struct request *, const char *name, int64_t dflt);
double req_query_num(const struct request *, const char *name, double dflt);
bool req_query_bool(const struct request *, const char *name, bool dflt);

/* Whether If-None-Match holds this entity tag (in its quotes): then 304 is
 * answer enough. */
bool req_knows(const struct request *, const char *etag);

/* Body fields: absent or null ones give the default. */
const char *body_str(const cJSON *, const char *name, const char *dflt);
int64_t body_int(const cJSON *, const char *name, int64_t dflt);
double body_num(const cJSON *, const char *name, double dflt);
bool body_bool(const cJSON *, const char *name, bool dflt);
/* F_TIME as UTC seconds. */
int64_t body_time(const cJSON *, const char *name, int64_t dflt);

/* Answer with JSON; takes the object, also on failure. Returns `st`. */
enum status reply_json(struct request *, enum status st, cJSON *take);
/* Answer with bytes (CSV, GeoJSON already printed); takes malloc'd bytes. */
enum status reply_bytes(
    struct request *, enum status st, const char *type, char *take, size_t len);
/* The same with bytes that are copied. */
enum status reply_copy(struct request *, enum status st, const char *type,
    const char *bytes, size_t len);
/* Adds a response header (ETag, Location, …), copied. */
void reply_header(struct request *, const char *name, const char *value);
/* "ETag: \"version\"". */
void reply_version(struct request *, int64_t version);

/*
 * Answer with a problem detail: `field` names what is wrong ("findings[2].item",
 * "radius", "id"; NULL if nothing in particular), then a printf-style sentence.
 * Returns `st`, so that handlers say `return req_fail(...)`.
 */
enum status req_fail(struct request *, enum status st, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * ON_WRITER only.  Appends the one event of this request: kind
 * ("shelter.changed"), the noun's id it is about (0: none), who may see it
 * (mask of roles) and the body, which is taken.  Sets *id if not NULL.
 * Fails when called twice.
 */
struct event_scope {
	unsigned roles;	 /* who may see it; admins always may */
	int64_t user;	 /* if set: of inspectors, only this one */
	const char *org; /* if set: of units, only this one */
	bool hidden;	 /* about a hidden work: roles 1|2 only */
};
enum status req_event(struct request *, const char *kind, const char *noun,
    int64_t noun_id, struct event_scope, cJSON *take, int64_t *id);
/* The same with a body that is text already, copied; NULL: memory was out. */
enum status req_event_text(struct request *, const char *kind, const char *noun,
    int64_t noun_id, struct event_scope, const char *text, size_t len,
    int64_t *id);

/* ON_WRITER only: what the commit must refresh in the snapshot. */
void req_touch_shelter(struct request *, int64_t shelter_id);
enum snap_part {
	SNAP_SHELTERS = 1, /* all of them */
	SNAP_HOMES = 2,
	SNAP_NETWORK = 4,
	SNAP_USERS = 8,
	SNAP_DRILLS = 16,
	SNAP_PLANS = 32, /* plan_view.h */
	SNAP_CLOSURES = 64,
	/* These make another data version. */
	SNAP_MAP = SNAP_SHELTERS | SNAP_HOMES | SNAP_NETWORK | SNAP_CLOSURES
};
void req_touch(struct request *, unsigned parts);

/*
 * ON_WORKER only.  Runs `fn` with this request on the writer lane inside a
 * transaction and waits for the commit; the answer fn made is this request's.
 * Returns fn's status, or ST_UNAVAILABLE when the commit failed.
 */
enum status req_write(
    struct request *, enum status (*fn)(struct request *, void *), void *arg);

/*
 * Jobs.  A handler (any lane but the reader) starts one and answers 202 with
 * reply_job().  `run` is called on the worker lane; it must look at
 * job_cancelled() now and then and report job_progress().  It takes `arg`.
 * job_write() runs `fn` on the writer lane inside a transaction, as a
 * request of the job's caller, and waits for the commit.
 */
struct job;
struct job *req_job(struct request *, const char *kind,
    enum status (*run)(struct job *, void *arg), void *arg,
    void (*arg_free)(void *));
enum status reply_job(struct request *, struct job *);
bool job_cancelled(const struct job *);
void job_progress(struct job *, const char *phase, int64_t done, int64_t total);
/* The newest snapshot; valid until the job ends. */
const struct snapshot *job_snapshot(struct job *);
/* The job lane's read-only connection. */
struct db *job_db(struct job *);
struct daemon *job_daemon(struct job *);
enum status
job_write(struct job *, enum status (*fn)(struct request *, void *), void *arg);
/* The job's result object (taken), shown as "result" of GET /v1/jobs/{id}. */
void job_result(struct job *, cJSON *take);
enum status job_fail(struct job *, enum status, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif

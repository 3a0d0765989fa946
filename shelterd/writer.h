/* SPDX-License-Identifier: MIT */
/*
 * The writer: one thread, the only connection that writes.  It takes whatever
 * tasks are waiting, runs each inside a savepoint of one transaction, commits
 * once (synchronous=FULL), makes the next snapshot and hands the batch back;
 * nothing is answered before that.  A task whose handler answers 4xx/5xx is
 * rolled back to its savepoint and does not disturb its neighbours; if the
 * commit itself fails every task of the batch answers 503.
 *
 * A successful task has appended exactly one event or said req_no_event();
 * one that did neither is a bug of ours: it is rolled back and answers 500.
 * A handler reads what earlier tasks of the batch did only through req->db,
 * req->snap is the picture before the batch.
 *
 * Idempotency keys are looked up and recorded here, in the same transaction.
 * Implements req_event(), req_touch(), req_touch_shelter().
 */
#ifndef SHELTERD_WRITER_H
#define SHELTERD_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "shelterd/net/request.h"
#include "shelterd/store/event.h"

struct db;
struct rules;
struct snapshot;
struct writer;

struct writer_task {
	struct writer_task *next;
	struct request *req;
	enum status (*run)(struct request *, void *arg);
	void *arg;
	enum status status;		/* the outcome, set by the writer */
	bool unkept;			/* the writer's: not kept yet */
	const char *idempotency_key;	/* NULL: none */
	unsigned char request_hash[32]; /* of route and body */
};

/* What one commit brought; the receiver owns it all: it unrefs snap and each
 * event and frees the array. After a failed commit snap and events are
 * empty. */
struct writer_batch {
	struct writer_task *tasks; /* in order of arrival */
	struct snapshot *snap;	   /* NULL: unchanged */
	struct event **events;	   /* in id order */
	size_t nevents;
};

struct writer_config {
	const char *path; /* of the store */
	const struct rules *rules;
	struct snapshot *snap; /* the first one, referenced; NULL: none made */
	int64_t idempotency_days; /* 0: the default */
	/* Called on the writer's thread after each commit; must not block. */
	void (*committed)(void *arg, struct writer_batch *);
	void *arg;
};

struct writer *
writer_start(const struct writer_config *, char *err, size_t errsize);
void writer_submit(struct writer *, struct writer_task *); /* any thread */
/* Finishes what waits, then stops and frees. */
void writer_stop(struct writer *);

/* ON_WRITER: this request succeeded and changed nothing. */
void req_no_event(struct request *);
/*
 * What the handlers of a row that may run twice (struct route) know for the
 * later tasks of their batch.  It is settled before another kind of task runs
 * and before the commit, and dropped then, or when anything was undone.  What
 * it puts off until then must belong to rows already written; after a failing
 * settle() the batch runs again from the start.
 */
struct writer_memo {
	void *of;
	int (*settle)(void *of, struct db *); /* a result of the store */
	void (*free)(void *of);
};
/* Is it so that if this task fails after it wrote, its batch runs again from
 * the start?  Then a handler may try what it could not take back. */
bool req_may_run_again(const struct request *);
/* NULL, or what was kept with this settle(). */
void *req_memo(struct request *, int (*settle)(void *, struct db *));
/* Takes it; false: there is another one. */
bool req_keep_memo(struct request *, struct writer_memo);

/* ON_WRITER: with the commit these rules hold in place of those of the
 * snapshot; they outlive the writer. */
void req_set_rules(struct request *, const struct rules *);
/* Those that will hold after this batch. */
const struct rules *req_next_rules(const struct request *);

/* ON_WRITER: the answer holds a secret; `text` (JSON, copied) is kept under
 * the idempotency key in its place; NULL: nothing is kept. */
void req_keep_instead(struct request *, const char *text);

#endif

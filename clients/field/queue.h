/* SPDX-License-Identifier: MIT */
/*
 * What an inspector carries into the basement: her tasks, the checklist, the
 * entrances of the works, and the operations she has done that the server has
 * not confirmed.  One SQLite file, synchronous=FULL.  Invariants: an
 * operation is on disk before anybody tries to send it, and goes away only
 * together with the note that the server confirmed it; what the server
 * refused is kept with the reason, aside from what is still to be sent.
 *
 * It must not know HTTP.  Functions that can fail return false and
 * queue_error() tells more.
 */
#ifndef FIELD_QUEUE_H
#define FIELD_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <cjson/cJSON.h>

struct queue;

enum { QUEUE_OP = 37, QUEUE_ERROR = 256 };

/* Makes the file and its folder where there is none. */
struct queue *queue_open(const char *path, char err[QUEUE_ERROR]);
void queue_close(struct queue *);
const char *queue_error(const struct queue *);
/* $XDG_DATA_HOME/shelter-field/field.db, else below ~/.local/share; malloc'd,
 * NULL when there is no home. */
char *queue_default_path(void);

/* A new random operation id (UUID, version 4). */
void queue_new_op(char op[QUEUE_OP]);

struct queue_op {
	int64_t seq; /* order of sending */
	int64_t task;
	int64_t tries;
	char op[QUEUE_OP];
	char kind[16]; /* accept, decline, inspection */
	char path[96];
	cJSON *body;	/* NULL: none */
	char *reason;	/* why it was refused; NULL: it was not */
	int64_t status; /* HTTP status of the refusal */
};
void queue_op_release(struct queue_op *);

/* Stores an operation to be sent; `body` (may be NULL) is borrowed.  An
 * unfinished inspection of the same task is dropped with it. */
bool queue_add(struct queue *, const struct queue_op *);
/* The first unsent one after `seq`; false and op->seq 0: there is none. */
bool queue_next(struct queue *, int64_t after, struct queue_op *);
/* The same for refused ones. */
bool queue_next_refused(struct queue *, int64_t after, struct queue_op *);
bool queue_tried(struct queue *, int64_t seq);
/* The server has it: the operation goes, its answer is noted. */
bool queue_confirmed(struct queue *, int64_t seq, const char *answer);
bool
queue_refused(struct queue *, int64_t seq, int64_t status, const char *reason);
/* A refused one again among the unsent; false: no such one. */
bool queue_retry(struct queue *, const char *op);
bool queue_forget(struct queue *, const char *op);

struct queue_counts {
	int64_t unsent, refused, sent, tasks;
};
bool queue_count(struct queue *, struct queue_counts *);

/* Small facts: "user", "user_name", "last_sync", "last_event"; "" if unknown.
 * The caller frees it. */
char *queue_fact(struct queue *, const char *key);
bool queue_set_fact(struct queue *, const char *key, const char *value);

/* What the server said, replaced as a whole: arrays of tasks, of checklist
 * items, of shelters. */
bool queue_replace(struct queue *, const cJSON *tasks, const cJSON *items,
    const cJSON *shelters);
bool queue_put_task(struct queue *, const cJSON *task);
bool queue_drop_task(struct queue *, int64_t id);
/* Arrays in order (by due date, of the checklist); NULL on failure.  A task
 * with an unsent operation has "unsent": its kind. */
cJSON *queue_tasks(struct queue *);
cJSON *queue_items(struct queue *);
/* One of them; NULL if unknown. */
cJSON *queue_task(struct queue *, int64_t id);
cJSON *queue_shelter(struct queue *, int64_t id);

/* The answers of an inspection that is not finished, by task; NULL: none. */
cJSON *queue_draft(struct queue *, int64_t task);
bool queue_set_draft(struct queue *, int64_t task, const cJSON *);

#endif

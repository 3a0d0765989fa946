/* SPDX-License-Identifier: MIT */
/*
 * What the files of the writer share: what the tasks of a batch have done so
 * far (the `w` of a request), and the answers kept under keys.
 */
#ifndef SHELTERD_WRITER_PRIVATE_H
#define SHELTERD_WRITER_PRIVATE_H

#include <stdbool.h>
#include "shelterd/writer.h"

struct db;

struct writer_private {
	bool bare; /* no savepoints so far: rows nobody reads are put off */
	struct event **events;
	size_t nevents, events_cap;
	size_t stored; /* of them */
	int64_t *shelters;
	size_t nshelters, shelters_cap;
	unsigned parts;
	int64_t map_event; /* the newest that changed the map; 0: none did */
	const struct rules *rules; /* that hold from the commit on, or NULL */
	struct writer_memo memo;
	/* Of the running task: */
	bool no_event;
	bool on_map; /* it changes the map */
	bool keeps;
	char *kept; /* instead of the answer's bytes */
};

/* A place to go back to in it. */
struct writer_mark {
	size_t nevents, nshelters;
	unsigned parts;
	int64_t map_event;
	const struct rules *rules;
};

/* Forgets what came after the mark. */
void writer_undo(struct writer_private *, const struct writer_mark *);

/* Has the memo write what it put off, and stores events; a result of the
 * store. */
int writer_settle(struct writer_private *, struct db *);
/* Drops the memo. */
void writer_forget(struct writer_private *);

/* Drops the answer made so far for a 503. */
enum status writer_unavailable(struct request *, const char *why);

/* True when the key settles the task: answered again, or refused. */
bool writer_settled_by_key(struct writer_task *, enum status *);
/* Keeps the answer under the task's key; a result of the store. */
int writer_keep_answer(const struct writer_task *, enum status);
/* Can that wait till the end of the batch? */
bool writer_keeps_later(const struct writer_task *);
/* Keeps those of the tasks of a batch that could. */
int writer_keep_answers(struct db *, struct writer_task *first);

#endif

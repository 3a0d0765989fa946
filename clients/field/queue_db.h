/* SPDX-License-Identifier: MIT */
/* What the two files of the inspector's store share; not for its users. */
#ifndef FIELD_QUEUE_DB_H
#define FIELD_QUEUE_DB_H

#include <sqlite3.h>
#include "clients/field/queue.h"

struct queue {
	sqlite3 *db;
};

bool queue_exec(struct queue *, const char *sql);
/* NULL when it does not prepare; binding to NULL does nothing. */
sqlite3_stmt *queue_prepare(struct queue *, const char *sql);
void queue_bind(sqlite3_stmt *, int n, const char *text);
/* Steps a statement without rows to its end and frees it. */
bool queue_finish(sqlite3_stmt *);
/* Commits if all went well, else undoes everything since the begin. */
bool queue_end(struct queue *, bool ok);

static inline const char *
queue_text(sqlite3_stmt *s, int col)
{
	const char *t = (const char *)sqlite3_column_text(s, col);

	return t ? t : "";
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Values that may be absent: NULL in the store, 0 for an id and negative for
 * a count or a measure in the rows.
 */
#ifndef SHELTERD_STORE_BIND_H
#define SHELTERD_STORE_BIND_H

#include <stdint.h>
#include "shelterd/store/db.h"

static inline void
bind_id(struct db_stmt *s, int n, int64_t id)
{
	if (id)
		db_bind_int(s, n, id);
	else
		db_bind_null(s, n);
}

static inline void
bind_count(struct db_stmt *s, int n, int64_t count)
{
	if (count < 0)
		db_bind_null(s, n);
	else
		db_bind_int(s, n, count);
}

static inline void
bind_measure(struct db_stmt *s, int n, double measure)
{
	if (measure < 0)
		db_bind_null(s, n);
	else
		db_bind_num(s, n, measure);
}

static inline int64_t
read_count(struct db_stmt *s, int col)
{
	return db_null(s, col) ? -1 : db_int(s, col);
}

static inline double
read_measure(struct db_stmt *s, int col)
{
	return db_null(s, col) ? -1 : db_num(s, col);
}

#endif

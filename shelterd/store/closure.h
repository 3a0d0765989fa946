/* SPDX-License-Identifier: MIT */
/*
 * Closed pieces of street in the store, told by where they begin and end.
 * Functions that return int give an enum db_result.
 */
#ifndef SHELTERD_STORE_CLOSURE_H
#define SHELTERD_STORE_CLOSURE_H

#include <stdint.h>
#include "gis/point.h"

struct db;

struct closure_row {
	int64_t id;
	struct gis_point lonlat[2];
	const char *reason;
	int64_t closed_by, closed_at;
};

/* Calls fn with every one that is closed, in order of id, until it returns a
 * negative number, which is returned. */
int closure_each(
    struct db *, int (*fn)(void *, const struct closure_row *), void *arg);
/* Sets the id; 0: that piece is closed already. */
int closure_insert(struct db *, struct closure_row *);
/* DB_ROW, or DB_OK: no closed piece has this id. */
int closure_open(struct db *, int64_t id, int64_t by, int64_t at);

#endif

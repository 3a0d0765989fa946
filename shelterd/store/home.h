/* SPDX-License-Identifier: MIT */
/*
 * Homes in the store: a building, lot or statistical area with people.
 * Functions that return int give an enum db_result.
 */
#ifndef SHELTERD_STORE_HOME_H
#define SHELTERD_STORE_HOME_H

#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"

struct home_row {
	int64_t id, version;
	const char *register_id, *name;
	int64_t people;
	int64_t households; /* < 0 unknown */
	struct gis_point lonlat;
	const void *shape; /* WKB in lon/lat; NULL: a point */
	size_t shape_len;
};

struct db;

/* Calls fn with every home in order of id; a row's texts live as long as the
 * call. fn stops the walk with a negative number, which is returned. */
int
home_each(struct db *, int (*fn)(void *, const struct home_row *), void *arg);
/* One home: calls fn with it; DB_OK if there is none. */
int home_one(struct db *, int64_t id,
    int (*fn)(void *, const struct home_row *), void *arg);
int home_insert(struct db *, struct home_row *);
int home_update(struct db *, const struct home_row *);

#endif

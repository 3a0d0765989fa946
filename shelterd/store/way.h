/* SPDX-License-Identifier: MIT */
/*
 * Ways in the store: the lines of the walking network as they were imported,
 * one row per feature, kept by the file they came from.  Lines are WKB in
 * lon/lat, whose doubles are exact: which vertices are one node is decided by
 * bit-equal positions.  Functions that return int give an enum db_result.
 */
#ifndef SHELTERD_STORE_WAY_H
#define SHELTERD_STORE_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "shelterd/store/claim.h"

struct way_row {
	int64_t id;
	const char *source, *name, *class;
	bool steps;
	const char *hours;   /* for gis/hours.h, "": always open */
	const void *content; /* CONTENT_HASH bytes */
	const void *lines;
	size_t lines_len;
};

struct db;

/* As home_each(). */
int way_each(struct db *, int (*fn)(void *, const struct way_row *), void *arg);
int way_insert(struct db *, struct way_row *);
int way_delete(struct db *, int64_t id);

#endif

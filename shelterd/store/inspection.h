/* SPDX-License-Identifier: MIT */
/*
 * Inspections and their findings in the store.  An inspection is known by its
 * operation id: what was sent and what was answered are kept beside it, so
 * that a repetition gets the same answer however late it comes.
 */
#ifndef SHELTERD_STORE_INSPECTION_H
#define SHELTERD_STORE_INSPECTION_H

#include <stdbool.h>
#include <stdint.h>
#include "inspections/cycle.h"
#include "inspections/finding.h"

struct db;

enum { INSPECTION_NOTE = 2000, INSPECTION_OP = 64 };

struct inspection_row {
	int64_t id, task_id, shelter_id, unit_id, inspector, at, received_at;
	int64_t failed;	      /* findings that failed; only read */
	enum cycle_work work; /* what maintenance it was part of */
	char op[INSPECTION_OP + 1];
};

struct inspection_finding {
	const char *item, *note, *evidence; /* evidence: JSON array */
	enum finding_result result;
	int64_t entrance_id, defect_id;
	double factor; /* < 0 not given */
};

/* DB_ROW when the op is known; *content and *answer are malloc'd. */
int inspection_of_op(struct db *, const char *op, int64_t *inspector,
    char **content, char **answer);
/* Stores a new one, fills id. */
int inspection_add(struct db *, struct inspection_row *, const char *content);
int inspection_set_answer(struct db *, int64_t id, const char *answer);
int inspection_add_finding(
    struct db *, int64_t id, int64_t seq, const struct inspection_finding *);

struct inspection_query {
	int64_t after, shelter_id;
};
int inspection_each(struct db *, const struct inspection_query *,
    bool (*row)(void *, const struct inspection_row *), void *);
int inspection_each_finding(struct db *, int64_t id,
    bool (*row)(void *, const struct inspection_finding *), void *);

#endif

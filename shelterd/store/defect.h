/* SPDX-License-Identifier: MIT */
/*
 * Defects in the store.  What a defect costs is written down when it opens,
 * so a later change of the checklist does not move capacities by itself.
 */
#ifndef SHELTERD_STORE_DEFECT_H
#define SHELTERD_STORE_DEFECT_H

#include <stdbool.h>
#include <stdint.h>
#include "inspections/capacity.h"

struct db;

enum { DEFECT_NOTE = 2000 };

struct defect_record {
	int64_t id, shelter_id, unit_id, entrance_id, notice_id;
	int64_t opened_by, opened_at, closed_at;
	enum derating_effect effect;
	double factor;
	char item[32], severity[16];
	char state[12]; /* open, verified (re-checked), closed */
	char note[DEFECT_NOTE + 1];
};

int defect_add(struct db *, struct defect_record *); /* fills id */
/* A joined defect learns which entrance it is at. */
int defect_set_entrance(struct db *, int64_t id, int64_t entrance_id);
/* All of a notice that are not closed; `closed_at` only when closing. */
int defect_set_state(
    struct db *, int64_t notice_id, const char *state, int64_t closed_at);

struct defect_query {
	int64_t after;
	int64_t shelter_id, notice_id; /* 0: any */
	const char *state; /* NULL: any; "unclosed": open, verified */
};
int defect_each(struct db *, const struct defect_query *,
    bool (*row)(void *, const struct defect_record *), void *);

#endif

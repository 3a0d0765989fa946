/* SPDX-License-Identifier: MIT */
/*
 * When each check of each unit was last looked at, kept up with every
 * inspection, so that what is due costs the units and not their history.
 */
#ifndef SHELTERD_STORE_LOOKED_H
#define SHELTERD_STORE_LOOKED_H

#include <stdbool.h>
#include <stdint.h>
#include "inspections/cycle.h"

struct db;

struct looked {
	int64_t unit_id;      /* 0: the works as a whole */
	const char *item;     /* of the checklist */
	enum cycle_work work; /* WORKS: said not to be there */
	int64_t at;
};
/* Keeps the later time of two. */
int looked_note(struct db *, int64_t shelter_id, const struct looked *);
int looked_each(struct db *, int64_t shelter_id,
    void (*row)(void *, const struct looked *), void *arg);

#endif

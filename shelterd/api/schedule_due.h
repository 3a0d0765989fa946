/* SPDX-License-Identifier: MIT */
/*
 * What is due at one shelter, unit by unit: the store's looks against the
 * rules' cycles.  inspections/cycle.h decides; here it is given its facts.
 */
#ifndef SHELTERD_SCHEDULE_DUE_H
#define SHELTERD_SCHEDULE_DUE_H

#include "inspections/cycle.h"
#include "shelterd/net/request.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot.h"

/* One due row; unit NULL: a shelter without units, as a whole. */
struct schedule_row {
	const struct snap_unit *unit;
	const struct cycle_item *item;
	enum cycle_work work;
	struct cycle_due due;
};

struct schedule_ask {
	struct cycle_window window;
	const struct cycle_item *item; /* NULL: all */
	int64_t now;
};

/* Maintained works: not closed by hand. */
bool schedule_in_use(const struct snap_shelter *);

/* What of a shelter falls into the window, ordered by unit, item and work;
 * *rows is malloc'd. How many, negative on error. */
long schedule_rows(struct request *, const struct snap_shelter *,
    const struct schedule_ask *, struct schedule_row **rows);

/* Reads item, from, until, overdue of the query (body NULL) or the body. */
enum status
schedule_ask_read(struct request *, const cJSON *body, struct schedule_ask *);

#endif

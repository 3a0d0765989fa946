/* SPDX-License-Identifier: MIT */
/*
 * The plan that counts, as a part of the snapshot: the newest approved one,
 * else the newest draft; who sits where.  Immutable and refcounted like every
 * part; snapshot.c loads it with plan_view_load() at the start and whenever a
 * request touched SNAP_PLANS, and hands it out as snapshot_plan().
 *
 * Knows nothing of how a plan was made.
 */
#ifndef SHELTERD_PLAN_VIEW_H
#define SHELTERD_PLAN_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct plan_view;

struct plan_seat {
	int64_t home, shelter, entrance, people, metres; /* ids */
};

/* Never NULL unless reading or memory fails; without any plan its id is 0. */
struct plan_view *plan_view_load(struct db *, char *err, size_t errsize);
struct plan_view *plan_view_ref(const struct plan_view *);
void plan_view_unref(struct plan_view *);

int64_t plan_view_id(const struct plan_view *);
bool plan_view_approved(const struct plan_view *);
/* People an approved plan sends to this shelter; 0 for a draft. A shelter's
 * free places are usable - this, not below 0. NULL view: 0. */
int64_t plan_view_assigned_to(const struct plan_view *, int64_t shelter);
/* The seats of one home (of the draft too), by shelter; how many. */
size_t plan_view_of_home(
    const struct plan_view *, int64_t home, const struct plan_seat **);

#endif

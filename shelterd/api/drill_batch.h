/* SPDX-License-Identifier: MIT */
/*
 * What the check-ins of one batch of the writer know of their drill: it and
 * its doors are looked up once, and the people are added to their doors once,
 * when the batch is settled (struct writer_memo).
 *
 * Invariant: a shelter's `people` are those of the store and those counted
 * here that have not been written yet.
 */
#ifndef SHELTERD_API_DRILL_BATCH_H
#define SHELTERD_API_DRILL_BATCH_H

#include <stdint.h>
#include "shelterd/api/drill_clock.h"

struct drill_batch;

struct batch_shelter {
	int64_t id, people;
};

struct batch_door {
	struct door_row row;
	struct batch_shelter *shelter;
	int64_t more; /* people not written yet */
};

/* DB_ROW if there is such a drill; it stays the writer's. */
int drill_batch_of(struct request *, int64_t drill, struct drill_batch **);
/* As of the moment of drill_batch_of(). */
struct drill_now *drill_batch_now(struct drill_batch *);
/* DB_ROW if there is such a shelter (and entrance, unless 0, of it); good
 * until the next call, or for so many as room was made for. */
int drill_batch_door(struct drill_batch *, struct db *, int64_t shelter,
    int64_t entrance, struct batch_door **);
/* For the next doors, at most 64; a result of the store. */
int drill_batch_room(struct drill_batch *, struct db *, size_t doors);
/* Their arrival must have been written. */
void drill_batch_count(struct batch_door *, int64_t people);

#endif

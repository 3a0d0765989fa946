/* SPDX-License-Identifier: MIT */
/* Few doors and one drill at a time: see drill_batch.h. */
#include <stdlib.h>
#include <string.h>
#include "shelterd/api/drill_batch.h"
#include "shelterd/store/db.h"
#include "shelterd/writer.h"

enum { DOORS = 64 };

struct drill_batch {
	struct drill_now now;
	size_t ndoors, nshelters;
	struct batch_shelter shelters[DOORS];
	struct batch_door doors[DOORS];
};

static int
settle(void *arg, struct db *db)
{
	struct drill_batch *b = arg;
	int result = DB_OK;

	for (size_t i = 0; i < b->ndoors && result == DB_OK; i++) {
		struct batch_door *d = &b->doors[i];

		if (d->more == 0)
			continue;
		result = door_count(db, b->now.row.id, &d->row, d->more);
		if (result == DB_OK)
			d->more = 0;
	}
	return result;
}

static int
start_anew(struct drill_batch *b, struct db *db)
{
	int result = settle(b, db);

	if (result == DB_OK)
		b->ndoors = b->nshelters = 0;
	return result;
}

static void
batch_free(void *arg)
{
	struct drill_batch *b = arg;

	drill_now_release(&b->now);
	free(b);
}

/* The writer's, or a new one that it keeps; NULL: memory is out. */
static struct drill_batch *
kept(struct request *r)
{
	struct writer_memo memo = { req_memo(r, settle), settle, batch_free };
	struct drill_batch *b = memo.of;

	if (b != NULL)
		return b;
	b = memo.of = malloc(sizeof(*b));
	if (b == NULL)
		return NULL;
	memset(&b->now, 0, sizeof(b->now));
	b->ndoors = b->nshelters = 0;
	if (req_keep_memo(r, memo))
		return b;
	free(b);
	return NULL;
}

int
drill_batch_of(struct request *r, int64_t drill, struct drill_batch **out)
{
	struct drill_batch *b = kept(r);
	int result = DB_OK;

	if (b == NULL)
		return DB_ERROR;
	*out = b;
	if (drill != 0 && b->now.row.id == drill) {
		drill_now_again(&b->now);
		return DB_ROW;
	}
	result = start_anew(b, r->db);
	if (result != DB_OK)
		return result;
	drill_now_release(&b->now);
	result = drill_now_load(r->db, drill, &b->now);
	if (result != DB_ROW)
		drill_now_release(&b->now);
	return result;
}

struct drill_now *
drill_batch_now(struct drill_batch *b)
{
	return &b->now;
}

static struct batch_shelter *
shelter_of(struct drill_batch *b, struct db *db, int64_t id)
{
	struct batch_shelter *s = b->shelters;

	for (; s < b->shelters + b->nshelters; s++)
		if (s->id == id)
			return s;
	s->id = id;
	if (doors_arrived(db, b->now.row.id, id, &s->people) < 0)
		return NULL;
	b->nshelters++;
	return s;
}

int
drill_batch_room(struct drill_batch *b, struct db *db, size_t doors)
{
	return DOORS - b->ndoors < doors ? start_anew(b, db) : DB_OK;
}

int
drill_batch_door(struct drill_batch *b, struct db *db, int64_t shelter,
    int64_t entrance, struct batch_door **out)
{
	struct batch_door *d = b->doors;
	int result = DB_OK;

	for (; d < b->doors + b->ndoors; d++)
		if (d->row.shelter == shelter && d->row.entrance == entrance) {
			*out = d;
			return DB_ROW;
		}
	result = drill_batch_room(b, db, 1);
	if (result != DB_OK)
		return result;
	d = &b->doors[b->ndoors];
	memset(d, 0, sizeof(*d));
	d->row.shelter = shelter;
	d->row.entrance = entrance;
	result = door_find(db, &d->row);
	if (result != DB_ROW)
		return result;
	d->shelter = shelter_of(b, db, shelter);
	if (d->shelter == NULL)
		return DB_ERROR;
	b->ndoors++;
	*out = d;
	return DB_ROW;
}

void
drill_batch_count(struct batch_door *d, int64_t people)
{
	d->more += people;
	d->shelter->people += people;
}

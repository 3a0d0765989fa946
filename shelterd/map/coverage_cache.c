/* SPDX-License-Identifier: MIT */
/*
 * The few coverages computed last: see coverage.h.  The only state of this
 * module; a coverage is computed outside the lock, so two threads may compute
 * the same one, and the later wins.
 */
#include "shelterd/map/coverage_base.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 12 };

struct kept {
	char *key;
	struct coverage *coverage;
	uint64_t used;
	int64_t data_version;
	bool hidden;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept kept[KEPT];
static uint64_t clock_of_use;

char *
coverage_key(const struct snapshot *snap, const struct coverage_ask *ask)
{
	char *key;

	if (asprintf(&key, "%" PRId64 " %d %.17g %.17g %d %d %d %d %s",
		snap != NULL ? snapshot_version(snap) : -1,
		ask->limit.by_minutes, ask->limit.value, ask->limit.metres,
		(int)ask->limit.manner.profile, ask->limit.manner.minute,
		ask->capacity, ask->hidden, ask->where_text) < 0)
		return NULL;
	return key;
}

static struct coverage *
find(const char *key)
{
	struct coverage *c = NULL;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < KEPT && c == NULL; i++)
		if (kept[i].key != NULL && strcmp(kept[i].key, key) == 0) {
			kept[i].used = ++clock_of_use;
			c = coverage_ref(kept[i].coverage);
		}
	pthread_mutex_unlock(&lock);
	return c;
}

/* Two threads may end in another order than they began. */
static bool
newer_is_kept(int64_t version)
{
	for (int i = 0; i < KEPT; i++)
		if (kept[i].key != NULL && kept[i].data_version > version)
			return true;
	return false;
}

/* Takes out the key's own and those of older versions, which nobody will ask
 * for again and each of which may hold a district of its own; then the one used
 * longest ago, if there is no empty slot.  Gives the slot. */
static struct kept *
make_room(const char *key, int64_t version, struct kept *gone, size_t *n)
{
	struct kept *slot = &kept[0];

	for (int i = 0; i < KEPT; i++) {
		if (kept[i].key != NULL && (kept[i].data_version < version ||
					       strcmp(kept[i].key, key) == 0)) {
			gone[(*n)++] = kept[i];
			kept[i] = (struct kept){ .key = NULL };
		}
		if (kept[i].used < slot->used)
			slot = &kept[i];
	}
	if (slot->key != NULL)
		gone[(*n)++] = *slot;
	return slot;
}

/* Takes key.  One of an older version than others is not kept: nobody would
 * ask for it, and it may hold a district that went. */
static void
keep(char *key, struct coverage *c, bool hidden)
{
	int64_t version = coverage_totals(c)->data_version;
	struct kept gone[KEPT];
	size_t n = 0;

	pthread_mutex_lock(&lock);
	if (newer_is_kept(version))
		gone[n++] = (struct kept){ .key = key };
	else
		*make_room(key, version, gone, &n) = (struct kept){ key,
			coverage_ref(c), ++clock_of_use, version, hidden };
	pthread_mutex_unlock(&lock);
	while (n-- > 0) {
		free(gone[n].key);
		coverage_unref(gone[n].coverage);
	}
}

struct coverage *
coverage_known(const struct snapshot *snap, const struct coverage_ask *ask)
{
	char *key = coverage_key(snap, ask);
	struct coverage *c = key != NULL ? find(key) : NULL;

	free(key);
	return c;
}

static int
follow_or_make(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage **out,
    struct gis_fail *fail)
{
	int r = 0;

	*out = coverage_next(snap, ask);
	if (*out == NULL &&
	    (r = coverage_make(snap, ask, progress, arg, out, fail)) == 0)
		coverage_next_keep(*out, ask);
	return r;
}

static int
stand_on_base(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage **out,
    struct gis_fail *fail)
{
	struct coverage_base *b;
	int r = coverage_base_take(snap, ask, progress, arg, &b, fail);

	if (r < 0)
		return r;
	if ((r = coverage_base_read(b, ask, out)) == 0)
		coverage_base_give(b);
	else
		coverage_base_free(b);
	return r;
}

int
coverage_get(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage **out,
    struct gis_fail *fail)
{
	char *key = coverage_key(snap, ask);
	int r;

	*out = NULL;
	if (key == NULL)
		return ASSIGN_NO_MEMORY;
	if ((*out = find(key)) != NULL) {
		free(key);
		return 0;
	}
	r = (ask->limit.by_minutes || ask->capacity
		 ? stand_on_base
		 : follow_or_make)(snap, ask, progress, arg, out, fail);
	if (r == 0)
		keep(key, *out, ask->hidden);
	else
		free(key);
	return r;
}

struct coverage *
coverage_newest(int64_t data_version, bool hidden)
{
	const struct kept *best = NULL;
	struct coverage *c = NULL;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < KEPT; i++)
		if (kept[i].key != NULL && kept[i].hidden == hidden &&
		    kept[i].data_version == data_version &&
		    (best == NULL || kept[i].used > best->used))
			best = &kept[i];
	if (best != NULL)
		c = coverage_ref(best->coverage);
	pthread_mutex_unlock(&lock);
	return c;
}

/* SPDX-License-Identifier: MIT */
/*
 * The few bases used last: see coverage_base.h.  A base in use is taken out
 * and given back, so two threads that ask the same at once make two.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "shelterd/map/coverage_base.h"

/* Of so many questions, as long as they have not more arcs together; some 40
 * bytes each with the plan. */
enum { KEPT = 8, MOST_ARCS = 20 * 1000 * 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct coverage_base *kept[KEPT]; /* the one used last first */
static atomic_uint_fast64_t carried;

uint64_t
coverage_base_carried(void)
{
	return atomic_load(&carried);
}

static struct coverage_base *
take(const char *key)
{
	struct coverage_base *b = NULL;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < KEPT && b == NULL; i++)
		if (kept[i] != NULL && strcmp(kept[i]->key, key) == 0) {
			b = kept[i];
			kept[i] = NULL;
		}
	pthread_mutex_unlock(&lock);
	return b;
}

/* Whether a base is of no use beside a newer one: it is for the same ask, or of
 * homes that there are no more, whose district would live on with it. */
static bool
outdated(const struct coverage_base *b, const struct coverage_base *by)
{
	return strcmp(b->key, by->key) == 0 ||
	       !snapshot_same_homes(b->snap, by->snap);
}

/* Outdated ones go, and what there is no room for any more. */
void
coverage_base_give(struct coverage_base *b)
{
	struct coverage_base *had[KEPT];
	size_t arcs = b->arcs.narcs;
	int left = 0;

	pthread_mutex_lock(&lock);
	memcpy(had, kept, sizeof(had));
	memset(kept, 0, sizeof(kept));
	kept[left++] = b;
	for (int i = 0; i < KEPT; i++) {
		if (had[i] == NULL)
			continue;
		if (left == KEPT || outdated(had[i], b) ||
		    arcs + had[i]->arcs.narcs > MOST_ARCS)
			continue;
		arcs += had[i]->arcs.narcs;
		kept[left++] = had[i];
		had[i] = NULL;
	}
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < KEPT; i++)
		coverage_base_free(had[i]);
}

/* Brings it to the snapshot, or does away with it. */
static struct coverage_base *
carry(struct coverage_base *b, const struct snapshot *snap,
    const struct coverage_ask *ask, struct coverage *distance)
{
	if (b == NULL || snapshot_version(b->snap) == snapshot_version(snap))
		return b;
	if (!coverage_base_carry(b, snap, ask, distance)) {
		coverage_base_free(b);
		return NULL;
	}
	atomic_fetch_add(&carried, 1);
	return b;
}

int
coverage_base_take(const struct snapshot *snap, const struct coverage_ask *ask,
    assign_progress *progress, void *arg, struct coverage_base **out,
    struct gis_fail *fail)
{
	struct coverage_ask by_distance = *ask;
	struct coverage *distance = NULL;
	struct coverage_base *b;
	char *key;
	int r = 0;

	by_distance.capacity = false;
	*out = NULL;
	if ((key = coverage_key(NULL, &by_distance)) == NULL)
		return ASSIGN_NO_MEMORY;
	if (!ask->limit.by_minutes)
		r = coverage_get(
		    snap, &by_distance, progress, arg, &distance, fail);
	b = r == 0 ? take(key) : NULL;
	free(key);
	b = carry(b, snap, &by_distance, distance);
	if (r == 0 && b == NULL)
		r = coverage_base_make(snap, ask, distance, progress, arg, &b);
	if (r == 0 && ask->capacity &&
	    (b->state == NULL || !b->counted || coverage_base_is_worn(b)))
		r = coverage_base_solve(b, progress, arg);
	coverage_unref(distance);
	if (r < 0)
		coverage_base_free(b);
	else
		*out = b;
	return r;
}

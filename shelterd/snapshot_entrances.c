/* SPDX-License-Identifier: MIT */
/*
 * The doors of all shelters in one array and their index.  Where some moved or
 * came, the next one shares the tree; what goes or changes its number makes it
 * anew.
 */
#include <stdlib.h>
#include <string.h>
#include "shelterd/room.h"
#include "shelterd/snapshot_part.h"

static void
fill_entrances(struct snap_entrances *e, const struct snap_shelters *s,
    struct gis_point *points)
{
	size_t k = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct snap_shelter *shelter = snap_shelters_at(s, i);
		for (size_t j = 0; j < shelter->nentrances; j++, k++) {
			points[k] = shelter->entrances[j].plane;
			e->item[k].shelter = (uint32_t)i;
			e->item[k].entrance = (uint32_t)j;
		}
	}
}

struct snap_entrances *
snap_entrances_make(const struct snap_shelters *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += snap_shelters_at(s, i)->nentrances;
	struct snap_entrances *e = calloc(1, sizeof(*e));
	struct gis_point *points = calloc(n + 1, sizeof(*points));
	if (e) {
		e->refs = 1;
		e->n = n;
		e->item = calloc(n + 1, sizeof(*e->item));
	}
	if (e && e->item && points) {
		fill_entrances(e, s, points);
		e->index = gis_index_new(points, n);
	}
	if (!e || !e->index) {
		snap_entrances_unref(e);
		e = NULL;
	}
	free(points);
	return e;
}

/* Items that moved, and the array of all with those that came at its end. */
struct moving {
	struct snap_entrances *to;
	const struct snap_shelters *after;
	struct gis_moved *moved;
	size_t n, cap, room; /* moved; of them; of items */
};

static bool
add_moved(struct moving *m, size_t item, struct gis_point plane)
{
	struct gis_moved *grown =
	    room_for_one(m->moved, &m->cap, m->n, sizeof(*grown));
	if (!grown)
		return false;
	m->moved = grown;
	grown[m->n++] = (struct gis_moved){ (uint32_t)item, plane };
	return true;
}

/* The first item of a shelter; items stand in the order of shelters. */
static size_t
first_item(const struct snap_entrances *e, size_t shelter)
{
	size_t low = 0, high = e->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (e->item[mid].shelter < shelter)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
append_doors(struct moving *m, const struct snap_shelter *s, size_t at)
{
	struct snap_entrances *e = m->to;
	for (size_t k = 0; k < s->nentrances; k++) {
		void *grown =
		    room_for_one(e->item, &m->room, e->n, sizeof(*e->item));
		if (!grown)
			return false;
		e->item = grown;
		e->item[e->n].shelter = (uint32_t)at;
		e->item[e->n].entrance = (uint32_t)k;
		if (!add_moved(m, e->n++, s->entrances[k].plane))
			return false;
	}
	return true;
}

static int
move_doors(
    void *arg, const struct snap_shelter *was, const struct snap_shelter *is)
{
	struct moving *m = arg;
	if (!is || (was && was->nentrances != is->nentrances))
		return -1;
	size_t at = snap_shelters_position(m->after, is->id);
	if (!was)
		return append_doors(m, is, at) ? 0 : -1;
	size_t first = first_item(m->to, at);
	for (size_t k = 0; k < is->nentrances; k++) {
		struct gis_point a = was->entrances[k].plane;
		struct gis_point b = is->entrances[k].plane;
		if ((a.x != b.x || a.y != b.y) && !add_moved(m, first + k, b))
			return -1;
	}
	return 0;
}

struct snap_entrances *
snap_entrances_with(const struct snap_entrances *old,
    const struct snap_shelters *before, const struct snap_shelters *after)
{
	struct snap_entrances *e = calloc(1, sizeof(*e));
	struct moving m = { .to = e, .after = after, .room = old->n + 16 };
	if (!e)
		return NULL;
	e->refs = 1;
	e->n = old->n;
	e->item = malloc(m.room * sizeof(*e->item));
	if (e->item) {
		memcpy(e->item, old->item, old->n * sizeof(*e->item));
		if (snap_shelters_changed(before, after, move_doors, &m) == 0)
			e->index = gis_index_with(old->index, m.moved, m.n);
	}
	free(m.moved);
	if (e->index)
		return e;
	snap_entrances_unref(e);
	return NULL;
}

void
snap_entrances_unref(struct snap_entrances *e)
{
	if (!e || atomic_fetch_sub(&e->refs, 1) != 1)
		return;
	if (e->index)
		gis_index_free(e->index);
	free(e->item);
	free(e);
}

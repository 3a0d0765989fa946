/* SPDX-License-Identifier: MIT */
/* Shelters that take part in a plan or a coverage: see plan_arcs.h. */
#include <stdlib.h>

#include "shelterd/plan/plan_arcs.h"

struct known {
	const struct snap_shelter *shelter;
	uint32_t position;
};

static int
by_pointer(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	return x->shelter < y->shelter ? -1 : x->shelter > y->shelter;
}

bool
plan_door_open(const struct snap_shelter *s, const struct snap_entrance *e)
{
	if (e->usable)
		return true;
	for (size_t i = 0; i < s->nentrances; i++)
		if (s->entrances[i].usable)
			return false;
	return true;
}

bool
plan_takes_people(const struct snap_shelter *s)
{
	return !s->closed && s->usable > 0 && s->nentrances > 0;
}

static bool
map_items(struct plan_sites *p, const struct snapshot *snap)
{
	struct known *known = malloc((p->n + 1) * sizeof(*known));

	p->of_item = malloc((p->nitems + 1) * sizeof(*p->of_item));
	if (known == NULL || p->of_item == NULL) {
		free(known);
		return false;
	}
	for (size_t i = 0; i < p->n; i++)
		known[i] = (struct known){ p->shelter[i], (uint32_t)i };
	qsort(known, p->n, sizeof(*known), by_pointer);
	for (size_t i = 0; i < p->nitems; i++) {
		struct known key = { 0 }, *found;
		const struct snap_entrance *e;

		snapshot_entrance(snap, (uint32_t)i, &key.shelter, &e);
		found = bsearch(&key, known, p->n, sizeof(key), by_pointer);
		p->of_item[i] =
		    found != NULL && plan_door_open(found->shelter, e)
			? found->position
			: UINT32_MAX;
	}
	free(known);
	return true;
}

int
plan_sites_init(struct plan_sites *p, const struct snapshot *snap,
    bool (*admit)(const void *arg, const struct snap_shelter *),
    const void *arg)
{
	size_t all = snapshot_shelters(snap);

	*p = (struct plan_sites){ 0 };
	p->shelter = malloc((all + 1) * sizeof(*p->shelter));
	if (p->shelter == NULL)
		return -1;
	for (size_t i = 0; i < all; i++) {
		const struct snap_shelter *s = snapshot_shelter_at(snap, i);

		p->nitems += s->nentrances;
		if (!plan_takes_people(s) || (admit != NULL && !admit(arg, s)))
			continue;
		p->shelter[p->n++] = s;
		p->places += s->usable;
	}
	return map_items(p, snap) ? 0 : -1;
}

void
plan_sites_release(struct plan_sites *p)
{
	free(p->shelter);
	free(p->of_item);
	*p = (struct plan_sites){ 0 };
}

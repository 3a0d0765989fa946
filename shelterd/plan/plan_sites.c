/* SPDX-License-Identifier: MIT */
/* Shelters that take part in a plan or a coverage: see plan_arcs.h. */
#include <stdlib.h>

#include "shelterd/plan/plan_arcs.h"

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

/* Items stand in the order of shelters, and so do the sites. */
static bool
map_items(struct plan_sites *p, const struct snapshot *snap)
{
	size_t site = 0, item = 0;

	p->of_item = malloc((p->nitems + 1) * sizeof(*p->of_item));
	if (p->of_item == NULL)
		return false;
	for (size_t i = 0; i < snapshot_shelters(snap); i++) {
		const struct snap_shelter *s = snapshot_shelter_at(snap, i);
		bool is = site < p->n && p->shelter[site] == s;

		for (size_t e = 0; e < s->nentrances; e++)
			p->of_item[item++] =
			    is && plan_door_open(s, &s->entrances[e])
				? (uint32_t)site
				: UINT32_MAX;
		site += is;
	}
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

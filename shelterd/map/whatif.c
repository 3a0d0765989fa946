/* SPDX-License-Identifier: MIT */
/* One what-if from question to answer: see whatif.h. */
#include "shelterd/map/whatif.h"

#include <stdlib.h>

#include "shelterd/map/whatif_part.h"

static void
fill_before(struct whatif *out, const struct coverage_base *b)
{
	const struct coverage_totals *t = coverage_totals(b->coverage);

	out->people = t->people;
	out->data_version = t->data_version;
	out->before = (struct whatif_side){ t->covered, b->placed,
		t->usable_shelters, t->places };
	out->after = out->before;
	out->coverage = coverage_ref(b->coverage);
}

static void
count_sites(struct whatif_side *after, const struct whatif_scene *s)
{
	const struct plan_sites *sites = &s->base->sites;

	for (size_t i = 0; i < s->nshut; i++)
		after->places -= sites->shelter[s->shut[i]]->usable;
	for (size_t i = 0; i < s->nraise; i++)
		after->places += s->raise[i].places -
				 sites->shelter[s->raise[i].site]->usable;
	for (size_t i = 0; i < s->nopen; i++)
		after->places += s->places[i];
	after->usable_shelters += (int64_t)s->nopen - (int64_t)s->nshut;
}

/* Homes whose covered people change. */
static int
compare(struct whatif *out, const struct whatif_scene *s)
{
	const struct coverage_base *b = s->base;

	out->homes = malloc((b->nhomes + 1) * sizeof(*out->homes));
	if (out->homes == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < b->nhomes; i++) {
		int64_t before = b->home[i].covered, after = s->covered[i];

		if (before == after)
			continue;
		out->homes[out->nhomes++] =
		    (struct whatif_home){ b->home[i].home, before, after };
		if (after < before)
			out->covered_lost += before - after;
		else
			out->covered_gained += after - before;
	}
	out->after.covered += out->covered_gained - out->covered_lost;
	return 0;
}

/* One scene by itself: covered, and placed if asked for. */
static int
play(struct coverage_base *b, const struct whatif_ask *ask, bool closings_only,
    struct whatif *out, int64_t *placed, struct gis_fail *fail)
{
	struct whatif_scene s;
	int r = whatif_scene_init(&s, b, ask, closings_only);

	if (r == 0)
		r = whatif_scene_cover(&s, fail);
	if (r == 0 && ask->coverage.capacity)
		r = whatif_scene_place(&s, placed);
	if (r == 0 && out != NULL) {
		count_sites(&out->after, &s);
		r = compare(out, &s);
	}
	whatif_scene_release(&s);
	return r;
}

/* What the closings take by themselves, what comes after gives. */
static int
split(struct coverage_base *b, const struct whatif_ask *ask, struct whatif *out,
    struct gis_fail *fail)
{
	int64_t left = out->after.placed;
	int r = 0;

	if (ask->nopen + ask->nrepair == 0)
		left = out->after.placed;
	else if (ask->nclose == 0)
		left = out->before.placed;
	else
		r = play(b, ask, true, NULL, &left, fail);
	out->placed_lost = out->before.placed - left;
	out->placed_gained = out->after.placed - left;
	return r;
}

int
whatif_make(const struct snapshot *snap, const struct whatif_ask *ask,
    struct whatif *out, struct gis_fail *fail)
{
	struct coverage_base *b;
	int r = coverage_base_take(snap, &ask->coverage, NULL, NULL, &b, fail);

	*out = (struct whatif){ 0 };
	if (r < 0)
		return r;
	fill_before(out, b);
	r = play(b, ask, false, out, &out->after.placed, fail);
	if (r == 0 && ask->coverage.capacity)
		r = split(b, ask, out, fail);
	if (r == 0 || r == WHATIF_TOO_MANY)
		coverage_base_give(b);
	else
		coverage_base_free(b);
	return r;
}

void
whatif_release(struct whatif *w)
{
	coverage_unref(w->coverage);
	free(w->homes);
	*w = (struct whatif){ 0 };
}

/* SPDX-License-Identifier: MIT */
/* One siting from question to answer: see siting.h. */
#include "shelterd/map/siting.h"

#include <stdlib.h>

#include "shelterd/map/siting_part.h"

static int
list_sites(struct siting_result *out, const struct siting_field *f,
    const struct gis_siting_answer *a)
{
	out->site = calloc(a->n + 1, sizeof(*out->site));
	if (out->site == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < a->n; i++) {
		uint32_t c = a->site[i];
		struct siting_site *s = &out->site[out->n++];

		s->candidate = c;
		s->home = f->home[c];
		s->adds = a->gain[i];
		s->site.places = f->places[c];
		s->site.lonlat = s->home != NULL ? s->home->lonlat
						 : f->ask->candidate[c].lonlat;
	}
	out->reached = a->reached;
	out->bound = a->bound;
	out->people = a->people;
	out->dropped = a->dropped;
	out->candidates = f->candidates;
	return 0;
}

static int
choose(struct siting_field *f, struct siting_result *out)
{
	struct gis_siting in = { .points = f->points,
		.candidates = f->candidates,
		.n = f->ask->n,
		.people = f->people,
		.places = f->ask->coverage.capacity ? f->places : NULL,
		.reach = siting_field_reach,
		.arg = f,
		.cancel = f->progress,
		.cancel_arg = f->arg };
	struct gis_siting_answer a;
	int r = gis_siting(&in, &a);

	if (r == 0)
		r = list_sites(out, f, &a);
	else
		r = r == -2 ? ASSIGN_CANCELLED : ASSIGN_NO_MEMORY;
	gis_siting_release(&a);
	return r;
}

/* What really comes of it. */
static int
tell_effect(const struct snapshot *snap, const struct siting_ask *ask,
    struct siting_result *out, struct gis_fail *fail)
{
	struct whatif_site open[WHATIF_MOST_OPEN];
	struct whatif_ask whatif = { .coverage = ask->coverage,
		.snap_reach = ask->snap_reach,
		.open = open,
		.nopen = out->n };

	for (size_t i = 0; i < out->n; i++)
		open[i] = out->site[i].site;
	return whatif_make(snap, &whatif, &out->effect, fail);
}

int
siting_make(const struct snapshot *snap, const struct siting_ask *ask,
    assign_progress *progress, void *arg, struct siting_result *out,
    struct gis_fail *fail)
{
	struct siting_field f = {
		.ask = ask, .progress = progress, .arg = arg
	};
	struct coverage *c;
	int r = coverage_get(snap, &ask->coverage, progress, arg, &c, fail);

	*out = (struct siting_result){ 0 };
	if (r < 0)
		return r;
	f.snap = coverage_snapshot(c);
	r = siting_field_init(&f, c);
	if (r == 0)
		r = choose(&f, out);
	siting_field_release(&f);
	if (r == 0)
		r = tell_effect(coverage_snapshot(c), ask, out, fail);
	out->coverage = c;
	return r;
}

void
siting_release(struct siting_result *r)
{
	whatif_release(&r->effect);
	coverage_unref(r->coverage);
	free(r->site);
	*r = (struct siting_result){ 0 };
}

/* SPDX-License-Identifier: MIT */
/*
 * Who is without, where they stand, and which of them each candidate reaches:
 * by radius discs over points, on foot one walk from each candidate.
 */
#include <stdlib.h>
#include <string.h>

#include "gis/coverage.h"
#include "shelterd/map/siting_part.h"

enum { NEWS = 256 };

static bool
add_point(struct siting_field *f, const struct snap_home *h,
    struct gis_point plane, int64_t people)
{
	if (f->points == f->room) {
		size_t room = f->room * 2 + 1024;
		void *p = realloc(f->point, room * sizeof(*f->point));

		f->point = p != NULL ? p : f->point;
		if (p != NULL &&
		    (p = realloc(f->place, room * sizeof(*f->place))) != NULL)
			f->place = p;
		if (p != NULL &&
		    (p = realloc(f->people, room * sizeof(*f->people))) != NULL)
			f->people = p;
		if (p == NULL)
			return false;
		f->room = room;
	}
	f->point[f->points] = plane;
	f->place[f->points] =
	    snapshot_place(f->snap, h->place, h->plane, f->ask->snap_reach);
	f->people[f->points++] = people;
	return true;
}

/* Whether an open door of those that take part is within the radius. */
static int
covered(const struct siting_field *f, const struct plan_sites *sites,
    struct gis_point p)
{
	size_t n;
	struct gis_hit *hits =
	    gis_index_within(snapshot_entrance_index(f->snap), p,
		f->ask->coverage.limit.metres, &n);
	int found = hits != NULL ? 0 : -1;

	for (size_t i = 0; found == 0 && i < n; i++)
		found = sites->of_item[hits[i].item] != UINT32_MAX;
	free(hits);
	return found;
}

/* Without capacity only the uncovered part stands there. */
static bool
stand_area(struct siting_field *f, struct gis *gis,
    const struct plan_sites *sites, const struct coverage_home *h,
    int64_t people)
{
	bool capacity = f->ask->coverage.capacity;
	struct gis_point at[SITING_SAMPLES];
	int64_t all = capacity ? people : h->home->people;
	size_t n = all < SITING_SAMPLES ? (size_t)all : SITING_SAMPLES;

	n = gis_shape_samples(gis, h->home->plane_shape, h->home->plane, n, at);
	for (size_t i = 0; i < n; i++) {
		int64_t some = all / (int64_t)(n - i);
		int in = capacity ? 0 : covered(f, sites, at[i]);

		all -= some;
		if (in < 0 || (in == 0 && !add_point(f, h->home, at[i], some)))
			return false;
	}
	return true;
}

static bool
stand(struct siting_field *f, struct gis *gis, const struct plan_sites *sites,
    const struct coverage_home *h)
{
	const struct gis_shape *shape = h->home->plane_shape;
	int64_t people = h->home->people -
			 (f->ask->coverage.capacity ? h->placed : h->covered);

	if (people <= 0)
		return true;
	if (!f->ask->coverage.limit.by_minutes && shape != NULL &&
	    gis_shape_kind(shape) == GIS_AREA)
		return stand_area(f, gis, sites, h, people);
	return add_point(f, h->home, h->home->plane, people);
}

static int
gather_people(struct siting_field *f, const struct coverage *c)
{
	const struct plan_admit admit = { f->ask->coverage.where,
		f->ask->coverage.hidden };
	struct plan_sites sites = { 0 };
	size_t n;
	const struct coverage_home *h = coverage_homes(c, &n);
	struct gis *gis = gis_new();
	bool ok = gis != NULL &&
		  plan_sites_init(&sites, f->snap, plan_admits, &admit) == 0;

	for (size_t i = 0; ok && i < n; i++)
		ok = stand(f, gis, &sites, &h[i]);
	plan_sites_release(&sites);
	gis_free(gis);
	return ok ? 0 : ASSIGN_NO_MEMORY;
}

static int
gather_candidates(struct siting_field *f, const struct coverage *c)
{
	size_t n = f->ask->ncandidates, homes;
	const struct coverage_home *h = coverage_homes(c, &homes);
	bool given = n > 0;

	n = given ? n : homes;
	f->plane = malloc((n + 1) * sizeof(*f->plane));
	f->home = malloc((n + 1) * sizeof(*f->home));
	f->places = malloc((n + 1) * sizeof(*f->places));
	if (f->plane == NULL || f->home == NULL || f->places == NULL)
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < n; i++) {
		f->home[i] = given ? NULL : h[i].home;
		f->plane[i] = given ? snapshot_to_plane(
					  f->snap, f->ask->candidate[i].lonlat)
				    : h[i].home->plane;
		f->places[i] =
		    given ? f->ask->candidate[i].places : f->ask->places;
	}
	f->candidates = n;
	return 0;
}

/* ---- by radius ---- */

static int
lay_discs(struct siting_field *f)
{
	int64_t *people = malloc((f->points + 1) * sizeof(*people));

	f->discs = gis_discs_new(
	    f->point, f->points, f->plane, f->ask->coverage.limit.metres);
	if (f->discs == NULL || people == NULL) {
		free(people);
		return ASSIGN_NO_MEMORY;
	}
	for (size_t i = 0; i < f->points; i++)
		people[i] = f->people[gis_discs_order(f->discs)[i]];
	free(f->people);
	f->people = people;
	return 0;
}

/* ---- on foot ---- */

/* What one walk needs. */
struct stroll {
	struct siting_field *f;
	struct gis_index *index; /* of the points */
	struct gis_walk *walk;
	struct gis_place *to; /* [points] */
	double *metres;	      /* [points] */
	size_t runs, room;
};

static int
by_point(const void *a, const void *b)
{
	const struct gis_run *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static bool
room_for(struct stroll *s, size_t n)
{
	size_t room = (s->runs + n) * 3 / 2 + 1024;
	struct gis_run *more;

	if (s->runs + n <= s->room)
		return true;
	more = realloc(s->f->run, room * sizeof(*more));
	if (more == NULL)
		return false;
	s->f->run = more;
	s->room = room;
	return true;
}

/* Points within the walk as runs, in order. */
static void
keep_reached(
    struct stroll *s, size_t candidate, const struct gis_hit *hits, size_t n)
{
	struct gis_run *run = s->f->run;
	size_t from = s->runs, kept = from;

	for (size_t i = 0; i < n; i++)
		if (plan_whole_metres(s->metres[i]) >= 0)
			run[s->runs++] =
			    (struct gis_run){ hits[i].item, hits[i].item + 1 };
	if (s->runs > from)
		qsort(run + from, s->runs - from, sizeof(*run), by_point);
	for (size_t i = from; i < s->runs; i++)
		if (kept > from && run[kept - 1].to == run[i].from)
			run[kept - 1].to = run[i].to;
		else
			run[kept++] = run[i];
	s->runs = kept;
	s->f->first[candidate + 1] = kept;
}

static int
stroll_from(struct stroll *s, size_t candidate)
{
	struct siting_field *f = s->f;
	double limit = f->ask->coverage.limit.metres;
	struct gis_point p = f->plane[candidate];
	struct gis_place at =
	    f->home[candidate] != NULL
		? snapshot_place(f->snap, f->home[candidate]->place,
		      f->home[candidate]->plane, f->ask->snap_reach)
		: gis_network_snap(
		      snapshot_network(f->snap), p, f->ask->snap_reach);
	size_t n;
	struct gis_hit *hits = gis_index_within(s->index, p, limit, &n);

	if (hits == NULL || !room_for(s, n)) {
		free(hits);
		return ASSIGN_NO_MEMORY;
	}
	for (size_t i = 0; i < n; i++)
		s->to[i] = f->place[hits[i].item];
	if (n > 0)
		gis_walk_among(s->walk, at, limit, s->to, n, s->metres);
	keep_reached(s, candidate, hits, n);
	free(hits);
	return s->runs > SITING_MOST_WAYS ? SITING_TOO_MANY : 0;
}

static int
stroll_all(struct siting_field *f)
{
	struct stroll s = { .f = f,
		.index = gis_index_new(f->point, f->points),
		.walk = gis_walk_new(snapshot_network(f->snap)),
		.to = malloc((f->points + 1) * sizeof(*s.to)),
		.metres = malloc((f->points + 1) * sizeof(*s.metres)) };
	int r = ASSIGN_NO_MEMORY;

	f->first = calloc(f->candidates + 1, sizeof(*f->first));
	if (s.index && s.walk && s.to && s.metres && f->first &&
	    room_for(&s, 1))
		r = 0;
	for (size_t i = 0; r == 0 && i < f->candidates; i++)
		if (f->progress != NULL && i % NEWS == 0 &&
		    f->progress(f->arg, i, f->candidates))
			r = ASSIGN_CANCELLED;
		else
			r = stroll_from(&s, i);
	gis_index_free(s.index);
	gis_walk_free(s.walk);
	free(s.to);
	free(s.metres);
	return r;
}

int
siting_field_init(struct siting_field *f, const struct coverage *c)
{
	int r = gather_people(f, c);

	if (r == 0)
		r = gather_candidates(f, c);
	if (r == 0)
		r = f->ask->coverage.limit.by_minutes ? stroll_all(f)
						      : lay_discs(f);
	return r;
}

void
siting_field_release(struct siting_field *f)
{
	gis_discs_free(f->discs);
	free(f->point);
	free(f->place);
	free(f->people);
	free(f->plane);
	free(f->home);
	free(f->places);
	free(f->run);
	free(f->first);
}

size_t
siting_field_reach(void *field, uint32_t candidate, const struct gis_run **runs)
{
	struct siting_field *f = field;

	if (f->discs != NULL)
		return gis_discs_reach(f->discs, candidate, runs);
	*runs = f->run + f->first[candidate];
	return f->first[candidate + 1] - f->first[candidate];
}

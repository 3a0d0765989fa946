/* SPDX-License-Identifier: MIT */
/* Making, reading and changing a base: see coverage_base.h. */
#include "shelterd/map/coverage_base.h"

#include <stdlib.h>
#include <string.h>

/* A plan is opened again when one in so many of its homes was set anew. */
enum { WORN = 64 };

/* Rows that were measured again. */
static void
forget_rows(struct coverage_base *b)
{
	for (size_t i = 0; b->own != NULL && i < b->slot[b->nhomes]; i++)
		free(b->own[i].metres);
	free(b->own);
	b->own = NULL;
	b->nown = 0;
}

static void
forget_gone(struct coverage_base *b)
{
	for (size_t i = 0; i < b->ngone; i++)
		free(b->gone[i].door);
	free(b->gone);
	b->gone = NULL;
	b->ngone = 0;
}

void
coverage_base_free(struct coverage_base *b)
{
	if (b == NULL)
		return;
	assign_close(b->state);
	forget_rows(b);
	forget_gone(b);
	plan_arcs_release(&b->arcs);
	plan_sites_release(&b->sites);
	gis_index_free(b->centres);
	gis_free(b->gis);
	coverage_unref(b->coverage);
	coverage_unref(b->full);
	free(b->key);
	free(b->number);
	free(b->of_item);
	free(b->alive);
	free(b->exact);
	free(b->slot);
	free(b);
}

struct coverage_row
coverage_base_row(const struct coverage_base *b, size_t slot)
{
	const struct plan_arcs *a = &b->arcs;
	size_t from = a->first[slot];

	if (b->own != NULL && b->own[slot].to != NULL)
		return b->own[slot];
	return (struct coverage_row){ a->to + from, a->metres + from,
		a->first[slot + 1] - from };
}

struct crowd_doors
coverage_base_doors(const struct coverage_base *b)
{
	return (struct crowd_doors){ .snap = b->snap,
		.of_item = b->of_item,
		.radius = b->limit.metres };
}

bool
coverage_base_sites(struct coverage_base *b)
{
	const struct plan_sites *s = &b->sites;
	uint32_t *of_item =
	    realloc(b->of_item, (s->nitems + 1) * sizeof(*of_item));

	if (of_item == NULL)
		return false;
	b->of_item = of_item;
	for (size_t i = 0; i < s->nitems; i++)
		of_item[i] = s->of_item[i] == UINT32_MAX
				 ? UINT32_MAX
				 : b->number[s->of_item[i]];
	return true;
}

/* Numbers in the order of sites, with new spare ones. */
static bool
number_sites(struct coverage_base *b)
{
	uint32_t n = (uint32_t)b->sites.n;

	free(b->number);
	free(b->alive);
	b->next = n;
	b->planned = n + COVERAGE_SPARE;
	b->number = malloc((n + 1) * sizeof(*b->number));
	b->alive = calloc(b->planned + COVERAGE_PLANNED, sizeof(*b->alive));
	if (b->number == NULL || b->alive == NULL)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		b->number[i] = i;
		b->alive[i] = true;
	}
	return coverage_base_sites(b);
}

static bool
index_homes(struct coverage_base *b)
{
	struct gis_point *p = malloc((b->nhomes + 1) * sizeof(*p));

	for (size_t i = 0; p != NULL && i < b->nhomes; i++)
		p[i] = b->home[i].home->plane;
	if (p != NULL)
		b->centres = gis_index_new(p, b->nhomes);
	free(p);
	return b->centres != NULL;
}

/* Room for the most points each home may ever stand on. */
static bool
lay_slots(struct coverage_base *b)
{
	b->slot = malloc((b->nhomes + 1) * sizeof(*b->slot));
	if (b->slot == NULL)
		return false;
	b->slot[0] = 0;
	for (size_t i = 0; i < b->nhomes; i++)
		b->slot[i + 1] =
		    b->slot[i] +
		    (b->limit.by_minutes ? 1 : crowd_points(b->home[i].home));
	return true;
}

/* Everybody on foot, and whom that covers.  Homes of the arcs are the homes
 * with people in the same order. */
static int
walk_all(struct coverage_base *b, const struct coverage_ask *ask,
    assign_progress *progress, void *arg)
{
	struct coverage *c = b->coverage;
	int r;

	if (c == NULL || c->gis == NULL || !coverage_list_homes(c))
		return ASSIGN_NO_MEMORY;
	c->totals.usable_shelters = (int64_t)b->sites.n;
	c->totals.places = b->sites.places;
	r = plan_arcs_build(
	    &b->arcs, b->snap, &b->sites, &b->limit, progress, arg);
	if (r < 0)
		return r;
	for (size_t i = 0; i < c->nhomes; i++)
		c->homes[i].share = b->arcs.first[i] < b->arcs.first[i + 1];
	r = coverage_round_homes(c);
	return r == 0 ? coverage_hash(c, ask, NULL) : r;
}

/* By radius the plan is made once it is asked for. */
static int
fill(struct coverage_base *b, const struct coverage_ask *ask,
    assign_progress *progress, void *arg)
{
	const struct plan_admit admit = { ask->where, ask->hidden };
	int r = 0;

	b->gis = gis_new();
	if (b->gis == NULL ||
	    plan_sites_init(&b->sites, b->snap, plan_admits, &admit) < 0)
		return ASSIGN_NO_MEMORY;
	if (!number_sites(b))
		return ASSIGN_NO_MEMORY;
	if (b->limit.by_minutes)
		r = walk_all(b, ask, progress, arg);
	if (r < 0)
		return r;
	b->home = coverage_homes(b->coverage, &b->nhomes);
	b->exact = malloc((b->nhomes + 1) * sizeof(*b->exact));
	if (b->exact == NULL || !lay_slots(b) ||
	    (b->limit.by_minutes && !index_homes(b)))
		return ASSIGN_NO_MEMORY;
	for (size_t i = 0; i < b->nhomes; i++)
		b->exact[i] =
		    b->home[i].share * (double)b->home[i].home->people;
	return 0;
}

int
coverage_base_make(const struct snapshot *snap, const struct coverage_ask *ask,
    struct coverage *distance, assign_progress *progress, void *arg,
    struct coverage_base **out)
{
	struct coverage_base *b = calloc(1, sizeof(*b));
	struct coverage_ask by_distance = *ask;
	int r = ASSIGN_NO_MEMORY;

	by_distance.capacity = false;
	*out = NULL;
	if (b == NULL)
		return r;
	b->limit = ask->limit;
	b->coverage = distance != NULL ? coverage_ref(distance)
				       : coverage_new(snap, &by_distance);
	b->key = coverage_key(NULL, &by_distance);
	if (b->coverage != NULL && b->key != NULL) {
		b->snap = coverage_snapshot(b->coverage);
		r = fill(b, &by_distance, progress, arg);
	}
	if (r < 0)
		coverage_base_free(b);
	else
		*out = b;
	return r;
}

/* ---- the plan ---- */

static bool
stand_all(struct coverage_base *b)
{
	const struct crowd_doors doors = coverage_base_doors(b);
	struct plan_arcs *a = &b->arcs;

	if (!crowd_init(a, b->slot[b->nhomes], b->sites.n))
		return false;
	for (size_t i = 0; i < b->nhomes; i++) {
		const struct coverage_home *h = &b->home[i];

		if (!crowd_stand_home(
			a, &doors, b->gis, h->home, h->share, h->covered))
			return false;
		while (a->nhomes < b->slot[i + 1]) {
			a->people[a->nhomes] = 0;
			a->first[++a->nhomes] = a->narcs;
		}
	}
	return true;
}

static bool
add_row(
    struct plan_arcs *a, const struct coverage_base *b, const uint32_t *site_of)
{
	struct coverage_row row = coverage_base_row(b, a->nhomes);

	for (size_t i = 0; i < row.n; i++) {
		if (!b->alive[row.to[i]])
			continue;
		if (!plan_arcs_grow(a))
			return false;
		a->to[a->narcs] = site_of[row.to[i]];
		a->metres[a->narcs++] = row.metres[i];
	}
	a->people[a->nhomes] = b->arcs.people[a->nhomes];
	a->first[++a->nhomes] = a->narcs;
	return true;
}

/* Rows in one piece again, by numbers in the order of sites, without what is
 * gone. */
static bool
join_rows(struct coverage_base *b)
{
	size_t n = b->slot[b->nhomes];
	uint32_t *site_of = malloc(b->planned * sizeof(*site_of));
	struct plan_arcs all;
	bool ok = crowd_init(&all, n, 0) && site_of != NULL;

	for (uint32_t i = 0; ok && i < b->sites.n; i++)
		site_of[b->number[i]] = i;
	while (ok && all.nhomes < n)
		ok = add_row(&all, b, site_of);
	free(site_of);
	if (!ok) {
		plan_arcs_release(&all);
		return false;
	}
	forget_rows(b);
	forget_gone(b);
	plan_arcs_release(&b->arcs);
	b->arcs = all;
	return number_sites(b);
}

/* Shelters without places stand at the end, for those to come; what a plan
 * kept for long does not need goes. */
static bool
trim(struct coverage_base *b)
{
	struct plan_arcs *a = &b->arcs;
	size_t n = b->planned + COVERAGE_PLANNED;
	int64_t *places = calloc(n, sizeof(*places));
	void *less;

	if (places == NULL)
		return false;
	free(a->places);
	a->places = places;
	a->nshelters = n;
	for (size_t i = 0; i < b->sites.n; i++)
		places[b->number[i]] =
		    crowd_places(b->sites.shelter[i]->usable);
	free(a->door);
	a->door = NULL;
	less = realloc(a->to, (a->narcs + 1) * sizeof(*a->to));
	a->to = less != NULL ? less : a->to;
	less = realloc(a->metres, (a->narcs + 1) * sizeof(*a->metres));
	a->metres = less != NULL ? less : a->metres;
	return true;
}

static int
count_placed(struct coverage_base *b)
{
	struct assign_totals totals;
	int r = assign_totals(b->state, &totals);

	if (r == 0)
		b->placed = totals.sheltered;
	b->counted = r == 0;
	return r;
}

static int
open_plan(struct coverage_base *b, const int64_t *guess,
    assign_progress *progress, void *arg)
{
	struct assign_problem p;
	int r;

	if (!trim(b))
		return ASSIGN_NO_MEMORY;
	p = plan_arcs_problem(&b->arcs);
	r = assign_open_near(&p, guess, &b->state, progress, arg);
	b->stirred = 0;
	return r;
}

/* The plan once more from nothing but its prices. */
static int
open_again(struct coverage_base *b, assign_progress *progress, void *arg)
{
	size_t n = b->planned + COVERAGE_PLANNED, sites = b->sites.n;
	int64_t *had = malloc(n * sizeof(*had));
	int64_t *guess =
	    calloc(sites + COVERAGE_SPARE + COVERAGE_PLANNED, sizeof(*guess));
	int r = ASSIGN_NO_MEMORY;

	if (had != NULL && guess != NULL) {
		assign_prices(b->state, had);
		for (size_t i = 0; i < sites; i++)
			guess[i] = had[b->number[i]];
		assign_close(b->state);
		b->state = NULL;
		if (join_rows(b))
			r = open_plan(b, guess, progress, arg);
	}
	free(had);
	free(guess);
	return r;
}

/* Homes set anew are asked in every round from then on, and a number that was
 * spent does not come back. */
bool
coverage_base_is_worn(const struct coverage_base *b)
{
	return b->stirred > b->slot[b->nhomes] / WORN + 64 ||
	       b->next + COVERAGE_SPARE / 2 > b->planned;
}

int
coverage_base_solve(
    struct coverage_base *b, assign_progress *progress, void *arg)
{
	int r;

	if (b->state != NULL && !b->waiting)
		return 0;
	if (b->state != NULL)
		r = coverage_base_is_worn(b)
			? open_again(b, progress, arg)
			: assign_resolve(b->state, progress, arg);
	else if (b->limit.by_minutes ? b->own == NULL || join_rows(b)
				     : stand_all(b))
		r = open_plan(b, NULL, progress, arg);
	else
		r = ASSIGN_NO_MEMORY;
	b->waiting = r < 0;
	return r == 0 ? count_placed(b) : r;
}

static struct coverage_row
copy_row(struct coverage_row row)
{
	struct coverage_row own = { NULL, NULL, row.n };

	own.metres =
	    malloc((row.n + 1) * (sizeof(*own.metres) + sizeof(*own.to)));
	if (own.metres == NULL)
		return own;
	own.to = (uint32_t *)(own.metres + row.n + 1);
	if (row.n > 0) {
		memcpy(own.metres, row.metres, row.n * sizeof(*own.metres));
		memcpy(own.to, row.to, row.n * sizeof(*own.to));
	}
	return own;
}

/* First nobody, so that the row is not listed for nothing. */
int
coverage_base_put(struct assign_state *state, size_t slot, int64_t people,
    struct coverage_row row)
{
	int r = assign_set_people(state, slot, 0);

	if (r == 0)
		r = assign_set_arcs(state, slot, row.n, row.to, row.metres);
	if (r == 0 && people > 0)
		r = assign_set_people(state, slot, people);
	return r;
}

int
coverage_base_set(struct coverage_base *b, size_t slot, int64_t people,
    struct coverage_row row)
{
	struct coverage_row own = copy_row(row);

	if (b->own == NULL)
		b->own = calloc(b->slot[b->nhomes] + 1, sizeof(*b->own));
	if (own.metres == NULL || b->own == NULL) {
		free(own.metres);
		return ASSIGN_NO_MEMORY;
	}
	b->nown += b->own[slot].to == NULL;
	free(b->own[slot].metres);
	b->own[slot] = own;
	b->arcs.people[slot] = people;
	b->waiting = true;
	b->counted = false;
	b->stirred++;
	return b->state != NULL ? coverage_base_put(b->state, slot, people, own)
				: 0;
}

/* ---- reading ---- */

static int
seat_homes(struct coverage *c, const struct coverage_base *b)
{
	int64_t *placed = malloc((b->slot[b->nhomes] + 1) * sizeof(*placed));
	int r = ASSIGN_NO_MEMORY;

	if (placed != NULL)
		r = assign_placed(b->state, placed);
	for (size_t i = 0; r == 0 && i < b->nhomes; i++) {
		for (size_t k = b->slot[i]; k < b->slot[i + 1]; k++)
			c->homes[i].placed += placed[k];
		c->totals.placed += c->homes[i].placed;
	}
	free(placed);
	return r;
}

static int
make_full(
    struct coverage *c, struct coverage_base *b, const struct coverage_ask *ask)
{
	const struct coverage *d = b->coverage;
	const struct coverage *old = b->full;
	int r;

	if (c == NULL || c->gis == NULL || !coverage_copy_homes(c, d))
		return ASSIGN_NO_MEMORY;
	c->totals.covered = d->totals.covered;
	c->totals.exact = d->totals.exact;
	c->totals.area = d->totals.area;
	r = seat_homes(c, b);
	return r == 0 ? coverage_hash(c, ask, old) : r;
}

int
coverage_base_read(struct coverage_base *b, const struct coverage_ask *ask,
    struct coverage **out)
{
	struct coverage *c;
	int r;

	*out = NULL;
	if (!ask->capacity || (b->full != NULL && b->full->snap == b->snap)) {
		*out = coverage_ref(ask->capacity ? b->full : b->coverage);
		return 0;
	}
	c = coverage_new(b->snap, ask);
	r = coverage_base_solve(b, NULL, NULL);
	if (r == 0)
		r = make_full(c, b, ask);
	if (r < 0) {
		coverage_unref(c);
		return r;
	}
	coverage_unref(b->full);
	b->full = coverage_ref(c);
	*out = c;
	return 0;
}

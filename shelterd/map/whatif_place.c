/* SPDX-License-Identifier: MIT */
/*
 * Capacity of a scene: the base's plan with other places, other points people
 * stand on and ways to opened doors, solved again and put back.  Putting back
 * is only marked; the next assign_resolve() does it together with what the
 * next scene changes.
 */
#include <stdlib.h>
#include <string.h>

#include "shelterd/map/whatif_part.h"

/* Homes whose points were set otherwise. */
struct stir {
	struct whatif_scene *scene;
	struct crowd_doors doors;
	struct plan_arcs rows; /* of one home */
	uint32_t *home;
	size_t n;
};

static struct coverage_row
row_at(const struct plan_arcs *a, size_t row)
{
	size_t from = a->first[row];

	return (struct coverage_row){ a->to + from, a->metres + from,
		a->first[row + 1] - from };
}

/* Rows of v->rows stand where the home's own stood. */
static int
set_home(struct stir *v, size_t home)
{
	struct coverage_base *b = v->scene->base;
	size_t slot = b->slot[home];
	int r = 0;

	v->home[v->n++] = (uint32_t)home;
	b->stirred += b->slot[home + 1] - slot;
	for (size_t i = 0; r == 0 && slot + i < b->slot[home + 1]; i++)
		if (i < v->rows.nhomes)
			r = coverage_base_put(b->state, slot + i,
			    v->rows.people[i], row_at(&v->rows, i));
		else if (b->arcs.people[slot + i] > 0)
			r = assign_set_people(b->state, slot + i, 0);
	return r;
}

static int
put_back(struct stir *v)
{
	const struct whatif_scene *s = v->scene;
	const struct coverage_base *b = s->base;
	int r = 0;

	for (size_t i = 0; r == 0 && i < v->n; i++)
		for (size_t j = b->slot[v->home[i]];
		     r == 0 && j < b->slot[v->home[i] + 1]; j++)
			r = coverage_base_put(b->state, j, b->arcs.people[j],
			    coverage_base_row(b, j));
	for (size_t i = 0; r == 0 && i < s->nshut; i++)
		r = assign_set_places(b->state, b->number[s->shut[i]],
		    crowd_places(b->sites.shelter[s->shut[i]]->usable));
	for (size_t i = 0; r == 0 && i < s->nraise; i++)
		r = assign_set_places(b->state, b->number[s->raise[i].site],
		    crowd_places(b->sites.shelter[s->raise[i].site]->usable));
	for (size_t i = 0; r == 0 && i < s->nopen; i++)
		r = assign_set_places(b->state, b->planned + i, 0);
	return r;
}

static int
set_places(const struct whatif_scene *s)
{
	const struct coverage_base *b = s->base;
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->nshut; i++)
		r = assign_set_places(b->state, b->number[s->shut[i]], 0);
	for (size_t i = 0; r == 0 && i < s->nraise; i++)
		r = assign_set_places(
		    b->state, b->number[s->raise[i].site], s->raise[i].places);
	for (size_t i = 0; r == 0 && i < s->nopen; i++)
		r = assign_set_places(b->state, b->planned + i, s->places[i]);
	return r;
}

static bool
near_opened(const struct whatif_scene *s, size_t home)
{
	const struct coverage_base *b = s->base;
	const struct snap_home *h = b->home[home].home;
	struct gis_point p = crowd_centre(h);

	for (size_t i = 0; i < s->ndoors; i++)
		if (gis_distance(p, s->door[i].plane) <=
		    b->limit.metres * GIS_COVER_REACH + crowd_half(h))
			return true;
	return false;
}

/* People of one home stand anew, on such a share of it. */
static int
stand_again(struct stir *v, size_t home, double share)
{
	struct coverage_base *b = v->scene->base;

	v->rows.nhomes = v->rows.narcs = 0;
	if (!crowd_stand_home(&v->rows, &v->doors, b->gis, b->home[home].home,
		share, v->scene->covered[home]))
		return ASSIGN_NO_MEMORY;
	return set_home(v, home);
}

static int
stir_by_radius(struct stir *v)
{
	struct whatif_scene *s = v->scene;
	const struct coverage_base *b = s->base;
	bool *near = calloc(b->nhomes + 1, sizeof(*near));
	int r = near != NULL ? 0 : ASSIGN_NO_MEMORY;

	for (size_t i = 0; r == 0 && i < s->nnear; i++) {
		uint32_t home = s->near[i];

		near[home] = true;
		if (s->exact[home] != b->exact[home] ||
		    s->covered[home] != b->home[home].covered ||
		    near_opened(s, home))
			r = stand_again(v, home, s->share[i]);
	}
	/* Rounding may move a person far away, too. */
	for (size_t i = 0; r == 0 && i < b->nhomes; i++)
		if (!near[i] && s->covered[i] != b->home[i].covered)
			r = stand_again(v, i, b->home[i].share);
	free(near);
	return r;
}

/* The home's ways and those to opened doors. */
static bool
join_ways(struct stir *v, const struct whatif_way *way, size_t n)
{
	const struct coverage_base *b = v->scene->base;
	struct plan_arcs *rows = &v->rows;
	struct coverage_row had = coverage_base_row(b, way->home);

	rows->narcs = 0;
	for (size_t i = 0; i < had.n + n; i++) {
		const struct whatif_way *w = i < had.n ? NULL : &way[i - had.n];

		if (!plan_arcs_grow(rows))
			return false;
		rows->to[rows->narcs] = w == NULL ? had.to[i] : w->shelter;
		rows->metres[rows->narcs++] =
		    w == NULL ? had.metres[i] : w->metres;
	}
	rows->people[0] = b->arcs.people[way->home];
	rows->first[1] = rows->narcs;
	rows->nhomes = 1;
	return true;
}

static int
stir_by_minutes(struct stir *v)
{
	const struct whatif_scene *s = v->scene;
	size_t n;
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->nways; i += n) {
		for (n = 1;
		     i + n < s->nways && s->way[i + n].home == s->way[i].home;)
			n++;
		r = join_ways(v, &s->way[i], n) ? set_home(v, s->way[i].home)
						: ASSIGN_NO_MEMORY;
	}
	return r;
}

static int
play(struct stir *v, struct crowd_extra *extra, int64_t *placed)
{
	struct whatif_scene *s = v->scene;
	struct coverage_base *b = s->base;
	struct assign_totals totals;
	int r;

	for (size_t i = 0; i < s->ndoors; i++)
		extra[i] = (struct crowd_extra){ s->door[i].plane,
			s->door[i].shelter };
	v->doors = coverage_base_doors(b);
	v->doors.extra = extra;
	v->doors.nextra = s->ndoors;
	b->waiting = true;
	r = set_places(s);
	if (r == 0)
		r = b->limit.by_minutes ? stir_by_minutes(v)
					: stir_by_radius(v);
	if (r == 0)
		r = assign_resolve(b->state, NULL, NULL);
	if (r == 0)
		r = assign_totals(b->state, &totals);
	if (r < 0)
		return r;
	*placed = totals.sheltered;
	return put_back(v);
}

int
whatif_scene_place(struct whatif_scene *s, int64_t *placed)
{
	struct crowd_extra *extra = malloc((s->ndoors + 1) * sizeof(*extra));
	struct stir v = { .scene = s,
		.home = malloc((s->base->nhomes + 1) * sizeof(*v.home)) };
	int r = ASSIGN_NO_MEMORY;

	if (extra != NULL && v.home != NULL &&
	    crowd_init(&v.rows, CROWD_SAMPLES, 0))
		r = play(&v, extra, placed);
	plan_arcs_release(&v.rows);
	free(v.home);
	free(extra);
	return r;
}

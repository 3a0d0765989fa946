/* SPDX-License-Identifier: MIT */
/* Who reaches which shelter, for the catchment: see coverage_access.h. */
#include "shelterd/map/coverage_access.h"

#include <stdlib.h>

#include "gis/catchment.h"
#include "shelterd/map/coverage_crowd.h"

/* Everybody on points; home i has row[i] … row[i + 1] - 1. */
struct everybody {
	struct plan_sites sites;
	struct plan_arcs arcs;
	size_t *row;
};

static bool
stand(struct everybody *e, const struct crowd_doors *doors, struct gis *gis,
    const struct snap_home *h)
{
	struct gis_point at[CROWD_SAMPLES] = { h->plane };
	int64_t people = h->people;
	size_t n = 1;

	if (h->plane_shape != NULL &&
	    gis_shape_kind(h->plane_shape) == GIS_AREA) {
		n = people < CROWD_SAMPLES ? (size_t)people : CROWD_SAMPLES;
		n = gis_shape_samples(gis, h->plane_shape, h->plane, n, at);
	}
	for (size_t i = 0; i < n; i++) {
		int64_t some = people / (int64_t)(n - i);

		if (!crowd_stand(&e->arcs, doors, at[i], some))
			return false;
		people -= some;
	}
	return true;
}

static bool
stand_all(struct everybody *e, const struct coverage *c, double radius)
{
	const struct crowd_doors doors = {
		.snap = coverage_snapshot(c),
		.of_item = e->sites.of_item,
		.radius = radius,
	};
	size_t n;
	const struct coverage_home *h = coverage_homes(c, &n);
	struct gis *gis = gis_new();
	bool ok =
	    gis != NULL && crowd_init(&e->arcs, n * CROWD_SAMPLES, e->sites.n);

	for (size_t i = 0; ok && i < e->sites.n; i++)
		e->arcs.places[i] = crowd_places(e->sites.shelter[i]->usable);
	for (size_t i = 0; ok && i < n; i++) {
		ok = stand(e, &doors, gis, h[i].home);
		e->row[i + 1] = e->arcs.nhomes;
	}
	gis_free(gis);
	return ok;
}

/* On foot a home is one row, in the same order. */
static bool
walk_all(struct everybody *e, const struct coverage *c,
    const struct plan_limit *limit, size_t n)
{
	if (plan_arcs_build(&e->arcs, coverage_snapshot(c), &e->sites, limit,
		NULL, NULL) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		e->row[i + 1] = i + 1;
	return true;
}

/* The mean over the people of each home; in place, rows are not fewer. */
static void
average(const struct everybody *e, size_t homes, double *access)
{
	for (size_t i = 0; i < homes; i++) {
		double sum = 0, people = 0;

		for (size_t k = e->row[i]; k < e->row[i + 1]; k++) {
			sum += access[k] * (double)e->arcs.people[k];
			people += (double)e->arcs.people[k];
		}
		access[i] = people > 0 ? sum / people : 0;
	}
}

double *
coverage_access(const struct coverage *c, const struct coverage_ask *ask)
{
	const struct plan_admit admit = { ask->where, ask->hidden };
	struct everybody e = { 0 };
	struct gis_catchment in;
	double *access = NULL;
	size_t n;
	bool ok;

	coverage_homes(c, &n);
	e.row = calloc(n + 1, sizeof(*e.row));
	ok = e.row != NULL && plan_sites_init(&e.sites, coverage_snapshot(c),
				  plan_admits, &admit) == 0;
	if (ok)
		ok = ask->limit.by_minutes
			 ? walk_all(&e, c, &ask->limit, n)
			 : stand_all(&e, c, ask->limit.metres);
	if (ok)
		access = malloc((e.arcs.nhomes + 1) * sizeof(*access));
	in = (struct gis_catchment){ e.arcs.nhomes, e.sites.n, e.arcs.people,
		e.arcs.places, e.arcs.first, e.arcs.to };
	if (access != NULL && gis_catchment(&in, access) < 0) {
		free(access);
		access = NULL;
	}
	if (access != NULL)
		average(&e, n, access);
	plan_sites_release(&e.sites);
	plan_arcs_release(&e.arcs);
	free(e.row);
	return access;
}

struct weighed {
	double access;
	int64_t people;
};

static int
by_access(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	return x->access < y->access ? -1 : x->access > y->access;
}

bool
coverage_access_sum(const struct coverage *c, const double *access,
    struct coverage_access_totals *out)
{
	size_t n;
	const struct coverage_home *h = coverage_homes(c, &n);
	struct weighed *w = malloc((n + 1) * sizeof(*w));
	int64_t people = 0, half;

	*out = (struct coverage_access_totals){ 0 };
	if (w == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		w[i] = (struct weighed){ access[i], h[i].home->people };
		people += w[i].people;
		out->mean += access[i] * (double)w[i].people;
		out->none += access[i] > 0 ? 0 : w[i].people;
		out->below += access[i] < 1 ? w[i].people : 0;
	}
	qsort(w, n, sizeof(*w), by_access);
	out->mean = people > 0 ? out->mean / (double)people : 0;
	half = (people + 1) / 2;
	for (size_t i = 0; i < n && half > 0; i++) {
		out->median = w[i].access;
		half -= w[i].people;
	}
	free(w);
	return true;
}

/* SPDX-License-Identifier: MIT */
/* GeoJSON of a coverage: see coverage_json.h. */
#include "shelterd/map/coverage_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "gis/coverage.h"
#include "shelterd/map/coverage_access.h"
#include "shelterd/site.h"

enum { DECIMALS = 7 }; /* of degrees: 1 cm */

/* A collection being written, with this call's own GEOS and PROJ. */
struct writing {
	const struct coverage *coverage;
	struct gis *gis;
	struct gis_crs *plane;
	struct gis_fail *fail;
	FILE *f;
	char *text;
	size_t size;
	int64_t total; /* of features there might be, -1: those there are */
	bool failed, any;
};

static void
add_access(cJSON *o, const struct coverage *c, const double *access)
{
	struct coverage_access_totals t;
	cJSON *a;

	if (access == NULL || !coverage_access_sum(c, access, &t))
		return;
	a = cJSON_AddObjectToObject(o, "access");
	cJSON_AddNumberToObject(a, "mean", t.mean);
	cJSON_AddNumberToObject(a, "median", t.median);
	cJSON_AddNumberToObject(a, "people_below_one", (double)t.below);
	cJSON_AddNumberToObject(a, "people_without", (double)t.none);
}

cJSON *
coverage_totals_json(const struct coverage *c, const double *access)
{
	const struct coverage_totals *t = coverage_totals(c);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "people", (double)t->people);
	cJSON_AddNumberToObject(o, "covered", (double)t->covered);
	if (t->capacity)
		cJSON_AddNumberToObject(o, "placed", (double)t->placed);
	else
		cJSON_AddNullToObject(o, "placed");
	cJSON_AddNumberToObject(o, "too_far", (double)(t->people - t->covered));
	if (t->capacity)
		cJSON_AddNumberToObject(
		    o, "full", (double)(t->covered - t->placed));
	else
		cJSON_AddNullToObject(o, "full");
	cJSON_AddNumberToObject(o, "covered_exact", t->exact);
	if (t->limit.by_minutes)
		cJSON_AddNullToObject(o, "area");
	else
		cJSON_AddNumberToObject(o, "area", round(t->area * 10) / 10);
	add_access(o, c, access);
	cJSON_AddItemToObject(o, "limit", plan_limit_json(&t->limit));
	cJSON_AddNumberToObject(
	    o, "usable_shelters", (double)t->usable_shelters);
	cJSON_AddNumberToObject(o, "places", (double)t->places);
	cJSON_AddNumberToObject(o, "data_version", (double)t->data_version);
	cJSON_AddStringToObject(o, "hash", t->hash);
	site_add_time(o, "computed_at", t->computed_at);
	return o;
}

static bool
writing_begin(
    struct writing *w, const struct coverage *c, struct gis_fail *fail)
{
	*w = (struct writing){ .coverage = c, .fail = fail, .total = -1 };
	snprintf(fail->what, sizeof(fail->what), "out of memory");
	w->gis = gis_new();
	w->plane = snapshot_plane_new(coverage_snapshot(c));
	w->f = open_memstream(&w->text, &w->size);
	w->failed = w->gis == NULL || w->plane == NULL || w->f == NULL;
	if (w->f != NULL)
		fputs("{\"type\":\"FeatureCollection\",\"features\":[", w->f);
	return !w->failed;
}

static char *
writing_end(struct writing *w)
{
	if (w->f != NULL) {
		if (w->total >= 0)
			fprintf(w->f, "],\"total\":%" PRId64 "}", w->total);
		else
			fputs("]}", w->f);
		w->failed |= fclose(w->f) != 0;
	}
	gis_crs_free(w->plane);
	gis_free(w->gis);
	if (w->failed) {
		free(w->text);
		w->text = NULL;
	}
	return w->text;
}

/* Begins a feature with its geometry; the caller writes the properties and
 * closes it with "}}". */
static bool
feature_begin(struct writing *w, const struct gis_shape *plane)
{
	struct gis_shape *lonlat =
	    gis_shape_to_lonlat(w->gis, plane, w->plane, w->fail);
	char *geometry = lonlat != NULL
			     ? gis_shape_to_geojson(w->gis, lonlat, DECIMALS)
			     : NULL;

	if (geometry != NULL)
		fprintf(w->f,
		    "%s{\"type\":\"Feature\",\"geometry\":%s,"
		    "\"properties\":{",
		    w->any ? "," : "", geometry);
	else
		w->failed = true;
	w->any = true;
	free(geometry);
	gis_shape_free(w->gis, lonlat);
	return !w->failed;
}

/* The same for a home: its shape, or its point. *area is 0 for a point. */
static bool
home_begin(struct writing *w, const struct snap_home *h, double *area)
{
	struct gis_shape *point = NULL;
	const struct gis_shape *shape = h->plane_shape;
	bool ok;

	*area = 0;
	if (shape == NULL)
		shape = point = gis_shape_point(w->gis, h->plane);
	else
		*area = gis_shape_area(w->gis, shape);
	w->failed |= shape == NULL;
	ok = shape != NULL && feature_begin(w, shape);
	gis_shape_free(w->gis, point);
	return ok;
}

/* By minutes there is no geometry but the homes: those within the limit. */
static void
write_reached_homes(struct writing *w)
{
	size_t n;
	const struct coverage_home *h = coverage_homes(w->coverage, &n);
	double area;

	for (size_t i = 0; i < n && !w->failed; i++)
		if (h[i].covered > 0 && home_begin(w, h[i].home, &area))
			fprintf(w->f, "\"home\":%" PRId64 "}}", h[i].home->id);
}

char *
coverage_area_json(const struct coverage *c, size_t top, struct gis_fail *fail)
{
	const struct gis_coverage *geometry = coverage_geometry(c);
	struct gis_shape *area;
	struct writing w;

	(void)top;
	if (!writing_begin(&w, c, fail))
		return writing_end(&w);
	if (geometry == NULL) {
		write_reached_homes(&w);
		return writing_end(&w);
	}
	area = gis_coverage_area(w.gis, geometry);
	if (area != NULL && feature_begin(&w, area))
		fprintf(w.f, "\"area\":%.1f}}", gis_shape_area(w.gis, area));
	gis_shape_free(w.gis, area);
	return writing_end(&w);
}

/* Somebody without a place, and where: a gap over homes, or a home. */
struct left {
	const struct gis_gap *gap;    /* or NULL */
	const struct snap_home *home; /* then this */
	int64_t people;
	const char *reason;
};

struct lefts {
	struct left *at;
	size_t n, cap;
	struct gis_gap *gaps;
	size_t ngaps;
};

static bool
add_left(struct lefts *l, struct left one)
{
	if (l->n == l->cap) {
		size_t cap = l->cap * 2 + 64;
		void *p = realloc(l->at, cap * sizeof(*l->at));

		if (p == NULL)
			return false;
		l->at = p;
		l->cap = cap;
	}
	l->at[l->n++] = one;
	return true;
}

/* Gaps joined over homes; their people sum to those too far. */
static bool
add_far_areas(
    struct writing *w, struct lefts *l, const struct gis_coverage *geometry)
{
	size_t n = gis_coverage_gaps(w->gis, geometry, &l->gaps);
	double *exact = calloc(n + 1, sizeof(*exact));
	int64_t *people = calloc(n + 1, sizeof(*people));
	bool good = exact != NULL && people != NULL;

	l->ngaps = n;
	for (size_t i = 0; good && i < n; i++)
		exact[i] = l->gaps[i].people;
	good = good && coverage_round(exact, n, people) == 0;
	for (size_t i = 0; good && i < n; i++)
		good = add_left(l,
		    (struct left){ &l->gaps[i], NULL, people[i], "too_far" });
	free(exact);
	free(people);
	return good;
}

/* Each home with people the reason holds for. */
static bool
add_homes_left(
    const struct writing *w, struct lefts *l, const char *reason, bool far)
{
	size_t n;
	const struct coverage_home *h = coverage_homes(w->coverage, &n);

	for (size_t i = 0; i < n; i++) {
		int64_t people = far ? h[i].home->people - h[i].covered
				     : h[i].covered - h[i].placed;

		if (people > 0 && !add_left(l, (struct left){ NULL, h[i].home,
						   people, reason }))
			return false;
	}
	return true;
}

static int
by_people(const void *a, const void *b)
{
	const struct left *p = a, *q = b;

	return (q->people > p->people) - (q->people < p->people);
}

static void
write_left(struct writing *w, const struct left *l)
{
	double area = l->gap != NULL ? l->gap->area : 0;

	if (!(l->gap != NULL ? feature_begin(w, l->gap->plane_shape)
			     : home_begin(w, l->home, &area)))
		return;
	fprintf(w->f, "\"people\":%" PRId64 ",\"area\":%.1f,\"reason\":\"%s\"",
	    l->people, area, l->reason);
	if (l->home != NULL)
		fprintf(w->f, ",\"home\":%" PRId64, l->home->id);
	fputs("}}", w->f);
}

static void
write_lefts(struct writing *w, struct lefts *l, size_t top)
{
	size_t n = l->n;

	if (top > 0 && n > 0)
		qsort(l->at, n, sizeof(*l->at), by_people);
	if (top > 0 && n > top)
		n = top;
	for (size_t i = 0; i < n && !w->failed; i++)
		write_left(w, &l->at[i]);
	w->total = (int64_t)l->n;
}

char *
coverage_gaps_json(const struct coverage *c, size_t top, struct gis_fail *fail)
{
	const struct gis_coverage *geometry = coverage_geometry(c);
	struct lefts l = { 0 };
	struct writing w;
	bool good;

	if (!writing_begin(&w, c, fail))
		return writing_end(&w);
	good = geometry != NULL ? add_far_areas(&w, &l, geometry)
				: add_homes_left(&w, &l, "too_far", true);
	if (good && coverage_totals(c)->capacity)
		good = add_homes_left(&w, &l, "full", false);
	if (good)
		write_lefts(&w, &l, top);
	w.failed |= !good;
	gis_gaps_free(w.gis, l.gaps, l.ngaps);
	free(l.at);
	return writing_end(&w);
}

char *
coverage_homes_json(
    const struct coverage *c, const double *access, struct gis_fail *fail)
{
	bool capacity = coverage_totals(c)->capacity;
	size_t n;
	const struct coverage_home *h = coverage_homes(c, &n);
	struct writing w;
	double area;

	if (!writing_begin(&w, c, fail))
		return writing_end(&w);
	for (size_t i = 0; i < n && !w.failed; i++) {
		if (!home_begin(&w, h[i].home, &area))
			break;
		fprintf(w.f,
		    "\"id\":%" PRId64 ",\"people\":%" PRId64
		    ",\"share\":%.6f,\"covered\":%" PRId64 ",\"placed\":",
		    h[i].home->id, h[i].home->people, h[i].share, h[i].covered);
		if (capacity)
			fprintf(w.f, "%" PRId64, h[i].placed);
		else
			fputs("null", w.f);
		if (access != NULL)
			fprintf(w.f, ",\"access\":%.6f", access[i]);
		fputs("}}", w.f);
	}
	return writing_end(&w);
}

/* SPDX-License-Identifier: MIT */
/*
 * What can be said of rows without the store: are the numbers coordinates, of
 * which system, in which order, inside the box; do texts and counts look
 * right; which rows repeat one another.  Runs on the worker.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sodium.h>
#include "gis/crs.h"
#include "gis/lines.h"
#include "gis/shape.h"
#include "shelterd/import/import_check.h"
#include "shelterd/import/import_match.h"
#include "shelterd/net/request.h"
#include "shelterd/rules.h"
#include "shelterd/snapshot.h"

static const double DISTRICT_MARGIN = 0.2; /* degrees around what is stored */
static const double DISTRICT_GUESS = 1.0;  /* degrees around the median */
static const double FAR = 5.0;		   /* degrees: a warning */

static bool
refuse(struct import_wrong *wrong, const char *field, const char *why)
{
	snprintf(wrong->field, sizeof(wrong->field), "%s", field);
	snprintf(wrong->why, sizeof(wrong->why), "%s", why);
	return false;
}

bool
check_valid(struct gis_point p)
{
	return isfinite(p.x) && isfinite(p.y) && fabs(p.x) <= 180 &&
	       fabs(p.y) <= 90;
}

/* Degrees in either order. */
static bool
like_degrees(struct gis_point p)
{
	return fabs(p.x) <= 180 && fabs(p.y) <= 180;
}

/* Some point of the row as it was read; false if it has none. */
static bool
sample(const struct import_row *r, struct gis_point *out)
{
	const char *at = r->geometry;
	if (r->outcome != OUT_PENDING)
		return false;
	*out = r->nlines ? r->points[0] : r->read;
	if (at) {
		char *end = NULL;
		at += strcspn(at, "0123456789-");
		out->x = strtod(at, &end);
		out->y = *end == ',' ? strtod(end + 1, NULL) : NAN;
	}
	return !isnan(out->x) && !isnan(out->y);
}

/* "auto" is WGS84 when most rows look like degrees, else it is nothing that
 * could be guessed without harm. */
static bool
resolve_crs(struct import *im, struct import_wrong *wrong)
{
	size_t degrees = 0, other = 0;
	struct gis_point p, odd = { 0, 0 };
	const struct import_row *row = NULL;

	snprintf(im->used_crs, sizeof(im->used_crs), "%s", im->crs);
	if (strcmp(im->crs, "auto") != 0)
		return true;
	strcpy(im->used_crs, "wgs84");
	for (size_t i = 0; i < im->nrows; i++) {
		if (!sample(&im->rows[i], &p))
			continue;
		if (like_degrees(p))
			degrees++;
		else if (other++ == 0) {
			odd = p;
			row = &im->rows[i];
		}
	}
	if (degrees >= other)
		return true;
	strcpy(wrong->field, "crs");
	snprintf(wrong->why, sizeof(wrong->why),
	    "%.1f, %.1f (line %lld) are not degrees: name the system, such as"
	    " EPSG:4549 (CGCS2000, 120E), EPSG:3826 (TWD97) or EPSG:32651",
	    odd.x, odd.y, (long long)row->line);
	return false;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Median of the valid positions; false: none. */
static bool
median(const struct gis_point *p, size_t n, struct gis_point *out)
{
	size_t m = 0;
	double *x = malloc((2 * n + 1) * sizeof(*x)), *y = x ? x + n : NULL;
	for (size_t i = 0; x && i < n; i++)
		if (check_valid(p[i])) {
			x[m] = p[i].x;
			y[m++] = p[i].y;
		}
	if (m > 0) {
		qsort(x, m, sizeof(*x), by_value);
		qsort(y, m, sizeof(*y), by_value);
		*out = (struct gis_point){ x[m / 2], y[m / 2] };
	}
	free(x);
	return m > 0;
}

static struct gis_box
around(struct gis_box b, double margin)
{
	return (struct gis_box){ b.w - margin, b.s - margin, b.e + margin,
		b.n + margin };
}

/* Where rows belong: the asked box, else what is stored, else around the
 * middle of the rows themselves. */
static struct gis_box
district(const struct import *im, const struct snapshot *snap,
    const struct gis_point *lonlat, struct gis_point *centre)
{
	struct gis_box box = gis_box_empty();
	bool any = median(lonlat, im->nrows, centre);
	if (im->has_bbox)
		return im->bbox;
	for (size_t i = 0; i < snapshot_homes(snap); i++)
		box = gis_box_with(box, snapshot_home_at(snap, i)->lonlat);
	for (size_t i = 0; i < snapshot_shelters(snap); i++)
		box = gis_box_with(box, snapshot_shelter_at(snap, i)->lonlat);
	if (snapshot_homes(snap) + snapshot_shelters(snap) > 0)
		return around(box, DISTRICT_MARGIN);
	if (any)
		box = gis_box_with(box, *centre);
	return around(box, any ? DISTRICT_GUESS : 0);
}

static struct gis_point
to_lonlat(struct gis_crs *crs, struct gis_point p)
{
	if (crs && isfinite(p.x) && isfinite(p.y))
		gis_crs_to_lonlat(crs, &p, 1);
	return p;
}

static void
settle_point(const struct check *c, struct import_row *r, struct gis_point p)
{
	struct gis_point turned = { r->read.y, r->read.x };
	struct import *im = c->im;

	if (isnan(r->read.x) || isnan(r->read.y)) {
		import_reject(
		    r, isnan(r->read.x) ? "x" : "y", "no coordinates");
		return;
	}
	if (r->read.x == 0 && r->read.y == 0) {
		import_reject(r, "x", "0, 0 stands for no position");
		return;
	}
	if (!check_valid(p) || !gis_box_has(c->district, p)) {
		turned = to_lonlat(c->crs, turned);
		if (check_valid(turned) &&
		    (!check_valid(p) || gis_box_has(c->district, turned))) {
			p = turned;
			r->swapped = true;
			import_warn(
			    im, r, "x", "longitude and latitude were swapped");
		}
	}
	if (!check_valid(p))
		import_reject(r, "x",
		    import_text(im, "%.10g, %.10g is no position in %s",
			r->read.x, r->read.y, im->used_crs));
	r->lonlat = p;
}

static void
keep_wkb(struct check *c, struct import_row *r, const struct gis_shape *s)
{
	size_t len = 0;
	unsigned char *wkb = gis_shape_to_wkb(c->gis, s, &len);
	void *copy = wkb ? rowtext_room(&c->im->text, len) : NULL;
	if (copy) {
		r->wkb = memcpy(copy, wkb, len);
		r->wkb_len = len;
	} else
		import_reject(r, "geometry", "out of memory");
	free(wkb);
}

static struct gis_shape *
read_shape(struct check *c, struct import_row *r, struct gis_fail *fail)
{
	int repaired = 0;
	struct gis_shape *s = NULL, *lonlat = NULL;
	s = gis_shape_from_geojson(
	    c->gis, r->geometry, strlen(r->geometry), &repaired, fail);
	if (s && repaired)
		import_warn(c->im, r, "geometry",
		    "the area crossed itself and was repaired");
	if (!s || !c->crs)
		return s;
	lonlat = gis_shape_to_lonlat(c->gis, s, c->crs, fail);
	gis_shape_free(c->gis, s);
	return lonlat;
}

/* Whether a row with that box in lon/lat and r->lonlat in its middle stays. */
static bool
fits(struct check *c, struct import_row *r, const char *field,
    struct gis_box box)
{
	struct gis_point low = { box.w, box.s }, high = { box.e, box.n };
	if (!check_valid(low) || !check_valid(high))
		import_reject(r, field,
		    import_text(c->im, "%.10g, %.10g is no position in %s",
			high.x, high.y, c->im->used_crs));
	else if (c->im->has_bbox && !gis_box_has(c->im->bbox, r->lonlat))
		r->outcome = OUT_OUTSIDE;
	return r->outcome == OUT_PENDING;
}

static void
settle_lines(struct check *c, struct import_row *r)
{
	const char *fault = gis_lines_fault(r->points, r->first, r->nlines);
	if (!fault && c->crs &&
	    gis_crs_to_lonlat(c->crs, r->points, r->first[r->nlines]) > 0)
		fault = "a coordinate is no position in its system";
	if (fault) {
		import_reject(r, "lines", fault);
		return;
	}
	r->lonlat = gis_lines_centroid(r->points, r->first, r->nlines);
	fits(c, r, "lines", gis_lines_box(r->points, r->first, r->nlines));
}

static void
settle_shape(struct check *c, struct import_row *r)
{
	struct gis_fail fail = { .what = "" };
	struct gis_shape *s = read_shape(c, r, &fail);
	if (!s) {
		import_reject(
		    r, "geometry", import_text(c->im, "%s", fail.what));
		return;
	}
	r->lonlat = gis_shape_centroid(c->gis, s);
	if (fits(c, r, "geometry", gis_shape_box(s))) {
		r->lonlat = gis_shape_inside(c->gis, s);
		keep_wkb(c, r, s);
	}
	gis_shape_free(c->gis, s);
}

static void
settle(struct check *c, struct import_row *r, struct gis_point p)
{
	if (r->outcome != OUT_PENDING)
		return;
	if (c->im->kind == IMPORT_NETWORK && r->nlines == 0)
		import_reject(r, "lines", "no lines");
	else if (r->nlines > 0)
		settle_lines(c, r);
	else if (r->geometry)
		settle_shape(c, r);
	else {
		settle_point(c, r, p);
		if (r->outcome == OUT_PENDING && c->im->has_bbox &&
		    !gis_box_has(c->im->bbox, r->lonlat))
			r->outcome = OUT_OUTSIDE;
	}
	if (r->outcome != OUT_PENDING)
		return;
	if (!c->im->has_bbox &&
	    (fabs(r->lonlat.x - c->centre.x) > FAR ||
		fabs(r->lonlat.y - c->centre.y) > FAR) &&
	    check_valid(c->centre))
		import_warn(c->im, r, "x",
		    import_text(c->im, "%.6f, %.6f is far from the other rows",
			r->lonlat.x, r->lonlat.y));
	check_values(c, r);
}

static bool
settle_all(struct check *c, const struct gis_point *lonlat, struct job *job,
    struct import_wrong *wrong)
{
	for (size_t i = 0; i < c->im->nrows; i++) {
		settle(c, &c->im->rows[i], lonlat[i]);
		if (i % 1024 != 0 || !job)
			continue;
		job_progress(job, "check", (int64_t)i, (int64_t)c->im->nrows);
		if (job_cancelled(job))
			return refuse(wrong, "", "cancelled");
	}
	return true;
}

static bool
open_crs(struct check *c, struct import_wrong *wrong)
{
	struct gis_fail fail = { .what = "" };
	const char *name = c->im->used_crs;
	if (strcmp(name, "wgs84") == 0 || strcmp(name, "EPSG:4326") == 0)
		return true;
	c->crs = gis_crs_new(name, &fail);
	return c->crs ? true : refuse(wrong, "crs", fail.what);
}

bool
import_check(struct import *im, const struct snapshot *snap,
    const struct rules *rules, struct job *job, struct import_wrong *wrong)
{
	bool ok = false;
	struct check c = { .im = im, .rules = rules, .centre = { NAN, NAN } };
	struct gis_point *lonlat = malloc((im->nrows + 1) * sizeof(*lonlat));

	c.gis = gis_new();
	if (!lonlat || !c.gis) {
		refuse(wrong, "", "out of memory");
		goto out;
	}
	if (!resolve_crs(im, wrong) || !open_crs(&c, wrong))
		goto out;
	for (size_t i = 0; i < im->nrows; i++)
		lonlat[i] = to_lonlat(c.crs, im->rows[i].read);
	c.district = district(im, snap, lonlat, &c.centre);
	ok = settle_all(&c, lonlat, job, wrong);
	if (ok && (check_duplicates(im) < 0 || rowtext_failed(&im->text)))
		ok = refuse(wrong, "", "out of memory");
out:
	gis_crs_free(c.crs);
	if (c.gis)
		gis_free(c.gis);
	free(lonlat);
	return ok;
}

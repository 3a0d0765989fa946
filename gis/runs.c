/* SPDX-License-Identifier: MIT */
/*
 * A shape as runs of points, and the moves of every point of it to another
 * coordinate system.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geos.h"

struct walker {
	struct gis *gis;
	int (*run)(void *, const struct gis_run *);
	void *arg;
};

static int
one_run(const struct walker *w, const GEOSGeometry *g, int part, int ring)
{
	const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(w->gis->h, g);
	struct gis_run run = { .part = part, .ring = ring };
	struct gis_point *pts;
	unsigned n;
	int rc = -1;

	if (seq == NULL || !GEOSCoordSeq_getSize_r(w->gis->h, seq, &n))
		return -1;
	pts = malloc((n + 1) * sizeof(*pts));
	if (pts == NULL)
		return -1;
	run.pts = pts;
	run.n = n;
	if (GEOSCoordSeq_copyToBuffer_r(w->gis->h, seq, &pts->x, 0, 0))
		rc = w->run(w->arg, &run);
	free(pts);
	return rc;
}

static int
part_runs(const struct walker *w, const GEOSGeometry *g, int part)
{
	GEOSContextHandle_t h = w->gis->h;
	int n;

	if (GEOSGeomTypeId_r(h, g) != GEOS_POLYGON)
		return one_run(w, g, part, 0);
	if (one_run(w, GEOSGetExteriorRing_r(h, g), part, 0) == -1)
		return -1;
	n = GEOSGetNumInteriorRings_r(h, g);
	for (int i = 0; i < n; i++)
		if (one_run(w, GEOSGetInteriorRingN_r(h, g, i), part, i + 1) ==
		    -1)
			return -1;
	return 0;
}

int
gis_each_run(struct gis *gis, const GEOSGeometry *g,
    int (*run)(void *, const struct gis_run *), void *arg)
{
	struct walker w = { gis, run, arg };
	int n = GEOSGetNumGeometries_r(gis->h, g);

	for (int i = 0; i < n; i++)
		if (part_runs(&w, GEOSGetGeometryN_r(gis->h, g, i), i) == -1)
			return -1;
	return 0;
}

struct lines {
	struct gis_point *pts;
	size_t *first;
	size_t npts, n;
};

static int
add_line(void *arg, const struct gis_run *run)
{
	struct lines *l = arg;
	struct gis_point *pts;
	size_t *first;

	pts = realloc(l->pts, (l->npts + run->n) * sizeof(*pts));
	if (pts == NULL)
		return -1;
	l->pts = pts;
	memcpy(pts + l->npts, run->pts, run->n * sizeof(*pts));
	first = realloc(l->first, (l->n + 2) * sizeof(*first));
	if (first == NULL)
		return -1;
	l->first = first;
	first[l->n++] = l->npts;
	l->npts += run->n;
	first[l->n] = l->npts;
	return 0;
}

/* Lines, the rings of an area, or a point as a run of one; -1 when out of
 * memory. Run i is (*pts)[(*first)[i]] … (*first)[i + 1] - 1. */
int
gis_shape_lines(struct gis *gis, const struct gis_shape *shape,
    struct gis_point **pts, size_t **first, size_t *nlines)
{
	struct lines l = { 0 };

	if (gis_each_run(gis, shape->g, add_line, &l) == -1) {
		free(l.pts);
		free(l.first);
		return -1;
	}
	*pts = l.pts;
	*first = l.first;
	*nlines = l.n;
	return 0;
}

struct move {
	struct gis_crs *crs;
	size_t (*go)(struct gis_crs *, struct gis_point *, size_t);
};

static int
move_point(double *x, double *y, void *arg)
{
	const struct move *m = arg;
	struct gis_point p = { *x, *y };

	if (m->go(m->crs, &p, 1) > 0 || !(fabs(p.x) <= GIS_MAX_COORD) ||
	    !(fabs(p.y) <= GIS_MAX_COORD))
		return 0;
	*x = p.x;
	*y = p.y;
	return 1;
}

/* Rounding may break an area that was just valid, hence the repair. */
static struct gis_shape *
moved(struct gis *gis, const struct gis_shape *shape, struct move m,
    struct gis_fail *fail)
{
	GEOSGeometry *g;

	g = GEOSGeom_transformXY_r(gis->h, shape->g, move_point, &m);
	if (g == NULL)
		return gis_refuse(gis, fail, -1,
		    "a coordinate lies outside the coordinate system");
	return gis_shape_adopt_repaired(gis, g, NULL, fail);
}

struct gis_shape *
gis_shape_to_lonlat(struct gis *gis, const struct gis_shape *shape,
    struct gis_crs *crs, struct gis_fail *fail)
{
	struct move m = { crs, gis_crs_to_lonlat };

	return moved(gis, shape, m, fail);
}

struct gis_shape *
gis_shape_from_lonlat(struct gis *gis, const struct gis_shape *shape,
    struct gis_crs *crs, struct gis_fail *fail)
{
	struct move m = { crs, gis_crs_from_lonlat };

	return moved(gis, shape, m, fail);
}

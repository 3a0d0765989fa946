/* SPDX-License-Identifier: MIT */
/*
 * Shapes over GEOS: the context of a thread, making, measuring, moving to
 * another coordinate system.  Reading and writing formats is geojson.c's and
 * wkb.c's.
 *
 * GEOS 3.11 computes envelopes when first asked and keeps them in the
 * geometry, so a geometry is only safe to read from several threads after
 * somebody asked every part once: gis_shape_adopt() does.
 */
#include "gis/shape.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geos.h"

static void
said(const char *message, void *arg)
{
	struct gis *gis = arg;

	snprintf(gis->said, sizeof(gis->said), "%s", message);
}

struct gis *
gis_new(void)
{
	struct gis *gis = calloc(1, sizeof(*gis));

	if (gis == NULL)
		return NULL;
	gis->h = GEOS_init_r();
	if (gis->h == NULL) {
		free(gis);
		return NULL;
	}
	GEOSContext_setErrorMessageHandler_r(gis->h, said, gis);
	GEOSContext_setNoticeMessageHandler_r(gis->h, said, gis);
	return gis;
}

void
gis_free(struct gis *gis)
{
	if (gis == NULL)
		return;
	GEOS_finish_r(gis->h);
	free(gis);
}

void *
gis_refuse(struct gis *gis, struct gis_fail *fail, long at, const char *what)
{
	if (what == NULL)
		what = gis->said[0] != '\0' ? gis->said : "out of memory";
	fail->at = at;
	snprintf(fail->what, sizeof(fail->what), "%s", what);
	gis->said[0] = '\0';
	return NULL;
}

/* Asks every part for its envelope, once, while only one thread knows it. */
static void
warm(struct gis *gis, const GEOSGeometry *g)
{
	double x;
	int n = GEOSGetNumGeometries_r(gis->h, g);

	GEOSGeom_getXMin_r(gis->h, g, &x);
	if (GEOSGeomTypeId_r(gis->h, g) == GEOS_POLYGON) {
		n = GEOSGetNumInteriorRings_r(gis->h, g);
		warm(gis, GEOSGetExteriorRing_r(gis->h, g));
		for (int i = 0; i < n; i++)
			warm(gis, GEOSGetInteriorRingN_r(gis->h, g, i));
	} else if (GEOSGeomTypeId_r(gis->h, g) >= GEOS_MULTIPOINT) {
		for (int i = 0; i < n; i++)
			warm(gis, GEOSGetGeometryN_r(gis->h, g, i));
	}
}

static int
kind_of(int type)
{
	switch (type) {
	case GEOS_POINT:
		return GIS_POINT;
	case GEOS_LINESTRING:
	case GEOS_LINEARRING:
	case GEOS_MULTILINESTRING:
		return GIS_LINES;
	case GEOS_POLYGON:
	case GEOS_MULTIPOLYGON:
		return GIS_AREA;
	}
	return 0;
}

static int
box_of(struct gis *gis, const GEOSGeometry *g, struct gis_box *b)
{
	if (!GEOSGeom_getXMin_r(gis->h, g, &b->w) ||
	    !GEOSGeom_getYMin_r(gis->h, g, &b->s) ||
	    !GEOSGeom_getXMax_r(gis->h, g, &b->e) ||
	    !GEOSGeom_getYMax_r(gis->h, g, &b->n))
		return -1;
	if (!(b->w >= -GIS_MAX_COORD && b->e <= GIS_MAX_COORD) ||
	    !(b->s >= -GIS_MAX_COORD && b->n <= GIS_MAX_COORD))
		return -1;
	return 0;
}

struct gis_shape *
gis_shape_adopt(struct gis *gis, GEOSGeometry *g, struct gis_fail *fail)
{
	struct gis_shape *shape = NULL;
	const char *why = NULL;
	int kind;

	if (g == NULL)
		return gis_refuse(gis, fail, -1, NULL);
	kind = kind_of(GEOSGeomTypeId_r(gis->h, g));
	if (kind == 0)
		why = "not a point, lines or areas";
	else if (GEOSisEmpty_r(gis->h, g))
		why = "the geometry is empty";
	else if ((shape = calloc(1, sizeof(*shape))) == NULL)
		why = "out of memory";
	else if (box_of(gis, g, &shape->box) == -1)
		why = "a coordinate is not a finite number below 1e9";
	if (why != NULL) {
		GEOSGeom_destroy_r(gis->h, g);
		free(shape);
		return gis_refuse(gis, fail, -1, why);
	}
	warm(gis, g);
	shape->g = g;
	shape->kind = (enum gis_kind)kind;
	return shape;
}

/* Appends copies of the polygons of g to parts, which has room. */
static unsigned
add_polygons(
    struct gis *gis, const GEOSGeometry *g, GEOSGeometry **parts, unsigned n)
{
	int type = GEOSGeomTypeId_r(gis->h, g);
	int count = GEOSGetNumGeometries_r(gis->h, g);

	if (type == GEOS_POLYGON) {
		parts[n] = GEOSGeom_clone_r(gis->h, g);
		return parts[n] == NULL ? n : n + 1;
	}
	if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION)
		for (int i = 0; i < count; i++)
			n = add_polygons(
			    gis, GEOSGetGeometryN_r(gis->h, g, i), parts, n);
	return n;
}

/* What is area of a collection, without the lines and points; takes g. */
static GEOSGeometry *
areas_of(struct gis *gis, GEOSGeometry *g)
{
	size_t most = (size_t)GEOSGetNumCoordinates_r(gis->h, g) / 4 + 1;
	GEOSGeometry **parts = calloc(most, sizeof(GEOSGeometry *));
	GEOSGeometry *areas = NULL;

	if (parts != NULL)
		areas = GEOSGeom_createCollection_r(gis->h, GEOS_MULTIPOLYGON,
		    parts, add_polygons(gis, g, parts, 0));
	free(parts);
	GEOSGeom_destroy_r(gis->h, g);
	return areas;
}

/* The area that an invalid one most likely meant; takes g.  By its linework:
 * GEOS 3.11's other method leaks when its buffer gives up, as within
 * POLYGON((2 2,2 4,5 10,0 0,2 10,0 10,0 22,5 10,0 0,2 2)). */
static GEOSGeometry *
repair(struct gis *gis, GEOSGeometry *g)
{
	GEOSGeometry *fixed = GEOSMakeValid_r(gis->h, g);

	GEOSGeom_destroy_r(gis->h, g);
	if (fixed != NULL &&
	    GEOSGeomTypeId_r(gis->h, fixed) == GEOS_GEOMETRYCOLLECTION)
		fixed = areas_of(gis, fixed);
	return fixed;
}

struct gis_shape *
gis_shape_adopt_repaired(
    struct gis *gis, GEOSGeometry *g, int *repaired, struct gis_fail *fail)
{
	if (repaired != NULL)
		*repaired = 0;
	if (g == NULL)
		return gis_refuse(gis, fail, -1, NULL);
	if (kind_of(GEOSGeomTypeId_r(gis->h, g)) != GIS_AREA ||
	    GEOSisValid_r(gis->h, g) == 1)
		return gis_shape_adopt(gis, g, fail);
	if (GEOSGetNumCoordinates_r(gis->h, g) > GIS_MAX_REPAIR ||
	    gis_is_tangled(gis, &(struct gis_shape){ .g = g })) {
		GEOSGeom_destroy_r(gis->h, g);
		return gis_refuse(gis, fail, -1,
		    "the rings cross themselves too often to be repaired");
	}
	g = repair(gis, g);
	if (g == NULL)
		return gis_refuse(gis, fail, -1, NULL);
	if (GEOSisEmpty_r(gis->h, g) ||
	    kind_of(GEOSGeomTypeId_r(gis->h, g)) != GIS_AREA) {
		GEOSGeom_destroy_r(gis->h, g);
		return gis_refuse(gis, fail, -1,
		    "the ring crosses itself and encloses no area");
	}
	if (repaired != NULL)
		*repaired = 1;
	return gis_shape_adopt(gis, g, fail);
}

static GEOSCoordSequence *
sequence(struct gis *gis, const struct gis_point *p, size_t n)
{
	if (n > GIS_MAX_POINTS)
		return NULL;
	return GEOSCoordSeq_copyFromBuffer_r(gis->h, &p->x, (unsigned)n, 0, 0);
}

GEOSGeometry *
gis_geos_ring(struct gis *gis, const struct gis_point *p, size_t n)
{
	GEOSCoordSequence *seq = sequence(gis, p, n);

	return seq == NULL ? NULL : GEOSGeom_createLinearRing_r(gis->h, seq);
}

GEOSGeometry *
gis_geos_line(struct gis *gis, const struct gis_point *p, size_t n)
{
	GEOSCoordSequence *seq = sequence(gis, p, n);

	return seq == NULL ? NULL : GEOSGeom_createLineString_r(gis->h, seq);
}

struct gis_shape *
gis_shape_point(struct gis *gis, struct gis_point p)
{
	struct gis_fail fail;

	if (!(fabs(p.x) <= GIS_MAX_COORD) || !(fabs(p.y) <= GIS_MAX_COORD))
		return NULL;
	return gis_shape_adopt(
	    gis, GEOSGeom_createPointFromXY_r(gis->h, p.x, p.y), &fail);
}

static const char *
line_fault(const struct gis_point *p, size_t n)
{
	if (n < 2)
		return "a line needs two points";
	for (size_t i = 0; i < n; i++)
		if (!(fabs(p[i].x) <= GIS_MAX_COORD) ||
		    !(fabs(p[i].y) <= GIS_MAX_COORD))
			return "a coordinate is not a finite number below 1e9";
	return NULL;
}

/* Line i is pts[first[i]] … pts[first[i + 1] - 1]; fail->at is the line. */
struct gis_shape *
gis_shape_from_lines(struct gis *gis, const struct gis_point *pts,
    const size_t *first, size_t nlines, struct gis_fail *fail)
{
	GEOSGeometry **line, *all = NULL;
	size_t n = 0, len;
	const char *why = NULL;

	if (nlines == 0 || nlines > GIS_MAX_POINTS)
		return gis_refuse(gis, fail, -1, "no lines, or too many");
	line = calloc(nlines, sizeof(*line));
	if (line == NULL)
		return gis_refuse(gis, fail, -1, "out of memory");
	for (; n < nlines; n++) {
		len = first[n + 1] - first[n];
		why = line_fault(pts + first[n], len);
		if (why != NULL)
			break;
		line[n] = gis_geos_line(gis, pts + first[n], len);
		if (line[n] == NULL)
			break;
	}
	if (n == nlines)
		all = GEOSGeom_createCollection_r(
		    gis->h, GEOS_MULTILINESTRING, line, (unsigned)n);
	else
		for (size_t i = 0; i < n; i++)
			GEOSGeom_destroy_r(gis->h, line[i]);
	free(line);
	if (all == NULL)
		return gis_refuse(gis, fail, (long)n, why);
	return gis_shape_adopt(gis, all, fail);
}

void
gis_shape_free(struct gis *gis, struct gis_shape *shape)
{
	if (shape == NULL)
		return;
	GEOSGeom_destroy_r(gis->h, shape->g);
	free(shape);
}

enum gis_kind
gis_shape_kind(const struct gis_shape *shape)
{
	return shape->kind;
}

struct gis_box
gis_shape_box(const struct gis_shape *shape)
{
	return shape->box;
}

/* Takes g, a point; NaN, NaN when there is none. */
static struct gis_point
point_of(struct gis *gis, GEOSGeometry *g)
{
	struct gis_point p = { NAN, NAN };

	if (g == NULL)
		return p;
	if (!GEOSisEmpty_r(gis->h, g)) {
		GEOSGeomGetX_r(gis->h, g, &p.x);
		GEOSGeomGetY_r(gis->h, g, &p.y);
	}
	GEOSGeom_destroy_r(gis->h, g);
	return p;
}

struct gis_point
gis_shape_centroid(struct gis *gis, const struct gis_shape *shape)
{
	return point_of(gis, GEOSGetCentroid_r(gis->h, shape->g));
}

struct gis_point
gis_shape_inside(struct gis *gis, const struct gis_shape *shape)
{
	return point_of(gis, GEOSPointOnSurface_r(gis->h, shape->g));
}

/* In the unit of the coordinates, squared; 0 for points and lines. */
double
gis_shape_area(struct gis *gis, const struct gis_shape *shape)
{
	double area = 0;

	GEOSArea_r(gis->h, shape->g, &area);
	return area;
}

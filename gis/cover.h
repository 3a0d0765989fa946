/* SPDX-License-Identifier: MIT */
/*
 * What coverage.c (shares), cover_rest.c (what is left), gaps.c (area, gaps) and
 * samples.c share.
 *
 * Shares are of true discs.  Where a shape is made, a disc stands as a polygon of N = 4 * GIS_SEGMENTS = 128 chords whose
 * corners lie at r = R * sqrt(2 pi / (N sin(2 pi / N))) = 1.0002 R: its area,
 * N / 2 * r^2 * sin(2 pi / N), is pi R^2 exactly.  Its rim lies between
 * 0.9999 R (middle of a chord) and 1.0002 R (corner), so at 200 m no place is
 * misjudged by more than 4 cm, and areas over many discs cancel further.
 */
#ifndef GIS_COVER_H
#define GIS_COVER_H

#include "gis/coverage.h"
#include "gis/geos.h"
#include "gis/index.h"
#include "gis/union.h"

enum {
	GIS_CORNERS = 4 * GIS_SEGMENTS,
	GIS_POINT_HOME = 15 /* metres around a home without an area */
};

struct gis_disc {
	double outer, inner; /* corners lie at outer, chords touch inner */
	struct gis_point corner[GIS_CORNERS + 1]; /* around 0, 0; closed */
};

struct gis_covered {
	GEOSGeometry *area; /* NULL: a point */
	struct gis_point at;
	double m2, share;
	int64_t people;
};

struct gis_coverage {
	double radius;
	struct gis_disc disc;
	struct gis_point *entrance; /* distinct and finite */
	size_t nentrances;
	struct gis_index *index; /* of them */
	struct gis_union *discs;
	struct gis_rim *rim;
	struct gis_covered *home;
	size_t nhomes;
};

/* Many records share one point: the places that are finite, sorted and each
 * once, malloc'd; NULL: out of memory. */
struct gis_point *gis_places(const struct gis_point *, size_t n, size_t *kept);

void gis_disc_init(struct gis_disc *, double radius);
/* The disc at a place as an area, or the part of it in a box; NULL on
 * failure, and with *empty set when nothing of it lies in the box. */
GEOSGeometry *
gis_disc_at(struct gis *, const struct gis_disc *, struct gis_point);
GEOSGeometry *gis_disc_in_box(struct gis *, const struct gis_disc *,
    struct gis_point, struct gis_box, int *empty);
/* The union of the discs of n entrances; NULL on failure. */
GEOSGeometry *gis_disc_union(
    struct gis *, const struct gis_disc *, const struct gis_point *, size_t n);

/* What no disc reaches of a home with an area; the caller's, NULL on failure. */
GEOSGeometry *gis_covered_rest(
    struct gis *, const struct gis_coverage *, const struct gis_covered *);

struct gis_box gis_geos_box(struct gis *, const GEOSGeometry *);
double gis_geos_area(struct gis *, const GEOSGeometry *);
/* The areas of g alone, without points and lines of an overlay; takes g. */
GEOSGeometry *gis_geos_areas(struct gis *, GEOSGeometry *g);

#endif

/* SPDX-License-Identifier: MIT */
/* Gaps of a part of the city, for tiles: see coverage.h. */
#include <stdlib.h>

#include "gis/cover.h"

static GEOSGeometry *
unite(struct gis *gis, GEOSGeometry **take, size_t n)
{
	GEOSGeometry *all = GEOSGeom_createCollection_r(
	    gis->h, GEOS_GEOMETRYCOLLECTION, take, (unsigned)n);
	GEOSGeometry *one;

	if (all == NULL)
		return NULL;
	one = GEOSUnaryUnion_r(gis->h, all);
	GEOSGeom_destroy_r(gis->h, all);
	return one;
}

/* Members that could not be made are left out: a tile shows what it can. */
static GEOSGeometry *
areas_of(struct gis *gis, const struct gis_shape *const *area, size_t n)
{
	GEOSGeometry **part = malloc((n + 1) * sizeof(*part)), *one;
	size_t made = 0;

	for (size_t i = 0; part != NULL && i < n; i++)
		if ((part[made] = GEOSGeom_clone_r(gis->h, area[i]->g)) != NULL)
			made++;
	one = part != NULL ? unite(gis, part, made) : NULL;
	free(part);
	return one;
}

/* With a disc around each point; takes g. */
static GEOSGeometry *
with_dots(
    struct gis *gis, GEOSGeometry *g, const struct gis_point *at, size_t n)
{
	GEOSGeometry **part;
	struct gis_disc dot;
	size_t made = 1;

	if (n == 0)
		return g;
	part = malloc((n + 1) * sizeof(*part));
	if (part == NULL) {
		GEOSGeom_destroy_r(gis->h, g);
		return NULL;
	}
	part[0] = g;
	gis_disc_init(&dot, GIS_POINT_HOME);
	for (size_t i = 0; i < n; i++)
		if ((part[made] = gis_disc_at(gis, &dot, at[i])) != NULL)
			made++;
	g = unite(gis, part, made);
	free(part);
	return g;
}

struct gis_shape *
gis_uncovered(struct gis *gis, const struct gis_shape *const *area, size_t n,
    const struct gis_point *dot, size_t ndots, const struct gis_shape *covered,
    struct gis_fail *fail)
{
	GEOSGeometry *g = areas_of(gis, area, n), *left;

	if (g != NULL && covered != NULL) {
		left = GEOSDifference_r(gis->h, g, covered->g);
		GEOSGeom_destroy_r(gis->h, g);
		g = left;
	}
	if (g != NULL)
		g = with_dots(gis, g, dot, ndots);
	if (g != NULL)
		g = gis_geos_areas(gis, g);
	if (g == NULL)
		return gis_refuse(gis, fail, 0, NULL);
	if (GEOSisEmpty_r(gis->h, g)) {
		GEOSGeom_destroy_r(gis->h, g);
		fail->at = 0;
		fail->what[0] = '\0';
		return NULL;
	}
	return gis_shape_adopt(gis, g, fail);
}

/* SPDX-License-Identifier: MIT */
/*
 * Coordinate systems.  Inside, positions are WGS84 lon/lat degrees and, for
 * every measurement, metres on the district's plane: a transverse Mercator
 * centred on the district (true scale within 1e-5 out to 28 km), because the
 * official 3-degree zones stretch by up to 3e-4 at their rims, which is more
 * than a radius rule may lose.  Official zones are for import and export.
 * Needs PROJ; GCJ-02 and BD-09 are our own code.
 */
#ifndef GIS_CRS_H
#define GIS_CRS_H

#include <stddef.h>
#include "gis/fail.h"
#include "gis/point.h"

/* One transformation, both ways; belongs to one thread. */
struct gis_crs;

/* `from`: "EPSG:n", "gcj02", "bd09", "wgs84"; to WGS84 lon/lat. NULL on
 * failure. Axis order is always x = east/lon, y = north/lat. */
struct gis_crs *gis_crs_new(const char *from, struct gis_fail *);
/* The district's plane around a lon/lat point: WGS84 <-> metres. */
struct gis_crs *
gis_crs_plane(struct gis_point lonlat_centre, struct gis_fail *);
void gis_crs_free(struct gis_crs *);

/* In place; a point that cannot be transformed becomes NaN, NaN and the
 * number of such points is returned. For gis_crs_plane, "lonlat" is WGS84 and
 * "other" is the plane. */
size_t gis_crs_to_lonlat(struct gis_crs *, struct gis_point *, size_t n);
size_t gis_crs_from_lonlat(struct gis_crs *, struct gis_point *, size_t n);

/* The official metric CRS for a place: CGCS2000 3-degree Gauss-Krueger zone
 * (EPSG:4534…4554) on the mainland, UTM elsewhere. Returns the EPSG code. */
int gis_crs_zone(struct gis_point lonlat);

/* GCJ-02 and BD-09; inverse by iteration to < 1 cm. Outside China's box the
 * shift is zero, as the published algorithm has it. */
struct gis_point gis_gcj02_from_wgs84(struct gis_point lonlat);
struct gis_point gis_wgs84_from_gcj02(struct gis_point lonlat);
struct gis_point gis_bd09_from_wgs84(struct gis_point lonlat);
struct gis_point gis_wgs84_from_bd09(struct gis_point lonlat);

#endif

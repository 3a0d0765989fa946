/* SPDX-License-Identifier: MIT */
/* Points and boxes by value.  Degrees (lon, lat) or metres of the plane: the
 * name of the variable says which (lonlat_… / plane_…). */
#ifndef GIS_POINT_H
#define GIS_POINT_H

#include <stdbool.h>

struct gis_point {
	double x, y;
};

struct gis_box {
	double w, s, e, n;
};

double gis_distance(struct gis_point, struct gis_point);
bool gis_box_has(struct gis_box, struct gis_point);
struct gis_box gis_box_empty(void);
struct gis_box gis_box_with(struct gis_box, struct gis_point);

#endif

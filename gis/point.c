/* SPDX-License-Identifier: MIT */
/*
 * Points and boxes: plain arithmetic, no library.  Distances are the square
 * root of the sum of squares everywhere in gis/, so that two ways to the same
 * answer agree to the last bit.
 */
#include "gis/point.h"

#include <math.h>

/* Straight length on the plane, in the unit of the coordinates. */
double
gis_distance(struct gis_point a, struct gis_point b)
{
	double dx = a.x - b.x, dy = a.y - b.y;

	return sqrt(dx * dx + dy * dy);
}

/* The border belongs to the box. */
bool
gis_box_has(struct gis_box b, struct gis_point p)
{
	return p.x >= b.w && p.x <= b.e && p.y >= b.s && p.y <= b.n;
}

/* A box that has no point and grows by gis_box_with(). */
struct gis_box
gis_box_empty(void)
{
	return (struct gis_box){ INFINITY, INFINITY, -INFINITY, -INFINITY };
}

/* The smallest box around b and p; NaN coordinates do not move it. */
struct gis_box
gis_box_with(struct gis_box b, struct gis_point p)
{
	b.w = p.x < b.w ? p.x : b.w;
	b.s = p.y < b.s ? p.y : b.s;
	b.e = p.x > b.e ? p.x : b.e;
	b.n = p.y > b.n ? p.y : b.n;
	return b;
}

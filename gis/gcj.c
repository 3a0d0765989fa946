/* SPDX-License-Identifier: MIT */
/*
 * GCJ-02 and BD-09, both ways.  The forward shift is the widely published
 * polynomial-and-sine formula on the Krassovsky 1940 ellipsoid, BD-09 is a
 * second wobble in polar coordinates on top of it.  Neither has a closed
 * inverse; both are contractions (the shift changes by less than 2 % of the
 * way moved), so the inverse is a fixed-point iteration that ends below a
 * millimetre.
 *
 * Outside the box the shift is zero.  A shifted place close to the box's rim
 * can have two originals, one inside and one outside; the inside one is given.
 */
#include "gis/crs.h"

#include <math.h>
#include <stdbool.h>

static const struct gis_box box = { 72.004, 0.8293, 137.8347, 55.8271 };
static const double pi = 3.14159265358979323846;
static const double axis = 6378245.0; /* Krassovsky 1940, metres */
static const double ecc2 = 0.00669342162296594323;
static const double bd_wave = 3.14159265358979323846 * 3000.0 / 180.0;
static const double bd_dx = 0.0065, bd_dy = 0.006;

static bool
applies(struct gis_point p)
{
	return gis_box_has(box, p);
}

/* The three sine waves both components share, in metres. */
static double
waves(double v, double a1, double a2, double p2, double a3, double p3)
{
	return (20.0 * sin(v * pi) + a1 * sin(v * pi / 3.0)) * 2.0 / 3.0 +
	       (a2 * sin(v * pi / p2) + a3 * sin(v * pi / p3)) * 2.0 / 3.0;
}

static struct gis_point
metres_of_shift(double x, double y)
{
	double common =
	    (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0;
	double north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y +
		       0.2 * sqrt(fabs(x));
	double east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y +
		      0.1 * sqrt(fabs(x));

	north += common + waves(y, 40.0, 160.0, 12.0, 320.0, 30.0);
	east += common + waves(x, 40.0, 150.0, 12.0, 300.0, 30.0);
	return (struct gis_point){ east, north };
}

/* GCJ-02 of a place as if the box had no rim. */
static struct gis_point
gcj02(struct gis_point p)
{
	struct gis_point m = metres_of_shift(p.x - 105.0, p.y - 35.0);
	double lat = p.y * pi / 180.0, s = sin(lat);
	double magic = 1.0 - ecc2 * s * s, root = sqrt(magic);
	double meridian = axis * (1.0 - ecc2) / (magic * root);
	double parallel = axis / root * cos(lat);

	p.x += m.x * 180.0 / (parallel * pi);
	p.y += m.y * 180.0 / (meridian * pi);
	return p;
}

static struct gis_point
bd09(struct gis_point p)
{
	struct gis_point g = gcj02(p);
	double r = sqrt(g.x * g.x + g.y * g.y) + 2e-5 * sin(g.y * bd_wave);
	double t = atan2(g.y, g.x) + 3e-6 * cos(g.x * bd_wave);

	return (struct gis_point){ r * cos(t) + bd_dx, r * sin(t) + bd_dy };
}

/* As applies(), give or take the last millimetre of the iteration. */
static bool
may_apply(struct gis_point p)
{
	const double d = 1e-8;

	return p.x >= box.w - d && p.x <= box.e + d && p.y >= box.s - d &&
	       p.y <= box.n + d;
}

/* Finds w with shift(w) = p; p itself where no such w lies in the box. */
static struct gis_point
inverse(struct gis_point (*shift)(struct gis_point), struct gis_point p)
{
	struct gis_point w = p;

	for (int i = 0; i < 40; i++) {
		struct gis_point q = shift(w);
		double dx = p.x - q.x, dy = p.y - q.y;

		w.x += dx;
		w.y += dy;
		if (fabs(dx) < 1e-11 && fabs(dy) < 1e-11)
			break;
	}
	return may_apply(w) ? w : p;
}

struct gis_point
gis_gcj02_from_wgs84(struct gis_point p)
{
	return applies(p) ? gcj02(p) : p;
}

struct gis_point
gis_wgs84_from_gcj02(struct gis_point p)
{
	return inverse(gcj02, p);
}

struct gis_point
gis_bd09_from_wgs84(struct gis_point p)
{
	return applies(p) ? bd09(p) : p;
}

struct gis_point
gis_wgs84_from_bd09(struct gis_point p)
{
	return inverse(bd09, p);
}

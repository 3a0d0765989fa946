/* SPDX-License-Identifier: MIT */
/* Points, GeoJSON and coordinate lists of OGR's geometries. */
#include <math.h>
#include <ogr_api.h>
#include <cpl_conv.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/shape.h"

enum { VERTICES_MAX = 1000000 };

bool
shape_empty(OGRGeometryH g)
{
	return !g || OGR_G_IsEmpty(g);
}

const char *
shape_type(OGRGeometryH g)
{
	return OGR_G_GetGeometryName(g);
}

bool
shape_is_point(OGRGeometryH g)
{
	return wkbFlatten(OGR_G_GetGeometryType(g)) == wkbPoint;
}

bool
shape_point(OGRGeometryH g, double *x, double *y)
{
	OGRGeometryH made = NULL, p = g;
	bool ok = false;

	if (!shape_is_point(g)) {
		int dimension = OGR_G_GetDimension(g);
		made = dimension == 2 ? OGR_G_PointOnSurface(g)
		       : wkbFlatten(OGR_G_GetGeometryType(g)) == wkbLineString
			   ? OGR_G_Value(g, OGR_G_Length(g) / 2)
			   : NULL;
		if (!made) {
			made = OGR_G_CreateGeometry(wkbPoint);
			if (OGR_G_Centroid(g, made) != OGRERR_NONE)
				goto out;
		}
		p = made;
	}
	if (OGR_G_IsEmpty(p))
		goto out;
	*x = OGR_G_GetX(p, 0);
	*y = OGR_G_GetY(p, 0);
	ok = isfinite(*x) && isfinite(*y);
out:
	if (made)
		OGR_G_DestroyGeometry(made);
	return ok;
}

char *
shape_geojson(OGRGeometryH g)
{
	char *options[] = { (char[]){ "COORDINATE_PRECISION=12" }, NULL };

	return OGR_G_ExportToJsonEx(g, options);
}

void
shape_free_text(char *text)
{
	CPLFree(text);
}

/* What is a whole number of 1e-7 degrees, as OpenStreetMap has them: n / 1e7
 * is the double nearest to the decimals, and so is what reads them. */
static bool
add_short(struct text *t, double v)
{
	char digits[24], *p = digits + sizeof(digits);
	double scaled = round(v * 1e7);
	int64_t n, decimals = 7;

	if (!(fabs(scaled) < 1e15) || scaled / 1e7 != v ||
	    (scaled == 0 && signbit(v)))
		return false;
	n = (int64_t)fabs(scaled);
	for (; decimals > 0 && n % 10 == 0; decimals--)
		n /= 10;
	for (int64_t at = 0; at <= decimals || n > 0; at++) {
		if (at == decimals && at > 0)
			*--p = '.';
		*--p = (char)('0' + n % 10);
		n /= 10;
	}
	if (scaled < 0)
		*--p = '-';
	text_add_bytes(t, p, (size_t)(digits + sizeof(digits) - p));
	return true;
}

/* The shorter of two forms that reads back as the same number. */
static void
add_number(struct text *t, double v)
{
	char plain[40];

	if (add_short(t, v))
		return;
	snprintf(plain, sizeof(plain), "%.15g", v);
	if (strtod(plain, NULL) != v)
		snprintf(plain, sizeof(plain), "%.17g", v);
	text_add(t, "%s", plain);
}

/* Appends [x,y,…]; false: a number is not finite. */
static bool
add_points(struct text *t, const double *xy, size_t n)
{
	text_add_bytes(t, "[", 1);
	for (size_t i = 0; i < 2 * n; i++) {
		if (!isfinite(xy[i]))
			return false;
		if (i)
			text_add_bytes(t, ",", 1);
		add_number(t, xy[i]);
	}
	text_add_bytes(t, "]", 1);
	return true;
}

bool
shape_add_lines(
    struct text *t, const double *xy, const size_t *first, size_t nlines)
{
	bool ok = true;

	text_add_bytes(t, "[", 1);
	for (size_t l = 0; ok && l < nlines; l++) {
		if (l)
			text_add_bytes(t, ",", 1);
		ok = add_points(t, xy + 2 * first[l], first[l + 1] - first[l]);
	}
	text_add_bytes(t, "]", 1);
	return ok && !t->failed;
}

/* One number of a path, see gis/path.h of the daemon. */
static char *
put_difference(char *p, int64_t v)
{
	uint64_t u = (uint64_t)v << 1 ^ (uint64_t)(v >> 63);

	for (; u > 31; u >>= 5)
		*p++ = (char)((u & 31) + 32 + 63);
	*p++ = (char)(u + 63);
	return p;
}

/* The backslash is one of a path's digits. */
static void
add_digits(struct text *t, const char *p, size_t n)
{
	const char *slash;

	while ((slash = memchr(p, '\\', n))) {
		text_add_bytes(t, p, (size_t)(slash - p));
		text_add_bytes(t, "\\\\", 2);
		n -= (size_t)(slash + 1 - p);
		p = slash + 1;
	}
	text_add_bytes(t, p, n);
}

static void
add_path(struct text *t, const double *xy, size_t n)
{
	int64_t last[2] = { 0, 0 };
	char digits[16];

	text_add_bytes(t, "\"", 1);
	for (size_t i = 0; i < 2 * n; i++) {
		int64_t v = llround(xy[i] * 1e7);

		add_digits(t, digits,
		    (size_t)(put_difference(digits, v - last[i % 2]) - digits));
		last[i % 2] = v;
	}
	text_add_bytes(t, "\"", 1);
}

bool
shape_add_paths(
    struct text *t, const double *xy, const size_t *first, size_t nlines)
{
	for (size_t i = 2 * first[0]; i < 2 * first[nlines]; i++)
		if (!(fabs(xy[i]) < 1e4) || round(xy[i] * 1e7) / 1e7 != xy[i])
			return false;
	text_add_bytes(t, "[", 1);
	for (size_t l = 0; l < nlines; l++) {
		if (l)
			text_add_bytes(t, ",", 1);
		add_path(t, xy + 2 * first[l], first[l + 1] - first[l]);
	}
	text_add_bytes(t, "]", 1);
	return true;
}

static bool
add_line(struct text *t, OGRGeometryH g)
{
	int n = OGR_G_GetPointCount(g);

	if (wkbFlatten(OGR_G_GetGeometryType(g)) != wkbLineString ||
	    n > VERTICES_MAX)
		return false;
	if (n < 2)
		return true; /* nothing to walk */
	text_add(t, "%s[", t->n > 1 ? "," : "");
	for (int i = 0; i < n; i++) {
		double x = OGR_G_GetX(g, i), y = OGR_G_GetY(g, i);
		if (!isfinite(x) || !isfinite(y))
			return false;
		if (i)
			text_add_bytes(t, ",", 1);
		add_number(t, x);
		text_add_bytes(t, ",", 1);
		add_number(t, y);
	}
	text_add_bytes(t, "]", 1);
	return true;
}

char *
shape_lines(OGRGeometryH g)
{
	struct text t = { 0 };
	int parts = OGR_G_GetGeometryCount(g);
	bool ok = true;

	text_add(&t, "[");
	if (parts == 0)
		ok = add_line(&t, g);
	for (int i = 0; i < parts && ok; i++)
		ok = add_line(&t, OGR_G_GetGeometryRef(g, i));
	ok = ok && t.n > 1;
	text_add(&t, "]");
	if (ok && !t.failed)
		return t.p;
	text_free(&t);
	return NULL;
}

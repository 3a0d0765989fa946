/* SPDX-License-Identifier: MIT */
/*
 * Well-known binary by GEOS.  What comes in is walked first: GEOS reads
 * collections recursively and believes the counts it finds.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geos.h"

enum { HEADER = 5 };

struct bytes {
	const unsigned char *p, *end;
	bool big;
};

static int
u32(struct bytes *b, uint32_t *v)
{
	const unsigned char *p = b->p;

	if (b->end - p < 4)
		return -1;
	if (b->big)
		*v = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		     (uint32_t)p[2] << 8 | p[3];
	else
		*v = (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
		     (uint32_t)p[1] << 8 | p[0];
	b->p += 4;
	return 0;
}

/* Byte order and type: plain two-dimensional WKB only. */
static int
header(struct bytes *b, uint32_t *type)
{
	if (b->end - b->p < HEADER || *b->p > 1)
		return -1;
	b->big = *b->p++ == 0;
	return u32(b, type);
}

static bool
in_range(const struct bytes *b, const unsigned char *p)
{
	uint64_t bits = 0;
	double v;

	for (int i = 0; i < 8; i++)
		bits = bits << 8 | p[b->big ? i : 7 - i];
	memcpy(&v, &bits, sizeof(v));
	return fabs(v) <= GIS_MAX_COORD;
}

/* GEOS's envelope passes over a NaN, so every number is looked at here. */
static int
points(struct bytes *b, uint32_t n)
{
	if (n > GIS_MAX_POINTS || (size_t)(b->end - b->p) < (size_t)n * 16)
		return -1;
	for (uint32_t i = 0; i < 2 * n; i++, b->p += 8)
		if (!in_range(b, b->p))
			return -1;
	return 0;
}

static int
counted_points(struct bytes *b)
{
	uint32_t n;

	return u32(b, &n) == -1 ? -1 : points(b, n);
}

static int
simple(struct bytes *b, uint32_t type)
{
	uint32_t rings;

	if (type == 1)
		return points(b, 1);
	if (type == 2)
		return counted_points(b);
	if (type != 3 || u32(b, &rings) == -1)
		return -1;
	for (uint32_t i = 0; i < rings; i++)
		if (counted_points(b) == -1)
			return -1;
	return 0;
}

/* A simple geometry or a multi one of simple ones, and nothing after it. */
static int
walk(struct bytes b)
{
	uint32_t type, member, n;

	if (header(&b, &type) == -1)
		return -1;
	if (type <= 3)
		return simple(&b, type) == -1 || b.p != b.end ? -1 : 0;
	if (type > 6 || u32(&b, &n) == -1)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (header(&b, &member) == -1 || member != type - 3 ||
		    simple(&b, member) == -1)
			return -1;
	return b.p == b.end ? 0 : -1;
}

struct gis_shape *
gis_shape_from_wkb(
    struct gis *gis, const void *data, size_t len, struct gis_fail *fail)
{
	struct bytes b = { data, (const unsigned char *)data + len, false };
	GEOSWKBReader *reader;
	GEOSGeometry *g;

	if (len > GIS_MAX_TEXT || walk(b) == -1)
		return gis_refuse(gis, fail, -1,
		    "not the WKB of points, lines or areas in two dimensions, "
		    "or a number in it is none of a map");
	reader = GEOSWKBReader_create_r(gis->h);
	if (reader == NULL)
		return gis_refuse(gis, fail, -1, NULL);
	g = GEOSWKBReader_read_r(gis->h, reader, data, len);
	GEOSWKBReader_destroy_r(gis->h, reader);
	return gis_shape_adopt_repaired(gis, g, NULL, fail);
}

/* Two dimensions, little-endian; malloc'd, NULL when out of memory. */
unsigned char *
gis_shape_to_wkb(struct gis *gis, const struct gis_shape *shape, size_t *len)
{
	GEOSWKBWriter *writer = GEOSWKBWriter_create_r(gis->h);
	unsigned char *wkb, *copy = NULL;

	if (writer == NULL)
		return NULL;
	GEOSWKBWriter_setOutputDimension_r(gis->h, writer, 2);
	GEOSWKBWriter_setByteOrder_r(gis->h, writer, GEOS_WKB_NDR);
	wkb = GEOSWKBWriter_write_r(gis->h, writer, shape->g, len);
	GEOSWKBWriter_destroy_r(gis->h, writer);
	if (wkb == NULL)
		return NULL;
	copy = malloc(*len);
	if (copy != NULL)
		memcpy(copy, wkb, *len);
	GEOSFree_r(gis->h, wkb);
	return copy;
}

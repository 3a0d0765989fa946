/* SPDX-License-Identifier: MIT */
/*
 * GeoJSON geometries to shapes.  GEOS 3.11 has a reader, but it refuses a
 * third ordinate (common in published layers), reads an empty position out of
 * bounds and cannot say where a text is wrong, so the text is read here, byte
 * by byte, without recursion deeper than `MAX_DEPTH`, and GEOS gets finished
 * rings.  Knows nothing of Features: a caller hands over the geometry.
 */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geos.h"

enum { MAX_DEPTH = 32, MAX_NUMBER = 400 };

/* Everything read of "coordinates": points in a row, with the starts of runs
 * (lines, rings) and of parts (areas, as runs). */
struct coords {
	struct gis_point *pts;
	size_t *run, *part;
	size_t npts, nruns, nparts;
	size_t pts_cap, run_cap, part_cap;
};

struct reader {
	const char *start, *p, *end;
	struct gis_fail *fail;
	struct coords c;
};

static const struct geometry_type {
	const char *name;
	int depth; /* brackets around a position */
	bool rings, multi;
} types[] = {
	{ "Point", 0, false, false },
	{ "MultiPoint", 1, false, true },
	{ "LineString", 1, false, false },
	{ "MultiLineString", 2, false, true },
	{ "Polygon", 2, true, false },
	{ "MultiPolygon", 3, true, true },
};

static int
bad(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->fail->what, sizeof(r->fail->what), fmt, ap);
	va_end(ap);
	r->fail->at = (long)(r->p - r->start);
	return -1;
}

static void
blank(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' ||
				    *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

/* The next byte that is not blank, 0 at the end. */
static char
peek(struct reader *r)
{
	blank(r);
	return r->p < r->end ? *r->p : '\0';
}

static bool
take(struct reader *r, char c)
{
	if (peek(r) != c || r->p >= r->end)
		return false;
	r->p++;
	return true;
}

/* A string; *text points at its raw inside. Names need no escapes. */
static int
string(struct reader *r, const char **text, size_t *len)
{
	if (!take(r, '"'))
		return bad(r, "a string is missing");
	*text = r->p;
	while (r->p < r->end && *r->p != '"') {
		if ((unsigned char)*r->p < ' ')
			return bad(r, "a control character in a string");
		r->p += *r->p == '\\' && r->end - r->p > 1 ? 2 : 1;
	}
	if (r->p >= r->end)
		return bad(r, "a string does not end");
	*len = (size_t)(r->p - *text);
	r->p++;
	return 0;
}

static size_t
digits(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return (size_t)(p - from);
}

/* Length of a JSON number at p, 0 if it is none. */
static size_t
number_length(const char *start, const char *end)
{
	const char *p = start;
	size_t n;

	p += p < end && *p == '-';
	n = digits(p, end);
	if (n == 0 || (n > 1 && *p == '0'))
		return 0;
	p += n;
	if (p < end && *p == '.') {
		n = digits(p + 1, end);
		if (n == 0)
			return 0;
		p += n + 1;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		n = digits(p, end);
		if (n == 0)
			return 0;
		p += n;
	}
	return (size_t)(p - start);
}

static int
number(struct reader *r, double *value)
{
	char copy[MAX_NUMBER + 1];
	size_t n;

	blank(r);
	n = number_length(r->p, r->end);
	if (n == 0 || n > MAX_NUMBER)
		return bad(r, "a number is missing");
	memcpy(copy, r->p, n);
	copy[n] = '\0';
	*value = strtod(copy, NULL);
	if (!(fabs(*value) <= GIS_MAX_COORD))
		return bad(r, "the number is too large for a coordinate");
	r->p += n;
	return 0;
}

static int skip(struct reader *, int depth);

static int
skip_members(struct reader *r, char close, int depth)
{
	const char *name;
	size_t len;

	r->p++;
	if (take(r, close))
		return 0;
	do {
		if (close == '}') {
			if (string(r, &name, &len) == -1)
				return -1;
			if (!take(r, ':'))
				return bad(r, "a colon is missing");
		}
		if (skip(r, depth + 1) == -1)
			return -1;
	} while (take(r, ','));
	if (!take(r, close))
		return bad(r, "'%c' is missing", close);
	return 0;
}

static int
skip_word(struct reader *r)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t n;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if ((size_t)(r->end - r->p) >= n &&
		    memcmp(r->p, words[i], n) == 0) {
			r->p += n;
			return 0;
		}
	}
	n = number_length(r->p, r->end);
	if (n == 0)
		return bad(r, "not JSON");
	r->p += n;
	return 0;
}

/* Any JSON value. */
static int
skip(struct reader *r, int depth)
{
	const char *text;
	size_t len;

	if (depth > MAX_DEPTH)
		return bad(r, "nested deeper than %d levels", MAX_DEPTH);
	switch (peek(r)) {
	case '{':
		return skip_members(r, '}', depth);
	case '[':
		return skip_members(r, ']', depth);
	case '"':
		return string(r, &text, &len);
	default:
		return skip_word(r);
	}
}

static int
grow(void **base, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap == 0 ? 16 : *cap * 2;
	void *p;

	if (n < *cap)
		return 0;
	p = realloc(*base, want * size);
	if (p == NULL)
		return -1;
	*base = p;
	*cap = want;
	return 0;
}

static int
add_point(struct reader *r, struct gis_point p)
{
	struct coords *c = &r->c;

	if (c->npts >= GIS_MAX_POINTS)
		return bad(r, "more than %d points", GIS_MAX_POINTS);
	if (grow((void **)&c->pts, &c->pts_cap, c->npts, sizeof(p)) == -1)
		return bad(r, "out of memory");
	c->pts[c->npts++] = p;
	return 0;
}

static int
add_start(struct reader *r, size_t **list, size_t *n, size_t *cap, size_t at)
{
	if (grow((void **)list, cap, *n, sizeof(at)) == -1)
		return bad(r, "out of memory");
	(*list)[(*n)++] = at;
	return 0;
}

/* Two numbers and whatever else follows them: height and measure go. */
static int
position(struct reader *r)
{
	struct gis_point p;
	double rest;

	if (!take(r, '['))
		return bad(r, "a position is missing: wrong nesting");
	if (number(r, &p.x) == -1)
		return -1;
	if (!take(r, ','))
		return bad(r, "a position has one number only");
	if (number(r, &p.y) == -1)
		return -1;
	while (take(r, ','))
		if (number(r, &rest) == -1)
			return -1;
	if (!take(r, ']'))
		return bad(r, "a position does not end");
	return add_point(r, p);
}

/* Arrays of `depth` levels around positions. */
static int
positions(struct reader *r, int depth)
{
	struct coords *c = &r->c;

	if (depth == 0)
		return position(r);
	if (depth == 1 &&
	    add_start(r, &c->run, &c->nruns, &c->run_cap, c->npts) == -1)
		return -1;
	if (depth == 2 &&
	    add_start(r, &c->part, &c->nparts, &c->part_cap, c->nruns) == -1)
		return -1;
	if (!take(r, '['))
		return bad(r, "'[' is missing: wrong nesting");
	if (peek(r) == ']')
		return bad(r, "the geometry, or a part of it, is empty");
	do {
		if (positions(r, depth - 1) == -1)
			return -1;
	} while (take(r, ','));
	if (!take(r, ']'))
		return bad(r, "']' is missing: wrong nesting");
	return 0;
}

static const struct geometry_type *
type_named(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == len &&
		    memcmp(types[i].name, name, len) == 0)
			return &types[i];
	return NULL;
}

static int
read_type(struct reader *r, const struct geometry_type **type)
{
	const char *name;
	size_t len;

	if (*type != NULL)
		return bad(r, "two members named type");
	if (string(r, &name, &len) == -1)
		return -1;
	*type = type_named(name, len);
	if (*type != NULL)
		return 0;
	return bad(r, "'%.*s' is no kind of geometry that is taken here",
	    (int)(len > 40 ? 40 : len), name);
}

static bool
is(const char *name, size_t len, const char *want)
{
	return len == strlen(want) && memcmp(name, want, len) == 0;
}

/* The members of the object; leaves *at at the coordinates. */
static int
members(struct reader *r, const struct geometry_type **type, const char **at)
{
	const char *name;
	size_t len;

	if (!take(r, '{'))
		return bad(r, "a geometry is a JSON object");
	do {
		if (string(r, &name, &len) == -1)
			return -1;
		if (!take(r, ':'))
			return bad(r, "a colon is missing");
		if (is(name, len, "type")) {
			if (read_type(r, type) == -1)
				return -1;
			continue;
		}
		if (is(name, len, "coordinates")) {
			if (*at != NULL)
				return bad(r, "two members named coordinates");
			blank(r);
			*at = r->p;
		}
		if (skip(r, 1) == -1)
			return -1;
	} while (take(r, ','));
	if (!take(r, '}'))
		return bad(r, "'}' is missing");
	if (peek(r) != '\0' || r->p < r->end)
		return bad(r, "something follows the geometry");
	if (*type == NULL)
		return bad(r, "the geometry has no type");
	return *at == NULL ? bad(r, "the geometry has no coordinates") : 0;
}

static int
check_run(struct reader *r, size_t i, bool ring)
{
	const struct coords *c = &r->c;
	const struct gis_point *p = c->pts + c->run[i];
	size_t n = c->run[i + 1] - c->run[i];

	if (!ring)
		return n >= 2 ? 0 : bad(r, "line %zu has one point only", i);
	if (n < 4)
		return bad(r, "ring %zu has fewer than four positions", i);
	if (p[0].x != p[n - 1].x || p[0].y != p[n - 1].y)
		return bad(r, "ring %zu is not closed", i);
	return 0;
}

static int
check(struct reader *r, const struct geometry_type *type)
{
	struct coords *c = &r->c;

	if (type->depth == 0 || strcmp(type->name, "MultiPoint") == 0)
		return c->npts == 1
			   ? 0
			   : bad(r, "%zu points instead of one", c->npts);
	if (add_start(r, &c->run, &c->nruns, &c->run_cap, c->npts) == -1)
		return -1;
	c->nruns--;
	for (size_t i = 0; i < c->nruns; i++)
		if (check_run(r, i, type->rings) == -1)
			return -1;
	if (!type->rings)
		return 0;
	if (add_start(r, &c->part, &c->nparts, &c->part_cap, c->nruns) == -1)
		return -1;
	c->nparts--;
	return 0;
}

static void
destroy_all(struct gis *gis, GEOSGeometry **g, size_t n)
{
	for (size_t i = 0; g != NULL && i < n; i++)
		if (g[i] != NULL)
			GEOSGeom_destroy_r(gis->h, g[i]);
	free(g);
}

/* Runs from … to - 1 as lines or rings; NULL when out of memory. */
static GEOSGeometry **
runs(
    struct gis *gis, const struct coords *c, size_t from, size_t to, bool rings)
{
	GEOSGeometry **g = calloc(to - from, sizeof(*g));
	const struct gis_point *p;
	size_t n;

	for (size_t i = from; g != NULL && i < to; i++) {
		p = c->pts + c->run[i];
		n = c->run[i + 1] - c->run[i];
		g[i - from] =
		    rings ? gis_geos_ring(gis, p, n) : gis_geos_line(gis, p, n);
		if (g[i - from] != NULL)
			continue;
		destroy_all(gis, g, i - from);
		return NULL;
	}
	return g;
}

/* Takes the members of g and the array. */
static GEOSGeometry *
collect(struct gis *gis, GEOSGeometry **g, size_t n, int type)
{
	GEOSGeometry *all;

	if (g == NULL)
		return NULL;
	if (n == 1)
		all = g[0];
	else
		all = GEOSGeom_createCollection_r(gis->h, type, g, (unsigned)n);
	free(g);
	return all;
}

static GEOSGeometry *
polygon(struct gis *gis, const struct coords *c, size_t part)
{
	size_t from = c->part[part], to = c->part[part + 1];
	GEOSGeometry **g = runs(gis, c, from, to, true), *area;

	if (g == NULL)
		return NULL;
	area = GEOSGeom_createPolygon_r(
	    gis->h, g[0], g + 1, (unsigned)(to - from - 1));
	free(g);
	return area;
}

static GEOSGeometry *
polygons(struct gis *gis, const struct coords *c)
{
	GEOSGeometry **g = calloc(c->nparts, sizeof(*g));

	for (size_t i = 0; g != NULL && i < c->nparts; i++) {
		g[i] = polygon(gis, c, i);
		if (g[i] != NULL)
			continue;
		destroy_all(gis, g, i);
		return NULL;
	}
	return collect(gis, g, c->nparts, GEOS_MULTIPOLYGON);
}

static GEOSGeometry *
build(struct gis *gis, const struct coords *c, const struct geometry_type *type)
{
	if (type->rings)
		return polygons(gis, c);
	if (c->npts == 1)
		return GEOSGeom_createPointFromXY_r(
		    gis->h, c->pts->x, c->pts->y);
	return collect(gis, runs(gis, c, 0, c->nruns, false), c->nruns,
	    GEOS_MULTILINESTRING);
}

struct gis_shape *
gis_shape_from_geojson(struct gis *gis, const char *text, size_t len,
    int *repaired, struct gis_fail *fail)
{
	struct reader r = { text, text, text + len, fail, { 0 } };
	const struct geometry_type *type = NULL;
	struct gis_shape *shape = NULL;
	const char *at = NULL;

	if (repaired != NULL)
		*repaired = 0;
	if (len > GIS_MAX_TEXT)
		return gis_refuse(gis, fail, -1, "the geometry is too long");
	if (members(&r, &type, &at) == -1)
		return NULL;
	r.p = at;
	if (positions(&r, type->depth) == 0 && check(&r, type) == 0)
		shape = gis_shape_adopt_repaired(
		    gis, build(gis, &r.c, type), repaired, fail);
	free(r.c.pts);
	free(r.c.run);
	free(r.c.part);
	return shape;
}

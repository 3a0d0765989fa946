/* SPDX-License-Identifier: MIT */
/*
 * Coordinate systems by PROJ, each with a context of its own so that threads
 * never share one, axes always east-north, no network, nothing printed.
 */
#include "gis/crs.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct gis_point shift(struct gis_point);

struct gis_crs {
	PJ_CONTEXT *ctx;
	PJ *pj;		     /* other -> lonlat, or lonlat -> plane */
	PJ_DIRECTION inward; /* the direction that gives lonlat */
	shift *to, *from;    /* instead of pj */
};

static void *
refuse(struct gis_fail *fail, const char *what, const char *arg)
{
	fail->at = -1;
	snprintf(fail->what, sizeof(fail->what), what, arg);
	return NULL;
}

static struct gis_crs *
crs_alloc(struct gis_fail *fail)
{
	struct gis_crs *crs = calloc(1, sizeof(*crs));

	if (crs == NULL)
		return refuse(fail, "out of memory%s", "");
	crs->ctx = proj_context_create();
	if (crs->ctx == NULL) {
		free(crs);
		return refuse(fail, "cannot start PROJ%s", "");
	}
	proj_log_level(crs->ctx, PJ_LOG_NONE);
	proj_context_set_enable_network(crs->ctx, 0);
	return crs;
}

static struct gis_point
same(struct gis_point p)
{
	return p;
}

/* The systems that are our own code. */
static const struct {
	const char *name;
	shift *to, *from;
} builtin[] = {
	{ "wgs84", same, same },
	{ "EPSG:4326", same, same },
	{ "gcj02", gis_wgs84_from_gcj02, gis_gcj02_from_wgs84 },
	{ "bd09", gis_wgs84_from_bd09, gis_bd09_from_wgs84 },
};

/* "EPSG:" and up to six digits, so that no PROJ string from outside runs. */
static int
is_epsg(const char *from)
{
	size_t n;

	if (strncmp(from, "EPSG:", 5) != 0)
		return 0;
	n = strspn(from + 5, "0123456789");
	return n > 0 && n <= 6 && from[5 + n] == '\0';
}

/* Only systems with two horizontal axes make sense for points. */
static int
is_horizontal(const PJ *pj)
{
	PJ_TYPE type = proj_get_type(pj);

	return type == PJ_TYPE_GEOGRAPHIC_2D_CRS ||
	       type == PJ_TYPE_PROJECTED_CRS;
}

static PJ *
open_epsg(PJ_CONTEXT *ctx, const char *from, struct gis_fail *fail)
{
	PJ *pj = NULL, *raw = NULL, *src = proj_create(ctx, from);
	PJ *dst = proj_create(ctx, "EPSG:4326");

	if (src == NULL || dst == NULL) {
		refuse(fail, "no coordinate system %s", from);
		goto out;
	}
	if (!is_horizontal(src)) {
		refuse(fail, "%s is not a system of points on a map", from);
		goto out;
	}
	raw = proj_create_crs_to_crs_from_pj(ctx, src, dst, NULL, NULL);
	if (raw != NULL)
		pj = proj_normalize_for_visualization(ctx, raw);
	if (pj == NULL)
		refuse(fail, "no way from %s to WGS84", from);
out:
	proj_destroy(raw);
	proj_destroy(dst);
	proj_destroy(src);
	return pj;
}

/* A system by name; see the header for names. */
struct gis_crs *
gis_crs_new(const char *from, struct gis_fail *fail)
{
	struct gis_crs *crs;

	for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++) {
		if (strcmp(from, builtin[i].name) != 0)
			continue;
		crs = calloc(1, sizeof(*crs));
		if (crs == NULL)
			return refuse(fail, "out of memory%s", "");
		crs->to = builtin[i].to;
		crs->from = builtin[i].from;
		return crs;
	}
	if (!is_epsg(from))
		return refuse(fail,
		    "'%.40s' is not a coordinate system: "
		    "EPSG:n, wgs84, gcj02 or bd09",
		    from);
	crs = crs_alloc(fail);
	if (crs == NULL)
		return NULL;
	crs->inward = PJ_FWD;
	crs->pj = open_epsg(crs->ctx, from, fail);
	if (crs->pj != NULL)
		return crs;
	gis_crs_free(crs);
	return NULL;
}

/* Transverse Mercator of scale 1 in the centre, origin there, in metres. */
struct gis_crs *
gis_crs_plane(struct gis_point c, struct gis_fail *fail)
{
	struct gis_crs *crs;
	char text[256];

	if (!(fabs(c.x) <= 180.0 && fabs(c.y) <= 89.0))
		return refuse(fail, "the centre is no place on the map%s", "");
	crs = crs_alloc(fail);
	if (crs == NULL)
		return NULL;
	snprintf(text, sizeof(text),
	    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
	    "+step +proj=tmerc +lat_0=%.12f +lon_0=%.12f +k_0=1 +ellps=WGS84",
	    c.y, c.x);
	crs->inward = PJ_INV;
	crs->pj = proj_create(crs->ctx, text);
	if (crs->pj != NULL)
		return crs;
	gis_crs_free(crs);
	return refuse(fail, "PROJ refuses the district's plane%s", "");
}

void
gis_crs_free(struct gis_crs *crs)
{
	if (crs == NULL)
		return;
	proj_destroy(crs->pj);
	if (crs->ctx != NULL)
		proj_context_destroy(crs->ctx);
	free(crs);
}

/* PROJ answers HUGE_VAL for what it cannot do. */
static struct gis_point
through(struct gis_crs *crs, PJ_DIRECTION dir, struct gis_point p)
{
	PJ_COORD c = proj_coord(p.x, p.y, 0, 0);

	c = proj_trans(crs->pj, dir, c);
	return (struct gis_point){ c.xy.x, c.xy.y };
}

static size_t
transform(struct gis_crs *crs, PJ_DIRECTION dir, shift *own,
    struct gis_point *p, size_t n)
{
	size_t bad = 0;

	for (size_t i = 0; i < n; i++) {
		if (isfinite(p[i].x) && isfinite(p[i].y))
			p[i] = own ? own(p[i]) : through(crs, dir, p[i]);
		if (isfinite(p[i].x) && isfinite(p[i].y))
			continue;
		p[i] = (struct gis_point){ NAN, NAN };
		bad++;
	}
	return bad;
}

size_t
gis_crs_to_lonlat(struct gis_crs *crs, struct gis_point *p, size_t n)
{
	return transform(crs, crs->inward, crs->to, p, n);
}

size_t
gis_crs_from_lonlat(struct gis_crs *crs, struct gis_point *p, size_t n)
{
	return transform(
	    crs, crs->inward == PJ_FWD ? PJ_INV : PJ_FWD, crs->from, p, n);
}

/*
 * EPSG numbers the 3-degree zones without zone prefix by central meridian:
 * 4534 is 75 E, 4554 is 135 E.  The box is the area of use of CGCS2000 on
 * land; the island in `not_there` has a datum of its own and takes UTM.
 */
int
gis_crs_zone(struct gis_point p)
{
	static const struct gis_box there = { 73.5, 16.7, 136.5, 53.6 };
	static const struct gis_box not_there = { 119.9, 21.8, 122.1, 25.4 };
	int zone;

	if (gis_box_has(there, p) && !gis_box_has(not_there, p)) {
		zone = (int)floor((p.x - 73.5) / 3.0);
		return 4534 + (zone > 20 ? 20 : zone);
	}
	if (!(fabs(p.x) <= 180.0 && fabs(p.y) <= 90.0))
		return 4326;
	zone = (int)floor((p.x + 180.0) / 6.0) + 1;
	return (p.y < 0 ? 32700 : 32600) + (zone > 60 ? 60 : zone);
}

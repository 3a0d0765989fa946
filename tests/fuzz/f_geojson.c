/* SPDX-License-Identifier: MIT */
/*
 * GeoJSON geometries from outside: whatever is taken must be valid, finite,
 * survive being written and read again, and go through WKB; the first byte
 * below 8 sends the rest to the WKB reader instead.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gis/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
check(struct gis *gis, struct gis_shape *s)
{
	struct gis_box b = gis_shape_box(s);
	struct gis_fail fail;
	struct gis_shape *back;
	unsigned char *wkb;
	char *text;
	size_t len;

	must(isfinite(b.w + b.s) && isfinite(b.e + b.n));
	must(b.w <= b.e && b.s <= b.n);
	must(gis_shape_kind(s) != GIS_AREA || gis_shape_area(gis, s) > 0);
	text = gis_shape_to_geojson(gis, s, 9);
	must(text != NULL);
	free(text);
	wkb = gis_shape_to_wkb(gis, s, &len);
	must(wkb != NULL);
	back = gis_shape_from_wkb(gis, wkb, len, &fail);
	must(back != NULL && gis_shape_kind(back) == gis_shape_kind(s));
	gis_shape_free(gis, back);
	free(wkb);
	(void)gis_shape_centroid(gis, s);
	(void)gis_shape_inside(gis, s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gis *gis;
	struct gis_fail fail = { -2, "" };
	struct gis_shape *s;

	if (gis == NULL)
		gis = gis_new();
	if (size > 0 && data[0] < 8)
		s = gis_shape_from_wkb(gis, data + 1, size - 1, &fail);
	else
		s = gis_shape_from_geojson(
		    gis, (const char *)data, size, NULL, &fail);
	if (s != NULL)
		check(gis, s);
	else
		must(fail.what[0] != '\0' && fail.at <= (long)size);
	gis_shape_free(gis, s);
	return 0;
}

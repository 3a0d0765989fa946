/* SPDX-License-Identifier: MIT */
/* Pieces of street to an area: see isochrone.h. */
#include "gis/isochrone.h"

#include <stdlib.h>

#include "gis/geos.h"

enum { MAX_PIECES = GIS_MAX_POINTS / 2 };

static struct gis_shape *
lines_of(struct gis *gis, const struct gis_piece *piece, size_t n,
    struct gis_fail *fail)
{
	size_t *first = malloc((n + 1) * sizeof(*first));
	struct gis_point *p = malloc(2 * n * sizeof(*p));
	struct gis_shape *s = NULL;

	if (first == NULL || p == NULL) {
		gis_refuse(gis, fail, -1, "out of memory");
		goto out;
	}
	for (size_t i = 0; i < n; i++) {
		first[i] = 2 * i;
		p[2 * i] = piece[i].plane_from;
		p[2 * i + 1] = piece[i].plane_to;
	}
	first[n] = 2 * n;
	s = gis_shape_from_lines(gis, p, first, n, fail);
out:
	free(first);
	free(p);
	return s;
}

struct gis_shape *
gis_isochrone(struct gis *gis, const struct gis_walk *walk, double width,
    struct gis_fail *fail)
{
	size_t n;
	struct gis_piece *piece = gis_walk_pieces(walk, &n);
	struct gis_shape *lines = NULL, *area = NULL;
	GEOSGeometry *g;

	if (piece == NULL) {
		gis_refuse(gis, fail, -1, "out of memory");
	} else if (n == 0 || !(width > 0)) {
		gis_refuse(gis, fail, -1, "nothing is within the limit");
	} else if (n > MAX_PIECES) {
		gis_refuse(gis, fail, -1, "too many streets for one area");
	} else if ((lines = lines_of(gis, piece, n, fail)) != NULL) {
		g = GEOSBuffer_r(gis->h, lines->g, width, GIS_SEGMENTS);
		if (g == NULL)
			gis_refuse(gis, fail, -1, NULL);
		else
			area = gis_shape_adopt(gis, g, fail);
	}
	if (lines != NULL)
		gis_shape_free(gis, lines);
	free(piece);
	return area;
}

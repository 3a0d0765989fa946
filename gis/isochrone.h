/* SPDX-License-Identifier: MIT */
/*
 * What can be walked to, as an area that is true to the network: all that lies
 * within `width` metres of a piece of street whose every point is within the
 * limit.  Streets are cut where the limit ends, at both ends of a street if it
 * is walked into from both; nothing is bridged between streets, so a wall of
 * houses, a river or a railway between two of them stays out.  Made from the
 * lengths of gis_walk_from(), without samples.
 */
#ifndef GIS_ISOCHRONE_H
#define GIS_ISOCHRONE_H

#include "gis/fail.h"
#include "gis/network.h"
#include "gis/shape.h"

/* A piece of street, from one point to the other. */
struct gis_piece {
	struct gis_point plane_from, plane_to;
};

/* The pieces a finished gis_walk_from() has within its limit, malloc'd, *n of
 * them; a piece may lie in another. Looks at every node. NULL: out of memory. */
struct gis_piece *gis_walk_pieces(const struct gis_walk *, size_t *n);

/* The area around them on the plane, arcs by 32 chords a quadrant. NULL and a
 * sentence when nothing is within the limit. */
struct gis_shape *gis_isochrone(
    struct gis *, const struct gis_walk *, double width, struct gis_fail *);

#endif

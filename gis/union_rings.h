/* SPDX-License-Identifier: MIT */
/*
 * Arcs chained into rings, and each hole given to the ring around it: what
 * union_shape.c draws.  Knows arcs and circles, not polygons.
 */
#ifndef GIS_UNION_RINGS_H
#define GIS_UNION_RINGS_H

#include "gis/union_part.h"

enum { GIS_NO_RING = UINT32_MAX };

struct gis_arc_ring {
	uint32_t first;	       /* an arc of it */
	uint32_t around;       /* of a hole: the outer ring it lies in */
	double swept;	       /* twice the area; negative: a hole */
	struct gis_point west; /* its westernmost point */
};

struct gis_rings {
	uint32_t *next;	 /* arc after each arc */
	uint32_t *owner; /* disc of each arc */
	uint32_t *of;	 /* ring of each arc */
	struct gis_arc_ring *ring;
	size_t n, cap;
	bool doubtful; /* ends were joined by place, not by name */
};

/* -1 when out of memory or when arcs do not close. */
int gis_rings_init(struct gis_rings *, const struct gis_union *);
void gis_rings_release(struct gis_rings *);

/* Where an arc starts or ends. */
struct gis_point
gis_arc_start(const struct gis_circle *, const struct gis_arc *);
struct gis_point gis_arc_end(const struct gis_circle *, const struct gis_arc *);
/* Whether a direction from the centre lies on the arc. */
bool gis_arc_has(const struct gis_arc *, struct gis_point direction);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Boxes by place: those that meet another box, or come near a point.  Built
 * once; any number of threads may ask.  Boxes must be finite.
 */
#ifndef GIS_BOXES_H
#define GIS_BOXES_H

#include <stddef.h>
#include <stdint.h>
#include "gis/point.h"

struct gis_boxes;

/* NULL when out of memory or n is over 2^31. */
struct gis_boxes *gis_boxes_new(const struct gis_box *, size_t n);
void gis_boxes_free(struct gis_boxes *);

/* Calls each() with the numbers of those that meet `b` (touching counts) until
 * it returns non-zero, which is returned. */
int gis_boxes_meeting(const struct gis_boxes *, struct gis_box b,
    int (*each)(void *, uint32_t item), void *arg);
/* The same for those at most so far from a point. */
int gis_boxes_near(const struct gis_boxes *, struct gis_point, double distance,
    int (*each)(void *, uint32_t item), void *arg);

#endif

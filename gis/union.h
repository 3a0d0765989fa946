/* SPDX-License-Identifier: MIT */
/*
 * The union of discs on the plane, held as the arcs of its rim: which parts of
 * each circle no other disc reaches.  Areas come from the arcs themselves (no
 * polygons), polygons are made on demand, and a disc that comes, goes or moves
 * changes the arcs of its neighbours only.
 *
 * Discs are numbered by their place in the array given; radii may differ.  A
 * disc whose place is not finite, whose radius is not above zero, or that was
 * taken away has no area.  Must not know what a shelter or a home is.
 *
 * Any number of threads may read; changing needs the union for itself.
 */
#ifndef GIS_UNION_H
#define GIS_UNION_H

#include <stddef.h>
#include <stdint.h>
#include "gis/shape.h"

struct gis_union;

/* n discs, all of one radius unless `radii` is given (then n of them, and
 * `radius` is not looked at).  NULL when out of memory or n is over 2^30. */
struct gis_union *gis_union_new(const struct gis_point *plane_centres,
    const double *radii, double radius, size_t n);
void gis_union_free(struct gis_union *);
/* Another one, for changes; NULL when out of memory. */
struct gis_union *gis_union_clone(const struct gis_union *);

/* One more than the largest number of a disc. */
size_t gis_union_size(const struct gis_union *);
/* Square metres, from the arcs by Green's theorem. */
double gis_union_area(const struct gis_union *);
/* Whether some disc holds the point (its rim included): gis_distance() to a
 * centre is at most the radius. */
bool gis_union_has(const struct gis_union *, struct gis_point);
/* The same for many points and one radius above zero, without making a union:
 * fills in[i] for each of np points.  -1 when out of memory. */
int gis_union_reach(const struct gis_point *plane_centres, size_t n,
    double radius, const struct gis_point *, size_t np, bool *in);
/* How many pieces of a disc's circle are part of the rim, 0 when others hide
 * it all; *radians of them together. */
size_t gis_union_arcs(const struct gis_union *, uint32_t disc, double *radians);

/* Puts disc number `disc` (at most gis_union_size()) to a place; it may be
 * new, taken away before, or move.  -1 when out of memory: then free it. */
int gis_union_put(
    struct gis_union *, uint32_t disc, struct gis_point, double radius);
int gis_union_take(struct gis_union *, uint32_t disc);

/*
 * The union as one (multi)polygon whose corners lie on the rim, a whole circle
 * having `chords` of them (8 … 4096): so its area is a little less than
 * gis_union_area().  NULL and fail when empty or out of memory.
 */
struct gis_shape *gis_union_shape(
    struct gis *, const struct gis_union *, int chords, struct gis_fail *);

/* Areas of other shapes inside the union; reads it, so free it before the
 * union changes. */
struct gis_rim;
struct gis_rim *gis_rim_new(const struct gis_union *);
/* Only what comes near the box, for areas in it. */
struct gis_rim *gis_rim_near(const struct gis_union *, struct gis_box);
void gis_rim_free(struct gis_rim *);
/* Square metres of an area (of `whole` in all, gis_shape_area() tells) inside
 * the union into *m2; -1 on failure. */
int gis_rim_area(struct gis *, const struct gis_rim *, const struct gis_shape *,
    double whole, double *m2);

#endif

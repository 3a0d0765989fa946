/* SPDX-License-Identifier: MIT */
/*
 * Coverage by radius: which part of each home lies within R metres of an
 * entrance.  A home with an area counts by the share of its polygon inside
 * the union of the discs (people are spread evenly over it), a home that is
 * a point counts whole.  Pure geometry on the plane; capacity is somebody
 * else's business.
 *
 * Shares are of true discs.  In shapes a disc is a polygon of 32 segments per
 * quadrant, scaled so that its area equals the disc's; see cover.h.
 */
#ifndef GIS_COVERAGE_H
#define GIS_COVERAGE_H

#include <stddef.h>
#include <stdint.h>
#include "gis/shape.h"
#include "gis/union.h"

struct gis_home {
	const struct gis_shape *plane_shape; /* NULL: a point */
	struct gis_point plane;		     /* the point, or a point inside */
	int64_t people;
};

struct gis_coverage;

/* NULL and fail on failure or when `cancel` returned non-zero. */
struct gis_coverage *
gis_coverage_radius(struct gis *, const struct gis_point *plane_entrances,
    size_t n, double radius, const struct gis_home *homes, size_t nhomes,
    int (*cancel)(void *, size_t done, size_t total), void *arg,
    struct gis_fail *);
void gis_coverage_free(struct gis *, struct gis_coverage *);

/* Share 0 … 1 of home i inside; in steps of 2^-32, so that it does not depend
 * on the order in which the same arcs were added up. */
double gis_coverage_share(const struct gis_coverage *, size_t home);
/* The same share, of discs that changed meanwhile; -1 on failure. */
int gis_union_share(struct gis *, const struct gis_union *,
    const struct gis_home *, double *share);
/* The discs, one for each place some entrance has; NULL if the radius is 0. */
const struct gis_union *gis_coverage_discs(const struct gis_coverage *);
/* Where they stand, by number. */
const struct gis_point *
gis_coverage_centres(const struct gis_coverage *, size_t *n);

/*
 * Sample points of the covered part of a home, for capacity: at least one
 * when its share is positive, at most `max`, all within the radius of an
 * entrance, spread evenly over the covered part; how many.  Of entrances it
 * takes those within GIS_COVER_REACH radii of the home; others, and their
 * order, make no difference.
 */
#define GIS_COVER_REACH 1.001
size_t gis_covered_samples(struct gis *, const struct gis_home *, double share,
    const struct gis_point *plane_entrances, size_t n, double radius,
    size_t max, struct gis_point *out);

/* The same for the whole of an area with a point inside, whoever covers it. */
size_t gis_shape_samples(struct gis *, const struct gis_shape *plane_area,
    struct gis_point inside, size_t max, struct gis_point *out);

/* The covered area as one (multi)polygon; NULL when empty. The caller's. */
struct gis_shape *gis_coverage_area(struct gis *, const struct gis_coverage *);
/*
 * Gaps: the uncovered parts of homes with people, joined where they touch;
 * point homes stand as discs of 15 m. Each with the people in it.
 */
struct gis_gap {
	struct gis_shape *plane_shape;
	double people;
	double area; /* m2 */
};
size_t gis_coverage_gaps(
    struct gis *, const struct gis_coverage *, struct gis_gap **out);
void gis_gaps_free(struct gis *, struct gis_gap *, size_t);
/* The same without people, of some homes on the plane: what is left of these
 * areas without `covered` (NULL: nothing is) and discs around the points,
 * joined.  NULL when nothing is left, fail->what then empty, or on failure. */
struct gis_shape *gis_uncovered(struct gis *,
    const struct gis_shape *const *area, size_t n, const struct gis_point *dot,
    size_t ndots, const struct gis_shape *covered, struct gis_fail *);

#endif

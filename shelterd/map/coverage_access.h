/* SPDX-License-Identifier: MIT */
/*
 * Usable places per person within the limit, by two-step floating catchment
 * (gis/catchment.h), for the homes of a coverage.  By radius a home with an
 * area stands on up to CROWD_SAMPLES points, and has their mean.
 */
#ifndef SHELTERD_COVERAGE_ACCESS_H
#define SHELTERD_COVERAGE_ACCESS_H

#include "shelterd/map/coverage.h"

/* malloc'd, one for each of coverage_homes(), for the same question; NULL:
 * out of memory. */
double *coverage_access(const struct coverage *, const struct coverage_ask *);

struct coverage_access_totals {
	int64_t none;	     /* people with no place in reach */
	int64_t below;	     /* with less than one each, those included */
	double mean, median; /* of people */
};
/* false: out of memory. */
bool coverage_access_sum(const struct coverage *, const double *access,
    struct coverage_access_totals *);

#endif

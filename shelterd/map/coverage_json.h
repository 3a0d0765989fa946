/* SPDX-License-Identifier: MIT */
/*
 * A coverage as the API shows it: the totals, and GeoJSON collections as
 * malloc'd text in WGS84.  Shelters do not appear in any of them.
 */
#ifndef SHELTERD_COVERAGE_JSON_H
#define SHELTERD_COVERAGE_JSON_H

#include <cjson/cJSON.h>
#include "shelterd/map/coverage.h"

/* `access` from coverage_access(), or NULL. */
cJSON *coverage_totals_json(const struct coverage *, const double *access);
/* NULL and a sentence on failure. `top`: only so many, those with most people
 * first; 0: all.  The area is one, whatever `top` says. */
char *
coverage_area_json(const struct coverage *, size_t top, struct gis_fail *);
char *
coverage_gaps_json(const struct coverage *, size_t top, struct gis_fail *);
char *coverage_homes_json(
    const struct coverage *, const double *access, struct gis_fail *);

#endif

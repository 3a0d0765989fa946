/* SPDX-License-Identifier: MIT */
/*
 * Places per person within reach: the two-step floating catchment area method
 * (Luo and Wang 2003, Environment and Planning B 30, 865-884).
 *
 *	step 1	R[j] = places[j] / people within reach of site j
 *	step 2	access[i] = sum of R[j] over the sites within reach of i
 *
 * One place for everybody in reach would be an access of 1.  Invariant: people
 * times access, summed over all, are the places of the sites that reach
 * anybody.  Knows nothing of what reach is.
 */
#ifndef GIS_CATCHMENT_H
#define GIS_CATCHMENT_H

#include <stddef.h>
#include <stdint.h>

/* Sites in reach of row i: site[first[i]] … site[first[i + 1] - 1]; one that
 * stands there twice counts once. */
struct gis_catchment {
	size_t rows, sites;
	const int64_t *people; /* [rows] >= 0 */
	const int64_t *places; /* [sites] >= 0 */
	const size_t *first;   /* [rows + 1] */
	const uint32_t *site;
};

/* Fills access[rows]; -1 when out of memory. */
int gis_catchment(const struct gis_catchment *, double *access);

#endif

/* SPDX-License-Identifier: MIT */
/* What import_check.c and import_value.c share, and nobody else. */
#ifndef SHELTERD_IMPORT_CHECK_H
#define SHELTERD_IMPORT_CHECK_H

#include "shelterd/import/import.h"

struct gis;
struct gis_crs;

struct check {
	struct import *im;
	const struct rules *rules;
	struct gis *gis;
	struct gis_crs *crs;	 /* NULL: positions are lon/lat already */
	struct gis_box district; /* where rows belong */
	struct gis_point centre; /* median of the points, NAN: none */
};

bool check_valid(struct gis_point lonlat);
/* Texts, plausibility, identity and content of a row with a position. */
void check_values(struct check *, struct import_row *);
/* Marks rows that repeat an earlier one. -1: memory is out. */
int check_duplicates(struct import *);

#endif

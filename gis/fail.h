/* SPDX-License-Identifier: MIT */
/* Why a function of gis/ refused: caller-owned, filled on failure only. */
#ifndef GIS_FAIL_H
#define GIS_FAIL_H

struct gis_fail {
	long at;	/* byte, vertex or row, -1 if not known */
	char what[160]; /* a sentence */
};

#endif

/* SPDX-License-Identifier: MIT */
/* Between the searches of a survey and its answer: who found whom. */
#ifndef GIS_REACH_NOTES_H
#define GIS_REACH_NOTES_H

#include "gis/reach.h"

struct gis_note {
	uint32_t home, stop, dm;
};

/* One thread's, in any order. */
struct gis_notes {
	struct gis_note *note;
	size_t n, room;
};

/* Notes to pairs, home by home; a pair may be noted twice only for different
 * stops. 0, or -1 out of memory. */
int gis_pairs_gather(const struct gis_pairs_ask *, const struct gis_notes *,
    unsigned threads, struct gis_pairs *);

#endif

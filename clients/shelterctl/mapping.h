/* SPDX-License-Identifier: MIT */
/*
 * Which column of a table is which field of the register.  The spellings live
 * in files under etc/mappings, so that an office adds its own header without a
 * compiler; this reads such files and finds the one that fits a header best.
 *
 * A mapping file: `#` begins a comment line; `for = shelters` (or homes,
 * network, injects) names its kind; `needs = A | B` lists columns without which the
 * file does not apply; every other line is `field = spelling | spelling …`.
 * Blanks, case, punctuation and byte order marks do not matter; a bilingual
 * header fits by its Chinese or its Latin part alone.  `#4` is column four.
 */
#ifndef SHELTERCTL_MAPPING_H
#define SHELTERCTL_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

enum mapping_field {
	MAP_ID,
	MAP_NAME,
	MAP_ADDRESS,
	MAP_PLACES,
	MAP_AREA,
	MAP_KIND,
	MAP_X,
	MAP_Y,
	MAP_LATLON, /* two coordinates in one field, latitude first */
	MAP_LONLAT,
	MAP_UNIT,
	MAP_PRECINCT,
	MAP_ORG,
	MAP_FLOORS,
	MAP_NOTE,
	MAP_HIDDEN,
	MAP_PEOPLE,
	MAP_HOUSEHOLDS,
	MAP_CLASS,
	MAP_STEPS,
	MAP_HOURS,
	MAP_AT,
	MAP_SIGNAL,
	MAP_WHO,
	MAP_TEXT,
	MAP_IGNORE, /* known and not used */
	MAP_FIELDS
};

extern const char *const mapping_field_names[MAP_FIELDS];

/* MAP_FIELDS: no such field. */
enum mapping_field mapping_field_of(const char *name);

struct mapping; /* one file */

/* text is borrowed for the call; NULL with *why filled: line and reason. */
struct mapping *
mapping_parse(const char *name, const char *text, char *why, size_t size);
void mapping_free(struct mapping *);
const char *mapping_name(const struct mapping *);

/* Where each field stands in a header, -1: nowhere. */
struct columns {
	int at[MAP_FIELDS];
	int score;   /* fields found; a place counts more than all others */
	int unknown; /* columns that no spelling names */
};

/* Finds the fields of `kind`; score 0: the mapping does not apply. */
struct columns mapping_fit(const struct mapping *, const char *kind,
    const char *const *header, size_t n);

/* Header `wanted` among the columns as a person would write it, or "#4";
   -1: none. */
int mapping_column(const char *wanted, const char *const *header, size_t n);

#endif

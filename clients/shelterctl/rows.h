/* SPDX-License-Identifier: MIT */
/*
 * From a record of a source to a row of the import interface (docs/api.md).
 * A record that cannot be a row becomes a refusal that names field and reason,
 * so that no record is ever lost.  Pure but for the geometry it is given.
 */
#ifndef SHELTERCTL_ROWS_H
#define SHELTERCTL_ROWS_H

#include "clients/shelterctl/file.h"
#include "clients/shelterctl/mapping.h"
#include "clients/shelterctl/source.h"

enum row_kind { ROW_SHELTER, ROW_HOME, ROW_WAY, ROW_INJECT };

struct population; /* people by key, see population.h */

/* How the records of one source are to be read. */
struct layout {
	enum row_kind kind;
	struct columns columns;
	const struct source *source;
	struct population *population; /* homes: joined, or NULL */
	int key;		       /* its column in this source */
	bool walk; /* ways: apply the walking profile to their tags */
	int highway, foot, access, other; /* columns of tags, -1: none */
};

struct refusal {
	const char *field;
	char reason[240];
};

enum row_result { ROW_MADE, ROW_REFUSED, ROW_EXCLUDED, ROW_NO_MEMORY };

/* Appends the row to the text as a JSON object without "file" and "line". */
enum row_result row_make(const struct layout *, const struct record *,
    struct text *, struct refusal *);

/* Every value is missing or blank, and there is no geometry. */
bool row_blank(const struct record *);

/* The value of a field, NULL: no such column, or absent. */
const char *
row_value(const struct layout *, const struct record *, enum mapping_field);

#endif

/* SPDX-License-Identifier: MIT */
/* One run of `shelterctl import`: its settings and its account. */
#ifndef SHELTERCTL_IMPORT_H
#define SHELTERCTL_IMPORT_H

#include "clients/shelterctl/ask.h"
#include "clients/shelterctl/importer.h"
#include "clients/shelterctl/mappings.h"
#include "clients/shelterctl/population.h"

struct import {
	struct call *call;
	enum row_kind kind;
	const char *crs; /* as asked, "auto" if not */
	struct mappings mappings;
	struct population population;
	bool joined; /* population is loaded */
	const char *key;
	struct importer importer;
	int64_t read, excluded, blank;
	cJSON *files; /* what was found about each */
	char why[512];
};

extern const char *const import_kinds[]; /* by enum row_kind */

/* Opens the i-th file of the command line. */
struct source *import_open(struct import *, int i);

/* How to read that source; false: why. */
bool import_layout(struct import *, struct source *, struct layout *);

/* Whether --exclude leaves the record out. */
bool import_excludes(
    const struct import *, const struct source *, const struct record *);

/* Writes findings with their original records; false: import->why. */
bool import_write_rejects(
    struct import *, const char *path, const struct findings *);

#endif

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

/* A member that counts; 0: there is none. */
int64_t import_count(const cJSON *object, const char *key);

/* Our refusals, which are given away, and all the daemon said under "rows", in
   the order of the files. */
bool import_collect(struct import *, const cJSON *result, struct findings *);

/* The first refusals, for people. */
void import_show_findings(struct import *, const struct findings *);

/* Writes findings with their original records; false: import->why. */
bool import_write_rejects(
    struct import *, const char *path, const struct findings *);

#endif

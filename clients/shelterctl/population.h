/* SPDX-License-Identifier: MIT */
/* People and households of areas, kept in another table by a key. */
#ifndef SHELTERCTL_POPULATION_H
#define SHELTERCTL_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "clients/shelterctl/mappings.h"

struct population_row {
	char *key;
	int64_t people, households; /* households -1: not known */
	bool used;
};

struct population {
	struct population_row *row; /* sorted by key */
	size_t n;
	int64_t refused; /* rows whose number could not be read */
	char first_refusal[240];
};

/* key and people are headers; people NULL: by the mapping.  false: why. */
bool population_load(struct population *, const char *path, const char *key,
    const char *people, const struct mappings *, char *why, size_t size);
void population_release(struct population *);

/* NULL: nobody is known to live there.  Marks the row as used. */
const struct population_row *
population_find(struct population *, const char *key);
size_t population_unused(const struct population *);

#endif

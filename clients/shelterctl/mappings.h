/* SPDX-License-Identifier: MIT */
/* The mapping files of an installation, and the one that fits a header. */
#ifndef SHELTERCTL_MAPPINGS_H
#define SHELTERCTL_MAPPINGS_H

#include "clients/shelterctl/mapping.h"

enum { MAPPINGS_MAX = 128 };

struct mappings {
	struct mapping *m[MAPPINGS_MAX];
	size_t n;
};

/*
 * choice NULL or "auto": every file of the mapping folder ($SHELTER_MAPPINGS,
 * beside the program, etc/mappings, /usr/share/shelterd/mappings); otherwise
 * one of them by name, or a file by its path.  false: why.
 */
bool
mappings_load(struct mappings *, const char *choice, char *why, size_t size);
void mappings_release(struct mappings *);

/* The best fit, and whose it is (NULL: none applies). */
struct columns mappings_fit(const struct mappings *, const char *kind,
    const char *const *header, size_t n, const struct mapping **which);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The first administrator: a store without an account gets "admin", whose
 * token is written to a file only its owner may read.
 */
#ifndef SHELTERD_FIRST_H
#define SHELTERD_FIRST_H

#include <stddef.h>

struct db;

/* While starting, after migrate() and auth_init(), before the writer. Does
 * nothing when there is an account. -1 and a sentence on failure. */
int first_admin(struct db *, const char *token_file, char *err, size_t errsize);

#endif

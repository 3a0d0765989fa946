/* SPDX-License-Identifier: MIT */
/*
 * Brings a store's tables up to what this program needs: numbered .sql files
 * compiled in, each applied once in a transaction of its own and recorded
 * with its hash.  Invariant: the store's migrations are a prefix of ours,
 * unchanged; anything else is refused, nothing is guessed from columns.
 */
#ifndef SHELTERD_STORE_MIGRATE_H
#define SHELTERD_STORE_MIGRATE_H

#include <stddef.h>

struct db;

struct migration {
	const char *name; /* "0001_core" */
	const char *sql;
};

extern const struct migration migrations[]; /* ends with a NULL name */

/* Applies what is missing. Negative (enum db_result) and a sentence in err if
 * the store is newer than the program, a recorded migration was edited, or
 * one fails (the store is then as before that one). */
int migrate(struct db *, char *err, size_t errsize);
/* Only compares: fails for what migrate() would refuse. */
int migrate_check(struct db *, char *err, size_t errsize);
/* migrate() with another list, for tests. */
int
migrate_list(struct db *, const struct migration *, char *err, size_t errsize);

#endif

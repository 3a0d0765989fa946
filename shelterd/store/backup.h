/* SPDX-License-Identifier: MIT */
/*
 * Copies of the store: made while it runs, put back while it does not.
 * Invariant: a file under a backup's name is whole and synced; a store is
 * replaced by a verified one or not at all.
 */
#ifndef SHELTERD_STORE_BACKUP_H
#define SHELTERD_STORE_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

struct backup {
	char path[1024];
	int64_t bytes;
	char sha256[65];
};

enum backup_result {
	BACKUP_OK,
	BACKUP_FAILED = -1,
	BACKUP_EXISTS = -2 /* nothing is overwritten */
};

/* Letters, digits, '.', '_', '-'; 1-64, not starting with '.'. */
bool backup_name_ok(const char *name);
/* Makes dir if need be. */
int backup_make(struct db *, const char *dir, const char *name, struct backup *,
    char *err, size_t errsize);
/* Pages, references, migrations and the chain of events of a file. */
int backup_verify(const char *path, char *err, size_t errsize);
/* Offline: verifies `from`, copies it beside `store`, puts the old store and
 * its signed heads aside (.replaced-SECONDS) and the copy in its place. -1
 * and a sentence when the copy is unsound or the store in use. */
int
store_restore(const char *from, const char *store, char *err, size_t errsize);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * One program at a time on a store: a lock beside the store's file that ends
 * with its holder, however that ends.  Knows nothing of what the store holds.
 */
#ifndef SHELTERD_LOCKFILE_H
#define SHELTERD_LOCKFILE_H

#include <stddef.h>

/* Locks STORE.lock, which stays when the lock ends. A descriptor to close, or
 * -1 and a sentence that names the holder's process. */
int store_lock(const char *store, char *err, size_t errsize);

#endif

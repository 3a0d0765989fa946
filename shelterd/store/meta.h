/* SPDX-License-Identifier: MIT */
/* Facts about the store itself: texts by key. */
#ifndef SHELTERD_STORE_META_H
#define SHELTERD_STORE_META_H

#include <stddef.h>

struct db;

/* DB_ROW when there is one; cut to the room. */
int meta_get(struct db *, const char *key, char *value, size_t size);
int meta_put(struct db *, const char *key, const char *value);

#endif

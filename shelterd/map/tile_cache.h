/* SPDX-License-Identifier: MIT */
/*
 * Tiles that were made, of the newest data version they were asked for, up to
 * so many bytes: after a change every browser asks for the same ones.  A tile
 * is known by a text that says all that it depends on but the data version.
 * Its tag is a hash of its bytes, so a tile that a change did not touch keeps
 * its tag.  Any thread.
 */
#ifndef SHELTERD_TILE_CACHE_H
#define SHELTERD_TILE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TILE_TAG = 36 }; /* 32 hex digits in quotes, and a NUL */

struct tile_cache;

/* most 0: keeps nothing. NULL: out of memory. */
struct tile_cache *tile_cache_new(size_t most);
void tile_cache_free(struct tile_cache *);

/* Whether the tile is there; then its tag. */
bool tile_cache_tag(
    struct tile_cache *, const char *key, int64_t version, char tag[TILE_TAG]);
/* A copy of its bytes, malloc'd, never NULL for an empty one; NULL: not there
 * (any more), or out of memory. */
unsigned char *tile_cache_get(
    struct tile_cache *, const char *key, int64_t version, size_t *len);
/* Keeps a copy, unless one of a newer version is there; sets the tag. */
void tile_cache_put(struct tile_cache *, const char *key, int64_t version,
    const unsigned char *, size_t len, char tag[TILE_TAG]);

struct tile_cache_counts {
	uint64_t hits, misses; /* of tile_cache_tag() */
	size_t tiles, bytes;
};
struct tile_cache_counts tile_cache_counts(struct tile_cache *);

#endif

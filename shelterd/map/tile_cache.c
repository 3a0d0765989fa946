/* SPDX-License-Identifier: MIT */
/*
 * A hash table with lists, and one list through all tiles in the order of use,
 * whose last ones go when there is no room.  Tiles are copied in and out under
 * the lock: they are some kilobytes.
 */
#include "shelterd/map/tile_cache.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, HASH = 16, LARGE = 8 /* an eighth of all */ };

struct kept {
	struct kept *next;	    /* in its slot */
	struct kept *newer, *older; /* in the order of use */
	int64_t version;
	char tag[TILE_TAG];
	size_t len, slot;
	unsigned char *bytes; /* behind the key */
	char key[];
};

struct tile_cache {
	pthread_mutex_t lock;
	size_t most;
	struct tile_cache_counts counts;
	struct kept *slot[SLOTS];
	struct kept *newest, *oldest;
};

struct tile_cache *
tile_cache_new(size_t most)
{
	struct tile_cache *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	c->most = most;
	return c;
}

void
tile_cache_free(struct tile_cache *c)
{
	if (c == NULL)
		return;
	for (struct kept *k = c->newest, *older; k != NULL; k = older) {
		older = k->older;
		free(k);
	}
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* FNV-1a. */
static size_t
slot_of(const char *key)
{
	uint64_t h = 14695981039346656037u;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211u;
	return (h ^ h >> 32) % SLOTS;
}

static struct kept *
find(const struct tile_cache *c, const char *key)
{
	struct kept *k = c->slot[slot_of(key)];

	while (k != NULL && strcmp(k->key, key) != 0)
		k = k->next;
	return k;
}

static void
unlink_use(struct tile_cache *c, struct kept *k)
{
	*(k->newer != NULL ? &k->newer->older : &c->newest) = k->older;
	*(k->older != NULL ? &k->older->newer : &c->oldest) = k->newer;
}

static void
link_use(struct tile_cache *c, struct kept *k)
{
	k->newer = NULL;
	k->older = c->newest;
	*(c->newest != NULL ? &c->newest->newer : &c->oldest) = k;
	c->newest = k;
}

static size_t
cost(const struct kept *k)
{
	return sizeof(*k) + strlen(k->key) + 1 + k->len;
}

static void
drop(struct tile_cache *c, struct kept *k)
{
	struct kept **at = &c->slot[k->slot];

	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	unlink_use(c, k);
	c->counts.tiles--;
	c->counts.bytes -= cost(k);
	free(k);
}

static void
add(struct tile_cache *c, struct kept *k)
{
	k->next = c->slot[k->slot];
	c->slot[k->slot] = k;
	link_use(c, k);
	c->counts.tiles++;
	c->counts.bytes += cost(k);
	while (c->counts.bytes > c->most)
		drop(c, c->oldest);
}

bool
tile_cache_tag(
    struct tile_cache *c, const char *key, int64_t version, char tag[TILE_TAG])
{
	struct kept *k;

	pthread_mutex_lock(&c->lock);
	k = find(c, key);
	if (k != NULL && k->version != version)
		k = NULL;
	if (k != NULL) {
		memcpy(tag, k->tag, TILE_TAG);
		unlink_use(c, k);
		link_use(c, k);
		c->counts.hits++;
	} else
		c->counts.misses++;
	pthread_mutex_unlock(&c->lock);
	return k != NULL;
}

unsigned char *
tile_cache_get(
    struct tile_cache *c, const char *key, int64_t version, size_t *len)
{
	unsigned char *copy = NULL;
	struct kept *k;

	pthread_mutex_lock(&c->lock);
	k = find(c, key);
	if (k != NULL && k->version == version &&
	    (copy = malloc(k->len + 1)) != NULL) {
		memcpy(copy, k->bytes, k->len);
		*len = k->len;
	}
	pthread_mutex_unlock(&c->lock);
	return copy;
}

static void
make_tag(const unsigned char *bytes, size_t len, char tag[TILE_TAG])
{
	unsigned char hash[HASH];
	size_t n;

	crypto_generichash(hash, sizeof(hash), bytes, len, NULL, 0);
	tag[0] = '"';
	sodium_bin2hex(tag + 1, TILE_TAG - 1, hash, sizeof(hash));
	n = strlen(tag);
	tag[n] = '"';
	tag[n + 1] = '\0';
}

static struct kept *
kept_new(const char *key, int64_t version, const unsigned char *bytes,
    size_t len, const char *tag)
{
	size_t text = strlen(key) + 1;
	struct kept *k = calloc(1, sizeof(*k) + text + len);

	if (k == NULL)
		return NULL;
	k->version = version;
	k->len = len;
	k->slot = slot_of(key);
	memcpy(k->tag, tag, TILE_TAG);
	memcpy(k->key, key, text);
	k->bytes = (unsigned char *)k->key + text;
	if (len > 0)
		memcpy(k->bytes, bytes, len);
	return k;
}

void
tile_cache_put(struct tile_cache *c, const char *key, int64_t version,
    const unsigned char *bytes, size_t len, char tag[TILE_TAG])
{
	struct kept *k, *old;

	make_tag(bytes, len, tag);
	if (len > c->most / LARGE ||
	    (k = kept_new(key, version, bytes, len, tag)) == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	old = find(c, key);
	if (old != NULL && old->version > version)
		free(k);
	else {
		if (old != NULL)
			drop(c, old);
		add(c, k);
	}
	pthread_mutex_unlock(&c->lock);
}

struct tile_cache_counts
tile_cache_counts(struct tile_cache *c)
{
	struct tile_cache_counts counts;

	pthread_mutex_lock(&c->lock);
	counts = c->counts;
	pthread_mutex_unlock(&c->lock);
	return counts;
}

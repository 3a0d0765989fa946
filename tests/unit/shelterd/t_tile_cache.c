/* SPDX-License-Identifier: MIT */
/*
 * The cache of tiles beside a list of what was put in: what it gives is what
 * was put in last for that data version, it never holds more than it may, and
 * what was used last stays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/map/tile_cache.h"

enum { KEYS = 60, MOST = 16384, STEPS = 20000 };

struct put {
	int64_t version;
	unsigned char bytes[3000];
	size_t len;
	char tag[TILE_TAG];
};
static struct put last_put[2][KEYS]; /* of versions, even and odd */

static const char *
key_of(int k)
{
	static char key[40];

	snprintf(key, sizeof(key), "map 0 1 10/%d/7 where %d", k, k / 7);
	return key;
}

static void
put(struct tile_cache *c, int k, int64_t version)
{
	struct put p = { .version = version, .len = (size_t)rand() % 2000 };

	for (size_t i = 0; i < p.len; i++)
		p.bytes[i] = (unsigned char)(rand() % 3);
	tile_cache_put(c, key_of(k), version, p.bytes, p.len, p.tag);
	last_put[version % 2][k] = p;
}

static bool
check(struct tile_cache *c, int k, int64_t version)
{
	const struct put *last = &last_put[version % 2][k];
	char tag[TILE_TAG];
	unsigned char *bytes;
	size_t len;

	if (!tile_cache_tag(c, key_of(k), version, tag)) {
		assert_null(tile_cache_get(c, key_of(k), version, &len));
		return false;
	}
	bytes = tile_cache_get(c, key_of(k), version, &len);
	assert_non_null(bytes);
	assert_int_equal(last->version, version);
	assert_int_equal(len, last->len);
	assert_memory_equal(bytes, last->bytes, len);
	assert_string_equal(tag, last->tag);
	assert_int_equal(strlen(tag), 34);
	free(bytes);
	return true;
}

static void
test_model(void **state)
{
	struct tile_cache *c = tile_cache_new(MOST);
	int64_t version = 1;
	int found = 0;

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		int k = rand() % KEYS;

		if (rand() % 200 == 0)
			version++;
		switch (rand() % 3) {
		case 0:
			put(c, k, version - rand() % 2);
			assert_true(tile_cache_counts(c).bytes <= MOST);
			break;
		case 1:
			found += check(c, k, version);
			break;
		default:
			check(c, k, version - 1);
		}
	}
	assert_true(found > STEPS / 100);
	tile_cache_free(c);
}

static void
test_used_stays(void **state)
{
	struct tile_cache *c = tile_cache_new(MOST);
	unsigned char bytes[1000] = { 1 };
	char tag[TILE_TAG], other[TILE_TAG];

	(void)state;
	tile_cache_put(c, "first", 1, bytes, sizeof(bytes), tag);
	for (int i = 0; i < 100; i++) {
		tile_cache_put(c, key_of(i), 1, bytes, sizeof(bytes), other);
		assert_string_equal(tag, other);
		assert_true(tile_cache_tag(c, "first", 1, other));
	}
	assert_false(tile_cache_tag(c, key_of(0), 1, other));
	assert_true(tile_cache_tag(c, key_of(99), 1, other));
	assert_true(tile_cache_counts(c).hits == 101);
	assert_true(tile_cache_counts(c).misses == 1);
	/* One that would push all others out is not kept, but has its tag. */
	bytes[0] = 2;
	tile_cache_put(c, "first", 2, bytes, sizeof(bytes), other);
	assert_string_not_equal(tag, other);
	tile_cache_free(c);
}

static void
test_nothing(void **state)
{
	struct tile_cache *c = tile_cache_new(0);
	unsigned char bytes[] = "tile", large[MOST] = { 0 };
	char tag[TILE_TAG], other[TILE_TAG];

	(void)state;
	tile_cache_put(c, "k", 1, bytes, sizeof(bytes), tag);
	assert_false(tile_cache_tag(c, "k", 1, tag));
	tile_cache_put(c, "k", 1, NULL, 0, other);
	assert_string_not_equal(tag, other);
	tile_cache_free(c);
	c = tile_cache_new(MOST);
	tile_cache_put(c, "k", 1, large, sizeof(large), tag);
	assert_false(tile_cache_tag(c, "k", 1, tag));
	tile_cache_free(c);
	tile_cache_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_used_stays),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

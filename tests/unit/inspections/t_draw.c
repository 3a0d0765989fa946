/* SPDX-License-Identifier: MIT */
/*
 * The draw by itself, with a hash that is good enough to tell texts apart;
 * with the daemon's own it is tested in tests/unit/shelterd/t_draw.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "inspections/draw.h"

/* FNV-1a into splitmix64. */
static void
mix(unsigned char out[DRAW_HASH], const void *text, size_t len)
{
	const unsigned char *p = text;
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	for (int i = 0; i < DRAW_HASH; i += 8) {
		uint64_t z = h += 0x9e3779b97f4a7c15u;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		z ^= z >> 31;
		memcpy(out + i, &z, 8);
	}
}

/* As the ticket's text says. */
static void
spy(unsigned char out[DRAW_HASH], const void *text, size_t len)
{
	memset(out, 0, DRAW_HASH);
	memcpy(out, text, len < DRAW_HASH ? len : DRAW_HASH);
}

enum { N = 300, K = 40 };

static void
same_seed_same_draw(void **state)
{
	int64_t ids[N], back[N], a[K], b[K], c[K];
	size_t same = 0;

	(void)state;
	for (int i = 0; i < N; i++)
		ids[i] = back[N - 1 - i] = 1000 + 7 * i;
	assert_true(draw_pick("s", "shelter", ids, N, mix, K, a));
	assert_true(draw_pick("s", "shelter", back, N, mix, K, b));
	assert_memory_equal(a, b, sizeof(a));
	assert_true(draw_pick("t", "shelter", ids, N, mix, K, c));
	for (int i = 0; i < K; i++)
		same += a[i] == c[i];
	assert_true(same < K);
	assert_true(draw_pick("s", "inspector", ids, N, mix, K, c));
	assert_memory_not_equal(a, c, sizeof(a));
	/* Drawing more goes on where drawing fewer ended. */
	assert_true(draw_pick("s", "shelter", ids, N, mix, K / 2, c));
	assert_memory_equal(a, c, K / 2 * sizeof(a[0]));
}

static void
each_once(void **state)
{
	int64_t ids[N], out[N];
	int seen[N];
	char seed[16];

	(void)state;
	for (int i = 0; i < N; i++)
		ids[i] = i;
	for (int round = 0; round < 50; round++) {
		snprintf(seed, sizeof(seed), "%d", round);
		memset(seen, 0, sizeof(seen));
		assert_true(draw_pick(seed, "shelter", ids, N, mix, N, out));
		for (int i = 0; i < N; i++)
			assert_int_equal(seen[out[i]]++, 0);
	}
}

/* Who leaves the list moves nobody else. */
static void
leaving(void **state)
{
	int64_t ids[N], all[K], less[K];
	size_t n = 0, j = 0;

	(void)state;
	for (int i = 0; i < N; i++)
		ids[i] = i;
	assert_true(draw_pick("s", "shelter", ids, N, mix, K, all));
	for (int i = 0; i < N; i++)
		if (i != all[3])
			ids[n++] = i;
	assert_true(draw_pick("s", "shelter", ids, n, mix, K, less));
	for (int i = 0; i < K; i++)
		if (i != 3)
			assert_int_equal(all[i], less[j++]);
}

static void
ticket(void **state)
{
	const int64_t ids[] = { 21, 3, 11 };
	int64_t out[3];

	(void)state;
	assert_true(draw_pick("s", "shelter", ids, 3, spy, 3, out));
	assert_int_equal(out[0], 11); /* "s shelter 11" < "… 21" < "… 3" */
	assert_int_equal(out[1], 21);
	assert_int_equal(out[2], 3);
	assert_true(draw_pick("s", "shelter", ids, 0, spy, 0, out));
}

static void
seeds(void **state)
{
	char longest[DRAW_SEED + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[DRAW_SEED + 1] = '\0';
	assert_false(draw_seed_good(longest));
	longest[DRAW_SEED] = '\0';
	assert_true(draw_seed_good(longest));
	assert_true(draw_seed_good("2026-11-25/1"));
	assert_false(draw_seed_good(""));
	assert_false(draw_seed_good("a b"));
	assert_false(draw_seed_good("种"));
	assert_false(draw_seed_good("a\n"));
}

static void
turns(void **state)
{
	int jobs[4] = { 0 };

	(void)state;
	for (size_t i = 0; i < 10; i++)
		jobs[draw_inspector_of(i, 4)]++;
	for (int i = 0; i < 4; i++)
		assert_in_range(jobs[i], 2, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_draw),
		cmocka_unit_test(each_once),
		cmocka_unit_test(leaving),
		cmocka_unit_test(ticket),
		cmocka_unit_test(seeds),
		cmocka_unit_test(turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * The draw with SHA-256: is it fair, does its event prove it, and does a
 * changed event give itself away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/api/draw_proof.h"
#include "shelterd/store/sha256.h"

enum { N = 50, K = 10, ROUNDS = 5000 };

/* Pearson's sum against an even spread. */
static double
chi_square(const int *seen, size_t n, double expected)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (seen[i] - expected) * (seen[i] - expected) / expected;
	return sum;
}

/*
 * With fixed seeds each of 50 is drawn first, and is among ten of 50, as
 * often as chance says.  0.999 of such draws stay below 85.35 with 49 degrees
 * of freedom; draws without putting back spread less, by the factor
 * (N - K) / (N - 1), so the bound is the stricter for it.
 */
static void
fair(void **state)
{
	int64_t ids[N], out[K];
	int first[N] = { 0 }, among[N] = { 0 };
	char seed[16];

	(void)state;
	for (int i = 0; i < N; i++)
		ids[i] = i;
	for (int round = 0; round < ROUNDS; round++) {
		snprintf(seed, sizeof(seed), "round-%d", round);
		assert_true(draw_pick(seed, "shelter", ids, N, sha256, K, out));
		first[out[0]]++;
		for (int i = 0; i < K; i++)
			among[out[i]]++;
	}
	assert_true(chi_square(first, N, (double)ROUNDS / N) < 85.35);
	assert_true(chi_square(among, N, (double)ROUNDS * K / N) <
		    85.35 * (N - K) / (N - 1));
	/* and not too even to be chance: 0.001 lie below 23.98 */
	assert_true(chi_square(first, N, (double)ROUNDS / N) > 23.98);
}

/* Which pairs are drawn together is chance, too: all 45 pairs of ten. */
static void
fair_pairs(void **state)
{
	int64_t ids[10], out[2];
	int pairs[10][10] = { 0 }, flat[45];
	char seed[16];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		ids[i] = 100 + i;
	for (int round = 0; round < 4500; round++) {
		snprintf(seed, sizeof(seed), "p%d", round);
		assert_true(
		    draw_pick(seed, "inspector", ids, 10, sha256, 2, out));
		pairs[out[0] - 100][out[1] - 100]++;
	}
	for (int i = 0; i < 10; i++)
		for (int j = 0; j < i; j++)
			flat[n++] = pairs[i][j] + pairs[j][i];
	/* 0.999 with 44 degrees of freedom */
	assert_true(chi_square(flat, 45, 100) < 78.75);
}

static struct draw
drawn(const char *seed)
{
	struct draw d = { .k = 5, .m = 2 };

	strcpy(d.seed, seed);
	for (int i = 1; i <= 40; i++)
		assert_true(draw_list_add(&d.shelters, i));
	for (int i = 1; i <= 7; i++)
		assert_true(draw_list_add(&d.inspectors, i));
	assert_true(draw_do(&d));
	return d;
}

static void
proof(void **state)
{
	struct draw d = drawn("abc");
	cJSON *o = cJSON_CreateObject();

	(void)state;
	assert_true(draw_add_json(&d, o));
	assert_null(draw_check_json(o));
	assert_int_equal(draw_by(&d, 0), draw_by(&d, 2));
	assert_int_not_equal(draw_by(&d, 0), draw_by(&d, 1));
	cJSON_Delete(o);
	draw_release(&d);
}

static void
set_text(cJSON *o, const char *name, const char *text)
{
	cJSON_ReplaceItemInObject(o, name, cJSON_CreateString(text));
}

/* Each change of the event alone is noticed. */
static void
forged(void **state)
{
	struct draw d = drawn("abc");

	(void)state;
	for (int i = 0; i < 8; i++) {
		cJSON *o = cJSON_CreateObject(), *pair, *from;

		assert_true(draw_add_json(&d, o));
		pair = cJSON_GetArrayItem(cJSON_GetObjectItem(o, "drawn"), 2);
		from = cJSON_GetObjectItem(o, "from");
		if (i == 0)
			set_text(o, "seed", "abd");
		else if (i == 1)
			cJSON_SetNumberValue(
			    cJSON_GetObjectItem(pair, "shelter"), 41);
		else if (i == 2)
			cJSON_SetNumberValue(
			    cJSON_GetObjectItem(pair, "inspector"), 8);
		else if (i == 3)
			cJSON_DeleteItemFromArray(
			    cJSON_GetObjectItem(from, "shelters"), 39);
		else if (i == 4)
			set_text(o, "list_hash", "00");
		else if (i == 5)
			cJSON_SetNumberValue(
			    cJSON_GetObjectItem(o, "inspectors"), 99);
		else if (i == 6)
			cJSON_DeleteItemFromObject(o, "drawn");
		else
			set_text(o, "seed", "");
		if (!draw_check_json(o))
			fail_msg("forgery %d goes unnoticed", i);
		cJSON_Delete(o);
	}
	assert_non_null(draw_check_json(NULL));
	draw_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fair),
		cmocka_unit_test(fair_pairs),
		cmocka_unit_test(proof),
		cmocka_unit_test(forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

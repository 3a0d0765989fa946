/* SPDX-License-Identifier: MIT */
/*
 * From shares to people, and to the hash that a published number carries: the
 * SHA-256 of
 *
 *	"coverage 2\n" radius|minutes " " %.17g "\n" metres %.17g "\n"
 *	"capacity " 0|1 "\nhidden " 0|1 "\n"
 *	["profile wheelchair\n"] ["minute " of the day "\n"]
 *	"where " text "\ndata " version "\n"
 *
 * and then, for every 4096 homes in order of id, the SHA-256 (32 bytes) of
 * their lines, people as integers:
 *
 *	id " " people " " covered " " placed "\n"
 *
 * What is placed of each home is told by a rule (assign_placed() in
 * drills/assign.h), not by the way a plan was found.
 *
 * So a coverage that follows another hashes only the blocks that changed.
 */
#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/select.h"
#include "shelterd/map/coverage_part.h"

struct remainder {
	double part;
	size_t at;
};

/* The larger part, the earlier of equal ones. */
static inline bool
before(const void *none, const struct remainder *x, const struct remainder *y)
{
	(void)none;
	return x->part > y->part || (x->part == y->part && x->at < y->at);
}

GIS_SELECT(select_largest, struct remainder, const void *, before)

int
coverage_round(const double *exact, size_t n, int64_t *out)
{
	struct remainder *r = malloc((n + 1) * sizeof(*r));
	double sum = 0;
	int64_t floors = 0, missing;
	size_t broken = 0;

	if (r == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		out[i] = (int64_t)floor(exact[i]);
		if (exact[i] > (double)out[i])
			r[broken++] =
			    (struct remainder){ exact[i] - (double)out[i], i };
		sum += exact[i];
		floors += out[i];
	}
	missing = llround(sum) - floors;
	if (missing > (int64_t)broken)
		missing = (int64_t)broken;
	if (missing > 0)
		select_largest(r, (ptrdiff_t)broken, missing - 1, NULL);
	for (int64_t i = 0; i < missing; i++)
		out[r[i].at]++;
	free(r);
	return 0;
}

int
coverage_round_homes(struct coverage *c)
{
	double *exact = calloc(c->nhomes + 1, sizeof(*exact));
	int64_t *whole = malloc((c->nhomes + 1) * sizeof(*whole));
	int r = ASSIGN_NO_MEMORY;

	if (exact == NULL || whole == NULL)
		goto out;
	for (size_t i = 0; i < c->nhomes; i++) {
		exact[i] = c->homes[i].share * (double)c->homes[i].home->people;
		c->totals.exact += exact[i];
	}
	if (coverage_round(exact, c->nhomes, whole) < 0)
		goto out;
	for (size_t i = 0; i < c->nhomes; i++) {
		c->homes[i].covered = whole[i];
		c->totals.covered += whole[i];
	}
	r = 0;
out:
	free(exact);
	free(whole);
	return r;
}

/* A number of people or an id, and what follows it. */
static char *
put(char *p, int64_t v, char end)
{
	char digits[24], *d = digits;

	for (; v > 0 || d == digits; v /= 10)
		*d++ = (char)('0' + v % 10);
	while (d > digits)
		*p++ = *--d;
	*p++ = end;
	return p;
}

static void
digest_block(struct coverage *c, size_t block)
{
	crypto_hash_sha256_state state;
	size_t i = block * COVERAGE_BLOCK, last = i + COVERAGE_BLOCK;
	char line[128], *p;

	crypto_hash_sha256_init(&state);
	for (; i < last && i < c->nhomes; i++) {
		p = put(line, c->homes[i].home->id, ' ');
		p = put(p, c->homes[i].home->people, ' ');
		p = put(p, c->homes[i].covered, ' ');
		p = put(p, c->homes[i].placed, '\n');
		crypto_hash_sha256_update(&state, (unsigned char *)line,
		    (unsigned long long)(p - line));
	}
	crypto_hash_sha256_final(&state, c->digest[block]);
}

static bool
same_block(const struct coverage *a, const struct coverage *b, size_t block)
{
	size_t i = block * COVERAGE_BLOCK, last = i + COVERAGE_BLOCK;

	for (; i < last && i < a->nhomes; i++)
		if (a->homes[i].covered != b->homes[i].covered ||
		    a->homes[i].placed != b->homes[i].placed)
			return false;
	return true;
}

static void
hash_head(const struct coverage *c, const struct coverage_ask *ask,
    crypto_hash_sha256_state *state)
{
	char line[128];
	int n;

#define ADD(...)                                                    \
	do {                                                        \
		n = snprintf(line, sizeof(line), __VA_ARGS__);      \
		crypto_hash_sha256_update(                          \
		    state, (const unsigned char *)line, (size_t)n); \
	} while (0)
	ADD("coverage 2\n%s %.17g\nmetres %.17g\ncapacity %d\nhidden %d\n",
	    ask->limit.by_minutes ? "minutes" : "radius", ask->limit.value,
	    ask->limit.metres, ask->capacity, ask->hidden);
	if (ask->limit.manner.profile != GIS_ON_FOOT)
		ADD("profile wheelchair\n");
	if (ask->limit.manner.minute >= 0)
		ADD("minute %d\n", ask->limit.manner.minute);
	ADD("where ");
	crypto_hash_sha256_update(state, (const unsigned char *)ask->where_text,
	    strlen(ask->where_text));
	ADD("\ndata %" PRId64 "\n", c->totals.data_version);
#undef ADD
}

int
coverage_hash(struct coverage *c, const struct coverage_ask *ask,
    const struct coverage *old)
{
	size_t blocks = (c->nhomes + COVERAGE_BLOCK - 1) / COVERAGE_BLOCK;
	crypto_hash_sha256_state state;
	unsigned char out[crypto_hash_sha256_BYTES];

	c->digest = malloc((blocks + 1) * sizeof(*c->digest));
	if (c->digest == NULL)
		return ASSIGN_NO_MEMORY;
	crypto_hash_sha256_init(&state);
	hash_head(c, ask, &state);
	for (size_t i = 0; i < blocks; i++) {
		if (old != NULL && same_block(c, old, i))
			memcpy(c->digest[i], old->digest[i], COVERAGE_DIGEST);
		else
			digest_block(c, i);
		crypto_hash_sha256_update(
		    &state, c->digest[i], COVERAGE_DIGEST);
	}
	crypto_hash_sha256_final(&state, out);
	sodium_bin2hex(
	    c->totals.hash, sizeof(c->totals.hash), out, sizeof(out));
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * The draw; see draw.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "inspections/draw.h"

struct ticket {
	unsigned char hash[DRAW_HASH];
	int64_t id;
};

bool
draw_seed_good(const char *seed)
{
	size_t n = strnlen(seed, DRAW_SEED + 1);

	for (size_t i = 0; i < n; i++)
		if (seed[i] <= ' ' || seed[i] > '~')
			return false;
	return n >= 1 && n <= DRAW_SEED;
}

static struct ticket
ticket_of(const char *seed, const char *kind, int64_t id, draw_hash *hash)
{
	char text[DRAW_SEED + 64];
	struct ticket t = { .id = id };
	int n = snprintf(text, sizeof(text), "%s %s %" PRId64, seed, kind, id);

	hash(t.hash, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text));
	return t;
}

/* Two equal tickets are not to be expected; the smaller id then goes first. */
static int
compare(const void *a, const void *b)
{
	const struct ticket *x = a, *y = b;
	int order = memcmp(x->hash, y->hash, DRAW_HASH);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

bool
draw_pick(const char *seed, const char *kind, const int64_t *ids, size_t n,
    draw_hash *hash, size_t k, int64_t *out)
{
	struct ticket *tickets = calloc(n + 1, sizeof(*tickets));

	if (!tickets)
		return false;
	for (size_t i = 0; i < n; i++)
		tickets[i] = ticket_of(seed, kind, ids[i], hash);
	qsort(tickets, n, sizeof(*tickets), compare);
	for (size_t i = 0; i < k && i < n; i++)
		out[i] = tickets[i].id;
	free(tickets);
	return true;
}

size_t
draw_inspector_of(size_t i, size_t inspectors)
{
	return i % inspectors;
}

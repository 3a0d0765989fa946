/* SPDX-License-Identifier: MIT */
/*
 * The double random draw (双随机): which shelters are inspected unannounced,
 * and by whom, decided by a seed alone, so that anybody can do it again.
 *
 * Each candidate gets the ticket H("SEED KIND ID") (one blank between, KIND
 * is "shelter" or "inspector", ID in decimal); the smallest tickets, as 32
 * bytes read from the left, are drawn, in that order.  So the order of the
 * list does not matter, and who joins it or leaves it moves nobody else's
 * ticket.  Nobody weighs more than another.  H is an argument: the daemon
 * hands in SHA-256, which every office can repeat with standard tools.
 */
#ifndef INSPECTIONS_DRAW_H
#define INSPECTIONS_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DRAW_HASH = 32, DRAW_SEED = 64 };

typedef void
draw_hash(unsigned char out[DRAW_HASH], const void *text, size_t len);

/* 1 to DRAW_SEED visible ASCII characters, so that it can be read out. */
bool draw_seed_good(const char *seed);

/* Draws k of n different ids into out[k], k <= n; false: memory is out. */
bool draw_pick(const char *seed, const char *kind, const int64_t *ids, size_t n,
    draw_hash *, size_t k, int64_t *out);

/* Who goes to the i-th shelter drawn: the inspectors drawn take turns. */
size_t draw_inspector_of(size_t i, size_t inspectors);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Reads people and prices off an optimal tree of a whole problem (stride 1).
 */
#ifndef DRILLS_ASSIGN_READ_H
#define DRILLS_ASSIGN_READ_H

#include "drills/assign_tree.h"

/* Pick ASSIGN_NONE: people who stay outside. */
typedef void
assign_piece_fn(void *arg, uint32_t home, uint32_t pick, int64_t people);
void assign_read_pieces(const struct assign_tree *, assign_piece_fn *, void *);

/* [shelters]; those without places, which are not in the tree, get the least
 * price at which nobody would want them. */
void assign_read_prices(const struct assign_tree *, int64_t *price);

#endif

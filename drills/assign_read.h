/* SPDX-License-Identifier: MIT */
/*
 * Reads who goes where off a tree, blockers as well as homes.
 */
#ifndef DRILLS_ASSIGN_READ_H
#define DRILLS_ASSIGN_READ_H

#include "drills/assign_tree.h"

/* Pick ASSIGN_NONE: people who stay outside. */
typedef void
assign_piece_fn(void *arg, uint32_t home, uint32_t pick, int64_t people);
void assign_read_pieces(const struct assign_tree *, assign_piece_fn *, void *);

#endif

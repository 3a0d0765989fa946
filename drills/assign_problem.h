/* SPDX-License-Identifier: MIT */
/*
 * What assign.c and assign_state.c both need before and after they solve: the
 * bounds of a problem, the sums of an answer.
 */
#ifndef DRILLS_ASSIGN_PROBLEM_H
#define DRILLS_ASSIGN_PROBLEM_H

#include <stdbool.h>
#include "drills/assign.h"

/* All numbers within the bounds of assign.h, all arcs to shelters it has; the
 * metres of the longest. */
bool assign_problem_good(const struct assign_problem *, int64_t *dearest);

/* A price of one person left over above every chain of moves between shelters
 * of arcs of at most `most` metres: a chain enters each shelter once. */
int64_t assign_problem_left(const struct assign_problem *, int64_t most);

/* Zeroed arrays; release also after ASSIGN_NO_MEMORY. */
int assign_answer_init(const struct assign_problem *, struct assign_answer *);

/* Prices of homes and all sums, from flows, shelters' prices and left_price;
 * 0 or ASSIGN_OVERFLOW. */
int assign_answer_finish(const struct assign_problem *, struct assign_answer *);

#endif

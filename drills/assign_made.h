/* SPDX-License-Identifier: MIT */
/*
 * A problem made out of another one, for the variants of the plan: rows and
 * arcs are added one by one, and each arc remembers the arc it stands for.
 * Knows nothing of why; libc and assign.h only.
 *
 * Invariant: an answer that assign_made_solve() gives back has passed
 * assign_check() on the made problem.
 */
#ifndef DRILLS_ASSIGN_MADE_H
#define DRILLS_ASSIGN_MADE_H

#include "drills/assign.h"

/* Beside enum assign_error: the answer did not pass assign_check(). */
enum { ASSIGN_NOT_PROVED = -5 };

struct assign_made {
	struct assign_problem p;
	int64_t *people, *places, *metres; /* the problem's */
	size_t *first;
	uint32_t *shelter;
	size_t *from; /* [arcs] SIZE_MAX: stands for none */
};

/* Room for so much; no homes yet, `places` of the shelters zeroed.  0 or
 * ASSIGN_NO_MEMORY; release also after failure. */
int assign_made_init(
    struct assign_made *, size_t homes, size_t shelters, size_t arcs);
void assign_made_release(struct assign_made *);

/* The arcs of a home first, then the home. */
void assign_made_arc(
    struct assign_made *, uint32_t shelter, int64_t metres, size_t from);
void assign_made_home(struct assign_made *, int64_t people);

/* As assign_solve_near(), judged; `guess` may be NULL. */
int assign_made_solve(const struct assign_made *, const int64_t *guess,
    struct assign_answer *, assign_progress *, void *arg);

/* Longest arc of a problem, 0: it has none. */
int64_t assign_made_longest(const struct assign_problem *);

/* Arcs that a chain of moves between shelters has at most. */
int64_t assign_made_chain(const struct assign_problem *);

#endif

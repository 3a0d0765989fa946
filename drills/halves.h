/* SPDX-License-Identifier: MIT */
/*
 * Work on many things that do not touch each other, by two threads where that
 * pays.  What comes out must not depend on where the halves meet.
 */
#ifndef DRILLS_HALVES_H
#define DRILLS_HALVES_H

#include <stddef.h>

/* The things from … to-1. */
typedef void halves_fn(void *arg, size_t from, size_t to);

/* All of n things, each once; returns when they are done.  Two threads start if
 * it would take one of them longer than starting another: `ns` in all. */
void halves(size_t n, halves_fn *, void *arg, size_t ns);

#endif

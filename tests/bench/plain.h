/* SPDX-License-Identifier: MIT */
/*
 * What the benches in C share: seeded chance, medians, one JSON object a
 * figure.  bench.h is the same for those in C++.
 */
#ifndef TESTS_BENCH_PLAIN_H
#define TESTS_BENCH_PLAIN_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t seed; /* not 0 */

static inline double
chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static inline double
bell(void)
{
	return sqrt(-2 * log(chance() + 1e-300)) * cos(6.283185307 * chance());
}

/* CLOCK_MONOTONIC, or CLOCK_PROCESS_CPUTIME_ID so that a neighbour on the
 * machine counts for nobody. */
static inline double
seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* The ratio says how many times better we are; `peer` NULL: there is none. */
static inline void
figure(const char *name, size_t size, double value, const char *unit,
    const char *peer, double theirs)
{
	printf("{\"name\":\"%s\",\"size\":%zu,\"value\":%.6g,\"unit\":\"%s\",",
	    name, size, value, unit);
	if (peer == NULL)
		puts("\"peer\":null,\"peer_value\":null,\"ratio\":null}");
	else
		printf("\"peer\":\"%s\",\"peer_value\":%.6g,\"ratio\":%.4g}\n",
		    peer, theirs, theirs / value);
	fflush(stdout);
}

static inline int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static inline double
median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), ascending);
	return v[n / 2];
}

#endif

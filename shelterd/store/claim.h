/* SPDX-License-Identifier: MIT */
/*
 * Claims: what each file of an import last said of a shelter or a home, so
 * that the same file read again is known whatever other files, or people,
 * changed since.  Functions that return int give an enum db_result.
 */
#ifndef SHELTERD_STORE_CLAIM_H
#define SHELTERD_STORE_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

struct db;

enum { CONTENT_HASH = 16 };

struct claim_row {
	int64_t id, noun_id;
	const char *source, *identity;
	const void *content; /* CONTENT_HASH bytes */
	bool latest;	     /* no other file has said anything else since */
};

/* Calls fn with every claim about "shelter" or "home", in order of id; texts
 * live as long as the call.  fn stops the walk with a negative number. */
int claim_each(struct db *, const char *noun,
    int (*fn)(void *, const struct claim_row *), void *arg);
/* A file says something for the first time (id 0), or anew. */
int claim_put(struct db *, const char *noun, const struct claim_row *);
/* Another file changed it: what the others said is of the past. */
int claim_supersede(struct db *, const char *noun, int64_t noun_id);

#endif

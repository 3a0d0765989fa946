/* SPDX-License-Identifier: MIT */
/*
 * Which row of an import is which row of the store.  Pure: keys in, decisions
 * out; knows no SQL and no shelter.
 *
 * What is stored are claims: what a file said of an owner (a shelter, a
 * home).  Rules, in this order, a claim being found by one row at most:
 *	1. equal content, from a file of the same name
 *	2. equal content, the last said of an owner no row has found yet
 *	3. same identity, from a file of the same name: it changed
 *	4. same identity, of an owner no row has found yet: it changed
 *	5. else the row is new
 * All rows pass a rule before any passes the next, so that what is found does
 * not depend on the order of the rows.  An empty identity is nobody's.  So a
 * file read again is known whatever other files said in between, and two
 * files that hold the same row do not fight over it.
 */
#ifndef SHELTERD_IMPORT_MATCH_H
#define SHELTERD_IMPORT_MATCH_H

#include <stddef.h>
#include <stdint.h>
#include "shelterd/store/claim.h"
#include <stdbool.h>

struct match_key {
	const char *identity, *source;
	const unsigned char *content; /* CONTENT_HASH bytes */
	size_t owner;		      /* of a claim: 0 … nowners-1 */
	bool latest;		      /* of a claim: see store/claim.h */
};

enum match_how { MATCH_NEW, MATCH_SAME, MATCH_CHANGED };

struct match {
	enum match_how how;
	size_t claim; /* position, unless new */
};

/* `out` has a place for every row. Without `others` rules 2 and 4 are left
 * out. -1: memory is out. */
struct match_claims {
	const struct match_key *keys;
	size_t n, nowners;
	bool others;
};
int match_rows(const struct match_claims *, const struct match_key *rows,
    size_t nrows, struct match *out);

/* first[i] = position of the first row with a key equal to that of row i (i
 * itself if it is the first).  A NULL key equals nothing. -1: no memory. */
struct match_bytes {
	const void *bytes; /* NULL: none */
	size_t len;
};
int match_first(const struct match_bytes *keys, size_t n, size_t *first);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Which row of an import is which row of the store.  Pure: keys in, decisions
 * out; knows no SQL and no shelter.
 *
 * Rules, in this order, each stored row being found by one row at most:
 *	1. equal content, from a file of the same name
 *	2. equal content
 *	3. same identity, from a file of the same name: it changed
 *	4. same identity: it changed
 *	5. else the row is new
 * All rows pass a rule before any passes the next, so that what is found does
 * not depend on the order of the rows.  An empty identity is nobody's.
 */
#ifndef SHELTERD_IMPORT_MATCH_H
#define SHELTERD_IMPORT_MATCH_H

#include <stddef.h>
#include <stdint.h>
#include "shelterd/store/shelter.h"

struct match_key {
	const char *identity, *source;
	const unsigned char *content; /* CONTENT_HASH bytes; NULL: none */
};

enum match_how { MATCH_NEW, MATCH_SAME, MATCH_CHANGED };

struct match {
	enum match_how how;
	size_t stored; /* position, unless new */
};

/* `out` has a place for every row. -1: memory is out. */
int match_rows(const struct match_key *stored, size_t nstored,
    const struct match_key *rows, size_t nrows, struct match *out);

/* first[i] = position of the first row with a key equal to that of row i (i
 * itself if it is the first).  A NULL key equals nothing. -1: no memory. */
struct match_bytes {
	const void *bytes; /* NULL: none */
	size_t len;
};
int match_first(const struct match_bytes *keys, size_t n, size_t *first);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What import_apply*.c share: the keys of what is stored beside the keys of
 * the pending rows, matched.
 */
#ifndef SHELTERD_IMPORT_APPLY_H
#define SHELTERD_IMPORT_APPLY_H

#include "shelterd/import.h"
#include "shelterd/import_match.h"

struct apply {
	struct import *im;
	struct match_key *stored;
	int64_t *ids;
	size_t nstored, cap;
	struct rowtext text;

	struct import_row **rows; /* pending ones */
	struct match *match;	  /* of rows */
	size_t nrows;
};

/* One stored row; an enum db_result. */
int apply_stored(struct apply *, int64_t id, const char *identity,
    const char *source, const void *content);
/* After all stored ones are told: collects and matches the pending rows. */
int apply_match(struct apply *);
void apply_release(struct apply *);
/* Appends a word to a list "a, b" that ends up in row->field. */
const char *
apply_changed(struct import *, const char *so_far, const char *field);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What import_apply*.c share: the keys of what is stored beside the keys of
 * the pending rows, matched.
 */
#ifndef SHELTERD_IMPORT_APPLY_H
#define SHELTERD_IMPORT_APPLY_H

#include "shelterd/import/import.h"
#include "shelterd/import/import_match.h"

struct apply {
	struct import *im;
	struct match_key *claims;
	int64_t *ids;	 /* of claims */
	int64_t *owners; /* ids of shelters, homes, ways: claims[i].owner */
	size_t nclaims, cap, nowners;
	struct rowtext text;

	struct import_row **rows; /* pending ones */
	struct match *match;	  /* of rows */
	size_t nrows;
};

/* One claim; an enum db_result. */
int apply_claim(void *apply, const struct claim_row *);
/* After all claims are told: collects and matches the pending rows; `others`
 * as in import_match.h. */
int apply_match(struct apply *, bool others);
/* Whom row i found: the id of its owner; 0: it is new. */
int64_t apply_owner(const struct apply *, size_t i);
/* What row i's file says from now on of the owner. */
int apply_say(const struct apply *, struct db *, const char *noun, size_t i,
    int64_t owner);
void apply_release(struct apply *);
/* Appends a word to a list "a, b" that ends up in row->field. */
const char *
apply_changed(struct import *, const char *so_far, const char *field);

#endif

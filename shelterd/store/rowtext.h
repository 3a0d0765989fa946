/* SPDX-License-Identifier: MIT */
/*
 * Texts of the row at hand, kept until the next row: statements give texts
 * that die with their step, rows want several statements' texts at once.
 * Blocks are reused, so reading a whole table allocates almost nothing.
 */
#ifndef SHELTERD_STORE_ROWTEXT_H
#define SHELTERD_STORE_ROWTEXT_H

#include <stdbool.h>
#include <stddef.h>

struct rowtext {
	struct rowtext_block *first, *now;
	size_t bytes; /* handed out since the last clearing */
	bool failed;
};

/* A copy, valid until rowtext_clear(); never NULL ("" when memory is out,
 * which rowtext_failed() tells). */
const char *rowtext_add(struct rowtext *, const char *);
/* Room for that many bytes, aligned for anything; NULL when memory is out. */
void *rowtext_room(struct rowtext *, size_t);
void rowtext_clear(struct rowtext *);
bool rowtext_failed(const struct rowtext *);
void rowtext_release(struct rowtext *);

#endif

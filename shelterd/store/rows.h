/* SPDX-License-Identifier: MIT */
/*
 * Rows inserted together: an eighth of the statements, which cost more than
 * small rows do.
 */
#ifndef SHELTERD_STORE_ROWS_H
#define SHELTERD_STORE_ROWS_H

#include <stddef.h>

enum {
	ROWS = 8,	/* in one statement */
	ROWS_SQL = 1500 /* bytes of one */
};

/* HEAD ($1, $2 …), ($n …) … TAIL with ROWS rows of so many columns. */
void
rows_sql(char to[ROWS_SQL], const char *head, int columns, const char *tail);

#endif

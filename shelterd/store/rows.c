/* SPDX-License-Identifier: MIT */
/* See rows.h. */
#include "shelterd/store/rows.h"

#include <stdlib.h>
#include <stdio.h>

void
rows_sql(char to[ROWS_SQL], const char *head, int columns, const char *tail)
{
	int n = ROWS * columns, len = snprintf(to, ROWS_SQL, "%s ", head);

	for (int i = 0; i < n && len < ROWS_SQL; i++)
		len += snprintf(to + len, ROWS_SQL - (size_t)len, "%s$%d%s",
		    i == 0	       ? "("
		    : i % columns == 0 ? ", ("
				       : ", ",
		    i + 1, i % columns == columns - 1 ? ")" : "");
	if (len < ROWS_SQL)
		len += snprintf(to + len, ROWS_SQL - (size_t)len, " %s", tail);
	if (len >= ROWS_SQL)
		abort(); /* a row of ours that is too wide */
}

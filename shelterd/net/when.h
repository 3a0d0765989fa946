/* SPDX-License-Identifier: MIT */
/* RFC 3339 times at the edge, UTC seconds inside.  Pure. */
#ifndef SHELTERD_WHEN_H
#define SHELTERD_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WHEN_SIZE = 40 };

/* "2026-11-22T10:00:00Z", also with fraction (dropped) and +hh:mm offset;
 * years 1970-9999. */
bool when_parse(const char *, int64_t *seconds);
/* In UTC. */
int when_year(int64_t seconds);
/* Returns buf. */
char *when_print(int64_t seconds, char buf[WHEN_SIZE]);

#endif

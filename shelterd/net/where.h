/* SPDX-License-Identifier: MIT */
/*
 * The where-expression that picks shelters:
 *
 *	any	:= all { "or" all }
 *	all	:= one { "and" one }
 *	one	:= "not" one | "(" any ")" | field op value
 *	op	:= = != < <= > >=
 *	value	:= number | 'text' | true | false
 *
 * Words are read in any case, texts and their order are bytes.  An absent
 * text is ''; a number that is not known makes every comparison false.
 * Immutable once parsed; any thread may ask it.
 */
#ifndef SHELTERD_WHERE_H
#define SHELTERD_WHERE_H

#include <stdbool.h>
#include <stddef.h>
#include "shelterd/snapshot.h"

enum { WHERE_MAX = 4096, WHERE_DEPTH = 64, WHERE_NODES = 512 };

struct where;

struct where_wrong {
	size_t byte; /* from 0, where it stopped making sense */
	char why[120];
};

/* NULL and *wrong on failure. An empty text (or only blanks) picks all. */
struct where *where_parse(const char *text, struct where_wrong *);
void where_free(struct where *);
/* A NULL expression picks all. */
bool where_picks(const struct where *, const struct snap_shelter *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The query string of a request: split, percent-decoded and checked against
 * the parameters of a route row.  Pure; values are UTF-8 without NUL.
 */
#ifndef SHELTERD_QUERY_H
#define SHELTERD_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include "shelterd/net/route.h"

enum { QUERY_MAX = 32, QUERY_WRONG = 64 };

struct query_pair {
	const char *name, *value;
};

struct query {
	struct query_pair pairs[QUERY_MAX];
	size_t n;
	char *text; /* what the pairs point into */
};

/* What was wrong: the parameter as sent (cut) and a sentence. */
struct query_wrong {
	char name[QUERY_WRONG];
	const char *why;
};

/* `s` is what follows the '?', NULL for none. false: *wrong says what;
 * q is released by itself then. */
bool query_parse(
    struct query *q, const char *s, size_t len, struct query_wrong *wrong);
/* Names, types, ranges and presence as `fields` (NULL: none allowed). */
bool query_check(const struct query *, const struct field *fields,
    struct query_wrong *wrong);
/* NULL when absent. */
const char *query_get(const struct query *, const char *name);
void query_release(struct query *);

/* Decodes %XX (and + if `plus`) of n bytes into out (n + 1 bytes), which may
 * be s itself. Length, or -1 for a broken escape, a NUL or no UTF-8. */
long percent_decode(char *out, const char *s, size_t n, bool plus);

/* Whole strings only; finite numbers, decimal integers. */
bool text_number(const char *, double *);
bool text_integer(const char *, int64_t *);
bool text_bool(const char *, bool *);

#endif

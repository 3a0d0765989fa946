/* SPDX-License-Identifier: MIT */
/*
 * JSON from outside: RFC 8259 strictly, bounded in depth, no duplicate keys,
 * no NUL in texts, no number beyond a double.  What passes becomes a tree to be
 * read by cJSON's functions (json_tree.h); cJSON's own reader would let several
 * of these through.  Pure.
 */
#ifndef SHELTERD_JSON_H
#define SHELTERD_JSON_H

#include <stddef.h>
#include <cjson/cJSON.h>

enum { JSON_DEPTH = 64 };

struct json_wrong {
	size_t byte; /* where it stopped being JSON */
	const char *why;
};

/* NULL and *wrong on failure.  The tree is not to be changed, and is
 * json_free()'s, never cJSON_Delete()'s. */
cJSON *json_parse(const char *, size_t len, struct json_wrong *);
void json_free(cJSON *); /* NULL is fine */

#endif

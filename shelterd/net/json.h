/* SPDX-License-Identifier: MIT */
/*
 * JSON from outside: RFC 8259 strictly, bounded in depth, no duplicate keys,
 * no NUL in texts, no number beyond a double.  What passes goes to cJSON,
 * which alone would let several of these through.  Pure.
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

/* NULL and *wrong on failure. */
cJSON *json_parse(const char *, size_t len, struct json_wrong *);

#endif

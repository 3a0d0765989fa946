/* SPDX-License-Identifier: MIT */
/*
 * Does a parsed body fit the fields of its route row?  Pure.
 */
#ifndef SHELTERD_SCHEMA_H
#define SHELTERD_SCHEMA_H

#include <stdbool.h>
#include <cjson/cJSON.h>
#include "shelterd/net/route.h"

enum { SCHEMA_PATH = 160 };

struct schema_wrong {
	char path[SCHEMA_PATH]; /* "findings[2].item" */
	const char *why;
};

/* `fields` NULL: an object without any. false: *wrong says where and why. */
bool schema_check(
    const cJSON *body, const struct field *fields, struct schema_wrong *wrong);
/* Is there a field that must be given? */
bool schema_requires(const struct field *fields);

#endif

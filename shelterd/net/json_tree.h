/* SPDX-License-Identifier: MIT */
/*
 * The tree of a JSON text that the scanner of json.c has passed: nodes as
 * cJSON has them, but all of them and their texts in one block, which is free
 * again by one free() of the root.  cJSON itself takes two allocations for a
 * member.  Such a tree is to be read: nothing of it may be given to
 * cJSON_Delete() or taken out.  Pure.
 */
#ifndef SHELTERD_JSON_TREE_H
#define SHELTERD_JSON_TREE_H

#include <stddef.h>
#include <cjson/cJSON.h>

struct json_size {
	size_t values; /* of all kinds */
	size_t bytes;  /* of texts and keys as they stand, each with a NUL */
};

/* NULL: memory is out. */
cJSON *json_tree(const char *text, size_t len, struct json_size);

/* A number as it stands, shorter than 64 bytes. */
double json_number(const char *text, size_t len);

#endif

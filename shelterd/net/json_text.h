/* SPDX-License-Identifier: MIT */
/* A text as a JSON string, for what is printed without a tree.  Pure. */
#ifndef SHELTERD_JSON_TEXT_H
#define SHELTERD_JSON_TEXT_H

#include <stddef.h>

/* Bytes json_text() may need for a text of n bytes, without a NUL. */
#define JSON_TEXT_ROOM(n) ((n)*6 + 2)

/* Writes the text, quoted and escaped; how many bytes. */
size_t json_text(char *out, const char *text);

#endif

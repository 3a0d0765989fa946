/* SPDX-License-Identifier: MIT */
/*
 * JSON written straight into bytes, for the answers that are too large or too
 * frequent for a tree of objects.  It knows tokens, not grammar: commas and
 * brackets are the caller's.  Running out of memory is remembered and told
 * once, by json_out_take().
 */
#ifndef SHELTERD_JSON_OUT_H
#define SHELTERD_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct json_out {
	char *bytes;
	size_t len, cap;
	size_t first; /* bytes to begin with; 0: 4096 */
	bool failed;
	bool lent; /* bytes are somebody else's */
};

/* To begin with: what malloc() keeps at hand. */
enum { JSON_OUT_SMALL = 480, JSON_OUT_HANDY = 1000 };

/* Begins with room of the caller's, which need not be freed; what does not
 * fit is malloc'd. */
static inline void
json_out_lend(struct json_out *o, char *room, size_t size)
{
	*o = (struct json_out){ .bytes = room, .cap = size, .lent = true };
}
void json_out_release(struct json_out *);
/* len bytes as they are. */
void json_out_bytes(struct json_out *, const char *, size_t len);
/* As it is: brackets, commas, names with their colon, ready JSON.  Inline, as
 * these are mostly constants. */
static inline void
json_out_raw(struct json_out *o, const char *s)
{
	size_t len = strlen(s);

	if (o->cap - o->len <= len) {
		json_out_bytes(o, s, len);
		return;
	}
	memcpy(o->bytes + o->len, s, len);
	o->len += len;
}
void json_out_int(struct json_out *, int64_t);
/* With at most that many decimals (0 … 9); what is not finite becomes null. */
void json_out_num(struct json_out *, double, int decimals);
void json_out_text(struct json_out *, const char *);
/* The bytes where they are, closed by a NUL, good until more is put or they are
 * released; NULL: memory is out. */
const char *json_out_end(struct json_out *);
/* The bytes, malloc'd and closed by a NUL; NULL: memory is out.  Releases. */
char *json_out_take(struct json_out *, size_t *len);

#endif

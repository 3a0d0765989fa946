/* SPDX-License-Identifier: MIT */
/*
 * What has come on a connection and was not used yet: cut into requests, in
 * order, however the bytes were cut into packets.  Pure.  Invariant: the
 * unused bytes are [at, len); a head that was read stands at their begin.
 */
#ifndef SHELTERD_HTTP_INPUT_H
#define SHELTERD_HTTP_INPUT_H

#include "shelterd/net/http_chunk.h"
#include "shelterd/net/http_head.h"

struct http_input {
	size_t cap, at, len;
	bool has_head;
	struct http_head head;
	struct http_chunks chunks;
	char bytes[];
};

/* NULL when memory is out. */
struct http_input *http_input_new(size_t cap);
/* The unused part, for keeping. */
struct http_input *http_input_copy(const struct http_input *);
/* With at least `room` bytes behind len; NULL (and the old one freed) when
 * memory is out. */
struct http_input *http_input_room(struct http_input *, size_t room);
/* Forgets everything. */
void http_input_clear(struct http_input *);

/* HTTP_WHOLE: a request; the message's texts hold until the next call of any
 * function here.  HTTP_MORE with has_head: the same without its body. */
enum http_read http_input_next(
    struct http_input *, struct http_message *, struct http_wrong *);
/* The request that http_input_next() gave has been dealt with. */
void http_input_used(struct http_input *);
/* The head has been dealt with, its body is still to come: of so many bytes
 * that must be passed over, -1 when nobody knows. */
int64_t http_input_leave(struct http_input *);

static inline size_t
http_input_unused(const struct http_input *in)
{
	return in->len - in->at;
}

/* Bytes of body that are announced so far. */
static inline uint64_t
http_input_announced(const struct http_input *in)
{
	if (in->head.chunked)
		return in->chunks.out + in->chunks.left;
	return in->head.length > 0 ? (uint64_t)in->head.length : 0;
}

#endif

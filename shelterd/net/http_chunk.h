/* SPDX-License-Identifier: MIT */
/*
 * A request's body in chunks, decoded where it stands.  Pure.  Extensions and
 * trailers are read over.  Invariant: bytes [0, out) are body, [out, in) are
 * of no use any more, what follows has not been read.
 */
#ifndef SHELTERD_HTTP_CHUNK_H
#define SHELTERD_HTTP_CHUNK_H

#include "shelterd/net/http_head.h"

struct http_chunks {
	int state;
	int digits;	/* of the present size */
	size_t extra;	/* bytes of the present extension, or of trailers */
	size_t in, out; /* see above */
	uint64_t left;	/* of the present chunk */
};

/* Begins with all zero.  Goes on with len bytes since the first chunk's first;
 * HTTP_WHOLE: out bytes of body, the message ends at in. */
enum http_read http_chunks_read(
    struct http_chunks *, char *bytes, size_t len, struct http_wrong *);

#endif

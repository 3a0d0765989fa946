/* SPDX-License-Identifier: MIT */
/*
 * The head of an HTTP/1 request, read strictly from bytes as they come.  Pure:
 * knows no socket, no route.  What two readers of one connection might take
 * for different requests is refused: a line that ends without CR, a folded
 * line, a blank before a colon, Content-Length beside Transfer-Encoding or
 * twice, any transfer coding but "chunked", a missing Host; so is any field
 * twice that is read here and may stand only once.  Invariant: texts are
 * places in the bytes, so the bytes may move; each ends with a NUL.
 */
#ifndef SHELTERD_HTTP_HEAD_H
#define SHELTERD_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "shelterd/net/status.h"

/* Fields somebody asks for; of the others only the form is checked. */
enum http_field {
	HTTP_ACCEPT,
	HTTP_AUTHORIZATION,
	HTTP_CONNECTION,
	HTTP_CONTENT_LENGTH,
	HTTP_CONTENT_TYPE,
	HTTP_COOKIE,
	HTTP_EXPECT,
	HTTP_HOST,
	HTTP_IDEMPOTENCY_KEY,
	HTTP_IF_MATCH,
	HTTP_IF_NONE_MATCH,
	HTTP_LAST_EVENT_ID,
	HTTP_TRANSFER_ENCODING,
	HTTP_X_SHELTER_CLIENT,
	HTTP_FIELDS
};

enum {
	HTTP_HEAD_MAX = 16 * 1024, /* bytes, also of trailers */
	HTTP_LINES_MAX = 100	   /* header fields */
};

enum http_read { HTTP_MORE, HTTP_WHOLE, HTTP_WRONG };

struct http_wrong {
	enum status status;
	const char *why;
};

struct http_text {
	uint32_t at, len;
};

struct http_head {
	struct http_text method, target, fields[HTTP_FIELDS];
	uint32_t present;    /* bit i: fields[i] is there */
	uint32_t line, scan; /* begin of the present line; looked at so far */
	uint32_t len;	     /* with the empty line, once it is whole */
	int lines;
	int minor;	/* HTTP/1.minor, 0 or 1 */
	int64_t length; /* Content-Length, -1: none */
	bool chunked, expects, keep;
	bool says_close, says_keep; /* Connection */
};

/* Before the first byte. */
void http_head_init(struct http_head *);
/* Goes on with len bytes since the head's first.  HTTP_WHOLE: they hold it
 * and all texts are set. */
enum http_read http_head_read(
    struct http_head *, char *bytes, size_t len, struct http_wrong *);

/* A request as the checks see it. */
struct http_message {
	const struct http_head *head;
	const char *bytes; /* of the head */
	const char *method, *target;
	const char *body;
	size_t len;
};

/* NULL when absent. */
const char *http_field(const struct http_message *, enum http_field);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * An answer being made: status, type, bytes, extra headers.  Handlers fill it
 * through the functions of request.h on whatever lane they run; only http.c
 * sends it.  The writer reads it to store answers under an idempotency key
 * and fills it again with reply_bytes() and reply_header() on a replay.
 */
#ifndef SHELTERD_REPLY_H
#define SHELTERD_REPLY_H

#include <stdarg.h>
#include <stddef.h>
#include "shelterd/net/request.h"

enum { REPLY_HEADERS = 12, REPLY_ROOM = 600 };

struct reply_field {
	char *name, *value;
};

struct reply {
	enum status status; /* of the newest reply_*() or req_fail() */
	const char *type;   /* media type, static; NULL: no body */
	char *bytes;	    /* malloc'd, or `room` */
	size_t len;
	struct reply_field headers[REPLY_HEADERS];
	size_t nheaders;
	char *room; /* REPLY_ROOM bytes for short answers; NULL: none */
};

/* Forgets bytes and headers, so that an answer can be made anew. */
void reply_clear(struct reply *);
/* As req_fail(), with the byte offset at which a body is broken. */
enum status
req_fail_byte(struct request *, enum status, size_t byte, const char *why);
/* As req_fail() with a va_list. */
enum status req_vfail(struct request *, enum status, const char *field,
    const char *fmt, va_list) __attribute__((format(printf, 4, 0)));

#endif

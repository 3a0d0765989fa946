/* SPDX-License-Identifier: MIT */
/*
 * The one table of statuses: what a handler may answer, the HTTP number it
 * goes out with and the word that names it in a problem detail (RFC 9457,
 * "type": "/problems/<word>").  Nothing else in the daemon maps errors to
 * HTTP numbers.
 */
#ifndef SHELTERD_STATUS_H
#define SHELTERD_STATUS_H

/*	 name			http	word			title */
#define STATUS_TABLE(X)                                                     \
	X(ST_OK, 200, "ok", "OK")                                           \
	X(ST_CREATED, 201, "created", "Created")                            \
	X(ST_ACCEPTED, 202, "accepted", "Accepted")                         \
	X(ST_NO_CONTENT, 204, "no-content", "No content")                   \
	X(ST_NOT_MODIFIED, 304, "not-modified", "Not modified")             \
	X(ST_BAD_JSON, 400, "bad-json", "Body is not JSON")                 \
	X(ST_BAD_UTF8, 400, "bad-utf8", "Body is not UTF-8")                \
	X(ST_BAD_QUERY, 400, "bad-query", "Bad query parameter")            \
	X(ST_BAD_HEADER, 400, "bad-header", "Bad header")                   \
	X(ST_BAD_REQUEST, 400, "bad-request", "Not an HTTP request")        \
	X(ST_UNAUTHENTICATED, 401, "unauthenticated", "Log in first")       \
	X(ST_FORBIDDEN, 403, "forbidden", "Not allowed")                    \
	X(ST_NOT_FOUND, 404, "not-found", "Not found")                      \
	X(ST_BAD_METHOD, 405, "method-not-allowed", "Wrong method")         \
	X(ST_CONFLICT, 409, "conflict", "Conflict")                         \
	X(ST_STALE, 412, "stale-version", "Stale version")                  \
	X(ST_TOO_LARGE, 413, "too-large", "Too large")                      \
	X(ST_LONG_TARGET, 414, "long-target", "Target too long")            \
	X(ST_BAD_TYPE, 415, "unsupported-media", "Body must be JSON")       \
	X(ST_INVALID, 422, "invalid", "Invalid value")                      \
	X(ST_NEED_VERSION, 428, "precondition-required", "If-Match needed") \
	X(ST_TOO_MANY, 429, "too-many", "Too many requests")                \
	X(ST_LONG_HEAD, 431, "long-head", "Head too long")                  \
	X(ST_INTERNAL, 500, "internal", "Internal error")                   \
	X(ST_NOT_IMPLEMENTED, 501, "not-implemented", "Not implemented")    \
	X(ST_UNAVAILABLE, 503, "unavailable", "Try again later")            \
	X(ST_BAD_VERSION, 505, "bad-version", "HTTP/1.1 is spoken here")

enum status {
#define X(name, http, word, title) name,
	STATUS_TABLE(X)
#undef X
	    ST_COUNT
};

int status_http(enum status);
const char *status_word(enum status);
const char *status_title(enum status);

#endif

/* SPDX-License-Identifier: MIT */
/* What the files of libshelter share; not for its users. */
#ifndef LIBSHELTER_INTERNAL_H
#define LIBSHELTER_INTERNAL_H

#include <curl/curl.h>
#include "clients/libshelter/shelter.h"

enum {
	BODY_MAX = 512 << 20, /* an answer larger than this is refused */
	HEADERS_MAX = 8
};

struct shelter {
	char *url; /* without a slash at the end */
	char *token;
	int retries;
	CURL *curl;
};

/* Sets url, token, timeout-free defaults on c->curl for `path`. */
bool shelter_prepare(struct shelter *, const char *path, struct curl_slist **);

/* Fills status, error and field from a parsed problem in reply->json. */
void shelter_problem(struct shelter_reply *);

/* Sleeps without holding anything. */
void shelter_pause(int milliseconds);

#endif

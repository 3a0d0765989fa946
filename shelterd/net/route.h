/* SPDX-License-Identifier: MIT */
/*
 * The route table's row, and the body schema it points to.  A row says
 * everything the daemon must know before a handler runs: method, path, who
 * may, which query parameters exist, what the body looks like, on which
 * thread the handler runs.  400, 401, 403, 404, 405, 412, 413, 415, 422 and
 * 428 fall out of the row; `shelterd -R` prints it, /openapi.json is made
 * from it, a test walks it.
 *
 * The rows of a noun stand at the end of its api_<noun>.c as a const array
 * `const struct route routes_<noun>[]`, closed by a row without a path;
 * route_table.c lists those arrays.
 */
#ifndef SHELTERD_ROUTE_H
#define SHELTERD_ROUTE_H

#include <stdbool.h>
#include <stdint.h>
#include "shelterd/net/status.h"

struct request;

enum role { /* bits of a role mask */
	ROLE_ADMIN = 1,
	ROLE_COORDINATOR = 2,
	ROLE_INSPECTOR = 4,
	ROLE_UNIT = 8,
	ROLE_VIEWER = 16,
	ROLE_OFFICE = ROLE_ADMIN | ROLE_COORDINATOR,
	ROLE_ANYONE = 31, /* anyone logged in */
	ROLE_PUBLIC = 0	  /* no token needed */
};

enum runs_on {
	ON_LOOP,   /* snapshot only, must not block, < 1 ms */
	ON_READER, /* read-only connection to the store */
	ON_TILES,  /* snapshot only, some milliseconds: parts of the map */
	ON_WRITER, /* inside the writer's transaction, one event */
	ON_WORKER  /* long computation over the snapshot */
};

enum field_type {
	F_STRING,
	F_INTEGER, /* int64 carried exactly up to 2^53 */
	F_NUMBER,
	F_BOOL,
	F_TIME,	  /* RFC 3339 text */
	F_OBJECT, /* `of` = its fields; NULL: any object */
	F_ARRAY,  /* of objects with fields `of`; or of `item` */
	F_ANY
};

/* One field of a body or one query parameter; arrays end with name NULL. */
struct field {
	const char *name;
	enum field_type type;
	bool required;
	bool nullable;
	double min, max;	  /* numbers, when min < max */
	int64_t maxlen;		  /* strings: bytes; arrays: items. 0: 4096 */
	const char *const *oneof; /* closed word list, ends with NULL */
	const struct field *of;	  /* F_OBJECT, F_ARRAY of objects */
	enum field_type item;	  /* F_ARRAY when `of` is NULL */
	const char *help;	  /* one line, English, for openapi */
};

struct route {
	const char *method; /* "GET", "POST", "PATCH", "PUT", "DELETE" */
	const char *path;   /* "/v1/shelters/{id}" */
	unsigned roles;	    /* mask of enum role */
	enum runs_on on;
	bool if_match;	  /* update: If-Match required, else 428 */
	bool twice;	  /* ON_WRITER: changes nothing but the store and its
			   * reply, so it may be rolled back and run again */
	int64_t max_body; /* bytes; 0: the config's max-body */
	const struct field *query;
	const struct field *body; /* NULL: no body accepted */
	enum status (*handle)(struct request *);
	const char *summary; /* one line, for -R and openapi */
};

extern const struct route *const route_arrays[]; /* ends with NULL */

#endif

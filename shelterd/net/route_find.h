/* SPDX-License-Identifier: MIT */
/*
 * Method and path to route row.  Pure: knows rows, no requests.
 */
#ifndef SHELTERD_ROUTE_FIND_H
#define SHELTERD_ROUTE_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include "shelterd/net/route.h"

enum { ROUTE_ARGS = 4 };

struct route_text {
	const char *s;
	size_t len;
};

/* A {name} of the row and what stands there, still percent-encoded. */
struct route_arg {
	struct route_text name, value;
};

struct route_match {
	const struct route *route;
	struct route_arg args[ROUTE_ARGS];
	size_t nargs;
	char allow[64]; /* with ST_BAD_METHOD: "GET, POST" */
};

struct route_set;

/* NULL when memory is out or a path cannot be split. */
struct route_set *route_set_new(const struct route *const *arrays);
void route_set_free(struct route_set *);
/* ST_OK, ST_NOT_FOUND or ST_BAD_METHOD. Texts point into path and row. */
enum status route_find(const struct route_set *, const char *method,
    const char *path, size_t len, struct route_match *);
/* {id}, {a}, {b}, {shelter_id} are numbers; other names are texts. */
bool route_arg_is_id(const struct route_arg *);

#endif

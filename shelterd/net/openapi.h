/* SPDX-License-Identifier: MIT */
/* The route table in words: OpenAPI 3.1 and the listing of -R.  Pure. */
#ifndef SHELTERD_OPENAPI_H
#define SHELTERD_OPENAPI_H

#include <stdio.h>
#include "shelterd/net/route.h"

/* JSON text, malloc'd; NULL when memory is out. */
char *openapi_print(const struct route *const *arrays);
/* One line a route: method, path, roles, lane, summary. */
void routes_print(const struct route *const *arrays, FILE *);

#endif

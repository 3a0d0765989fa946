/* SPDX-License-Identifier: MIT */
/*
 * Enforces a route row on an incoming message, in the order docs/api.md
 * promises: 404, 405, 401/403, query, 415, 413, UTF-8, JSON, schema,
 * If-Match, Idempotency-Key.  Knows no libevent: the message is a struct.
 */
#ifndef SHELTERD_HTTP_CHECK_H
#define SHELTERD_HTTP_CHECK_H

#include <stdint.h>
#include "shelterd/net/http_head.h"
#include "shelterd/net/request.h"

struct route_set;

/* ST_OK, or what is wrong with the problem detail made.  ST_NOT_FOUND with
 * req->route NULL: no row has this path. */
enum status http_check(struct request *, const struct http_message *,
    const struct route_set *, int64_t max_body);

/* As far as the head tells, before the body has come: path, caller, query,
 * type and announced length.  *most: the general bound of a body, becomes
 * that of the row. */
enum status http_check_head(struct request *, const struct http_message *,
    const struct route_set *, int64_t *most);

#endif

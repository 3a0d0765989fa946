/* SPDX-License-Identifier: MIT */
/*
 * HTTP: takes requests, has their rows enforced, hands them to their lanes
 * and sends what comes back.  Nothing else in the daemon sends an answer.
 * Loop thread only.
 */
#ifndef SHELTERD_HTTP_H
#define SHELTERD_HTTP_H

#include <stddef.h>
#include "shelterd/net/request.h"

struct daemon;
struct http;
struct http_conn;

struct http *http_new(struct daemon *, char *err, size_t errsize);
/* "http://127.0.0.1:8080", with the real port. */
const char *http_url(const struct http *);
/* Takes no new connections; those that live close after their answer. */
void http_drain(struct http *);
size_t http_in_flight(const struct http *);
void http_free(struct http *);

/* Answers the request with its reply and frees it. */
void http_finish(struct request *, enum status);

/* http_send.c: sends the reply; its bytes are the connection's from here. */
void http_send(struct request *, enum status);
/* The head of a stream. */
void http_send_stream_head(struct http_conn *);

#endif

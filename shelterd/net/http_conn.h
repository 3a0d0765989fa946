/* SPDX-License-Identifier: MIT */
/*
 * Connections that speak HTTP/1: bytes to requests, answers to bytes.  Knows
 * no route.  A connection works on one request at a time and takes the next
 * only when the last answer has left, so answers keep the order of requests
 * and a client that does not read is not worked for.  Whoever was given a
 * request owes it one http_conn_send(), and whoever made a stream of it one
 * http_conn_end(); until then the struct lives, though its client may have
 * gone.  Loop thread only.
 */
#ifndef SHELTERD_HTTP_CONN_H
#define SHELTERD_HTTP_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include "shelterd/net/http_head.h"

struct event_base;
struct sockaddr;
struct http_conn;
struct http_conns;

struct http_conn_ops {
	/* A whole request.  The message holds during the call. */
	void (*request)(
	    void *, struct http_conn *, const struct http_message *);
	/* One whose body has not come: how large it may be, or -1 when it was
	 * answered without. */
	int64_t (*head)(
	    void *, struct http_conn *, const struct http_message *);
	/* What came is no request; to be answered as one is. */
	void (*wrong)(void *, struct http_conn *, const struct http_wrong *);
	void *arg;
};

/* The timeout in seconds: for a head to come whole, and of silence
 * elsewhere. */
struct http_conns *http_conns_new(
    struct event_base *, const struct http_conn_ops *, int64_t timeout);
/* Closes all of them; nothing may be owed. */
void http_conns_free(struct http_conns *);
/* Takes the socket, which must not block; false (and closed): no memory, or
 * far too many. `most`: one above that is over the limit. */
bool http_conns_add(
    struct http_conns *, int fd, const struct sockaddr *, int64_t most);
/* Connections whose last answer has not left. */
size_t http_conns_unsent(const struct http_conns *);

/* It was one too many when it came. */
bool http_conn_over_limit(const struct http_conn *);
const char *http_conn_peer(const struct http_conn *); /* address, no port */
bool http_conn_is_1_0(const struct http_conn *);
/* Will it be kept after the answer?  Not after http_conn_close(). */
bool http_conn_keeps(const struct http_conn *);
/* The present answer shall be the last. */
void http_conn_close(struct http_conn *);
/* The answer; takes the body, which is malloc'd or NULL. */
void http_conn_send(struct http_conn *, const char *head, size_t head_len,
    char *body, size_t len);

/* Instead of an answer: a stream, whose client is not listened to.  `left` is
 * called when it has gone, `flushed` when what did not leave at once has. */
struct http_stream_ops {
	void (*left)(void *);
	void (*flushed)(void *);
};
void
http_conn_stream(struct http_conn *, const struct http_stream_ops *, void *arg);
/* Sends, or queues what the socket does not take. */
void http_conn_writev(struct http_conn *, struct iovec *, int n);
/* Bytes that have not left. */
size_t http_conn_unsent(const struct http_conn *);
/* Bounds what the kernel keeps for the client. */
void http_conn_bound(struct http_conn *, int bytes);
/* Closes when the queue has left, or after so many seconds. */
void http_conn_end(struct http_conn *, int seconds);

#endif

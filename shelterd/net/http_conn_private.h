/* SPDX-License-Identifier: MIT */
/*
 * What http_conn.c (requests), http_conn_write.c (bytes out) and http_conns.c
 * (all connections) share.
 */
#ifndef SHELTERD_HTTP_CONN_PRIVATE_H
#define SHELTERD_HTTP_CONN_PRIVATE_H

#include <arpa/inet.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include "shelterd/net/http_conn.h"
#include "shelterd/net/http_input.h"

struct evbuffer;

enum {
	HTTP_JOINED = 32 * 1024, /* head and body sent as one */
	HTTP_HELD = 256 * 1024,	 /* answers held back in one turn, bytes */
	HTTP_HOLDERS = 32	 /* and connections they are for */
};

enum http_conn_state {
	CONN_READING,
	CONN_BUSY, /* a request is under way */
	CONN_STREAM,
	CONN_CLOSING, /* when the last bytes have left */
	CONN_LINGERS, /* said all; waits for the client to close */
	CONN_GONE     /* closed */
};

struct http_conn {
	struct http_conn *next, **prev;
	struct http_conns *all;
	struct event event;
	struct http_input *in; /* not used yet; NULL: nothing */
	struct evbuffer *out;  /* not sent yet; NULL: nothing */
	const struct http_stream_ops *stream;
	void *stream_arg;
	enum http_conn_state state;
	int64_t seen;	  /* tick of the newest sign of life */
	int64_t patience; /* ticks without one */
	int64_t pass;	  /* bytes of a refused body still to come */
	int64_t body_max; /* of the present request; -1: not asked yet */
	size_t heard;	  /* from the client of a stream */
	int kernel_has;	  /* bytes not acknowledged, when last asked */
	bool keep, one_0, over;
	bool owed;   /* gone, but an answer or an end is to come */
	bool inside; /* its event is being dealt with */
	bool again;  /* its event shall run on the next turn */
	bool held;   /* answers of this turn are held back */
	bool rest;   /* the client may be sending what nobody reads */
	bool eof, broken;
	char peer[INET6_ADDRSTRLEN];
};

/* Answers that wait for the end of the turn, back to back. */
struct http_held {
	struct {
		struct http_conn *conn; /* NULL: it has gone */
		size_t at, len;
	} of[HTTP_HOLDERS];
	size_t n, used;
	char bytes[HTTP_HELD];
};

struct http_conns {
	struct event_base *base;
	struct http_conn_ops ops;
	struct http_conn *first, *streams;
	size_t n;
	int64_t timeout;
	int64_t ticks; /* seconds */
	struct event *tick;
	struct http_input *shared; /* what is being read */
	struct event *let_go;	   /* at the end of a turn */
	struct http_held held;
};

/* http_conn.c */
void http_conn_event(evutil_socket_t, short, void *conn);
void http_conn_shut(struct http_conn *); /* closes, and frees if it may */
void http_conn_again(struct http_conn *);
void http_conn_wait(struct http_conn *);
void http_conn_sent(struct http_conn *); /* what was held back */

/* http_conn_write.c */
void http_conn_answer(struct http_conn *, const char *head, size_t head_len,
    char *take, size_t len);
void http_conn_flush(struct http_conn *);
/* Forgets what has not been sent. */
void http_conn_drop_out(struct http_conn *);
void http_conns_let_go(evutil_socket_t, short, void *conns);

/* http_conns.c */
void http_conn_link(struct http_conn *, struct http_conn **list);
void http_conn_unlink(struct http_conn *);

#endif

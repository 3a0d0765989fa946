/* SPDX-License-Identifier: MIT */
/*
 * The daemon's own part of a request: where it came from and how it travels.
 * A request has one owner at a time: the loop, then the lane or the writer it
 * was handed to, then the loop again, which answers and frees it; so it needs
 * neither a lock nor a count.  A client that leaves meanwhile changes nothing:
 * its connection waits for the answer all the same.
 */
#ifndef SHELTERD_REQUEST_PRIVATE_H
#define SHELTERD_REQUEST_PRIVATE_H

#include "shelterd/lane.h"
#include "shelterd/net/query.h"
#include "shelterd/net/reply.h"
#include "shelterd/net/request.h"
#include "shelterd/net/route_find.h"
#include "shelterd/writer.h"

struct http_conn;
struct job;

struct request_arg {
	struct route_text name;
	char *text; /* req_room() */
	int64_t id; /* -1: a text */
};

struct request_private {
	struct http_conn *conn; /* NULL: no client waits for an answer */
	const char *method;	/* NULL: none was understood */
	struct query query;
	struct request_arg args[ROUTE_ARGS];
	size_t nargs;
	char *idempotency_key; /* req_room() */
	char *if_none_match;   /* the same; of a GET or HEAD, NULL: none */
	bool head;	       /* HEAD: headers only */
	bool keyed;	       /* its key is noted in http_replay.c */
	bool parked;	 /* the handler keeps it and calls http_finish() */
	int64_t started; /* monotonic microseconds */
	enum status status;
	struct lane_work work;
	struct loop_post post;
	struct writer_task task;
	/* On the loop, after the commit of `task`. */
	void (*written)(struct request *);
	void *written_arg;
	struct job *job; /* waits for the answer to be sent, then starts */
	struct request *next_waiter; /* parked at the same job */
	size_t used;		     /* of `room` */
	struct request_more *more;   /* what did not fit */
	char *room;		     /* REQUEST_ROOM bytes */
};

enum { REQUEST_ROOM = 400 };

/* With a reference to the newest snapshot and the time; NULL: no memory. */
struct request *request_new(struct daemon *);
/* Not after the loop ended with jobs waiting; NULL is fine. */
void request_free(struct request *);
/* n bytes that live as long as the request; NULL: no memory. */
char *req_room(struct request *, size_t n);
/* A text copied there. */
char *req_keep_text(struct request *, const char *);
/* The system itself: id 0, "system", admin. */
void request_as_system(struct request *);
int64_t monotonic_us(void);

#endif

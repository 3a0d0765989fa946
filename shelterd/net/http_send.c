/* SPDX-License-Identifier: MIT */
/* Sending: the only place that turns a reply into HTTP. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include "shelterd/net/http.h"
#include "shelterd/net/request_private.h"

static void
free_bytes(const void *bytes, size_t len, void *arg)
{
	(void)len;
	(void)arg;
	free((void *)bytes);
}

void
http_common_headers(struct evhttp_request *ev)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(ev);

	evhttp_add_header(out, "X-Content-Type-Options", "nosniff");
	if (evhttp_find_header(out, "Cache-Control") == NULL)
		evhttp_add_header(out, "Cache-Control", "no-store");
}

static void
add_headers(struct request *req, enum status st, bool closing)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(req->p->ev);
	struct reply *reply = req->reply;
	char length[24];

	if (reply->type != NULL)
		evhttp_add_header(out, "Content-Type", reply->type);
	for (size_t i = 0; i < reply->nheaders; i++)
		evhttp_add_header(
		    out, reply->headers[i].name, reply->headers[i].value);
	http_common_headers(req->p->ev);
	if ((st == ST_UNAVAILABLE || st == ST_TOO_MANY) &&
	    evhttp_find_header(out, "Retry-After") == NULL)
		evhttp_add_header(out, "Retry-After", "1");
	if (closing)
		evhttp_add_header(out, "Connection", "close");
	if (req->p->head) {
		snprintf(length, sizeof(length), "%zu", reply->len);
		evhttp_add_header(out, "Content-Length", length);
	}
}

void
http_send(struct request *req, enum status st, bool closing)
{
	struct reply *reply = req->reply;
	struct evbuffer *body = NULL;
	int code = status_http(st);

	add_headers(req, st, closing);
	if (reply->len > 0 && !req->p->head &&
	    (body = evbuffer_new()) != NULL &&
	    evbuffer_add_reference(
		body, reply->bytes, reply->len, free_bytes, NULL) == 0)
		reply->bytes = NULL;
	evhttp_send_reply(req->p->ev, code, NULL, body);
	req->p->ev = NULL;
	if (body != NULL)
		evbuffer_free(body);
}

/* SPDX-License-Identifier: MIT */
/* Requests out of bytes; see http_input.h. */
#include "shelterd/net/http_input.h"
#include <stdlib.h>
#include <string.h>

struct http_input *
http_input_new(size_t cap)
{
	struct http_input *in = malloc(sizeof(*in) + cap);

	if (in == NULL)
		return NULL;
	in->cap = cap;
	http_input_clear(in);
	return in;
}

static void
begin_message(struct http_input *in)
{
	in->has_head = false;
	http_head_init(&in->head);
	in->chunks = (struct http_chunks){ 0 };
}

void
http_input_clear(struct http_input *in)
{
	in->at = in->len = 0;
	begin_message(in);
}

struct http_input *
http_input_copy(const struct http_input *from)
{
	size_t n = http_input_unused(from), cap = 1024;
	struct http_input *in;

	while (cap < n)
		cap *= 2;
	in = http_input_new(cap);
	if (in == NULL)
		return NULL;
	in->has_head = from->has_head;
	in->head = from->head;
	in->chunks = from->chunks;
	in->len = n;
	memcpy(in->bytes, from->bytes + from->at, n);
	return in;
}

/* Closes up the bytes that are of no use any more. */
static void
close_up(struct http_input *in)
{
	struct http_chunks *c = &in->chunks;
	char *body;

	memmove(in->bytes, in->bytes + in->at, http_input_unused(in));
	in->len -= in->at;
	in->at = 0;
	if (c->in == c->out)
		return;
	body = in->bytes + in->head.len;
	memmove(body + c->out, body + c->in, in->len - in->head.len - c->in);
	in->len -= c->in - c->out;
	c->in = c->out;
}

struct http_input *
http_input_room(struct http_input *in, size_t room)
{
	struct http_input *grown;
	size_t cap = in->cap;

	if (in->cap - in->len >= room)
		return in;
	close_up(in);
	while (cap - in->len < room)
		cap *= 2;
	if (cap == in->cap)
		return in;
	grown = realloc(in, sizeof(*in) + cap);
	if (grown == NULL)
		free(in);
	else
		grown->cap = cap;
	return grown;
}

static void
show_head(struct http_input *in, struct http_message *msg)
{
	char *bytes = in->bytes + in->at;

	*msg = (struct http_message){
		.head = &in->head,
		.bytes = bytes,
		.method = bytes + in->head.method.at,
		.target = bytes + in->head.target.at,
		.body = bytes + in->head.len,
	};
}

static enum http_read
read_body(
    struct http_input *in, struct http_message *msg, struct http_wrong *wrong)
{
	size_t have = http_input_unused(in) - in->head.len;
	enum http_read read;

	if (!in->head.chunked) {
		if (have < http_input_announced(in))
			return HTTP_MORE;
		msg->len = (size_t)http_input_announced(in);
		return HTTP_WHOLE;
	}
	read = http_chunks_read(
	    &in->chunks, in->bytes + in->at + in->head.len, have, wrong);
	if (read == HTTP_WHOLE)
		msg->len = in->chunks.out;
	return read;
}

enum http_read
http_input_next(
    struct http_input *in, struct http_message *msg, struct http_wrong *wrong)
{
	enum http_read read;

	if (!in->has_head) {
		read = http_head_read(&in->head, in->bytes + in->at,
		    http_input_unused(in), wrong);
		if (read != HTTP_WHOLE)
			return read;
		in->has_head = true;
	}
	show_head(in, msg);
	return read_body(in, msg, wrong);
}

void
http_input_used(struct http_input *in)
{
	in->at += in->head.len;
	in->at +=
	    in->head.chunked ? in->chunks.in : (size_t)http_input_announced(in);
	begin_message(in);
}

int64_t
http_input_leave(struct http_input *in)
{
	int64_t left = -1;
	size_t have = http_input_unused(in) - in->head.len;

	if (!in->head.chunked)
		left = (int64_t)(http_input_announced(in) - have);
	in->at = in->len;
	begin_message(in);
	return left;
}

/* SPDX-License-Identifier: MIT */
/*
 * Bytes out: at once if the socket takes them, else queued.  Answers made
 * while requests are being read are held back till the end of the loop's turn
 * and then sent one after the other: each send may wake a client, and clients
 * woken one by one between requests cost both sides a change of tasks each.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <event2/buffer.h>
#include "shelterd/net/http_conn_private.h"

static void
broken(struct http_conn *c)
{
	c->broken = true;
	http_conn_again(c);
}

/* Bytes the socket took, -1 when it is broken. */
static ssize_t
send_some(struct http_conn *c, struct iovec *v, int n)
{
	struct msghdr m = { .msg_iov = v, .msg_iovlen = (size_t)n };
	int fd = event_get_fd(&c->event);
	ssize_t sent;

	do
		sent = n > 1 ? sendmsg(fd, &m, MSG_NOSIGNAL)
			     : send(fd, v->iov_base, v->iov_len, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return sent;
	if (errno == EAGAIN)
		return 0;
	broken(c);
	return -1;
}

static bool
queue(struct http_conn *c, const char *bytes, size_t len)
{
	if (c->out == NULL)
		c->out = evbuffer_new();
	if (c->out != NULL && evbuffer_add(c->out, bytes, len) == 0)
		return true;
	broken(c);
	return false;
}

static void
forget_held(struct http_conn *c)
{
	struct http_held *held = &c->all->held;

	for (size_t i = 0; i < held->n; i++)
		if (held->of[i].conn == c)
			held->of[i].conn = NULL;
	c->held = false;
}

void
http_conn_drop_out(struct http_conn *c)
{
	if (c->held)
		forget_held(c);
	if (c->out != NULL)
		evbuffer_free(c->out);
	c->out = NULL;
}

void
http_conn_writev(struct http_conn *c, struct iovec *v, int n)
{
	size_t sent, skip;
	ssize_t got;

	if (c->held)
		http_conns_let_go(-1, 0, c->all);
	if (c->state == CONN_GONE || c->broken)
		return;
	got = c->out != NULL ? 0 : send_some(c, v, n);
	if (got < 0)
		return;
	sent = (size_t)got;
	for (int i = 0; i < n; i++) {
		skip = sent < v[i].iov_len ? sent : v[i].iov_len;
		sent -= skip;
		if (skip < v[i].iov_len &&
		    !queue(
			c, (char *)v[i].iov_base + skip, v[i].iov_len - skip))
			return;
	}
	http_conn_wait(c);
}

static void
free_body(const void *bytes, size_t len, void *body)
{
	(void)bytes;
	(void)len;
	free(body);
}

/* The rest of a large body is kept as it is, not copied. */
static void
answer_large(struct http_conn *c, const char *head, size_t head_len, char *take,
    size_t len)
{
	struct iovec v[2] = { { (char *)head, head_len }, { take, len } };
	ssize_t got = c->out != NULL ? 0 : send_some(c, v, 2);
	size_t sent = got > 0 ? (size_t)got : 0;
	size_t skip = sent < head_len ? 0 : sent - head_len;

	if (got < 0 || sent == head_len + len ||
	    !queue(c, head, sent < head_len ? head_len - sent : 0)) {
		free(take);
		return;
	}
	if (evbuffer_add_reference(
		c->out, take + skip, len - skip, free_body, take) != 0) {
		free(take);
		broken(c);
	}
}

void
http_conns_let_go(evutil_socket_t fd, short what, void *arg)
{
	struct http_conns *all = arg;
	struct http_held *held = &all->held;
	struct http_conn *c;
	struct iovec v;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < held->n; i++) {
		c = held->of[i].conn;
		if (c == NULL)
			continue;
		c->held = false;
		v = (struct iovec){ held->bytes + held->of[i].at,
			held->of[i].len };
		http_conn_writev(c, &v, 1);
		http_conn_sent(c);
	}
	held->n = held->used = 0;
}

/* Was the newest answer that is held back one for this connection? */
static bool
held_last(const struct http_conn *c)
{
	const struct http_held *held = &c->all->held;

	return held->n > 0 && held->of[held->n - 1].conn == c;
}

/* Answers of one connection lie one behind the other. */
static void
hold(struct http_conn *c, const char *bytes, size_t len)
{
	struct http_held *held = &c->all->held;

	if (!held_last(c)) {
		held->of[held->n].conn = c;
		held->of[held->n].at = held->used;
		held->of[held->n++].len = 0;
		c->held = true;
	}
	if (len > 0)
		memcpy(held->bytes + held->used, bytes, len);
	held->of[held->n - 1].len += len;
	held->used += len;
}

/* Is there room for one more, behind what is held back for it already? */
static bool
may_hold(const struct http_conn *c, size_t len)
{
	const struct http_held *held = &c->all->held;

	if (HTTP_HELD - held->used < len)
		return false;
	return held_last(c) || (held->n < HTTP_HOLDERS && !c->held);
}

static void
hold_answer(struct http_conn *c, const char *head, size_t head_len,
    const char *body, size_t len)
{
	struct http_conns *all = c->all;

	if (!may_hold(c, head_len + len))
		http_conns_let_go(-1, 0, all);
	if (c->inside && all->held.n == 0)
		event_active(all->let_go, EV_TIMEOUT, 0);
	hold(c, head, head_len);
	hold(c, body, len);
	if (!c->inside)
		http_conns_let_go(-1, 0, all);
}

void
http_conn_answer(struct http_conn *c, const char *head, size_t head_len,
    char *take, size_t len)
{
	if (c->broken) {
		free(take);
		http_conn_sent(c);
	} else if (head_len + len > HTTP_JOINED || c->out != NULL) {
		if (c->held)
			http_conns_let_go(-1, 0, c->all);
		answer_large(c, head, head_len, take, len);
		http_conn_sent(c);
	} else {
		hold_answer(c, head, head_len, take, len);
		free(take);
	}
}

void
http_conn_flush(struct http_conn *c)
{
	int n = evbuffer_write(c->out, event_get_fd(&c->event));

	if (n > 0)
		c->seen = c->all->ticks;
	c->broken |= n < 0 && errno != EAGAIN && errno != EINTR;
	if (c->broken || evbuffer_get_length(c->out) > 0)
		return;
	http_conn_drop_out(c);
	if (c->state == CONN_STREAM)
		c->stream->flushed(c->stream_arg);
	else if (c->state == CONN_READING)
		http_conn_again(c);
}

size_t
http_conn_unsent(const struct http_conn *c)
{
	return c->out != NULL ? evbuffer_get_length(c->out) : 0;
}

void
http_conn_bound(struct http_conn *c, int bytes)
{
	if (c->state != CONN_GONE)
		setsockopt(event_get_fd(&c->event), SOL_SOCKET, SO_SNDBUF,
		    &bytes, sizeof(bytes));
}

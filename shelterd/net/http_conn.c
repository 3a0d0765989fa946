/* SPDX-License-Identifier: MIT */
/*
 * One event a connection.  Bytes are read into one buffer shared by all; only
 * what is left of them (half a request, or what came while a request was
 * under way) is kept by the connection itself.  Answers are written at once;
 * the event waits for room only when the socket took less.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "shelterd/net/http_conn_private.h"

enum {
	ROOM = 4096,	    /* for a read into a buffer of its own */
	AHEAD = 16 * 1024,  /* read while a request is under way */
	PASSED = 64 * 1024, /* a refused body that is read over */
	HEARD = 4096,	    /* taken from the client of a stream */
	TURN = 16,	    /* requests in a row, then others */
	LINGER = 2	    /* s */
};

/* Ending. */

static void
free_conn(struct http_conn *c)
{
	http_conn_unlink(c);
	free(c->in);
	free(c);
}

void
http_conn_shut(struct http_conn *c)
{
	bool stream = c->state == CONN_STREAM;

	c->owed = stream || c->state == CONN_BUSY;
	event_del(&c->event);
	close(event_get_fd(&c->event));
	http_conn_drop_out(c);
	c->all->n--;
	c->state = CONN_GONE;
	if (stream)
		c->stream->left(c->stream_arg); /* ends it, now or later */
	else if (!c->owed && !c->inside)
		free_conn(c);
}

/* What was owed to a client that has gone. */
static void
settle(struct http_conn *c)
{
	c->owed = false;
	if (!c->inside)
		free_conn(c);
}

/* All has been said.  A socket closed over bytes nobody read resets the
 * connection, and the answer may be lost on the way.  false: it is closed. */
static bool
finish_closing(struct http_conn *c)
{
	if (!c->rest || c->eof) {
		http_conn_shut(c);
		return false;
	}
	shutdown(event_get_fd(&c->event), SHUT_WR);
	c->state = CONN_LINGERS;
	c->seen = c->all->ticks;
	c->patience = LINGER;
	return true;
}

/* Waiting. */

/* Nothing waits to be sent. */
static bool
all_sent(const struct http_conn *c)
{
	return c->out == NULL && !c->held;
}

static short
wanted(const struct http_conn *c)
{
	size_t ahead = c->in != NULL ? http_input_unused(c->in) : 0;
	bool full = c->state == CONN_BUSY && ahead >= AHEAD;
	bool deaf = c->state == CONN_CLOSING ||
		    (c->state == CONN_STREAM && c->heard >= HEARD) ||
		    (c->state == CONN_READING && c->out != NULL);
	short what = EV_PERSIST;

	if (!c->eof && !full && !deaf)
		what |= EV_READ;
	if (c->out != NULL)
		what |= EV_WRITE;
	return what;
}

void
http_conn_wait(struct http_conn *c)
{
	struct event *event = &c->event;
	short what = wanted(c);

	if (event_get_events(event) == what)
		return;
	event_del(event);
	event_assign(
	    event, c->all->base, event_get_fd(event), what, http_conn_event, c);
	if (what & (EV_READ | EV_WRITE))
		event_add(event, NULL);
	if (c->again) /* event_del() took that back */
		event_active(event, EV_READ, 0);
}

void
http_conn_again(struct http_conn *c)
{
	c->again = true;
	event_active(&c->event, EV_READ, 0);
}

/* Requests. */

static void
begin_request(struct http_conn *c, const struct http_message *msg)
{
	c->state = CONN_BUSY;
	c->keep = msg->head->keep;
	c->one_0 = msg->head->minor == 0;
}

static void
refuse(struct http_conn *c, const struct http_wrong *wrong)
{
	c->state = CONN_BUSY;
	c->rest = true;
	c->keep = false;
	c->all->ops.wrong(c->all->ops.arg, c, wrong);
}

/* The body may be read; the client may be waiting to hear so. */
static void
go_on(struct http_conn *c, const struct http_message *msg, bool none_came)
{
	static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct iovec v = { text, sizeof(text) - 1 };

	c->state = CONN_READING;
	c->rest = false;
	if (msg->head->expects && none_came)
		http_conn_writev(c, &v, 1);
}

/* Asks what to do with a head whose body is to come.  Refused, a short body
 * is passed over; after any other the connection ends. */
static void
ask(struct http_conn *c, struct http_input *in, const struct http_message *msg)
{
	const struct http_conn_ops *ops = &c->all->ops;
	size_t have = http_input_unused(in) - in->head.len;

	begin_request(c, msg);
	c->rest = true;
	if (in->head.chunked || in->head.expects ||
	    http_input_announced(in) - have > PASSED)
		c->keep = false;
	c->body_max = ops->head(ops->arg, c, msg);
	if (c->body_max >= 0)
		go_on(c, msg, have == 0);
	else
		c->pass = http_input_leave(in);
}

static void
wait_for_body(
    struct http_conn *c, struct http_input *in, const struct http_message *msg)
{
	static const struct http_wrong large = { ST_TOO_LARGE,
		"the body is larger than it may be here" };

	if (c->body_max < 0)
		ask(c, in, msg);
	if (c->body_max >= 0 &&
	    http_input_announced(in) > (uint64_t)c->body_max)
		refuse(c, &large);
}

/* One request; false: none to be had at present. */
static bool
take_request(struct http_conn *c, struct http_input *in)
{
	const struct http_conn_ops *ops = &c->all->ops;
	struct http_message msg;
	struct http_wrong wrong;

	if (http_input_unused(in) == 0)
		return false;
	switch (http_input_next(in, &msg, &wrong)) {
	case HTTP_WHOLE:
		c->body_max = -1;
		begin_request(c, &msg);
		ops->request(ops->arg, c, &msg);
		http_input_used(in);
		return true;
	case HTTP_MORE:
		if (in->has_head)
			wait_for_body(c, in, &msg);
		return false;
	default:
		refuse(c, &wrong);
		return false;
	}
}

static void
pass_over(struct http_conn *c, struct http_input *in)
{
	int64_t n = (int64_t)http_input_unused(in);

	if (n > c->pass)
		n = c->pass;
	in->at += (size_t)n;
	c->pass -= n;
	c->rest = c->pass > 0;
}

/* Keeps what is left of the bytes, if somebody will want it. */
static void
keep_rest(struct http_conn *c, struct http_input *in)
{
	bool left = http_input_unused(in) > 0;

	if (c->state == CONN_CLOSING)
		c->rest |= left;
	if (left && (c->state == CONN_READING || c->state == CONN_BUSY)) {
		if (in != c->in)
			c->in = http_input_copy(in);
		c->broken |= c->in == NULL;
	} else {
		free(c->in);
		c->in = NULL;
	}
}

/* Works on what has come, as far as it can. */
static void
process(struct http_conn *c, struct http_input *in)
{
	int turn = 0;

	if (c->pass > 0)
		pass_over(c, in);
	while (c->state == CONN_READING && c->out == NULL && turn < TURN &&
	       take_request(c, in))
		turn++;
	keep_rest(c, in);
	if (turn == TURN && c->in != NULL)
		http_conn_again(c);
}

/* Where the next bytes go; NULL: no memory. */
static struct http_input *
where_to(struct http_conn *c)
{
	if (c->in != NULL)
		return c->in = http_input_room(c->in, ROOM);
	http_input_clear(c->all->shared);
	return c->all->shared;
}

/* false: the connection is of no use any more. */
static bool
receive(struct http_conn *c, struct http_input *in)
{
	ssize_t n = recv(
	    event_get_fd(&c->event), in->bytes + in->len, in->cap - in->len, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	/* A head has its time as a whole, a body must only not be silent. */
	if (http_input_unused(in) == 0 || in->has_head)
		c->seen = c->all->ticks;
	in->len += (size_t)n;
	c->eof |= n == 0;
	return true;
}

static void
read_requests(struct http_conn *c)
{
	struct http_input *in = where_to(c);

	if (in == NULL || !receive(c, in)) {
		c->broken = true;
		return;
	}
	if (c->state == CONN_READING)
		process(c, in);
	else
		keep_rest(c, in);
	/* Half a request will not become a whole one. */
	if (c->eof && c->state == CONN_READING && all_sent(c) && !c->again)
		c->broken = true;
}

/* Reads what nobody wants. */
static void
read_over(struct http_conn *c)
{
	struct http_input *in = c->all->shared;
	ssize_t n = recv(event_get_fd(&c->event), in->bytes, in->cap, 0);

	if (n > 0)
		c->heard += (size_t)n;
	c->broken |= n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void
readable(struct http_conn *c)
{
	if (c->state == CONN_STREAM || c->state == CONN_LINGERS)
		read_over(c);
	else if (c->state == CONN_BUSY ||
		 (c->state == CONN_READING && c->out == NULL))
		read_requests(c);
}

/* Outside its event, an answer has been sent as far as it could be. */
void
http_conn_sent(struct http_conn *c)
{
	if (c->inside)
		return; /* the event goes on with it */
	if (c->state == CONN_CLOSING && all_sent(c) && !c->broken) {
		c->rest |= c->in != NULL;
		if (!finish_closing(c))
			return;
	}
	if (c->in != NULL || c->eof)
		http_conn_again(c);
	http_conn_wait(c);
}

void
http_conn_event(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *c = arg;

	(void)fd;
	c->inside = true;
	c->again = false;
	if (c->out != NULL && what & EV_WRITE)
		http_conn_flush(c);
	if (what & EV_READ && !c->broken)
		readable(c);
	if (c->broken)
		http_conn_shut(c);
	else if (c->state == CONN_CLOSING && all_sent(c))
		finish_closing(c);
	c->inside = false;
	if (c->state != CONN_GONE)
		http_conn_wait(c);
	else if (!c->owed)
		free_conn(c);
}

void
http_conn_send(struct http_conn *c, const char *head, size_t head_len,
    char *body, size_t len)
{
	if (c->state == CONN_GONE) {
		free(body);
		settle(c);
		return;
	}
	if (c->held && !c->inside) /* before it may close */
		http_conns_let_go(-1, 0, c->all);
	c->seen = c->all->ticks;
	c->state = c->keep ? CONN_READING : CONN_CLOSING;
	http_conn_answer(c, head, head_len, body, len);
}

/* Streams. */

void
http_conn_stream(
    struct http_conn *c, const struct http_stream_ops *ops, void *arg)
{
	c->stream = ops;
	c->stream_arg = arg;
	c->state = CONN_STREAM;
	http_conn_unlink(c);
	http_conn_link(c, &c->all->streams);
}

void
http_conn_end(struct http_conn *c, int seconds)
{
	if (c->state == CONN_GONE) {
		settle(c);
		return;
	}
	c->state = CONN_CLOSING;
	c->keep = false;
	c->seen = c->all->ticks;
	c->patience = seconds;
	http_conn_unlink(c);
	http_conn_link(c, &c->all->first);
	if (c->inside)
		return;
	if (all_sent(c) || c->broken)
		http_conn_shut(c);
	else
		http_conn_wait(c);
}

/* What others ask. */

bool
http_conn_over_limit(const struct http_conn *c)
{
	return c->over;
}

const char *
http_conn_peer(const struct http_conn *c)
{
	return c->peer;
}

bool
http_conn_is_1_0(const struct http_conn *c)
{
	return c->one_0;
}

bool
http_conn_keeps(const struct http_conn *c)
{
	return c->keep;
}

void
http_conn_close(struct http_conn *c)
{
	c->keep = false;
}

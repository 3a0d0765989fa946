/* SPDX-License-Identifier: MIT */
/*
 * As little HTTP/1.1 as a test client needs that wants to see every byte and
 * every broken connection: one request at a time on a kept connection,
 * answers with Content-Length, and the lines of an event stream.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WIRE_HEAD = 8192, WIRE_BODY_MAX = 64 << 20 };

struct wire {
	int fd;
	char *buf; /* what came and was not used yet */
	size_t have, cap;
};

struct wire_answer {
	int status; /* 0: the connection broke */
	bool replay;
	char *body; /* in wire.buf until the next request */
	size_t len;
};

static inline void
wire_close(struct wire *w)
{
	if (w->fd > 0)
		close(w->fd);
	free(w->buf);
	*w = (struct wire){ 0 };
}

static inline bool
wire_open(struct wire *w, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	int one = 1;

	*w = (struct wire){ 0 };
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return false;
	setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(w->fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return true;
	wire_close(w);
	return false;
}

/* At a Unix socket. */
static inline bool
wire_open_local(struct wire *w, const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	*w = (struct wire){ 0 };
	if (strlen(path) >= sizeof(a.sun_path))
		return false;
	strcpy(a.sun_path, path);
	w->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (w->fd < 0)
		return false;
	if (connect(w->fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return true;
	wire_close(w);
	return false;
}

/* Reads more; false at the end or when the peer broke off. */
static inline bool
wire_more(struct wire *w)
{
	ssize_t n;

	if (w->cap - w->have < 4096) {
		size_t cap = w->cap ? w->cap * 2 : 16384;
		char *grown = realloc(w->buf, cap);

		if (grown == NULL || cap > WIRE_BODY_MAX)
			return false;
		w->buf = grown;
		w->cap = cap;
	}
	do
		n = read(w->fd, w->buf + w->have, w->cap - w->have - 1);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	w->have += (size_t)n;
	w->buf[w->have] = '\0';
	return true;
}

static inline void
wire_drop(struct wire *w, size_t n)
{
	memmove(w->buf, w->buf + n, w->have - n);
	w->have -= n;
	w->buf[w->have] = '\0';
}

static inline bool
wire_send(struct wire *w, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(w->fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* `extra`: header lines ending in CRLF. */
static inline bool
wire_request(struct wire *w, const char *method, const char *path,
    const char *token, const char *extra, const char *body)
{
	char *text = NULL;
	size_t len = body != NULL ? strlen(body) : 0;
	int n = asprintf(&text,
	    "%s %s HTTP/1.1\r\nHost: localhost\r\n"
	    "Authorization: Bearer %s\r\n%s%s"
	    "Content-Length: %zu\r\n\r\n%s",
	    method, path, token, extra,
	    len > 0 ? "Content-Type: application/json\r\n" : "", len,
	    len > 0 ? body : "");
	bool sent = n > 0 && wire_send(w, text, (size_t)n);

	free(text);
	return sent;
}

/* Waits for a whole head; its length with the empty line, 0: broken. */
static inline size_t
wire_head(struct wire *w)
{
	char *end;

	while (w->have == 0 || (end = strstr(w->buf, "\r\n\r\n")) == NULL)
		if (w->have > WIRE_HEAD || !wire_more(w))
			return 0;
	return (size_t)(end - w->buf) + 4;
}

static inline struct wire_answer
wire_call(struct wire *w, const char *method, const char *path,
    const char *token, const char *extra, const char *body)
{
	struct wire_answer a = { 0 };
	size_t head, len;
	char *field;

	w->have = 0;
	if (!wire_request(w, method, path, token, extra, body))
		return a;
	head = wire_head(w);
	if (head == 0)
		return a;
	w->buf[head - 1] = '\0';
	field = strcasestr(w->buf, "\r\nContent-Length:");
	len = field != NULL ? strtoul(field + 17, NULL, 10) : 0;
	a.replay = strcasestr(w->buf, "\r\nIdempotent-Replay: true") != NULL;
	while (w->have < head + len)
		if (!wire_more(w))
			return (struct wire_answer){ 0 };
	a.status = atoi(w->buf + 9);
	a.body = w->buf + head;
	a.len = len;
	return a;
}

/* The next line of a stream, without its end; NULL: broken. Chunk sizes of
 * the transfer coding are passed over by whoever reads the lines. */
static inline char *
wire_line(struct wire *w, size_t *used)
{
	char *end;

	if (*used > 0)
		wire_drop(w, *used);
	*used = 0;
	while (w->have == 0 || (end = memchr(w->buf, '\n', w->have)) == NULL)
		if (!wire_more(w))
			return NULL;
	*used = (size_t)(end - w->buf) + 1;
	if (end > w->buf && end[-1] == '\r')
		end--;
	*end = '\0';
	return w->buf;
}

#endif

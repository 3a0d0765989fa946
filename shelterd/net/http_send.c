/* SPDX-License-Identifier: MIT */
/*
 * Sending: the only place that turns a reply into HTTP.  Heads are put
 * together from texts that are there already; the date is written once a
 * second.
 */
#include <string.h>
#include <time.h>
#include "shelterd/net/http.h"
#include "shelterd/net/http_conn.h"
#include "shelterd/net/request_private.h"

enum { HEAD_MAX = 8192 };

struct head {
	size_t len;
	char bytes[HEAD_MAX];
};

static void
put(struct head *h, const char *s, size_t n)
{
	if (n > HEAD_MAX - h->len)
		n = HEAD_MAX - h->len;
	memcpy(h->bytes + h->len, s, n);
	h->len += n;
}

static void
put_text(struct head *h, const char *s)
{
	put(h, s, strlen(s));
}

static void
put_number(struct head *h, size_t v)
{
	char text[24], *end = text + sizeof(text), *p = end;

	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	put(h, p, (size_t)(end - p));
}

/* A value that would end the line, or does not fit, is left out. */
static void
put_field(struct head *h, const char *name, const char *value)
{
	/* Room for what every answer carries, and a short body. */
	enum { AROUND = 400 + REPLY_ROOM };
	size_t n = strlen(name), v = strlen(value);

	if (strpbrk(value, "\r\n") != NULL ||
	    n + v + AROUND > HEAD_MAX - h->len)
		return;
	put(h, name, n);
	put(h, ": ", 2);
	put(h, value, v);
	put(h, "\r\n", 2);
}

static void
two_digits(char *to, int v)
{
	to[0] = (char)('0' + v / 10 % 10);
	to[1] = (char)('0' + v % 10);
}

/* RFC 9110's IMF-fixdate; strftime() would ask the locale. */
static void
write_date(char *to, time_t now)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;

	gmtime_r(&now, &tm);
	memcpy(to, "Date: Sun, 01 Jan 1970 00:00:00 GMT\r\n", 37);
	memcpy(to + 6, days + 3 * tm.tm_wday, 3);
	two_digits(to + 11, tm.tm_mday);
	memcpy(to + 14, months + 3 * tm.tm_mon, 3);
	two_digits(to + 18, (tm.tm_year + 1900) / 100);
	two_digits(to + 20, tm.tm_year + 1900);
	two_digits(to + 23, tm.tm_hour);
	two_digits(to + 26, tm.tm_min);
	two_digits(to + 29, tm.tm_sec);
}

static void
put_date(struct head *h)
{
	static char text[40]; /* loop thread only */
	static time_t written;
	time_t now = time(NULL);

	if (now != written) {
		write_date(text, now);
		written = now;
	}
	put(h, text, 37);
}

static void
begin(struct head *h, enum status st)
{
	h->len = 0;
	put_text(h, "HTTP/1.1 ");
	put_number(h, (size_t)status_http(st));
	put_text(h, " ");
	put_text(h, status_title(st));
	put_text(h, "\r\n");
	put_date(h);
	put_text(h, "X-Content-Type-Options: nosniff\r\n");
}

static bool
has_field(const struct reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->nheaders; i++)
		if (strcmp(reply->headers[i].name, name) == 0)
			return true;
	return false;
}

static void
put_reply(struct head *h, const struct reply *reply, enum status st)
{
	if (reply->type != NULL)
		put_field(h, "Content-Type", reply->type);
	for (size_t i = 0; i < reply->nheaders; i++)
		put_field(h, reply->headers[i].name, reply->headers[i].value);
	if (!has_field(reply, "Cache-Control"))
		put_text(h, "Cache-Control: no-store\r\n");
	if ((st == ST_UNAVAILABLE || st == ST_TOO_MANY) &&
	    !has_field(reply, "Retry-After"))
		put_text(h, "Retry-After: 1\r\n");
}

static void
put_connection(struct head *h, const struct http_conn *conn)
{
	if (!http_conn_keeps(conn))
		put_text(h, "Connection: close\r\n");
	else if (http_conn_is_1_0(conn))
		put_text(h, "Connection: keep-alive\r\n");
}

/* Takes a body that is worth it out of the reply; a short one follows its
 * head. */
static char *
take_body(struct head *h, struct reply *reply)
{
	char *body = reply->bytes;

	if (body != NULL && reply->len < REPLY_ROOM) {
		put(h, body, reply->len);
		return NULL;
	}
	reply->bytes = NULL;
	return body;
}

void
http_send(struct request *req, enum status st)
{
	struct http_conn *conn = req->p->conn;
	struct reply *reply = req->reply;
	int code = status_http(st);
	bool none = code == 204 || code == 304;
	struct head h;
	char *body = NULL;

	begin(&h, st);
	put_reply(&h, reply, st);
	put_connection(&h, conn);
	if (!none) {
		put_text(&h, "Content-Length: ");
		put_number(&h, reply->len);
		put_text(&h, "\r\n");
	}
	put_text(&h, "\r\n");
	if (!none && !req->p->head)
		body = take_body(&h, reply);
	req->p->conn = NULL;
	http_conn_send(
	    conn, h.bytes, h.len, body, body != NULL ? reply->len : 0);
}

void
http_send_stream_head(struct http_conn *conn)
{
	struct head h;
	struct iovec v = { h.bytes, 0 };

	begin(&h, ST_OK);
	put_text(&h, "Content-Type: text/event-stream\r\n"
		     "X-Accel-Buffering: no\r\n"
		     "Cache-Control: no-store\r\n"
		     "Connection: close\r\n");
	if (!http_conn_is_1_0(conn))
		put_text(&h, "Transfer-Encoding: chunked\r\n");
	put_text(&h, "\r\n");
	v.iov_len = h.len;
	http_conn_writev(conn, &v, 1);
}

/* SPDX-License-Identifier: MIT */
/*
 * Requests out of bytes: what is taken, what is refused, and that the cuts
 * between packets change nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "shelterd/net/http_input.h"

#define H "Host: x\r\n"

/* Puts the bytes in, `step` at a time, and writes what comes out, a request a
 * line, into `to`.  As the connection does, but for the network. */
static void
play(const char *bytes, size_t len, size_t step, char *to, size_t room)
{
	struct http_input *in = http_input_new(16);
	struct http_message msg;
	struct http_wrong wrong = { ST_OK, "" };
	enum http_read read = HTTP_MORE;
	size_t n;

	to[0] = '\0';
	while (len > 0 && read != HTTP_WRONG) {
		n = step < len ? step : len;
		in = http_input_room(in, n);
		assert_non_null(in);
		memcpy(in->bytes + in->len, bytes, n);
		in->len += n;
		bytes += n;
		len -= n;
		while (
		    http_input_unused(in) > 0 &&
		    (read = http_input_next(in, &msg, &wrong)) == HTTP_WHOLE) {
			n = strlen(to);
			snprintf(to + n, room - n, "%s %s '%.*s'%s\n",
			    msg.method, msg.target, (int)msg.len, msg.body,
			    msg.head->keep ? "" : " close");
			http_input_used(in);
		}
	}
	n = strlen(to);
	if (read == HTTP_WRONG)
		snprintf(to + n, room - n, "%d", status_http(wrong.status));
	else if (http_input_unused(in) > 0)
		snprintf(to + n, room - n, "more");
	free(in);
}

struct row {
	const char *name, *bytes, *wanted;
};

static const struct row rows[] = {
	{ "plain", "GET /a?b=c HTTP/1.1\r\n" H "\r\n", "GET /a?b=c ''\n" },
	{ "1.0 ends", "GET / HTTP/1.0\r\n\r\n", "GET / '' close\n" },
	{ "1.0 kept", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
	    "GET / ''\n" },
	{ "1.1 closes", "GET / HTTP/1.1\r\n" H "connection: x , CLOSE\r\n\r\n",
	    "GET / '' close\n" },
	{ "close beats keep",
	    "GET / HTTP/1.1\r\n" H
	    "Connection: keep-alive\r\nConnection: close\r\n\r\n",
	    "GET / '' close\n" },
	{ "1.9 is 1.1", "GET / HTTP/1.9\r\n" H "\r\n", "GET / ''\n" },
	{ "a body", "POST / HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\n{}",
	    "POST / '{}'\n" },
	{ "two requests",
	    "POST /1 HTTP/1.1\r\n" H "Content-Length: 2\r\n\r\n{}"
	    "GET /2 HTTP/1.1\r\n" H "\r\n",
	    "POST /1 '{}'\nGET /2 ''\n" },
	{ "an empty line before", "\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n",
	    "GET / ''\n" },
	{ "chunks",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: Chunked\r\n\r\n"
	    "1\r\n{\r\n00A;x=\"y\"\r\n\"a\": 12345\r\n1\r\n}\r\n0\r\n"
	    "Trailer: t\r\n\r\nGET /2 HTTP/1.1\r\n" H "\r\n",
	    "POST / '{\"a\": 12345}'\nGET /2 ''\n" },
	{ "chunks like a request",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
	    "12\r\nGET / HTTP/1.1\r\n\r\n\r\n0\r\n\r\n",
	    "POST / 'GET / HTTP/1.1\r\n\r\n'\n" },
	{ "half a head", "GET / HTTP/1.1\r\nHo", "more" },
	{ "half a body", "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\n{}",
	    "more" },
	{ "blanks around a value",
	    "GET / HTTP/1.1\r\nHost:\t x \t\r\nContent-Length:  0 \r\n\r\n",
	    "GET / ''\n" },
	{ "UTF-8 in a target", "GET /\xe4\xb8\xad HTTP/1.1\r\n" H "\r\n",
	    "GET /\xe4\xb8\xad ''\n" },
	{ "a field without a value", "GET / HTTP/1.1\r\n" H "X:\r\n\r\n",
	    "GET / ''\n" },

	/* What could be read in two ways. */
	{ "length and coding",
	    "POST / HTTP/1.1\r\n" H
	    "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
	    "400" },
	{ "coding and length",
	    "POST / HTTP/1.1\r\n" H
	    "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
	    "400" },
	{ "two lengths",
	    "POST / HTTP/1.1\r\n" H
	    "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
	    "400" },
	{ "a list of lengths",
	    "POST / HTTP/1.1\r\n" H "Content-Length: 2, 2\r\n\r\n{}", "400" },
	{ "a signed length",
	    "POST / HTTP/1.1\r\n" H "Content-Length: +2\r\n\r\n{}", "400" },
	{ "no length", "POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n{}",
	    "400" },
	{ "a length of 19 digits",
	    "POST / HTTP/1.1\r\n" H "Content-Length: 1000000000000000000\r\n",
	    "413" },
	{ "another coding",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip\r\n\r\n", "501" },
	{ "two codings",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n",
	    "501" },
	{ "coding twice",
	    "POST / HTTP/1.1\r\n" H
	    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
	    "400" },
	{ "coding in 1.0",
	    "POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n",
	    "400" },
	{ "a folded line", "GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n", "400" },
	{ "a folded first line", "GET / HTTP/1.1\r\n X: a\r\n" H "\r\n",
	    "400" },
	{ "a blank before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
	    "400" },
	{ "a bare LF", "GET / HTTP/1.1\n" H "\r\n", "400" },
	{ "a bare LF in the head", "GET / HTTP/1.1\r\nHost: x\n\r\n", "400" },
	{ "a bare LF at the end", "GET / HTTP/1.1\r\n" H "\n", "400" },
	{ "a bare CR", "GET / HTTP/1.1\r\nX: a\rb\r\n" H "\r\n", "400" },
	{ "a control character", "GET / HTTP/1.1\r\nX: \x01\r\n\r\n", "400" },
	{ "no Host", "GET / HTTP/1.1\r\n\r\n", "400" },
	{ "two Hosts", "GET / HTTP/1.1\r\n" H H "\r\n", "400" },
	{ "two tokens",
	    "GET / HTTP/1.1\r\n" H
	    "Authorization: a\r\nauthorization: b\r\n\r\n",
	    "400" },
	{ "a line of no field", "GET / HTTP/1.1\r\n" H "what\r\n\r\n", "400" },
	{ "a field without a name", "GET / HTTP/1.1\r\n" H ": a\r\n\r\n",
	    "400" },
	{ "two blanks", "GET  / HTTP/1.1\r\n" H "\r\n", "400" },
	{ "no target", "GET HTTP/1.1\r\n" H "\r\n", "400" },
	{ "a blank in the target", "GET /a b HTTP/1.1\r\n" H "\r\n", "400" },
	{ "no version", "GET /\r\n" H "\r\n", "400" },
	{ "a blank behind", "GET / HTTP/1.1 \r\n" H "\r\n", "400" },
	{ "small letters", "GET / http/1.1\r\n" H "\r\n", "400" },
	{ "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505" },
	{ "TLS", "\x16\x03\x01\x02\r\n", "400" },
	{ "a chunk of no size",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n\r\n",
	    "400" },
	{ "a chunk of a signed size",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
	    "400" },
	{ "a chunk of a hexadecimal size",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0x1\r\n",
	    "400" },
	{ "a chunk of 16 digits",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
	    "0000000000000001\r\n",
	    "400" },
	{ "a chunk that is longer",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
	    "1\r\n{}\r\n",
	    "400" },
	{ "a chunk after a bare LF",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n1\n{",
	    "400" },
	{ "a CR in an extension",
	    "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"
	    "1;a\rb\r\n{",
	    "400" },
};

static void
as_wanted_however_cut(void **state)
{
	char got[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		size_t len = strlen(r->bytes);

		for (size_t step = 1; step <= len; step++) {
			play(r->bytes, len, step, got, sizeof(got));
			if (strcmp(got, r->wanted) != 0)
				print_error(
				    "%s, cut every %zu bytes\n", r->name, step);
			assert_string_equal(got, r->wanted);
		}
	}
}

static void
a_nul_is_refused(void **state)
{
	static const char in_value[] = "GET / HTTP/1.1\r\nHost: \0x\r\n\r\n";
	static const char in_target[] = "GET /\0 HTTP/1.1\r\n" H "\r\n";
	char got[100];

	(void)state;
	play(in_value, sizeof(in_value) - 1, 1000, got, sizeof(got));
	assert_string_equal(got, "400");
	play(in_target, sizeof(in_target) - 1, 1000, got, sizeof(got));
	assert_string_equal(got, "400");
}

static void
lengths_are_bounded(void **state)
{
	enum { LONG = HTTP_HEAD_MAX + 1000 };
	char *s = malloc(LONG + 100), got[100];
	int n = sprintf(s, "GET /");

	(void)state;
	memset(s + n, 'a', LONG);
	for (size_t step = 1; step < LONG; step = step * 3 + 1) {
		play(s, LONG, step, got, sizeof(got));
		assert_string_equal(got, "414");
	}
	n = sprintf(s, "GET / HTTP/1.1\r\n" H "X: ");
	memset(s + n, 'a', LONG);
	for (size_t step = 1; step < LONG; step = step * 3 + 1) {
		play(s, LONG, step, got, sizeof(got));
		assert_string_equal(got, "431");
	}
	n = sprintf(s, "GET / HTTP/1.1\r\n" H);
	for (int i = 0; i < HTTP_LINES_MAX; i++)
		n += sprintf(s + n, "A: b\r\n");
	play(s, (size_t)n, 1000, got, sizeof(got));
	assert_string_equal(got, "431");
	free(s);
}

static void
fields_are_found(void **state)
{
	static const char bytes[] =
	    "GET / HTTP/1.1\r\n" H "accept: a/b\r\nACCEPT: c\r\n"
	    "cookie:  k=v; l \r\nExpect: 100-Continue\r\nIf-Match:\r\n\r\n";
	struct http_input *in = http_input_new(sizeof(bytes));
	struct http_message msg;
	struct http_wrong wrong;

	(void)state;
	memcpy(in->bytes, bytes, sizeof(bytes) - 1);
	in->len = sizeof(bytes) - 1;
	assert_int_equal(http_input_next(in, &msg, &wrong), HTTP_WHOLE);
	assert_string_equal(http_field(&msg, HTTP_ACCEPT), "a/b");
	assert_string_equal(http_field(&msg, HTTP_COOKIE), "k=v; l");
	assert_string_equal(http_field(&msg, HTTP_IF_MATCH), "");
	assert_null(http_field(&msg, HTTP_AUTHORIZATION));
	assert_true(msg.head->expects);
	assert_true(msg.head->keep);
	assert_int_equal(msg.head->length, -1);
	free(in);
}

/* A refused body is left: what follows it is the next request. */
static void
a_body_is_left(void **state)
{
	static const char bytes[] =
	    "POST / HTTP/1.1\r\n" H "Content-Length: 10\r\n\r\nabc";
	struct http_input *in = http_input_new(sizeof(bytes));
	struct http_message msg;
	struct http_wrong wrong;

	(void)state;
	memcpy(in->bytes, bytes, sizeof(bytes) - 1);
	in->len = sizeof(bytes) - 1;
	assert_int_equal(http_input_next(in, &msg, &wrong), HTTP_MORE);
	assert_true(in->has_head);
	assert_int_equal(http_input_announced(in), 10);
	assert_int_equal(http_input_leave(in), 7);
	assert_int_equal(http_input_unused(in), 0);
	assert_false(in->has_head);
	free(in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_wanted_however_cut),
		cmocka_unit_test(a_nul_is_refused),
		cmocka_unit_test(lengths_are_bounded),
		cmocka_unit_test(fields_are_found),
		cmocka_unit_test(a_body_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Line by line, each looked at once, when it is whole; see http_head.h. */
#include "shelterd/net/http_head.h"
#include <string.h>
#include <strings.h>

enum { TOKEN = 1, VALUE = 2, TARGET = 4 };

/* RFC 9110 token characters; what a field's value may hold; what a target
 * may, where bytes above 0x7f are let through, as people type them. */
static const unsigned char classes[256] = {
	['\t'] = VALUE,
	[' '] = VALUE,
	['!'] = TOKEN | VALUE | TARGET,
	['"'] = VALUE | TARGET,
	['#' ... '\''] = TOKEN | VALUE | TARGET,
	['('] = VALUE | TARGET,
	[')'] = VALUE | TARGET,
	['*'] = TOKEN | VALUE | TARGET,
	['+'] = TOKEN | VALUE | TARGET,
	[','] = VALUE | TARGET,
	['-'] = TOKEN | VALUE | TARGET,
	['.'] = TOKEN | VALUE | TARGET,
	['/'] = VALUE | TARGET,
	['0' ... '9'] = TOKEN | VALUE | TARGET,
	[':' ... '@'] = VALUE | TARGET,
	['A' ... 'Z'] = TOKEN | VALUE | TARGET,
	['[' ... ']'] = VALUE | TARGET,
	['^' ... 'z'] = TOKEN | VALUE | TARGET,
	['{'] = VALUE | TARGET,
	['|'] = TOKEN | VALUE | TARGET,
	['}'] = VALUE | TARGET,
	['~'] = TOKEN | VALUE | TARGET,
	[0x80 ... 0xff] = VALUE | TARGET,
};

#define FIELD(name) name, sizeof(name) - 1
static const struct known {
	const char *name;
	size_t len;
	bool list; /* may stand on several lines */
} known[HTTP_FIELDS] = {
	[HTTP_ACCEPT] = { FIELD("Accept"), true },
	[HTTP_AUTHORIZATION] = { FIELD("Authorization"), false },
	[HTTP_CONNECTION] = { FIELD("Connection"), true },
	[HTTP_CONTENT_LENGTH] = { FIELD("Content-Length"), false },
	[HTTP_CONTENT_TYPE] = { FIELD("Content-Type"), false },
	[HTTP_COOKIE] = { FIELD("Cookie"), false },
	[HTTP_EXPECT] = { FIELD("Expect"), false },
	[HTTP_HOST] = { FIELD("Host"), false },
	[HTTP_IDEMPOTENCY_KEY] = { FIELD("Idempotency-Key"), false },
	[HTTP_IF_MATCH] = { FIELD("If-Match"), false },
	[HTTP_IF_NONE_MATCH] = { FIELD("If-None-Match"), true },
	[HTTP_LAST_EVENT_ID] = { FIELD("Last-Event-ID"), false },
	[HTTP_TRANSFER_ENCODING] = { FIELD("Transfer-Encoding"), false },
	[HTTP_X_SHELTER_CLIENT] = { FIELD("X-Shelter-Client"), false },
};

static bool
wrong_is(struct http_wrong *wrong, enum status st, const char *why)
{
	*wrong = (struct http_wrong){ st, why };
	return false;
}

/* Bytes of that class at the beginning of s. */
static size_t
span(const char *s, size_t len, unsigned class)
{
	size_t n = 0;

	while (n < len && (classes[(unsigned char)s[n]] & class))
		n++;
	return n;
}

static bool
text_is(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(s, word, len) == 0;
}

/* A text ends before a byte that has been read over: it may be a NUL. */
static struct http_text
ended(char *bytes, size_t at, size_t len)
{
	bytes[at + len] = '\0';
	return (struct http_text){ (uint32_t)at, (uint32_t)len };
}

static bool
take_version(
    struct http_head *h, const char *s, size_t len, struct http_wrong *wrong)
{
	if (len != 8 || memcmp(s, "HTTP/", 5) != 0 || s[6] != '.' ||
	    s[5] < '0' || s[5] > '9' || s[7] < '0' || s[7] > '9')
		return wrong_is(wrong, ST_BAD_REQUEST,
		    "the request line does not end with HTTP/1.1");
	if (s[5] != '1')
		return wrong_is(
		    wrong, ST_BAD_VERSION, "only HTTP/1.0 and 1.1 are spoken");
	h->minor = s[7] == '0' ? 0 : 1;
	return true;
}

static bool
take_request_line(struct http_head *h, char *bytes, size_t at, size_t end,
    struct http_wrong *wrong)
{
	size_t method = span(bytes + at, end - at, TOKEN), target;
	size_t from = at + method + 1;

	if (method == 0 || from >= end || bytes[from - 1] != ' ')
		return wrong_is(wrong, ST_BAD_REQUEST,
		    "the request does not begin with a method and a blank");
	target = span(bytes + from, end - from, TARGET);
	if (target == 0 || from + target >= end || bytes[from + target] != ' ')
		return wrong_is(wrong, ST_BAD_REQUEST,
		    "the request line has no good target");
	if (!take_version(
		h, bytes + from + target + 1, end - from - target - 1, wrong))
		return false;
	h->method = ended(bytes, at, method);
	h->target = ended(bytes, from, target);
	return true;
}

static enum http_field
find_field(const char *name, size_t len)
{
	int i = 0;

	while (
	    i < HTTP_FIELDS &&
	    (known[i].len != len || strncasecmp(name, known[i].name, len) != 0))
		i++;
	return (enum http_field)i;
}

static bool
take_length(
    struct http_head *h, const char *s, size_t len, struct http_wrong *wrong)
{
	enum { DIGITS = 18 }; /* fits into an int64_t */

	h->length = 0;
	for (size_t i = 0; i < len && i < DIGITS; i++) {
		if (s[i] < '0' || s[i] > '9')
			len = 0;
		else
			h->length = h->length * 10 + (s[i] - '0');
	}
	if (len == 0)
		return wrong_is(
		    wrong, ST_BAD_REQUEST, "Content-Length is no number");
	if (len > DIGITS)
		return wrong_is(
		    wrong, ST_TOO_LARGE, "Content-Length is out of bounds");
	return true;
}

static void
take_connection(struct http_head *h, const char *s, size_t len)
{
	const char *end = s + len, *comma;

	for (; s < end; s = comma + 1) {
		size_t n;

		comma = memchr(s, ',', (size_t)(end - s));
		if (comma == NULL)
			comma = end;
		while (s < comma && (*s == ' ' || *s == '\t'))
			s++;
		n = (size_t)(comma - s);
		while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
			n--;
		h->says_close |= text_is(s, n, "close");
		h->says_keep |= text_is(s, n, "keep-alive");
	}
}

static bool
take_coding(
    struct http_head *h, const char *s, size_t len, struct http_wrong *wrong)
{
	if (!text_is(s, len, "chunked"))
		return wrong_is(wrong, ST_NOT_IMPLEMENTED,
		    "no Transfer-Encoding but chunked is understood");
	h->chunked = true;
	return true;
}

/* What a field says about the message itself. */
static bool
heed(struct http_head *h, enum http_field f, const char *s, size_t len,
    struct http_wrong *wrong)
{
	switch (f) {
	case HTTP_CONTENT_LENGTH:
		return take_length(h, s, len, wrong);
	case HTTP_TRANSFER_ENCODING:
		return take_coding(h, s, len, wrong);
	case HTTP_CONNECTION:
		take_connection(h, s, len);
		return true;
	case HTTP_EXPECT:
		h->expects = text_is(s, len, "100-continue");
		return true;
	default:
		return true;
	}
}

static bool
keep_field(struct http_head *h, enum http_field f, char *bytes, size_t at,
    size_t len, struct http_wrong *wrong)
{
	bool again = h->present & 1u << f;

	if (again && !known[f].list)
		return wrong_is(
		    wrong, ST_BAD_REQUEST, "a field stands twice in the head");
	if (!heed(h, f, bytes + at, len, wrong))
		return false;
	if (!again)
		h->fields[f] = ended(bytes, at, len);
	h->present |= 1u << f;
	return true;
}

static bool
take_field(struct http_head *h, char *bytes, size_t at, size_t end,
    struct http_wrong *wrong)
{
	size_t name = span(bytes + at, end - at, TOKEN);
	enum http_field f;

	if (++h->lines > HTTP_LINES_MAX)
		return wrong_is(wrong, ST_LONG_HEAD, "too many fields");
	if (name == 0 || at + name == end || bytes[at + name] != ':')
		return wrong_is(wrong, ST_BAD_REQUEST,
		    "a line of the head is no name, colon and value");
	f = find_field(bytes + at, name);
	at += name + 1;
	if (span(bytes + at, end - at, VALUE) != end - at)
		return wrong_is(
		    wrong, ST_BAD_REQUEST, "a field holds a control character");
	if (f == HTTP_FIELDS)
		return true;
	while (at < end && (bytes[at] == ' ' || bytes[at] == '\t'))
		at++;
	while (end > at && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
		end--;
	return keep_field(h, f, bytes, at, end - at, wrong);
}

/* After the empty line. */
static bool
finish(struct http_head *h, struct http_wrong *wrong)
{
	bool length = h->present & 1u << HTTP_CONTENT_LENGTH;

	if (h->minor == 1 && !(h->present & 1u << HTTP_HOST))
		return wrong_is(wrong, ST_BAD_REQUEST, "Host is missing");
	if (h->chunked && (length || h->minor == 0))
		return wrong_is(wrong, ST_BAD_REQUEST,
		    "Transfer-Encoding goes neither with Content-Length nor "
		    "with HTTP/1.0");
	h->keep = !h->says_close && (h->minor == 1 || h->says_keep);
	h->expects &= h->minor == 1;
	return true;
}

/* A line of bytes [line, end), without its CRLF. */
static bool
take_line(
    struct http_head *h, char *bytes, size_t end, struct http_wrong *wrong)
{
	if (h->method.len > 0)
		return take_field(h, bytes, h->line, end, wrong);
	/* Some clients end a body with a line too many. */
	return end == h->line ||
	       take_request_line(h, bytes, h->line, end, wrong);
}

void
http_head_init(struct http_head *h)
{
	memset(h, 0, sizeof(*h));
	h->length = -1;
}

static enum http_read
too_long(const struct http_head *h, struct http_wrong *wrong)
{
	if (h->method.len > 0)
		wrong_is(wrong, ST_LONG_HEAD, "the head is too long");
	else
		wrong_is(wrong, ST_LONG_TARGET, "the request line is too long");
	return HTTP_WRONG;
}

enum http_read
http_head_read(
    struct http_head *h, char *bytes, size_t len, struct http_wrong *wrong)
{
	size_t most = len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX, end;
	const char *lf;
	bool last;

	while ((lf = memchr(bytes + h->scan, '\n', most - h->scan)) != NULL) {
		end = (size_t)(lf - bytes);
		if (end == h->line || bytes[end - 1] != '\r') {
			wrong_is(wrong, ST_BAD_REQUEST,
			    "a line of the head does not end with CR LF");
			return HTTP_WRONG;
		}
		last = h->method.len > 0 && end - 1 == h->line;
		if (last ? !finish(h, wrong)
			 : !take_line(h, bytes, end - 1, wrong))
			return HTTP_WRONG;
		h->line = h->scan = (uint32_t)end + 1;
		h->len = h->line;
		if (last)
			return HTTP_WHOLE;
	}
	h->scan = (uint32_t)most;
	return len < HTTP_HEAD_MAX ? HTTP_MORE : too_long(h, wrong);
}

const char *
http_field(const struct http_message *msg, enum http_field f)
{
	if (!(msg->head->present & 1u << f))
		return NULL;
	return msg->bytes + msg->head->fields[f].at;
}

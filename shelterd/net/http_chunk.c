/* SPDX-License-Identifier: MIT */
/* Byte by byte but for the data itself; see http_chunk.h. */
#include "shelterd/net/http_chunk.h"
#include <string.h>

enum { SIZE_DIGITS = 15, EXTENSION_MAX = 256 };

enum state {
	SIZE, /* hexadecimal digits */
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER, /* at the begin of a line */
	TRAILER_LINE,
	TRAILER_LF,
	LAST_LF,
	END,
	BAD
};

static int
hex(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
plain(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c != 0x7f);
}

static enum state
after_size(struct http_chunks *c, unsigned char byte)
{
	int digit = hex(byte);

	if (digit >= 0 && c->digits++ < SIZE_DIGITS) {
		c->left = c->left * 16 + (unsigned)digit;
		return SIZE;
	}
	if (digit >= 0 || c->digits == 0)
		return BAD;
	c->extra = 0;
	if (byte == '\r')
		return SIZE_LF;
	return byte == ';' || byte == ' ' || byte == '\t' ? EXTENSION : BAD;
}

static enum state
after_text(struct http_chunks *c, unsigned char byte, size_t most,
    enum state same, enum state end)
{
	if (byte == '\r')
		return end;
	return plain(byte) && c->extra++ < most ? same : BAD;
}

static enum state
only(unsigned char byte, unsigned char wanted, enum state next)
{
	return byte == wanted ? next : BAD;
}

static enum state
step(struct http_chunks *c, unsigned char byte)
{
	switch ((enum state)c->state) {
	case SIZE:
		return after_size(c, byte);
	case EXTENSION:
		return after_text(c, byte, EXTENSION_MAX, EXTENSION, SIZE_LF);
	case SIZE_LF:
		return only(byte, '\n', c->left > 0 ? DATA : TRAILER);
	case DATA_CR:
		return only(byte, '\r', DATA_LF);
	case DATA_LF:
		c->digits = 0;
		return only(byte, '\n', SIZE);
	case TRAILER:
		return after_text(
		    c, byte, HTTP_HEAD_MAX, TRAILER_LINE, LAST_LF);
	case TRAILER_LINE:
		return after_text(
		    c, byte, HTTP_HEAD_MAX, TRAILER_LINE, TRAILER_LF);
	case TRAILER_LF:
		return only(byte, '\n', TRAILER);
	case LAST_LF:
		return only(byte, '\n', END);
	default:
		return BAD;
	}
}

static void
take_data(struct http_chunks *c, char *bytes, size_t len)
{
	size_t n = len - c->in;

	if (n > c->left)
		n = (size_t)c->left;
	memmove(bytes + c->out, bytes + c->in, n);
	c->in += n;
	c->out += n;
	c->left -= n;
	if (c->left == 0)
		c->state = DATA_CR;
}

enum http_read
http_chunks_read(
    struct http_chunks *c, char *bytes, size_t len, struct http_wrong *wrong)
{
	while (c->in < len && c->state != END && c->state != BAD) {
		if (c->state == DATA)
			take_data(c, bytes, len);
		else
			c->state = step(c, (unsigned char)bytes[c->in++]);
	}
	if (c->state == END)
		return HTTP_WHOLE;
	if (c->state != BAD)
		return HTTP_MORE;
	*wrong = (struct http_wrong){ ST_BAD_REQUEST,
		"the body's chunks are broken" };
	return HTTP_WRONG;
}

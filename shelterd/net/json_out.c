/* SPDX-License-Identifier: MIT */
/* A growing buffer; numbers by integer arithmetic where they fit. */
#include "shelterd/net/json_out.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/json_text.h"

static bool
room(struct json_out *o, size_t more)
{
	size_t cap = o->cap ? o->cap : o->first ? o->first : 4096;
	char *bytes;

	if (o->failed)
		return false;
	if (o->len + more + 1 <= o->cap)
		return true;
	while (cap < o->len + more + 1)
		cap *= 2;
	bytes = realloc(o->lent ? NULL : o->bytes, cap);
	if (bytes == NULL) {
		o->failed = true;
		return false;
	}
	if (o->lent)
		memcpy(bytes, o->bytes, o->len);
	o->lent = false;
	o->bytes = bytes;
	o->cap = cap;
	return true;
}

void
json_out_bytes(struct json_out *o, const char *s, size_t len)
{
	if (!room(o, len))
		return;
	memcpy(o->bytes + o->len, s, len);
	o->len += len;
}

void
json_out_release(struct json_out *o)
{
	if (!o->lent)
		free(o->bytes);
	*o = (struct json_out){ 0 };
}

/* Digits of v, none of 0, ending before `end`; by pairs. */
static char *
digits(char *end, uint64_t v)
{
	static const char pairs[] = "00010203040506070809"
				    "10111213141516171819"
				    "20212223242526272829"
				    "30313233343536373839"
				    "40414243444546474849"
				    "50515253545556575859"
				    "60616263646566676869"
				    "70717273747576777879"
				    "80818283848586878889"
				    "90919293949596979899";

	for (; v >= 10; v /= 100) {
		end -= 2;
		memcpy(end, pairs + 2 * (v % 100), 2);
	}
	if (v > 0)
		*--end = (char)('0' + v);
	return end;
}

void
json_out_int(struct json_out *o, int64_t v)
{
	char text[24], *end = text + sizeof(text);
	char *p = digits(end, v < 0 ? -(uint64_t)v : (uint64_t)v);

	if (v == 0)
		*--p = '0';
	if (v < 0)
		*--p = '-';
	json_out_bytes(o, p, (size_t)(end - p));
}

static const uint64_t power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
	10000000, 100000000, 1000000000 };

/* v in units of the last decimal, without the zeros at its end. */
static void
put_scaled(struct json_out *o, int64_t v, int decimals)
{
	char text[32], *end = text + sizeof(text), *p = end;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

	for (; decimals > 0 && u % 10 == 0; decimals--)
		u /= 10;
	if (decimals > 0) {
		p = digits(p, u % power[decimals]);
		while (end - p < decimals)
			*--p = '0';
		*--p = '.';
		u /= power[decimals];
	}
	end = p;
	p = digits(p, u);
	if (p == end)
		*--p = '0';
	if (v < 0)
		*--p = '-';
	json_out_bytes(o, p, (size_t)(text + sizeof(text) - p));
}

void
json_out_num(struct json_out *o, double v, int decimals)
{
	double scaled = v * (double)power[decimals];
	char text[32];

	if (!isfinite(v))
		json_out_raw(o, "null");
	else if (fabs(scaled) < 9e15)
		put_scaled(o, llround(scaled), decimals);
	else {
		snprintf(text, sizeof(text), "%.17g", v);
		json_out_raw(o, text);
	}
}

void
json_out_text(struct json_out *o, const char *s)
{
	if (room(o, JSON_TEXT_ROOM(strlen(s))))
		o->len += json_text(o->bytes + o->len, s);
}

const char *
json_out_end(struct json_out *o)
{
	if (o->failed || !room(o, 0))
		return NULL;
	o->bytes[o->len] = '\0';
	return o->bytes;
}

static char *
memdup(const char *from, size_t n)
{
	char *to = malloc(n);

	return to != NULL ? memcpy(to, from, n) : NULL;
}

char *
json_out_take(struct json_out *o, size_t *len)
{
	char *bytes = NULL;

	if (json_out_end(o) != NULL) {
		*len = o->len;
		bytes = o->lent ? memdup(o->bytes, o->len + 1) : o->bytes;
		if (!o->lent)
			o->bytes = NULL;
	}
	json_out_release(o);
	return bytes;
}

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
	bytes = realloc(o->bytes, cap);
	if (bytes == NULL) {
		o->failed = true;
		return false;
	}
	o->bytes = bytes;
	o->cap = cap;
	return true;
}

static void
put(struct json_out *o, const char *s, size_t n)
{
	if (!room(o, n))
		return;
	memcpy(o->bytes + o->len, s, n);
	o->len += n;
}

void
json_out_release(struct json_out *o)
{
	free(o->bytes);
	*o = (struct json_out){ 0 };
}

void
json_out_raw(struct json_out *o, const char *s)
{
	put(o, s, strlen(s));
}

/* Digits of v, at least `least` of them, ending before `end`. */
static char *
digits(char *end, uint64_t v, int least)
{
	for (; v > 0 || least > 0; least--, v /= 10)
		*--end = (char)('0' + v % 10);
	return end;
}

void
json_out_int(struct json_out *o, int64_t v)
{
	char text[24], *end = text + sizeof(text);
	char *p = digits(end, v < 0 ? -(uint64_t)v : (uint64_t)v, 1);

	if (v < 0)
		*--p = '-';
	put(o, p, (size_t)(end - p));
}

static const uint64_t power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
	10000000, 100000000, 1000000000 };

/* v in units of the last decimal, without the zeros at its end. */
static void
put_scaled(struct json_out *o, int64_t v, int decimals)
{
	char text[32], *end = text + sizeof(text), *p = end;
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v, rest;

	for (; decimals > 0 && u % 10 == 0; decimals--)
		u /= 10;
	rest = u % power[decimals];
	if (decimals > 0) {
		p = digits(p, rest, decimals);
		*--p = '.';
	}
	p = digits(p, u / power[decimals], 1);
	if (v < 0)
		*--p = '-';
	put(o, p, (size_t)(end - p));
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

char *
json_out_take(struct json_out *o, size_t *len)
{
	char *bytes = NULL;

	if (!o->failed && room(o, 0)) {
		o->bytes[o->len] = '\0';
		*len = o->len;
		bytes = o->bytes;
		o->bytes = NULL;
	}
	json_out_release(o);
	return bytes;
}

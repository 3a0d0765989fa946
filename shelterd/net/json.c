/* SPDX-License-Identifier: MIT */
/*
 * A strict scanner in front of the tree.  It builds nothing, so its cost is
 * one pass over the bytes; it says the place and reason of the first error,
 * or how large the tree will be.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/json.h"
#include "shelterd/net/json_tree.h"

struct scan {
	const char *start, *p, *end;
	int depth;
	const char *why;
	struct json_size size;
};

static bool value(struct scan *);

static bool
fail(struct scan *s, const char *why)
{
	s->why = why;
	return false;
}

static int
peek(const struct scan *s)
{
	return s->p < s->end ? (unsigned char)*s->p : -1;
}

static void
blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' ||
				    *s->p == '\r' || *s->p == '\t'))
		s->p++;
}

static bool
digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > from ? true : fail(s, "digit expected");
}

static bool
number(struct scan *s)
{
	enum { LONGEST = 64 };
	const char *from = s->p;
	bool exponent = false;
	size_t n;

	if (peek(s) == '-')
		s->p++;
	if (peek(s) == '0')
		s->p++;
	else if (!digits(s))
		return false;
	if (peek(s) == '.' && (s->p++, !digits(s)))
		return false;
	if (peek(s) == 'e' || peek(s) == 'E') {
		exponent = true;
		s->p++;
		if (peek(s) == '+' || peek(s) == '-')
			s->p++;
		if (!digits(s))
			return false;
	}
	n = (size_t)(s->p - from);
	if (n >= LONGEST) {
		s->p = from;
		return fail(s, "number too long");
	}
	if (exponent && !isfinite(json_number(from, n))) {
		s->p = from;
		return fail(s, "number too large");
	}
	return true;
}

/* Four hexadecimal digits at p + 2, or -1. */
static long
unicode(const struct scan *s)
{
	long code = 0;

	if (s->end - s->p < 6)
		return -1;
	for (int i = 2; i < 6; i++) {
		int c = s->p[i] | 0x20;

		if (s->p[i] >= '0' && s->p[i] <= '9')
			code = code * 16 + (s->p[i] - '0');
		else if (c >= 'a' && c <= 'f')
			code = code * 16 + (c - 'a' + 10);
		else
			return -1;
	}
	return code;
}

/* p is at "\u". */
static bool
unicode_escape(struct scan *s)
{
	long code = unicode(s);

	if (code < 0)
		return fail(s, "four hexadecimal digits expected");
	if (code == 0)
		return fail(s, "NUL in a text");
	if (code >= 0xdc00 && code <= 0xdfff)
		return fail(s, "lone surrogate");
	if (code >= 0xd800 && code <= 0xdbff) {
		const char *first = s->p;

		s->p += 6;
		code = peek(s) == '\\' && s->end - s->p > 1 && s->p[1] == 'u'
			   ? unicode(s)
			   : -1;
		if (code < 0xdc00 || code > 0xdfff) {
			s->p = first;
			return fail(s, "lone surrogate");
		}
	}
	s->p += 6;
	return true;
}

static bool
string(struct scan *s)
{
	const char *from = s->p;

	if (peek(s) != '"')
		return fail(s, "text in quotes expected");
	s->p++;
	while (s->p < s->end && *s->p != '"') {
		if ((unsigned char)*s->p < 0x20)
			return fail(s, "control character in a text");
		if (*s->p != '\\') {
			s->p++;
		} else if (s->end - s->p > 1 && s->p[1] == 'u') {
			if (!unicode_escape(s))
				return false;
		} else if (s->end - s->p > 1 && s->p[1] != '\0' &&
			   strchr("\"\\/bfnrt", s->p[1]) != NULL) {
			s->p += 2;
		} else {
			return fail(s, "unknown escape");
		}
	}
	if (s->p == s->end)
		return fail(s, "text without its end");
	s->p++;
	s->size.bytes += (size_t)(s->p - from); /* a quote less, a NUL more */
	return true;
}

static bool
member(struct scan *s)
{
	blanks(s);
	if (!string(s))
		return false;
	blanks(s);
	if (peek(s) != ':')
		return fail(s, "':' expected");
	s->p++;
	return value(s);
}

/* An object or array, p at its bracket. */
static bool
container(struct scan *s, char close, bool (*item)(struct scan *))
{
	if (++s->depth > JSON_DEPTH)
		return fail(s, "nested too deeply");
	s->p++;
	blanks(s);
	if (peek(s) != close) {
		for (;;) {
			if (!item(s))
				return false;
			blanks(s);
			if (peek(s) != ',')
				break;
			s->p++;
		}
		if (peek(s) != close)
			return fail(s, close == '}' ? "',' or '}' expected"
						    : "',' or ']' expected");
	}
	s->p++;
	s->depth--;
	return true;
}

static bool
word(struct scan *s, const char *w)
{
	size_t n = strlen(w);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n) != 0)
		return fail(s, "value expected");
	s->p += n;
	return true;
}

static bool
value(struct scan *s)
{
	s->size.values++;
	blanks(s);
	switch (peek(s)) {
	case '{':
		return container(s, '}', member);
	case '[':
		return container(s, ']', value);
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	case -1:
		return fail(s, "value expected, body ends");
	default:
		if (peek(s) == '-' || (peek(s) >= '0' && peek(s) <= '9'))
			return number(s);
		return fail(s, "value expected");
	}
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Are two keys of this object the same?  Few: compared in place; many:
 * sorted, so that a hostile object costs n log n. */
static bool
keys_repeat(const cJSON *object)
{
	enum { FEW = 32 };
	const char *few[FEW], **keys = few;
	size_t n = 0, i = 0;
	bool repeat = false;
	cJSON *child;

	cJSON_ArrayForEach(child, object) n++;
	if (n > FEW && (keys = malloc(n * sizeof(*keys))) == NULL)
		return true;
	cJSON_ArrayForEach(child, object) keys[i++] = child->string;
	if (n > FEW) {
		qsort(keys, n, sizeof(*keys), compare_keys);
		for (i = 1; i < n && !repeat; i++)
			repeat = strcmp(keys[i - 1], keys[i]) == 0;
		free(keys);
		return repeat;
	}
	for (i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			repeat |= keys[i][0] == keys[k][0] &&
				  strcmp(keys[i], keys[k]) == 0;
	return repeat;
}

static bool
any_repeat(const cJSON *json)
{
	const cJSON *child;

	if (cJSON_IsObject(json) && keys_repeat(json))
		return true;
	cJSON_ArrayForEach(child, json)
	{
		if (child->child != NULL && any_repeat(child))
			return true;
	}
	return false;
}

cJSON *
json_parse(const char *text, size_t len, struct json_wrong *wrong)
{
	struct scan s = { text, text, text + len, 0, NULL, { 0, 0 } };
	cJSON *json = NULL;

	if (value(&s)) {
		blanks(&s);
		if (s.p != s.end)
			fail(&s, "more after the value");
		else
			json = json_tree(text, len, s.size);
	}
	if (json != NULL && any_repeat(json)) {
		json_free(json);
		json = NULL;
		s.p = s.start;
		fail(&s, "a key stands twice in one object");
	}
	if (json == NULL) {
		wrong->byte = (size_t)(s.p - s.start);
		wrong->why = s.why != NULL ? s.why : "out of memory";
	}
	return json;
}

void
json_free(cJSON *json)
{
	free(json);
}

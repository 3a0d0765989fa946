/* SPDX-License-Identifier: MIT */
/*
 * Query strings.  Everything a stranger may send is bounded here: the number
 * of parameters, their escapes, their types; a parameter given twice is wrong
 * rather than one of the two silently winning.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/query.h"
#include "shelterd/net/utf8.h"
#include "shelterd/net/when.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

long
percent_decode(char *out, const char *s, size_t n, bool plus)
{
	size_t len = 0;
	int byte;

	for (size_t i = 0; i < n; i++) {
		byte = (unsigned char)s[i];
		if (byte == '%') {
			if (n - i < 3 || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
				return -1;
			byte = hex(s[i + 1]) * 16 + hex(s[i + 2]);
			i += 2;
		} else if (byte == '+' && plus) {
			byte = ' ';
		}
		if (byte == 0)
			return -1;
		out[len++] = (char)byte;
	}
	out[len] = '\0';
	return utf8_check(out, len) == len ? (long)len : -1;
}

static bool
wrong_is(
    struct query_wrong *wrong, const char *name, size_t len, const char *why)
{
	if (len >= sizeof(wrong->name))
		len = sizeof(wrong->name) - 1;
	/* Names that are no text are not repeated to the caller. */
	if (utf8_check(name, len) != len)
		len = utf8_check(name, len);
	memcpy(wrong->name, name, len);
	wrong->name[len] = '\0';
	wrong->why = why;
	return false;
}

/* One "name=value" of len bytes, decoded into out. */
static bool
parse_pair(struct query *q, const char *s, size_t len, char **out,
    struct query_wrong *wrong)
{
	const char *equals = memchr(s, '=', len);
	size_t name_len = equals != NULL ? (size_t)(equals - s) : len;
	struct query_pair *pair = &q->pairs[q->n];
	long n;

	if (q->n == QUERY_MAX)
		return wrong_is(wrong, s, name_len, "too many parameters");
	pair->name = *out;
	n = percent_decode(*out, s, name_len, true);
	if (n < 0)
		return wrong_is(wrong, s, name_len, "bad escape or UTF-8");
	*out += n + 1;
	if (query_get(q, pair->name) != NULL)
		return wrong_is(
		    wrong, pair->name, strlen(pair->name), "given twice");
	pair->value = *out;
	n = equals == NULL
		? percent_decode(*out, "", 0, true)
		: percent_decode(*out, equals + 1, len - name_len - 1, true);
	if (n < 0)
		return wrong_is(wrong, pair->name, strlen(pair->name),
		    "bad escape or UTF-8");
	*out += n + 1;
	q->n++;
	return true;
}

bool
query_parse(
    struct query *q, const char *s, size_t len, struct query_wrong *wrong)
{
	const char *end;
	size_t part;
	char *out;

	q->n = 0;
	q->text = NULL;
	if (s == NULL || len == 0)
		return true;
	/* Decoding never grows; each part may add two terminators for its
	 * one separator or equals sign. */
	q->text = out = malloc(2 * len + 4);
	if (out == NULL)
		return wrong_is(wrong, "", 0, "out of memory");
	for (end = s + len; s < end; s += part + 1) {
		const char *amp = memchr(s, '&', (size_t)(end - s));

		part = (size_t)((amp != NULL ? amp : end) - s);
		if (part > 0 && !parse_pair(q, s, part, &out, wrong)) {
			query_release(q);
			return false;
		}
	}
	return true;
}

const char *
query_get(const struct query *q, const char *name)
{
	for (size_t i = 0; i < q->n; i++)
		if (strcmp(q->pairs[i].name, name) == 0)
			return q->pairs[i].value;
	return NULL;
}

void
query_release(struct query *q)
{
	free(q->text);
	q->n = 0;
	q->text = NULL;
}

/* "-12.345" with at most 15 digits: both parts are exact as doubles, so one
 * division rounds as strtod() does. */
static bool
plain_number(const char *s, double *value)
{
	enum { EXACT = 15 };
	static const double power[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	bool minus = *s == '-';
	int digits = 0, decimals = -1;
	int64_t v = 0;

	for (s += minus; *s != '\0' && digits <= EXACT; s++) {
		if (*s == '.' && decimals < 0 && digits > 0) {
			decimals = 0;
			continue;
		}
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (*s - '0');
		digits++;
		decimals += decimals >= 0;
	}
	if (digits == 0 || digits > EXACT || decimals == 0)
		return false;
	*value = (double)v / power[decimals > 0 ? decimals : 0];
	if (minus)
		*value = -*value;
	return true;
}

bool
text_number(const char *s, double *value)
{
	char *end;

	if (plain_number(s, value))
		return true;
	/* strtod() also takes blanks, hexadecimals, "inf" and "nan". */
	if (*s == '\0' || strspn(s, "0123456789+-.eE") != strlen(s))
		return false;
	*value = strtod(s, &end);
	return *end == '\0' && isfinite(*value);
}

bool
text_integer(const char *s, int64_t *value)
{
	const char *d = s + (*s == '-');
	char *end;

	if (*d == '\0' || strspn(d, "0123456789") != strlen(d))
		return false;
	errno = 0;
	*value = strtoll(s, &end, 10);
	return errno == 0 && *end == '\0';
}

bool
text_bool(const char *s, bool *value)
{
	*value = strcmp(s, "true") == 0 || strcmp(s, "1") == 0;
	return *value || strcmp(s, "false") == 0 || strcmp(s, "0") == 0;
}

static const char *
check_number(const struct field *f, const char *value)
{
	int64_t integer;
	double number;

	if (f->type == F_INTEGER && !text_integer(value, &integer))
		return "is not an integer";
	if (!text_number(value, &number))
		return "is not a number";
	if (f->min < f->max && (number < f->min || number > f->max))
		return "is out of range";
	return NULL;
}

static const char *
check_text(const struct field *f, const char *value)
{
	size_t limit = f->maxlen > 0 ? (size_t)f->maxlen : 4096;

	if (strlen(value) > limit)
		return "is too long";
	if (f->oneof == NULL)
		return NULL;
	for (const char *const *word = f->oneof; *word != NULL; word++)
		if (strcmp(*word, value) == 0)
			return NULL;
	return "is not one of the known words";
}

/* NULL, or why the value does not fit the field. */
static const char *
check_value(const struct field *f, const char *value)
{
	int64_t seconds;
	bool flag;

	switch (f->type) {
	case F_INTEGER:
	case F_NUMBER:
		return check_number(f, value);
	case F_BOOL:
		return text_bool(value, &flag) ? NULL
					       : "is neither true nor false";
	case F_TIME:
		return when_parse(value, &seconds) ? NULL
						   : "is no RFC 3339 time";
	default:
		return check_text(f, value);
	}
}

bool
query_check(const struct query *q, const struct field *fields,
    struct query_wrong *wrong)
{
	const struct field *f;
	const char *why;

	for (size_t i = 0; i < q->n; i++) {
		const char *name = q->pairs[i].name;

		for (f = fields; f != NULL && f->name != NULL; f++)
			if (strcmp(f->name, name) == 0)
				break;
		if (f == NULL || f->name == NULL)
			return wrong_is(wrong, name, strlen(name),
			    "is not a parameter of this route");
		why = check_value(f, q->pairs[i].value);
		if (why != NULL)
			return wrong_is(wrong, name, strlen(name), why);
	}
	for (f = fields; f != NULL && f->name != NULL; f++)
		if (f->required && query_get(q, f->name) == NULL)
			return wrong_is(
			    wrong, f->name, strlen(f->name), "is required");
	return true;
}

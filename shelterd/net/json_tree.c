/* SPDX-License-Identifier: MIT */
/* Nothing can be wrong with the text any more: see json_tree.h. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/net/json_tree.h"

struct build {
	const char *p, *end;
	cJSON *node; /* the next one */
	char *text;  /* and where the next text goes */
};

static cJSON *value(struct build *);

static void
blanks(struct build *b)
{
	while (b->p < b->end && (*b->p == ' ' || *b->p == '\n' ||
				    *b->p == '\r' || *b->p == '\t'))
		b->p++;
}

static unsigned
hex(const char *p)
{
	unsigned code = 0;

	for (int i = 0; i < 4; i++) {
		int c = p[i] | 0x20;

		code =
		    code * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return code;
}

static char *
put_utf8(char *out, unsigned code)
{
	if (code < 0x80) {
		*out++ = (char)code;
	} else if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
		*out++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*out++ = (char)(0xe0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*out++ = (char)(0x80 | (code & 0x3f));
	} else {
		*out++ = (char)(0xf0 | code >> 18);
		*out++ = (char)(0x80 | (code >> 12 & 0x3f));
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
		*out++ = (char)(0x80 | (code & 0x3f));
	}
	return out;
}

/* p behind the backslash. */
static char *
unescape(struct build *b, char *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at;
	unsigned code;

	if (*b->p != 'u') {
		at = strchr(from, *b->p);
		*out++ = at != NULL ? to[at - from] : *b->p;
		b->p++;
		return out;
	}
	code = hex(b->p + 1);
	b->p += 5;
	if (code >= 0xd800 && code <= 0xdbff) {
		code =
		    0x10000 + ((code & 0x3ff) << 10) + (hex(b->p + 2) & 0x3ff);
		b->p += 6;
	}
	return put_utf8(out, code);
}

/* p at the quote. */
static char *
string(struct build *b)
{
	char *from = b->text, *out = from;

	for (b->p++; *b->p != '"';) {
		if (*b->p != '\\') {
			*out++ = *b->p++;
		} else {
			b->p++;
			out = unescape(b, out);
		}
	}
	b->p++;
	*out = '\0';
	b->text = out + 1;
	return from;
}

double
json_number(const char *text, size_t len)
{
	enum { EXACT = 15, LONGEST = 64 }; /* digits a double surely holds */
	size_t sign = text[0] == '-', i = sign;
	char copy[LONGEST];
	int64_t v = 0;

	for (; i < len && i < EXACT && text[i] >= '0' && text[i] <= '9'; i++)
		v = v * 10 + (text[i] - '0');
	if (i == len && (!sign || v != 0))
		return (double)(sign ? -v : v);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return strtod(copy, NULL);
}

static void
number(struct build *b, cJSON *n)
{
	const char *from = b->p;
	double v;

	while (b->p < b->end && *b->p != '\0' &&
	       strchr("+-.0123456789eE", *b->p) != NULL)
		b->p++;
	v = json_number(from, (size_t)(b->p - from));
	n->type = cJSON_Number;
	n->valuedouble = v;
	n->valueint = v >= INT_MAX ? INT_MAX : v <= INT_MIN ? INT_MIN : (int)v;
}

static void
append(cJSON *parent, cJSON *child)
{
	cJSON *first = parent->child;

	if (first == NULL) {
		parent->child = child->prev = child;
		return;
	}
	child->prev = first->prev;
	first->prev->next = child;
	first->prev = child;
}

/* p at the bracket. */
static void
container(struct build *b, cJSON *parent, char close)
{
	cJSON *child;
	char *key = NULL;

	b->p++;
	blanks(b);
	while (*b->p != close) {
		if (*b->p == ',')
			b->p++;
		if (close == '}') {
			blanks(b);
			key = string(b);
			blanks(b);
			b->p++; /* the colon */
		}
		child = value(b);
		child->string = key;
		append(parent, child);
		blanks(b);
	}
	b->p++;
}

static cJSON *
value(struct build *b)
{
	cJSON *n = b->node++;

	memset(n, 0, sizeof(*n));
	blanks(b);
	switch (*b->p) {
	case '{':
	case '[':
		n->type = *b->p == '{' ? cJSON_Object : cJSON_Array;
		container(b, n, *b->p == '{' ? '}' : ']');
		break;
	case '"':
		n->type = cJSON_String;
		n->valuestring = string(b);
		break;
	case 't':
		n->type = cJSON_True;
		n->valueint = 1;
		b->p += 4;
		break;
	case 'f':
		n->type = cJSON_False;
		b->p += 5;
		break;
	case 'n':
		n->type = cJSON_NULL;
		b->p += 4;
		break;
	default:
		number(b, n);
	}
	return n;
}

cJSON *
json_tree(const char *text, size_t len, struct json_size size)
{
	size_t nodes = size.values * sizeof(cJSON);
	cJSON *root = malloc(nodes + size.bytes);
	struct build b = { text, text + len, root, (char *)root + nodes };

	return root != NULL ? value(&b) : NULL;
}

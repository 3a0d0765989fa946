/* SPDX-License-Identifier: MIT */
/*
 * The XML form, read element by element through a buffer: no tree, no checks
 * beyond what is needed to find nodes, ways, their refs and tags.  What was
 * deleted in an editor (action="delete", visible="false") is not there.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/osm_part.h"

enum { BUFFER = 1 << 20, MAX_TEXTS = 1 << 20 };

/* One tag of the markup, without < and >. */
struct element {
	char *p, *end;
	bool closed; /* ends with / */
};

struct osm_xml {
	char *at, *end; /* in buffer */
	bool gone;	/* the way was deleted */
	bool ended;	/* </osm> has been seen */
	size_t ntexts;
	char buffer[BUFFER + 1];
	char texts[MAX_TEXTS]; /* of the tags of a way */
};

struct attribute {
	const char *name, *value;
	size_t nname, nvalue;
};

struct osm_xml *
osm_xml_new(void)
{
	struct osm_xml *x = malloc(sizeof(*x));

	if (x)
		osm_xml_rewind(x);
	return x;
}

void
osm_xml_free(struct osm_xml *x)
{
	free(x);
}

void
osm_xml_rewind(struct osm_xml *x)
{
	x->at = x->end = x->buffer;
	x->gone = x->ended = false;
}

/* More bytes behind those that are left; false: no more, or no room. */
static bool
fill(struct osm *o)
{
	struct osm_xml *x = o->xml;
	size_t left = (size_t)(x->end - x->at), n;

	memmove(x->buffer, x->at, left);
	x->at = x->buffer;
	n = fread(x->buffer + left, 1, BUFFER - left, o->file);
	x->end = x->buffer + left + n;
	*x->end = '\0';
	o->read += (double)n;
	return n > 0;
}

/* The > that ends the element at p; NULL: it lies beyond `end`. */
static char *
close_of(char *p, char *end)
{
	char quote = 0;

	if (end - p >= 3 && !memcmp(p, "!--", 3)) {
		for (p += 3; (p = memchr(p, '>', (size_t)(end - p))); p++)
			if (p[-1] == '-' && p[-2] == '-')
				return p;
		return NULL;
	}
	for (; p < end; p++)
		if (quote) {
			if (!(p = memchr(p, quote, (size_t)(end - p))))
				return NULL;
			quote = 0;
		} else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == '>')
			return p;
	return NULL;
}

/* The next element. 0: the file is over, -1: it breaks off. */
static int
next_element(struct osm *o, struct element *e)
{
	struct osm_xml *x = o->xml;
	char *p, *q = NULL;

	while (!(p = memchr(x->at, '<', (size_t)(x->end - x->at)))) {
		x->at = x->end;
		if (!fill(o))
			return 0;
	}
	x->at = p;
	while (x->end - x->at < 4 || !(q = close_of(x->at + 1, x->end)))
		if (!fill(o))
			return -1;
	*e = (struct element){ x->at + 1, q, q > x->at + 1 && q[-1] == '/' };
	x->at = q + 1;
	return 1;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether the element has that name; *rest then stands behind it. */
static bool
named(const struct element *e, const char *name, char **rest)
{
	size_t n = strlen(name);

	if ((size_t)(e->end - e->p) < n || memcmp(e->p, name, n))
		return false;
	*rest = e->p + n;
	return *rest == e->end || blank(**rest) || **rest == '/';
}

static bool
next_attribute(char **at, char *end, struct attribute *a)
{
	char *p = *at, *q;

	while (p < end && (blank(*p) || *p == '/'))
		p++;
	if (p == end || !(q = memchr(p, '=', (size_t)(end - p))))
		return false;
	a->name = p;
	a->nname = (size_t)(q - p);
	while (a->nname && blank(p[a->nname - 1]))
		a->nname--;
	for (q++; q < end && blank(*q); q++)
		;
	if (q == end || (*q != '"' && *q != '\''))
		return false;
	a->value = q + 1;
	if (!(p = memchr(q + 1, *q, (size_t)(end - q - 1))))
		return false;
	a->nvalue = (size_t)(p - a->value);
	*at = p + 1;
	return true;
}

static bool
is(const struct attribute *a, const char *name)
{
	return strlen(name) == a->nname && !memcmp(a->name, name, a->nname);
}

static bool
says(const struct attribute *a, const char *name, const char *value)
{
	return is(a, name) && strlen(value) == a->nvalue &&
	       !memcmp(a->value, value, a->nvalue);
}

/* Digits with `scale` of them behind the point, further ones cut. */
static bool
number(const struct attribute *a, int scale, int64_t *out)
{
	const char *p = a->value, *end = p + a->nvalue;
	bool minus = p < end && *p == '-', digits = false, point = false;
	int64_t v = 0;

	for (p += minus; p < end; p++) {
		if (*p == '.' && !point && scale > 0) {
			point = true;
			continue;
		}
		if (*p < '0' || *p > '9' || v > INT64_MAX / 100)
			return false;
		digits = true;
		if (!point || scale-- > 0)
			v = v * 10 + (*p - '0');
	}
	for (; scale > 0; scale--) {
		if (v > INT64_MAX / 100)
			return false;
		v *= 10;
	}
	*out = minus ? -v : v;
	return digits;
}

static bool
deleted(const struct attribute *a)
{
	return says(a, "action", "delete") || says(a, "visible", "false");
}

/* A node with a place; false: there is none to speak of. */
static bool
take_node(char *at, char *end, struct osm_item *item)
{
	struct attribute a;
	int found = 0;

	while (next_attribute(&at, end, &a)) {
		if (deleted(&a))
			return false;
		if (is(&a, "id"))
			found |= number(&a, 0, &item->id) ? 1 : 0;
		else if (is(&a, "lat"))
			found |= number(&a, 9, &item->lat) ? 2 : 0;
		else if (is(&a, "lon"))
			found |= number(&a, 9, &item->lon) ? 4 : 0;
	}
	return found == 7;
}

static void
utf8(char **out, unsigned long c)
{
	char *o = *out;

	if (c < 0x80) {
		*o++ = (char)c;
	} else if (c < 0x800) {
		*o++ = (char)(0xc0 | c >> 6);
		*o++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*o++ = (char)(0xe0 | c >> 12);
		*o++ = (char)(0x80 | (c >> 6 & 0x3f));
		*o++ = (char)(0x80 | (c & 0x3f));
	} else {
		*o++ = (char)(0xf0 | c >> 18);
		*o++ = (char)(0x80 | (c >> 12 & 0x3f));
		*o++ = (char)(0x80 | (c >> 6 & 0x3f));
		*o++ = (char)(0x80 | (c & 0x3f));
	}
	*out = o;
}

/* The reference at p (behind its &) to one character; where it ends, NULL if
 * it is none. */
static const char *
reference(const char *p, const char *end, char **out)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' },
		{ "quot;", '"' }, { "apos;", '\'' } };
	unsigned long c = 0;
	int base = 10;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i].name);

		if ((size_t)(end - p) >= n && !memcmp(p, names[i].name, n)) {
			*(*out)++ = names[i].c;
			return p + n;
		}
	}
	if (end - p < 3 || *p++ != '#')
		return NULL;
	if (*p == 'x') {
		base = 16;
		p++;
	}
	char *stop;
	if (*p == '-' || *p == '+' || blank(*p))
		return NULL;
	c = strtoul(p, &stop, base);
	if (stop == p || stop >= end || *stop != ';' || c == 0 ||
	    c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return NULL;
	utf8(out, c);
	return stop + 1;
}

/* A value as text, kept until the way is over; NULL: no room. */
static const char *
keep(struct osm_xml *x, const struct attribute *a)
{
	const char *p = a->value, *end = p + a->nvalue, *next;
	char *text = x->texts + x->ntexts, *out = text;

	if (a->nvalue + 1 > MAX_TEXTS - x->ntexts)
		return NULL;
	while (p < end) {
		if (*p == '&' && (next = reference(p + 1, end, &out)))
			p = next;
		else
			*out++ = *p++;
	}
	*out++ = '\0';
	x->ntexts += (size_t)(out - text);
	return text;
}

static bool
take_tag(struct osm *o, char *at, char *end)
{
	struct attribute a;
	const char *key = NULL, *value = NULL;

	while (next_attribute(&at, end, &a)) {
		if (is(&a, "k") && !(key = keep(o->xml, &a)))
			return false;
		if (is(&a, "v") && !(value = keep(o->xml, &a)))
			return false;
	}
	return !key || !value || osm_add_tag(&o->way, key, value);
}

static bool
take_ref(struct osm *o, char *at, char *end)
{
	struct attribute a;
	int64_t id;

	while (next_attribute(&at, end, &a))
		if (is(&a, "ref"))
			return number(&a, 0, &id) && osm_add_ref(&o->way, id);
	return false;
}

static void
open_way(struct osm *o, char *at, char *end, int64_t *id)
{
	struct attribute a;

	o->way.nrefs = o->way.ntags = o->xml->ntexts = 0;
	o->xml->gone = false;
	while (next_attribute(&at, end, &a)) {
		if (is(&a, "id"))
			number(&a, 0, id);
		if (deleted(&a))
			o->xml->gone = true;
	}
}

/* Reads to the end of the way whose start has been read. */
static enum osm_kind
rest_of_way(struct osm *o, struct osm_item *item)
{
	struct element e;
	char *rest;
	bool ok = true;

	while (next_element(o, &e) > 0) {
		if (named(&e, "/way", &rest))
			return osm_give_way(o, item);
		if (named(&e, "nd", &rest))
			ok = take_ref(o, rest, e.end);
		else if (named(&e, "tag", &rest))
			ok = take_tag(o, rest, e.end);
		if (!ok)
			return osm_broken(o, "holds a way that cannot be read");
	}
	return osm_broken(o, "ends in the middle of a way");
}

enum osm_kind
osm_xml_next(struct osm *o, unsigned want, struct osm_item *item)
{
	struct osm_xml *x = o->xml;
	struct element e;
	char *rest;
	int got;

	while ((got = next_element(o, &e)) > 0) {
		if (named(&e, "node", &rest)) {
			if ((want & OSM_NODES) && take_node(rest, e.end, item))
				return OSM_NODE;
		} else if ((want & OSM_WAYS) && named(&e, "way", &rest)) {
			open_way(o, rest, e.end, &item->id);
			if (!e.closed && rest_of_way(o, item) == OSM_BROKEN)
				return OSM_BROKEN;
			if (!x->gone)
				return osm_give_way(o, item);
		} else if (named(&e, "/osm", &rest))
			x->ended = true;
	}
	return got == 0 && x->ended ? OSM_END
				    : osm_broken(o, "breaks off in the middle");
}

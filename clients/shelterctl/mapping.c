/* SPDX-License-Identifier: MIT */
/*
 * Mapping files and how a header fits them.  Headers are compared by a key:
 * ASCII folded to lower case, blanks and punctuation left out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/mapping.h"

enum {
	KEY_MAX = 160,
	SPELLINGS_MAX = 400,
	NEEDS = MAP_FIELDS, /* pseudo field of the `needs` line */
	PLACE_SCORE = 100
};

const char *const mapping_field_names[MAP_FIELDS] = {
	[MAP_ID] = "id",
	[MAP_NAME] = "name",
	[MAP_ADDRESS] = "address",
	[MAP_PLACES] = "places",
	[MAP_AREA] = "area",
	[MAP_KIND] = "kind",
	[MAP_X] = "x",
	[MAP_Y] = "y",
	[MAP_LATLON] = "latlon",
	[MAP_LONLAT] = "lonlat",
	[MAP_UNIT] = "unit",
	[MAP_PRECINCT] = "precinct",
	[MAP_ORG] = "org",
	[MAP_FLOORS] = "floors",
	[MAP_NOTE] = "note",
	[MAP_HIDDEN] = "hidden",
	[MAP_PEOPLE] = "people",
	[MAP_HOUSEHOLDS] = "households",
	[MAP_CLASS] = "class",
	[MAP_STEPS] = "steps",
	[MAP_HOURS] = "hours",
	[MAP_AT] = "at",
	[MAP_SIGNAL] = "signal",
	[MAP_WHO] = "who",
	[MAP_TEXT] = "text",
	[MAP_IGNORE] = "ignore",
};

struct spelling {
	int field;
	char key[KEY_MAX];
};

struct mapping {
	char name[80], kind[16];
	size_t n;
	struct spelling spelling[SPELLINGS_MAX];
};

enum mapping_field
mapping_field_of(const char *name)
{
	enum mapping_field f = 0;

	while (f < MAP_FIELDS && strcmp(mapping_field_names[f], name))
		f++;
	return f;
}

static bool
latin_sign(unsigned char c)
{
	return c < 0x80 && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			       (c >= 'A' && c <= 'Z'));
}

/* Blanks and brackets that are written with several bytes. */
static size_t
wide_sign(const char *p)
{
	static const char *const signs[] = { "\xe3\x80\x80", "\xc2\xa0",
		"\xef\xbb\xbf", "（", "）", "：", "／", NULL };

	for (size_t i = 0; signs[i]; i++)
		if (!strncmp(p, signs[i], strlen(signs[i])))
			return strlen(signs[i]);
	return 0;
}

enum part { PART_ALL, PART_WIDE, PART_LATIN };

static void
make_key(const char *text, size_t len, enum part part, char key[KEY_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < KEY_MAX;) {
		unsigned char c = (unsigned char)text[i];
		size_t wide = wide_sign(text + i);
		if (wide || latin_sign(c)) {
			i += wide ? wide : 1;
			continue;
		}
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		bool letter = c < 0x80;
		if (part == PART_ALL || letter == (part == PART_LATIN))
			key[n++] = (char)c;
		i++;
	}
	key[n] = '\0';
}

static bool
add_spelling(struct mapping *m, int field, const char *text, size_t len)
{
	struct spelling *s = &m->spelling[m->n];

	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && *text == ' ') {
		text++;
		len--;
	}
	if (m->n == SPELLINGS_MAX)
		return false;
	s->field = field;
	if (len > 0 && *text == '#')
		snprintf(s->key, sizeof(s->key), "%.*s", (int)len, text);
	else
		make_key(text, len, PART_ALL, s->key);
	if (!s->key[0])
		return false;
	m->n++;
	return true;
}

static bool
parse_spellings(struct mapping *m, int field, const char *p, const char *end)
{
	for (;;) {
		const char *bar = memchr(p, '|', (size_t)(end - p));
		const char *stop = bar ? bar : end;
		if (!add_spelling(m, field, p, (size_t)(stop - p)))
			return false;
		if (!bar)
			return true;
		p = bar + 1;
	}
}

static bool
parse_line(struct mapping *m, const char *p, const char *end)
{
	const char *equals = memchr(p, '=', (size_t)(end - p));
	char name[32];
	int field;

	if (!equals || sscanf(p, " %31[a-z]", name) != 1)
		return false;
	p = equals + 1;
	if (!strcmp(name, "for"))
		return sscanf(p, " %15[a-z]", m->kind) == 1;
	field = strcmp(name, "needs") ? (int)mapping_field_of(name) : NEEDS;
	if (field == MAP_FIELDS && strcmp(name, "needs"))
		return false;
	return parse_spellings(m, field, p, end);
}

struct mapping *
mapping_parse(const char *name, const char *text, char *why, size_t size)
{
	struct mapping *m = calloc(1, sizeof(*m));
	int line = 0;

	if (!m) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	snprintf(m->name, sizeof(m->name), "%s", name);
	while (*text) {
		const char *end = text + strcspn(text, "\r\n");
		const char *p = text + strspn(text, " \t");
		line++;
		if (p < end && *p != '#' && !parse_line(m, p, end)) {
			snprintf(why, size,
			    "%s line %d: not 'field = spelling | …'", name,
			    line);
			mapping_free(m);
			return NULL;
		}
		text = *end == '\r' && end[1] == '\n' ? end + 2
		       : *end			      ? end + 1
						      : end;
	}
	return m;
}

void
mapping_free(struct mapping *m)
{
	free(m);
}

const char *
mapping_name(const struct mapping *m)
{
	return m->name;
}

struct keys {
	char all[KEY_MAX], wide[KEY_MAX], latin[KEY_MAX], number[24];
};

static struct keys
header_keys(const char *header, size_t column)
{
	struct keys k;
	size_t len = strlen(header);

	make_key(header, len, PART_ALL, k.all);
	make_key(header, len, PART_WIDE, k.wide);
	make_key(header, len, PART_LATIN, k.latin);
	snprintf(k.number, sizeof(k.number), "#%zu", column + 1);
	return k;
}

/* 0: no; a whole header fits better (3) than one of its parts (1). */
static int
fits(const struct keys *k, const char *key)
{
	if (!strcmp(key, k->all) || !strcmp(key, k->number))
		return 3;
	if (!strcmp(key, k->wide))
		return 2;
	return strlen(key) > 2 && !strcmp(key, k->latin);
}

int
mapping_column(const char *wanted, const char *const *header, size_t n)
{
	char key[KEY_MAX];
	int best = -1, quality = 0;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(wanted, header[i]))
			return (int)i;
	if (*wanted == '#')
		snprintf(key, sizeof(key), "%.*s", KEY_MAX - 1, wanted);
	else
		make_key(wanted, strlen(wanted), PART_ALL, key);
	for (size_t i = 0; i < n && key[0]; i++) {
		struct keys k = header_keys(header[i], i);
		int q = fits(&k, key);
		if (q > quality) {
			quality = q;
			best = (int)i;
		}
	}
	return best;
}

static bool
has_place(const struct columns *c)
{
	return (c->at[MAP_X] >= 0 && c->at[MAP_Y] >= 0) ||
	       c->at[MAP_LATLON] >= 0 || c->at[MAP_LONLAT] >= 0;
}

struct columns
mapping_fit(const struct mapping *m, const char *kind,
    const char *const *header, size_t n)
{
	struct columns c = { .score = 0 };
	int quality[MAP_FIELDS + 1] = { 0 };
	bool *known = calloc(n + 1, sizeof(*known));

	for (int f = 0; f < MAP_FIELDS; f++)
		c.at[f] = -1;
	if (!known || strcmp(m->kind, kind))
		goto out;
	for (size_t s = 0; s < m->n; s++) {
		const struct spelling *sp = &m->spelling[s];
		int here = 0;
		for (size_t i = 0; i < n; i++) {
			struct keys k = header_keys(header[i], i);
			int q = fits(&k, sp->key);
			known[i] |= q > 0;
			here |= q;
			if (sp->field == NEEDS || q <= quality[sp->field])
				continue;
			quality[sp->field] = q;
			c.at[sp->field] = (int)i;
		}
		if (sp->field == NEEDS && !here) {
			c.score = 0;
			goto out;
		}
	}
	for (int f = 0; f < MAP_IGNORE; f++)
		c.score += c.at[f] >= 0;
	if (has_place(&c))
		c.score += PLACE_SCORE;
	for (size_t i = 0; i < n; i++)
		c.unknown += !known[i];
out:
	free(known);
	return c;
}

/* SPDX-License-Identifier: MIT */
/*
 * The reader of separated values.  A quote that is never closed would swallow
 * the rest of the file: such a record is read again as if the quote were an
 * ordinary character, ends at its line, and carries a problem.
 */
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/csv.h"

enum scan { SCAN_OK, SCAN_UNCLOSED, SCAN_TOO_LONG, SCAN_MEMORY };

void
csv_init(struct csv *c, const char *text, size_t len)
{
	static const char separators[] = ",;\t";
	size_t count[3] = { 0 };
	bool quoted = false;
	size_t best = 0;

	memset(c, 0, sizeof(*c));
	c->text = text;
	c->len = len;
	c->line = 1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (text[i] == '\n' && !quoted)
			break;
		for (size_t k = 0; k < 3 && !quoted; k++)
			count[k] += text[i] == separators[k];
	}
	for (size_t k = 1; k < 3; k++)
		if (count[k] > count[best])
			best = k;
	c->separator = separators[best];
}

void
csv_record_release(struct csv_record *r)
{
	free(r->text);
	free(r->offset);
	free(r->field);
	memset(r, 0, sizeof(*r));
}

static bool
put(struct csv_record *r, char c)
{
	if (r->text_len == r->text_room) {
		size_t room = r->text_room ? r->text_room * 2 : 256;
		char *text = realloc(r->text, room);
		if (!text)
			return false;
		r->text = text;
		r->text_room = room;
	}
	r->text[r->text_len++] = c;
	return true;
}

static bool
begin_field(struct csv_record *r)
{
	if (r->n == r->field_room) {
		size_t room = r->field_room ? r->field_room * 2 : 16;
		size_t *offset = realloc(r->offset, room * sizeof(*offset));
		if (!offset)
			return false;
		r->offset = offset;
		const char **field = realloc(r->field, room * sizeof(*field));
		if (!field)
			return false;
		r->field = field;
		r->field_room = room;
	}
	r->offset[r->n++] = r->text_len;
	return true;
}

/* The end of a line at `at`: how many bytes it has, 0: there is none. */
static size_t
line_end(const struct csv *c, size_t at)
{
	if (c->text[at] == '\n')
		return 1;
	if (c->text[at] != '\r')
		return 0;
	return at + 1 < c->len && c->text[at + 1] == '\n' ? 2 : 1;
}

/* Copies a quoted part from after its quote to after the closing one. */
static enum scan
quoted_part(struct csv *c, struct csv_record *r)
{
	while (c->at < c->len) {
		char ch = c->text[c->at++];
		if (ch == '"') {
			if (c->at == c->len || c->text[c->at] != '"')
				return SCAN_OK;
			c->at++;
		}
		if (ch == '\n')
			c->line++;
		if (r->text_len > CSV_RECORD_MAX)
			return SCAN_UNCLOSED;
		if (!put(r, ch))
			return SCAN_MEMORY;
	}
	return SCAN_UNCLOSED;
}

static enum scan
field(struct csv *c, struct csv_record *r, bool quotes)
{
	if (!begin_field(r))
		return SCAN_MEMORY;
	if (quotes && c->at < c->len && c->text[c->at] == '"') {
		c->at++;
		enum scan got = quoted_part(c, r);
		if (got != SCAN_OK)
			return got;
	}
	while (c->at < c->len && c->text[c->at] != c->separator &&
	       !line_end(c, c->at)) {
		if (r->text_len > CSV_RECORD_MAX)
			return SCAN_TOO_LONG;
		if (!put(r, c->text[c->at++]))
			return SCAN_MEMORY;
	}
	return put(r, '\0') ? SCAN_OK : SCAN_MEMORY;
}

static enum scan
record(struct csv *c, struct csv_record *r, bool quotes)
{
	r->n = r->text_len = 0;
	for (;;) {
		enum scan got = field(c, r, quotes);
		if (got != SCAN_OK)
			return got;
		if (c->at == c->len)
			return SCAN_OK;
		size_t end = line_end(c, c->at);
		if (end) {
			c->at += end;
			c->line++;
			return SCAN_OK;
		}
		c->at++;
		if (r->n == CSV_FIELDS_MAX)
			return SCAN_TOO_LONG;
	}
}

static void
skip_line(struct csv *c)
{
	while (c->at < c->len && !line_end(c, c->at))
		c->at++;
	if (c->at < c->len) {
		c->at += line_end(c, c->at);
		c->line++;
	}
}

static void
skip_blank_lines(struct csv *c)
{
	size_t end;

	while (c->at < c->len && (end = line_end(c, c->at))) {
		c->at += end;
		c->line++;
		c->blank++;
	}
}

/* A record too long to keep: what was read so far, marked. */
static bool
cut_short(struct csv *c, struct csv_record *r)
{
	if (!put(r, '\0'))
		return false;
	skip_line(c);
	r->problem = "the record is too long";
	return true;
}

bool
csv_next(struct csv *c, struct csv_record *r)
{
	enum scan got;

	skip_blank_lines(c);
	r->problem = NULL;
	r->n = 0;
	if (c->at == c->len)
		return false;
	size_t start = c->at;
	r->line = c->line;
	got = record(c, r, true);
	if (got == SCAN_UNCLOSED) {
		c->at = start;
		c->line = r->line;
		got = record(c, r, false);
		r->problem = "a quote is opened and never closed";
	}
	if (got == SCAN_MEMORY || (got == SCAN_TOO_LONG && !cut_short(c, r))) {
		r->n = 0;
		r->problem = "out of memory";
		return false;
	}
	for (size_t i = 0; i < r->n; i++)
		r->field[i] = r->text + r->offset[i];
	return true;
}

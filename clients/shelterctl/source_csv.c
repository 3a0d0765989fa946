/* SPDX-License-Identifier: MIT */
/*
 * A text table as a source: whole file in memory, any encoding, its first
 * record is the header unless it looks like data.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "clients/shelterctl/clean.h"
#include "clients/shelterctl/csv.h"
#include "clients/shelterctl/encoding.h"
#include "clients/shelterctl/file.h"
#include "clients/shelterctl/osm.h"
#include "clients/shelterctl/source.h"

struct csv_source {
	struct source base;
	char *text;
	size_t len;
	struct csv csv;
	struct csv_record header, record;
	bool first_is_data; /* the header record has still to be given out */
	char **numbered;
};

static struct csv_source *
self(struct source *s)
{
	return (struct csv_source *)s;
}

static bool
next(struct source *base, struct record *out)
{
	struct csv_source *s = self(base);
	struct csv_record *r = &s->record;

	if (s->first_is_data) {
		s->first_is_data = false;
		r = &s->header;
	} else if (!csv_next(&s->csv, r))
		return false;
	*out = (struct record){ .line = r->line,
		.value = r->field,
		.n = r->n,
		.problem = r->problem };
	return true;
}

static void
close_csv(struct source *base)
{
	struct csv_source *s = self(base);

	for (size_t i = 0; s->numbered && i < base->n; i++)
		free(s->numbered[i]);
	if (s->numbered)
		free(base->header);
	free(s->numbered);
	csv_record_release(&s->header);
	csv_record_release(&s->record);
	free(s->text);
	free(base->name);
	free(s);
}

static int64_t
blank(struct source *base)
{
	return self(base)->csv.blank;
}

static double
done(struct source *base)
{
	struct csv_source *s = self(base);

	return s->len ? (double)s->csv.at / (double)s->len : 1;
}

/* A header holds no positions; one that does is a row of a bare table. */
static bool
looks_like_data(const struct csv_record *r)
{
	int numbers = 0;
	char why[CLEAN_WHY];
	double a, b;

	for (size_t i = 0; i < r->n; i++) {
		const char *dot = strchr(r->field[i], '.');
		if (clean_pair(r->field[i], &a, &b, why))
			return true;
		if (dot && strlen(dot) > 3 &&
		    clean_coordinate(r->field[i], &a, why))
			numbers++;
	}
	return numbers >= 2;
}

static bool
number_columns(struct csv_source *s)
{
	size_t n = s->header.n;

	s->numbered = calloc(n, sizeof(*s->numbered));
	s->base.header = calloc(n, sizeof(*s->base.header));
	if (!s->numbered || !s->base.header)
		return false;
	s->base.n = n;
	for (size_t i = 0; i < n; i++) {
		if (asprintf(&s->numbered[i], "#%zu", i + 1) < 0) {
			s->numbered[i] = NULL;
			return false;
		}
		s->base.header[i] = s->numbered[i];
	}
	s->base.headless = s->first_is_data = true;
	return true;
}

static bool
read_header(struct csv_source *s)
{
	csv_init(&s->csv, s->text, s->len);
	if (!csv_next(&s->csv, &s->header))
		return !s->header.problem;
	if (looks_like_data(&s->header))
		return number_columns(s);
	s->base.header = s->header.field;
	s->base.n = s->header.n;
	return true;
}

struct source *
source_open_csv(const char *path, char *why, size_t size)
{
	struct csv_source *s = calloc(1, sizeof(*s));
	size_t n = 0;
	char *bytes = s ? file_read(path, &n, why, size) : NULL;

	if (!s || !bytes) {
		if (!s)
			snprintf(why, size, "out of memory");
		free(s);
		return NULL;
	}
	s->base.next = next;
	s->base.close = close_csv;
	s->base.blank = blank;
	s->base.done = done;
	s->base.name = strdup(path);
	s->text = encoding_to_utf8(bytes, n, &s->base.encoding, &s->len);
	free(bytes);
	if (!s->text)
		snprintf(why, size, "%s: not a text in UTF-8, GB18030 or Big5",
		    path);
	else if (!s->base.name || !read_header(s))
		snprintf(why, size, "%s: out of memory", path);
	else
		return &s->base;
	close_csv(&s->base);
	return NULL;
}

static bool
is_text_table(const char *path)
{
	static const char *const ends[] = { ".csv", ".tsv", ".txt", NULL };
	size_t n = strlen(path);

	for (int i = 0; ends[i]; i++)
		if (n > 4 && !strcasecmp(path + n - 4, ends[i]))
			return true;
	return false;
}

struct source *
source_open(const char *path, const char *layer, enum source_wish wish,
    bool to_wgs84, char *why, size_t size)
{
	if (is_text_table(path))
		return source_open_csv(path, why, size);
	if (wish == SOURCE_LINES && !layer && osm_is(path))
		return source_open_osm(path, why, size);
	return source_open_ogr(path, layer, wish, to_wgs84, why, size);
}

void
source_close(struct source *s)
{
	if (s)
		s->close(s);
}

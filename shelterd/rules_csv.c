/* SPDX-License-Identifier: MIT */
/*
 * One pass over the bytes; cells are copied out as they end.  Knows nothing
 * of what the tables mean.
 */
#include "shelterd/rules_csv.h"
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "shelterd/store/sha256.h"

enum { CSV_MAX_BYTES = 4 << 20, CSV_MAX_CELLS = 200000 };

struct reader {
	struct csv *csv;
	const char *p, *end;
	char *cell;
	size_t len, ncells, cells_cap, rows_cap, col;
	long line;
	char *err;
	size_t errsize;
};

static int
fail_at(struct reader *r, long line, const char *what)
{
	snprintf(r->err, r->errsize, "%s:%ld: %s", r->csv->path, line, what);
	return -1;
}

static int
begin_row(struct reader *r)
{
	struct csv *c = r->csv;
	if (c->nrows == r->rows_cap) {
		r->rows_cap = r->rows_cap ? r->rows_cap * 2 : 64;
		long *line = realloc(c->line, r->rows_cap * sizeof(*line));
		if (!line)
			return fail_at(r, r->line, "out of memory");
		c->line = line;
	}
	c->line[c->nrows] = r->line;
	r->col = 0;
	return 0;
}

static int
end_cell(struct reader *r)
{
	struct csv *c = r->csv;
	if (r->ncells == r->cells_cap) {
		r->cells_cap = r->cells_cap ? r->cells_cap * 2 : 256;
		char **cells = realloc(c->cells, r->cells_cap * sizeof(*cells));
		if (!cells)
			return fail_at(r, r->line, "out of memory");
		c->cells = cells;
	}
	if (r->ncells >= CSV_MAX_CELLS)
		return fail_at(r, r->line, "too many cells");
	c->cells[r->ncells] = strndup(r->cell, r->len);
	if (!c->cells[r->ncells])
		return fail_at(r, r->line, "out of memory");
	r->ncells++;
	r->col++;
	r->len = 0;
	return 0;
}

static int
end_row(struct reader *r)
{
	struct csv *c = r->csv;
	if (c->nrows == 0)
		c->ncols = r->col;
	if (r->col != c->ncols) {
		char what[80];
		snprintf(what, sizeof(what), "%zu columns, the header has %zu",
		    r->col, c->ncols);
		return fail_at(r, c->line[c->nrows], what);
	}
	c->nrows++;
	return 0;
}

static int
quoted(struct reader *r)
{
	long begin = r->line;
	for (r->p++; r->p < r->end; r->p++) {
		if (*r->p == '"') {
			if (r->p + 1 < r->end && r->p[1] == '"')
				r->p++;
			else {
				r->p++;
				return 0;
			}
		}
		if (*r->p == '\n')
			r->line++;
		r->cell[r->len++] = *r->p;
	}
	return fail_at(r, begin, "a quote is never closed");
}

/* One cell; leaves p on the comma, the line's end or the end. */
static int
one_cell(struct reader *r)
{
	if (r->p < r->end && *r->p == '"') {
		if (quoted(r) < 0)
			return -1;
		if (r->p < r->end && !strchr(",\r\n", *r->p))
			return fail_at(
			    r, r->line, "text after a closing quote");
	}
	while (r->p < r->end && !strchr(",\r\n", *r->p)) {
		if (*r->p == '"')
			return fail_at(r, r->line, "a quote inside a cell");
		r->cell[r->len++] = *r->p++;
	}
	return end_cell(r);
}

static int
one_row(struct reader *r)
{
	if (begin_row(r) < 0 || one_cell(r) < 0)
		return -1;
	while (r->p < r->end && *r->p == ',') {
		r->p++;
		if (one_cell(r) < 0)
			return -1;
	}
	if (r->p < r->end && *r->p == '\r')
		r->p++;
	if (r->p < r->end && *r->p++ != '\n')
		return fail_at(r, r->line, "a carriage return inside a line");
	r->line++;
	return end_row(r);
}

static char *
slurp(const char *path, size_t *len, char *err, size_t errsize)
{
	char *bytes = NULL;
	FILE *f = fopen(path, "rb");
	if (!f) {
		snprintf(err, errsize, "%s: %s", path, strerror(errno));
		return NULL;
	}
	bytes = malloc(CSV_MAX_BYTES + 1);
	if (!bytes) {
		snprintf(err, errsize, "%s: out of memory", path);
		goto out;
	}
	*len = fread(bytes, 1, CSV_MAX_BYTES + 1, f);
	if (ferror(f) || *len > CSV_MAX_BYTES || memchr(bytes, 0, *len)) {
		snprintf(err, errsize, "%s: %s", path,
		    ferror(f)		   ? strerror(errno)
		    : *len > CSV_MAX_BYTES ? "larger than 4 MiB"
					   : "holds a zero byte");
		free(bytes);
		bytes = NULL;
	}
out:
	fclose(f);
	return bytes;
}

int
csv_load(struct csv *c, const char *path, char *err, size_t errsize)
{
	size_t len = 0;
	int result = -1;
	struct reader r = {
		.csv = c, .line = 1, .err = err, .errsize = errsize
	};

	*c = (struct csv){ .path = strdup(path) };
	char *bytes = slurp(path, &len, err, errsize);
	if (!bytes || !c->path)
		goto out;
	r.cell = malloc(len + 1);
	if (!r.cell)
		goto out;
	sha256(c->hash, bytes, len);
	r.p = bytes;
	r.end = bytes + len;
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		r.p += 3;
	while (r.p < r.end)
		if (one_row(&r) < 0)
			goto out;
	if (c->nrows == 0) {
		fail_at(&r, 1, "no header line");
		goto out;
	}
	c->nrows--;
	result = 0;
out:
	if (result < 0) /* cells of a broken last row are released too */
		for (size_t i = 0; i < r.ncells; i++)
			free(c->cells[i]);
	if (result < 0) {
		free(c->cells);
		c->cells = NULL;
	}
	free(r.cell);
	free(bytes);
	return result;
}

void
csv_release(struct csv *c)
{
	if (c->cells)
		for (size_t i = 0; i < (c->nrows + 1) * c->ncols; i++)
			free(c->cells[i]);
	free(c->cells);
	free(c->line);
	free(c->path);
	*c = (struct csv){ 0 };
}

int
csv_column(const struct csv *c, const char *name)
{
	for (size_t i = 0; i < c->ncols; i++)
		if (strcmp(c->cells[i], name) == 0)
			return (int)i;
	return -1;
}

const char *
csv_cell(const struct csv *c, size_t row, int col)
{
	if (col < 0)
		return "";
	return c->cells[(row + 1) * c->ncols + (size_t)col];
}

int
csv_fail(const struct csv *c, size_t row, int col, char *err, size_t errsize,
    const char *fmt, ...)
{
	char what[160];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(err, errsize, "%s:%ld: column %s: %s", c->path,
	    c->line[row + 1], col < 0 ? "?" : c->cells[col], what);
	return -1;
}

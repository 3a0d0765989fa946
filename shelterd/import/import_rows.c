/* SPDX-License-Identifier: MIT */
/*
 * From a request's JSON rows to struct import_row.  The route's schema has
 * already checked names and types; here a row is refused as a whole when it
 * carries a field its kind does not have, and rejected by itself (so that it
 * is counted and reported) when a value is out of its bounds.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include "gis/path.h"
#include "shelterd/import/import.h"

enum { SHELTERS = 1, HOMES = 2, NETWORK = 4, ALL = 7 };
static const double MAX_COUNT = 10e6, MAX_AREA = 100e6;

struct decoder {
	struct import *im;
	struct import_row *row;
	struct import_wrong *wrong;
	int i; /* of the piece */
};

typedef bool decode_fn(struct decoder *, const cJSON *);

static bool
refuse(struct decoder *d, const char *field, const char *why)
{
	snprintf(d->wrong->field, sizeof(d->wrong->field), "rows[%d].%s", d->i,
	    field);
	snprintf(d->wrong->why, sizeof(d->wrong->why), "%s", why);
	return false;
}

static bool
take_text(struct decoder *d, const cJSON *v)
{
	int t = 0;
	while (t < IMPORT_TEXTS && strcmp(import_text_name(t), v->string) != 0)
		t++;
	if (t == IMPORT_TEXTS || !cJSON_IsString(v))
		return refuse(d, v->string, "must be a text");
	if (strlen(v->valuestring) > IMPORT_TEXT) {
		import_reject(
		    d->row, import_text_name(t), "longer than 4096 bytes");
		return true;
	}
	d->row->text[t] = rowtext_add(&d->im->text, v->valuestring);
	return true;
}

static bool
take_count(struct decoder *d, const cJSON *v, int64_t *out)
{
	if (!cJSON_IsNumber(v) || v->valuedouble != floor(v->valuedouble))
		return refuse(d, v->string, "must be a whole number");
	if (v->valuedouble < 0 || v->valuedouble > MAX_COUNT) {
		import_reject(d->row, rowtext_add(&d->im->text, v->string),
		    import_text(d->im, "%.0f is not between 0 and %.0f",
			v->valuedouble, MAX_COUNT));
		return true;
	}
	*out = (int64_t)v->valuedouble;
	return true;
}

static bool
take_places(struct decoder *d, const cJSON *v)
{
	return take_count(d, v, &d->row->places);
}

static bool
take_people(struct decoder *d, const cJSON *v)
{
	return take_count(d, v, &d->row->people);
}

static bool
take_households(struct decoder *d, const cJSON *v)
{
	return take_count(d, v, &d->row->households);
}

static bool
take_area(struct decoder *d, const cJSON *v)
{
	if (!cJSON_IsNumber(v))
		return refuse(d, "area", "must be a number");
	if (!(v->valuedouble >= 0 && v->valuedouble <= MAX_AREA))
		import_reject(d->row, "area",
		    import_text(d->im, "%g m2 is not between 0 and %.0f",
			v->valuedouble, MAX_AREA));
	else
		d->row->area = v->valuedouble;
	return true;
}

static bool
take_xy(struct decoder *d, const cJSON *v)
{
	if (!cJSON_IsNumber(v))
		return refuse(d, v->string, "must be a number");
	if (v->string[0] == 'x')
		d->row->read.x = v->valuedouble;
	else
		d->row->read.y = v->valuedouble;
	return true;
}

static bool
take_flag(struct decoder *d, const cJSON *v)
{
	if (!cJSON_IsBool(v))
		return refuse(d, v->string, "must be true or false");
	if (v->string[0] == 'h')
		d->row->hidden = cJSON_IsTrue(v);
	else
		d->row->steps = cJSON_IsTrue(v);
	return true;
}

static bool
take_file(struct decoder *d, const cJSON *v)
{
	double n = cJSON_IsNumber(v) ? v->valuedouble : -1;
	if (!(n >= 0 && n < (double)d->im->nfiles && n == floor(n)))
		return refuse(d, "file", "is no index into the import's files");
	d->row->file = (int64_t)n;
	return true;
}

static bool
take_line(struct decoder *d, const cJSON *v)
{
	double n = cJSON_IsNumber(v) ? v->valuedouble : -1;
	if (!(n >= 0 && n <= 1e15 && n == floor(n)))
		return refuse(d, "line", "must be a whole number, 0 or more");
	d->row->line = (int64_t)n;
	return true;
}

static bool
take_geometry(struct decoder *d, const cJSON *v)
{
	char *text = NULL;
	if (!cJSON_IsObject(v))
		return refuse(d, "geometry", "must be a GeoJSON geometry");
	text = cJSON_PrintUnformatted(v);
	if (!text)
		return refuse(d, "geometry", "out of memory");
	d->row->geometry = rowtext_add(&d->im->text, text);
	cJSON_free(text);
	return true;
}

static bool
take_line_numbers(struct decoder *d, const cJSON *line, size_t *n)
{
	const cJSON *v = NULL;
	size_t k = 0;
	struct import_row *r = d->row;
	cJSON_ArrayForEach(v, line)
	{
		if (!cJSON_IsNumber(v))
			return refuse(d, "lines", "must hold numbers");
		if (k++ % 2 == 0)
			r->points[*n].x = v->valuedouble;
		else
			r->points[(*n)++].y = v->valuedouble;
	}
	if (k % 2 != 0 || k < 4)
		import_reject(r, "lines", "a line needs two points of x,y");
	return true;
}

/* Room for that many; a row's are said once. */
static bool
room_for_lines(struct decoder *d, size_t lines, size_t points)
{
	struct import_row *r = d->row;
	if (r->first)
		return refuse(d, "lines", "lines or paths, not both");
	r->points = rowtext_room(&d->im->lines, points * sizeof(*r->points));
	r->first = rowtext_room(&d->im->lines, (lines + 1) * sizeof(*r->first));
	if (!r->points || !r->first)
		return refuse(d, "lines", "out of memory");
	return true;
}

static bool
take_lines(struct decoder *d, const cJSON *v)
{
	const cJSON *line = NULL;
	size_t numbers = 0, n = 0, lines = 0;
	struct import_row *r = d->row;
	cJSON_ArrayForEach(line, v)
	{
		if (!cJSON_IsArray(line))
			return refuse(d, "lines", "must hold arrays");
		numbers += (size_t)cJSON_GetArraySize(line);
		lines++;
	}
	if (!room_for_lines(d, lines, numbers / 2 + lines))
		return false;
	cJSON_ArrayForEach(line, v)
	{
		r->first[r->nlines++] = n;
		if (!take_line_numbers(d, line, &n))
			return false;
	}
	r->first[r->nlines] = n;
	return true;
}

static bool
take_paths(struct decoder *d, const cJSON *v)
{
	const cJSON *path = NULL;
	size_t most = 0, n = 0, lines = 0, at = 0;
	struct import_row *r = d->row;
	cJSON_ArrayForEach(path, v)
	{
		if (!cJSON_IsString(path))
			return refuse(d, "paths", "must hold texts");
		most += gis_path_points(path->valuestring);
		lines++;
	}
	if (!room_for_lines(d, lines, most))
		return false;
	cJSON_ArrayForEach(path, v)
	{
		r->first[r->nlines++] = at;
		if (!gis_path_read(path->valuestring, r->points + at, &n))
			import_reject(r, "paths", "not an encoded path");
		else if (n < 2)
			import_reject(r, "paths", "a line needs two points");
		else
			at += n;
	}
	r->first[r->nlines] = at;
	return true;
}

static bool
take_warnings(struct decoder *d, const cJSON *v)
{
	const cJSON *w = NULL;
	if (!cJSON_IsArray(v))
		return refuse(d, "warnings", "must be an array of texts");
	cJSON_ArrayForEach(w, v)
	{
		if (!cJSON_IsString(w))
			return refuse(d, "warnings", "must hold texts");
		import_warn(d->im, d->row, "",
		    import_text(d->im, "%s", w->valuestring));
	}
	return true;
}

static bool
take_reject(struct decoder *d, const cJSON *v)
{
	const cJSON *field = cJSON_GetObjectItemCaseSensitive(v, "field");
	const cJSON *reason = cJSON_GetObjectItemCaseSensitive(v, "reason");
	if (!cJSON_IsString(reason))
		return refuse(d, "reject.reason", "must be a text");
	import_reject(d->row,
	    import_text(
		d->im, "%s", cJSON_IsString(field) ? field->valuestring : ""),
	    import_text(d->im, "%s", reason->valuestring));
	return true;
}

static const struct {
	const char *name;
	unsigned kinds;
	decode_fn *take;
} row_fields[] = {
	{ "file", ALL, take_file },
	{ "line", ALL, take_line },
	{ "register_id", SHELTERS | HOMES, take_text },
	{ "name", ALL, take_text },
	{ "address", SHELTERS, take_text },
	{ "kind", SHELTERS, take_text },
	{ "precinct", SHELTERS, take_text },
	{ "org", SHELTERS, take_text },
	{ "floors", SHELTERS, take_text },
	{ "note", SHELTERS, take_text },
	{ "unit", SHELTERS, take_text },
	{ "places", SHELTERS, take_places },
	{ "area", SHELTERS, take_area },
	{ "hidden", SHELTERS, take_flag },
	{ "x", SHELTERS | HOMES, take_xy },
	{ "y", SHELTERS | HOMES, take_xy },
	{ "people", HOMES, take_people },
	{ "households", HOMES, take_households },
	{ "geometry", HOMES, take_geometry },
	{ "class", NETWORK, take_text },
	{ "hours", NETWORK, take_text },
	{ "steps", NETWORK, take_flag },
	{ "lines", NETWORK, take_lines },
	{ "paths", NETWORK, take_paths },
	{ "warnings", ALL, take_warnings },
	{ "reject", ALL, take_reject },
};

static bool
take_field(struct decoder *d, const cJSON *v)
{
	for (size_t i = 0; i < sizeof(row_fields) / sizeof(*row_fields); i++)
		if (strcmp(row_fields[i].name, v->string) == 0) {
			if (!(row_fields[i].kinds & (1u << d->im->kind)))
				break;
			return cJSON_IsNull(v) || row_fields[i].take(d, v);
		}
	char field[64];
	snprintf(field, sizeof(field), "%.60s", v->string);
	return refuse(d, field, "rows of this kind have no such field");
}

static bool
take_row(struct decoder *d, const cJSON *row)
{
	const cJSON *v = NULL;
	*d->row = (struct import_row){
		.file = -1,
		.line = -1,
		.places = -1,
		.people = -1,
		.households = -1,
		.area = -1,
		.read = { NAN, NAN },
		.hidden = -1,
	};
	for (int t = 0; t < IMPORT_TEXTS; t++)
		d->row->text[t] = "";
	if (!cJSON_IsObject(row))
		return refuse(d, "file", "a row must be an object");
	cJSON_ArrayForEach(v, row) if (!take_field(d, v)) return false;
	if (d->row->file < 0 || d->row->line < 0)
		return refuse(
		    d, d->row->file < 0 ? "file" : "line", "is missing");
	return true;
}

static bool
room_for(struct import *im, size_t more, struct import_wrong *wrong)
{
	struct import_row *rows = NULL;
	size_t cap = im->rows_cap;
	const char *why = NULL;
	if (im->nrows + more > IMPORT_ROWS)
		why = "the import has more than 1000000 rows";
	else if (im->max_bytes > 0 &&
		 im->text.bytes + im->lines.bytes > (size_t)im->max_bytes)
		why = "the import holds more than import-max-bytes";
	while (!why && cap < im->nrows + more)
		cap = cap ? cap * 2 : 1024;
	if (!why && cap > im->rows_cap) {
		rows = realloc(im->rows, cap * sizeof(*rows));
		if (rows) {
			im->rows = rows;
			im->rows_cap = cap;
		} else
			why = "out of memory";
	}
	if (why) {
		strcpy(wrong->field, "rows");
		snprintf(wrong->why, sizeof(wrong->why), "%s", why);
	}
	return why == NULL;
}

bool
import_decode(struct import *im, const cJSON *rows, struct import_wrong *wrong)
{
	const cJSON *row = NULL;
	struct decoder d = { .im = im, .wrong = wrong };
	size_t before = im->nrows;
	if (!room_for(im, (size_t)cJSON_GetArraySize(rows), wrong))
		return false;
	cJSON_ArrayForEach(row, rows)
	{
		d.row = &im->rows[im->nrows];
		if (!take_row(&d, row)) {
			im->nrows = before;
			return false;
		}
		im->nrows++;
		d.i++;
	}
	if (rowtext_failed(&im->text) || rowtext_failed(&im->lines)) {
		im->nrows = before;
		return refuse(&d, "", "out of memory");
	}
	return true;
}

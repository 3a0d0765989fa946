/* SPDX-License-Identifier: MIT */
/*
 * One function per kind of row.  Text is passed on as published; numbers are
 * read by clean.c; a number that cannot be read refuses the whole row, because
 * half a row would be taken for the truth.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "clients/shelterctl/clean.h"
#include "clients/shelterctl/population.h"
#include "clients/shelterctl/rows.h"
#include "clients/shelterctl/shape.h"
#include "clients/shelterctl/walk.h"

struct making {
	const struct layout *layout;
	const struct record *record;
	cJSON *row, *warnings;
	struct refusal *refusal;
};

static bool refuse(struct making *m, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void warn(struct making *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
refuse(struct making *m, const char *field, const char *format, ...)
{
	va_list args;

	m->refusal->field = field;
	va_start(args, format);
	vsnprintf(m->refusal->reason, sizeof(m->refusal->reason), format, args);
	va_end(args);
	return false;
}

static void
warn(struct making *m, const char *format, ...)
{
	char text[240];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!m->warnings)
		m->warnings = cJSON_AddArrayToObject(m->row, "warnings");
	cJSON_AddItemToArray(m->warnings, cJSON_CreateString(text));
}

static const char *
value_at(const struct record *r, int column)
{
	return column >= 0 && (size_t)column < r->n ? r->value[column] : NULL;
}

const char *
row_value(const struct layout *l, const struct record *r, enum mapping_field f)
{
	return value_at(r, l->columns.at[f]);
}

static const char *
value(const struct making *m, enum mapping_field f)
{
	return row_value(m->layout, m->record, f);
}

bool
row_blank(const struct record *r)
{
	if (r->geometry || r->nlines > 0 || r->problem)
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (r->value[i] && !clean_blank(r->value[i]))
			return false;
	return true;
}

static void
add_text(struct making *m, const char *name, enum mapping_field f)
{
	const char *text = value(m, f);

	if (!text || !*text)
		return;
	cJSON_AddStringToObject(m->row, name, text);
}

/* A value that cannot be read: why, and in which column it stands. */
static bool
refuse_value(
    struct making *m, const char *field, enum mapping_field f, const char *why)
{
	const struct source *s = m->layout->source;
	int column = m->layout->columns.at[f];

	if (column < 0 || (size_t)column >= s->n || s->headless)
		return refuse(m, field, "%s", why);
	return refuse(m, field, "%s (column %.60s)", why, s->header[column]);
}

/* An empty number is unknown, not wrong. */
static bool
add_count(struct making *m, const char *name, enum mapping_field f)
{
	const char *text = value(m, f);
	char why[CLEAN_WHY];
	int64_t n;

	if (!text || clean_blank(text))
		return true;
	if (!clean_count(text, &n, why))
		return refuse_value(m, name, f, why);
	cJSON_AddNumberToObject(m->row, name, (double)n);
	return true;
}

static bool
add_area(struct making *m)
{
	const char *text = value(m, MAP_AREA);
	char why[CLEAN_WHY];
	double area;

	if (!text || clean_blank(text))
		return true;
	if (!clean_area(text, &area, why))
		return refuse_value(m, "area", MAP_AREA, why);
	cJSON_AddNumberToObject(m->row, "area", area);
	return true;
}

static bool
place_from_columns(struct making *m, double *x, double *y)
{
	const int *at = m->layout->columns.at;
	char why[CLEAN_WHY];
	const char *both, *text;

	if (at[MAP_X] >= 0 && at[MAP_Y] >= 0) {
		text = value(m, MAP_Y);
		if (!clean_coordinate(text ? text : "", y, why))
			return refuse_value(m, "y", MAP_Y, why);
		text = value(m, MAP_X);
		if (!clean_coordinate(text ? text : "", x, why))
			return refuse_value(m, "x", MAP_X, why);
		return true;
	}
	if (at[MAP_LATLON] >= 0) {
		both = value(m, MAP_LATLON);
		return clean_pair(both ? both : "", y, x, why) ||
		       refuse_value(m, "latlon", MAP_LATLON, why);
	}
	if (at[MAP_LONLAT] >= 0) {
		both = value(m, MAP_LONLAT);
		return clean_pair(both ? both : "", x, y, why) ||
		       refuse_value(m, "lonlat", MAP_LONLAT, why);
	}
	return refuse(m, "x",
	    m->layout->source->headless
		? "the file has no header; name the columns, for example "
		  "--field y=#4 --field x=#5"
		: "no column holds coordinates");
}

static bool
add_place(struct making *m)
{
	OGRGeometryH g = m->record->geometry;
	double x, y;

	if (g && shape_empty(g))
		return refuse(m, "geometry", "is empty");
	if (g ? !shape_point(g, &x, &y) : !place_from_columns(m, &x, &y))
		return g ? refuse(m, "geometry", "has no point") : false;
	cJSON_AddNumberToObject(m->row, "x", x);
	cJSON_AddNumberToObject(m->row, "y", y);
	return true;
}

static void
warn_of_shape(struct making *m)
{
	size_t want = m->layout->source->n, have = m->record->n;

	if (m->layout->source->encoding && have != want)
		warn(m, "%zu fields where the header has %zu", have, want);
}

static bool
make_shelter(struct making *m)
{
	const char *hidden = value(m, MAP_HIDDEN);

	add_text(m, "register_id", MAP_ID);
	add_text(m, "name", MAP_NAME);
	add_text(m, "address", MAP_ADDRESS);
	add_text(m, "kind", MAP_KIND);
	add_text(m, "precinct", MAP_PRECINCT);
	add_text(m, "org", MAP_ORG);
	add_text(m, "floors", MAP_FLOORS);
	add_text(m, "note", MAP_NOTE);
	add_text(m, "unit", MAP_UNIT);
	if (hidden && (!strcmp(hidden, "1") || !strcmp(hidden, "true") ||
			  !strcmp(hidden, "是") || !strcmp(hidden, "yes")))
		cJSON_AddTrueToObject(m->row, "hidden");
	warn_of_shape(m);
	return add_count(m, "places", MAP_PLACES) && add_area(m) &&
	       add_place(m);
}

/* People from the joined table: an area without a row has no residents. */
static bool
add_people(struct making *m)
{
	const struct layout *l = m->layout;
	const char *key;

	if (!l->population) {
		const char *people = value(m, MAP_PEOPLE);
		if (!people || clean_blank(people))
			return refuse(m, "people",
			    l->columns.at[MAP_PEOPLE] < 0
				? "no column holds people"
				: "is empty");
		return add_count(m, "people", MAP_PEOPLE) &&
		       add_count(m, "households", MAP_HOUSEHOLDS);
	}
	key = value_at(m->record, l->key);
	const struct population_row *row =
	    key ? population_find(l->population, key) : NULL;
	cJSON_AddNumberToObject(
	    m->row, "people", row ? (double)row->people : 0);
	if (row && row->households >= 0)
		cJSON_AddNumberToObject(
		    m->row, "households", (double)row->households);
	return true;
}

static bool
add_geometry(struct making *m)
{
	OGRGeometryH g = m->record->geometry;

	if (!g || shape_is_point(g) || shape_empty(g))
		return add_place(m);
	char *json = shape_geojson(g);
	if (!json)
		return refuse(m, "geometry", "cannot be written as GeoJSON");
	cJSON_AddRawToObject(m->row, "geometry", json);
	shape_free_text(json);
	return true;
}

static bool
make_home(struct making *m)
{
	add_text(m, "register_id", MAP_ID);
	add_text(m, "name", MAP_NAME);
	warn_of_shape(m);
	return add_people(m) && add_geometry(m);
}

/* As it stands: what the cells mean is the daemon's to say.  One that no
   request could carry is refused here, so that the others go in. */
static bool
make_inject(struct making *m)
{
	enum { MOST = 4096 };
	static const enum mapping_field fields[] = { MAP_ID, MAP_AT, MAP_KIND,
		MAP_SIGNAL, MAP_WHO, MAP_TEXT };
	size_t want = m->layout->source->n, have = m->record->n;

	if (have > want)
		return refuse(m, "record",
		    "%zu fields where the header has %zu", have, want);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		const char *name = mapping_field_names[fields[i]];
		const char *text = value(m, fields[i]);

		if (text && strlen(text) > MOST)
			return refuse(m, name, "has more than %d bytes", MOST);
		add_text(m, name, fields[i]);
	}
	return true;
}

/* Ways come by the hundred thousand, so theirs is written at once. */
static void
write_text(
    struct making *m, struct text *out, const char *name, enum mapping_field f)
{
	const char *text = value(m, f);

	if (!text || !*text)
		return;
	text_add_bytes(out, "\"", 1);
	text_add_word(out, name);
	text_add_bytes(out, "\":", 2);
	text_add_json(out, text);
	text_add_bytes(out, ",", 1);
}

static bool
write_lines(struct making *m, struct text *out)
{
	const struct record *r = m->record;
	char *lines;

	if (r->nlines > 0) {
		text_add_word(out, "\"paths\":");
		if (shape_add_paths(out, r->xy, r->first, r->nlines))
			return true;
		out->n -= strlen("\"paths\":");
	}
	text_add_word(out, "\"lines\":");
	if (r->nlines > 0)
		return shape_add_lines(out, r->xy, r->first, r->nlines) ||
		       refuse(m, "geometry", "has a number that is none");
	if (r->first)
		return refuse(m, "geometry",
		    "no two of its nodes in a row are in the file");
	if (!r->geometry || shape_empty(r->geometry))
		return refuse(m, "geometry", "is empty");
	if (!(lines = shape_lines(r->geometry)))
		return refuse(m, "geometry", "is a %s without a walkable line",
		    shape_type(r->geometry));
	text_add_bytes(out, lines, strlen(lines));
	free(lines);
	return true;
}

static bool
make_way(struct making *m, enum walk walk, struct text *out)
{
	const char *steps = value(m, MAP_STEPS);

	text_add_bytes(out, "{", 1);
	write_text(m, out, "name", MAP_NAME);
	write_text(m, out, "class", MAP_CLASS);
	write_text(m, out, "hours", MAP_HOURS);
	if (walk == WALK_STEPS ||
	    (steps && (!strcmp(steps, "1") || !strcmp(steps, "true"))))
		text_add_word(out, "\"steps\":true,");
	if (!write_lines(m, out))
		return false;
	text_add_bytes(out, "}", 1);
	return true;
}

static enum walk
walk_of_record(const struct layout *l, const struct record *r)
{
	if (!l->walk || l->highway < 0)
		return WALK_YES;
	return walk_of(value_at(r, l->highway), value_at(r, l->foot),
	    value_at(r, l->access), value_at(r, l->other));
}

/* All others: a tree, printed. */
static bool
make_tree(struct making *m, struct text *out)
{
	static bool (*const make[])(struct making *) = {
		[ROW_SHELTER] = make_shelter,
		[ROW_HOME] = make_home,
		[ROW_INJECT] = make_inject,
	};
	char *text;

	if (!(m->row = cJSON_CreateObject())) {
		out->failed = true;
		return false;
	}
	if (!make[m->layout->kind](m))
		return false;
	if ((text = cJSON_PrintUnformatted(m->row)))
		text_add_bytes(out, text, strlen(text));
	else
		out->failed = true;
	cJSON_free(text);
	return !out->failed;
}

enum row_result
row_make(const struct layout *l, const struct record *r, struct text *out,
    struct refusal *refusal)
{
	struct making m = { .layout = l, .record = r, .refusal = refusal };
	enum walk walk = WALK_YES;
	size_t before = out->n;
	bool made = false;

	if (l->kind == ROW_WAY && (walk = walk_of_record(l, r)) == WALK_NO)
		return ROW_EXCLUDED;
	if (r->problem)
		refuse(&m, "record", "%s", r->problem);
	else if (l->kind == ROW_WAY)
		made = make_way(&m, walk, out);
	else
		made = make_tree(&m, out);
	cJSON_Delete(m.row);
	if (out->failed)
		return ROW_NO_MEMORY;
	if (!made)
		out->n = before;
	return made ? ROW_MADE : ROW_REFUSED;
}

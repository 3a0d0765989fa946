/* SPDX-License-Identifier: MIT */
/* From the options of the command line to how one file is read; and what was
   said of its records. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clients/shelterctl/import.h"

enum { SHOWN_FINDINGS = 10 };

const char *const import_kinds[] = {
	[ROW_SHELTER] = "shelters",
	[ROW_HOME] = "homes",
	[ROW_WAY] = "network",
	[ROW_INJECT] = "injects",
};

struct source *
import_open(struct import *im, int i)
{
	static const enum source_wish wish[] = {
		[ROW_SHELTER] = SOURCE_POINTS,
		[ROW_HOME] = SOURCE_AREAS,
		[ROW_WAY] = SOURCE_LINES,
		[ROW_INJECT] = SOURCE_TABLE,
	};

	return source_open(im->call->operand[i], call_option(im->call, "layer"),
	    wish[im->kind], !strcmp(im->crs, "auto"), im->why, sizeof(im->why));
}

/* A place that is named takes the place of the others. */
static void
drop_other_places(struct columns *c, enum mapping_field named)
{
	if (named == MAP_X || named == MAP_Y)
		c->at[MAP_LATLON] = c->at[MAP_LONLAT] = -1;
	if (named == MAP_LATLON || named == MAP_LONLAT)
		c->at[MAP_X] = c->at[MAP_Y] = -1;
	if (named == MAP_LATLON)
		c->at[MAP_LONLAT] = -1;
	if (named == MAP_LONLAT)
		c->at[MAP_LATLON] = -1;
}

/* One --field NAME=COLUMN over what the mapping found. */
static bool
override(struct import *im, const char *pair, const struct source *s,
    struct columns *c)
{
	char name[32];
	size_t n = strcspn(pair, "=");
	enum mapping_field f = MAP_FIELDS;

	if (n < sizeof(name) && pair[n]) {
		memcpy(name, pair, n);
		name[n] = '\0';
		f = mapping_field_of(name);
	}
	if (f == MAP_FIELDS) {
		snprintf(im->why, sizeof(im->why),
		    "--field '%s' is not NAME=COLUMN of a known name", pair);
		return false;
	}
	c->at[f] = mapping_column(pair + n + 1, s->header, s->n);
	if (c->at[f] < 0) {
		snprintf(im->why, sizeof(im->why), "%s: no column '%s'",
		    s->name, pair + n + 1);
		return false;
	}
	drop_other_places(c, f);
	return true;
}

static bool
find_key(struct import *im, const struct source *s, struct layout *l)
{
	l->population = &im->population;
	l->key = im->key ? mapping_column(im->key, s->header, s->n)
			 : l->columns.at[MAP_ID];
	if (l->key >= 0)
		return true;
	snprintf(im->why, sizeof(im->why), "%s: no column '%s' (--key)",
	    s->name, im->key ? im->key : "id");
	return false;
}

static void
find_tags(const struct source *s, struct layout *l)
{
	l->walk = l->kind == ROW_WAY;
	l->highway = mapping_column("highway", s->header, s->n);
	l->foot = mapping_column("foot", s->header, s->n);
	l->access = mapping_column("access", s->header, s->n);
	l->other = mapping_column("other_tags", s->header, s->n);
}

/* What was found about the file, for the answer. */
static bool
note_file(
    struct import *im, const struct source *s, const struct mapping *mapping)
{
	cJSON *f = cJSON_CreateObject();

	if (!f || !cJSON_AddItemToArray(im->files, f))
		return false;
	cJSON_AddStringToObject(f, "file", s->name);
	if (s->encoding)
		cJSON_AddStringToObject(f, "encoding", s->encoding);
	if (mapping)
		cJSON_AddStringToObject(f, "mapping", mapping_name(mapping));
	if (s->headless)
		cJSON_AddTrueToObject(f, "headless");
	return true;
}

bool
import_layout(struct import *im, struct source *s, struct layout *l)
{
	const struct mapping *which;
	const char *pair;

	memset(l, 0, sizeof(*l));
	l->kind = im->kind;
	l->source = s;
	l->key = -1;
	l->columns = mappings_fit(
	    &im->mappings, import_kinds[im->kind], s->header, s->n, &which);
	if (!note_file(im, s, which))
		return false;
	if (s->n == 0 && !s->spatial)
		return true; /* an empty file has nothing to find */
	for (int i = 0; (pair = call_nth(im->call, "field", i)); i++)
		if (!override(im, pair, s, &l->columns))
			return false;
	const char *people = call_option(im->call, "people");
	if (people && !im->joined) {
		l->columns.at[MAP_PEOPLE] =
		    mapping_column(people, s->header, s->n);
		if (l->columns.at[MAP_PEOPLE] < 0) {
			snprintf(im->why, sizeof(im->why), "%s: no column '%s'",
			    s->name, people);
			return false;
		}
	}
	find_tags(s, l);
	return !im->joined || find_key(im, s, l);
}

bool
import_excludes(
    const struct import *im, const struct source *s, const struct record *r)
{
	const char *pair;
	char name[256];

	for (int i = 0; (pair = call_nth(im->call, "exclude", i)); i++) {
		size_t n = strcspn(pair, "=");
		if (!pair[n] || n >= sizeof(name))
			continue;
		memcpy(name, pair, n);
		name[n] = '\0';
		int at = mapping_column(name, s->header, s->n);
		if (at >= 0 && (size_t)at < r->n && r->value[at] &&
		    !strcmp(r->value[at], pair + n + 1))
			return true;
	}
	return false;
}

int64_t
import_count(const cJSON *object, const char *key)
{
	const cJSON *n = out_member(object, key);

	return cJSON_IsNumber(n) ? (int64_t)n->valuedouble : 0;
}

bool
import_collect(struct import *im, const cJSON *result, struct findings *all)
{
	const cJSON *row;

	*all = im->importer.refused;
	memset(&im->importer.refused, 0, sizeof(im->importer.refused));
	cJSON_ArrayForEach(row, out_member(result, "rows"))
	{
		if (!findings_add(all, (int)import_count(row, "file"),
			import_count(row, "line"),
			cJSON_GetStringValue(out_member(row, "outcome")),
			cJSON_GetStringValue(out_member(row, "field")),
			cJSON_GetStringValue(out_member(row, "reason"))))
			return false;
	}
	findings_sort(all);
	return true;
}

void
import_show_findings(struct import *im, const struct findings *all)
{
	struct out *o = im->call->out;
	int shown = 0;

	for (size_t i = 0; i < all->n && shown < SHOWN_FINDINGS; i++) {
		const struct finding *f = &all->item[i];
		if (strcmp(f->outcome, "rejected") || f->file < 0 ||
		    f->file >= im->call->n)
			continue;
		if (shown++ == 0)
			o->note(o, "First refusals 首批被拒记录:");
		o->note(o, "  %s:%lld %s: %s", im->call->operand[f->file],
		    (long long)f->line, f->field, f->reason);
	}
}

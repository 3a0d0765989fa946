/* SPDX-License-Identifier: MIT */
/*
 * Reads the real district for the tests of gis/, where it lies, by scanning:
 * good for exactly these files and nothing else.  Included by one program at a
 * time; a program that gets -1 from daan_read() skips all.
 */
#ifndef TESTS_UNIT_GIS_DAAN_H
#define TESTS_UNIT_GIS_DAAN_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/network.h"
#include "gis/shape.h"

#define DAAN "../shared/data/daan/"

static const struct gis_box daan_box = { 121.5225, 25.0225, 121.5485, 25.0395 };

struct daan_shelter {
	struct gis_point lonlat;
	long places;
	bool residential;
};

struct daan_home {
	struct gis_shape *lonlat;
	struct gis_point centroid;
	long people;
	char key[32];
};

struct daan {
	struct gis *gis;
	struct daan_shelter shelter[8192];
	size_t nshelters, records;
	long places;
	struct daan_home home[4096];
	size_t nhomes;
	long people;
	struct gis_point *street; /* lon/lat */
	size_t nstreet, first[4096], nlines;
};

static char *
daan_slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	long n;

	if (f == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) >= 0 &&
	    fseek(f, 0, SEEK_SET) == 0 &&
	    (text = malloc((size_t)n + 1)) != NULL)
		text[fread(text, 1, (size_t)n, f)] = '\0';
	fclose(f);
	return text;
}

/* Cuts the CSV record at *at into fields in place and moves on; quotes go. A
 * quoted field may hold line breaks. 0 at the end of the text. */
static size_t
daan_fields(char **at, char **field, size_t max)
{
	char *p = *at, *out, end = ',';
	size_t n = 0;

	p += strspn(p, "\r\n");
	for (out = p; *p != '\0' && end == ',' && n < max; out++) {
		bool quoted = *p == '"';

		p += quoted;
		field[n++] = out;
		while (
		    *p != '\0' && (quoted ? *p != '"' : !strchr(",\r\n", *p)))
			*out++ = *p++;
		p += quoted && *p == '"';
		end = *p;
		p += *p != '\0';
		*out = '\0';
	}
	*at = p;
	return n;
}

static size_t
daan_column(char **head, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(head[i], name) == 0)
			return i;
	return n;
}

/* One register row; latitude comes first in all of these files, and some rows
 * have a comma more than their header. */
static void
daan_shelter_row(struct daan *d, char **head, size_t nhead, char **f)
{
	size_t kind = daan_column(head, nhead, "類別");
	size_t both = daan_column(head, nhead, "緯經度");
	size_t lat = daan_column(head, nhead, "緯度");
	size_t lon = daan_column(head, nhead, "經度");
	struct daan_shelter *s = &d->shelter[d->nshelters];

	d->records++;
	if (both < nhead) {
		if (sscanf(f[both], "%lf,%lf", &s->lonlat.y, &s->lonlat.x) != 2)
			return;
	} else {
		s->lonlat.y = atof(f[lat]);
		s->lonlat.x = atof(f[lon]);
	}
	if (!gis_box_has(daan_box, s->lonlat))
		return;
	s->places = (long)atof(f[daan_column(head, nhead, "可容納人數")]);
	s->residential = kind < nhead && strcmp(f[kind], "一般住宅") == 0;
	d->places += s->places;
	d->nshelters++;
}

static void
daan_shelter_file(struct daan *d, char *text)
{
	char *head[32], *field[32];
	size_t nhead, n;

	text += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	nhead = daan_fields(&text, head, 32);
	while ((n = daan_fields(&text, field, 32)) > 0)
		if (n >= nhead)
			daan_shelter_row(d, head, nhead, field);
}

/* The next object after `name` from *at on; its length, 0 at the end. */
static size_t
daan_object(const char **at, const char *name)
{
	const char *p = strstr(*at, name);
	size_t n = 0;
	int depth = 0;

	if (p == NULL || (p = strchr(p, '{')) == NULL)
		return 0;
	do {
		depth += p[n] == '{';
		depth -= p[n] == '}';
		n++;
	} while (depth > 0);
	*at = p;
	return n;
}

static void
daan_home_file(struct daan *d, const char *text)
{
	struct gis_fail fail;
	size_t n;

	while ((text = strstr(text, "\"CODEBASE\":\"")) != NULL) {
		struct daan_home *h = &d->home[d->nhomes];

		sscanf(text + 12, "%31[^\"]", h->key);
		n = daan_object(&text, "\"geometry\"");
		h->lonlat =
		    gis_shape_from_geojson(d->gis, text, n, NULL, &fail);
		if (h->lonlat == NULL)
			continue;
		h->centroid = gis_shape_centroid(d->gis, h->lonlat);
		if (gis_box_has(daan_box, h->centroid))
			d->nhomes++;
		else
			gis_shape_free(d->gis, h->lonlat);
	}
}

static void
daan_population(struct daan *d, char *text)
{
	char *field[8];

	daan_fields(&text, field, 8);
	while (daan_fields(&text, field, 8) == 5) {
		for (size_t i = 0; i < d->nhomes; i++)
			if (strcmp(d->home[i].key, field[0]) == 0) {
				d->home[i].people = (long)atof(field[2]);
				d->people += d->home[i].people;
			}
	}
}

static void
daan_streets(struct daan *d, const char *text)
{
	struct gis_point *pts;
	struct gis_shape *s;
	struct gis_fail fail;
	size_t n, *first, runs;

	while ((n = daan_object(&text, "\"geometry\"")) > 0) {
		s = gis_shape_from_geojson(d->gis, text, n, NULL, &fail);
		text += n;
		if (s == NULL)
			continue;
		gis_shape_lines(d->gis, s, &pts, &first, &runs);
		gis_shape_free(d->gis, s);
		d->street = realloc(
		    d->street, (d->nstreet + first[runs]) * sizeof(*pts));
		memcpy(d->street + d->nstreet, pts, first[runs] * sizeof(*pts));
		for (size_t i = 0; i < runs; i++)
			d->first[d->nlines++] = d->nstreet + first[i];
		d->nstreet += first[runs];
		d->first[d->nlines] = d->nstreet;
		free(pts);
		free(first);
	}
}

static void
daan_each(
    struct daan *d, const char *pattern, void (*read)(struct daan *, char *))
{
	glob_t g;
	char *text;

	if (glob(pattern, 0, NULL, &g) == 0)
		for (size_t i = 0; i < g.gl_pathc; i++)
			if ((text = daan_slurp(g.gl_pathv[i])) != NULL) {
				read(d, text);
				free(text);
			}
	globfree(&g);
}

static void
daan_home_text(struct daan *d, char *text)
{
	daan_home_file(d, text);
}

static void
daan_street_text(struct daan *d, char *text)
{
	daan_streets(d, text);
}

/* -1 when the data are not there. */
static int
daan_read(struct daan *d)
{
	memset(d, 0, sizeof(*d));
	if ((d->gis = gis_new()) == NULL)
		return -1;
	daan_each(d, DAAN "shelters/*.csv", daan_shelter_file);
	daan_each(d, DAAN "population/*.geojson", daan_home_text);
	daan_each(d, DAAN "population/*.csv", daan_population);
	daan_each(d, DAAN "roads.geojson", daan_street_text);
	return d->nshelters > 0 && d->nhomes > 0 && d->nlines > 0 ? 0 : -1;
}

static void
daan_release(struct daan *d)
{
	for (size_t i = 0; i < d->nhomes; i++)
		gis_shape_free(d->gis, d->home[i].lonlat);
	free(d->street);
	gis_free(d->gis);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Records of any table or map file.  Text tables are read by our own reader,
 * which keeps every line and every ragged row; streets of OpenStreetMap by another of
 * ours; everything else is OGR's.  It must not know what the columns mean.
 */
#ifndef SHELTERCTL_SOURCE_H
#define SHELTERCTL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void *OGRGeometryH;

struct record {
	int64_t line;	       /* of a text; row of a sheet; else the n-th */
	const char **value;    /* n texts, NULL: absent */
	size_t n;	       /* may be more or less than the header has */
	const char *problem;   /* the record cannot be trusted, and why */
	OGRGeometryH geometry; /* borrowed until the next record; NULL: none */
	/* Or lines by themselves: x, y of point i at xy[2 * i], line l from
	 * first[l] to first[l + 1] - 1; NULL: none. */
	const double *xy;
	const size_t *first;
	size_t nlines;
};

struct source {
	char *name;	      /* as given */
	const char *encoding; /* of a text, else NULL */
	const char **header;
	size_t n;
	bool headless; /* columns are called #1 #2 … */
	bool spatial;  /* records come with a geometry */
	bool (*next)(struct source *, struct record *);
	void (*close)(struct source *);
	int64_t (*blank)(struct source *); /* empty lines so far */
	double (*done)(struct source *);   /* share read, 0..1 */
};

/* SOURCE_TABLE: texts as a sheet shows them, under the header that it has. */
enum source_wish { SOURCE_POINTS, SOURCE_AREAS, SOURCE_LINES, SOURCE_TABLE };

/*
 * layer NULL: the only one, or for OpenStreetMap files the one the wish means.
 * With to_wgs84, geometries of a layer that names another system are brought
 * to WGS84.  NULL: why holds a sentence that names the file.  An empty file is
 * a source without columns and records.
 */
struct source *source_open(const char *path, const char *layer,
    enum source_wish, bool to_wgs84, char *why, size_t size);
void source_close(struct source *);

struct source *source_open_csv(const char *path, char *why, size_t size);
/* Streets of an OpenStreetMap file. */
struct source *source_open_osm(const char *path, char *why, size_t size);
struct source *source_open_ogr(const char *path, const char *layer,
    enum source_wish, bool to_wgs84, char *why, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * An import: rows gathered in memory over several requests (import_session),
 * decoded (import_rows), checked on the worker (import_check), then matched
 * and stored in one transaction (import_apply) and told about
 * (import_report).  Nothing is in the store before all of it is.
 */
#ifndef SHELTERD_IMPORT_H
#define SHELTERD_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cjson/cJSON.h>
#include "gis/network.h"
#include "gis/point.h"
#include "shelterd/store/rowtext.h"
#include "shelterd/net/status.h"
#include "shelterd/store/claim.h"

struct db;
struct job;
struct request;
struct rules;
struct snapshot;

enum {
	IMPORT_SESSIONS = 8,
	IMPORT_FILES = 1000,
	IMPORT_ROWS = 1000 * 1000,
	IMPORT_PIECE = 5000,  /* rows of one request */
	IMPORT_TEXT = 4096,   /* bytes of one text */
	IMPORT_IDLE = 15 * 60 /* seconds until a session is forgotten */
};

enum import_kind { IMPORT_SHELTERS, IMPORT_HOMES, IMPORT_NETWORK };
/* "shelters", … */
const char *import_kind_name(enum import_kind);

/* Texts of a row; `class`, `hours` and `unit` only where the kind has them. */
enum import_text {
	TEXT_REGISTER_ID,
	TEXT_NAME,
	TEXT_ADDRESS,
	TEXT_KIND,
	TEXT_PRECINCT,
	TEXT_ORG,
	TEXT_FLOORS,
	TEXT_NOTE,
	TEXT_UNIT,
	TEXT_CLASS,
	TEXT_HOURS,
	IMPORT_TEXTS
};
const char *import_text_name(enum import_text);

enum import_outcome {
	OUT_PENDING,
	OUT_REJECTED,
	OUT_OUTSIDE,
	OUT_ACCEPTED,
	OUT_UPDATED,
	OUT_UNCHANGED
};

/* Something to tell about a row; a chain in order. */
struct import_note {
	struct import_note *next;
	const char *field, *reason;
};

struct import_row {
	int64_t file, line;
	const char *text[IMPORT_TEXTS]; /* never NULL */
	int64_t places;			/* shelters; -1 unknown */
	int64_t people, households;	/* homes; -1 unknown */
	double area;			/* m2, -1 unknown */
	struct gis_point read;		/* x, y as read; NAN: absent */
	int hidden;			/* -1: not said */
	bool steps;
	const char *geometry;	  /* homes: GeoJSON text, or NULL */
	struct gis_point *points; /* network; in lon/lat once checked */
	size_t *first;		  /* [nlines + 1] into points */
	size_t nlines;

	/* What became of it. */
	enum import_outcome outcome;
	const char *field, *reason; /* why rejected, what was updated */
	struct import_note *warnings;
	const char *duplicate_field, *duplicate; /* NULL: none */
	bool swapped;
	struct gis_point lonlat; /* or the centroid */
	const void *wkb;	 /* in lon/lat; of homes */
	size_t wkb_len;
	const char *identity;
	unsigned char content[CONTENT_HASH];
};

struct import {
	int64_t id, owner, touched; /* touched: UTC seconds */
	enum import_kind kind;
	char crs[32]; /* "auto", "EPSG:4326", "gcj02", … */
	bool has_bbox, dry_run;
	struct gis_box bbox;
	const char **files;
	size_t nfiles;
	int64_t next_seq;
	int64_t max_bytes; /* of texts and lines; 0: no bound */
	struct import_row *rows;
	size_t nrows, rows_cap;
	struct rowtext text;  /* all texts and arrays of the rows */
	struct rowtext lines; /* of a network; gone once it is stored */
	unsigned char *wkb;   /* import_lines_wkb() */
	size_t wkb_room;
	char used_crs[32]; /* what "auto" turned out to be */

	/* After matching. */
	int64_t read; /* rows, with those import_forget() forgot */
	int64_t accepted, updated, unchanged, people;
	int64_t removed; /* ways no longer in their file */
	bool changed;
	struct gis_network_summary network;
};

void import_free(struct import *);
/* A printf-style text kept as long as the import; "" when memory is out. */
const char *import_text(struct import *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* How many bytes of a text to show: at most max, and no torn character. */
int import_cut(const char *, int max);
void import_reject(struct import_row *, const char *field, const char *reason);
void import_warn(struct import *, struct import_row *, const char *field,
    const char *reason);

/* Sessions of all callers, at most IMPORT_SESSIONS at a time; any thread.
 * Opened and found ones are locked until import_done() or import_take().
 * NULL: too many, or none of the caller's with that id. */
struct import *import_open(int64_t owner, int64_t now);
struct import *import_find(int64_t id, int64_t owner, int64_t now);
void import_done(struct import *);
/* Takes a found (locked) session out of the list; the caller owns it. */
void import_take(struct import *);
/* Forgets those that were left alone. */
void import_sweep(int64_t now);

/* Decodes one piece of rows, all or none. false: *wrong names the row. */
struct import_wrong {
	char field[80], why[160];
};
bool import_decode(struct import *, const cJSON *rows, struct import_wrong *);

/* Coordinates, numbers, texts, box: every row is rejected, outside, or still
 * pending with position, identity and content. False: the import as a whole
 * is refused (`wrong`), or `job` was cancelled. */
bool import_check(struct import *, const struct snapshot *,
    const struct rules *, struct job *, struct import_wrong *);

/* The lines of a row of a network in lon/lat, until the next call; NULL: out
 * of memory. */
const void *
import_lines_wkb(struct import *, const struct import_row *, size_t *len);

/* Once stored: keeps only the rows there is something to tell of, so that the
 * memory is free for the next snapshot. */
void import_forget(struct import *);

/* Inside a transaction: matches and stores. An enum db_result. */
int import_apply(struct import *, struct db *);
int import_apply_homes(struct import *, struct db *);
int import_apply_network(struct import *, struct db *);

/* The job's result, and the shorter body of the event. */
cJSON *import_report(const struct import *);
cJSON *import_event_body(const struct import *);

/* A job of the worker: checks, applies, reports; arg is a struct import. */
enum status import_run(struct job *, void *arg);

#endif

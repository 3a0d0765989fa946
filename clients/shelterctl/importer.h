/* SPDX-License-Identifier: MIT */
/*
 * The import conversation of docs/api.md: open, send rows in pieces, commit.
 * It keeps what was refused on this side, so that the account of every record
 * is whole whatever the daemon cuts from its own list.  While a piece is under
 * way the next one is filled.
 */
#ifndef SHELTERCTL_IMPORTER_H
#define SHELTERCTL_IMPORTER_H

#include <pthread.h>
#include "clients/libshelter/shelter.h"
#include "clients/shelterctl/rows.h"

enum { PIECE_ROWS = 2000, PIECE_BYTES = 4 << 20 };

/* What was said of one record, here or by the daemon. */
struct finding {
	int file;
	int64_t line;
	char *outcome, *field, *reason;
};

struct findings {
	struct finding *item;
	size_t n, room;
};

bool findings_add(struct findings *, int file, int64_t line,
    const char *outcome, const char *field, const char *reason);
/* Sorts by file and line and drops repeats. */
void findings_sort(struct findings *);
void findings_release(struct findings *);

struct importer {
	struct shelter *daemon;
	char id[80]; /* "" before it is open */
	int64_t seq, sent;
	struct text row;   /* room for the next */
	struct text piece; /* being filled */
	int in_piece;
	struct text under_way; /* the piece that is being sent */
	pthread_t sender;
	bool sending, failed;	    /* failed: of the last piece */
	struct findings refused;    /* on this side */
	struct shelter_reply reply; /* of the last request: its error */
};

/* request is the body of POST /v1/imports.  All false: reply tells why. */
bool importer_open(struct importer *, struct shelter *, const cJSON *request);
/* The row is a JSON object without file and line. */
bool
importer_row(struct importer *, int file, int64_t line, const struct text *row);
bool importer_refuse(
    struct importer *, int file, int64_t line, const struct refusal *);
/* reply->json becomes the result. */
bool importer_commit(struct importer *, shelter_progress *, void *arg);
/* Forgets an import that was not committed. */
void importer_abandon(struct importer *);
void importer_release(struct importer *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The CSV reader of the rule tables (RFC 4180, UTF-8, a header line).  For
 * our own small files only: registers are read by the clients.  A whole file
 * is held in memory, every cell a string; errors name file, line and column.
 */
#ifndef SHELTERD_RULES_CSV_H
#define SHELTERD_RULES_CSV_H

#include <stddef.h>

struct csv {
	char *path;
	char **cells; /* ncols x (nrows + 1), the header first */
	size_t ncols, nrows;
	long *line;		/* [nrows + 1] where each row begins, from 1 */
	unsigned char hash[32]; /* SHA-256 of the file */
};

/* 0, or -1 and a sentence.  Release in both cases. */
int csv_load(struct csv *, const char *path, char *err, size_t errsize);
void csv_release(struct csv *);
/* Position of a column, -1 if the header has no such name. */
int csv_column(const struct csv *, const char *name);
/* Row counts from 0 after the header; an absent column gives "". */
const char *csv_cell(const struct csv *, size_t row, int col);
/* Writes "FILE:LINE: column NAME: …" to err, returns -1. */
int csv_fail(const struct csv *, size_t row, int col, char *err, size_t errsize,
    const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif

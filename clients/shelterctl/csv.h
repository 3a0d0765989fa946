/* SPDX-License-Identifier: MIT */
/*
 * Records of a separated-values text (RFC 4180, read kindly): quoted fields
 * may hold separators and line breaks, every record knows the line it starts
 * on, rows longer or shorter than the header stay as they are.  Pure: works
 * on UTF-8 text in memory and must not know where it came from.
 */
#ifndef SHELTERCTL_CSV_H
#define SHELTERCTL_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_FIELDS_MAX = 4096, CSV_RECORD_MAX = 1 << 20 };

struct csv {
	const char *text;
	size_t len, at;
	int64_t line; /* of `at`, from 1 */
	char separator;
	int64_t blank; /* empty lines stepped over so far */
};

struct csv_record {
	int64_t line;	     /* the line it starts on */
	size_t n;	     /* fields */
	const char **field;  /* n texts, valid until the next csv_next() */
	const char *problem; /* NULL, or why the record cannot be trusted */
	char *text;	     /* storage of the fields */
	size_t text_len, text_room, field_room;
	size_t *offset;
};

/* text is borrowed.  The separator is the commonest of , ; tab in line one. */
void csv_init(struct csv *, const char *text, size_t len);

/* false: no record left, or memory is out (then record->n is 0 and
   record->problem says so). */
bool csv_next(struct csv *, struct csv_record *);
void csv_record_release(struct csv_record *);

#endif

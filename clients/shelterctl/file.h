/* SPDX-License-Identifier: MIT */
/* Files of the command line: read whole with a bound, written whole or not
   at all (a new file takes the old one's place when it is complete). */
#ifndef SHELTERCTL_FILE_H
#define SHELTERCTL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cjson/cJSON.h>

enum { FILE_MAX = 512 << 20 };

/* The bytes, ended by a NUL that is not counted; the caller frees them.
   NULL: why holds a sentence that names the file. */
char *file_read(const char *path, size_t *n, char *why, size_t size);

/* Parses a file as JSON; NULL: why. */
cJSON *file_read_json(const char *path, char *why, size_t size);

bool file_write(
    const char *path, const char *text, size_t n, char *why, size_t size);
bool file_write_json(const char *path, const cJSON *, char *why, size_t size);

/* A growing text for files made line by line. */
struct text {
	char *p;
	size_t n, room;
	bool failed;
};
void text_add(struct text *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *, const char *, size_t);
/* What is said a million times goes without a format. */
void text_add_word(struct text *, const char *);
void text_add_whole(struct text *, int64_t);
/* A text as JSON, in quotes. */
void text_add_json(struct text *, const char *);
/* One field of a CSV record, quoted where RFC 4180 asks for it. */
void text_add_csv(struct text *, const char *field);
void text_free(struct text *);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Which encoding a text file was written in, and the file as UTF-8.  Offices
 * publish UTF-8 with and without a mark, GB18030 and Big5 (and UTF-16 with a
 * mark, as spreadsheets save it); nothing in the file says which.
 */
#ifndef SHELTERCTL_ENCODING_H
#define SHELTERCTL_ENCODING_H

#include <stddef.h>

/* "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "BIG5"; NULL: none of them.
   *skip is the length of a byte order mark. */
const char *encoding_detect(const void *bytes, size_t n, size_t *skip);

/* The bytes as UTF-8, ended by a NUL not counted in *out_len; the caller
   frees it.  NULL: the encoding is not known, or memory is out. */
char *encoding_to_utf8(
    const void *bytes, size_t n, const char **name, size_t *out_len);

#endif

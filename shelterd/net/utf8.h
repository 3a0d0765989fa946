/* SPDX-License-Identifier: MIT */
/* Is a run of bytes UTF-8 as RFC 3629 has it?  Pure. */
#ifndef SHELTERD_UTF8_H
#define SHELTERD_UTF8_H

#include <stddef.h>

/* The offset of the first byte of the first wrong sequence, `len` if none:
 * overlong forms, surrogates and what is above U+10FFFF are wrong. */
size_t utf8_check(const char *, size_t len);

#endif
